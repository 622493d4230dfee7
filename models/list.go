package models

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// ListFilter narrows a list of addresses; nil and empty mean any.
type ListFilter struct {
	Box          *Box
	Commune      *AdminUnit // today's commune, or a former one
	Kind         string
	Status       string
	UpdatedSince time.Time
	After        *geo.Code // the last code of the page before
	Limit        int
}

// List answers a page of addresses by code, and whether more follow.
func (s *Store) List(ctx context.Context, f ListFilter) (page []*Address, more bool, err error) {
	if page, more, err = s.list(s.read.WithContext(ctx), f); err != nil {
		return nil, false, fmt.Errorf("list addresses: %w", s.translate(err))
	}
	return page, more, nil
}

// list is List on a connection or in a transaction.
func (s *Store) list(db *gorm.DB, f ListFilter) (page []*Address, more bool, err error) {
	where, args := s.conditions(f)
	// The page is cut among addresses, before identifiers make several rows of one.
	inner := "SELECT a.id FROM addresses a WHERE " + where + " ORDER BY a.id LIMIT ?"
	list, err := scanAddresses(db.Raw(selectAddress+"WHERE a.id IN ("+inner+") ORDER BY a.id, i.id", append(args, f.Limit+1)...).Rows())
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > f.Limit; more {
		list = list[:f.Limit]
	}
	return list, more, s.completeSuccessions(db, list)
}

func (s *Store) conditions(f ListFilter) (where string, args []any) {
	parts := []string{"1 = 1"}
	add := func(part string, values ...any) {
		parts = append(parts, part)
		args = append(args, values...)
	}
	if f.Box != nil {
		add(s.dialect.inBox, s.dialect.boxArgs(*f.Box)...)
	}
	if f.Commune != nil && f.Commune.ValidTo == "" {
		add("a.commune_id = ?", f.Commune.ID)
	} else if f.Commune != nil {
		add("a.former_commune_id = ?", f.Commune.ID)
	}
	if f.Kind != "" {
		add("a.kind = ?", f.Kind)
	}
	switch f.Status { // written out, so that the index on the retired ones is found
	case "":
	case StatusRetired:
		add("a.status = 'retired'")
	default:
		add("a.status = 'current'")
	}
	switch narrowed := f.Box != nil || f.Commune != nil || f.Status == StatusRetired; {
	case f.UpdatedSince.IsZero():
	case narrowed: // two lists of ids would be compared pair by pair
		add("a.updated_at >= ?", f.UpdatedSince)
	default: // from the index, not along the codes
		add("a.id IN (SELECT u.id FROM addresses u WHERE u.updated_at >= ?)", f.UpdatedSince)
	}
	if f.After != nil {
		add("a.id > ?", f.After.ID())
	}
	return strings.Join(parts, " AND "), args
}

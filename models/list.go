package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// ListFilter narrows a list of addresses; nil and empty mean any.
type ListFilter struct {
	Boxes        []Box      // in any of them
	Commune      *AdminUnit // today's commune, or a former one
	Kind         string
	Status       string
	Verification string
	Days         Days // valid on one of them
	UpdatedSince time.Time
	After        *geo.Code // the last code of the page before
	Limit        int
}

// Days are the days from the first to the last, both included; empty: without
// a beginning or an end.
type Days struct{ First, Last Date }

// meet reports whether the half-open period [from, to) has one of the days.
func (d Days) meet(from, to Date) bool {
	return (d.Last == "" || from <= d.Last) && (to == "" || to > d.First)
}

// registryBox holds every address: the table takes no others.
var registryBox = Box{West: 100e7, South: 4e7, East: 120e7 - 1, North: 24e7 - 1}

// holds reports whether all of a box lies in b.
func (b Box) holds(other Box) bool {
	return b.West <= other.West && b.East >= other.East && b.South <= other.South && b.North >= other.North
}

// boxed reports whether boxes leave any address out.
func (f ListFilter) boxed() bool {
	return len(f.Boxes) > 0 && !slices.ContainsFunc(f.Boxes, func(b Box) bool { return b.holds(registryBox) })
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
	var c conditionList
	if f.boxed() {
		var in []string
		var edges []any
		for _, b := range f.Boxes {
			in = append(in, s.dialect.inBox)
			edges = append(edges, s.dialect.boxArgs(b)...)
		}
		c.add("("+strings.Join(in, " OR ")+")", edges...)
	}
	if f.Commune != nil && f.Commune.ValidTo == "" {
		c.add("a.commune_id = ?", f.Commune.ID)
	} else if f.Commune != nil {
		c.add("a.former_commune_id = ?", f.Commune.ID)
	}
	if f.Kind != "" {
		c.add("a.kind = ?", f.Kind)
	}
	switch f.Status { // written out, so that the index on the retired ones is found
	case "":
	case StatusRetired:
		c.add("a.status = 'retired'")
	default:
		c.add("a.status = 'current'")
	}
	if f.Verification != "" {
		c.add("a.verification = ?", f.Verification)
	}
	if f.Days.Last != "" {
		c.add("a.valid_from <= ?", f.Days.Last)
	}
	if f.Days.First != "" {
		c.add("(a.valid_to IS NULL OR a.valid_to > ?)", f.Days.First)
	}
	switch narrowed := f.boxed() || f.Commune != nil || f.Status == StatusRetired; {
	case f.UpdatedSince.IsZero():
	case narrowed: // two lists of ids would be compared pair by pair
		c.add("a.updated_at >= ?", f.UpdatedSince)
	default: // from the index, not along the codes
		c.add("a.id IN (SELECT u.id FROM addresses u WHERE u.updated_at >= ?)", f.UpdatedSince)
	}
	if f.After != nil {
		c.add("a.id > ?", f.After.ID())
	}
	return c.all(), c.args
}

// conditionList is what follows WHERE, with its arguments.
type conditionList struct {
	parts []string
	args  []any
}

func (c *conditionList) add(part string, args ...any) {
	c.parts = append(c.parts, part)
	c.args = append(c.args, args...)
}

// all is the condition that all of them make.
func (c *conditionList) all() string {
	if len(c.parts) == 0 {
		return "1 = 1"
	}
	return strings.Join(c.parts, " AND ")
}

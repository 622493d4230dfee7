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

	wide bool // has boxes that hold so much that the spatial index does not pay
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

// Scans reports whether a page of the filter, or its count, may have to go
// through many addresses that it does not hold: no index leads to those it does.
func (f ListFilter) Scans() bool { return f.boxed() || f.Days != (Days{}) || f.Verification != "" }

// wideBox is from how many addresses on a box is compared with each of them, in
// the order of their codes: to collect all of them first would take longer than
// most pages.
const wideBox = 20_000

// weighed is the filter with what is known of its boxes.
func (s *Store) weighed(db *gorm.DB, f ListFilter) (ListFilter, error) {
	if s.dialect.countBox == "" || !f.boxed() {
		return f, nil
	}
	for _, b := range f.Boxes {
		n, err := s.countInBox(db, b, s.wideBox)
		if f.wide = f.wide || n == s.wideBox; err != nil || f.wide {
			return f, err
		}
	}
	return f, nil
}

// countInBox counts up to a number of addresses.
func (s *Store) countInBox(db *gorm.DB, b Box, most int64) (n int64, err error) {
	err = first(db.Raw(s.dialect.countBox, append(s.dialect.boxArgs(b), most)...)).Scan(&n)
	return n, err
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
	if f, err = s.weighed(db, f); err != nil {
		return nil, false, err
	}
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
			if f.wide {
				in = append(in, "a.lng BETWEEN ? AND ? AND a.lat BETWEEN ? AND ?")
				edges = append(edges, b.West, b.East, b.South, b.North)
				continue
			}
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

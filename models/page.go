package models

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"gorm.io/gorm"
)

// Page is a page of a list, and how many addresses there are on all of its
// pages together.
type Page struct {
	Addresses []*Address
	Matched   int64
	More      bool // addresses follow
}

// Page answers a page of a filter by code and counts what matches, both of one
// moment.
func (s *Store) Page(ctx context.Context, f ListFilter) (page Page, err error) {
	err = s.atOneMoment(ctx, func(tx *gorm.DB) error {
		if page.Matched, err = s.countMatching(tx, f); err != nil {
			return err
		}
		if err = s.prepareChunks(tx); err != nil {
			return err
		}
		page.Addresses, page.More, err = s.list(tx, f)
		return err
	})
	if err != nil {
		return Page{}, fmt.Errorf("read a page of addresses: %w", err)
	}
	return page, nil
}

// atOneMoment reads in a transaction all of whose questions see the same rows.
func (s *Store) atOneMoment(ctx context.Context, read func(tx *gorm.DB) error) error {
	return s.translate(s.read.WithContext(ctx).Transaction(read, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true}))
}

// isBoxAlone reports whether all that the filter means is one box.
func (f ListFilter) isBoxAlone() bool {
	return len(f.Boxes) == 1 && f.Commune == nil && f.Kind == "" && f.Status == "" && f.Verification == "" && f.Days == (Days{}) && f.UpdatedSince.IsZero()
}

// countMatching counts the addresses of a filter, wherever its page begins: by
// the counts that are kept, which have the same columns, where they say it.
func (s *Store) countMatching(tx *gorm.DB, f ListFilter) (matched int64, err error) {
	f.After = nil
	if f, err = s.weighed(tx, f); err != nil {
		return 0, err
	}
	if f.wide && f.isBoxAlone() {
		return s.countInBox(tx, f.Boxes[0], math.MaxInt64)
	}
	where, args := s.conditions(f)
	question := "SELECT count(*) FROM addresses a WHERE "
	if !f.boxed() && f.Days == (Days{}) && f.UpdatedSince.IsZero() {
		question = "SELECT CAST(COALESCE(sum(a.addresses), 0) AS bigint) FROM address_counts a WHERE "
	}
	err = first(tx.Raw(question+where, args...)).Scan(&matched)
	return matched, err
}

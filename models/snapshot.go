package models

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"
)

// snapshotRows is how many addresses a snapshot holds in memory.
const snapshotRows = 500

// Snapshot gives all addresses, current and retired, of one moment: begin is
// told the position in the change feed that the moment is, then each some of
// the addresses at a time, by code. All changes up to the position are in, and
// none after it. An error of begin or each ends the snapshot and is answered.
//
// The newest number says exactly which changes are in: a writer takes the lock
// of the change log before it gets a number and keeps it until its commit can
// be seen, so who sees a change sees all with lower numbers, and no writer
// commits addresses without their changes. The addresses and the number come
// out of one snapshot of the database, for as long as which a reading connection
// is taken: the caller bounds it by ctx.
func (s *Store) Snapshot(ctx context.Context, begin func(FeedPosition) error, each func([]*Address) error) error {
	var refused error // by begin or each: not the database's
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.prepareChunks(tx); err != nil {
			return err
		}
		end, err := feedEnd(tx)
		if err != nil {
			return err
		}
		if refused = begin(end); refused != nil {
			return refused
		}
		filter := ListFilter{Limit: snapshotRows}
		for more := true; more; {
			var list []*Address
			if list, more, err = s.list(tx, filter); err != nil {
				return err
			}
			if refused = each(list); refused != nil {
				return refused
			}
			if more {
				filter.After = &list[len(list)-1].Code
			}
		}
		return nil
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	if refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("take a snapshot: %w", s.translate(err))
	}
	return nil
}

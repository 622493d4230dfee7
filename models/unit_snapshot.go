package models

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
)

// SnapshotUnits gives the units of a filter of one moment: begin is told the
// position in the change feed that the moment is, then each a unit at a time,
// by level and code, with a function that reads its boundary. An error of begin
// or each ends it and is answered. A reading connection is taken until it
// returns: the caller bounds it by ctx.
func (s *Store) SnapshotUnits(ctx context.Context, f UnitFilter, begin func(FeedPosition) error, each func(u *AdminUnit, boundary func() (geo.Shape, error)) error) error {
	var refused error // by begin or each: not the database's
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		end, err := feedEnd(tx)
		if err != nil {
			return err
		}
		units, err := s.unitsIn(tx)
		if err != nil {
			return err
		}
		if refused = begin(end); refused != nil {
			return refused
		}
		for _, unit := range units.List(f) {
			refused = each(unit, func() (geo.Shape, error) { return s.boundaryIn(tx, unit) })
			if refused != nil {
				return refused
			}
		}
		return nil
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	if refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("take a snapshot of the units: %w", s.translate(err))
	}
	return nil
}

// unitsIn is the picture of the units that a transaction sees: the one that is
// held where it is of the same epoch.
func (s *Store) unitsIn(tx *gorm.DB) (*Units, error) {
	var epoch int64
	if err := first(tx.Raw("SELECT units_epoch FROM registry WHERE id = 1")).Scan(&epoch); err != nil {
		return nil, err
	}
	if held := s.units.Load(); held != nil && held.units.epoch == epoch {
		return held.units, nil
	}
	return s.readUnits(tx)
}

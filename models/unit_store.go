package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// unitsAt is a picture of the units and when it was last known to be true.
type unitsAt struct {
	units   *Units
	checked time.Time
}

// unitsMaxAge is how long a picture of the units may be used before the
// database is asked whether another process changed them.
const unitsMaxAge = time.Second

// Units answers the units in force at the moment of asking; a change made by
// another process shows within one second, one of this process at once.
func (s *Store) Units(ctx context.Context) (*Units, error) {
	if held := s.units.Load(); held != nil && time.Since(held.checked) < unitsMaxAge {
		return held.units, nil
	}
	s.unitsRefresh.Lock()
	defer s.unitsRefresh.Unlock()
	held := s.units.Load()
	if held != nil && time.Since(held.checked) < unitsMaxAge {
		return held.units, nil
	}
	checked := time.Now()
	var epoch int64
	if err := first(s.read.WithContext(ctx).Raw("SELECT units_epoch FROM registry WHERE id = 1")).Scan(&epoch); err != nil {
		return nil, fmt.Errorf("ask for the epoch of the units: %w", s.translate(err))
	}
	if held != nil && held.units.epoch == epoch {
		s.units.Store(&unitsAt{held.units, checked})
		return held.units, nil
	}
	units, err := s.loadUnits(s.read.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("load the units: %w", s.translate(err))
	}
	s.units.Store(&unitsAt{units, checked})
	return units, nil
}

// Boundary answers the polygons of a unit; empty where none were loaded.
func (s *Store) Boundary(ctx context.Context, unit *AdminUnit) (geo.Shape, error) {
	return s.boundaryIn(s.read.WithContext(ctx), unit)
}

// boundaryIn is Boundary on a connection or in a transaction.
func (s *Store) boundaryIn(db *gorm.DB, unit *AdminUnit) (geo.Shape, error) {
	var shape geo.Shape
	err := first(db.Raw("SELECT "+s.dialect.boundaryColumn+" FROM admin_units WHERE id = ?", unit.ID)).Scan(&shape)
	return shape, s.translate(err)
}

type succession struct {
	UnitID      int64
	SuccessorID int64
	IsDefault   bool
}

// loadUnits reads all units inside one transaction, so that the picture and
// its epoch belong together.
func (s *Store) loadUnits(db *gorm.DB) (units *Units, err error) {
	err = db.Transaction(func(tx *gorm.DB) error {
		units, err = s.readUnits(tx)
		return err
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	return units, err
}

func (s *Store) readUnits(tx *gorm.DB) (*Units, error) {
	var epoch int64
	if err := first(tx.Raw("SELECT units_epoch FROM registry WHERE id = 1")).Scan(&epoch); err != nil {
		return nil, err
	}
	all, communes, wider, err := s.readUnitRows(tx)
	if err != nil {
		return nil, err
	}
	if err := readPostcodes(tx, all); err != nil {
		return nil, err
	}
	var successions []succession
	err = tx.Raw(`SELECT s.unit_id, s.successor_id, s.is_default FROM unit_successions s
		JOIN admin_units f ON f.id = s.unit_id JOIN admin_units t ON t.id = s.successor_id
		ORDER BY f.code, f.valid_from, t.code`).Scan(&successions).Error
	if err != nil {
		return nil, err
	}
	boundaries, err := geo.NewBoundaryIndex(communes)
	if err != nil {
		return nil, err
	}
	above, err := geo.NewBoundaryIndex(wider)
	if err != nil {
		return nil, err
	}
	return newUnits(epoch, all, successions, boundaries, above), nil
}

// readUnitRows reads the units with the boundaries of communes and of the wider
// units apart.
func (s *Store) readUnitRows(tx *gorm.DB) (all []*AdminUnit, communes, wider []geo.Boundary, err error) {
	rows, err := tx.Raw(`SELECT id, level, code, parent_code, full_name, kind, valid_from, valid_to, ` + s.dialect.boundaryColumn + `
		FROM admin_units ORDER BY CASE level WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END, code, valid_from`).Rows()
	if err != nil {
		return nil, nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u AdminUnit
		var shape geo.Shape
		if err := rows.Scan(&u.ID, &u.Level, &u.Code, &u.ParentCode, &u.FullName, &u.Kind, &u.ValidFrom, &u.ValidTo, &shape); err != nil {
			return nil, nil, nil, err
		}
		if len(shape.MultiPolygon) > 0 {
			u.HasBoundary = true
			b := geo.Boundary{ID: u.ID, Code: u.Code, Shape: shape}
			if u.Level == LevelCommune {
				communes = append(communes, b)
			} else {
				wider = append(wider, b)
			}
		}
		all = append(all, &u)
	}
	return all, communes, wider, rows.Err()
}

func readPostcodes(tx *gorm.DB, all []*AdminUnit) error {
	byID := make(map[int64]*AdminUnit, len(all))
	for _, u := range all {
		byID[u.ID] = u
	}
	rows, err := tx.Raw("SELECT unit_id, postcode, valid_from, valid_to FROM postcodes ORDER BY unit_id, valid_from").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var p Postcode
		if err := rows.Scan(&id, &p.Code, &p.ValidFrom, &p.ValidTo); err != nil {
			return err
		}
		if u := byID[id]; u != nil { // a postcode of nobody is for Check to name
			u.Postcodes = append(u.Postcodes, p)
		}
	}
	return rows.Err()
}

package models

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/models/facts"
)

// UnitCounts says what an import of units or boundaries did.
type UnitCounts struct{ Inserted, Updated, Unchanged int }

func countUnits(rows []unitRow) (counts UnitCounts) {
	for _, row := range rows {
		switch {
		case row.inserted:
			counts.Inserted++
		case row.updated:
			counts.Updated++
		default:
			counts.Unchanged++
		}
	}
	return counts
}

// ImportUnits brings in a CSV file of units with the columns level, code,
// parent, full_name, kind, valid_from, valid_to, postcode, successors (see
// models/facts/README.md). Units are known by (code, valid_from): known ones
// are updated, others inserted. Everything goes in or nothing.
func (s *Store) ImportUnits(ctx context.Context, file io.Reader) (UnitCounts, error) {
	rows, err := readUnitFile(file)
	if err != nil {
		return UnitCounts{}, err
	}
	return s.changeUnits(ctx, func(tx *gorm.DB) (counts UnitCounts, err error) {
		before, err := s.readUnits(tx)
		if err != nil {
			return counts, err
		}
		for i := range rows {
			if err := writeUnit(tx, before, &rows[i]); err != nil {
				return counts, err
			}
		}
		after, err := s.readUnits(tx)
		if err != nil {
			return counts, err
		}
		if err := writeSuccessions(tx, after, rows); err != nil {
			return counts, err
		}
		return countUnits(rows), s.verifyUnits(tx, rows)
	})
}

// changeUnits runs work in one transaction, raises the epoch when something
// changed and forgets the picture held in memory.
func (s *Store) changeUnits(ctx context.Context, work func(tx *gorm.DB) (UnitCounts, error)) (counts UnitCounts, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		// The row lock makes imports of units take turns.
		if err := tx.Exec("UPDATE registry SET units_epoch = units_epoch WHERE id = 1").Error; err != nil {
			return err
		}
		if counts, err = work(tx); err != nil {
			return err
		}
		if counts.Inserted+counts.Updated == 0 {
			return nil
		}
		return tx.Exec("UPDATE registry SET units_epoch = units_epoch + 1 WHERE id = 1").Error
	})
	s.unitsRefresh.Lock() // a picture being read now may be of before the commit
	defer s.unitsRefresh.Unlock()
	s.units.Store(nil)
	return counts, err
}

// loadShippedUnits fills a registry that has no units with the shipped facts.
func (s *Store) loadShippedUnits(ctx context.Context) error {
	units, err := s.Units(ctx)
	if err != nil || !units.Empty() {
		return err
	}
	for _, f := range facts.Files() {
		if _, err := s.ImportUnits(ctx, strings.NewReader(f.Text)); err != nil {
			return fmt.Errorf("load the shipped units %s: %w", f.Name, err)
		}
	}
	return nil
}

// overlaps reports whether both postcodes are in force on some day.
func (p Postcode) overlaps(other Postcode) bool {
	return p.ValidFrom.within(other.ValidFrom, other.ValidTo) || other.ValidFrom.within(p.ValidFrom, p.ValidTo)
}

// writeUnit inserts or updates one unit with its postcodes.
func writeUnit(tx *gorm.DB, before *Units, row *unitRow) error {
	u := row.unit
	var old *AdminUnit
	for _, known := range before.Periods(u.Code) {
		if known.ValidFrom == u.ValidFrom {
			old = known
		}
	}
	if old == nil {
		row.inserted, row.updated = true, false
		err := first(tx.Raw(`INSERT INTO admin_units (level, code, parent_code, full_name, kind, valid_from, valid_to)
			VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			u.Level, u.Code, u.ParentCode, u.FullName, u.Kind, u.ValidFrom, u.ValidTo)).Scan(&u.ID)
		if err != nil {
			return err
		}
		return writePostcodes(tx, u)
	}
	if u.Level != old.Level {
		return unitFileError("line %d: %s from %s is a %s and can't become a %s", row.line, u.Code, u.ValidFrom, old.Level, u.Level)
	}
	u.ID, u.HasBoundary = old.ID, old.HasBoundary
	row.inserted, row.updated = false, !sameUnit(u, *old)
	if !row.updated {
		return nil
	}
	err := tx.Exec(`UPDATE admin_units SET parent_code = ?, full_name = ?, kind = ?, valid_to = ? WHERE id = ?`,
		u.ParentCode, u.FullName, u.Kind, u.ValidTo, u.ID).Error
	if err != nil {
		return err
	}
	return writePostcodes(tx, u)
}

func sameUnit(a, b AdminUnit) bool {
	samePostcodes := slices.Equal(a.Postcodes, b.Postcodes)
	a.Postcodes, b.Postcodes = nil, nil
	return samePostcodes && a.ParentCode == b.ParentCode && a.FullName == b.FullName &&
		a.Kind == b.Kind && a.ValidTo == b.ValidTo
}

func writePostcodes(tx *gorm.DB, u AdminUnit) error {
	if err := tx.Exec("DELETE FROM postcodes WHERE unit_id = ?", u.ID).Error; err != nil {
		return err
	}
	for _, p := range u.Postcodes {
		err := tx.Exec("INSERT INTO postcodes (unit_id, postcode, valid_from, valid_to) VALUES (?, ?, ?, ?)",
			u.ID, p.Code, p.ValidFrom, p.ValidTo).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// writeSuccessions replaces the successors of the units of a file that name
// some; a unit whose successors are not known yet may be named again by a
// later file.
func writeSuccessions(tx *gorm.DB, units *Units, rows []unitRow) error {
	for i := range rows {
		row := &rows[i]
		from := units.At(row.unit.Code, row.unit.ValidFrom)
		var want []*AdminUnit
		for _, code := range row.successors {
			to := units.At(code, row.unit.ValidTo)
			if to == nil {
				return unitFileError("line %d: successor %s of %s is in force nowhere on %s; import the file with it first or in the same file",
					row.line, code, row.unit.Code, row.unit.ValidTo)
			}
			want = append(want, to)
		}
		if len(want) > 2 {
			slices.SortFunc(want[1:], func(a, b *AdminUnit) int { return cmp.Compare(a.Code, b.Code) })
		}
		if slices.Equal(want, units.Successors(from)) {
			continue
		}
		if err := tx.Exec("DELETE FROM unit_successions WHERE unit_id = ?", from.ID).Error; err != nil {
			return err
		}
		for i, to := range want {
			err := tx.Exec("INSERT INTO unit_successions (unit_id, successor_id, is_default) VALUES (?, ?, ?)", from.ID, to.ID, i == 0).Error
			if err != nil {
				return err
			}
		}
		row.updated = true
	}
	return nil
}

// verifyUnits refuses what would leave units, or addresses in them,
// contradicting each other. It looks at all of them: a row may take away what
// another unit stands on.
func (s *Store) verifyUnits(tx *gorm.DB, rows []unitRow) error {
	units, err := s.readUnits(tx)
	if err != nil {
		return err
	}
	lines := map[int64]int{}
	for _, row := range rows {
		lines[units.At(row.unit.Code, row.unit.ValidFrom).ID] = row.line
	}
	for _, u := range units.all {
		if what := units.contradiction(u); what != "" {
			if line := lines[u.ID]; line > 0 {
				what = fmt.Sprintf("line %d: %s", line, what)
			}
			return unitFileError("%s", what)
		}
	}
	return s.refuseOrphans(tx)
}

// contradiction says what is wrong between a unit and the others; empty:
// nothing. Parents of a higher level and successors that outlast a unit make
// circles impossible.
func (u *Units) contradiction(unit *AdminUnit) string {
	parent := u.At(unit.ParentCode, unit.ValidFrom)
	switch {
	case unit.ParentCode != "" && parent == nil:
		return fmt.Sprintf("parent %s of %s is in force nowhere on %s", unit.ParentCode, unit.Code, unit.ValidFrom)
	case unit.ParentCode != "" && u.At(unit.ParentCode, unit.lastDay()) == nil:
		return fmt.Sprintf("parent %s of %s ends before it", unit.ParentCode, unit.Code)
	case parent != nil && rank(parent) >= rank(unit):
		return fmt.Sprintf("parent %s of %s is a %s, which a %s can't stand under", parent.Code, unit.Code, parent.Level, unit.Level)
	}
	for _, next := range u.successors[unit.ID] {
		if unit.ValidTo == "" || !next.InForce(unit.ValidTo) {
			return fmt.Sprintf("successor %s of %s is not in force on %s, when that ends", next.Code, unit.Code, unit.ValidTo)
		}
	}
	periods := u.byCode[unit.Code]
	for i := 1; i < len(periods); i++ {
		if end := periods[i-1].ValidTo; end == "" || end > periods[i].ValidFrom {
			return fmt.Sprintf("the periods of %s from %s and from %s overlap", unit.Code, periods[i-1].ValidFrom, periods[i].ValidFrom)
		}
	}
	return ""
}

// refuseOrphans refuses to end a commune that current addresses stand in.
func (s *Store) refuseOrphans(tx *gorm.DB) error {
	var code string
	err := tx.Raw(`SELECT u.code FROM admin_units u WHERE u.level = 'commune' AND u.valid_to <= ?
		AND EXISTS (SELECT 1 FROM addresses a WHERE a.commune_id = u.id AND a.status = 'current') ORDER BY u.code LIMIT 1`,
		s.Today()).Scan(&code).Error
	if err != nil || code == "" {
		return err
	}
	return conflict("", "commune-in-use",
		"Commune %s would end while current addresses stand in it: nothing was imported. Addresses change their commune only by a reform.",
		"Xã/phường %s sẽ chấm dứt trong khi còn địa chỉ hiện hành: chưa nhập gì cả. Địa chỉ chỉ đổi xã/phường khi sắp xếp đơn vị hành chính.", code)
}

// ImportBoundaries loads polygons for the units in force on a day from a
// GeoJSON FeatureCollection (property code, WGS 84). Everything goes in or
// nothing; warnings name the units whose degenerate rings were left out.
func (s *Store) ImportBoundaries(ctx context.Context, file io.Reader, day Date) (counts UnitCounts, warnings []*geo.Error, err error) {
	boundaries, warnings, err := geo.ReadBoundaries(file)
	if err != nil {
		return counts, warnings, FromGeo(err, "")
	}
	counts, err = s.changeUnits(ctx, func(tx *gorm.DB) (counts UnitCounts, err error) {
		units, err := s.readUnits(tx)
		if err != nil {
			return counts, err
		}
		for _, b := range boundaries {
			unit := units.At(b.Code, day)
			if unit == nil {
				return counts, invalid("code", "unknown-unit",
					"No unit %s was in force on %s: nothing was loaded. Import the units first, or name the day of the boundaries with --as-of.",
					"Không có đơn vị %s vào ngày %s: chưa nạp gì cả. Hãy nhập các đơn vị trước, hoặc nêu ngày của ranh giới bằng --as-of.", b.Code, day)
			}
			if err := tx.Exec("UPDATE admin_units SET boundary = ? WHERE id = ?", b.Shape, unit.ID).Error; err != nil {
				return counts, err
			}
			counts.Updated++
		}
		return counts, nil
	})
	return counts, warnings, err
}

package models

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
	"diachiso/models/importfile"
)

// duplicateMeters is how near two objects without a number, of one kind and
// name, are taken for one.
const duplicateMeters = 30

// repeats reports whether a looks like other: an address of the same commune
// with the same written door and unit, or, where both lack a number, of the
// same kind and name within 30 m. It is advice, never a constraint.
func (a *Address) repeats(other *Address) bool {
	if a.CommuneID != other.CommuneID {
		return false
	}
	p, q := a.Parts, other.Parts
	if door := p.doorKey(); door != "" && (p.HouseNumber != "" || p.UnitLabel != "") {
		return door == q.doorKey() && text.Fold(p.UnitLabel) == text.Fold(q.UnitLabel)
	}
	return p.HouseNumber == "" && q.HouseNumber == "" && a.Kind == other.Kind &&
		a.Name != "" && text.Fold(a.Name) == text.Fold(other.Name) && text.Fold(p.UnitLabel) == text.Fold(q.UnitLabel) &&
		geo.Distance(a.Point, other.Point) <= duplicateMeters
}

// duplicates reports whether a draft looks like an address or says nothing new
// of it.
func (d *draft) duplicates(a *Address) bool { return d.address.repeats(a) || d.isUnchanged(a) }

// shown is an address as the public knows it, without a name that is not public.
func (a *Address) shown() *Address {
	public := *a
	public.Name = a.publicName()
	return &public
}

// isUnchanged reports whether a draft says of an address nothing new: it is
// equal in everything an importer can say. What a row leaves out says nothing.
func (d *draft) isUnchanged(known *Address) bool {
	merged := d.merged(known)
	return merged.state() == known.state() && merged.Name == known.Name && d.diaChiSo(known) == known.identifier("dia_chi_so")
}

// merged is a known address with what a draft says of it. A column that the
// file lacks leaves its field as it is; an empty cell empties it, but for the
// day, which no address is without.
func (d *draft) merged(known *Address) *Address {
	a := *known
	said := d.address
	a.Kind, a.CommuneID, a.Point = said.Kind, said.CommuneID, said.Point
	for _, f := range []struct {
		column     importfile.Column
		into, from *string
	}{
		{importfile.Name, &a.Name, &said.Name}, {importfile.PositionKind, &a.PositionKind, &said.PositionKind},
		{importfile.UnitLabel, &a.Parts.UnitLabel, &said.Parts.UnitLabel}, {importfile.Building, &a.Parts.Building, &said.Parts.Building},
		{importfile.HouseNumber, &a.Parts.HouseNumber, &said.Parts.HouseNumber}, {importfile.Alley, &a.Parts.Alley, &said.Parts.Alley},
		{importfile.Street, &a.Parts.Street, &said.Parts.Street}, {importfile.Group, &a.Parts.Group, &said.Parts.Group},
		{importfile.Hamlet, &a.Parts.Hamlet, &said.Parts.Hamlet},
	} {
		if !d.leavesOut.has(f.column) {
			*f.into = *f.from
		}
	}
	if a.Kind == "household" {
		a.Name = ""
	}
	if !d.leavesOut.has(importfile.NamePublic) {
		a.NamePublic = said.NamePublic
	}
	a.NamePublic = a.NamePublic && a.Name != ""
	if !d.leavesOut.has(importfile.AccuracyM) {
		a.AccuracyM = said.AccuracyM
	}
	if said.FormerCommuneID != 0 || said.CommuneID != known.CommuneID {
		a.FormerCommuneID = said.FormerCommuneID
	}
	if d.ValidFrom != "" {
		a.ValidFrom = said.ValidFrom
	}
	if said.Point != known.Point {
		a.PositionMethod = said.PositionMethod
	}
	return &a
}

// diaChiSo is the number that a known address has after a draft.
func (d *draft) diaChiSo(known *Address) string {
	if d.leavesOut.has(importfile.DiaChiSo) {
		return known.identifier("dia_chi_so")
	}
	return d.DiaChiSo
}

// columnSet is a set of columns of an import file.
type columnSet uint32

func (s columnSet) has(c importfile.Column) bool { return s&(1<<c) != 0 }

// identifier is the value in force of a scheme, or empty.
func (a *Address) identifier(scheme string) string {
	for _, i := range a.Identifiers {
		if i.Scheme == scheme && i.ValidTo == "" {
			return i.Value
		}
	}
	return ""
}

// alike finds for each draft the current addresses that it might repeat: at
// the same written door, of the same name nearby, or (for an object with
// neither) at the same point. The caller compares.
func (s *Store) alike(tx *gorm.DB, drafts []*draft) (map[*draft][]*Address, error) {
	found := map[*draft][]*Address{}
	for communeID, group := range byCommune(drafts) {
		if err := s.alikeByDoor(tx, communeID, group, found); err != nil {
			return nil, err
		}
		if err := s.alikeByName(tx, communeID, group, found); err != nil {
			return nil, err
		}
	}
	return found, s.alikeByPoint(tx, drafts, found)
}

func byCommune(drafts []*draft) map[int64][]*draft {
	groups := map[int64][]*draft{}
	for _, d := range drafts {
		groups[d.address.CommuneID] = append(groups[d.address.CommuneID], d)
	}
	return groups
}

// keyed groups the drafts that have a key and lists the keys.
func keyed(drafts []*draft, key func(*draft) string) (keys []string, by map[string][]*draft) {
	by = map[string][]*draft{}
	for _, d := range drafts {
		if k := key(d); k != "" {
			if by[k] == nil {
				keys = append(keys, k)
			}
			by[k] = append(by[k], d)
		}
	}
	return keys, by
}

func (s *Store) alikeByDoor(tx *gorm.DB, communeID int64, drafts []*draft, found map[*draft][]*Address) error {
	keys, by := keyed(drafts, func(d *draft) string { return d.address.Parts.doorKey() })
	if len(keys) == 0 {
		return nil
	}
	list, err := scanAddresses(tx.Raw(s.dialect.selectListed("text")+`WHERE a.door_key = d.value
		AND a.commune_id = ? AND a.door_key <> '' AND a.status = 'current' ORDER BY a.id`, s.dialect.bind(keys), communeID).Rows())
	if err != nil {
		return fmt.Errorf("look for the same doors: %w", err)
	}
	for _, a := range list {
		for _, d := range by[a.Parts.doorKey()] {
			found[d] = append(found[d], a)
		}
	}
	return nil
}

func (s *Store) alikeByName(tx *gorm.DB, communeID int64, drafts []*draft, found map[*draft][]*Address) error {
	keys, by := keyed(drafts, func(d *draft) string {
		if d.address.Parts.HouseNumber != "" {
			return ""
		}
		return text.Fold(d.address.Name)
	})
	if len(keys) == 0 {
		return nil
	}
	south, north := drafts[0].Point.Lat, drafts[0].Point.Lat
	for _, d := range drafts {
		south, north = min(south, d.Point.Lat), max(north, d.Point.Lat)
	}
	const margin = 3000 // 1e-7 degree, 33 m
	list, err := scanAddresses(tx.Raw(s.dialect.selectListed("text")+`WHERE a.name_key = d.value
		AND a.name_key <> '' AND a.lat BETWEEN ? AND ? AND a.commune_id = ? AND a.status = 'current' ORDER BY a.id`,
		s.dialect.bind(keys), south-margin, north+margin, communeID).Rows())
	if err != nil {
		return fmt.Errorf("look for the same names: %w", err)
	}
	for _, a := range list {
		for _, d := range by[text.Fold(a.Name)] {
			if geo.Distance(d.Point, a.Point) <= duplicateMeters && !slices.Contains(found[d], a) {
				found[d] = append(found[d], a)
			}
		}
	}
	return nil
}

// alikeByPoint finds who stands at the very point of a draft that has neither
// a number nor a name, and has neither either.
func (s *Store) alikeByPoint(tx *gorm.DB, drafts []*draft, found map[*draft][]*Address) error {
	at := map[geo.Point][]*draft{}
	var rows []int64
	for _, d := range drafts {
		if d.address.Parts.doorKey() == "" && d.address.Name == "" {
			at[d.Point] = append(at[d.Point], d)
			rows = append(rows, int64(d.Point.Lat))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.Sort(rows)
	list, err := scanAddresses(tx.Raw(s.dialect.selectListed("bigint")+`WHERE a.lat = d.value
		AND a.door_key = '' AND a.name_key = '' AND a.status = 'current' ORDER BY a.id`, s.dialect.bind(slices.Compact(rows))).Rows())
	if err != nil {
		return fmt.Errorf("look who stands at the same points: %w", err)
	}
	for _, a := range list {
		for _, d := range at[a.Point] {
			found[d] = append(found[d], a)
		}
	}
	return nil
}

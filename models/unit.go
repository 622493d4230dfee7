package models

import (
	"cmp"
	"slices"
	"strings"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Levels of administrative units.
const (
	LevelProvince = "province"
	LevelDistrict = "district"
	LevelCommune  = "commune"
)

var levels = [...]string{LevelProvince, LevelDistrict, LevelCommune}

// AdminUnit is one province, district or commune in one of its periods. Its
// key is (Code, ValidFrom): codes were re-used for other units in 2025.
type AdminUnit struct {
	ID         int64
	Level      string
	Code       string
	ParentCode string
	FullName   string // "Phường Phú Cường"
	Kind       string // "Phường"
	ValidFrom  Date
	ValidTo    Date // half-open; empty: in force

	Postcodes   []Postcode
	HasBoundary bool
}

// Name is the full name without the kind: "Phú Cường".
func (u *AdminUnit) Name() string {
	return strings.TrimSpace(strings.TrimPrefix(u.FullName, u.Kind))
}

// InForce reports whether the unit was in force on a day.
func (u *AdminUnit) InForce(day Date) bool { return day.within(u.ValidFrom, u.ValidTo) }

// lastDay is the last day of the unit, or a day after all others.
func (u *AdminUnit) lastDay() Date {
	if u.ValidTo == "" {
		return "9999-12-31"
	}
	return u.ValidTo.before()
}

// Postcode is a five-digit postcode of a unit in one of its periods.
type Postcode struct {
	Code      string
	ValidFrom Date
	ValidTo   Date
}

// Units is an immutable picture of all units at one epoch, held in memory.
type Units struct {
	epoch        int64
	all          []*AdminUnit // by level, code, valid_from
	byID         map[int64]*AdminUnit
	byCode       map[string][]*AdminUnit // by valid_from
	communes     map[string][]*AdminUnit // by folded bare name
	successors   map[int64][]*AdminUnit  // the default first
	predecessors map[int64][]*AdminUnit
	byPostcode   map[string]map[int64]bool // units that had the postcode in any period
	lineages     map[int64]lineage
	boundaries   *geo.BoundaryIndex // of communes
	wider        *geo.BoundaryIndex // of provinces and districts
}

// Epoch rises with every change of units, postcodes or boundaries.
func (u *Units) Epoch() int64 { return u.epoch }

// Empty reports whether the registry knows no units.
func (u *Units) Empty() bool { return len(u.all) == 0 }

// At is the unit that bore a code on a day, or nil.
func (u *Units) At(code string, day Date) *AdminUnit {
	for _, unit := range u.byCode[code] {
		if unit.InForce(day) {
			return unit
		}
	}
	return nil
}

// Periods lists every unit that ever bore a code, oldest first.
func (u *Units) Periods(code string) []*AdminUnit { return u.byCode[code] }

// Successors lists the units that took over from a unit, the default first.
func (u *Units) Successors(unit *AdminUnit) []*AdminUnit { return u.successors[unit.ID] }

// Predecessors lists the units that a unit took over from, by code.
func (u *Units) Predecessors(unit *AdminUnit) []*AdminUnit { return u.predecessors[unit.ID] }

// PredecessorsOn follows successions back from a unit to the units in force on
// a day, by code.
func (u *Units) PredecessorsOn(unit *AdminUnit, day Date) []*AdminUnit {
	var list []*AdminUnit
	for _, before := range u.predecessors[unit.ID] {
		found := []*AdminUnit{before}
		if !before.InForce(day) {
			found = u.PredecessorsOn(before, day)
		}
		for _, f := range found {
			if !slices.Contains(list, f) {
				list = append(list, f)
			}
		}
	}
	slices.SortFunc(list, func(a, b *AdminUnit) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// UnitFilter narrows a list of units; empty fields mean any.
type UnitFilter struct {
	Level  string
	Parent string
	Day    Date
	Days   Days  // in force on one of them
	Boxes  []Box // meeting one of them, or without a boundary
}

// List answers the units of a filter by level, code and period.
func (u *Units) List(f UnitFilter) []*AdminUnit {
	var list []*AdminUnit
	for _, unit := range u.all {
		if (f.Level == "" || unit.Level == f.Level) && (f.Parent == "" || unit.ParentCode == f.Parent) &&
			(f.Day == "" || unit.InForce(f.Day)) && f.Days.meet(unit.ValidFrom, unit.ValidTo) && u.meets(unit, f.Boxes) {
			list = append(list, unit)
		}
	}
	return list
}

// meets reports whether a unit has a point in one of the boxes; without a
// boundary, or without boxes, it has.
func (u *Units) meets(unit *AdminUnit, boxes []Box) bool {
	return len(boxes) == 0 || !unit.HasBoundary || slices.ContainsFunc(boxes, func(b Box) bool {
		return u.index(unit).Meets(unit.ID, corner(b.South, b.West), corner(b.North, b.East))
	})
}

// corner is a corner of a box on earth.
func corner(lat, lng int64) geo.Point { return geo.Point{Lat: int32(lat), Lng: int32(lng)} }

// index has the boundary of a unit.
func (u *Units) index(unit *AdminUnit) *geo.BoundaryIndex {
	if unit.Level == LevelCommune {
		return u.boundaries
	}
	return u.wider
}

// Area gives the polygons of a unit, each its shell and its holes as closed
// rings; none without a boundary. The points are not to be changed.
func (u *Units) Area(unit *AdminUnit) [][][]geo.Point { return u.index(unit).Area(unit.ID) }

// Extent is the box around all boundaries and the first day of the oldest
// unit.
func (u *Units) Extent() Extent {
	e := Extent{Box: noBox}
	for _, unit := range u.all {
		around := noBox
		if southWest, northEast, ok := u.index(unit).Corners(unit.ID); ok {
			around = Box{int64(southWest.Lng), int64(southWest.Lat), int64(northEast.Lng), int64(northEast.Lat)}
		}
		e = e.with(Extent{around, unit.ValidFrom})
	}
	return e
}

// Above lists the units above a unit on a day: its district, where there was
// one, and its province.
func (u *Units) Above(unit *AdminUnit, day Date) []*AdminUnit {
	var above []*AdminUnit
	for {
		parent := u.At(unit.ParentCode, day)
		if parent == nil || rank(parent) >= rank(unit) {
			return above
		}
		above = append(above, parent)
		unit = parent
	}
}

// rank orders the levels: a unit stands under one of a lower rank.
func rank(u *AdminUnit) int { return slices.Index(levels[:], u.Level) }

// Compare orders units as lists have them: by level, code and period.
func (u *AdminUnit) Compare(other *AdminUnit) int {
	return cmp.Or(cmp.Compare(rank(u), rank(other)), cmp.Compare(u.Code, other.Code), cmp.Compare(u.ValidFrom, other.ValidFrom))
}

// Province is the province a unit belonged to on a day, or nil.
func (u *Units) Province(unit *AdminUnit, day Date) *AdminUnit {
	return u.lineageOf(unit, day).province
}

// Era is the first day of the era a day lies in: the last day on or before it
// on which some unit or postcode began or ended. Answers of two days of one
// era are alike. It goes through all units.
func (u *Units) Era(day Date) Date {
	var last Date
	consider := func(d Date) {
		if d <= day && d > last {
			last = d
		}
	}
	for _, unit := range u.all {
		consider(unit.ValidFrom)
		consider(unit.ValidTo)
		for _, p := range unit.Postcodes {
			consider(p.ValidFrom)
			consider(p.ValidTo)
		}
	}
	return last
}

// current follows successions from a unit to the units in force on a day.
func (u *Units) current(unit *AdminUnit, day Date) []*AdminUnit {
	if unit.ValidTo == "" || unit.InForce(day) {
		return []*AdminUnit{unit}
	}
	var list []*AdminUnit
	for _, next := range u.successors[unit.ID] {
		for _, c := range u.current(next, day) {
			if !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// lastBefore follows a renamed unit to its last period before a successor
// that is in force on the day: what "former" means for an address.
func (u *Units) lastBefore(unit *AdminUnit, day Date) *AdminUnit {
	for {
		next := u.successors[unit.ID]
		if len(next) != 1 || next[0].ValidTo == "" || next[0].InForce(day) {
			return unit
		}
		unit = next[0]
	}
}

// PostcodeOn is the postcode of an address on a day: that of its commune
// then, or, while the commune had none yet, that of its former one.
func (u *Units) PostcodeOn(a *Address, day Date) (Postcode, bool) {
	for _, id := range []int64{a.CommuneID, a.FormerCommuneID} {
		unit := u.byID[id]
		if unit == nil {
			continue
		}
		for _, p := range unit.Postcodes {
			if day.within(p.ValidFrom, p.ValidTo) {
				return p, true
			}
		}
	}
	return Postcode{}, false
}

// communesNamed are the communes in force on a day that a text names by code,
// full name or bare name (accents and case don't matter); full names win.
func (u *Units) communesNamed(name string, day Date) []*AdminUnit {
	if isUnitCode(name) {
		if unit := u.At(name, day); unit != nil && unit.Level == LevelCommune {
			return []*AdminUnit{unit}
		}
		return nil
	}
	folded := text.Fold(name)
	var full, bare []*AdminUnit
	for _, unit := range u.communes[withoutKind(folded)] {
		if !unit.InForce(day) {
			continue
		}
		bare = append(bare, unit)
		if text.Fold(unit.FullName) == folded {
			full = append(full, unit)
		}
	}
	if len(full) > 0 {
		return full
	}
	return bare
}

// isUnitCode reports whether a text can only be a code of the General
// Statistics Office: digits alone.
func isUnitCode(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// unitKinds are the folded kinds of units that may stand before a name, and
// what lists shorten them to.
var unitKinds = [...]string{"thanh pho ", "thi tran ", "thi xa ", "phuong ", "huyen ", "quan ", "tinh ", "xa ",
	"tp ", "tx ", "tt ", "p ", "x ", "h ", "q "}

func withoutKind(folded string) string {
	for _, kind := range unitKinds {
		if rest, ok := strings.CutPrefix(folded, kind); ok {
			return rest
		}
	}
	return folded
}

// newUnits builds the maps from rows; successions name (unit, successor,
// default).
func newUnits(epoch int64, all []*AdminUnit, successions []succession, boundaries, wider *geo.BoundaryIndex) *Units {
	u := &Units{
		epoch: epoch, all: all,
		byID: map[int64]*AdminUnit{}, byCode: map[string][]*AdminUnit{}, communes: map[string][]*AdminUnit{},
		successors: map[int64][]*AdminUnit{}, predecessors: map[int64][]*AdminUnit{},
		byPostcode: map[string]map[int64]bool{}, boundaries: boundaries, wider: wider,
	}
	for _, unit := range all {
		u.byID[unit.ID] = unit
		u.byCode[unit.Code] = append(u.byCode[unit.Code], unit)
		if unit.Level == LevelCommune {
			name := withoutKind(text.Fold(unit.FullName))
			u.communes[name] = append(u.communes[name], unit)
		}
		for _, p := range unit.Postcodes {
			if u.byPostcode[p.Code] == nil {
				u.byPostcode[p.Code] = map[int64]bool{}
			}
			u.byPostcode[p.Code][unit.ID] = true
		}
	}
	for _, periods := range u.byCode {
		slices.SortFunc(periods, func(a, b *AdminUnit) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
	}
	u.lineages = make(map[int64]lineage, len(all))
	for _, unit := range all {
		u.lineages[unit.ID] = u.lineageAt(unit, unit.lastDay())
	}
	for _, s := range successions {
		from, to := u.byID[s.UnitID], u.byID[s.SuccessorID]
		if s.IsDefault {
			u.successors[s.UnitID] = slices.Insert(u.successors[s.UnitID], 0, to)
		} else {
			u.successors[s.UnitID] = append(u.successors[s.UnitID], to)
		}
		u.predecessors[s.SuccessorID] = append(u.predecessors[s.SuccessorID], from)
	}
	return u
}

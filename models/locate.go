package models

import (
	"slices"
	"strings"

	"diachiso/geo"
	"diachiso/geo/text"
)

// nearbyMeters is how far outside a commune's polygon a point may lie and
// still belong to it: boundaries are drawn less exactly than houses stand.
const nearbyMeters = 50

// communeClaim is what somebody says about where a point lies.
type communeClaim struct {
	Commune  string // code or name of either era; empty: find it by the polygon
	District string // name or code; narrows an old name
	AsOf     Date   // the day Commune is read on; empty: see claimDays
}

// located is the commune of a point today and, where it is known, its former one.
type located struct{ commune, former *AdminUnit }

// CommuneAt is the commune in force on a day whose polygon holds the point
// (on several: the lowest code), or else the nearest within 50 m; nil where
// there is none.
func (u *Units) CommuneAt(p geo.Point, day Date) *AdminUnit {
	for _, ref := range u.boundaries.Containing(p) {
		if unit := u.byID[ref.ID]; unit.InForce(day) {
			return unit
		}
	}
	inForce := func(ref geo.BoundaryRef) bool { return u.byID[ref.ID].InForce(day) }
	if ref, _, ok := u.boundaries.Nearest(p, nearbyMeters, inForce); ok {
		return u.byID[ref.ID]
	}
	return nil
}

// locate finds the commune of a point. A claimed commune must be borne out by
// the point: the point lies in it or within max(accuracy, 50 m) of it, or, for
// an abolished one, in or near one of its successors. A commune whose polygon
// is not loaded is believed unless the point lies in another's.
func (u *Units) locate(p geo.Point, accuracyM float64, claim communeClaim, today Date) (located, error) {
	if claim.Commune == "" {
		if commune := u.CommuneAt(p, today); commune != nil {
			return located{commune: commune}, nil
		}
		return located{}, invalid("commune", "no-commune",
			"The point lies in no commune whose boundary is loaded: name its commune, or load the boundaries (units import --boundaries).",
			"Điểm không nằm trong xã/phường nào đã có ranh giới: hãy nêu xã/phường, hoặc nạp ranh giới (units import --boundaries).")
	}
	var read []*AdminUnit
	for _, day := range u.claimDays(claim, today) {
		named := u.inDistrict(u.communesNamed(claim.Commune, day), claim.District, day)
		for _, unit := range named {
			if found, fits := u.fit(p, accuracyM, unit, today); fits {
				return found, nil
			}
		}
		read = append(read, named...)
	}
	if len(read) == 0 {
		return located{}, u.unknownCommune(claim, today)
	}
	return located{}, u.mismatch(p, claim, read, today)
}

// claimDays are the days a claimed commune is read on, in order. A code means
// one unit a day, so it is read on one day only; a name, or a row with a
// district, may be of today or of the last day before the reform.
func (u *Units) claimDays(claim communeClaim, today Date) []Date {
	eve := u.lastDistrictDay(today)
	switch {
	case claim.AsOf != "":
		return []Date{claim.AsOf}
	case claim.District != "":
		return []Date{eve, today}
	case isUnitCode(claim.Commune):
		return []Date{today}
	}
	return []Date{today, eve}
}

// lastDistrictDay is the last day before today on which districts were in
// force (2025-06-30 in the shipped facts), or today while they are.
func (u *Units) lastDistrictDay(today Date) Date {
	var end Date
	for _, unit := range u.all {
		if unit.Level != LevelDistrict {
			continue
		}
		if unit.InForce(today) {
			return today
		}
		if unit.ValidTo <= today {
			end = max(end, unit.ValidTo)
		}
	}
	if end == "" {
		return today
	}
	return end.before()
}

// inDistrict keeps the communes of a district named by code or name; a
// district that is not the parent of any of them narrows nothing on days
// without districts.
func (u *Units) inDistrict(communes []*AdminUnit, district string, day Date) []*AdminUnit {
	if district == "" {
		return communes
	}
	wanted := withoutKind(text.Fold(district))
	return slices.DeleteFunc(slices.Clone(communes), func(c *AdminUnit) bool {
		parent := u.At(c.ParentCode, day)
		return parent != nil && parent.Level == LevelDistrict &&
			parent.Code != district && withoutKind(text.Fold(parent.FullName)) != wanted
	})
}

// fit tries one reading of a claimed commune against the point.
func (u *Units) fit(p geo.Point, accuracyM float64, claimed *AdminUnit, today Date) (located, bool) {
	if claimed.InForce(today) {
		return located{commune: claimed}, u.bears(p, max(accuracyM, nearbyMeters), claimed, today)
	}
	successors := u.current(claimed, today)
	if len(successors) == 0 {
		return located{}, false
	}
	best := u.closest(p, successors)
	if best == nil { // no polygons: the default successor is believed
		best = successors[0]
	}
	return located{best, u.lastBefore(claimed, today)}, u.bears(p, nearbyMeters, best, today)
}

// bears reports whether a point may belong to a commune in force.
func (u *Units) bears(p geo.Point, withinMeters float64, unit *AdminUnit, today Date) bool {
	if unit.HasBoundary {
		return u.boundaries.DistanceTo(unit.ID, p) <= withinMeters
	}
	other := u.CommuneAt(p, today)
	return other == nil || other == unit
}

// closest is the unit that contains the point (lowest code) or is nearest to
// it; nil where none has a polygon.
func (u *Units) closest(p geo.Point, units []*AdminUnit) *AdminUnit {
	var best *AdminUnit
	var bestDistance float64
	for _, unit := range units {
		if !unit.HasBoundary {
			continue
		}
		d := u.boundaries.DistanceTo(unit.ID, p)
		if best == nil || d < bestDistance || d == bestDistance && unit.Code < best.Code {
			best, bestDistance = unit, d
		}
	}
	return best
}

func (u *Units) unknownCommune(claim communeClaim, today Date) error {
	day := claim.AsOf
	if day == "" {
		day = today
	}
	if claim.District != "" {
		return invalid("commune", "unknown-commune",
			"No commune %q is known in a district %q, today or before the reform: write the commune's five-digit code or full name and the district it was in.",
			"Không có xã/phường %q thuộc quận/huyện %q, hiện nay hoặc trước khi sắp xếp: hãy ghi mã năm chữ số hoặc tên đầy đủ của xã/phường và đúng quận/huyện.",
			claim.Commune, claim.District)
	}
	return invalid("commune", "unknown-commune",
		"No commune %q was in force on %s: write its five-digit code or its full name, or the day it is meant on (as_of).",
		"Không có xã/phường %q vào ngày %s: hãy ghi mã năm chữ số hoặc tên đầy đủ, hoặc ngày áp dụng (as_of).", claim.Commune, day)
}

// mismatch says where the point lies and names every reading of the claim,
// also those of other days, so that a re-used code explains itself.
func (u *Units) mismatch(p geo.Point, claim communeClaim, read []*AdminUnit, today Date) error {
	for _, day := range []Date{u.lastDistrictDay(today), today} {
		for _, unit := range u.communesNamed(claim.Commune, day) {
			if !slices.Contains(read, unit) {
				read = append(read, unit)
			}
		}
	}
	var names []string
	for _, unit := range read {
		names = append(names, u.describe(unit, today))
	}
	readings := strings.Join(names, "; ")
	actual := u.CommuneAt(p, today)
	if actual == nil {
		return invalid("commune", "commune-mismatch",
			"The point lies in no known commune and not within 50 m of the named one (%s): correct the point or the commune.",
			"Điểm không nằm trong xã/phường nào đã biết và không cách xã/phường đã nêu (%s) dưới 50 m: hãy sửa điểm hoặc xã/phường.", readings)
	}
	return invalid("commune", "commune-mismatch",
		"The point lies in %s (%s), not in the named commune or within 50 m of it; read as: %s. Correct the point or the commune, or name the day with as_of.",
		"Điểm nằm trong %s (%s), không nằm trong hoặc cách xã/phường đã nêu dưới 50 m; đã hiểu là: %s. Hãy sửa điểm hoặc xã/phường, hoặc nêu ngày bằng as_of.",
		actual.FullName, actual.Code, readings)
}

// describe names a unit so that nobody takes it for its namesake.
func (u *Units) describe(unit *AdminUnit, today Date) string {
	name := unit.FullName + " (" + unit.Code
	if parent := u.At(unit.ParentCode, unit.ValidFrom); parent != nil {
		name += ", " + parent.FullName
	}
	if !unit.InForce(today) {
		name += ", until " + string(unit.ValidTo.before())
	}
	return name + ")"
}

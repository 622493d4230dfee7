package models

import (
	"cmp"
	"slices"
)

// Era is the first day of the era a day lies in: the last day on or before it
// on which some unit or postcode began or ended. Answers of two days of one
// era are alike. It goes through all units.
func (u *Units) Era(day Date) Date { return u.era(day) }

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

package models

import "diachiso/geo/written"

// unitNames is what searching knows of the units on a day.
type unitNames struct {
	of        *Units
	day       Date
	gazetteer *written.Gazetteer
	within    map[int64]map[int64]bool // the districts and provinces that a commune or district ever stood under
	becomes   map[int64]map[int64]bool // a unit and all that came after it
	communes  map[int64]map[int64]bool // the communes of the day that hold something of a unit
}

// newUnitNames goes through all units.
func newUnitNames(u *Units, day Date) *unitNames {
	n := &unitNames{of: u, day: day, within: map[int64]map[int64]bool{}, becomes: map[int64]map[int64]bool{}, communes: map[int64]map[int64]bool{}}
	list := make([]written.Unit, 0, len(u.all))
	for _, unit := range u.all {
		n.becomes[unit.ID] = u.reach(unit, u.successors)
		n.within[unit.ID] = u.everAbove(unit)
		above := make([]int64, 0, len(n.within[unit.ID]))
		for id := range n.within[unit.ID] {
			above = append(above, id)
		}
		list = append(list, written.Unit{ID: unit.ID, Level: written.Part(unit.Level), Kind: unit.Kind, Name: unit.Name(), Within: above})
	}
	for _, unit := range u.all {
		if unit.Level == LevelCommune {
			n.addCommune(unit)
		}
	}
	n.gazetteer = written.NewGazetteer(list)
	return n
}

// addCommune tells the communes of the day that hold a commune to itself and
// to all units above it.
func (n *unitNames) addCommune(unit *AdminUnit) {
	for _, now := range n.of.current(unit, n.day) {
		addTo(n.communes, unit.ID, now.ID)
		for above := range n.within[unit.ID] {
			addTo(n.communes, above, now.ID)
		}
	}
}

func addTo(sets map[int64]map[int64]bool, key, member int64) {
	if sets[key] == nil {
		sets[key] = map[int64]bool{}
	}
	sets[key][member] = true
}

// reach is a unit and all units to which successions lead, one way.
func (u *Units) reach(unit *AdminUnit, next map[int64][]*AdminUnit) map[int64]bool {
	found := map[int64]bool{unit.ID: true}
	for queue := []*AdminUnit{unit}; len(queue) > 0; queue = queue[1:] {
		for _, other := range next[queue[0].ID] {
			if !found[other.ID] {
				found[other.ID] = true
				queue = append(queue, other)
			}
		}
	}
	return found
}

// everAbove is every unit, of any period, that a unit, its successors or its
// predecessors stood under.
func (u *Units) everAbove(unit *AdminUnit) map[int64]bool {
	above := map[int64]bool{}
	var climb func(*AdminUnit)
	climb = func(below *AdminUnit) {
		for _, parent := range u.byCode[below.ParentCode] {
			if rank(parent) < rank(below) && !above[parent.ID] {
				above[parent.ID] = true
				climb(parent)
			}
		}
	}
	for _, next := range []map[int64][]*AdminUnit{u.successors, u.predecessors} {
		for id := range u.reach(unit, next) {
			climb(u.byID[id])
		}
	}
	return above
}

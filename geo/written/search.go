package written

import (
	"cmp"
	"slices"
)

// path is a way to cut the atoms up to some place: its last candidate, and the
// path before it.
type path struct {
	before    int32 // -1: none
	candidate int32
	cost      int32
	mask      uint16 // slots taken
	last, top slot   // last: slotIgnored at the start; top: the largest slot taken
	units     [3]int32
}

// beamWidth is how many ways are kept at each atom.
const beamWidth = 16

// search finds the cheapest ways to cut all atoms.
func (r *reading) search() {
	r.paths = append(r.paths[:0], path{before: -1, candidate: -1, last: slotIgnored, units: [3]int32{-1, -1, -1}})
	n := len(r.atoms)
	for i := range n + 1 {
		r.beams[i] = r.beams[i][:0]
	}
	r.beams[0] = append(r.beams[0], 0)
	for i := range n {
		r.prune(i)
		for _, p := range r.beams[i] {
			for c := r.first[i]; c < r.first[i+1]; c++ {
				r.extend(p, c)
			}
		}
	}
	for _, p := range r.beams[n] {
		r.paths[p].cost += r.costAtEnd(&r.paths[p])
	}
	r.prune(n)
}

// prune keeps the cheapest ways to an atom.
func (r *reading) prune(at int) {
	beam := r.beams[at]
	slices.SortFunc(beam, func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.paths[a].cost, r.paths[b].cost), cmp.Compare(a, b))
	})
	r.beams[at] = beam[:min(len(beam), beamWidth)]
}

// extend adds a candidate to a path, where it may follow.
func (r *reading) extend(at, candidate int32) {
	p, c := r.paths[at], &r.candidates[candidate]
	cost, may := r.costOfStep(&p, c)
	if !may {
		return
	}
	next := path{before: at, candidate: candidate, cost: p.cost + c.cost + cost,
		mask: p.mask, last: c.slot, top: p.top, units: p.units}
	if c.slot < slotIgnored {
		next.mask |= 1 << c.slot
		next.top = max(next.top, c.slot)
	}
	if c.slot >= slotCommune && c.slot <= slotProvince && next.units[c.slot-slotCommune] < 0 {
		next.units[c.slot-slotCommune] = candidate
	}
	r.paths = append(r.paths, next)
	r.beams[c.to] = append(r.beams[c.to], int32(len(r.paths)-1))
}

// costOfStep is what is odd about a part behind those before it.
func (r *reading) costOfStep(p *path, c *candidate) (cost int32, may bool) {
	if int(c.to) == int(c.from) && int(c.from) < len(r.atoms) {
		return 0, false
	}
	if c.from > 0 {
		switch r.atoms[c.from].before {
		case glued:
			cost += costGluedBorder
		case spaced:
			cost += costSpacedBorder
		}
	}
	if !r.mayStandThere(p, c) {
		return 0, false
	}
	cost += r.costOfNeighbour(p, c)
	if c.slot >= slotIgnored {
		if c.behindUnit && p.top < slotCommune {
			cost += costIgnoredNumber
		}
		if p.last == slotHouseNumber {
			cost += costLoneNumber
		}
		return cost, true
	}
	if p.mask&(1<<c.slot) != 0 {
		again, may := r.costOfRepeating(p, c)
		return cost + again, may
	}
	cost += r.costOfOrder(p, c)
	if c.slot >= slotCommune {
		for _, other := range p.units {
			if other >= 0 && !r.compatible(&r.candidates[other], c) {
				cost += costContradiction
			}
		}
	}
	return cost, true
}

// mayStandThere: a unit without a marker may have a typing error only between
// borders or parts that are known, a label of digits stands before a building,
// the number in a street's name is of no house.
func (r *reading) mayStandThere(p *path, c *candidate) bool {
	if c.doubtful && p.last == slotIgnored && !r.border(int(c.from)) {
		return false
	}
	if p.candidate < 0 {
		return true
	}
	before := &r.candidates[p.candidate]
	if before.doubtful && !r.border(int(c.from)) && c.marker == nil && (c.slot < slotCommune || c.slot == slotIgnored) {
		return false
	}
	if c.slot == slotHouseNumber && c.marker == nil && !r.border(int(c.from)) && r.isStreet(int(before.name), int(c.to)) {
		return false // Tân Bình 32 is a street
	}
	return !isBareLabel(before) || isOfBuilding(c) || !r.atoms[before.from].digits
}

func isBareLabel(c *candidate) bool { return c.slot == slotUnitLabel && c.marker == nil }

func isOfBuilding(c *candidate) bool { return c.slot == slotUnitLabel || c.slot == slotBuilding }

// costOfNeighbour is what it costs to leave a number before a street out, to
// take one for a label where no building is, or the 32 of Tân Bình 32 for a
// house number.
func (r *reading) costOfNeighbour(p *path, c *candidate) int32 {
	if p.candidate < 0 {
		return 0
	}
	before := &r.candidates[p.candidate]
	switch {
	case c.slot == slotStreet && before.slot == slotIgnored && before.to == before.from+1 && r.atoms[before.from].digits:
		return costIgnoredDoor
	case isBareLabel(before) && !isOfBuilding(c):
		return costLoneLabel
	case c.slot == slotHouseNumber && c.marker == nil && before.slot >= slotCommune && before.slot <= slotProvince &&
		!r.border(int(c.from)) && !r.streetBegins(int(c.to)):
		return costNumberOfUnit
	}
	return 0
}

// streetBegins reports whether a street or alley may stand at an atom.
func (r *reading) streetBegins(at int) bool {
	return slices.ContainsFunc(r.candidates[r.first[at]:r.first[min(at+1, len(r.atoms))]], func(c candidate) bool {
		return c.slot == slotStreet || c.slot == slotAlley
	})
}

// costOfRepeating: a label, lot or alley may go on, a second commune is odd.
func (r *reading) costOfRepeating(p *path, c *candidate) (cost int32, may bool) {
	before := &r.candidates[p.candidate]
	switch c.slot {
	case slotUnitLabel, slotAlley:
		return 2, p.last == c.slot && c.marker != nil
	case slotHouseNumber:
		lots := before.marker != nil && c.marker != nil && before.marker.kind != numbered && c.marker.kind != numbered
		return 2, p.last == c.slot && lots
	case slotHamlet:
		return costInversion, p.last == c.slot && c.marker != nil && before.marker != nil && c.marker.kind != before.marker.kind
	case slotCommune:
		return costSecondUnit, true
	}
	return 0, false
}

// costOfOrder is what it costs to stand behind a larger part, and for what
// stands behind a house number that is no street.
func (r *reading) costOfOrder(p *path, c *candidate) int32 {
	cost := int32(0)
	if p.mask != 0 && c.slot < p.top {
		cost += costInversion
		switch {
		case c.slot == slotBuilding && p.top == slotStreet, c.slot == slotGroup && p.top == slotHamlet,
			c.slot == slotUnitLabel && p.top <= slotHouseNumber:
			cost -= 15
		case c.slot == slotHouseNumber && p.last == slotStreet && c.marker != nil:
			cost -= 10
		}
	}
	if p.last == slotHouseNumber && c.slot != slotStreet && c.slot != slotAlley {
		cost += costLoneNumber / 2
		if c.slot >= slotCommune {
			cost += costLoneNumber / 2
		}
	}
	return cost
}

func (r *reading) costAtEnd(p *path) int32 {
	if p.last == slotHouseNumber && !r.options.Unfinished {
		return costLoneNumber
	}
	return 0
}

// markGaps notes the words that the likeliest reading does not explain, and
// reports whether there are any worth another look.
func (r *reading) markGaps() bool {
	clear(r.gaps[:])
	if len(r.beams[len(r.atoms)]) == 0 {
		return false
	}
	n, any := len(r.atoms), false
	after := n // where the part behind begins; n where it is explained
	for p := r.beams[n][0]; p > 0; p = r.paths[p].before {
		c := &r.candidates[r.paths[p].candidate]
		if c.slot == slotSilent || c.slot < slotIgnored && c.marker == nil && !c.known || c.slot == slotIgnored && c.known {
			after = n
			continue
		}
		if c.known {
			// The name may go on: Nam Xuân, where Nam Xuân Turng is typed.
			if after < n && r.atoms[after].before < comma {
				r.gaps[c.name] = true
			}
			after = n
			continue
		}
		if r.markGap(c) {
			any, after = true, int(c.from)
		}
	}
	return any
}

// markGap notes the words of one part.
func (r *reading) markGap(c *candidate) bool {
	any := false
	if c.name < c.to && c.slot < slotIgnored {
		r.gaps[c.name] = !r.atoms[c.name].digits
	}
	for i := c.from; i < c.to; i++ {
		if a := &r.atoms[i]; !a.digits && len(a.canon) > 1 || int(i)+1 < len(r.atoms) && r.atoms[i+1].split {
			r.gaps[i] = true
			any = any || i >= c.name
		}
	}
	return any
}

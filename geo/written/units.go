package written

// followUnit proposes the unit whose name follows a marker.
func (r *reading) followUnit(c candidate) {
	known := r.proposeUnits(c)
	a := &r.atoms[c.name]
	if a.digits {
		if len(a.canon) <= 2 && known == 0 && (c.marker.kind == urbanWard || c.marker.kind == urbanDistrict) {
			c.to, c.cost = c.name+1, c.cost+costUnknownNumber
			r.addCandidate(c)
		}
		return
	}
	if c.cost >= costForeignAccents {
		return // Quán is not Quận where the name is not that of a unit either
	}
	if c.slot != slotProvince && (!c.marker.weak || a.before >= dotted) && !r.namesUnit(int(c.name)) {
		r.proposeUnknown(c, known)
	}
}

// namesUnit reports whether the name of a unit of any level stands at an atom
// to the letter.
func (r *reading) namesUnit(at int) bool {
	for i := range r.found[at] {
		if f := &r.found[at][i]; f.list == units && f.edits == 0 && f.rest == 0 {
			return true
		}
	}
	return false
}

// proposeUnits proposes the units of a slot's level whose names stand behind a
// marker or without one: those of the marker's kind, and at a price the others.
func (r *reading) proposeUnits(c candidate) (ends uint64) {
	found := r.found[c.name]
	for i := 0; i < len(found); {
		if found[i].list != units {
			i++
			continue
		}
		end := i
		for end < len(found) && found[end].list == units && found[end].to == found[i].to {
			end++
		}
		if r.proposeUnitsOf(c, found[i:end]) {
			ends |= 1 << found[i].to
		}
		i = end
	}
	return ends
}

func (r *reading) proposeUnitsOf(c candidate, found []lookup) bool {
	proposed := false
	for _, right := range [...]bool{true, false} {
		n := c
		n.to, n.lo, n.known = found[0].to, int32(len(r.matches)), true
		least := int32(1 << 20)
		for i := range found {
			unit := &r.gazetteer.units[found[i].id]
			if slotOf(unit.Level) != c.slot || right != (c.marker == nil || unit.kind == c.marker.kind) {
				continue
			}
			if cost := r.costOfUnit(&c, &found[i], unit); cost >= 0 {
				least = min(least, cost)
				r.matches = append(r.matches, found[i])
			}
		}
		if n.hi = int32(len(r.matches)); n.hi > n.lo {
			n.cost += least
			n.doubtful = c.marker == nil && r.matches[n.lo].edits > 0
			r.addCandidate(n)
			proposed = true
		}
	}
	return proposed
}

// costOfUnit is negative where a name can't be meant.
func (r *reading) costOfUnit(c *candidate, f *lookup, unit *place) int32 {
	cost := r.costOfSpelling(f)
	if c.marker != nil {
		switch {
		case unit.kind == c.marker.kind:
			return cost
		case c.slot == slotCommune:
			return cost + costWrongKind
		case c.slot == slotDistrict && !hasLetters(unit.bare, 1):
			return -1
		}
		return cost + costWrongKind/2 // towns become cities: TX. Dĩ An
	}
	switch {
	case !hasLetters(unit.bare, 2):
		return -1
	case f.initials && (c.slot == slotCommune || isWord(r.atoms[c.name].fold)):
		return -1
	case f.initials && f.to == c.name+1 && len(r.atoms[c.name].fold) < 3:
		cost += costInitials
	}
	return cost + [...]int32{12, 10, 8}[c.slot-slotCommune]
}

// compatible reports whether one of the units of a candidate lies, or ever
// lay, in one of another's, whichever is the larger. Units that nobody knows
// contradict nothing.
func (r *reading) compatible(a, b *candidate) bool {
	if a.slot > b.slot {
		a, b = b, a
	}
	if a.lo == a.hi || b.lo == b.hi || a.slot == b.slot {
		return true
	}
	for _, small := range r.matches[a.lo:a.hi] {
		for _, large := range r.matches[b.lo:b.hi] {
			if r.gazetteer.units[small.id].lies(&r.gazetteer.units[large.id]) {
				return true
			}
		}
	}
	return false
}

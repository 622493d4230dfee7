package written

import (
	"cmp"
	"slices"

	"diachiso/geo/lexicon"
)

// slot is a part as a number, in the order of writing.
type slot uint8

const (
	slotUnitLabel slot = iota
	slotBuilding
	slotHouseNumber
	slotAlley
	slotStreet
	slotGroup
	slotHamlet
	slotCommune
	slotDistrict
	slotProvince
	slotIgnored
	slotSilent // what says nothing: the country, a postcode
)

func slotOf(p Part) slot {
	switch p {
	case UnitLabel:
		return slotUnitLabel
	case Building:
		return slotBuilding
	case HouseNumber:
		return slotHouseNumber
	case Alley:
		return slotAlley
	case Street:
		return slotStreet
	case Group:
		return slotGroup
	case Hamlet:
		return slotHamlet
	case Commune:
		return slotCommune
	case District:
		return slotDistrict
	}
	return slotProvince
}

func (s slot) part() Part {
	return [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet, Commune, District, Province}[s]
}

// candidate is some atoms that may be one part.
type candidate struct {
	from, name, to int16 // name: the first atom behind the marker
	slot           slot
	known          bool  // a name of a vocabulary
	behindUnit     bool  // silent only there
	doubtful       bool  // a unit without a marker that has a typing error
	cost           int32 // 0: without a doubt
	marker         *marker
	lo, hi         int32 // its matches
}

// propose lists everything that the atoms may be.
func (r *reading) propose() {
	r.candidates, r.matches = r.candidates[:0], r.matches[:0]
	for i := range r.atoms {
		r.sortFound(i)
	}
	for i := range r.atoms {
		r.first[i] = int32(len(r.candidates))
		r.proposeMarked(i)
		r.proposeUnmarked(i)
		r.proposeSilent(i)
		r.proposeBeginnings(i)
		r.addCandidate(candidate{from: int16(i), name: int16(i), to: int16(i + 1), slot: slotIgnored, cost: r.costOfIgnoring(i)})
	}
	r.first[len(r.atoms)] = int32(len(r.candidates))
}

// addCandidate counts what is odd about any candidate: a border inside it.
func (r *reading) addCandidate(c candidate) {
	for i := c.from + 1; i < c.to && c.slot != slotHouseNumber && c.slot != slotSilent; i++ {
		if r.border(int(i)) && !(r.atoms[i].digits && r.atoms[i-1].digits && r.atoms[i].before < comma) {
			c.cost += costCommaInside
		}
	}
	r.candidates = append(r.candidates, c)
}

// sortFound groups what begins at an atom by list and end, best first.
func (r *reading) sortFound(at int) {
	slices.SortFunc(r.found[at], func(a, b lookup) int {
		return cmp.Or(cmp.Compare(a.list, b.list), cmp.Compare(a.to, b.to), cmp.Compare(a.edits, b.edits),
			cmp.Compare(a.rest, b.rest), falseFirst(a.initials, b.initials), falseFirst(b.accents, a.accents), cmp.Compare(a.id, b.id))
	})
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// proposeMarked follows every marker that stands at an atom.
func (r *reading) proposeMarked(at int) {
	for _, m := range markers.byWord[r.atoms[at].fold] {
		fits, foreign := m.matches(r.atoms[at:])
		if !fits {
			continue
		}
		cost := int32(0)
		if foreign {
			cost += costForeignAccents
		}
		if r.goesOnAsMarker(m, at) {
			cost += costShortMarker
		}
		r.follow(m, at, at+len(m.words), cost)
	}
	if r.gaps[at] {
		r.proposeMisspelt(at)
	}
}

// goesOnAsMarker reports whether the words of a marker are only the first of
// a longer one: the Khu of Khu phố.
func (r *reading) goesOnAsMarker(m *marker, at int) bool {
	for _, longer := range markers.byWord[m.words[0].fold] {
		if len(longer.words) > len(m.words) && longer.words[len(m.words)].fold != "so" {
			if fits, foreign := longer.matches(r.atoms[at:]); fits && !foreign {
				return true
			}
		}
	}
	return false
}

// proposeMisspelt follows markers of five letters and more with one typing error.
func (r *reading) proposeMisspelt(at int) {
	if r.atoms[at].digits {
		return
	}
	right := len(markers.byWord[r.atoms[at].fold]) > 0 && len(r.atoms[at].fold) < 5
	for _, m := range markers.long {
		for _, words := range [...]int{len(m.words), 1} {
			if at+words > len(r.atoms) || words == 1 && right || words == 1 && len(m.words) > 1 && len(m.key) < 7 {
				continue
			}
			typed := r.key[r.starts[at]:r.ends[at+words-1]]
			if typed != m.key && oneEdit(typed, m.key) {
				r.follow(m, at, at+words, costTypingError)
			}
			if len(m.words) == 1 {
				break
			}
		}
	}
}

// follow proposes what a marker may make of the atoms behind it.
func (r *reading) follow(m *marker, at, name int, cost int32) {
	if name >= len(r.atoms) {
		if r.options.Unfinished {
			r.addCandidate(candidate{from: int16(at), name: int16(name), to: int16(name), slot: slotSilent, cost: costUnfinishedMarker})
		}
		return
	}
	behind := &r.atoms[name]
	if r.border(name) {
		return
	}
	if m.weak && behind.before == glued && !behind.split && !(behind.digits && r.mayBeGlued(m, at)) {
		return
	}
	if m.part == Street && m.kind == generic {
		r.followSecond(at, name, cost)
	}
	c := candidate{from: int16(at), name: int16(name), slot: slotOf(m.part), cost: cost, marker: m}
	if m.weak && behind.before == spaced {
		c.cost += costWeakSpaced
	}
	switch c.slot {
	case slotCommune, slotDistrict, slotProvince:
		r.followUnit(c)
	case slotHouseNumber:
		r.followNumber(c)
	case slotUnitLabel:
		r.followLabel(c)
	default:
		r.followName(c)
	}
}

// followSecond follows the second of two markers: Đường ĐT 741, Đường Quốc lộ
// 13, Đ. Đại lộ Bình Dương.
func (r *reading) followSecond(at, second int, cost int32) {
	for _, m := range markers.byWord[r.atoms[second].fold] {
		if (m.part != Street || m.weak) && m.part != Alley || m.key == "duong" {
			continue
		}
		if fits, foreign := m.matches(r.atoms[second:]); fits && !foreign {
			r.follow(m, at, second+len(m.words), cost)
		}
	}
}

// mayBeGlued: P5, Q1, H12 and Đ30/4 are read, D1 is a name.
func (r *reading) mayBeGlued(m *marker, at int) bool {
	if m.part == Street {
		return slices.ContainsFunc(r.found[at+1], func(f lookup) bool {
			return f.list == streets && f.edits == 0 && isDate(r.lexicon.streets.names[f.id].bare)
		})
	}
	return r.atoms[at].fold != "t" && r.atoms[at].fold != "x"
}

// followName proposes a street, alley, group, hamlet or building behind its marker.
func (r *reading) followName(c candidate) {
	known := r.proposeFound(c)
	for _, end := range r.numbers(int(c.name)) {
		if known&(1<<end.to) == 0 {
			n := c
			n.to, n.cost = int16(end.to), c.cost+end.cost+costOfNumberName(c.slot)
			r.addCandidate(n)
		}
	}
	if c.marker.numberOnly || c.marker.weak && r.atoms[c.name].before < dotted && c.marker.part != Street {
		return
	}
	if c.slot == slotBuilding {
		known |= r.proposeLongerNames(c, known)
	}
	r.proposeUnknown(c, known)
}

// proposeLongerNames finds the buildings whose names only begin as the text
// says: people leave the end out, Chung cư Hoa Sen for Chung cư Hoa Sen Phú
// Cường.
func (r *reading) proposeLongerNames(c candidate, known uint64) (ends uint64) {
	names := r.lexicon.buildings.names
	for to := int(c.name) + 2; to <= len(r.atoms) && to <= int(c.name)+mostUnknownWords && r.close(to-1, dashed); to++ {
		key := r.key[r.starts[c.name]:r.ends[to-1]]
		if known&(1<<to) != 0 || len(key) < shortestBuilding {
			continue
		}
		n := c
		n.to, n.lo, n.known, n.cost = int16(to), int32(len(r.matches)), true, c.cost+costEndLeftOut
		r.lexicon.buildings.trie.Completions(key, 0, func(m lexicon.Match) bool {
			if e := &names[m.Value]; e.kind == c.marker.kind && slices.Contains(e.ends, uint8(len(key))) {
				r.matches = append(r.matches, lookup{list: buildings, to: n.to, id: m.Value, rest: uint8(min(m.Rest, 255)), accents: true})
			}
			return len(r.matches) < int(n.lo)+MaxNames
		})
		if n.hi = int32(len(r.matches)); n.hi > n.lo {
			r.addCandidate(n)
			ends |= 1 << to
		}
	}
	return ends
}

// shortestBuilding is the letters of a name that others may only go on from.
const shortestBuilding = 5

// proposeUnknown takes words as a name that no vocabulary has.
func (r *reading) proposeUnknown(c candidate, known uint64) {
	if c.marker.kind == market && !r.atoms[c.from].hasAccents() {
		return // "cho" is "for" far more often
	}
	base := int32(costUnknownName)
	if c.marker.weak {
		base += costWeakUnknown
	}
	for to := int(c.name); to < len(r.atoms) && to < int(c.name)+mostUnknownWords; to++ {
		a := &r.atoms[to]
		if to > int(c.name) && a.before >= slashed || a.digits && to == int(c.name) {
			return
		}
		if known&(1<<(to+1)) == 0 {
			n := c
			n.to, n.cost = int16(to+1), c.cost+base+costUnknownWord*int32(to-int(c.name))
			r.addCandidate(n)
		}
		if a.digits {
			return
		}
	}
}

const mostUnknownWords = 5

// proposeUnmarked takes atoms for parts that nothing announces.
func (r *reading) proposeUnmarked(at int) {
	c := candidate{from: int16(at), name: int16(at)}
	for _, s := range [...]slot{slotBuilding, slotStreet, slotHamlet} {
		c.slot = s
		r.proposeFound(c)
	}
	for _, s := range [...]slot{slotCommune, slotDistrict, slotProvince} {
		c.slot, c.cost = s, 0
		r.proposeUnits(c)
	}
	r.proposeNumbered(at)
	c.slot = slotHouseNumber
	r.followNumber(c)
	c.slot = slotUnitLabel
	r.followLabel(c)
}

// proposeNumbered takes the name of a unit with a number for a street that no
// vocabulary has: new streets are called so, Đường Vĩnh Phú 10.
func (r *reading) proposeNumbered(at int) {
	for i := range r.found[at] {
		f := &r.found[at][i]
		to := int(f.to)
		if f.list != units || f.edits > 0 || f.initials || f.rest > 0 || !r.close(to, spaced) || !r.atoms[to].digits || len(r.atoms[to].fold) > 2 || r.isStreet(at, to+1) {
			continue
		}
		r.addCandidate(candidate{from: int16(at), name: int16(at), to: int16(to + 1), slot: slotStreet, cost: costNumberedStreet})
	}
}

// isStreet reports whether some atoms are the name of a street to the letter.
func (r *reading) isStreet(at, to int) bool {
	return slices.ContainsFunc(r.found[at], func(f lookup) bool {
		return f.list == streets && int(f.to) == to && f.edits == 0 && f.rest == 0
	})
}

// proposeFound proposes the names of the vocabulary of a slot that stand
// behind a marker or without one, and returns the set of their ends.
func (r *reading) proposeFound(c candidate) (ends uint64) {
	var l list
	switch c.slot {
	case slotStreet:
		l = streets
	case slotHamlet:
		l = hamlets
	case slotBuilding:
		l = buildings
	default:
		return 0
	}
	names := r.lexicon.of(l.part()).names
	found := r.found[c.name]
	for i := 0; i < len(found); {
		if found[i].list != l {
			i++
			continue
		}
		n := c
		n.to, n.lo, n.known = found[i].to, int32(len(r.matches)), true
		least := int32(1 << 20)
		for ; i < len(found) && found[i].list == l && found[i].to == n.to; i++ {
			if cost := r.costOfName(&c, &found[i], &names[found[i].id]); cost >= 0 {
				least = min(least, cost)
				r.matches = append(r.matches, found[i])
			}
		}
		n.hi = int32(len(r.matches))
		if n.hi > n.lo {
			n.cost += least
			r.addCandidate(n)
			ends |= 1 << n.to
		}
	}
	return ends
}

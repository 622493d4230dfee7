package written

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addresses writes the likeliest readings down, each once.
func (r *reading) addresses() []Address {
	list := make([]Address, 0, mostAnswers)
	best := int32(0)
	for _, p := range r.beams[len(r.atoms)] {
		cost := r.paths[p].cost
		if len(list) == 0 {
			best = cost
		}
		if cost > best+farBehind || len(list) == mostAnswers {
			break
		}
		a := r.address(p)
		if len(list) > 0 && len(strings.Join(a.Ignored, "")) > len(strings.Join(list[0].Ignored, "")) {
			continue // worse, and nothing that the best one lacks
		}
		if a.empty() && len(r.beams[len(r.atoms)]) > 1 {
			continue
		}
		if !slices.ContainsFunc(list, func(b Address) bool { return sameReading(&a, &b) }) {
			list = append(list, a)
		}
	}
	return list
}

// farBehind is how much more than the likeliest reading another may cost.
const farBehind = 130

func (r *reading) address(at int32) Address {
	a := Address{Score: score(r.paths[at].cost)}
	var steps []*candidate
	for p := at; p > 0; p = r.paths[p].before {
		steps = append(steps, &r.candidates[r.paths[p].candidate])
	}
	slices.Reverse(steps)
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && steps[end].slot == steps[i].slot && steps[i].slot != slotCommune {
			end++
		}
		r.write(&a, steps[i:end], steps)
		i = end
	}
	if r.rest < len(r.text) {
		a.Ignored = append(a.Ignored, strings.TrimSpace(r.text[r.rest:]))
	}
	r.doorInAlley(&a, steps)
	r.contradict(&a, steps)
	return a
}

// doorInAlley reads Hẻm 41/5 as number 41/5, which lies in Hẻm 41, where no
// other number is named.
func (r *reading) doorInAlley(a *Address, steps []*candidate) {
	if a.HouseNumber.Given != "" {
		return
	}
	var alley *candidate
	for _, c := range steps {
		if c.slot == slotAlley && alley != nil {
			return
		} else if c.slot == slotAlley {
			alley = c
		}
	}
	if alley == nil || !r.atoms[alley.name].digits {
		return
	}
	to := int(alley.name) + 1
	for to < int(alley.to) && r.atoms[to].before != slashed {
		to++
	}
	if to == int(alley.to) {
		return
	}
	door := candidate{name: alley.name, to: alley.to, slot: slotHouseNumber}
	a.HouseNumber = Component{Given: r.span(int(alley.name), int(alley.to)), Text: r.standardNumber(&door)}
	one := *alley
	one.to = int16(to)
	a.Alley = Component{Given: r.span(int(one.from), to), Text: r.standardOne(&one)}
}

// score is 1 without a doubt and falls with every oddity.
func score(cost int32) float64 { return math.Exp(-float64(cost) / 300) }

// write writes neighbours of one slot down.
func (r *reading) write(a *Address, same, all []*candidate) {
	first, last := same[0], same[len(same)-1]
	given := r.span(int(first.from), int(max(last.to, first.from+1)))
	switch first.slot {
	case slotSilent:
	case slotIgnored:
		a.Ignored = append(a.Ignored, given)
	case slotCommune, slotDistrict, slotProvince:
		a.Units = append(a.Units, Mention{Level: first.slot.part(), Given: given, Units: r.unitMatches(first, all)})
	default:
		c := a.Component(first.slot.part())
		c.Given = given
		c.Text = r.standard(same)
		c.Names = r.nameMatches(first)
	}
}

func (r *reading) nameMatches(c *candidate) []Match {
	found := slices.Clone(r.matches[c.lo:c.hi])
	if c.marker != nil && len(found) > 1 {
		names := r.lexicon.of(c.slot.part()).names
		slices.SortStableFunc(found, func(a, b lookup) int {
			return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(a.rest, b.rest),
				falseFirst(names[a.id].kind != c.marker.kind, names[b.id].kind != c.marker.kind))
		})
	}
	list := make([]Match, 0, min(len(found), MaxNames))
	for _, f := range found[:min(len(found), MaxNames)] {
		list = append(list, Match{ID: f.id, Edits: int(f.edits), Rest: int(f.rest), Accents: f.accents})
	}
	return list
}

// unitMatches lists the units that agree with the others named, or all where
// none does.
func (r *reading) unitMatches(c *candidate, all []*candidate) []UnitMatch {
	var list []UnitMatch
	for _, agreeing := range [...]bool{true, false} {
		for _, f := range r.matches[c.lo:c.hi] {
			if !agreeing || r.agrees(c, f, all) {
				list = append(list, UnitMatch{ID: r.gazetteer.units[f.id].ID, Edits: int(f.edits), Rest: int(f.rest), Accents: f.accents})
			}
		}
		if len(list) > 0 {
			break
		}
	}
	return list
}

func (r *reading) agrees(c *candidate, f lookup, all []*candidate) bool {
	at := slices.Index(r.matches[c.lo:c.hi], f)
	one := *c
	one.lo, one.hi = c.lo+int32(at), c.lo+int32(at)+1
	for _, other := range all {
		if other != c && other.slot >= slotCommune && other.slot <= slotProvince && !r.compatible(&one, other) {
			return false
		}
	}
	return true
}

// contradict notes the units that can't both be true.
func (r *reading) contradict(a *Address, steps []*candidate) {
	for i, c := range steps {
		if c.slot < slotCommune || c.slot > slotProvince {
			continue
		}
		for _, other := range steps[i+1:] {
			if other.slot >= slotCommune && other.slot <= slotProvince && !r.compatible(c, other) {
				pair := [2]Part{min(c.slot, other.slot).part(), max(c.slot, other.slot).part()}
				a.Contradictions = append(a.Contradictions, pair)
			}
		}
	}
}

// standard writes a component as the registry does.
func (r *reading) standard(same []*candidate) string {
	texts := make([]string, len(same))
	for i, c := range same {
		texts[i] = r.standardOne(c)
	}
	if same[0].slot == slotAlley {
		return strings.Join(texts, " ")
	}
	return strings.Join(texts, ", ")
}

func (r *reading) standardOne(c *candidate) string {
	if c.known && c.hi > c.lo {
		if best := r.nameMatches(c)[0]; best.Rest == 0 {
			return r.spellingOf(c, &r.lexicon.of(c.slot.part()).names[best.ID])
		}
	}
	if c.slot == slotHouseNumber || c.slot == slotUnitLabel {
		return withMarker(c, r.standardNumber(c))
	}
	if c.marker == nil && c.slot == slotStreet && !c.known {
		return "Đường " + r.standardName(c)
	}
	return withMarker(c, r.standardName(c))
}

func withMarker(c *candidate, rest string) string {
	if c.marker == nil || c.marker.text == "" {
		return rest
	}
	if rest == "" {
		return c.marker.text
	}
	return c.marker.text + " " + rest
}

// spellingOf is a name of the vocabulary with the accents that were typed, if
// it is ever written with them.
func (r *reading) spellingOf(c *candidate, e *entry) string {
	if len(e.spellings) > 1 {
		given := accentedOf(r.atoms[c.name:c.to])
		for _, s := range e.spellings {
			if s.accented == given {
				return s.text
			}
		}
	}
	return e.spellings[0].text
}

// standardNumber is a number in capitals, with no space around its slashes and
// no zeros before a plain house number.
func (r *reading) standardNumber(c *candidate) string {
	var b strings.Builder
	for i := int(c.name); i < int(c.to); i++ {
		a := &r.atoms[i]
		if i > int(c.name) {
			b.WriteString(r.standardJoint(c, i))
		}
		switch {
		case a.fold == "bis" || a.fold == "ter":
			b.WriteString(" " + a.fold)
		case c.slot == slotHouseNumber && (c.marker == nil || c.marker.kind == numbered):
			b.WriteString(strings.ToUpper(a.canon))
		case len(a.fold) > 2 && !a.digits:
			b.WriteString(a.accented)
		default:
			b.WriteString(strings.ToUpper(a.accented))
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "  ", " "))
}

func (r *reading) standardJoint(c *candidate, at int) string {
	a, lots := &r.atoms[at], c.marker != nil && c.marker.kind == lot
	switch a.before {
	case slashed:
		return "/"
	case dashed:
		if lots {
			return " - "
		}
		if !a.digits {
			return ""
		}
		return "-"
	case dotted:
		return "."
	case comma:
		return ","
	case spaced:
		if lots {
			return " "
		}
	}
	return ""
}

// standardName writes words that were typed without capitals with them.
func (r *reading) standardName(c *candidate) string {
	var b strings.Builder
	for i := int(c.name); i < int(c.to); i++ {
		a := &r.atoms[i]
		if i > int(c.name) {
			b.WriteString(nameJoint(a.before))
		}
		word := a.typed
		if word == "" {
			word = r.span(i, i+1)
		}
		beside := i+1 < int(c.to) && r.atoms[i+1].before == glued || a.before == glued && i > int(c.name)
		if beside || a.digits {
			b.WriteString(strings.ToUpper(word))
			continue
		}
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(strings.ToLower(word[size:]))
	}
	return b.String()
}

func nameJoint(j joint) string {
	return [...]string{glued: "", spaced: " ", dotted: ".", dashed: "-", slashed: "/", comma: ", "}[j]
}

// empty reports whether a reading says nothing: a marker that is still typed.
func (a *Address) empty() bool {
	return len(a.Units) == 0 && len(a.Ignored) == 0 && sameReading(a, &Address{})
}

// sameReading compares what two readings say; the span of a marker may differ.
func sameReading(a, b *Address) bool {
	for _, p := range [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet} {
		if a.Component(p).Text != b.Component(p).Text {
			return false
		}
	}
	return slices.EqualFunc(a.Units, b.Units, func(x, y Mention) bool {
		return x.Level == y.Level && slices.Equal(x.Units, y.Units) && (len(x.Units) > 0 || x.Given == y.Given)
	})
}

package written

import (
	"slices"
	"strings"

	"diachiso/geo/lexicon"
)

// lookup is a name of a vocabulary that stands at some atoms.
type lookup struct {
	list     list
	to       int16 // the atom behind it
	edits    uint8
	initials bool // only its initials stand there
	accents  bool
	rest     uint8
	id       int32
}

// list is a vocabulary.
type list uint8

const (
	streets list = iota
	hamlets
	buildings
	units
	lists
)

func (l list) part() Part { return [...]Part{Street, Hamlet, Building, ""}[l] }

// Words and letters of the longest name looked for.
const (
	mostWords   = 12
	mostLetters = 60
)

func (r *reading) trie(l list) *lexicon.Trie {
	if l == units {
		return &r.gazetteer.trie
	}
	return &r.lexicon.of(l.part()).trie
}

// lookUpExactly finds the names that stand at every atom to the letter.
func (r *reading) lookUpExactly() {
	for i := range r.atoms {
		for l := range lists {
			r.lookUp(l, i, 0)
		}
		r.lookUpInitials(i)
	}
	if r.options.Unfinished {
		r.complete(0)
	}
}

// lookUp adds the names with at most so many typing errors that begin at an atom.
func (r *reading) lookUp(l list, at, edits int) {
	from := r.starts[at]
	r.window = r.window[:0]
	for i := at; i < len(r.atoms) && i < at+mostWords && r.ends[i]-from <= mostLetters; i++ {
		r.window = append(r.window, r.ends[i]-from)
	}
	if len(r.window) == 0 {
		return
	}
	limit := func(letters int) int { return min(edits, tolerated(letters)) }
	r.trie(l).Prefixes(r.key[from:], r.window, limit, func(m lexicon.Match) bool {
		to := at + 1
		for to < len(r.atoms) && r.ends[to-1]-from < m.End {
			to++
		}
		r.addFound(at, lookup{list: l, to: int16(to), edits: uint8(m.Edits), id: m.Value})
		return true
	})
}

// tolerated is the number of typing errors that a name of so many letters may
// have.
func tolerated(letters int) int {
	switch {
	case letters < 5:
		return 0
	case letters < 9:
		return 1
	}
	return 2
}

func (r *reading) addFound(at int, f lookup) {
	for i := range r.found[at] {
		if old := &r.found[at][i]; old.list == f.list && old.id == f.id && old.to == f.to {
			return
		}
	}
	if f.edits > 1 && !r.mayBeMistyped(at, &f) {
		return
	}
	f.accents = r.sameAccents(at, &f)
	r.found[at] = append(r.found[at], f)
}

// mayBeMistyped reports whether two typing errors lie where they may.
func (r *reading) mayBeMistyped(at int, f *lookup) bool {
	typed := r.key[r.starts[at]:r.ends[f.to-1]]
	if f.list == units {
		p := &r.gazetteer.units[f.id]
		return mayHoldBoth(p.bare, typed, p.ends, f.rest > 0)
	}
	e := &r.lexicon.of(f.list.part()).names[f.id]
	return e.spelled || mayHoldBoth(e.bare, typed, e.ends, f.rest > 0)
}

// lookUpInitials finds names of which only the initials stand at an atom, with
// a number glued to them or not: NTMK, CMT8, TDM.
func (r *reading) lookUpInitials(at int) {
	a := &r.atoms[at]
	if a.digits || len(a.fold) < 2 || len(a.fold) > 8 || strings.ReplaceAll(a.accented, "đ", "d") != a.fold {
		return // initials have no accents: Đà is not Dĩ An
	}
	to := at + 1
	r.addInitials(at, to, a.fold)
	if to < len(r.atoms) && r.atoms[to].digits && r.atoms[to].before <= dotted {
		r.addInitials(at, to+1, r.key[r.starts[at]:r.ends[to]])
	}
}

func (r *reading) addInitials(at, to int, key string) {
	for _, l := range [...]list{streets, buildings} {
		for _, id := range r.lexicon.of(l.part()).initials[key] {
			r.addFound(at, lookup{list: l, to: int16(to), id: id, initials: true})
		}
	}
	for _, id := range r.gazetteer.initials[key] {
		r.addFound(at, lookup{list: units, to: int16(to), id: id, initials: true})
	}
}

// mostTail is the most atoms at the end of a text that may begin a name.
const mostTail = 6

// complete finds names that the end of the text may be the beginning of.
func (r *reading) complete(edits int) {
	n := len(r.atoms)
	for at := n - 1; at >= 0 && at >= n-mostTail; at-- {
		tail := r.key[r.starts[at]:]
		letters := len(tail)
		if (letters >= 2 || at > 0 && !r.atoms[at-1].digits) && letters <= mostLetters {
			for l := range lists {
				r.completeIn(l, at, tail, min(edits, tolerated(letters)))
			}
		}
		if r.atoms[at].before >= comma {
			break
		}
	}
	if a := &r.atoms[n-1]; edits == 0 && !a.digits && len(a.fold) >= shortestInitials && !a.hasAccents() {
		r.completeInitials(streets, n-1)
		r.completeInitials(buildings, n-1)
	}
}

// shortestInitials is the least letters of initials that may go on: cmt.
const shortestInitials = 3

func (r *reading) completeInitials(l list, at int) {
	seen := 0
	r.lexicon.of(l.part()).short.Completions(r.atoms[at].fold, 0, func(m lexicon.Match) bool {
		if m.Rest > 0 {
			r.addFound(at, lookup{list: l, to: int16(at + 1), id: m.Value, initials: true, rest: uint8(m.Rest)})
			seen++
		}
		return seen < MaxNames
	})
}

func (r *reading) completeIn(l list, at int, tail string, edits int) {
	seen := 0
	r.trie(l).Completions(tail, edits, func(m lexicon.Match) bool {
		if m.Rest == 0 && m.Edits == 0 {
			return true // found as a whole name already
		}
		r.addFound(at, lookup{list: l, to: int16(len(r.atoms)), edits: uint8(m.Edits), rest: uint8(min(m.Rest, 255)), id: m.Value})
		seen++
		return seen < MaxNames
	})
}

// lookUpLoosely looks names with typing errors up where words are unexplained,
// and reports whether there are new ones.
func (r *reading) lookUpLoosely(edits int) bool {
	before, tries := r.countFound(), 0
	for i := range r.atoms {
		if r.atoms[i].digits || !r.gaps[i] || tries == mostLooseStarts/edits {
			continue
		}
		tries++
		for l := range lists {
			r.lookUp(l, i, edits)
		}
	}
	if n := len(r.atoms); r.options.Unfinished && slices.Contains(r.gaps[max(n-mostTail, 0):n], true) {
		r.complete(edits)
	}
	return r.countFound() > before || edits == 1
}

// mostLooseStarts bounds the searches with one typing error in a text.
const mostLooseStarts = 8

func (r *reading) countFound() int {
	n := 0
	for i := range r.atoms {
		n += len(r.found[i])
	}
	return n
}

// sameAccents reports whether the accents typed are those of the name, or none
// were typed. A typing error may be one in an accent.
func (r *reading) sameAccents(at int, f *lookup) bool {
	typed := r.atoms[at:f.to]
	plain := true
	for i := range typed {
		plain = plain && !typed[i].hasAccents()
	}
	if plain || f.initials {
		return true
	}
	given := accentedOf(typed)
	if f.list == units {
		return near(given, r.gazetteer.units[f.id].accented, f)
	}
	for _, s := range r.lexicon.of(f.list.part()).names[f.id].spellings {
		if near(given, s.accented, f) {
			return true
		}
	}
	return false
}

func near(given, accented string, f *lookup) bool {
	if f.edits == 0 && f.rest == 0 {
		return given == accented
	}
	return beginsLike([]rune(accented), []rune(given), int(f.edits), f.rest > 0)
}

// beginsLike reports whether a text is a name, or where part is set the
// beginning of one, but for so many edits: optimal string alignment.
func beginsLike(name, given []rune, edits int, part bool) bool {
	width := len(name) + 1
	rows := make([]int, 3*width)
	earlier, before, row := rows[:width], rows[width:2*width], rows[2*width:]
	for j := range row {
		row[j] = j
	}
	for i, g := range given {
		earlier, before, row = before, row, earlier
		row[0] = i + 1
		for j, n := range name {
			cost := before[j]
			if g != n {
				cost++
			}
			if i > 0 && j > 0 && g == name[j-1] && given[i-1] == n {
				cost = min(cost, earlier[j-1]+1)
			}
			row[j+1] = min(cost, row[j]+1, before[j+1]+1)
		}
	}
	if !part {
		return row[len(name)] <= edits
	}
	return slices.Min(row) <= edits
}

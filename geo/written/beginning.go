package written

import "strings"

// mostBegun is the most atoms of a marker that is still being typed.
const mostBegun = 4

// proposeBeginnings takes the end of a text that is still typed for the
// beginning of a word that stands before names: "ql" and "quoc l" may become
// any Quốc lộ, "cho" any Chợ.
func (r *reading) proposeBeginnings(at int) {
	typed := r.lettersToEnd(at)
	if len(typed) < 2 {
		return
	}
	seen := ""
	for _, m := range markers.byLetter[typed[0]] {
		v := r.lexicon.of(m.part)
		if v == nil || m.text == seen || !strings.HasPrefix(m.key, typed) || !m.begunBy(r.atoms[at:]) {
			continue
		}
		ids := v.byMarker[m.text]
		if len(ids) == 0 {
			continue
		}
		seen = m.text
		n := int16(len(r.atoms))
		c := candidate{from: int16(at), name: n, to: n, slot: slotOf(m.part), marker: m, known: true, lo: int32(len(r.matches)), cost: costBegunMarker}
		missing := len(m.key) - len(typed)
		if missing > 0 {
			c.cost += costUnfinished
		}
		for _, id := range ids {
			rest := min(missing+len(v.names[id].bare), 255)
			r.matches = append(r.matches, lookup{list: listOf(m.part), to: n, id: id, rest: uint8(rest), accents: true})
		}
		c.hi = int32(len(r.matches))
		r.addCandidate(c)
	}
}

func listOf(p Part) list {
	switch p {
	case Street:
		return streets
	case Hamlet:
		return hamlets
	}
	return buildings
}

// lettersToEnd joins the words from an atom to the end of a text; empty where
// there are too many or something else is among them.
func (r *reading) lettersToEnd(at int) string {
	if !r.options.Unfinished || at < len(r.atoms)-mostBegun {
		return ""
	}
	for i := at; i < len(r.atoms); i++ {
		if r.atoms[i].digits || i > at && r.atoms[i].before > dotted {
			return ""
		}
	}
	return r.key[r.starts[at]:]
}

// begunBy reports whether atoms are the first words of a marker, the last of
// them perhaps not to its end, with accents that are its own.
func (m *marker) begunBy(atoms []atom) bool {
	if len(atoms) > len(m.words) || len(atoms) == 1 && strings.HasPrefix("duong", atoms[0].fold) { // any street
		return false
	}
	for i := range atoms {
		word, typed := &m.words[i], &atoms[i]
		whole := typed.fold == word.fold || i == len(atoms)-1 && strings.HasPrefix(word.fold, typed.fold)
		accents := !typed.hasAccents() || strings.HasPrefix(word.accented, typed.accented)
		if !whole || !accents {
			return false
		}
	}
	return true
}

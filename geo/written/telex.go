package written

import (
	"strings"

	"diachiso/geo/text"
)

// readTelex reads the unexplained words as keys of the Telex typing method
// that a slip left in the text ("dduwowngf" is đường), where that explains more.
func (r *reading) readTelex() {
	before := append([]atom(nil), r.atoms...)
	changed := false
	for i := range r.atoms {
		if a := &r.atoms[i]; r.gaps[i] {
			if word, ok := telex(r.span(i, i+1)); ok {
				a.typed, a.fold = word, unspaced(text.Fold(word))
				a.canon, a.accented = a.fold, unspaced(text.Accented(word))
				changed = true
			}
		}
	}
	if !changed {
		return
	}
	spellMonths(r.atoms)
	spellInitials(r.atoms)
	cost := r.best()
	r.index()
	r.lookUpExactly()
	r.segment()
	if r.best()+costTelex <= cost {
		return
	}
	copy(r.atoms, before)
	r.index()
	r.lookUpExactly()
	r.segment()
}

// telex also reads the Đ of an abbreviation: ddT, ddX.
func telex(word string) (string, bool) {
	if read, ok := text.Telex(word); ok {
		return read, true
	}
	if len(word) > 1 && len(word) < 5 && strings.EqualFold(word[:2], "dd") {
		return "Đ" + word[2:], true
	}
	return "", false
}

// costTelex is what a reading in Telex must be better by.
const costTelex = 10

// best is the cost of the likeliest reading.
func (r *reading) best() int32 { return r.paths[r.beams[len(r.atoms)][0]].cost }

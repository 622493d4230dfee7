package written

import (
	"strings"
	"unicode/utf8"

	"diachiso/geo/lexicon"
)

// splitMarkers takes words apart that begin with a marker: "duongyersin",
// "P" and the name in "pphuhoa". Only where a name of a vocabulary follows.
func (r *reading) splitMarkers() {
	for i := 0; i < len(r.atoms) && len(r.atoms) < maxAtoms; i++ {
		if a := &r.atoms[i]; a.digits || len(a.fold) < shortestSplit || a.canon != a.fold {
			continue
		}
		if size := r.markerInside(i); size > 0 {
			r.splitAtom(i, size)
			i++
		}
	}
}

// Letters of the shortest word that is taken apart (TPHCM), and of the shortest
// name behind one letter.
const (
	shortestSplit = 4
	shortestName  = 4
)

// markerInside is the length of the marker that an atom begins with; 0: none.
func (r *reading) markerInside(at int) int {
	word := r.atoms[at].fold
	if word[0] >= utf8.RuneSelf {
		return 0
	}
	if at > 0 && r.atoms[at-1].digits && r.atoms[at].before == glued && isLongMarker(word[1:]) {
		return 1 // 83AĐường
	}
	if size := r.lastWordInside(at); size > 0 {
		return size
	}
	for _, m := range markers.byLetter[word[0]] {
		shortest := 2
		if len(m.key) == 1 {
			shortest = shortestName
		}
		if !strings.HasPrefix(word, m.key) || len(word)-len(m.key) < shortest || len(m.key) == 1 && nearMarker(word) {
			continue
		}
		if r.nameFollows(m.part, at, len(m.key)) && (r.spelledAs(m, at) || !r.wordStands(at)) {
			return len(m.key)
		}
	}
	return 0
}

// nearMarker reports whether a word is rather a misspelt marker: Phưng is no
// P. Hưng.
func nearMarker(word string) bool {
	for _, m := range markers.long {
		if len(m.words) == 1 && oneEdit(word, m.key) {
			return true
		}
	}
	return false
}

func isLongMarker(word string) bool {
	return len(word) >= shortestName && len(markers.byWord[word]) > 0
}

// lastWordInside is the length of the second word of a marker that is glued to
// the name: "Thành phốHồ Chí Minh".
func (r *reading) lastWordInside(at int) int {
	if at == 0 || r.atoms[at].before != spaced {
		return 0
	}
	for _, m := range markers.byWord[r.atoms[at-1].fold] {
		if len(m.words) != 2 {
			continue
		}
		last := m.words[1].fold
		if rest := len(r.atoms[at].fold) - len(last); rest >= 2 && strings.HasPrefix(r.atoms[at].fold, last) && r.nameFollows(m.part, at, len(last)) {
			return len(last)
		}
	}
	return 0
}

func (r *reading) nameFollows(part Part, at, skip int) bool {
	switch part {
	case Street:
		return r.standsAt(&r.lexicon.streets.trie, at, skip)
	case Hamlet:
		return r.standsAt(&r.lexicon.hamlets.trie, at, skip)
	case Building:
		return r.standsAt(&r.lexicon.buildings.trie, at, skip)
	case Commune, District, Province:
		return len(r.gazetteer.initials[r.atoms[at].fold[skip:]]) > 0 || r.standsAt(&r.gazetteer.trie, at, skip)
	}
	return false
}

// spelledAs reports whether an atom begins with a marker that has accents, and
// has them typed.
func (r *reading) spelledAs(m *marker, at int) bool {
	word := m.words[0].accented
	return len(m.words) == 1 && m.words[0].hasAccents() && len(m.key) > 1 && strings.HasPrefix(r.atoms[at].accented, word)
}

// wordStands reports whether the whole word begins a name anyway.
func (r *reading) wordStands(at int) bool {
	return r.standsAt(&r.lexicon.streets.trie, at, 0) || r.standsAt(&r.gazetteer.trie, at, 0)
}

// standsAt reports whether a name begins so many bytes inside an atom and ends
// with it or with one behind it.
func (r *reading) standsAt(trie *lexicon.Trie, at, skip int) bool {
	r.buffer = append(r.buffer[:0], r.atoms[at].fold[skip:]...)
	r.window = append(r.window[:0], len(r.buffer))
	for i := at + 1; i < len(r.atoms) && i < at+mostWords/2 && r.atoms[i].before < comma; i++ {
		if c := numberJoint(&r.atoms[i-1], &r.atoms[i]); c != 0 {
			r.buffer = append(r.buffer, c)
		}
		r.buffer = append(r.buffer, r.atoms[i].canon...)
		r.window = append(r.window, len(r.buffer))
	}
	found := false
	trie.Prefixes(string(r.buffer), r.window, none, func(lexicon.Match) bool {
		found = true
		return false
	})
	return found
}

func none(int) int { return 0 }

// splitAtom makes two atoms of one behind so many letters.
func (r *reading) splitAtom(at, letters int) {
	a := r.atoms[at]
	cut := a.from
	for range letters {
		_, size := utf8.DecodeRuneInString(r.text[cut:])
		cut += size
	}
	if utf8.RuneCountInString(r.text[a.from:a.to]) != len(a.fold) || utf8.RuneCountInString(a.accented) != len(a.fold) {
		return
	}
	accents := []rune(a.accented)
	r.atoms = append(r.atoms, atom{})
	copy(r.atoms[at+2:], r.atoms[at+1:])
	r.atoms[at] = atom{from: a.from, to: cut, fold: a.fold[:letters], canon: a.fold[:letters],
		accented: string(accents[:letters]), before: a.before}
	r.atoms[at+1] = atom{from: cut, to: a.to, fold: a.fold[letters:], canon: a.fold[letters:],
		accented: string(accents[letters:]), split: true}
}

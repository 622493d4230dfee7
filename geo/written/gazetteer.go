package written

import (
	"slices"

	"diachiso/geo/lexicon"
)

// Gazetteer is the admin units of all eras. It never changes, so it may be
// used from anywhere.
type Gazetteer struct {
	trie     lexicon.Trie // values are places in units
	units    []place
	initials map[string][]int32
}

// place is a unit as the reader knows it.
type place struct {
	Unit
	kind     kind
	accented string
	bare     string
	ends     []uint8 // of its words in bare
}

// NewGazetteer reads the names of units. Several may have one name, and one
// unit may come in several periods.
func NewGazetteer(units []Unit) *Gazetteer {
	g := &Gazetteer{initials: map[string][]int32{}}
	for _, u := range units {
		atoms, _ := cut(clean(u.Name), nil)
		if len(atoms) == 0 {
			continue
		}
		g.add(u, atoms)
	}
	return g
}

func (g *Gazetteer) add(u Unit, atoms []atom) {
	id := int32(len(g.units))
	p := place{Unit: u, bare: string(compact(atoms, nil)), accented: accentedOf(atoms), kind: kindOfUnit(u), ends: endsOf(atoms)}
	p.Within = slices.Clone(u.Within)
	slices.Sort(p.Within)
	g.units = append(g.units, p)
	g.trie.Add(p.bare, id)
	for _, other := range otherNames(p.bare) {
		g.trie.Add(other, id)
	}
	if roman := withRomanNumber(atoms); roman != "" {
		g.trie.Add(roman, id)
	}
	if initials := initials(atoms); len(initials) > 1 {
		g.initials[initials] = append(g.initials[initials], id)
	}
}

// initials is "tdm" of Thủ Dầu Một and "bd" of Bình Dương.
func initials(atoms []atom) string {
	var b []byte
	for i := range atoms {
		b = append(b, atoms[i].canon[0])
	}
	return string(b)
}

// kindOfUnit reads the word for a kind of unit.
func kindOfUnit(u Unit) kind {
	atoms, _ := cut(clean(u.Kind), nil)
	if len(atoms) == 0 {
		return generic
	}
	for _, m := range markers.byWord[atoms[0].fold] {
		if fits, _ := m.matches(atoms); fits && m.part == u.Level && len(m.words) == len(atoms) {
			return m.kind
		}
	}
	return generic
}

// otherNames are names that people use beside the official one.
func otherNames(bare string) []string {
	switch bare {
	case "hochiminh":
		return []string{"saigon", "hochiminhcity", "sg", "hcmc"}
	case "hanoi":
		return []string{"hn"}
	}
	return nil
}

// withRomanNumber is the key of Cây Trường II with a plain 2; empty where the
// name does not end in a small roman number.
func withRomanNumber(atoms []atom) string {
	last := len(atoms) - 1
	number := map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}[atoms[last].fold]
	if number == "" || last == 0 {
		return ""
	}
	return string(compact(atoms[:last], nil)) + number
}

// lies reports whether one unit lies, or ever lay, in another.
func (p *place) lies(in *place) bool {
	_, found := slices.BinarySearch(p.Within, in.ID)
	return found
}

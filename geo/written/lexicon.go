package written

import (
	"slices"

	"diachiso/geo/lexicon"
)

// Lexicon is the names of streets, hamlets and buildings in use. It only
// grows. Adding must not run beside anything else; any number of Parse may run
// together.
type Lexicon struct {
	streets, hamlets, buildings vocabulary
}

// NewLexicon returns an empty lexicon.
func NewLexicon() *Lexicon { return new(Lexicon) }

// vocabulary is the names of one part.
type vocabulary struct {
	trie     lexicon.Trie       // by the name without its kind
	short    lexicon.Trie       // by the initials of the name
	byMarker map[string][]int32 // by the word before the name, at most MaxNames
	names    []entry
	byKey    map[string]int32
	initials map[string][]int32
}

// entry is a name with all the ways its accents are written: Thanh An and
// Thạnh An are one entry.
type entry struct {
	kind      kind
	bare      string
	ends      []uint8    // of its words in bare
	spelled   bool       // known by another key too
	spellings []spelling // the first added first
}

// spelling is one way to write the accents of a name.
type spelling struct {
	text     string // the whole name
	accented string // the name without its kind
}

// Add adds a name of a Street, Hamlet or Building and returns its number:
// dense from 0 in its part; equal for names with equal keys. It is -1 for
// other parts and for names without a letter or digit.
func (l *Lexicon) Add(part Part, name string) int32 {
	v := l.of(part)
	if v == nil {
		return -1
	}
	n, ok := readName(part, name)
	if !ok {
		return -1
	}
	if id, known := v.byKey[n.key()]; known {
		v.names[id].addSpelling(clean(name), n.accented)
		return id
	}
	return v.add(n, clean(name))
}

func (e *entry) addSpelling(text, accented string) {
	if !slices.ContainsFunc(e.spellings, func(s spelling) bool { return s.accented == accented }) {
		e.spellings = append(e.spellings, spelling{text, accented})
	}
}

func (v *vocabulary) add(n name, text string) int32 {
	if v.byKey == nil {
		v.byKey, v.initials, v.byMarker = map[string]int32{}, map[string][]int32{}, map[string][]int32{}
	}
	id := int32(len(v.names))
	v.names = append(v.names, entry{kind: n.kind, bare: n.bare, ends: n.ends, spelled: n.spelled != "", spellings: []spelling{{text, n.accented}}})
	v.byKey[n.key()] = id
	v.trie.Add(n.bare, id)
	v.trie.Add(n.spelled, id)
	if list := v.byMarker[n.marker]; n.marker != "" && n.marker != "Đường" && len(list) < MaxNames {
		v.byMarker[n.marker] = append(list, id)
	}
	if n.initials != "" {
		v.short.Add(n.initials, id)
		v.initials[n.initials] = append(v.initials[n.initials], id)
	}
	return id
}

func (l *Lexicon) of(part Part) *vocabulary {
	switch part {
	case Street:
		return &l.streets
	case Hamlet:
		return &l.hamlets
	case Building:
		return &l.buildings
	}
	return nil
}

// Len is the number of names of a part.
func (l *Lexicon) Len(part Part) int {
	if v := l.of(part); v != nil {
		return len(v.names)
	}
	return 0
}

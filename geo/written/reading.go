package written

import (
	"sync"
)

// reading is one text while it is taken apart. Its memory is used again.
type reading struct {
	gazetteer *Gazetteer
	lexicon   *Lexicon
	options   Options

	text   string // clean
	atoms  []atom
	rest   int    // where the text goes on beyond the atoms
	key    string // all atoms, compact
	starts []int  // of each atom in key
	ends   []int
	window []int // ends as a search wants them
	buffer []byte

	found      [maxAtoms][]lookup // by first atom
	candidates []candidate
	first      [maxAtoms + 1]int32 // candidates that begin at an atom
	matches    []lookup            // of all candidates
	gaps       [maxAtoms]bool

	paths  []path
	beams  [maxAtoms + 1][]int32
	finals []int32
}

var readings = sync.Pool{New: func() any { return new(reading) }}

// begin cuts the text; false when there is nothing to read.
func (r *reading) begin(s string, g *Gazetteer, l *Lexicon, o Options) bool {
	r.gazetteer, r.lexicon, r.options = g, l, o
	r.text = clean(s)
	r.atoms, r.rest = cut(r.text, r.atoms[:0])
	r.splitMarkers()
	r.index()
	return len(r.atoms) > 0
}

// index writes the key of all atoms and looks every name up that stands in it
// to the letter.
func (r *reading) index() {
	r.starts, r.ends, r.buffer = r.starts[:0], r.ends[:0], r.buffer[:0]
	for i := range r.atoms {
		if i > 0 {
			if c := numberJoint(&r.atoms[i-1], &r.atoms[i]); c != 0 {
				r.buffer = append(r.buffer, c)
			}
		}
		r.starts = append(r.starts, len(r.buffer))
		r.buffer = append(r.buffer, r.atoms[i].canon...)
		r.ends = append(r.ends, len(r.buffer))
		r.found[i] = r.found[i][:0]
	}
	r.key = string(r.buffer)
}

// release forgets the texts and gives the memory back.
func (r *reading) release() {
	clear(r.atoms)
	r.text, r.key, r.gazetteer, r.lexicon = "", "", nil, nil
	readings.Put(r)
}

// mostAnswers is the largest number of readings of one text.
const mostAnswers = 8

// Parse takes a text apart, the likeliest way first, at most eight ways. It
// answers nothing when there is no letter or digit in the text. Parts are
// looked up to the letter first; where that leaves words unexplained, also
// with typing errors: one in names of five letters, two in names of nine.
func Parse(s string, g *Gazetteer, l *Lexicon, o Options) []Address {
	r := readings.Get().(*reading)
	defer r.release()
	if !r.begin(s, g, l, o) {
		return nil
	}
	r.read()
	return r.addresses()
}

func (r *reading) read() {
	clear(r.gaps[:])
	r.lookUpExactly()
	r.segment()
	if r.markGaps() {
		r.readTelex()
	}
	for edits := 1; edits <= 2 && r.markGaps(); edits++ {
		if !r.lookUpLoosely(edits) {
			continue
		}
		r.segment()
	}
}

// segment finds the likeliest ways to cut the atoms into parts, with all that
// has been looked up so far.
func (r *reading) segment() {
	r.propose()
	r.search()
}

// span is the text of atoms as typed.
func (r *reading) span(from, to int) string {
	return r.text[r.atoms[from].from:r.atoms[to-1].to]
}

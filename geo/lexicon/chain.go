package lexicon

import (
	"slices"
	"strings"
)

// chain is how the words of one name follow each other in the query.
type chain struct {
	spelled []uint32 // the name's words
	links   []link   // every way a word of the name may be in the query
	found   []link   // those chosen, in order
}

// link is one word of the name in one slot of the query, and the best chain
// that ends with it.
type link struct {
	at, slot int
	letters  int // of the name that the query has
	edits    int
	whole    bool // not unfinished
	before   int  // the link before it, -1: none
	total    int  // letters of the chain so far
	errors   int  // edits of the chain so far
	start    int  // its first slot
}

// hit compares a name with the query; the spans are left out.
func (f *finder) hit(id int32) (scored, bool) {
	f.chain.spelled = f.spelling(id)
	f.link()
	if !f.choose() {
		return scored{}, false
	}
	f.fill()
	if f.hasOtherNumber() {
		return scored{}, false
	}
	found := f.chain.found
	h := scored{Hit: Hit{ID: id, Exact: len(found) == len(f.chain.spelled)}}
	for i, l := range found {
		h.Letters += l.letters
		h.Edits += l.edits
		h.Exact = h.Exact && l.whole && l.edits == 0 && (i == 0 || l.slot == found[i-1].slot+1)
	}
	if h.Edits > tolerated(int(f.letters[id])) {
		return scored{}, false
	}
	gaps := found[len(found)-1].slot - found[0].slot + 1 - len(found)
	h.merit = h.Letters - costOfEdit*h.Edits - costOfGap*gaps
	h.Covered = float64(h.Letters) / float64(f.letters[id])
	return h, true
}

// link finds every slot for every word of the name and the best way there.
func (f *finder) link() {
	c := &f.chain
	c.links = c.links[:0]
	last := len(f.slots) - 1
	for at, word := range c.spelled {
		if len(c.links) >= longestQuery {
			return
		}
		first := len(c.links)
		for n := f.heads[word]; n != 0; n = f.uses[n].next {
			u := f.uses[n]
			f.append(link{at: at, slot: int(u.slot), edits: int(u.edits)})
		}
		if f.slots[last].unfinished && !slices.ContainsFunc(c.links[first:], func(l link) bool { return l.slot == last }) &&
			strings.HasPrefix(f.words[word], f.slots[last].word) {
			f.append(link{at: at, slot: last})
		}
	}
}

// append adds a link behind the best one that it may follow.
func (f *finder) append(l link) {
	c := &f.chain
	size := len(f.words[c.spelled[l.at]])
	l.letters, l.whole, l.before, l.start = size, true, -1, l.slot
	if s := &f.slots[l.slot]; s.unfinished && len(s.word) < size {
		l.letters, l.whole = len(s.word), l.edits > 0
	}
	l.total, l.errors = l.letters, l.edits
	for i := range c.links {
		p := &c.links[i]
		gap := l.slot - p.slot - 1
		if p.at >= l.at || gap < 0 || gap > widestGap {
			continue
		}
		next := l
		next.before, next.total, next.errors, next.start = i, p.total+l.letters, p.errors+l.edits, p.start
		if next.beats(&l) {
			l.before, l.total, l.errors, l.start = i, next.total, next.errors, next.start
		}
	}
	c.links = append(c.links, l)
}

// beats compares chains with the same end or, at last, any: more letters, then
// fewer errors, then fewer slots.
func (l *link) beats(o *link) bool {
	if l.total != o.total {
		return l.total > o.total
	}
	if l.errors != o.errors {
		return l.errors < o.errors
	}
	return l.slot-l.start < o.slot-o.start
}

// choose puts the links of the best chain into found.
func (f *finder) choose() bool {
	c := &f.chain
	c.found = c.found[:0]
	if len(c.links) == 0 {
		return false
	}
	best := 0
	for i := range c.links {
		if c.links[i].beats(&c.links[best]) {
			best = i
		}
	}
	for i := best; i >= 0; i = c.links[i].before {
		c.found = append(c.found, c.links[i])
	}
	slices.Reverse(c.found)
	return true
}

// fill takes the word of the query that stands where a word of the name is
// missing for that word when they differ by one error: in a name of five
// letters or more short words may be mistyped too.
func (f *finder) fill() {
	c := &f.chain
	for n := len(c.found); n >= 0; n-- {
		at, slot, ok := c.missing(n)
		if !ok || slot >= len(f.slots) || f.slots[slot].unfinished {
			continue
		}
		word, given := c.spelled[at], &f.slots[slot]
		if size := len(f.words[word]); size >= shortestMistyped && !f.numbers[word] && !given.number && differByOne(f.words[word], given.word) {
			c.found = slices.Insert(c.found, n, link{at: at, slot: slot, letters: size, edits: 1, whole: true})
		}
	}
}

// shortestMistyped is the least letters of a word that is taken for another
// because of what stands around it.
const shortestMistyped = 3

// missing is the word of the name behind the n-th of the chain, the one before
// it for 0, that is not found, and the slot where it should be.
func (c *chain) missing(n int) (at, slot int, ok bool) {
	if n == 0 {
		at, slot = c.found[0].at-1, c.found[0].slot-1
		return at, slot, at >= 0 && slot >= 0
	}
	at, slot = c.found[n-1].at+1, c.found[n-1].slot+1
	if n < len(c.found) {
		return at, slot, at < c.found[n].at && slot < c.found[n].slot
	}
	return at, slot, at < len(c.spelled)
}

// differByOne reports whether one edit of letters makes one word the other.
func differByOne(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 2 && len(b) == 2 {
		return a[0] == b[1] && a[1] == b[0]
	}
	return len(a) <= 1 && len(b) <= 1
}

// hasOtherNumber reports whether the query has a number where the name has one
// that it has not.
func (f *finder) hasOtherNumber() bool {
	c := &f.chain
	n := 0
	for at, word := range c.spelled {
		for n < len(c.found) && c.found[n].at < at {
			n++
		}
		if n < len(c.found) && c.found[n].at == at || n == 0 || !f.numbers[word] {
			continue
		}
		before := c.found[n-1]
		end := min(before.slot+at-before.at+1, len(f.slots))
		if n < len(c.found) {
			end = c.found[n].slot
		}
		for slot := before.slot + 1; slot < end; slot++ {
			if f.slots[slot].number {
				return true
			}
		}
	}
	return false
}

// spans are the words of the query that the chain stands in.
func (f *finder) spans() [][2]int {
	var spans [][2]int
	for _, l := range f.chain.found {
		from := f.slots[l.slot].from
		if n := len(spans); n > 0 && from <= spans[n-1][1] {
			spans[n-1][1] = from + 1
		} else {
			spans = append(spans, [2]int{from, from + 1})
		}
	}
	return spans
}

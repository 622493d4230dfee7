package lexicon

import (
	"cmp"
	"slices"
	"strings"
)

const (
	longestQuery = 40    // words of a query that are looked at
	shortQuery   = 8     // slots of what may well be a name alone
	mostPieces   = 4     // words glued into one
	mostEndings  = 200   // words that an unfinished one may become
	widestGap    = 2     // other words between two of a name
	mostSimilar  = 16    // words that a mistyped one may be
	mostPairs    = 2_000 // that are looked up
	mostOfPair   = 1_000 // names that a pair may have to be worth reading
	mostPostings = 3_000 // of words that are read at first
	morePostings = 8_000 // that are read then of a short query
	mostNear     = 200   // names that are looked at

	// Names compared word by word: four for one that is answered, but not fewer
	// and not more than these.
	leastCandidates = 32
	mostCandidates  = 128
)

// slot is a word of the query, or one of the words glued into it.
type slot struct {
	word       string
	from       int // which word of the query
	known      bool
	unfinished bool
	number     bool // has a digit
	firstUse   int  // its uses stand together
	lastUse    int
	postings   int // of all words it may be
}

// use says that a word of the vocabulary may be what stands in a slot.
type use struct {
	word  uint32
	slot  int32
	edits int32
	next  int32 // the word's next use, 0: none
}

// finder is the state of one Find; later ones use its memory again.
type finder struct {
	*Words
	given   []slot // the words of the query
	slots   []slot
	uses    []use    // uses[0] means none
	heads   []int32  // by word: its first use
	weights []uint16 // by name
	seen    []int32  // names with a weight
	order   []int    // slots, the rarest first
	weighed int      // slots of order that are counted
	near    []int32  // the heaviest names
	best    greatest
	chain   chain
	hits    []scored
}

func (w *Words) borrow() *finder {
	f, ok := w.scratch.Get().(*finder)
	if !ok {
		f = new(finder)
	}
	f.Words = w
	f.slots, f.uses, f.seen = f.slots[:0], append(f.uses[:0], use{}), f.seen[:0]
	f.weighed = 0
	f.heads = lengthen(f.heads, len(w.words))
	f.weights = lengthen(f.weights, w.Len())
	return f
}

// lengthen keeps a list of zeros as long as the vocabulary.
func lengthen[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// clear makes heads and weights zero again.
func (f *finder) clear() {
	for _, u := range f.uses {
		f.heads[u.word] = 0
	}
	for _, id := range f.seen {
		f.weights[id] = 0
	}
}

// read fills the slots with the words of the query. A word with separators in it
// ("30/4") is several that come from the same place.
func (f *finder) read(words []string, partial bool) {
	f.given = f.given[:0]
	for i, given := range words {
		for word := range wordsOf(given) {
			f.given = append(f.given, slot{word: word, from: i, number: hasDigit(word)})
		}
	}
	if last := len(f.given) - 1; partial && last >= 0 {
		f.given[last].unfinished = true
	}
	f.given = f.given[:min(len(f.given), longestQuery)]
	for _, s := range f.given {
		at := len(f.slots)
		f.slots = append(f.slots, s)
		exact := f.readExact(at)
		switch {
		case s.unfinished:
			f.readUnfinished(at)
		case !exact && !f.readGlued(at):
			f.readMistyped(at)
		}
	}
}

// allow lets a slot be a word. The first way found has the fewest edits.
func (f *finder) allow(at int, word uint32, edits int) {
	for n := f.heads[word]; n != 0; n = f.uses[n].next {
		if f.uses[n].slot == int32(at) {
			return
		}
	}
	f.uses = append(f.uses, use{word: word, slot: int32(at), edits: int32(edits), next: f.heads[word]})
	last := len(f.uses) - 1
	f.heads[word] = int32(last)
	s := &f.slots[at]
	if !s.known {
		s.known, s.firstUse = true, last
	}
	s.lastUse = last
	s.postings += len(f.postings[word])
}

func (f *finder) usesOf(at int) []use {
	if s := &f.slots[at]; s.known {
		return f.uses[s.firstUse : s.lastUse+1]
	}
	return nil
}

func (f *finder) readExact(at int) bool {
	word, known := f.exact(f.slots[at].word)
	if known {
		f.allow(at, word, 0)
	}
	return known
}

// readMistyped lets an unknown word be a similar one. Short ones may have an
// error too: how many a name may have is decided by all its letters.
func (f *finder) readMistyped(at int) {
	word := f.slots[at].word
	if f.slots[at].number {
		return
	}
	limit := func(letters int) int {
		if letters == 2 || letters == 3 || letters == 4 {
			return 1
		}
		return tolerated(letters)
	}
	left := mostSimilar
	f.vocabulary.Prefixes(word, []int{len(word)}, limit, func(m Match) bool {
		f.allow(at, uint32(m.Value), m.Edits)
		left--
		return left > 0
	})
}

func hasDigit(word string) bool { return strings.ContainsAny(word, "0123456789") }

// tolerated is the number of errors in a word or name of so many letters.
func tolerated(letters int) int {
	switch {
	case letters < 5:
		return 0
	case letters < 9:
		return 1
	}
	return MaxEdits
}

// readUnfinished lets a slot be any word that begins so, the shortest first; a
// long beginning may have an error when no word begins with it.
func (f *finder) readUnfinished(at int) {
	left := mostEndings
	take := func(m Match) bool {
		f.allow(at, uint32(m.Value), m.Edits)
		left--
		return left > 0
	}
	word := f.slots[at].word
	if f.vocabulary.Completions(word, 0, take); left == mostEndings && !f.slots[at].number && len(word) >= shortestMisbegun {
		f.vocabulary.Completions(word, 1, take)
	}
}

// shortestMisbegun is the least letters of an unfinished word with an error.
const shortestMisbegun = 4

// readGlued takes "truongtieuhoc" apart into known words, as few as possible.
func (f *finder) readGlued(at int) bool {
	whole := f.slots[at]
	if len(whole.word) < 4 || len(whole.word) > 32 {
		return false
	}
	pieces := f.pieces(whole.word)
	if pieces == nil {
		return false
	}
	f.slots = f.slots[:at]
	for _, word := range pieces {
		f.slots = append(f.slots, slot{word: f.words[word], from: whole.from, number: f.numbers[word]})
		f.allow(len(f.slots)-1, word, 0)
	}
	return true
}

// pieces are the fewest known words, two to mostPieces and of two letters or
// more, that a word is made of; nil: there are none.
func (f *finder) pieces(word string) []uint32 {
	type way struct {
		count, from int
		word        uint32
	}
	var ways [33]way
	var ends [32]int
	for i := range len(word) {
		ends[i] = i + 1
	}
	for from := range len(word) - 1 {
		if from > 0 && ways[from].count == 0 || ways[from].count == mostPieces {
			continue
		}
		count := ways[from].count + 1
		f.vocabulary.Prefixes(word[from:], ends[1:len(word)-from], func(int) int { return 0 }, func(m Match) bool {
			if w := &ways[from+m.End]; w.count == 0 || w.count > count {
				*w = way{count, from, uint32(m.Value)}
			}
			return true
		})
	}
	if ways[len(word)].count < 2 {
		return nil
	}
	pieces := make([]uint32, ways[len(word)].count)
	for at := len(word); at > 0; at = ways[at].from {
		pieces[ways[at].count-1] = ways[at].word
	}
	return pieces
}

// search compares the likeliest names with the query. Where none is found whole
// in what may be a name alone, a short word may be mistyped: then more names
// are looked at by their frequent words.
func (f *finder) search(limit int) {
	most := min(max(4*limit, leastCandidates), mostCandidates)
	f.weighPairs()
	f.weighWords(mostPostings)
	f.compare(f.candidates(most), limit)
	last := len(f.slots) - 1
	if last >= shortQuery || last >= 0 && f.slots[last].unfinished || len(f.hits) > 0 && f.hits[0].Covered == 1 {
		return
	}
	f.weighWords(morePostings)
	f.compare(f.candidates(most), limit)
}

// scored is a hit and how it ranks among those equally covered.
type scored struct {
	Hit
	merit int
}

// A hit loses as many letters as these by an error and by a word of the query
// that stands between its own.
const (
	costOfEdit = 3
	costOfGap  = 4
)

// compare looks at every candidate word by word and keeps the best hits, without
// their spans.
func (f *finder) compare(candidates []uint64, limit int) {
	f.hits = f.hits[:0]
	for _, c := range candidates {
		hit, ok := f.hit(ranked(c))
		if !ok || len(f.hits) == limit && compareHits(hit, f.hits[limit-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(f.hits, hit, compareHits)
		f.hits = slices.Insert(f.hits[:min(len(f.hits), limit-1)], at, hit)
	}
}

func compareHits(a, b scored) int {
	return cmp.Or(-cmp.Compare(a.Covered, b.Covered), -cmp.Compare(a.merit, b.merit),
		cmp.Compare(a.Edits, b.Edits), cmp.Compare(a.ID, b.ID))
}

// results are the hits with their spans.
func (f *finder) results() []Hit {
	hits := make([]Hit, len(f.hits))
	for i, h := range f.hits {
		f.hit(h.ID)
		hits[i] = h.Hit
		hits[i].Spans = f.spans()
	}
	return hits
}

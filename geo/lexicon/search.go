package lexicon

import (
	"cmp"
	"slices"
)

// search is the state of one call; later calls use its memory again.
type search struct {
	alignment
	trie    *Trie
	tree    *radix
	limits  [256]int          // edits allowed for a key of so many letters
	most    [256]int          // edits allowed for any key of at most so many letters
	fewest  [MaxEdits + 1]int // letters of a key that may have so many edits
	isEnd   []bool            // by bytes of the query
	tail    int               // where the query ends that is read backward; 0: read forward
	matches []Match
}

func (t *Trie) borrow() *search {
	s, ok := t.scratch.Get().(*search)
	if !ok {
		s = new(search)
	}
	s.trie, s.matches = t, s.matches[:0]
	return s
}

// add reports every value of the key that ends at a node.
func (s *search) add(head uint32, m Match) {
	for at := head; at != 0; at = s.trie.entries[at].next {
		m.Value = s.trie.entries[at].value
		s.matches = append(s.matches, m)
	}
}

// report visits every (value, end) once, best first, and gives the search back.
func (s *search) report(visit func(Match) bool) {
	if len(s.matches) > 1 {
		slices.SortFunc(s.matches, func(a, b Match) int {
			return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.End, b.End), cmp.Compare(a.Edits, b.Edits), cmp.Compare(a.Rest, b.Rest))
		})
		s.matches = slices.CompactFunc(s.matches, func(a, b Match) bool { return a.Value == b.Value && a.End == b.End })
		slices.SortFunc(s.matches, func(a, b Match) int {
			return cmp.Or(cmp.Compare(a.Edits, b.Edits), cmp.Compare(b.End, a.End), cmp.Compare(a.Rest, b.Rest), cmp.Compare(a.Value, b.Value))
		})
	}
	for _, m := range s.matches {
		if !visit(m) {
			break
		}
	}
	s.trie.scratch.Put(s)
}

package lexicon

// Completions visits the keys that begin with the whole query, with at most so
// many edits between the query and the best beginning of the key. Each value is
// visited once: fewest edits first, then the shortest rest, then by value. An
// empty query begins every key. The visit ends when it returns false.
//
// The cost grows with the keys found: a query of one letter may find them all.
func (t *Trie) Completions(query string, edits int, visit func(Match) bool) {
	if t.keys == 0 {
		return
	}
	s := t.borrow()
	s.tree = &t.forward
	s.begin(query, false)
	b := beginning{size: len(query), edits: min(max(edits, 0), MaxEdits)}
	s.complete(0, 0, b.better(&s.rows[0], 0))
	s.report(visit)
}

// beginning is the best part of a key from its start that is the query.
type beginning struct {
	size  int // bytes of the query
	edits int // of the best, or as many as are tolerated
	at    int // bytes of the key it takes
	found bool
}

// better takes the last cell of a row into account. Of equal ones the longest
// is kept: the query "nguyn" stands for all of "nguyen".
func (b beginning) better(r *row, depth int) beginning {
	if edits := r.edits(b.size - depth); edits <= b.edits {
		b.edits, b.at, b.found = edits, depth, true
	}
	return b
}

// complete aligns the keys below a node whose key has depth bytes.
func (s *search) complete(at uint32, depth int, b beginning) {
	n := &s.tree.nodes[at]
	open := true
	for _, c := range s.tree.text[n.label : n.label+uint32(n.length)] {
		depth++
		if open {
			s.step(depth, c)
			b = b.better(&s.rows[depth], depth)
			open = s.rows[depth].within[b.edits] != 0 && !(b.found && b.edits == 0)
		}
		if !open && !b.found {
			return
		}
	}
	if !open {
		s.gather(at, depth, b)
		return
	}
	if n.entry != 0 && b.found {
		s.add(n.entry, b.match(depth))
	}
	for child := n.child; child != 0; child = s.tree.nodes[child].next {
		s.complete(child, depth, b)
	}
}

// gather reports every key at or below a node whose key has depth bytes.
func (s *search) gather(at uint32, depth int, b beginning) {
	n := &s.tree.nodes[at]
	if n.entry != 0 {
		s.add(n.entry, b.match(depth))
	}
	for child := n.child; child != 0; child = s.tree.nodes[child].next {
		s.gather(child, depth+int(s.tree.nodes[child].length), b)
	}
}

func (b beginning) match(depth int) Match {
	return Match{End: b.size, Edits: b.edits, Rest: depth - b.at}
}

package lexicon

// Prefixes visits the keys that the query begins with, where the bytes of the
// query they use end at one of ends (byte offsets in ascending order: the
// borders of its words). limit says how many edits a key of so many letters may
// have; it must not fall as letters grow. Each value and end is visited once,
// with its fewest edits: fewest edits first, then the longest, then by value.
// The visit ends when it returns false.
func (t *Trie) Prefixes(query string, ends []int, limit func(keyLetters int) int, visit func(Match) bool) {
	if t.keys == 0 || len(ends) == 0 {
		return
	}
	query = query[:ends[len(ends)-1]]
	s := t.borrow()
	s.setLimits(limit, t.forward.nodes[0].letters)
	s.setEnds(ends)
	s.tree = &t.forward
	s.begin(query, false)
	s.descend(0, 0, 0)
	s.report(visit)
}

func (s *search) setLimits(limit func(int) int, letters uint8) {
	most := uint8(0)
	for n := range int(letters) + 1 {
		s.limits[n] = uint8(min(max(limit(n), 0), MaxEdits))
		most = max(most, s.limits[n])
		s.most[n] = most
	}
}

func (s *search) setEnds(ends []int) {
	s.isEnd = resize(s.isEnd, ends[len(ends)-1]+1)
	clear(s.isEnd)
	for _, end := range ends {
		s.isEnd[end] = true
	}
}

// descend aligns the keys below a child of node at, whose key has depth bytes
// and so many letters.
func (s *search) descend(at uint32, depth int, letters int) {
	for child := s.tree.nodes[at].child; child != 0; child = s.tree.nodes[child].next {
		s.follow(child, depth, letters)
	}
}

// follow aligns the edge into a node and all below it.
func (s *search) follow(at uint32, depth int, letters int) {
	n := &s.tree.nodes[at]
	for _, c := range s.tree.text[n.label : n.label+uint32(n.length)] {
		depth++
		if s.step(depth, c) > s.most[n.letters] {
			return
		}
		if isLetter(c) {
			letters++
		}
	}
	if n.entry != 0 {
		s.endAt(n.entry, depth, s.limits[min(letters, 255)])
	}
	s.descend(at, depth, letters)
}

// endAt reports a key of depth bytes at every end of the query it may reach.
func (s *search) endAt(head uint32, depth int, limit uint8) {
	for o, edits := range s.rows[depth] {
		end := depth + o - MaxEdits
		if edits <= limit && end > 0 && end < len(s.isEnd) && s.isEnd[end] {
			s.add(head, Match{End: end, Edits: int(edits)})
		}
	}
}

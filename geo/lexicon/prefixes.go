package lexicon

// A key with at most k edits is found in one of two ways. Let h be a place in
// it. Either some edit begins at byte h-1 or behind it: then fewer than k edits
// make its first bytes, and reading forward k are needed only from there on. Or
// all begin before: then its bytes from h on are the query's, and it is found
// reading backward from an end of the query, where edits are needed only in the
// last h bytes. Neither way meets the many keys that differ early.

// halves[k] is that place h for keys that may have k edits: short ones, so that
// a suffix is long enough to choose by; measured, not derived.
var halves = [MaxEdits + 1]int{0, 2, 4}

// Prefixes visits the keys that the query begins with, where the bytes of the
// query they use end at one of ends (byte offsets in ascending order: the
// borders of its words). limit says how many edits a key of so many letters may
// have. Each value and end is visited once, with its fewest edits: fewest edits
// first, then the longest, then by value. The visit ends when it returns false.
func (t *Trie) Prefixes(query string, ends []int, limit func(keyLetters int) int, visit func(Match) bool) {
	if t.keys == 0 || len(ends) == 0 {
		return
	}
	s := t.borrow()
	s.setLimits(limit, t.forward.nodes[0].letters)
	s.setEnds(ends)
	s.tree, s.tail = &t.forward, 0
	s.begin(query[:ends[len(ends)-1]], false)
	s.descend(0, 0, 0)
	s.tree = &t.backward
	for _, end := range ends {
		if s.tail = end; end > 0 && end <= t.longest+MaxEdits && s.tolerance(0, end) > 0 {
			s.begin(query[:end], true)
			s.descend(0, 0, 0)
		}
	}
	s.report(visit)
}

// setLimits asks for the limit of every number of letters that a key has.
func (s *search) setLimits(limit func(int) int, letters uint8) {
	most := 0
	s.fewest = [MaxEdits + 1]int{}
	for n := range int(letters) + 1 {
		s.limits[n] = min(max(limit(n), 0), MaxEdits)
		for most < s.limits[n] {
			most++
			s.fewest[most] = n
		}
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

// tolerance is the most edits that the row of so many bytes may have for a key
// at or below a node.
func (s *search) tolerance(at uint32, depth int) int {
	most := s.most[s.tree.nodes[at].letters]
	if s.tail == 0 {
		if most > 0 && depth < halves[most] {
			return most - 1
		}
		return most
	}
	for most > 0 && (depth <= s.tail-most-halves[most] || s.tail+most < s.fewest[most]) {
		most--
	}
	return most
}

// descend aligns the keys below a node, whose key has depth bytes and so many
// letters.
func (s *search) descend(at uint32, depth, letters int) {
	if s.tolerance(at, depth+1) == 0 {
		before, found := s.tree.find(at, s.query[padding+depth])
		if found {
			s.follow(s.tree.after(at, before), depth, letters)
		}
		return
	}
	for child := s.tree.nodes[at].child; child != 0; child = s.tree.nodes[child].next {
		s.follow(child, depth, letters)
	}
}

// follow aligns the edge into a node and all below it.
func (s *search) follow(at uint32, depth, letters int) {
	for _, c := range s.tree.label(at) {
		depth++
		s.step(depth, c)
		if s.rows[depth].within[s.tolerance(at, depth)] == 0 {
			return
		}
		if isLetter(c) {
			letters++
		}
	}
	if head := s.tree.nodes[at].entry; head != 0 {
		s.endAt(head, depth, s.limits[min(letters, 255)])
	}
	s.descend(at, depth, letters)
}

// endAt reports a key of depth bytes: read forward at every end of the query it
// reaches, backward when it reaches the query's start.
func (s *search) endAt(head uint32, depth, limit int) {
	for longer := -MaxEdits; longer <= MaxEdits; longer++ {
		end := depth + longer
		if end <= 0 || end >= len(s.isEnd) || s.tail != end && (s.tail != 0 || !s.isEnd[end]) {
			continue
		}
		if edits := s.rows[depth].edits(longer); edits <= limit {
			s.add(head, Match{End: end, Edits: edits})
		}
	}
}

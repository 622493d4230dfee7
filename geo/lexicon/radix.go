package lexicon

import "math"

// radix is a path-compressed trie: an edge carries a run of bytes. Nodes refer
// to each other by index, so the whole is three allocations however many keys
// it holds, and the collector has no pointers to follow.
type radix struct {
	nodes []node // nodes[0] is the root
	text  []byte // the edges' bytes; splitting an edge copies none
}

// node is the lower end of an edge. Children are a list in order of their
// first byte.
type node struct {
	label   uint32 // where the edge's bytes begin
	child   uint32 // first child, 0: none
	next    uint32 // next sibling, 0: none
	entry   uint32 // the key that ends here, 0: none
	length  uint16 // bytes of the edge
	letters uint8  // most letters of any key at or below, at most 255
	first   byte   // the edge's first byte
}

// insert returns the node where the key ends, made when it is new.
func (r *radix) insert(key string, letters uint8) uint32 {
	if len(r.nodes) == 0 {
		r.nodes = append(r.nodes, node{})
	}
	at := uint32(0)
	for {
		r.nodes[at].letters = max(r.nodes[at].letters, letters)
		if key == "" {
			return at
		}
		before, found := r.find(at, key[0])
		if !found {
			key, at = r.grow(at, before, key)
			continue
		}
		at = r.after(at, before)
		shared := r.shared(at, key)
		if shared < int(r.nodes[at].length) {
			r.split(at, shared)
		}
		key = key[shared:]
	}
}

// find returns the last child whose first byte is smaller than b, 0 when there
// is none, and whether the one after it begins with b.
func (r *radix) find(parent uint32, b byte) (before uint32, found bool) {
	for at := r.nodes[parent].child; at != 0; before, at = at, r.nodes[at].next {
		if first := r.nodes[at].first; first >= b {
			return before, first == b
		}
	}
	return before, false
}

// after is the child behind before, the first one when before is 0.
func (r *radix) after(parent, before uint32) uint32 {
	if before == 0 {
		return r.nodes[parent].child
	}
	return r.nodes[before].next
}

// grow hangs a new child below parent, behind before, and returns what of the
// key its edge could not hold.
func (r *radix) grow(parent, before uint32, key string) (rest string, at uint32) {
	size := min(len(key), math.MaxUint16)
	at = uint32(len(r.nodes))
	r.nodes = append(r.nodes, node{
		label: uint32(len(r.text)), length: uint16(size), first: key[0], next: r.after(parent, before),
	})
	r.text = append(r.text, key[:size]...)
	if before == 0 {
		r.nodes[parent].child = at
	} else {
		r.nodes[before].next = at
	}
	return key[size:], at
}

// shared counts the bytes that the edge of a node has in common with the key.
func (r *radix) shared(at uint32, key string) int {
	label := r.label(at)
	n := min(len(label), len(key))
	for i := range n {
		if label[i] != key[i] {
			return i
		}
	}
	return n
}

// split cuts an edge after size bytes. The node keeps its index for the upper
// part, so that its parent and siblings need no change.
func (r *radix) split(at uint32, size int) {
	lower := r.nodes[at]
	lower.label += uint32(size)
	lower.length -= uint16(size)
	lower.first = r.text[lower.label]
	lower.next = 0
	r.nodes = append(r.nodes, lower)
	upper := &r.nodes[at]
	upper.length, upper.entry, upper.child = uint16(size), 0, uint32(len(r.nodes)-1)
}

func (r *radix) label(at uint32) []byte {
	n := &r.nodes[at]
	return r.text[n.label : n.label+uint32(n.length)]
}

package lexicon

import (
	"encoding/binary"
	"slices"
)

// MaxEdits is the largest number of typing errors that is ever tolerated; more
// asked for is taken as this.
const MaxEdits = 2

// far stands for more than MaxEdits.
const far = MaxEdits + 1

// alignment is the optimal string alignment of a query with a key that grows
// byte by byte: substitution, insertion, deletion and a swap of neighbours cost
// one each, no letter takes part in two edits, and only letters in any.
//
// Only the cells within MaxEdits of the diagonal matter. A row has them in the
// lanes (bytes) of a word, a bit of a lane for yes, so that a step moves all of
// them at once: in row i, which has the first i bytes of the key, lane p is for
// the first i+p-3 bytes of the query. The last of these stands at p in the eight
// bytes of the query from i-4 on.
type alignment struct {
	query   []byte // with padding zero bytes before and after
	letters []byte // laneBit where the query has a letter
	rows    []row
}

type row struct {
	within [MaxEdits + 1]uint64 // lanes that so many edits or fewer suffice for
	same   uint64               // lanes whose last byte is that of the key
	last   byte                 // the last byte of the key
}

const (
	padding  = 8
	diagonal = MaxEdits + 1 // the lane of as many bytes of the query as of the key
	laneBit  = 0x80
	lanes    = 0x8080808080808080
	ones     = 0x0101010101010101
	// The lanes from diagonal-MaxEdits to diagonal+MaxEdits.
	inBand = lanes & 0x0000FFFFFFFFFF00
)

// begin prepares the alignment for a query read forward or from its end.
func (a *alignment) begin(query string, backward bool) {
	size := len(query) + 2*padding
	a.query, a.letters = resize(a.query, size), resize(a.letters, size)
	clear(a.query)
	clear(a.letters)
	copy(a.query[padding:], query)
	if backward {
		slices.Reverse(a.query)
	}
	for i, c := range a.query {
		if isLetter(c) {
			a.letters[i] = laneBit
		}
	}
	// A row past these has no cell inside the query.
	a.rows = resize(a.rows, len(query)+MaxEdits+2)
	a.rows[0] = row{}
	start := uint64(laneBit) << (8 * diagonal)
	letters := binary.LittleEndian.Uint64(a.letters[padding-4:])
	for e := range a.rows[0].within {
		a.rows[0].within[e] = start
		start |= start << 8 & letters
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	return s[:n]
}

// step sets row i for a key whose i-th byte (from 1) is c. The row may be empty;
// it is at the latest when the key is longer than any alignment.
func (a *alignment) step(i int, c byte) {
	above, r := &a.rows[i-1], &a.rows[i]
	at := padding + i - 4
	letters := binary.LittleEndian.Uint64(a.letters[at:])
	r.last, r.same = c, zeroLanes(binary.LittleEndian.Uint64(a.query[at:])^ones*uint64(c))
	r.within[0] = above.within[0] & r.same
	if !isLetter(c) {
		for e := 1; e <= MaxEdits; e++ {
			r.within[e] = (above.within[e]&r.same | r.within[e-1]<<8&letters) & inBand
		}
		return
	}
	for e := 1; e <= MaxEdits; e++ {
		r.within[e] = (above.within[e]&r.same | // nothing to do
			above.within[e-1]&letters | // another letter in the query
			above.within[e-1]>>8 | // none
			r.within[e-1]<<8&letters) & inBand // one too many
	}
	if i > 1 && isLetter(above.last) {
		a.swap(i, letters)
	}
}

// swap adds the lanes that a swap of the last two letters leads to.
func (a *alignment) swap(i int, letters uint64) {
	r := &a.rows[i]
	swapped := a.rows[i-1].same >> 8 & (r.same << 8) & letters
	if swapped == 0 {
		return
	}
	for e := 1; e <= MaxEdits; e++ {
		r.within[e] |= (a.rows[i-2].within[e-1]&swapped | r.within[e-1]<<8&letters) & inBand
	}
}

// zeroLanes marks the bytes that are 0.
func zeroLanes(x uint64) uint64 {
	const low = ^uint64(lanes)
	return ^(x&low + low | x | low)
}

// edits is the cell of a row that is so many bytes longer in the query than in
// the key.
func (r *row) edits(longer int) int {
	if longer < -MaxEdits || longer > MaxEdits {
		return far
	}
	bit := uint64(laneBit) << (8 * (diagonal + longer))
	for e, lanes := range r.within {
		if lanes&bit != 0 {
			return e
		}
	}
	return far
}

func isLetter(b byte) bool { return b-'a' < 26 }

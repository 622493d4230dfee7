package lexicon

// MaxEdits is the largest number of typing errors that is ever tolerated; more
// asked for is taken as this.
const MaxEdits = 2

// band is the number of cells of a row that can hold MaxEdits or fewer.
const band = 2*MaxEdits + 1

// far stands for more than MaxEdits; an edit more still fits in a byte.
const far = 100

// row holds, for the first i bytes of a key, the edits that make them the first
// i-MaxEdits ... i+MaxEdits bytes of the query.
type row [band]uint8

// alignment is the optimal string alignment of a query with a key that grows
// byte by byte: substitution, insertion, deletion and a swap of neighbours cost
// one each, no letter takes part in two edits, and only letters in any.
type alignment struct {
	query []byte // with band zero bytes before and after
	key   []byte // the key so far
	rows  []row  // rows[i] belongs to key[:i]
}

// begin prepares the alignment for a query read forward or from its end.
func (a *alignment) begin(query string, backward bool) {
	size := len(query)
	a.query = resize(a.query, size+2*band)
	clear(a.query)
	copy(a.query[band:], query)
	if backward {
		reverse(a.query)
	}
	// A row past these has no cell inside the query.
	a.key = resize(a.key, size+MaxEdits+1)
	a.rows = resize(a.rows, size+MaxEdits+2)
	first := row{far, far, 0, far, far}
	for o := MaxEdits + 1; o < band && isLetter(a.query[band+o-MaxEdits-1]); o++ {
		first[o] = first[o-1] + 1
	}
	a.rows[0] = first
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	return s[:n]
}

func reverse(s []byte) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// step sets row i for a key whose i-th byte (from 1) is c, and returns the
// fewest edits in it; far once the key is longer than any alignment.
func (a *alignment) step(i int, c byte) uint8 {
	a.key[i-1] = c
	before, current := &a.rows[i-1], &a.rows[i]
	// Cell o ends with the query's byte window[o+1].
	window := a.query[band+i-1-MaxEdits-1:][: band+1 : band+1]
	edit, last, earlier := uint8(far), byte(0), before
	if isLetter(c) {
		edit = 1
		if i > 1 && isLetter(a.key[i-2]) {
			last, earlier = a.key[i-2], &a.rows[i-2]
		}
	}
	least, left := uint8(far), uint8(far)
	for o := range band {
		q, cost := window[o+1], uint8(far)
		if q == c {
			cost = before[o]
		} else if isLetter(q) {
			cost = before[o] + edit
			if q == last && window[o] == c {
				cost = min(cost, earlier[o]+1)
			}
		}
		if isLetter(q) {
			cost = min(cost, left+1)
		}
		if o+1 < band {
			cost = min(cost, before[o+1]+edit)
		}
		current[o], left = cost, min(cost, far)
		least = min(least, cost)
	}
	return least
}

func isLetter(b byte) bool { return b-'a' < 26 }

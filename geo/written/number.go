package written

import "unicode/utf8"

// ending is one way for a number to end, with what is odd about it.
type ending struct {
	to   int
	cost int32
}

// numbers lists the ways to read a number at an atom: 12, 12A, 12/3/5A, A12,
// 15-17, 12 bis. Empty where there is none.
func (r *reading) numbers(at int) []ending {
	i, cost := r.prefix(at)
	if i < 0 {
		return nil
	}
	var list []ending
	for {
		switch n := len(r.atoms[i].canon); {
		case n > 5:
			return nil
		case n == 5:
			cost += costLongNumber
		}
		i = r.suffix(i + 1)
		if !r.goesOn(i) {
			break
		}
		if r.gap(i) > 1 { // 15 - 30/4 may be number 15 of Đường 30/4
			list = append(list, ending{i, cost})
			cost += costWideJoint
		}
		if !r.atoms[i].digits {
			i++ // the letter of 12/A5
		}
	}
	list = append(list, ending{i, cost})
	if odd := r.looseSuffix(i); odd > 0 {
		list = append(list, ending{i + 1, cost + odd})
	} else if r.letterGlued(i - 1) {
		list = append(list, ending{i - 1, cost})
	}
	return list
}

const (
	costLongNumber   = 30
	costNumberLetter = 12 // A12: a number that begins with a letter
	costApart        = 15
	costWideJoint    = 8  // 15 - 17
)

// gap is the characters between an atom and the one before.
func (r *reading) gap(at int) int {
	return utf8.RuneCountInString(r.text[r.atoms[at-1].to:r.atoms[at].from])
}

// prefix steps over the letter of A12; negative where no number follows.
func (r *reading) prefix(at int) (digits int, cost int32) {
	if r.atoms[at].digits {
		return at, 0
	}
	if len(r.atoms[at].fold) > 3 || !r.close(at+1, dashed) || !r.atoms[at+1].digits || r.atoms[at+1].before != glued && r.atoms[at+1].before != dashed || r.border(at+1) {
		return -1, 0
	}
	if r.atoms[at+1].before != glued {
		return at + 1, costNumberLetter + costApart
	}
	return at + 1, costNumberLetter
}

// close reports whether an atom follows the one before without a border as
// strong as a comma.
func (r *reading) close(at int, most joint) bool {
	return at < len(r.atoms) && r.atoms[at].before <= most
}

// suffix steps over what belongs to a number: the A of 12A, bis.
func (r *reading) suffix(i int) int {
	if !r.close(i, dashed) || r.atoms[i].digits {
		return i
	}
	switch a := &r.atoms[i]; {
	case len(a.fold) == 1 && a.before == glued && r.close(i+1, glued) && r.atoms[i+1].digits: // 12A2
		return i + 2
	case len(a.fold) == 1 && a.before == glued, a.fold == "bis", a.fold == "ter":
		return i + 1
	}
	return i
}

// goesOn reports whether the next number of 12/3, 12/A5 or 15-17 begins at an atom.
func (r *reading) goesOn(i int) bool {
	if !r.close(i, slashed) || r.atoms[i].before < dashed {
		return false
	}
	if r.atoms[i].digits {
		return len(r.atoms[i].canon) <= 5
	}
	return r.atoms[i].before == slashed && len(r.atoms[i].fold) == 1 && r.close(i+1, glued) && r.atoms[i+1].digits
}

// letterGlued reports whether the number ends in a letter that may belong to
// what follows: 12p phu hoa.
func (r *reading) letterGlued(i int) bool {
	return i > 0 && !r.atoms[i].digits && r.atoms[i].before == glued && len(r.atoms[i].fold) == 1 &&
		len(markers.byWord[r.atoms[i].fold]) > 0
}

// looseSuffix is the price of taking the letter of "12 A" and "12-A"; 0: there is none.
func (r *reading) looseSuffix(i int) int32 {
	if !r.close(i, dashed) || r.atoms[i].digits || len(r.atoms[i].fold) != 1 || r.atoms[i].hasAccents() ||
		r.atoms[i].before == dotted || i+1 < len(r.atoms) && r.atoms[i+1].before == dotted {
		return 0
	}
	if len(markers.byWord[r.atoms[i].fold]) > 0 {
		return 35
	}
	return 8
}

// followNumber proposes house numbers, lots and parcels.
func (r *reading) followNumber(c candidate) {
	if c.marker != nil && c.marker.kind != numbered {
		r.followLot(c)
		return
	}
	for _, end := range r.numbers(int(c.name)) {
		n := c
		n.to, n.cost = int16(end.to), c.cost+end.cost
		if c.marker == nil && !r.atoms[c.name].digits {
			n.cost += r.costOfLetters(int(c.name))
		}
		r.addCandidate(n)
	}
}

// costOfLetters is what letters before an unannounced number cost: ĐT 741 and
// KP 3 are no house numbers.
func (r *reading) costOfLetters(at int) int32 {
	if len(markers.byWord[r.atoms[at].fold]) > 0 {
		return 40
	}
	return 10
}

// followLot proposes Lô A12, Ô 7 - DC 03, ô 4,5 and thửa 123.
func (r *reading) followLot(c candidate) {
	for i := r.lotCode(int(c.name)); i > 0; {
		n := c
		n.to, n.cost = int16(i), c.cost+4
		r.addCandidate(n)
		if i >= len(r.atoms) {
			return
		}
		switch b := r.atoms[i].before; {
		case b == dashed || b == slashed:
		case b == comma && r.atoms[i].digits && r.gap(i) == 1: // ô 4,5
		default:
			return
		}
		i = r.lotCode(i)
	}
}

// lotCode is the end of a code of at most three letters and a number, or of
// one or two letters; 0: there is none.
func (r *reading) lotCode(i int) int {
	if i >= len(r.atoms) {
		return 0
	}
	if !r.atoms[i].digits {
		if len(r.atoms[i].fold) > 3 || r.atoms[i].fold == "so" {
			return 0
		}
		if !r.close(i+1, spaced) || !r.atoms[i+1].digits {
			if len(r.atoms[i].fold) > 2 {
				return 0
			}
			return i + 1
		}
		i++
	}
	if len(r.atoms[i].canon) > 5 {
		return 0
	}
	return r.suffix(i + 1)
}

package geo

import (
	"slices"
	"strings"
)

// The edits that Repairs tries.
const (
	OpSubstitute = "substitute" // another symbol at Position
	OpSwap       = "swap"       // Position and the place behind it exchanged
	OpInsert     = "insert"     // a symbol that is new at Position
	OpDelete     = "delete"     // the symbol at Position left out
	OpDoor       = "door"       // the door without the broken unit
)

// Repair is a valid code that one slip would turn into the given symbols. It
// is a proposal, never to be applied silently. Position counts from 1.
// LookAlike marks a substitution of two symbols that are easily confused.
type Repair struct {
	Code      Code
	Op        string
	Position  int
	LookAlike bool
}

// Repairs lists the codes within one slip of the given symbols, as
// Readings.Symbols has them: for 10 or 14 symbols one substituted or two
// neighbours swapped, for 9 or 13 one inserted, for 11 or 15 one left out. One
// symbol that no code contains is repaired at its place only; with two there
// is none. Where the door's ten symbols hold and only the unit is broken, the
// door comes last. A valid code has none. Each code occurs once; the order is
// by edit, then by position.
func Repairs(symbols string) []Repair {
	v, ok := damaged(symbols)
	if !ok {
		return nil
	}
	if _, f := codeOf(v); f == noFault {
		return nil
	}
	m := mender{typed: []rune(symbols), values: v, unknown: slices.Index(v, noSymbol)}
	switch len(v) {
	case DoorLength, UnitLength:
		m.substitute()
		m.swap()
	case DoorLength - 1, UnitLength - 1:
		m.insert()
	default:
		m.delete()
	}
	m.door()
	return m.found
}

// damaged turns symbols into values. ok is true when they could be an address
// code with one slip, or without.
func damaged(symbols string) (v []uint8, ok bool) {
	for _, r := range symbols {
		if len(v) > maxSymbols {
			return v, false
		}
		if r < 0x80 {
			v = append(v, symbolValues[r])
		} else {
			v = append(v, noSymbol)
		}
	}
	unknown := 0
	for _, value := range v {
		if value == noSymbol {
			unknown++
		}
	}
	switch len(v) {
	case DoorLength - 1, UnitLength - 1:
		return v, unknown == 0 // a lost symbol besides would be a second slip
	case DoorLength, DoorLength + 1, UnitLength, UnitLength + 1:
		return v, unknown <= 1
	default:
		return v, false
	}
}

// mender collects the codes that edits of values lead to. unknown is the index
// of the symbol that no code contains, or -1.
type mender struct {
	typed   []rune
	values  []uint8
	unknown int
	found   []Repair
}

// allowed tells whether an edit at an index is tried.
func (m *mender) allowed(i int) bool { return m.unknown < 0 || m.unknown == i }

// add keeps the code of the edited values if it is one, and new.
func (m *mender) add(edited []uint8, r Repair) {
	code, f := codeOf(edited)
	if f != noFault || slices.ContainsFunc(m.found, func(o Repair) bool { return o.Code == code }) {
		return
	}
	r.Code = code
	m.found = append(m.found, r)
}

func (m *mender) substitute() {
	edited := slices.Clone(m.values)
	for i, old := range m.values {
		if !m.allowed(i) {
			continue
		}
		for value := range uint8(modulus) {
			edited[i] = value
			m.add(edited, Repair{
				Op: OpSubstitute, Position: i + 1,
				LookAlike: lookAlike(m.typed[i], rune(checkAlphabet[value])),
			})
		}
		edited[i] = old
	}
}

func (m *mender) swap() {
	if m.unknown >= 0 {
		return
	}
	edited := slices.Clone(m.values)
	for i := range len(edited) - 1 {
		edited[i], edited[i+1] = edited[i+1], edited[i]
		m.add(edited, Repair{Op: OpSwap, Position: i + 1})
		edited[i], edited[i+1] = edited[i+1], edited[i]
	}
}

func (m *mender) insert() {
	for i := range len(m.values) + 1 {
		edited := slices.Insert(slices.Clone(m.values), i, 0)
		for value := range uint8(modulus) {
			edited[i] = value
			m.add(edited, Repair{Op: OpInsert, Position: i + 1})
		}
	}
}

func (m *mender) delete() {
	for i := range m.values {
		if m.allowed(i) {
			m.add(slices.Delete(slices.Clone(m.values), i, i+1), Repair{Op: OpDelete, Position: i + 1})
		}
	}
}

// door offers the door of a unit whose own ten symbols hold.
func (m *mender) door() {
	if len(m.values) > DoorLength+1 {
		m.add(m.values[:DoorLength], Repair{Op: OpDoor, Position: DoorLength + 1})
	}
}

// confusable are the pairs that hand and bad print make alike. The first of a
// pair may be a letter outside the alphabet.
var confusable = strings.Fields(`
	0C 0G 0Q 17 1J 27 38 49 56 59 5J 68 6C 6G 89 8G CG CQ FP GQ HK HM HW KX MW
	PR FR VW VX 2Q 3J 9G 9P 9Q
	D0 DQ DP EF NH NM NV TF T7 YV Y4 YX AH A4`)

// lookAlike tells whether two symbols are easily taken for each other.
func lookAlike(a, b rune) bool {
	return slices.ContainsFunc(confusable, func(pair string) bool {
		x, y := rune(pair[0]), rune(pair[1])
		return a == x && b == y || a == y && b == x
	})
}

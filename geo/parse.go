package geo

import "unicode/utf8"

// fault is what keeps symbols from being a code.
type fault uint8

const (
	noFault     fault = iota
	badLength         // neither 10 nor 14 symbols
	badSymbol         // a symbol that its place can't hold
	badDoor           // the sum with K is not 0
	badUnit           // the sum with k is not 0
	maxSymbols  = UnitLength + 1
	unitPlace   = DoorLength // index of the first symbol of a unit
	doorSymbols = DoorLength - 1
)

// Parse reads a code strictly: exactly 10 or 14 symbols, upper or lower case,
// without separators, checks holding. Read takes what people type. An error's
// code is "wrong-length", "unknown-symbol" or "check-failed".
func Parse(s string) (Code, error) {
	var v [maxSymbols]uint8
	n := min(len(s), maxSymbols)
	for i := range n {
		v[i] = symbolValues[s[i]]
	}
	c, f := codeOf(v[:n])
	if f != noFault {
		return 0, parseError(s, v[:n], f)
	}
	return c, nil
}

// codeOf is the code of 10 or 14 values of checkAlphabet.
func codeOf(v []uint8) (Code, fault) {
	if len(v) != DoorLength && len(v) != UnitLength {
		return 0, badLength
	}
	n, sum := uint64(0), uint32(v[doorSymbols])
	for i, w := range doorWeights {
		digit := v[i] - firstValue
		if digit >= 20 {
			return 0, badSymbol
		}
		n = n*20 + uint64(digit)
		sum += w * uint32(v[i])
	}
	if v[doorSymbols] >= modulus {
		return 0, badSymbol
	}
	if sum%modulus != 0 {
		return 0, badDoor
	}
	door := Code(n << unitBits)
	if len(v) == DoorLength {
		return door, noFault
	}
	return unitOf(door, v)
}

// unitOf reads the last four of 14 values, the door's ten being right.
func unitOf(door Code, v []uint8) (Code, fault) {
	serial, sum := uint32(0), uint32(v[UnitLength-1])
	for i := unitPlace; i < UnitLength-1; i++ {
		digit := v[i] - firstValue
		if digit >= 20 {
			return 0, badSymbol
		}
		serial = serial*20 + uint32(digit)
	}
	if v[UnitLength-1] >= modulus {
		return 0, badSymbol
	}
	sum += unitSum((*[9]uint8)(v), (*[3]uint8)(v[unitPlace:]))
	if sum%modulus != 0 {
		return 0, badUnit
	}
	return door | Code(serial+1), noFault
}

// fitsPlace tells whether a value may stand at an index of a written code.
func fitsPlace(i int, v uint8) bool {
	if i == doorSymbols || i == UnitLength-1 {
		return v < modulus
	}
	return v-firstValue < 20
}

func parseError(s string, v []uint8, f fault) *Error {
	switch f {
	case badLength:
		n := utf8.RuneCountInString(s)
		if n == DoorLength || n == UnitLength { // one that takes several bytes
			return unknownSymbol(s, v)
		}
		return errorf("wrong-length",
			"%q has %d symbols; an address code has 10, with a unit 14",
			"%q có %d ký tự; mã địa chỉ có 10 ký tự, kèm mã căn là 14 ký tự", shown(s), n)
	case badSymbol:
		return unknownSymbol(s, v)
	case badUnit:
		return errorf("check-failed",
			"the last four symbols of %q are wrong: their check symbol does not fit",
			"bốn ký tự cuối của %q bị sai: ký tự kiểm tra không khớp", s)
	default:
		return errorf("check-failed",
			"%q is mistyped somewhere: its check symbol does not fit",
			"%q bị gõ sai ở đâu đó: ký tự kiểm tra không khớp", s)
	}
}

func unknownSymbol(s string, v []uint8) *Error {
	at := 0
	for fitsPlace(at, v[at]) {
		at++
	}
	return errorf("unknown-symbol",
		"symbol %d of %q does not occur there in an address code",
		"ký tự thứ %d của %q không thể có ở vị trí đó trong mã địa chỉ", at+1, s)
}

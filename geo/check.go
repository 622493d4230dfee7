package geo

// Alphabet holds the 20 symbols of the Plus Code in order of their value. It
// has no vowel, so no code spells a word, and none of the letters that look
// like a digit.
const Alphabet = "23456789CFGHJMPQRVWX"

// checkAlphabet adds three symbols that only a check symbol may be. A symbol's
// place in it is its value; that of an Alphabet symbol is its place there plus
// two.
const checkAlphabet = "0123456789CFGHJMPQRVWXK"

const (
	firstValue = 2  // the value of '2', the first symbol of Alphabet
	modulus    = 23 // prime, so that every weight has an inverse
	noSymbol   = 0xFF
)

// The weights of the check sums, for places 1 to 9 and, of a unit, its three
// symbols: powers of 5 and of 7 modulo 23, falling to the first power. The
// check symbol itself has weight 1 and makes the sum 0.
var (
	doorWeights = [9]uint32{11, 16, 17, 8, 20, 4, 10, 2, 5}
	unitWeights = [12]uint32{16, 22, 13, 15, 12, 5, 4, 17, 9, 21, 3, 7}
)

// symbolValues maps a byte, in either case, to its value in checkAlphabet.
var symbolValues = func() (t [256]uint8) {
	for i := range t {
		t[i] = noSymbol
	}
	for v := range len(checkAlphabet) {
		c := checkAlphabet[v]
		t[c] = uint8(v)
		if 'A' <= c && c <= 'Z' {
			t[c+'a'-'A'] = uint8(v)
		}
	}
	return t
}()

// doorSum is the weighted sum of the nine values, not yet reduced.
func doorSum(v *[9]uint8) (sum uint32) {
	for i, w := range doorWeights {
		sum += w * uint32(v[i])
	}
	return sum
}

// unitSum is the weighted sum of the nine values and the unit's three.
func unitSum(nine *[9]uint8, unit *[3]uint8) (sum uint32) {
	for i, v := range nine {
		sum += unitWeights[i] * uint32(v)
	}
	for i, v := range unit {
		sum += unitWeights[9+i] * uint32(v)
	}
	return sum
}

// checkSymbol is the symbol that makes a sum 0 modulo 23.
func checkSymbol(sum uint32) byte {
	return checkAlphabet[(modulus-sum%modulus)%modulus]
}

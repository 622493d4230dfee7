package geo

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// checkByRule is the rule of the check symbols as it is written down, symbol
// by symbol.
func checkByRule(symbols string, multiplier int) byte {
	h := 0
	for i := range len(symbols) {
		h = (multiplier*h + strings.IndexByte(checkAlphabet, symbols[i])) % modulus
	}
	return checkAlphabet[(modulus*multiplier-multiplier*h%modulus)%modulus]
}

func TestCheckSymbolsFollowTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawCode(t).String()
		if want := checkByRule(s[:9], 5); s[9] != want {
			t.Fatalf("%s: K is %c, want %c", s, s[9], want)
		}
		if len(s) == UnitLength {
			if want := checkByRule(s[:9]+s[10:13], 7); s[13] != want {
				t.Fatalf("%s: k is %c, want %c", s, s[13], want)
			}
		}
	})
}

// TestWeightsCatchEverySlip is a proof over all codes: the sums are linear
// modulo a prime above every difference of two values, so a substitution goes
// unseen only at a weight of 0, a swap only between equal weights, a twin
// error (aa for bb) only where two neighbouring weights add up to 0.
func TestWeightsCatchEverySlip(t *testing.T) {
	for name, weights := range map[string][]uint32{
		"door": append(append([]uint32{}, doorWeights[:]...), 1),
		"unit": append(append([]uint32{}, unitWeights[:]...), 1),
	} {
		for i, w := range weights {
			if w%modulus == 0 {
				t.Errorf("%s: a substitution at place %d is not seen", name, i+1)
			}
			for j := range i {
				if weights[j]%modulus == w%modulus {
					t.Errorf("%s: a swap of places %d and %d is not seen", name, j+1, i+1)
				}
			}
			if i > 0 && (weights[i-1]+w)%modulus == 0 {
				t.Errorf("%s: a twin error at places %d and %d is not seen", name, i, i+1)
			}
		}
	}
	if len(checkAlphabet) != modulus || checkAlphabet[firstValue:modulus-1] != Alphabet {
		t.Error("the values of the symbols don't run through the modulus")
	}
}

// TestSubstitutionsAreRefused tries all of them on drawn codes, through Parse.
func TestSubstitutionsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := []byte(drawCode(t).String())
		for i, right := range s {
			for j := range len(checkAlphabet) {
				if s[i] = checkAlphabet[j]; s[i] != right {
					refused(t, s)
				}
			}
			s[i] = right
		}
	})
}

func TestSwapsAtAnyDistanceAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := []byte(drawCode(t).String())
		for i := range s {
			for j := range i {
				if s[i] == s[j] {
					continue
				}
				s[i], s[j] = s[j], s[i]
				refused(t, s)
				s[i], s[j] = s[j], s[i]
			}
		}
	})
}

func TestTwinErrorsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		s := []byte(c.String())
		for i := range len(s) - 1 {
			if s[i] != s[i+1] {
				continue
			}
			twin := s[i]
			for j := range len(checkAlphabet) {
				if s[i], s[i+1] = checkAlphabet[j], checkAlphabet[j]; s[i] != twin {
					refused(t, s)
				}
			}
			s[i], s[i+1] = twin, twin
		}
	})
}

func refused(t *rapid.T, s []byte) {
	if c, err := Parse(string(s)); err == nil {
		t.Fatalf("%s was read as %v", s, c)
	}
}

func TestSymbolValues(t *testing.T) {
	for c, v := range map[byte]uint8{
		'0': 0, '1': 1, '2': 2, '9': 9, 'C': 10, 'c': 10, 'X': 21, 'x': 21, 'K': 22, 'k': 22,
		'A': noSymbol, 'O': noSymbol, '+': noSymbol, 0: noSymbol, 0xFF: noSymbol,
	} {
		if symbolValues[c] != v {
			t.Errorf("%q has value %d, want %d", c, symbolValues[c], v)
		}
	}
}

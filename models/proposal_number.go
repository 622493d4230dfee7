package models

import (
	"crypto/rand"
	"math/big"
	"strings"

	"diachiso/geo"
)

// Numbers of proposals are ten symbols after their letter: nine drawn, in the
// letters that codes have, and a check that catches every wrong and every two
// swapped symbols. They are read to an officer over the telephone.
const (
	numberDrawn    = 9
	drawnSymbols   = "23456789CFGHJMPQRVWX"
	checkSymbols   = "0123456789CFGHJMPQRVWXK"
	numberMultiply = 7 // a primitive root mod 23, as codes have 5: a number is seldom a code
)

// numberSpace is how many numbers there are: 5 x 10^11.
var numberSpace = new(big.Int).Exp(big.NewInt(int64(len(drawnSymbols))), big.NewInt(numberDrawn), nil)

// newNumber draws a number after a letter, P for proposals.
func newNumber(letter byte) string {
	drawn, err := rand.Int(rand.Reader, numberSpace)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	n := drawn.Int64()
	symbols := make([]byte, numberDrawn)
	for i := range symbols {
		symbols[i] = drawnSymbols[n%int64(len(drawnSymbols))]
		n /= int64(len(drawnSymbols))
	}
	return string(letter) + string(symbols) + string(numberCheck(symbols))
}

// numberCheck is the check of drawn symbols.
func numberCheck[T string | []byte](symbols T) byte {
	h := 0
	for i := range len(symbols) {
		h = (numberMultiply*h + strings.IndexByte(checkSymbols, symbols[i])) % len(checkSymbols)
	}
	return checkSymbols[(len(checkSymbols)-numberMultiply*h%len(checkSymbols))%len(checkSymbols)]
}

// parseNumber reads a number as people write it: any case, separators and
// look-alike letters; false where it is none.
func parseNumber(letter byte, text string) (string, bool) {
	symbols, _ := geo.Normalize(text)
	if len(symbols) != 1+numberDrawn+1 || symbols[0] != letter || strings.Trim(symbols[1:1+numberDrawn], drawnSymbols) != "" {
		return "", false
	}
	return symbols, symbols[1+numberDrawn] == numberCheck(symbols[1:1+numberDrawn])
}

// grouped is a number as it is printed: P-7QF3M-V2WR5.
func grouped(number string) string { return number[:1] + "-" + number[1:6] + "-" + number[6:] }

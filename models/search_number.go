package models

import (
	"strconv"
	"strings"

	"diachiso/geo/written"
)

// fitNumber compares house numbers. A text without one is no door, unless a name
// or a flat says which.
func (k *asked) fitNumber(t *tally, a *Address) {
	given, found := k.text.HouseNumber, a.Parts.HouseNumber
	switch {
	case given.Given == "" && found == "":
	case given.Given == "" && (t.placed || t.named || k.isBuilding(a)):
		t.unasked++
	case given.Given == "":
		t.miss(written.HouseNumber, weightNumber/3., 0, true, "", found)
	case k.isNumber(a.Parts):
		t.placed = true
		t.agree(written.HouseNumber, weightNumber, 0, given.Given, found)
	default:
		t.gap = k.gapTo(a.Parts)
		t.miss(written.HouseNumber, weightNumber, shareOfNext/(1+float64(t.gap)/otherHouse), true, given.Given, found)
	}
}

// isNumber compares house numbers. 5/12 may be written for 12 in alley 5, and
// number 12 in alley 5 for 5/12.
func (k *asked) isNumber(p Parts) bool {
	number := written.NumberKey(p.HouseNumber)
	switch {
	case number == "":
		return false
	case number == k.number:
		return true
	case p.Alley != "" && digitsOf(p.Alley)+"/"+number == k.number:
		return true
	}
	return k.alley != "" && k.alley+"/"+k.number == number
}

func digitsOf(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// otherHouse is the gap between two houses of a street; gaps within an alley
// are smaller.
const otherHouse = 1000

// numberGap is how far two house numbers of a street are apart: in houses of
// the street, then in houses of the alley.
func numberGap(a, b string) int {
	const none = 1_000_000
	if a == "" || b == "" {
		return none
	}
	firstA, restA, _ := strings.Cut(a, "/")
	firstB, restB, _ := strings.Cut(b, "/")
	gap := otherHouse * abs(leadingNumber(firstA)-leadingNumber(firstB))
	gap += min(otherHouse-1, abs(leadingNumber(restA)-leadingNumber(restB)))
	if gap == 0 {
		gap = 1 // 83 and 83a
	}
	return min(gap, none)
}

func leadingNumber(s string) int {
	end := 0
	for end < len(s) && end < 6 && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, _ := strconv.Atoi(s[:end]) // no digits: 0
	return n
}

func abs(n int) int { return max(n, -n) }

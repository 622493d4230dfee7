package models

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumberIsMisread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := newNumber('P')
		if got, ok := parseNumber('P', " "+strings.ToLower(grouped(number))+"\u200b"); !ok || got != number {
			t.Fatalf("%s reads as %s, %v", grouped(number), got, ok)
		}
		i := rapid.IntRange(1, len(number)-1).Draw(t, "place")
		wrong := []byte(number)
		wrong[i] = drawnSymbols[rapid.IntRange(0, len(drawnSymbols)-1).Draw(t, "symbol")]
		if _, ok := parseNumber('P', string(wrong)); ok != (string(wrong) == number) {
			t.Fatalf("%s passes for %s", wrong, number)
		}
		j := rapid.IntRange(1, len(number)-1).Draw(t, "other place")
		swapped := []byte(number)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		if _, ok := parseNumber('P', string(swapped)); ok && string(swapped) != number {
			t.Fatalf("%s passes for %s", swapped, number)
		}
	})
}

func TestNumberOfAnotherKind(t *testing.T) {
	for _, text := range []string{"", "P", "28XMJ25Q66", newNumber('R'), newNumber('P') + "2", "P28XMJ-25Q6", "P000000000" + "0", "PKKKKKKKKKK", strings.Repeat("P", 100_000)} {
		if got, ok := parseNumber('P', text); ok {
			t.Errorf("%.20q is the number %s", text, got)
		}
	}
}

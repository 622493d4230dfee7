package geo

import (
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, code, says string }{
		{"empty", "", "wrong-length", "0 symbols"},
		{"nine symbols", "28XMJ25Q6", "wrong-length", "9 symbols"},
		{"eleven symbols", "28XMJ25Q666", "wrong-length", "11 symbols"},
		{"thirteen symbols", "28XMJ25Q66223", "wrong-length", "13 symbols"},
		{"fifteen symbols", "28XMJ25Q66223RR", "wrong-length", "15 symbols"},
		{"very long", strings.Repeat("2", 10_000), "wrong-length", "10000 symbols"},
		{"separators", "28XM J25 Q66", "wrong-length", "12 symbols"},
		{"letter outside the alphabet", "28XMJ2AQ66", "unknown-symbol", "symbol 7"},
		{"check letter in the cell", "28XMJ2KQ66", "unknown-symbol", "symbol 7"},
		{"0 in the cell", "08XMJ25Q66", "unknown-symbol", "symbol 1"},
		{"unknown check symbol", "28XMJ25Q6A", "unknown-symbol", "symbol 10"},
		{"check letter in the unit", "28XMJ25Q66K23R", "unknown-symbol", "symbol 11"},
		{"1 in the unit", "28XMJ25Q66221R", "unknown-symbol", "symbol 13"},
		{"unknown check of the unit", "28XMJ25Q66223-", "unknown-symbol", "symbol 14"},
		{"full width", "２28XMJ25", "unknown-symbol", "symbol 1"},
		{"accented letter", "28XMJ25Q6Đ", "unknown-symbol", "symbol 10"},
		{"accented letter in the unit", "28XMJ25Q66223Đ", "unknown-symbol", "symbol 14"},
		{"accented letters", "Đường số 5", "unknown-symbol", "symbol 1"},
		{"wrong check", "28XMJ25Q67", "check-failed", "mistyped"},
		{"wrong check of the door in a unit", "28XMJ25Q67223R", "check-failed", "mistyped"},
		{"wrong check of the unit", "28XMJ25Q66223X", "check-failed", "last four"},
		{"wrong unit", "28XMJ25Q66233R", "check-failed", "last four"},
		{"control character", "28XMJ25Q6\x00", "unknown-symbol", "symbol 10"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse(test.text)
			wantError(t, err, test.code)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
			if c != 0 {
				t.Errorf("code %d beside an error", c)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range places {
		f.Add(p.door)
		f.Add(strings.ToLower(p.unit))
	}
	f.Add("28XMJ25Q67")
	f.Add("２８")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			wantSentences(t, err)
			return
		}
		if c.String() != strings.ToUpper(s) || !c.Valid() {
			t.Fatalf("Parse(%q) = %v", s, c)
		}
		if again, err := Encode(c.Centre()); err != nil || again != c.Door() {
			t.Fatalf("centre of %v is in %v, %v", c, again, err)
		}
	})
}

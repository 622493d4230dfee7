package geo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAreaRange(t *testing.T) {
	tests := []struct{ name, prefix, first, last string }{
		{"degree", "28", "282222222", "28XXXXXXX"},
		{"four", "28XM", "28XM22222", "28XMXXXXX"},
		{"six", "28XMJ2", "28XMJ2222", "28XMJ2XXX"},
		{"eight", "28XMJ25Q", "28XMJ25Q2", "28XMJ25QX"},
		{"cell", "28XMJ25Q6", "28XMJ25Q6", "28XMJ25Q6"},
		{"door", "28XMJ25Q66", "28XMJ25Q6", "28XMJ25Q6"},
		{"lower case", "28xm", "28XM22222", "28XMXXXXX"},
		{"first of all", "22", "222222222", "22XXXXXXX"},
		{"last of all", "XX", "XX2222222", "XXXXXXXXX"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lo, hi, err := AreaRange(test.prefix)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.first, test.last}, []string{lo.Nine(), hi.Nine()}); diff != "" {
				t.Error(diff)
			}
			if !lo.IsDoor() || hi.Unit() != MaxUnit || !lo.Valid() || !hi.Valid() {
				t.Errorf("range %v to %v leaves units out", lo, hi)
			}
		})
	}
}

func TestAreaRangeRefuses(t *testing.T) {
	for prefix, code := range map[string]string{
		"": "bad-area", "2": "bad-area", "28X": "bad-area", "28XMJ": "bad-area", "28XMJ25": "bad-area", "28XMJ25Q666": "bad-area",
		"2O": "bad-area", "21": "bad-area", "K2": "bad-area", "2+": "bad-area", "đ": "bad-area", strings.Repeat("2", 999): "bad-area",
		"28XMJ25Q67": "check-failed",
	} {
		_, _, err := AreaRange(prefix)
		wantError(t, err, code)
	}
}

// TestAreaRangeHoldsItsCodes and no others: codes sort like their symbols.
func TestAreaRangeHoldsItsCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, other := drawCode(t), drawCode(t)
		prefix := c.Nine()[:rapid.SampledFrom([]int{2, 4, 6, 8, 9}).Draw(t, "length")]
		lo, hi, err := AreaRange(prefix)
		if err != nil || c < lo || c > hi {
			t.Fatalf("%v is not in %s: %v to %v, %v", c, prefix, lo, hi, err)
		}
		if inside := lo <= other && other <= hi; inside != strings.HasPrefix(other.Nine(), prefix) {
			t.Fatalf("%v in %s is %v", other, prefix, inside)
		}
	})
}

func TestNeighbours(t *testing.T) {
	p := mustPoint(t, "10.9804", "106.6519")
	var got []string
	for _, c := range Neighbours(p) {
		got = append(got, c.Nine())
	}
	// The point lies on the south edge of its cell, four fifths to the east.
	want := []string{"28XMJ25Q2", "28XMJ25Q7", "28XMJ25Q3"}
	if len(got) != 8 {
		t.Fatalf("%d neighbours", len(got))
	}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Error(diff)
	}
}

func TestNeighboursAtTheEdges(t *testing.T) {
	for name, test := range map[string]struct {
		p Point
		n int
	}{
		"south-west corner": {Point{4_0000000, 100_0000000}, 3},
		"north-east corner": {Point{23_9999999, 119_9999999}, 3},
		"west edge":         {Point{12_0000000, 100_0000000}, 5},
		"north edge":        {Point{23_9999999, 106_0000000}, 5},
		"over 10 N":         {Point{10_0000000, 106_0000000}, 8},
		"outside":           {Point{3_9999999, 106_0000000}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Neighbours(test.p); len(got) != test.n {
				t.Errorf("%d neighbours, want %d", len(got), test.n)
			}
		})
	}
}

func TestNeighboursTouchAndAreSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		home, _ := Encode(p)
		codes := Neighbours(p)
		for i, c := range codes {
			a, b := home.cell(), c.cell()
			if c == home || absDiff(a.row, b.row) > 1 || absDiff(a.col, b.col) > 1 || slices.Contains(codes[:i], c) {
				t.Fatalf("%v is no neighbour of %v", c, home)
			}
			if i > 0 && Distance(p, codes[i-1].Centre()) > Distance(p, c.Centre()) {
				t.Fatalf("%v before the nearer %v", codes[i-1], c)
			}
		}
	})
}

func TestNeighboursTieByCode(t *testing.T) {
	// Exactly between the centres to the east and west the lower code is first.
	p := mustParse(t, "28XMJ25Q66").Centre()
	codes := Neighbours(p)
	for i := 1; i < len(codes); i++ {
		a, b := Distance(p, codes[i-1].Centre()), Distance(p, codes[i].Centre())
		if a == b && codes[i-1] > codes[i] {
			t.Errorf("%v before %v", codes[i-1], codes[i])
		}
	}
}

func absDiff(a, b uint32) uint32 { return max(a, b) - min(a, b) }

func TestCodesEndingIn(t *testing.T) {
	codes, err := CodesEndingIn("xmj25q6")
	if err != nil || len(codes) != 400 || !slices.IsSorted(codes) {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	seen := map[string]bool{}
	for _, c := range codes {
		seen[c.Nine()[:2]] = true
		if !c.IsDoor() || c.Nine()[2:] != "XMJ25Q6" || c.Vpostcode("75123") != "75123XMJ25Q6" {
			t.Errorf("%v does not end in XMJ25Q6", c)
		}
	}
	if len(seen) != 400 || !slices.Contains(codes, mustParse(t, "28XMJ25Q66")) {
		t.Errorf("%d squares", len(seen))
	}
	for _, seven := range []string{"", "XMJ25Q", "XMJ25Q66", "XMJ25QO", "XMJ250Q", "đường", "-------"} {
		_, err := CodesEndingIn(seven)
		wantError(t, err, "bad-vpostcode")
	}
}

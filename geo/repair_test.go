package geo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRepairsOfOneSlip(t *testing.T) {
	tests := []struct {
		name, symbols string
		want          Repair
	}{
		{"wrong symbol that looks alike", "28XMJ26Q66", Repair{mustParse(t, "28XMJ25Q66"), OpSubstitute, 7, true}},
		{"wrong symbol", "28XMJ2RQ66", Repair{mustParse(t, "28XMJ25Q66"), OpSubstitute, 7, false}},
		{"wrong check", "28XMJ25Q67", Repair{mustParse(t, "28XMJ25Q66"), OpSubstitute, 10, false}},
		{"0 in the cell", "28XMJ25066", Repair{mustParse(t, "28XMJ25Q66"), OpSubstitute, 8, true}},
		{"swapped neighbours", "28MXJ25Q66", Repair{mustParse(t, "28XMJ25Q66"), OpSwap, 3, false}},
		{"check swapped with its neighbour", "H72VH2FV6P", Repair{mustParse(t, "H72VH2FVP6"), OpSwap, 9, false}},
		{"lost symbol", "28XMJ2Q66", Repair{mustParse(t, "28XMJ25Q66"), OpInsert, 7, false}},
		{"lost check", "28XMJ25Q6", Repair{mustParse(t, "28XMJ25Q66"), OpInsert, 9, false}},
		{"doubled symbol", "28XMJJ25Q66", Repair{mustParse(t, "28XMJ25Q66"), OpDelete, 5, false}},
		{"unit's wrong symbol", "28XMJ25Q66233R", Repair{mustParse(t, "28XMJ25Q66223R"), OpSubstitute, 12, false}},
		{"unit's lost symbol", "28XMJ25Q6623R", Repair{mustParse(t, "28XMJ25Q66223R"), OpInsert, 11, false}},
		{"unit's extra symbol", "28XMJ25Q66223RC", Repair{mustParse(t, "28XMJ25Q66223R"), OpDelete, 15, false}},
		{"unit with a wrong door", "28XMJ26Q66223R", Repair{mustParse(t, "28XMJ25Q66223R"), OpSubstitute, 7, true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Repairs(test.symbols)
			at := slices.IndexFunc(got, func(r Repair) bool { return r.Code == test.want.Code })
			if at < 0 {
				t.Fatalf("%v is not among %v", test.want.Code, got)
			}
			if diff := cmp.Diff(test.want, got[at]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRepairsOfOneUnknownSymbol(t *testing.T) {
	want := []Repair{{mustParse(t, "28XMJ25Q66"), OpSubstitute, 7, false}}
	for _, symbols := range []string{"28XMJ2?Q66", "28XMJ2ĐQ66", "28XMJ2\u4e00Q66"} {
		if diff := cmp.Diff(want, Repairs(symbols)); diff != "" {
			t.Errorf("%s: %s", symbols, diff)
		}
	}
	want = []Repair{{mustParse(t, "28XMJ25Q66"), OpDelete, 7, false}}
	if diff := cmp.Diff(want, Repairs("28XMJ2?5Q66")); diff != "" {
		t.Error(diff)
	}
	got := Repairs("28XMJ25Q66?23R")
	want = []Repair{
		{mustParse(t, "28XMJ25Q66223R"), OpSubstitute, 11, false},
		{mustParse(t, "28XMJ25Q66"), OpDoor, 11, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoRepairs(t *testing.T) {
	for name, symbols := range map[string]string{
		"empty":                               "",
		"a valid door":                        "28XMJ25Q66",
		"a valid unit":                        "28XMJ25Q66223R",
		"eight symbols":                       "28XMJ25Q",
		"twelve symbols":                      "28XMJ25Q6622",
		"sixteen symbols":                     "28XMJ25Q66223R22",
		"very many":                           strings.Repeat("2", 100_000),
		"two unknown":                         "28XMJ2??66",
		"two unknown in the unit":             "28XMJ25Q66??3R",
		"unknown in nine symbols":             "28XMJ2?Q6",
		"two symbols no cell can hold":        "28X0J21Q66",
		"unknown door symbol, unit wrong too": "28XMJ2?Q66233R",
	} {
		t.Run(name, func(t *testing.T) {
			if got := Repairs(symbols); len(got) > 0 {
				t.Errorf("repairs %v", got)
			}
		})
	}
}

func TestDoorIsOfferedLast(t *testing.T) {
	door := mustParse(t, "28XMJ25Q66")
	for name, symbols := range map[string]string{
		"wrong unit": "28XMJ25Q66233R", "lost symbol": "28XMJ25Q66223", "extra symbol": "28XMJ25Q66223R7",
		"hopeless unit": "28XMJ25Q660000",
	} {
		got := Repairs(symbols)
		if len(got) == 0 || got[len(got)-1] != (Repair{door, OpDoor, 11, false}) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, r := range Repairs("28XMJ26Q66223R") {
		if r.Op == OpDoor {
			t.Errorf("door %v although its own check fails", r.Code)
		}
	}
}

// TestRepairsFindTheTruth damages drawn codes with every slip of one kind, and
// counts what is offered.
func TestRepairsFindTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		right := c.String()
		op, damagedText := drawSlip(t, right)
		if damagedText == right {
			return
		}
		got := Repairs(damagedText)
		if !slices.ContainsFunc(got, func(r Repair) bool { return r.Code == c }) {
			t.Fatalf("%s of %s is %s: not among %v", op, right, damagedText, got)
		}
		seen, substitutions := map[Code]bool{}, 0
		for _, r := range got {
			if seen[r.Code] {
				t.Fatalf("%v is offered twice for %s", r.Code, damagedText)
			}
			seen[r.Code] = true
			if r.Op == OpSubstitute {
				substitutions++
			}
			if _, err := Parse(r.Code.String()); err != nil {
				t.Fatal(err)
			}
		}
		most := 10
		if !c.IsDoor() {
			most = 4
		}
		if substitutions > most {
			t.Fatalf("%d substitutions for %s, most %d", substitutions, damagedText, most)
		}
		if diff := cmp.Diff(got, Repairs(damagedText)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawSlip damages a code in one way.
func drawSlip(t *rapid.T, right string) (op, wrong string) {
	at := rapid.IntRange(0, len(right)-2).Draw(t, "place")
	symbol := string(checkAlphabet[rapid.IntRange(0, modulus-1).Draw(t, "symbol")])
	switch op = rapid.SampledFrom([]string{OpSubstitute, OpSwap, OpInsert, OpDelete}).Draw(t, "op"); op {
	case OpSubstitute:
		return op, right[:at] + symbol + right[at+1:]
	case OpSwap:
		return op, right[:at] + right[at+1:at+2] + right[at:at+1] + right[at+2:]
	case OpInsert:
		return op, right[:at] + right[at+1:] // a symbol is to be inserted
	default:
		return op, right[:at] + symbol + right[at:]
	}
}

func TestLookAlike(t *testing.T) {
	for _, pair := range []string{"5 6", "0 Q", "V W", "D 0"} {
		a, b := rune(pair[0]), rune(pair[2])
		if !lookAlike(a, b) || !lookAlike(b, a) {
			t.Errorf("%s are not alike", pair)
		}
	}
	if lookAlike('2', 'X') || lookAlike('Đ', 'W') {
		t.Error("unlike symbols are alike")
	}
	for _, pair := range confusable {
		if len(pair) != 2 || pair[0] == pair[1] || strings.IndexByte(checkAlphabet, pair[1]) < 0 && strings.IndexByte(checkAlphabet, pair[0]) < 0 {
			t.Errorf("pair %q", pair)
		}
	}
}

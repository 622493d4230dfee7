package importfile

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSplitCells(t *testing.T) {
	cases := []struct {
		name, row string
		want      []string
		err       error
	}{
		{"an empty row is one empty cell", "", []string{""}, nil},
		{"one separator is two empty cells", ",", []string{"", ""}, nil},
		{"plain cells", "a, b ,c", []string{"a", " b ", "c"}, nil},
		{"a quoted separator", `"a,b",c`, []string{"a,b", "c"}, nil},
		{"a doubled quotation mark", `"a""b",""""`, []string{`a"b`, `"`}, nil},
		{"empty quotes", `"",""`, []string{"", ""}, nil},
		{"a separator behind quotes", `"a",`, []string{"a", ""}, nil},
		{"a quotation mark in a plain cell", `a"b`, nil, errStrayQuote},
		{"a quotation mark at the end of a plain cell", `a"`, nil, errStrayQuote},
		{"text behind quotes", `"a"b`, nil, errStrayQuote},
		{"a blank behind quotes", `"a" ,b`, nil, errStrayQuote},
		{"quotes never closed", `a,"b`, nil, errUnclosed},
		{"quotes closed by a doubled mark only", `"a""`, nil, errUnclosed},
		{"a lone quotation mark", `"`, nil, errUnclosed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := splitCells(c.row, ',')
			if diff := cmp.Diff(c.want, got); diff != "" || err != c.err {
				t.Errorf("error %v, want %v: %s", err, c.err, diff)
			}
		})
	}
}

// The standard library's strict reader takes and refuses the same rows.
func TestSplitCellsAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.StringOfN(rapid.RuneFrom([]rune(`ab",; ộ`)), 1, 16, -1).Draw(t, "row")
		peer := csv.NewReader(strings.NewReader(row + "\n"))
		want, wantErr := peer.Read()
		got, err := splitCells(row, ',')
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, standard library %v", row, err, wantErr)
		}
		if err == nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q: %s", row, diff)
			}
		}
	})
}

func TestBlank(t *testing.T) {
	if !blank(nil) || !blank([]string{"", " \t", "\u00a0"}) || blank([]string{"", "0"}) {
		t.Error("blank is wrong")
	}
}

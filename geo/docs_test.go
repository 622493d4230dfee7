package geo

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// docTable is the first table under a heading of docs/codes.md, without its
// two header lines.
func docTable(t *testing.T, heading string) [][]string {
	t.Helper()
	page, err := os.ReadFile("../docs/codes.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), heading+"\n")
	if !found {
		t.Fatalf("docs/codes.md has no heading %q", heading)
	}
	var rows [][]string
	for line := range strings.Lines(section) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				break
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("no table under %q", heading)
	}
	return rows[2:]
}

func TestDocumentedVectors(t *testing.T) {
	rows := docTable(t, "## Vectors")
	if len(rows) < 30 {
		t.Errorf("only %d vectors", len(rows))
	}
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			e7 := func(s string) int32 {
				v, err := strconv.ParseInt(s, 10, 32)
				if err != nil {
					t.Fatal(err)
				}
				return int32(v)
			}
			door := mustEncode(t, Point{e7(row[1]), e7(row[2])})
			unit, err := door.WithUnit(int(e7(row[6])))
			if err != nil {
				t.Fatal(err)
			}
			centre := mustParse(t, row[7]).Centre()
			got := []string{
				row[0], row[1], row[2], strconv.FormatInt(door.ID(), 10), door.Plus(), door.String(), row[6], unit.String(),
				strconv.Itoa(int(centre.Lat)), strconv.Itoa(int(centre.Lng)),
			}
			if diff := cmp.Diff(row, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDocumentedTexts(t *testing.T) {
	for _, row := range docTable(t, "### Typed texts") {
		symbols, changed := Normalize(strings.Trim(row[0], "`"))
		got := []string{row[0], "`" + symbols + "`", map[bool]string{true: "yes", false: "no"}[changed]}
		if diff := cmp.Diff(row, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDocumentedRepairs(t *testing.T) {
	for _, row := range docTable(t, "### Repaired texts") {
		var list []string
		for _, r := range Repairs(strings.Trim(row[0], "`")) {
			mark := map[bool]string{true: "*"}[r.LookAlike]
			list = append(list, fmt.Sprintf("`%v` %s %d%s", r.Code, r.Op, r.Position, mark))
		}
		if list == nil {
			list = []string{"none"}
		}
		if diff := cmp.Diff(row[1], strings.Join(list, ", ")); diff != "" {
			t.Errorf("%s: %s", row[0], diff)
		}
	}
}

func TestDocumentedWeights(t *testing.T) {
	rows := docTable(t, "## Check symbols")
	for i, weights := range [][]uint32{doorWeights[:], unitWeights[:]} {
		for j, w := range weights {
			if rows[i][j+1] != strconv.Itoa(int(w)) {
				t.Errorf("weight %d of %s is %d", j+1, rows[i][0], w)
			}
		}
	}
}

package written

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
)

// fixture is the gazetteer and lexicon of the tests, and what their numbers
// stand for.
type fixture struct {
	gazetteer *Gazetteer
	lexicon   *Lexicon
	units     []testUnit // by ID less one
	names     map[Part][]string
}

type testUnit struct {
	Unit
	code, parent, from string
	successors         []string
}

func loadFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{lexicon: NewLexicon(), names: map[Part][]string{}}
	f.readUnits(t)
	f.readNames(t)
	return f
}

func (f *fixture) readUnits(t testing.TB) {
	file, err := os.Open("testdata/units.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		f.units = append(f.units, testUnit{
			Unit: Unit{ID: int64(i + 1), Level: Part(row[0]), Kind: row[3], Name: row[4]},
			code: row[1], parent: row[2], from: row[5], successors: strings.Fields(row[7]),
		})
	}
	units := make([]Unit, len(f.units))
	for i := range f.units {
		f.units[i].Within = f.within(&f.units[i])
		units[i] = f.units[i].Unit
	}
	f.gazetteer = NewGazetteer(units)
}

// within collects what a unit, its successors and predecessors lay in. All
// periods of a code count: they lay in the same.
func (f *fixture) within(u *testUnit) []int64 {
	kin := []*testUnit{u}
	for i := range f.units {
		other := &f.units[i]
		if other.Level == u.Level && (contains(u.successors, other.code) && other.from > u.from || contains(other.successors, u.code) && other.from < u.from) {
			kin = append(kin, other)
		}
	}
	seen := map[int64]bool{}
	var list []int64
	var climb func(code string)
	climb = func(code string) {
		for i := range f.units {
			if up := &f.units[i]; up.code == code && up.Level != Commune && !seen[up.ID] {
				seen[up.ID] = true
				list = append(list, up.ID)
				climb(up.parent)
				for _, s := range up.successors {
					climb(s)
				}
			}
		}
	}
	for _, k := range kin {
		climb(k.parent)
	}
	return list
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (f *fixture) readNames(t testing.TB) {
	data, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		part, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		id := f.lexicon.Add(Part(part), name)
		if int(id) == len(f.names[Part(part)]) {
			f.names[Part(part)] = append(f.names[Part(part)], name)
		}
	}
}

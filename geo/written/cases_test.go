package written

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// say writes an address as the table of cases does: parts by their texts, a
// name that the lexicon lacks with "?", one of which the end is left out with
// "~"; units by their codes, those since 2025 with "*".
func (f *fixture) say(a *Address) string {
	var said []string
	for _, p := range [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet} {
		c := a.Component(p)
		if c.Given == "" {
			continue
		}
		unknown := ""
		if len(c.Names) == 0 && f.lexicon.of(p) != nil {
			unknown = "?"
		} else if len(c.Names) > 0 && c.Names[0].Rest > 0 {
			unknown = "~"
		}
		said = append(said, string(p)+unknown+"="+c.Text)
	}
	for i := range a.Units {
		said = append(said, string(a.Units[i].Level)+"="+f.sayUnits(&a.Units[i]))
	}
	for _, words := range a.Ignored {
		said = append(said, "ignored="+words)
	}
	for _, c := range a.Contradictions {
		said = append(said, "contradiction="+string(c[0])+"/"+string(c[1]))
	}
	return strings.Join(said, "; ")
}

func (f *fixture) sayUnits(m *Mention) string {
	if len(m.Units) == 0 {
		return "?" + m.Given
	}
	var codes []string
	for _, u := range m.Units {
		unit := f.units[u.ID-1]
		code := unit.code
		if unit.from >= "2025" {
			code += "*"
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, "+")
}

// Every line of the table is a text, " => " and what it is read as.
func TestCases(t *testing.T) {
	f := loadFixture(t)
	data, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	count, section := 0, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			section = strings.TrimPrefix(line, "# ")
			continue
		}
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("no case: %q", line)
		}
		count++
		t.Run(section+"/"+text, func(t *testing.T) {
			got := ""
			if all := Parse(text, f.gazetteer, f.lexicon, Options{}); len(all) > 0 {
				got = f.say(&all[0])
			}
			if got != want {
				t.Errorf("%s\n got %s\nwant %s", text, got, want)
			}
		})
	}
	if count < 300 {
		t.Errorf("only %d cases", count)
	}
}

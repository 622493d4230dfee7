package written

import (
	"fmt"
	"strings"
	"testing"
)

// textOf reads a text and begins to take it apart.
func textOf(t *testing.T, f *fixture, text string) *reading {
	t.Helper()
	r := new(reading)
	if !r.begin(text, f.gazetteer, f.lexicon, Options{}) {
		t.Fatalf("%q is empty", text)
	}
	return r
}

func TestNumbers(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string]string{
		"12":           "12",
		"12A":          "12A",
		"12/3":         "12/3",
		"12/3A xy":     "12/3A",
		"12/3/5":       "12/3/5",
		"12/A5":        "12/A5",
		"15-17":        "15-17",
		"83 bis":       "83 bis",
		"83bis/2 abc":  "83bis/2",
		"12 B":         "12|12 B",
		"12-B":         "12|12-B",
		"12 B.":        "12|12 B",
		"12 Đ. Yersin": "12",
		"A12":          "A12",
		"A-12":         "A-12",
		"A 12":         "",
		"abcd12":       "",
		"123456":       "",
		"12345":        "12345",
		"12A2":         "12A2",
		"12 . 3":       "12",
		"12, 3":        "12",
		"Yersin":       "",
		"12p phú hòa":  "12p|12",
	} {
		r := textOf(t, f, text)
		var got []string
		for _, end := range r.numbers(0) {
			got = append(got, r.span(0, end.to))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q is read as %q, want %q", text, strings.Join(got, "|"), want)
		}
	}
}

func TestLotsAndLabels(t *testing.T) {
	f := loadFixture(t)
	for _, tt := range []struct {
		text string
		code func(*reading, int) int
		want string
	}{
		{"C2", (*reading).lotCode, "C2"}, {"7 - DC 03", (*reading).lotCode, "7"}, {"DC 03", (*reading).lotCode, "DC 03"},
		{"C", (*reading).lotCode, "C"}, {"ABC", (*reading).lotCode, ""}, {"so 15", (*reading).lotCode, ""}, {"Yersin", (*reading).lotCode, ""},
		{"12A", (*reading).lotCode, "12A"}, {"123456", (*reading).lotCode, ""},
		{"3.05", (*reading).labelCode, "3.05"}, {"A-12.05", (*reading).labelCode, "A-12.05"}, {"B", (*reading).labelCode, "B"},
		{"B 12", (*reading).labelCode, "B"}, {"304 chung cư", (*reading).labelCode, "304"}, {"trệt", (*reading).labelCode, "trệt"},
		{"Phú Hòa", (*reading).labelCode, ""}, {"12 05", (*reading).labelCode, "12"}, {"B2-05", (*reading).labelCode, "B2-05"},
	} {
		r := textOf(t, f, tt.text)
		got := ""
		if to := tt.code(r, 0); to > 0 {
			got = r.span(0, to)
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestOneEdit(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"duong", "duong", false}, {"duogn", "duong", true}, {"dong", "duong", true}, {"duonng", "duong", true}, {"daong", "duong", true},
		{"dnoug", "duong", false}, {"don", "duong", false}, {"", "a", true}, {"", "ab", false}, {"ab", "ba", true}, {"abc", "cba", false},
	} {
		if got := oneEdit(tt.a, tt.b); got != tt.want || oneEdit(tt.b, tt.a) != got {
			t.Errorf("oneEdit(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestBeginsLike(t *testing.T) {
	for _, tt := range []struct {
		name, given string
		edits       int
		part, want  bool
	}{
		{"phúlợi", "phúlợi", 0, false, true}, {"phúlợi", "phulợi", 0, false, false}, {"phúlợi", "phulợi", 1, false, true},
		{"phúlợi", "phúlợ", 0, true, true}, {"phúlợi", "phúlợ", 0, false, false}, {"phúlợi", "phú", 0, true, true},
		{"phúlợi", "phulợ", 1, true, true}, {"abcd", "abdc", 1, false, true}, {"abcd", "badc", 1, false, false}, {"abcd", "badc", 2, false, true},
		{"", "a", 0, true, false}, {"a", "", 0, true, true},
	} {
		if got := beginsLike([]rune(tt.name), []rune(tt.given), tt.edits, tt.part); got != tt.want {
			t.Errorf("beginsLike(%q, %q, %d, %v) = %v", tt.name, tt.given, tt.edits, tt.part, got)
		}
	}
}

func TestSplitMarkers(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string]string{
		"duongyersin":          "duong yersin",
		"ĐườngYersin":          "Đường Yersin",
		"pphucuong":            "p phucuong",
		"phuongphucuong":       "phuong phucuong",
		"tphcm":                "tp hcm",
		"XãAn Bình":            "Xã An Bình",
		"Thành phốHồ Chí Minh": "Thành phố Hồ Chí Minh",
		"83AĐường Yersin":      "83 A Đường Yersin",
		"phuongxyz":            "phuongxyz",
		"phanh":                "phanh",
		"thanh":                "thanh",
		"xalohanoi":            "xalohanoi",
		"duongdinhnghe":        "duongdinhnghe", // the street's own name
		"12yersin":             "12 yersin",
		"tinhbinhduong":        "tinh binhduong",
		"huyendautieng":        "huyen dautieng",
		"chungcubinhminh":      "chungcu binhminh",
	} {
		r := textOf(t, f, text)
		var got []string
		for i := range r.atoms {
			got = append(got, r.span(i, i+1))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is split into %q, want %q", text, got, want)
		}
	}
}

func TestGazetteerKnowsOtherNames(t *testing.T) {
	f := loadFixture(t)
	for text, code := range map[string]string{
		"Hồ Chí Minh": "79", "Sài Gòn": "79", "SG": "", "TP SG": "79", "HCM": "79", "TP.HCMC": "79", "BD": "74", "TDM": "718", "Cây Trường 2": "25819", "DA": "",
	} {
		got := ""
		if all := Parse(text, f.gazetteer, f.lexicon, Options{}); len(all) > 0 && len(all[0].Units) > 0 && len(all[0].Units[0].Units) > 0 {
			got = f.units[all[0].Units[0].Units[0].ID-1].code
		}
		if got != code && !(text == "SG" && got == "79") {
			t.Errorf("%q is unit %q, want %q", text, got, code)
		}
	}
}

// Every marker of the table is found by its words, and leads to its part.
func TestMarkerTable(t *testing.T) {
	for _, s := range markerSpellings() {
		for _, form := range split(s.forms) {
			atoms, _ := cut(form+" 12", nil)
			found := false
			for _, m := range markers.byWord[atoms[0].fold] {
				fits, foreign := m.matches(atoms)
				found = found || fits && !foreign && m.part == s.part && m.kind == s.kind && len(m.words) == len(atoms)-1
			}
			if !found {
				t.Errorf("%s %q is not found", s.part, form)
			}
		}
	}
	if len(markers.byWord) < 100 {
		t.Error(fmt.Sprint("only ", len(markers.byWord), " words"))
	}
}

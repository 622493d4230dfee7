package written

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

func TestCut(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{" , ", ""},
		{"12/3A Yersin", "12 /3 a yersin"},
		{"18Đt741", "18 dt 741"},
		{"P.Phú Hòa", "p .phu hoa"},
		{"ô 4,5", "o 4 ,5"},
		{"15 - 17", "15 -17"},
		{"15–17", "15 -17"},
		{"12 / 3", "12 /3"},
		{"a\nb;c(d)", "a ,b ,c ,d"},
		{norm.NFD.String("Đường"), "duong"},
		{"１２／３", "12 /3"},
		{"H'leo", "hleo"},
		{"Ａ１", "a 1"},
		{"\u0301a", "a"},
		{"½", ""},
		{"東京 12", "東京 12"},
	} {
		atoms, rest := cut(clean(tt.text), nil)
		var got []string
		for i, a := range atoms {
			word := a.fold
			if i > 0 {
				word = [...]string{glued: "", spaced: "", dotted: ".", dashed: "-", slashed: "/", comma: ","}[a.before] + word
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != tt.want || rest != len(clean(tt.text)) {
			t.Errorf("%q is cut into %q, want %q", tt.text, strings.Join(got, " "), tt.want)
		}
	}
}

func TestCompact(t *testing.T) {
	for text, want := range map[string]string{
		"Phú Lợi 05": "phuloi5", "30/04": "30/4", "30-4": "30/4", "30 4": "30/4", "4,5": "4,5", "N3 KDC Phú Hòa 2": "n3kdcphuhoa2",
		"ba tháng hai": "3/2", "3 tháng 2": "3/2", "Cách Mạng Tháng Tám": "cachmangthang8", "tháng": "thang", "tháng tám": "thang8",
		"00": "0", "Tháng Bảy, 12": "thang7,12", "30, tháng 4": "30thang4",
	} {
		atoms, _ := cut(clean(text), nil)
		if got := string(compact(atoms, nil)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestAccentsOfAtoms(t *testing.T) {
	atoms, _ := cut(clean("Phú phu HOÀ hòa"), nil)
	var got []bool
	for i := range atoms {
		got = append(got, atoms[i].hasAccents())
	}
	if diff := cmp.Diff([]bool{true, false, true, true}, got); diff != "" {
		t.Error(diff)
	}
	if atoms[2].accented != atoms[3].accented {
		t.Errorf("the two placements of a tone differ: %q, %q", atoms[2].accented, atoms[3].accented)
	}
}

func TestMoreAtomsThanAnAddressHas(t *testing.T) {
	atoms, rest := cut(strings.Repeat("a ", maxAtoms+1), nil)
	if len(atoms) != maxAtoms || rest != 2*maxAtoms {
		t.Errorf("%d atoms, the rest at %d", len(atoms), rest)
	}
}

func TestCleanDropsWhatIsInvisible(t *testing.T) {
	for text, want := range map[string]string{
		"P\u200bhú": "Phú", "\ufeff12": "12", "a\xffb": "a b", "e\u0301": "é", "12\u00ad/3": "12/3", "plain": "plain",
	} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q, want %q", text, got, want)
		}
	}
}

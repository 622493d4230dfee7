package written

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// checkParse holds for every text.
func checkParse(t interface{ Fatalf(string, ...any) }, f *fixture, s string, o Options) {
	all := Parse(s, f.gazetteer, f.lexicon, o)
	if again := Parse(s, f.gazetteer, f.lexicon, o); !cmp.Equal(all, again) {
		t.Fatalf("%q is read otherwise the second time:\n%s", s, cmp.Diff(all, again))
	}
	if len(all) > mostAnswers {
		t.Fatalf("%q has %d readings", s, len(all))
	}
	whole := clean(s)
	for i := range all {
		for _, given := range quoted(&all[i]) {
			if given == "" || !strings.Contains(whole, given) || given != strings.TrimSpace(given) {
				t.Fatalf("%q: %q is not of the text", s, given)
			}
		}
		if a := &all[i]; a.Score <= 0 || a.Score > 1 || i > 0 && a.Score > all[i-1].Score {
			t.Fatalf("%q: score %v of reading %d", s, a.Score, i)
		}
		checkComponents(t, f, &all[i], s)
	}
}

// quoted is everything that an address says is in the text.
func quoted(a *Address) []string {
	list := append([]string(nil), a.Ignored...)
	for _, p := range [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet} {
		if c := a.Component(p); c.Given != "" {
			list = append(list, c.Given)
		}
	}
	for _, u := range a.Units {
		list = append(list, u.Given)
	}
	return list
}

func checkComponents(t interface{ Fatalf(string, ...any) }, f *fixture, a *Address, s string) {
	for _, p := range [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet} {
		c := a.Component(p)
		if (c.Given == "") != (c.Text == "") || len(c.Names) > MaxNames || !utf8.ValidString(c.Text) {
			t.Fatalf("%q: %s is %+v", s, p, c)
		}
		for _, m := range c.Names {
			if int(m.ID) >= f.lexicon.Len(p) || m.Edits > 2 {
				t.Fatalf("%q: %s has name %+v", s, p, m)
			}
		}
	}
	for _, u := range a.Units {
		for _, m := range u.Units {
			if f.units[m.ID-1].Level != u.Level {
				t.Fatalf("%q: unit %d is no %s", s, m.ID, u.Level)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	fix := loadFixture(f)
	for _, s := range []string{"", "15 duong 30/4 kp3 p phu hoa tdm BD", "Căn 3.05, Block B, Chung cư Hoa Sen, 12 Đường Yersin",
		"ô 4,5, lô C2", "18Đt741", "ddT 741", "P.5, Q.3, TP.HCM", "0912 345 678", "đường", "\xff\u0301đ", "１２／３ Ｙｅｒｓｉｎ", "'1", "số số số",
		"thành phốHồ Chí Minh", "83AĐường", "½ Ⅳ ﬁ", "\u200b\u202e", "Улица Ленина 東京 12"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, unfinished bool) {
		if len(s) > 2000 {
			return
		}
		checkParse(t, fix, s, Options{Unfinished: unfinished})
	})
}

func TestParseProperties(t *testing.T) {
	f := loadFixture(t)
	words := strings.Fields("12 3/2 30/4 12A A-12.05 đường Đ. p. phường Phú Cường phu loi yersin tp tdm BD kp 3 khu phố hẻm 5 - , . / chung cư hoa sen ấp bis lô C2 dduwowngf Hồ Chí Minh q 1 xã (cũ) 0912345678 75106 \u0301 １２")
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 20).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", ", "}).Draw(t, "between"))
		checkParse(t, f, s, Options{Unfinished: rapid.Bool().Draw(t, "unfinished")})
	})
}

// A text means the same in every form of Unicode, in capitals and small
// letters; without accents at least the same where it has only one reading.
func TestFormsOfATextAreReadAlike(t *testing.T) {
	f := loadFixture(t)
	forms := map[string]func(string) string{
		"NFD": norm.NFD.String, "upper case": strings.ToUpper, "lower case": strings.ToLower, "full width": fullWidth,
		"format characters": func(s string) string { return strings.ReplaceAll(s, " ", "\u200b \u00ad") },
	}
	rnd := newRand(9)
	for range 300 {
		s := f.invented(rnd)
		want := Parse(s, f.gazetteer, f.lexicon, Options{})
		for name, form := range forms {
			got := Parse(form(s), f.gazetteer, f.lexicon, Options{})
			if len(got) != len(want) || f.say(&got[0]) != f.say(&want[0]) {
				t.Errorf("%s of %q: %s, want %s", name, s, f.say(&got[0]), f.say(&want[0]))
			}
		}
	}
}

// fullWidth writes ASCII as East Asian keyboards do.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < unicode.MaxASCII {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func TestNothingToRead(t *testing.T) {
	f := loadFixture(t)
	for _, s := range []string{"", " ", "\x00", ",,,,", "!?…", "\u202e\u200b", "🏠", "\xff\xfe", "- / -", "\u0301", "''''"} {
		if got := Parse(s, f.gazetteer, f.lexicon, Options{}); len(got) > 0 {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
}

// Texts made to be slow take no longer than some ordinary ones.
func TestHostileTextsAreBounded(t *testing.T) {
	f := manyNames(t, 10_000)
	for _, unit := range []string{"a ", "p ", "x.", ",", "1 ", "1/", "12-", "đường ", "phường ", "nguyen ", "nguyeen ", "ph", "tan binh ", "a1", "p.1,",
		"khu phố ", "hoa hoa ", "duong duong", "lô 1 - ", "chung cư a ", "số ", "tan tan hoa phu binh an ", "binh duong ", "tháng 1 "} {
		s := strings.Repeat(unit, 1+300/len(unit))
		for _, o := range []Options{{}, {Unfinished: true}} {
			Parse(s, f.gazetteer, f.lexicon, o)
			begin := time.Now()
			const rounds = 5
			for range rounds {
				Parse(s, f.gazetteer, f.lexicon, o)
			}
			if spent := time.Since(begin) / rounds; spent > 25*time.Millisecond {
				t.Errorf("%q… takes %v", s[:10], spent)
			} else if testing.Verbose() {
				t.Logf("%q %v %v", unit, o, spent)
			}
		}
		checkParse(t, f, s, Options{})
	}
}

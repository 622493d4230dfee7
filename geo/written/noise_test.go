package written

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spoil makes one typing error in one word of five letters or more; false: there
// is none. kind: 0 substitution, 1 insertion, 2 deletion, 3 swap.
func spoil(s string, kind int, rnd *rand.Rand) (string, bool) {
	words := strings.Split(s, " ")
	var long []int
	for i, w := range words {
		if len([]rune(strings.TrimRight(w, ","))) >= 5 && !strings.ContainsAny(w, "0123456789/.") {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return s, false
	}
	i := long[rnd.IntN(len(long))]
	w := []rune(words[i])
	end := len([]rune(strings.TrimRight(words[i], ",")))
	at := rnd.IntN(end)
	letter := rune('a' + rnd.IntN(26))
	switch kind {
	case 0:
		w[at] = letter
	case 1:
		w = append(w[:at], append([]rune{letter}, w[at:]...)...)
	case 2:
		w = append(w[:at], w[at+1:]...)
	case 3:
		at = min(at, end-2)
		w[at], w[at+1] = w[at+1], w[at]
	}
	words[i] = string(w)
	spoiled := strings.Join(words, " ")
	return spoiled, spoiled != s
}

// invented writes an address as the registry does, at random.
func (f *fixture) invented(rnd *rand.Rand) string {
	street := f.names[Street][rnd.IntN(len(f.names[Street]))]
	hamlet := f.names[Hamlet][rnd.IntN(13)]
	number := []string{"15", "12/3", "83A", "7/12/5"}[rnd.IntN(4)]
	var commune *testUnit
	for commune == nil || commune.Level != Commune || commune.parent == "760" || commune.parent == "770" {
		commune = &f.units[rnd.IntN(len(f.units))]
	}
	parts := []string{number + " " + street, hamlet, commune.Kind + " " + commune.Name}
	if rnd.IntN(5) == 0 {
		parts = append([]string{"A-12.05, Chung cư Hoa Sen Phú Cường"}, parts...)
	}
	for code := commune.parent; code != ""; {
		next := ""
		for i := range f.units {
			if u := &f.units[i]; u.code == code && u.Level != Commune {
				parts, next = append(parts, u.Kind+" "+u.Name), u.parent
				break
			}
		}
		code = next
	}
	return strings.Join(parts, ", ")
}

// sayBest is say with the likeliest unit of each mention only.
func (f *fixture) sayBest(a *Address) string {
	one := *a
	one.Units = nil
	for _, m := range a.Units {
		m.Units = m.Units[:min(1, len(m.Units))]
		one.Units = append(one.Units, m)
	}
	return f.say(&one)
}

// telexKeys is what a text is when a Vietnamese keyboard is off.
func telexKeys(s string) string {
	var b strings.Builder
	for _, word := range strings.Fields(s) {
		tone := ""
		for _, r := range norm.NFD.String(word) {
			switch r {
			case '\u0300':
				tone = "f"
			case '\u0301':
				tone = "s"
			case '\u0309':
				tone = "r"
			case '\u0303':
				tone = "x"
			case '\u0323':
				tone = "j"
			case '\u0302': // circumflex
				text := b.String()
				b.WriteByte(text[len(text)-1] | 0x20)
			case '\u0306', '\u031b': // breve, horn
				b.WriteByte('w')
			case 'đ', 'Đ':
				b.WriteString("dd")
			case ',':
				b.WriteString(tone + ",")
				tone = ""
			default:
				b.WriteRune(r)
			}
		}
		b.WriteString(tone + " ")
	}
	return strings.TrimSpace(b.String())
}

// abbreviate shortens the words before names as couriers do.
func abbreviate(s string) string {
	return strings.NewReplacer("Đường ", "Đ. ", "Phường ", "P. ", "Xã ", "X. ", "Thị trấn ", "TT. ", "Thành phố Hồ Chí Minh", "TP.HCM",
		"Thành phố Thủ Dầu Một", "TP.TDM", "Thành phố ", "TP. ", "Thị xã ", "TX. ", "Huyện ", "H. ", "Tỉnh Bình Dương", "T.BD",
		"Khu phố ", "KP ", "Chung cư ", "CC ", "Quốc lộ ", "QL", "Đại lộ ", "ĐL ", "Bà Huyện", "Bà Huyện").Replace(s)
}

func swapParts(s string, rnd *rand.Rand) string {
	parts := strings.Split(s, ", ")
	i := rnd.IntN(len(parts) - 1)
	parts[i], parts[i+1] = parts[i+1], parts[i]
	return strings.Join(parts, ", ")
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func TestOtherWaysOfWriting(t *testing.T) {
	f := manyNames(t, 5000)
	ways := []struct {
		name  string
		write func(s string, rnd *rand.Rand) string
		most  int // per cent that may be read otherwise
	}{
		{"no accents", func(s string, _ *rand.Rand) string { return unaccented(s) }, 0},
		{"NFD", func(s string, _ *rand.Rand) string { return norm.NFD.String(s) }, 0},
		{"upper case", func(s string, _ *rand.Rand) string { return strings.ToUpper(s) }, 0},
		{"lower case", func(s string, _ *rand.Rand) string { return strings.ToLower(s) }, 0},
		{"no commas", func(s string, _ *rand.Rand) string { return strings.ReplaceAll(s, ",", "") }, 1},
		{"no commas and no accents", func(s string, _ *rand.Rand) string { return unaccented(strings.ReplaceAll(s, ",", "")) }, 1},
		{"telex", func(s string, _ *rand.Rand) string { return telexKeys(s) }, 1},
		{"abbreviations", func(s string, _ *rand.Rand) string { return abbreviate(s) }, 1},
		{"abbreviations without accents, spaces and capitals", func(s string, _ *rand.Rand) string {
			return strings.ToLower(strings.ReplaceAll(unaccented(abbreviate(s)), ". ", "."))
		}, 1},
		{"abbreviations without dots", func(s string, _ *rand.Rand) string {
			return unaccented(strings.ReplaceAll(abbreviate(s), ". ", " "))
		}, 1},
		{"swapped parts", swapParts, 3},
		{"an error and no accents", func(s string, rnd *rand.Rand) string {
			s, _ = spoil(unaccented(s), rnd.IntN(4), rnd)
			return s
		}, 1},
		{"an error, no commas, no accents", func(s string, rnd *rand.Rand) string {
			s, _ = spoil(unaccented(strings.ReplaceAll(s, ",", "")), rnd.IntN(4), rnd)
			return s
		}, 3},
		{"an error and abbreviations", func(s string, rnd *rand.Rand) string {
			s, _ = spoil(abbreviate(s), rnd.IntN(4), rnd)
			return s
		}, 2},
		{"glued words", func(s string, rnd *rand.Rand) string {
			words := strings.Split(s, " ")
			i := rnd.IntN(len(words) - 1)
			words[i] += words[i+1]
			return strings.Join(append(words[:i+1], words[i+2:]...), " ")
		}, 10},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(7, 8))
			wrong := 0
			const total = 500
			for range total {
				right := f.invented(rnd)
				text := way.write(right, rnd)
				want, got := Parse(right, f.gazetteer, f.lexicon, Options{}), Parse(text, f.gazetteer, f.lexicon, Options{})
				if len(got) == 0 || sorted(f.sayBest(&got[0])) != sorted(f.sayBest(&want[0])) {
					wrong++
					if testing.Verbose() {
						t.Logf("%s\n %s\n-%s\n+%s", right, text, f.sayBest(&want[0]), f.sayBest(&got[0]))
					}
				}
			}
			if wrong*100 > way.most*total {
				t.Errorf("%d of %d read otherwise", wrong, total)
			}
		})
	}
}

// sorted makes what is said independent of the order in the text.
func sorted(said string) string {
	parts := strings.Split(said, "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func TestTypingErrorsAreTolerated(t *testing.T) {
	f := loadFixture(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	wrong, total := 0, 0
	for range 2000 {
		right := f.invented(rnd)
		text, ok := spoil(right, rnd.IntN(4), rnd)
		if !ok {
			continue
		}
		total++
		want, got := Parse(right, f.gazetteer, f.lexicon, Options{}), Parse(text, f.gazetteer, f.lexicon, Options{})
		if len(got) == 0 || f.sayBest(&got[0]) != f.sayBest(&want[0]) {
			wrong++
			if testing.Verbose() {
				t.Logf("%s\n %s\n-%s\n+%s", right, text, f.say(&want[0]), f.say(&got[0]))
			}
		}
	}
	if wrong*100 > total {
		t.Errorf("%d of %d read otherwise with one typing error", wrong, total)
	}
}

package variant

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// slips are the kinds with one typing error in a whole text, with how much
// longer they make it.
var slips = map[string]struct {
	longer int
	fits   func(int) bool
}{
	"substitution": {0, longWord}, "insertion": {1, longWord}, "deletion": {-1, longWord}, "swap": {0, longWord},
	"substitution-short": {0, shortWord}, "insertion-short": {1, shortWord}, "deletion-short": {-1, shortWord}, "swap-short": {0, shortWord},
}

func TestSlipIsOneErrorInOneWord(t *testing.T) {
	for name, slip := range slips {
		t.Run(name, func(t *testing.T) {
			k := kind(t, name)
			rapid.Check(t, func(t *rapid.T) {
				w := anyWritten(t)
				got, ok := k.Write(w, rapid.Uint64().Draw(t, "seed"))
				if !ok {
					t.Skip("no such word")
				}
				if longer := utf8.RuneCountInString(got) - utf8.RuneCountInString(w.Now()); longer != slip.longer {
					t.Errorf("%q is %d letters longer than %q", got, longer, w.Now())
				}
				if !oneError(w.Now(), got) {
					t.Errorf("%q is not one error away from %q", got, w.Now())
				}
				if strings.HasPrefix(name, "swap") != (sorted(got) == sorted(w.Now())) {
					t.Errorf("the letters of %q and of %q", got, w.Now())
				}
				was, is := changedWord(w.Now(), got)
				if n := utf8.RuneCountInString(was); !slip.fits(n) || was == is {
					t.Errorf("%q became %q", was, is)
				}
				if plain(strings.ToLower(was)) == plain(strings.ToLower(is)) {
					t.Errorf("%q and %q differ in accents only: that is no typing error", was, is)
				}
				if len(words(was)) != 1 || digits(got) != digits(w.Now()) {
					t.Errorf("digits touched: %q, %q", w.Now(), got)
				}
			})
		})
	}
}

// oneError tells whether two texts are one substitution, insertion, deletion
// or swap of neighbours apart (case aside).
func oneError(a, b string) bool {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	if len(x) == 2 && len(y) == 2 {
		return x[0] == y[1] && x[1] == y[0]
	}
	return len(x) <= 1 && len(y) <= 1 && len(x)+len(y) > 0
}

// changedWord is the one word between spaces and commas that differs.
func changedWord(a, b string) (was, is string) {
	cut := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,.-/", r) })
	}
	x, y := cut(a), cut(b)
	for i := range x {
		if i < len(y) && x[i] != y[i] {
			if !slices.Equal(x[i+1:], y[i+1:]) {
				return "more", "than one word"
			}
			return x[i], y[i]
		}
	}
	return "", ""
}

func sorted(s string) string {
	letters := []rune(strings.ToLower(s))
	slices.Sort(letters)
	return string(letters)
}

func TestEverySlipOfAWordCanHappen(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, want := range map[string]struct {
		e     edit
		every int // places of one letter of Phường
	}{"delete": {remove, 6}, "swap": {swap, 5}} {
		seen := map[string]bool{}
		for range 500 {
			if out, ok := slip("Phường 12", want.e, longWord, rng); ok {
				seen[out] = true
			}
		}
		if len(seen) != want.every {
			t.Errorf("%s: %d different slips, want %d: %v", name, len(seen), want.every, seen)
		}
	}
}

func TestSwapOfEqualLettersIsNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	if out, ok := slip("oóỏôo", swap, longWord, rng); ok {
		t.Errorf("swapped to %q", out)
	}
	if out, ok := slip("Tổ 5, ấp 3", substitute, longWord, rng); ok {
		t.Errorf("a short word became %q", out)
	}
}

func TestSwapKeepsCapitalsInPlace(t *testing.T) {
	if out, ok := swap([]rune("Phú"), 0, nil); !ok || string(out) != "Hpú" {
		t.Errorf("%q", string(out))
	}
}

func TestOtherLetterIsAnother(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, r := range "aàzđĐơỳ" {
		seen := map[rune]bool{}
		for range 2000 {
			seen[otherLetter(r, rng)] = true
		}
		if seen[base(r)] || len(seen) != 25 {
			t.Errorf("%c: %d other letters, itself %v", r, len(seen), seen[base(r)])
		}
	}
}

func TestSlipInNameSparesKinds(t *testing.T) {
	k := kind(t, "slip-in-name")
	rapid.Check(t, func(t *rapid.T) {
		w := anyWritten(t)
		got, ok := k.Write(w, rapid.Uint64().Draw(t, "seed"))
		if !ok {
			t.Skip("no long name")
		}
		was, _ := changedWord(w.Now(), got)
		if slices.Contains([]string{"Đường", "Phường", "Chung", "Thành", "Quốc"}, was) || utf8.RuneCountInString(was) < 5 {
			t.Errorf("%q became %q", w.Now(), got)
		}
		if !strings.HasSuffix(got, ", Thành phố Hồ Chí Minh") || digits(got) != digits(w.Now()) {
			t.Errorf("%q became %q", w.Now(), got)
		}
	})
}

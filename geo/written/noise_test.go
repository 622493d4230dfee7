package written

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// spoil makes one typing error in one word of five letters or more; false: there
// is none. kind: 0 substitution, 1 insertion, 2 deletion, 3 swap.
func spoil(s string, kind int, rnd *rand.Rand) (string, bool) {
	words := strings.Split(s, " ")
	var long []int
	for i, w := range words {
		if len([]rune(strings.TrimRight(w, ","))) >= 5 && !strings.ContainsAny(w, "0123456789/") {
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
	return strings.Join(words, " "), words[i] != string(words[i][0:0])
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

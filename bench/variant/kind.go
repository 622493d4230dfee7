package variant

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind is one way of writing an address differently.
type Kind struct {
	Name   string
	Former bool // made from the units of before the reform
	Info   bool // for information: too little is left of the text for one answer to be right
	write  func(w *Written, rng *rand.Rand) (string, bool)
}

// Write makes the variant of an address; the same seed makes the same. It is
// false where the address has nothing that this kind changes.
func (k Kind) Write(w *Written, seed uint64) (string, bool) {
	if k.Former && len(w.former) == 0 {
		return "", false
	}
	return k.write(w, k.rng(w.Code, seed))
}

// Order is a source of randomness for choosing addresses for the kind, another
// for each kind, so that leaving one out changes no other.
func (k Kind) Order(seed uint64) *rand.Rand { return k.rng("", seed) }

func (k Kind) rng(code string, seed uint64) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(k.Name + "\x00" + code))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Kinds are all, in the order of a report.
func Kinds() []Kind {
	return slices.Concat(letterKinds(), slipKinds(), shapeKinds(), formerKinds())
}

// letterKinds change how letters are typed and nothing else.
func letterKinds() []Kind {
	return []Kind{
		{Name: "as-written", write: func(w *Written, _ *rand.Rand) (string, bool) { return w.Now(), true }},
		{Name: "no-accents", write: retyped(plain)},
		{Name: "nfd", write: retyped(norm.NFD.String)},
		{Name: "tone-placement", write: retyped(otherTone)},
		{Name: "telex", write: retyped(telex)},
		{Name: "upper-case", write: retyped(strings.ToUpper)},
		{Name: "lower-case", write: retyped(strings.ToLower)},
		{Name: "no-commas", write: retyped(noCommas)},
	}
}

// slipKinds have one typing error.
func slipKinds() []Kind {
	return []Kind{
		{Name: "substitution", write: slipped(substitute, longWord)},
		{Name: "insertion", write: slipped(insert, longWord)},
		{Name: "deletion", write: slipped(remove, longWord)},
		{Name: "swap", write: slipped(swap, longWord)},
		{Name: "slip-in-name", write: slipInName},
		{Name: "no-accents-slip-in-name", write: func(w *Written, rng *rand.Rand) (string, bool) {
			s, ok := slipInName(w, rng)
			return plain(s), ok
		}},
		{Name: "substitution-short", Info: true, write: slipped(substitute, shortWord)},
		{Name: "insertion-short", Info: true, write: slipped(insert, shortWord)},
		{Name: "deletion-short", Info: true, write: slipped(remove, shortWord)},
		{Name: "swap-short", Info: true, write: slipped(swap, shortWord)},
		{Name: "unfinished", Info: true, write: unfinished},
	}
}

// shapeKinds shorten, cut and reorder the parts.
func shapeKinds() []Kind {
	return []Kind{
		{Name: "abbreviated", write: func(w *Written, rng *rand.Rand) (string, bool) {
			return changed(w.Now(), shortened(w.front, w.units, anyForm, rng))
		}},
		{Name: "dots-without-spaces", write: func(w *Written, rng *rand.Rand) (string, bool) {
			return changed(w.Now(), shortened(w.front, w.units, dotted, rng))
		}},
		{Name: "no-province", write: func(w *Written, _ *rand.Rand) (string, bool) {
			return join(w.front, w.units[:len(w.units)-1]), len(w.units) > 1
		}},
		{Name: "bare-commune", write: func(w *Written, _ *rand.Rand) (string, bool) {
			return join(w.front, []string{bareName(w.units[0])}), true
		}},
		{Name: "to-the-street", Info: true, write: toTheStreet},
		{Name: "hamlet-first", write: hamletFirst},
		{Name: "units-reversed", write: func(w *Written, _ *rand.Rand) (string, bool) {
			units := slices.Clone(w.units)
			slices.Reverse(units)
			return join(w.front, units), len(units) > 1
		}},
	}
}

// formerKinds name the units of before the reform.
func formerKinds() []Kind {
	return []Kind{
		{Name: "old-units", Former: true, write: func(w *Written, _ *rand.Rand) (string, bool) { return w.Then(), true }},
		{Name: "old-units-no-accents", Former: true, write: func(w *Written, _ *rand.Rand) (string, bool) { return plain(w.Then()), true }},
		{Name: "old-units-abbreviated", Former: true, write: func(w *Written, rng *rand.Rand) (string, bool) {
			return changed(w.Then(), shortened(w.front, w.former, anyForm, rng))
		}},
		{Name: "old-commune-alone", Former: true, write: func(w *Written, _ *rand.Rand) (string, bool) {
			return join(w.front, w.former[:1]), len(w.former) > 1
		}},
		{Name: "wrong-district", Former: true, write: wrongDistrict},
		{Name: "on-a-parcel", Former: true, write: func(w *Written, rng *rand.Rand) (string, bool) {
			return changed(w.Then(), strings.ToLower(plain(noCommas(shortened(w.front, w.former, anyForm, rng)))))
		}},
	}
}

// changed is the new text, where it is one.
func changed(was, is string) (string, bool) { return is, is != was }

// retyped makes a kind of a function of the whole text.
func retyped(f func(string) string) func(*Written, *rand.Rand) (string, bool) {
	return func(w *Written, _ *rand.Rand) (string, bool) { return changed(w.Now(), f(w.Now())) }
}

func slipped(e edit, fits func(int) bool) func(*Written, *rand.Rand) (string, bool) {
	return func(w *Written, rng *rand.Rand) (string, bool) { return slip(w.Now(), e, fits, rng) }
}

func noCommas(s string) string { return strings.ReplaceAll(s, ", ", " ") }

// leastTyped is how many characters an unfinished text has at least.
const leastTyped = 12

// unfinished is what somebody has typed so far, without accents and with a
// slip.
func unfinished(w *Written, rng *rand.Rand) (string, bool) {
	letters := []rune(plain(w.Now()))
	if len(letters) <= leastTyped {
		return "", false
	}
	typed := strings.TrimRight(string(letters[:leastTyped+rng.IntN(len(letters)-leastTyped)]), ", ")
	return slip(typed, edits()[rng.IntN(len(edits()))], longWord, rng)
}

// toTheStreet leaves out hamlet and units.
func toTheStreet(w *Written, _ *rand.Rand) (string, bool) {
	at := w.indexOf("street")
	if at < 0 {
		return "", false
	}
	return join(w.front[:at+1], nil), true
}

// hamletFirst writes the hamlet before the door.
func hamletFirst(w *Written, _ *rand.Rand) (string, bool) {
	from := w.indexOf("hamlet")
	to := slices.IndexFunc(w.front, func(c component) bool { return c.part == "street" || c.part == "alley" })
	if from < 0 || to < 0 {
		return "", false
	}
	front := slices.Delete(slices.Clone(w.front), from, from+1)
	return join(slices.Insert(front, to, w.front[from]), w.units), true
}

// wrongDistrict puts the old commune into a district that it never was in.
func wrongDistrict(w *Written, rng *rand.Rand) (string, bool) {
	if len(w.elsewhere) == 0 {
		return "", false
	}
	units := slices.Clone(w.former)
	units[1] = w.elsewhere[rng.IntN(len(w.elsewhere))]
	return join(w.front, units), true
}

// indexOf is where a part with a text stands in the front, or -1.
func (w *Written) indexOf(part string) int {
	return slices.IndexFunc(w.front, func(c component) bool { return c.part == part && utf8.RuneCountInString(c.text) > 0 })
}

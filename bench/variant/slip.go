package variant

import (
	"math/rand/v2"
	"slices"
	"unicode"
)

// edit is one slip of the finger in a word at one of its letters; false: that
// would change nothing.
type edit func(word []rune, at int, rng *rand.Rand) ([]rune, bool)

// substitute strikes another key.
func substitute(word []rune, at int, rng *rand.Rand) ([]rune, bool) {
	letter := otherLetter(word[at], rng)
	if unicode.IsUpper(word[at]) {
		letter = unicode.ToUpper(letter)
	}
	out := slices.Clone(word)
	out[at] = letter
	return out, true
}

// insert strikes a key too many, before or behind the letter.
func insert(word []rune, at int, rng *rand.Rand) ([]rune, bool) {
	return slices.Insert(slices.Clone(word), at+rng.IntN(2), 'a'+rune(rng.IntN(26))), true
}

// remove misses a key.
func remove(word []rune, at int, _ *rand.Rand) ([]rune, bool) {
	return slices.Delete(slices.Clone(word), at, at+1), true
}

// swap strikes a letter and the next in the wrong order; capitals stay in
// their places.
func swap(word []rune, at int, _ *rand.Rand) ([]rune, bool) {
	if at+1 >= len(word) || base(word[at]) == base(word[at+1]) {
		return nil, false
	}
	out := slices.Clone(word)
	out[at], out[at+1] = out[at+1], out[at]
	return []rune(likeCase(out, word)), true
}

// otherLetter is a small letter that is not this one even without accents.
func otherLetter(r rune, rng *rand.Rand) rune {
	letter := 'a' + rune(rng.IntN(25))
	if was := base(r); was >= 'a' && was <= 'z' && letter >= was {
		letter++
	}
	return letter
}

// edits are all slips.
func edits() []edit { return []edit{substitute, insert, remove, swap} }

// Lengths of words, in letters, that a typing error is made in: in a short
// word it often makes another word.
func longWord(letters int) bool  { return letters >= 5 }
func shortWord(letters int) bool { return letters >= 2 && letters < 5 }

// slip makes an error in one word of the text: each letter of the words of a
// fitting length is as likely as the next.
func slip(s string, e edit, fits func(letters int) bool, rng *rand.Rand) (string, bool) {
	fitting := slices.DeleteFunc(words(s), func(w span) bool { return !fits(w.letters) })
	letters := 0
	for _, w := range fitting {
		letters += w.letters
	}
	if letters == 0 {
		return "", false
	}
	for range 20 { // a swap of equal letters is tried elsewhere
		at := rng.IntN(letters)
		w := fitting[0]
		for _, w = range fitting {
			if at < w.letters {
				break
			}
			at -= w.letters
		}
		if out, ok := e([]rune(s[w.from:w.to]), at, rng); ok {
			return s[:w.from] + string(out) + s[w.to:], true
		}
	}
	return "", false
}

// slipInName makes an error in the proper name of a street, hamlet, building,
// object or commune, where no kind of street or unit helps the reader.
func slipInName(w *Written, rng *rand.Rand) (string, bool) {
	front, units := slices.Clone(w.front), slices.Clone(w.units)
	names := make([]*string, 0, len(front)+1)
	for i := range front {
		names = append(names, &front[i].text)
	}
	names = append(names, &units[0])
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		kind := len(*name) - len(bareName(*name))
		e := edits()[rng.IntN(len(edits()))]
		if out, ok := slip((*name)[kind:], e, longWord, rng); ok {
			*name = (*name)[:kind] + out
			return join(front, units), true
		}
	}
	return "", false
}

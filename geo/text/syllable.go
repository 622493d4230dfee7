package text

import "slices"

// A Vietnamese syllable is written as
//
//	onset    one of onsets, or none
//	nucleus  one to three vowels in their shapes: a key of rimes
//	coda     one of those that rimes allows behind the nucleus
//	tone     on one vowel; before c, ch, p and t only rising or heavy
//
// "qu" and "gi" are onsets where vowels follow them: quý, già. Where they share
// a letter with the nucleus (gì, giếng, quốc, quỳnh) the rime is looked up with
// and without it.

// isOnset takes the letters without their tones; "" is a syllable without one.
func isOnset(s string) bool {
	switch s {
	case "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
		"p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x":
		return true
	}
	return false
}

// codas are those allowed behind a nucleus; "-" stands for none. An unknown
// nucleus has none.
func codas(nucleus string) []string {
	switch nucleus {
	case "a":
		return []string{"-", "c", "ch", "m", "n", "ng", "nh", "p", "t"}
	case "ă", "â", "oă", "iê", "yê", "uô", "ươ":
		return []string{"c", "m", "n", "ng", "p", "t"}
	case "e", "o", "ô", "u":
		return []string{"-", "c", "m", "n", "ng", "p", "t"}
	case "ê", "i", "y":
		return []string{"-", "ch", "m", "n", "nh", "p", "t"}
	case "ơ":
		return []string{"-", "m", "n", "p", "t"}
	case "ư":
		return []string{"-", "c", "m", "ng", "t"}
	case "oa":
		return []string{"-", "c", "ch", "m", "n", "ng", "nh", "p", "t"}
	case "oe":
		return []string{"-", "n", "t"}
	case "uâ":
		return []string{"n", "ng", "t"}
	case "uê":
		return []string{"-", "ch", "nh"}
	case "uy":
		return []string{"-", "ch", "n", "nh", "p", "t"}
	case "uyê":
		return []string{"n", "t"}
	case "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iu", "oi", "ôi", "ơi", "ua", "ui", "uơ", "ưa", "ưi", "ưu",
		"iêu", "yêu", "oai", "oao", "oay", "oeo", "uây", "uôi", "uya", "uyu", "ươi", "ươu":
		return []string{"-"}
	}
	return nil
}

// parts says where the vowels of a word begin and end; "qu" and "gi" belong to
// the onset when vowels follow. It is false unless there are one to three and
// they stand together.
func parts(word []letter) (from, to int, ok bool) {
	for from < len(word) && !isVowel(word[from].base) {
		from++
	}
	for to = from; to < len(word) && isVowel(word[to].base); to++ {
	}
	for _, l := range word[to:] {
		if isVowel(l.base) {
			return 0, 0, false
		}
	}
	if to-from >= 2 && from == 1 {
		pair := [2]byte{word[0].base, word[1].base}
		if pair == [2]byte{'q', 'u'} || pair == [2]byte{'g', 'i'} {
			from++
		}
	}
	return from, to, from < to && to-from <= 3
}

// placeTone moves the only tone of a word that has the form of a syllable to
// the vowel that bears it: the last one with a shape of its own (thuở, tiếng),
// else before a coda the last (hoàn), else of two the first, of three the
// second (hòa, ngoài).
func placeTone(word []letter) {
	from, to, ok := parts(word)
	if !ok {
		return
	}
	at := -1
	for i, l := range word {
		if l.tone == level {
			continue
		}
		if at >= 0 {
			return
		}
		at = i
	}
	if at < 0 {
		return
	}
	t := word[at].tone
	word[at].tone = level
	word[bearer(word, from, to)].tone = t
}

func bearer(word []letter, from, to int) int {
	for i := to - 1; i >= from; i-- {
		if word[i].shape != plain {
			return i
		}
	}
	switch {
	case to < len(word):
		return to - 1
	case to-from >= 3:
		return from + 1
	}
	return from
}

// isSyllable reports whether a word with at most one tone is well formed.
func isSyllable(word []letter) bool {
	from, to, ok := parts(word)
	if !ok {
		return false
	}
	coda := spell(word[to:])
	if isStop(coda) && !slices.ContainsFunc(word, func(l letter) bool { return l.tone == rising || l.tone == heavy }) {
		return false
	}
	return isOnset(spell(word[:from])) && isRime(spell(word[from:to]), coda) || sharesLetter(word, from, to, coda)
}

// sharesLetter is for gì, giếng, quốc and quỳnh, where the i and the u belong
// to onset and nucleus.
func sharesLetter(word []letter, from, to int, coda string) bool {
	switch {
	case word[0].base == 'g' && from <= 2 && word[1].base == 'i':
		return isRime(spell(word[1:to]), coda)
	case word[0].base == 'q' && from == 2:
		return isRime(spell(word[1:to]), coda)
	}
	return false
}

func isRime(nucleus, coda string) bool {
	if coda == "" {
		coda = "-"
	}
	return slices.Contains(codas(nucleus), coda)
}

func isStop(coda string) bool { return coda == "c" || coda == "ch" || coda == "p" || coda == "t" }

// spell writes letters small and without tones.
func spell(word []letter) string {
	var out [16]byte
	s := out[:0]
	for _, l := range word {
		s = append(s, string(forms[l.base-'a'][l.shape][level])...)
	}
	return string(s)
}

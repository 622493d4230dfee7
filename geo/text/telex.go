package text

import "unicode/utf8"

// longestTyped bounds a word in Telex: nghuwowngf has ten keys, and nobody
// types a mark three times.
const longestTyped = 16

// Telex reads a word that was typed in Telex while the keyboard was set to
// English, or that a keyboard finished only in part: "dduwowngf", "đươngf" and
// "Đuowngf" are "đường" ("Đường"), "hoaf" is "hòa". It is true only where the
// keys do something and the result is a well-formed Vietnamese syllable, which
// the word as typed was not: "block", "tower", "vincom" and "Yersin" stay. A
// short foreign word may still be read as a syllable ("bus" is "bú"), so this is
// a second reading beside the first, not a correction.
//
// Keys: s f r x j z behind a vowel for the tone, dd, aa, ee, oo (also with
// other letters between: "tienge", "dauaf"), and w for ă, ơ, ư, or ư by itself. The case of
// each letter is kept; the result is in NFC.
func Telex(word string) (string, bool) {
	var keysRoom, outRoom [longestTyped]letter
	keys, ok := readWord(keysRoom[:0], word)
	if !ok {
		return "", false
	}
	t := typing{word: outRoom[:0]}
	for _, key := range keys {
		if !t.press(key) {
			t.word = append(t.word, key)
		}
	}
	if !t.changed || t.contradicts {
		return "", false
	}
	t.completeHorns()
	placeTone(t.word)
	if !isSyllable(t.word) || isSyllable(keys) {
		return "", false
	}
	out := make([]byte, 0, 2*longestTyped)
	for _, l := range t.word {
		out = utf8.AppendRune(out, l.rune())
	}
	return string(out), true
}

// readWord appends the letters of a word; false when it has anything else or is
// too long.
func readWord(word []letter, s string) ([]letter, bool) {
	for _, r := range s {
		switch c := classOf(r); {
		case c == drop && len(word) > 0:
			word[len(word)-1].mark(r)
		case c >= 'a' && c <= 'z' && len(word) < longestTyped:
			word = append(word, letterOf(r))
		default:
			return nil, false
		}
	}
	return word, len(word) > 0
}

// typing is a word while its keys are pressed.
type typing struct {
	word        []letter
	changed     bool
	contradicts bool // two tones were given
}

// press lets a key act on what is there; false: it is a letter of its own.
func (t *typing) press(key letter) bool {
	if key.shape != plain || key.tone != level {
		return false
	}
	acts := false
	switch key.base {
	case 's':
		acts = t.setTone(rising)
	case 'f':
		acts = t.setTone(falling)
	case 'r':
		acts = t.setTone(dipping)
	case 'x':
		acts = t.setTone(creaking)
	case 'j':
		acts = t.setTone(heavy)
	case 'z':
		acts = t.clearTone()
	case 'd':
		acts = t.strike()
	case 'a', 'e', 'o':
		acts = t.double(key.base)
	case 'w':
		acts = t.horn(key)
	}
	t.changed = t.changed || acts
	return acts
}

// setTone puts the tone on the last vowel; its place is found at the end.
func (t *typing) setTone(to tone) bool {
	at := t.lastVowel()
	if at < 0 {
		return false
	}
	for _, l := range t.word {
		t.contradicts = t.contradicts || l.tone != level
	}
	t.word[at].tone = to
	return true
}

func (t *typing) clearTone() bool {
	cleared := false
	for i := range t.word {
		cleared = cleared || t.word[i].tone != level
		t.word[i].tone = level
	}
	return cleared
}

func (t *typing) lastVowel() int {
	for i := len(t.word) - 1; i >= 0; i-- {
		if isVowel(t.word[i].base) {
			return i
		}
	}
	return -1
}

// strike makes đ of the d that the word begins with: d is never a coda.
func (t *typing) strike() bool {
	if len(t.word) == 0 || t.word[0].base != 'd' || t.word[0].shape != plain {
		return false
	}
	t.word[0].shape = stroke
	return true
}

// double puts the circumflex on the last a, e or o when it is the same letter.
func (t *typing) double(base byte) bool {
	for i := len(t.word) - 1; i >= 0; i-- {
		switch l := &t.word[i]; l.base {
		case base:
			acts := l.shape == plain
			if acts {
				l.shape = circumflex
			}
			return acts
		case 'a', 'e', 'o':
			return false
		}
	}
	return false
}

// horn lets w act on uo, the first u of uu and ua, or the last a, o or u; where
// there is no vowel it is ư itself.
func (t *typing) horn(key letter) bool {
	at := len(t.word) - 1
	for at >= 0 && !t.takesHorn(at) {
		at--
	}
	if at < 0 {
		if t.lastVowel() >= 0 {
			return false
		}
		t.word = append(t.word, letter{base: 'u', shape: horn, upper: key.upper})
		return true
	}
	if at >= 2 && t.word[at].base == 'u' && t.word[at-1].base == 'o' && t.takesHorn(at-1) && t.word[at-2].base == 'u' {
		at-- // uou
	}
	if before := at - 1; before >= 0 && t.word[before].base == 'u' && t.takesHorn(before) {
		if t.word[at].base == 'o' {
			t.word[at].shape = horn
		}
		at = before
	}
	t.word[at].shape = horn
	if t.word[at].base == 'a' {
		t.word[at].shape = breve
	}
	return true
}

// takesHorn reports whether w may act on a letter; the u of qu is a consonant.
func (t *typing) takesHorn(at int) bool {
	l := t.word[at]
	switch l.base {
	case 'a', 'o':
		return l.shape == plain
	case 'u':
		return l.shape == plain && (at != 1 || t.word[0].base != 'q')
	}
	return false
}

// completeHorns writes ươ wherever something follows and one of the two has its
// horn, and uơ at the end of a word.
func (t *typing) completeHorns() {
	for i := 1; i < len(t.word); i++ {
		u, o := &t.word[i-1], &t.word[i]
		if u.base != 'u' || o.base != 'o' || i == 2 && t.word[0].base == 'q' || u.shape != horn && o.shape != horn {
			continue
		}
		u.shape, o.shape = horn, horn
		if i == len(t.word)-1 {
			u.shape = plain
		}
	}
}

package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Accented is Fold that keeps what Vietnamese writes on its letters: texts that
// differ only in letter case, width, separators, composition (NFC and NFD) or
// the place of the tone (Hoà and Hòa, quý and qúy) are equal, Thanh An and
// Thạnh An are not. Accents of other languages are left out: é and ã stay, ñ is
// n. The result is in NFC with the tone where most signs have it (hòa, thủy).
//
// Fold(Accented(s)) is Fold(s), and Accented(Accented(s)) is Accented(s).
func Accented(s string) string {
	k := accentedKey{text: make([]byte, 0, len(s)+8)}
	for _, r := range s {
		switch c := classOf(r); c {
		case drop:
			k.mark(r)
		case space, dash, slash:
			k.separate(c)
		case rare:
			k.addRare(r)
		default:
			k.addPlain(r, c)
		}
	}
	k.endWord()
	return string(k.text)
}

// accentedKey collects the text; word has the letters since the last thing that
// is none.
type accentedKey struct {
	text []byte
	word []letter
	room [16]letter // for word
	gap  byte
}

func (k *accentedKey) separate(c byte) {
	k.endWord()
	k.gap = max(k.gap, c)
}

// mark puts a combining mark, or the marks it stands for, on the last letter.
func (k *accentedKey) mark(r rune) {
	if len(k.word) == 0 {
		return
	}
	last := &k.word[len(k.word)-1]
	switch r {
	case '\u0340': // grave tone mark
		r = '\u0300'
	case '\u0341': // acute tone mark
		r = '\u0301'
	case '\u0344': // dialytika tonos
		r = '\u0301'
	}
	last.mark(r)
}

// addPlain adds a rune that folds to an ASCII letter or digit.
func (k *accentedKey) addPlain(r rune, class byte) {
	if class <= '9' {
		k.addOther(rune(class))
		return
	}
	if len(k.word) == 0 {
		k.closeGap()
		k.word = k.room[:0]
	}
	l := letterOf(r)
	l.upper = false
	k.word = append(k.word, l)
}

// addOther adds what is no letter of a word.
func (k *accentedKey) addOther(r rune) {
	k.endWord()
	k.closeGap()
	k.text = utf8.AppendRune(k.text, r)
}

func (k *accentedKey) closeGap() {
	if k.gap != 0 && len(k.text) > 0 {
		k.text = append(k.text, " -/"[k.gap-space])
	}
	k.gap = 0
}

// endWord writes the word with its tone in place.
func (k *accentedKey) endWord() {
	placeTone(k.word)
	for _, l := range k.word {
		k.text = utf8.AppendRune(k.text, l.rune())
	}
	k.word = k.word[:0]
}

// addRare adds a rune outside the table by its compatibility decomposition.
func (k *accentedKey) addRare(r rune) {
	alone := unicode.Is(unicode.No, r)
	if alone {
		k.separate(space)
	}
	var out [64]byte
	decomposed := norm.NFKD.AppendString(out[:0], string(r))
	for len(decomposed) > 0 {
		part, size := utf8.DecodeRune(decomposed)
		decomposed = decomposed[size:]
		switch c := plainClass(part); c {
		case drop:
			k.mark(part)
		case space, dash, slash:
			k.separate(c)
		case rare:
			k.addOther(unicode.ToLower(part))
		default:
			k.addPlain(part, c)
		}
	}
	if alone {
		k.separate(space)
	}
}

package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the search key of a text: two texts that a Vietnamese reader
// takes for the same house number, street, hamlet or name have the same key.
//
// Letters become lower case and lose every accent (so both tone placements,
// Hoà and Hòa, are alike), đ becomes d, compatibility forms such as full width
// become plain (NFKD), and NFC and NFD give the same key. Letters and digits of
// every script are kept, format characters are left out, and everything between
// two words is one separator: "/" if there was a slash in it, else "-" if there
// was a dash, else a space. So "12 / 3" is "12/3", "12/3A" is "12/3a", and "-"
// alone is empty. Vulgar fractions and superscripts are words of their own
// ("3½" is "3 1/2", never "31/2").
//
// Fold(Fold(s)) is Fold(s). A key is for comparing, never for showing. Text in
// Latin letters costs one allocation.
func Fold(s string) string {
	var k key
	k.text.Grow(len(s))
	for _, r := range s {
		switch c := classOf(r); c {
		case drop:
		case space, dash, slash:
			k.separate(c)
		case rare:
			k.addRare(r)
		default:
			k.addByte(c)
		}
	}
	return k.text.String()
}

// Classes of a rune in the table; any other value is the ASCII letter or digit
// that the rune folds to. The separators are in order of strength.
const (
	rare  byte = iota // decided by its decomposition
	drop              // an accent or a format character
	space             // punctuation, symbols, white space, controls
	dash
	slash
)

// key collects the folded text; gap is the strongest separator seen since the
// last letter or digit, 0 for none.
type key struct {
	text strings.Builder
	gap  byte
}

func (k *key) separate(c byte) { k.gap = max(k.gap, c) }

// closeGap writes the separator that stands before the next letter or digit.
// At the start there is nothing to separate.
func (k *key) closeGap() {
	if k.gap != 0 && k.text.Len() > 0 {
		k.text.WriteByte(" -/"[k.gap-space])
	}
	k.gap = 0
}

func (k *key) addByte(c byte) {
	k.closeGap()
	k.text.WriteByte(c)
}

// addRare adds a rune outside the table by its compatibility decomposition.
func (k *key) addRare(r rune) {
	alone := unicode.Is(unicode.No, r)
	if alone {
		k.separate(space)
	}
	var in [utf8.UTFMax]byte
	var out [64]byte
	decomposed := norm.NFKD.Append(out[:0], in[:utf8.EncodeRune(in[:], r)]...)
	for len(decomposed) > 0 {
		part, size := utf8.DecodeRune(decomposed)
		decomposed = decomposed[size:]
		k.addPart(part)
	}
	if alone {
		k.separate(space)
	}
}

func (k *key) addPart(r rune) {
	switch c := plainClass(r); c {
	case drop:
	case space, dash, slash:
		k.separate(c)
	case rare:
		k.closeGap()
		k.text.WriteRune(unicode.ToLower(r))
	default:
		k.addByte(c)
	}
}

// The two runs of Unicode that Vietnamese is written in have a table: Latin to
// the combining accents, and Latin Extended Additional.
const (
	latinEnd   = 0x370
	extraStart = 0x1E00
	extraEnd   = 0x1F00
)

type classes [latinEnd + extraEnd - extraStart]byte

// table is never written after the program has started.
var table = foldTable()

func classOf(r rune) byte {
	switch {
	case uint32(r) < latinEnd:
		return table[r]
	case r >= extraStart && r < extraEnd:
		return table[r-extraStart+latinEnd]
	}
	return rare
}

func foldTable() *classes {
	var t classes
	for r := rune(0); r < latinEnd; r++ {
		t[r] = tableClass(r)
	}
	for r := rune(extraStart); r < extraEnd; r++ {
		t[r-extraStart+latinEnd] = tableClass(r)
	}
	return &t
}

// tableClass is the class of a rune whose decomposition has one letter, digit
// or separator and any number of accents; rare for all others.
func tableClass(r rune) byte {
	if unicode.Is(unicode.No, r) {
		return rare
	}
	class := drop
	for _, part := range norm.NFKD.String(string(r)) {
		c := plainClass(part)
		if c == drop {
			continue
		}
		if c == rare || class != drop {
			return rare
		}
		class = c
	}
	return class
}

// plainClass is the class of a rune that has no decomposition.
func plainClass(r rune) byte {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return byte(r)
	case r >= 'A' && r <= 'Z':
		return byte(r) + 'a' - 'A'
	case isDWithStroke(r):
		return 'd'
	case r == '/', r == '\u2044', r == '\u2215': // fraction and division slash
		return slash
	case unicode.Is(unicode.Pd, r), r == '\u2212': // minus sign
		return dash
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return drop
	case unicode.In(r, unicode.L, unicode.N, unicode.Mc):
		return rare
	}
	return space
}

// isDWithStroke also takes the Icelandic eth and the African D, which look like
// Đ and come in place of it.
func isDWithStroke(r rune) bool {
	switch r {
	case 'Đ', 'đ', 'Ð', 'ð', 'Ɖ', 'ɖ':
		return true
	}
	return false
}

package variant

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Telex keys of the tones, by combining mark.
var toneKeys = map[rune]rune{'\u0300': 'f', '\u0301': 's', '\u0309': 'r', '\u0303': 'x', '\u0323': 'j'}

// telex is the text as it comes out when the keyboard's Telex is off: every
// accent is its key, the tone's at the end of its word.
func telex(s string) string {
	var b strings.Builder
	tone := rune(0)
	endWord := func() {
		if tone != 0 {
			b.WriteRune(tone)
			tone = 0
		}
	}
	last := rune(0) // the letter that a circumflex doubles
	letters := []rune(norm.NFD.String(s))
	for i, r := range letters {
		key, isTone := toneKeys[r]
		switch {
		case isTone:
			tone = key
		case r == '\u0302':
			b.WriteRune(unicode.ToLower(last))
		case r == '\u0306' || r == '\u031b':
			b.WriteByte('w')
		case r == 'đ':
			b.WriteString("dd")
		case r == 'Đ' && i+1 < len(letters) && unicode.IsUpper(letters[i+1]): // the shift key is still down
			b.WriteString("DD")
		case r == 'Đ':
			b.WriteString("Dd")
		default:
			if !unicode.IsLetter(r) {
				endWord()
			}
			last = r
			b.WriteRune(r)
		}
	}
	endWord()
	return b.String()
}

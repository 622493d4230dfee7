package geo

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookAlikes are the letters that no code contains, with what they were meant
// to be: letters that look like a digit, and what a Vietnamese keyboard makes
// of W with a tone key behind it.
var lookAlikes = map[rune]string{
	'O': "0", 'I': "1", 'L': "1", 'Z': "2", 'S': "5", 'B': "8", 'U': "V",
	'Ư': "W", 'Ừ': "WF", 'Ử': "WR", 'Ữ': "WX", 'Ự': "WJ",
}

// Normalize brings a typed code into the symbols of the alphabet: Unicode NFKC
// and upper case, separators removed, look-alike letters replaced. A character
// that is still unknown stays as it is. changed is true when a letter was
// replaced or a width form folded, not for case or separators.
func Normalize(s string) (symbols string, changed bool) {
	symbols, replaced := replaceLookAlikes(strip(s))
	return symbols, replaced || hasWidthForm(s)
}

// strip is NFKC in upper case without separators.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if isSeparator(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(s))
}

// isSeparator tells whether people write the character only to divide a code
// or don't see it at all: space, every dash and minus, format characters, and
// ". / ( )".
func isSeparator(r rune) bool {
	switch r {
	case '.', '/', '(', ')', '\u2212':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Dash, unicode.Pd) || isInvisible(r)
}

// isInvisible tells format characters: zero-width space, byte order mark,
// soft hyphen, direction marks.
func isInvisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

func replaceLookAlikes(s string) (symbols string, replaced bool) {
	var b strings.Builder
	for _, r := range s {
		if meant, ok := lookAlikes[r]; ok {
			replaced = true
			b.WriteString(meant)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String(), replaced
}

// hasWidthForm tells whether NFKC turns a single character of s into another
// one that counts: full-width or enclosed letters, superscript digits.
func hasWidthForm(s string) bool {
	for _, r := range s {
		if r < unicode.MaxASCII {
			continue
		}
		folded := norm.NFKC.String(string(r))
		if folded != string(r) && strip(folded) != "" {
			return true
		}
	}
	return false
}

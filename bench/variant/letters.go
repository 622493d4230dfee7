package variant

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain leaves out every accent and writes đ as d; case stays.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		case r == 'Đ':
			b.WriteByte('D')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// base is the small letter without accents.
func base(r rune) rune { return []rune(plain(string(unicode.ToLower(r))))[0] }

// span is a run of letters: byte offsets and the number of letters.
type span struct{ from, to, letters int }

// words are the runs of letters that no digit touches, in the order of the
// text, which must be NFC.
func words(s string) []span {
	var found []span
	word, spoilt := span{}, false
	closeWord := func() {
		if word.letters > 0 && !spoilt {
			found = append(found, word)
		}
		word, spoilt = span{}, false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) && word.letters == 0:
			word = span{i, i + len(string(r)), 1}
		case unicode.IsLetter(r):
			word.to, word.letters = i+len(string(r)), word.letters+1
		case unicode.IsDigit(r):
			spoilt = true
		default:
			closeWord()
		}
	}
	closeWord()
	return found
}

// tones pairs the two places of the tone in an open syllable; the pairs hold
// for both directions.
var tones = func() map[string]string {
	pairs := map[string]string{}
	for _, p := range [][2]string{
		{"òa", "oà"}, {"óa", "oá"}, {"ỏa", "oả"}, {"õa", "oã"}, {"ọa", "oạ"},
		{"òe", "oè"}, {"óe", "oé"}, {"ỏe", "oẻ"}, {"õe", "oẽ"}, {"ọe", "oẹ"},
		{"ùy", "uỳ"}, {"úy", "uý"}, {"ủy", "uỷ"}, {"ũy", "uỹ"}, {"ụy", "uỵ"},
	} {
		pairs[p[0]], pairs[p[1]] = p[1], p[0]
	}
	return pairs
}()

// otherTone moves every tone that may stand on either of two letters: Hòa and
// Hoà, Thúy and Thuý. The u of quý belongs to the q and carries none.
func otherTone(s string) string {
	var b strings.Builder
	at := 0
	for _, w := range words(s) {
		letters := []rune(s[w.from:w.to])
		n := len(letters)
		if n < 2 || n > 2 && base(letters[n-3]) == 'q' {
			continue
		}
		moved, ok := tones[strings.ToLower(string(letters[n-2:]))]
		if !ok {
			continue
		}
		b.WriteString(s[at:w.from])
		b.WriteString(string(letters[:n-2]))
		b.WriteString(likeCase([]rune(moved), letters[n-2:]))
		at = w.to
	}
	return b.String() + s[at:]
}

// likeCase writes letters in the case of a pattern, letter by letter.
func likeCase(letters, pattern []rune) string {
	for i, r := range letters {
		if i < len(pattern) && unicode.IsUpper(pattern[i]) {
			letters[i] = unicode.ToUpper(r)
		} else if i < len(pattern) {
			letters[i] = unicode.ToLower(r)
		}
	}
	return string(letters)
}

package text

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letter is one of the 26 with what Vietnamese puts on it.
type letter struct {
	base  byte // a to z
	shape shape
	tone  tone
	upper bool
}

// shape is what makes another letter of a letter.
type shape uint8

const (
	plain      shape = iota
	breve            // ă
	circumflex       // â ê ô
	horn             // ơ ư
	stroke           // đ
)

// tone is one of the six of a syllable.
type tone uint8

const (
	level    tone = iota // ngang
	falling              // huyền
	dipping              // hỏi
	creaking             // ngã
	rising               // sắc
	heavy                // nặng
)

const tones = 6

func isVowel(base byte) bool {
	switch base {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// bears reports whether the letter exists in that shape.
func bears(base byte, s shape) bool {
	switch s {
	case plain:
		return true
	case breve:
		return base == 'a'
	case circumflex:
		return base == 'a' || base == 'e' || base == 'o'
	case horn:
		return base == 'o' || base == 'u'
	}
	return base == 'd'
}

// mark puts a combining mark on the letter; one that Vietnamese doesn't know
// there is left out. Of two in each other's way the later in the list of
// shapes or tones stays, so that the order of marks is of no account.
func (l *letter) mark(r rune) {
	s, t := markOf(r)
	if bears(l.base, s) {
		l.shape = max(l.shape, s)
	}
	if isVowel(l.base) {
		l.tone = max(l.tone, t)
	}
}

// markOf is what a combining mark stands for, plain and level for nothing.
func markOf(r rune) (shape, tone) {
	switch r {
	case '\u0306':
		return breve, level
	case '\u0302':
		return circumflex, level
	case '\u031b':
		return horn, level
	case '\u0300':
		return plain, falling
	case '\u0309':
		return plain, dipping
	case '\u0303':
		return plain, creaking
	case '\u0301':
		return plain, rising
	case '\u0323':
		return plain, heavy
	}
	return plain, level
}

// rune is the letter as one character.
func (l letter) rune() rune {
	r := forms[l.base-'a'][l.shape][l.tone]
	if l.upper {
		return unicode.ToUpper(r)
	}
	return r
}

// forms has the small letters by base, shape and tone; 0 where there is none.
// It is never written after the program has started.
var forms = letterForms()

func letterForms() *[26][stroke + 1][tones]rune {
	var f [26][stroke + 1][tones]rune
	marks := []rune("\u0306\u0302\u031b")
	toneMarks := []rune("\u0300\u0309\u0303\u0301\u0323")
	for base := byte('a'); base <= 'z'; base++ {
		for s := plain; s < stroke; s++ {
			if !bears(base, s) {
				continue
			}
			spelled := []rune{rune(base)}
			if s != plain {
				spelled = append(spelled, marks[s-breve])
			}
			f[base-'a'][s][level] = composed(spelled)
			for i, mark := range toneMarks {
				if isVowel(base) {
					f[base-'a'][s][i+1] = composed(append(slices.Clone(spelled), mark))
				}
			}
		}
	}
	f['d'-'a'][stroke][level] = 'đ'
	return &f
}

func composed(r []rune) rune { return []rune(norm.NFC.String(string(r)))[0] }

// letterOf is the letter that a rune shows whose class is one of a to z.
func letterOf(r rune) letter {
	if r < latinEnd {
		return letters[r]
	}
	return letters[r-extraStart+latinEnd]
}

// letters belongs to table and is never written after the program has started.
var letters = letterTable()

func letterTable() *[latinEnd + extraEnd - extraStart]letter {
	var t [latinEnd + extraEnd - extraStart]letter
	for r := rune(0); r < latinEnd; r++ {
		t[r] = shown(r)
	}
	for r := rune(extraStart); r < extraEnd; r++ {
		t[r-extraStart+latinEnd] = shown(r)
	}
	return &t
}

func shown(r rune) letter {
	l := letter{base: tableClass(r), upper: unicode.IsUpper(r)}
	if isDWithStroke(r) {
		l.shape = stroke
	}
	for _, part := range norm.NFKD.String(string(r)) {
		l.mark(part)
	}
	return l
}

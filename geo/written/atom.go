package written

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"diachiso/geo/text"
)

// joint is what stands between two atoms, by strength as a border.
type joint uint8

const (
	glued joint = iota
	spaced
	dotted
	dashed
	slashed
	comma // also semicolons, line breaks and brackets
)

// atom is a run of letters or a run of digits.
type atom struct {
	from, to int    // bytes of the clean text
	fold     string // lower case without accents
	accented string // lower case with accents; fold where none were typed
	canon    string // as it stands in keys: "03" is "3", "tám" of a month "8"
	typed    string // where it isn't the text itself: a word typed in Telex
	digits   bool
	initial  bool // canon is one letter of an abbreviation that the words stand for
	split    bool // taken from the marker it was glued to
	before   joint
}

// maxAtoms bounds the work on one text; what is longer is no address.
const maxAtoms = 64

// clean is the form of a text that parts are quoted from: valid, NFC, without
// format characters.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return norm.NFC.String(s)
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut finds the atoms of a clean text; rest is where the first one too many
// begins, or the end.
func cut(s string, atoms []atom) (list []atom, rest int) {
	gap := glued
	open := false
	for i, r := range s {
		kind := kindOf(r)
		if kind == mark {
			continue
		}
		if kind == letter || kind == digit {
			if open && atoms[len(atoms)-1].digits == (kind == digit) {
				atoms[len(atoms)-1].to = i + utf8.RuneLen(r)
				continue
			}
			if len(atoms) == maxAtoms {
				return finish(s, atoms), i
			}
			atoms = append(atoms, atom{from: i, to: i + utf8.RuneLen(r), digits: kind == digit, before: gap})
			gap, open = glued, true
			continue
		}
		gap, open = max(gap, jointOf(r)), false
	}
	return finish(s, atoms), len(s)
}

type runeKind uint8

const (
	separator runeKind = iota
	letter
	digit
	mark // belongs to the atom before it
)

func kindOf(r rune) runeKind {
	switch {
	case r >= '0' && r <= '9', r >= '０' && r <= '９':
		return digit
	case r == '\'', r == '’', r == 'ʼ':
		return mark
	case unicode.IsLetter(r):
		return letter
	case unicode.In(r, unicode.Mn, unicode.Me):
		return mark
	}
	return separator
}

func jointOf(r rune) joint {
	switch r {
	case '.', '．', '。':
		return dotted
	case '/', '\\', '／', '\u2044', '\u2215':
		return slashed
	case ',', ';', '(', ')', '[', ']', '|', '\n', '\r', '，', '；', '、', '\u2028', '\u2029', ':':
		return comma
	}
	if unicode.Is(unicode.Pd, r) || r == '\u2212' {
		return dashed
	}
	return spaced
}

// finish folds the atoms and writes their canonical forms.
func finish(s string, atoms []atom) []atom {
	for i := range atoms {
		a := &atoms[i]
		if raw := s[a.from:a.to]; plain(raw) && !strings.Contains(raw, "'") {
			a.fold = strings.ToLower(raw)
			a.accented = a.fold
		} else {
			a.fold = unspaced(text.Fold(raw))
			a.accented = unspaced(text.Accented(raw))
		}
		if a.fold == "" { // a letter that is none to the folding
			a.fold, a.accented = "?", "?"
		}
		a.canon = a.fold
		if a.digits {
			a.canon = withoutZeros(a.fold)
		}
	}
	spellMonths(atoms)
	spellInitials(atoms)
	return atoms
}

// abbreviated are the words that names hold written out or by their initials:
// Đường N9 KDC Bình Hòa 6.
func abbreviated() []string {
	return []string{"khu dan cu", "khu do thi", "khu cong nghiep", "cum cong nghiep", "khu tai dinh cu"}
}

var abbreviatedWords = func() (list [][]string) {
	for _, words := range abbreviated() {
		list = append(list, strings.Fields(words))
	}
	return list
}()

// spellInitials gives the initials as the canonical form of the words that are
// written by them as well.
func spellInitials(atoms []atom) {
	for i := range atoms {
		switch a := &atoms[i]; a.fold {
		case "kdc", "kdt", "kcn", "ccn":
			a.accented = a.fold
		case "tdc":
			a.accented = a.fold
			if i > 0 && atoms[i-1].fold == "khu" && a.before <= dotted {
				atoms[i-1].canon, atoms[i-1].initial = "k", true
			} else {
				a.canon, a.initial = "ktdc", true
			}
		case "khu", "cum":
			for _, words := range abbreviatedWords {
				if stand(words, atoms[i:]) {
					for k := range words {
						atoms[i+k].canon, atoms[i+k].initial = words[k][:1], true
					}
				}
			}
		}
	}
}

// stand reports whether words stand at the start of atoms, nothing but spaces
// between them.
func stand(words []string, atoms []atom) bool {
	if len(words) > len(atoms) {
		return false
	}
	for i, word := range words {
		if atoms[i].fold != word || i > 0 && atoms[i].before > dotted {
			return false
		}
	}
	return true
}

// unspaced joins what folding takes apart: an apostrophe, a rare sign.
func unspaced(s string) string {
	if !strings.ContainsAny(s, " -/") {
		return s
	}
	return strings.NewReplacer(" ", "", "-", "", "/", "").Replace(s)
}

func withoutZeros(digits string) string {
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

// spellMonths makes days of the calendar alike: "30 tháng 4", "30/4" and "ba
// tháng hai", and the month in "Cách Mạng Tháng Tám".
func spellMonths(atoms []atom) {
	for i := range max(len(atoms)-1, 0) {
		if atoms[i].fold != "thang" || atoms[i+1].before > spaced {
			continue
		}
		month := spelled(&atoms[i+1])
		if month == "" {
			continue
		}
		atoms[i+1].canon = month
		if i == 0 || atoms[i].before > spaced {
			continue
		}
		if day := spelled(&atoms[i-1]); day != "" {
			atoms[i-1].canon = day
			atoms[i].canon = "/"
		}
	}
}

// spelled is a small number in digits; empty where an atom is none.
func spelled(a *atom) string {
	if a.digits {
		return a.canon
	}
	switch a.fold {
	case "mot", "gieng":
		return "1"
	case "hai":
		return "2"
	case "ba":
		return "3"
	case "tu", "bon":
		return "4"
	case "nam":
		return "5"
	case "sau":
		return "6"
	case "bay":
		return "7"
	case "tam":
		return "8"
	case "chin":
		return "9"
	case "muoi":
		return "10"
	}
	return ""
}

// hasAccents reports whether accents were typed in an atom.
func (a *atom) hasAccents() bool { return a.accented != a.fold }

// compact joins canonical forms to a key. Between numbers that a slash, dash,
// dot or space keeps apart stands a "/", a comma stays.
func compact(atoms []atom, dst []byte) []byte {
	for i := range atoms {
		if i > 0 {
			if c := numberJoint(&atoms[i-1], &atoms[i]); c != 0 {
				dst = append(dst, c)
			}
		}
		dst = append(dst, atoms[i].canon...)
	}
	return dst
}

func numberJoint(before, a *atom) byte {
	if !isDigit(before.canon[len(before.canon)-1]) || !isDigit(a.canon[0]) {
		return 0
	}
	if a.before >= comma {
		return ','
	}
	return '/'
}

func isDigit(c byte) bool { return c-'0' < 10 }

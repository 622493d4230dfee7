package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Violation says why a text can't be stored. Code is stable and never
// translated; En and Vi are complete sentences for people. At is the first
// character at fault, counted from 1 (0 where the whole text is).
type Violation struct {
	Code string
	At   int
	En   string
	Vi   string
}

// Error returns the English sentence.
func (v *Violation) Error() string { return v.En }

// Codes of violations.
const (
	InvalidUTF8      = "invalid-utf8"
	ControlCharacter = "control-character"
	FormatCharacter  = "format-character"
	TooLong          = "text-too-long"
)

// Clean returns the normal form in which a text is stored: NFC, without white
// space at its ends. Nothing else is changed. It is a *Violation when the text
// is no valid UTF-8, holds a control character (tab and line break among them,
// also at its ends), holds a format character (zero width, direction marks, byte
// order mark, soft hyphen), or its normal form has more than limit characters.
func Clean(s string, limit int) (string, error) {
	if v := badCharacter(s); v != nil {
		return "", v
	}
	clean := strings.TrimSpace(norm.NFC.String(s))
	if n := utf8.RuneCountInString(clean); n > limit {
		return "", &Violation{
			Code: TooLong,
			En:   fmt.Sprintf("The text has %d characters; at most %d are allowed.", n, limit),
			Vi:   fmt.Sprintf("Văn bản dài %d ký tự; chỉ được tối đa %d ký tự.", n, limit),
		}
	}
	return clean, nil
}

// badCharacter finds the first character that is never stored.
func badCharacter(s string) *Violation {
	at := 0
	for i, r := range s {
		at++
		switch {
		case r < utf8.RuneSelf && r >= ' ' && r != 0x7F:
		case r == utf8.RuneError && invalidAt(s[i:]):
			return invalidUTF8(at)
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return forbidden(ControlCharacter, at, r, "a control character", "ký tự điều khiển")
		case unicode.Is(unicode.Cf, r):
			return forbidden(FormatCharacter, at, r, "an invisible format character", "ký tự định dạng vô hình")
		}
	}
	return nil
}

// invalidAt tells a broken byte from a replacement character that was typed.
func invalidAt(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size == 1
}

func invalidUTF8(at int) *Violation {
	return &Violation{
		Code: InvalidUTF8,
		At:   at,
		En:   fmt.Sprintf("Character %d is not valid UTF-8; save the text as UTF-8.", at),
		Vi:   fmt.Sprintf("Ký tự thứ %d không đúng UTF-8; hãy lưu văn bản bằng bảng mã UTF-8.", at),
	}
}

func forbidden(code string, at int, r rune, en, vi string) *Violation {
	return &Violation{
		Code: code,
		At:   at,
		En:   fmt.Sprintf("Character %d is %s (%U); remove it.", at, en, r),
		Vi:   fmt.Sprintf("Ký tự thứ %d là %s (%U); hãy xóa ký tự này.", at, vi, r),
	}
}

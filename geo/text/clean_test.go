package text

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"only spaces", " \u00a0\u3000", ""},
		{"decomposed text is composed", norm.NFD.String("Đường Cách Mạng Tháng Tám"), "Đường Cách Mạng Tháng Tám"},
		{"ends are trimmed", "  Khu phố 2 ", "Khu phố 2"},
		{"inner spaces stay", "Khu  phố 2", "Khu  phố 2"},
		{"tone placement stays", "Hoà Hòa", "Hoà Hòa"},
		{"full width stays", "１２", "１２"},
		{"typed replacement character stays", "a\ufffdb", "a\ufffdb"},
		{"just long enough", strings.Repeat("ế", 50), strings.Repeat("ế", 50)},
		{"long only while decomposed", norm.NFD.String(strings.Repeat("ế", 50)), strings.Repeat("ế", 50)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Clean(tt.in, 50)
			if err != nil || got != tt.want {
				t.Errorf("Clean(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestCleanRefuses(t *testing.T) {
	tests := []struct {
		name, in, code string
		at             int
	}{
		{"broken byte", "Đ\xc3ường", InvalidUTF8, 2},
		{"surrogate half", "a\xed\xa0\x80", InvalidUTF8, 2},
		{"tab", "a\tb", ControlCharacter, 2},
		{"line break at the end", "ab\n", ControlCharacter, 3},
		{"NUL", "\x00", ControlCharacter, 1},
		{"delete", "a\x7f", ControlCharacter, 2},
		{"C1 control", "ế\u0085", ControlCharacter, 2},
		{"line separator", "a\u2028", ControlCharacter, 2},
		{"right-to-left override", "Vườn \u202ebưởi", FormatCharacter, 6},
		{"isolate", "\u2066a", FormatCharacter, 1},
		{"zero width space", "a\u200bb", FormatCharacter, 2},
		{"byte order mark", "\ufeffa", FormatCharacter, 1},
		{"soft hyphen", "a\u00ad", FormatCharacter, 2},
		{"tag character", "a\U000e0061", FormatCharacter, 2},
		{"one character too many", strings.Repeat("ế", 51), TooLong, 0},
		{"ten thousand letters", strings.Repeat("a", 10_000), TooLong, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Clean(tt.in, 50)
			var v *Violation
			if !errors.As(err, &v) {
				t.Fatalf("Clean(%q) = %q, %v, want a violation", tt.in, got, err)
			}
			if got != "" || v.Code != tt.code || v.At != tt.at {
				t.Errorf("Clean(%q) = %q, %s at %d, want %s at %d", tt.in, got, v.Code, v.At, tt.code, tt.at)
			}
			if v.En == "" || v.Vi == "" || v.Vi == v.En || v.Error() != v.En {
				t.Errorf("sentences missing: %+v", v)
			}
		})
	}
}

func TestCleanNamesTheLength(t *testing.T) {
	_, err := Clean("Vườn bưởi", 5)
	if want := "The text has 9 characters; at most 5 are allowed."; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

func checkClean(t interface{ Fatalf(string, ...any) }, s string) {
	const limit = 1 << 20
	once, err := Clean(s, limit)
	if err != nil {
		return
	}
	if twice, err := Clean(once, limit); err != nil || twice != once {
		t.Fatalf("Clean(%q) = %q, then %q, %v", s, once, twice, err)
	}
	if !norm.NFC.IsNormalString(once) || !utf8.ValidString(once) {
		t.Fatalf("Clean(%q) = %q is not normal", s, once)
	}
	if Fold(once) != Fold(s) {
		t.Fatalf("%q: cleaning changes the key %q to %q", s, Fold(s), Fold(once))
	}
}

func TestCleanProperties(t *testing.T) {
	alphabet := []rune("aâơưu\u0302\u031b\u0323\u0301 \u00a0\u2002\u1100\u116112/")
	rapid.Check(t, func(t *rapid.T) {
		checkClean(t, string(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "s")))
	})
}

func FuzzClean(f *testing.F) {
	f.Add("Phường Bình Hoà")
	f.Add(" e\u0302\u0301 ")
	f.Add("a" + strings.Repeat("\u0301", 40))
	f.Fuzz(func(t *testing.T, s string) { checkClean(t, s) })
}

package text

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"every tone of a", "aàảãáạăằẳẵắặâầẩẫấậ", "aaaaaaaaaaaaaaaaaa"},
		{"every tone of e", "eèẻẽéẹêềểễếệ", "eeeeeeeeeeee"},
		{"every tone of i and y", "iìỉĩíịyỳỷỹýỵ", "iiiiiiyyyyyy"},
		{"every tone of o", "oòỏõóọôồổỗốộơờởỡớợ", "oooooooooooooooooo"},
		{"every tone of u", "uùủũúụưừửữứự", "uuuuuuuuuuuu"},
		{"capitals", "ĐƯỜNG NGUYỄN THỊ MINH KHAI", "duong nguyen thi minh khai"},
		{"decomposed text", norm.NFD.String("Phường Thủ Dầu Một"), "phuong thu dau mot"},
		{"new tone placement", "Phường Bình Hoà", "phuong binh hoa"},
		{"old tone placement", "Phường Bình Hòa", "phuong binh hoa"},
		{"eth in place of Đ", "Ðường ðất", "duong dat"},
		{"African D in place of Đ", "Ɖường ɖất", "duong dat"},
		{"full width", "１２／３Ａ　Đường", "12/3a duong"},
		{"letter case of a number", "12/3A", "12/3a"},
		{"spaces around a slash", "12 / 3", "12/3"},
		{"spaces around a dash", "Ô 7 - DC 03", "o 7-dc 03"},
		{"en dash, minus sign", "7–9 7−9", "7-9 7-9"},
		{"slash beside a dash", "12-/3", "12/3"},
		{"doubled slash", "12//3", "12/3"},
		{"dash alone stands for nothing", " - ", ""},
		{"slash at an end", "/12/", "12"},
		{"runs of white space", "  Khu \t\n\u00a0 phố  2 ", "khu pho 2"},
		{"abbreviation dots", "P.Phú Hòa,TX. Dĩ An", "p phu hoa tx di an"},
		{"comma inside a number", "ô 4,5, lô C2", "o 4 5 lo c2"},
		{"zero width space and soft hyphen", "Thủ\u200b Dầu\u00ad Một", "thu dau mot"},
		{"byte order mark", "\ufeffYersin", "yersin"},
		{"vulgar fraction is no house number", "3½", "3 1/2"},
		{"superscript", "12²", "12 2"},
		{"ligature", "ﬁ", "fi"},
		{"roman number letter", "Quốc lộ Ⅳ", "quoc lo iv"},
		{"typewriter fraction slash", "12\u20443", "12/3"},
		{"other scripts stay", "Улица Ленина 東京", "улица ленина 東京"},
		{"Greek accents", "Ἀθῆναι", "αθηναι"},
		{"emoji", "nhà 🏠 12", "nha 12"},
		{"invalid UTF-8", "a\xffb", "a b"},
		{"only punctuation", "!?.,;:", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldKeepsDifferentThingsApart(t *testing.T) {
	pairs := [][2]string{
		{"83", "83a"}, {"12/3", "123"}, {"12-3", "12/3"}, {"4,5", "45"},
		{"3½", "31/2"}, {"Phú An", "An Phú"}, {"1 2", "12"},
	}
	for _, p := range pairs {
		if Fold(p[0]) == Fold(p[1]) {
			t.Errorf("%q and %q have the same key %q", p[0], p[1], Fold(p[0]))
		}
	}
}

// Every rune alone: the key is stable, and the table says what the
// decomposition says.
func TestFoldOfEveryRune(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		once := Fold(string(r))
		if twice := Fold(once); twice != once {
			t.Fatalf("%U: Fold gives %q, then %q", r, once, twice)
		}
		var k key
		k.addRare(r)
		if slow := k.text.String(); utf8.ValidRune(r) && slow != once {
			t.Fatalf("%U: table gives %q, decomposition %q", r, once, slow)
		}
	}
}

func TestFoldProperties(t *testing.T) {
	// Letters that decompose, marks, separators and spaces, often adjacent.
	alphabet := []rune("aAđĐuưựỰ\u031b\u0323\u0301oơ12/-–. ,½²ﬁẞ각１Ωéé\u200b\t")
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "s"))
		want := Fold(s)
		if got := Fold(norm.NFC.String(s)); got != want {
			t.Fatalf("%q: key of NFC is %q, not %q", s, got, want)
		}
		if got := Fold(norm.NFD.String(s)); got != want {
			t.Fatalf("%q: key of NFD is %q, not %q", s, got, want)
		}
		if got := Fold("  " + s + "\n"); got != want {
			t.Fatalf("%q: key with spaces around is %q, not %q", s, got, want)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "12 / 3A", "Phường Bình Hoà", "３½ – ﬃ", "\xff\u0301đ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := Fold(s)
		if Fold(k) != k {
			t.Errorf("Fold(%q) = %q is not stable: %q", s, k, Fold(k))
		}
		if !utf8.ValidString(k) {
			t.Errorf("Fold(%q) = %q is not UTF-8", s, k)
		}
	})
}

func TestFoldAllocatesOnce(t *testing.T) {
	s := "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một"
	if n := testing.AllocsPerRun(100, func() { Fold(s) }); n > 1 {
		t.Errorf("Fold allocates %v times", n)
	}
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{
		"Vietnamese": "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một",
		"ASCII":      "12/3 Duong Yersin, Khu pho 2, Phuong Thu Dau Mot",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(s)
			}
		})
	}
}

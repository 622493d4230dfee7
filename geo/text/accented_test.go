package text

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestAccented(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"capitals", "ĐƯỜNG NGUYỄN THỊ MINH KHAI", "đường nguyễn thị minh khai"},
		{"decomposed text", norm.NFD.String("Phường Thủ Dầu Một"), "phường thủ dầu một"},
		{"new tone placement", "Phường Hoà Phú, Thuỷ Lợi, khoẻ, Loá", "phường hòa phú thủy lợi khỏe lóa"},
		{"old tone placement", "Phường Hòa Phú, Thủy Lợi, khỏe, Lóa", "phường hòa phú thủy lợi khỏe lóa"},
		{"qu is a consonant", "Qúy quý qùa quà", "quý quý quà quà"},
		{"gi is a consonant", "Gìa già gì giếng gíêng giừơng", "già già gì giếng giếng giường"},
		{"before a coda the last vowel", "hòan hoàn tóan huýnh húynh", "hoàn hoàn toán huýnh huýnh"},
		{"three vowels", "ngòai ngoaì ngoài khuỷu khủyu", "ngoài ngoài ngoài khuỷu khuỷu"},
		{"shape bears the tone", "cừơng thúơ tíêng múôi", "cường thuớ tiếng muối"},
		{"two tones stay", "hòá", "hòá"},
		{"two groups of vowels stay", "Café Kafká", "café kafká"},
		{"accents of other languages", "Nuñez Ångström Škoda čaü", "nunez angstrom skoda cau"},
		{"shapes that Vietnamese doesn't have", "ŏ ĕ ŭ î û", "o e u i u"},
		{"eth and African D", "Ðường Ɖất", "đường đất"},
		{"full width", "１２／３Ａ　Ｄường", "12/3a dường"},
		{"separators as in Fold", "Ô 7 - DC 03, ô 4,5 / ½", "ô 7-dc 03 ô 4 5/1/2"},
		{"digits part words", "Phú1à", "phú1à"},
		{"tone marks of old", "ho\u0340a ho\u0341a", "hòa hóa"},
		{"order of marks", "a\u0323\u0302 a\u0302\u0323 o\u0301\u031b", "ậ ậ ớ"},
		{"mark on nothing", "\u0301 1\u0301 -\u0301a", "1-a"},
		{"other scripts", "Улица Йода Ἀθῆναι 東京", "улица иода αθηναι 東京"},
		{"emoji, invalid UTF-8", "nhà 🏠 a\xffb", "nhà a b"},
		{"long word", "aaaaaaaaaaaaaaaaaaaaaaaaaá", "aaaaaaaaaaaaaaaaaaaaaaaaaá"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Accented(tt.in); got != tt.want {
				t.Errorf("Accented(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestAccentedKeepsWhatFoldLoses(t *testing.T) {
	for _, p := range [][2]string{{"Thanh An", "Thạnh An"}, {"Dương", "Đường"}, {"Đất", "Dất"}, {"Tân", "Tấn"}, {"mưa", "mua"}} {
		if Accented(p[0]) == Accented(p[1]) {
			t.Errorf("%q and %q are both %q", p[0], p[1], Accented(p[0]))
		}
	}
}

func checkAccented(t interface{ Fatalf(string, ...any) }, s string) {
	once := Accented(s)
	if got, want := Fold(once), Fold(s); got != want {
		t.Fatalf("%q: folded after Accented (%q) it is %q, not %q", s, once, got, want)
	}
	if twice := Accented(once); twice != once {
		t.Fatalf("Accented(%q) = %q, then %q", s, once, twice)
	}
	for _, same := range []string{norm.NFC.String(s), norm.NFD.String(s), "  " + s + "\n"} {
		if got := Accented(same); got != once {
			t.Fatalf("Accented(%q) = %q, but of %q %q", s, once, same, got)
		}
	}
	if !utf8.ValidString(once) {
		t.Fatalf("Accented(%q) = %q is not UTF-8", s, once)
	}
}

func TestAccentedOfEveryRune(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ {
		if !unicode.In(r, unicode.Han, unicode.Hangul) {
			checkAccented(t, string(r))
			checkAccented(t, "a"+string(r))
		}
	}
}

func TestAccentedProperties(t *testing.T) {
	alphabet := []rune("aAđĐuưựỰ\u031b\u0323\u0301\u0302oơ12/-–. ,½²ﬁẞác각１Ωéé\u200b\tgiqhn")
	rapid.Check(t, func(t *rapid.T) {
		checkAccented(t, string(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "s")))
	})
}

func FuzzAccented(f *testing.F) {
	for _, s := range []string{"", "12 / 3A", "Phường Bình Hoà", "３½ – ﬃ", "\xff\u0301đ", "qúy gìa"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkAccented(t, s) })
}

func BenchmarkAccented(b *testing.B) {
	for b.Loop() {
		Accented("12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một")
	}
	b.ReportAllocs()
}

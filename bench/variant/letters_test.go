package variant

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	if got := plain("Đường Nguyễn Thị Ơ, ấp ĐƯỢC ở 3/2"); got != "Duong Nguyen Thi O, ap DUOC o 3/2" {
		t.Error(got)
	}
}

func TestWords(t *testing.T) {
	s := "12A ĐT 743A, Ấp Bến-Tượng 18Đt7"
	var got []string
	for _, w := range words(s) {
		got = append(got, s[w.from:w.to])
		if n := len([]rune(s[w.from:w.to])); n != w.letters {
			t.Errorf("%s: %d letters, not %d", s[w.from:w.to], n, w.letters)
		}
	}
	if d := cmp.Diff([]string{"ĐT", "Ấp", "Bến", "Tượng"}, got); d != "" {
		t.Error(d)
	}
}

func TestOtherTone(t *testing.T) {
	for s, want := range map[string]string{
		"Hòa Lợi":      "Hoà Lợi",
		"HOÀ":          "HÒA",
		"Thuý, Thúy":   "Thúy, Thuý",
		"khỏe":         "khoẻ",
		"Đường Thuỷ 3": "Đường Thủy 3",
		"Phú Quý":      "Phú Quý",      // the u belongs to the q
		"Hoàng Toàn":   "Hoàng Toàn",   // a closed syllable has one place only
		"Hoa Của Mùa":  "Hoa Của Mùa",  // no tone, and vowels of one place
		"HÒa":          "HOà",          // case stays where it is
		"Ngoài xoáy":   "Ngoài xoáy",   // three vowels
		"hòa1 2hòa":    "hòa1 2hòa",    // part of a number
		"Hòa Hoà Hòa":  "Hoà Hòa Hoà",  // each of them
		"y ý Ý":        "y ý Ý",        // one letter
		"qùy":          "qùy",          // as quý
		"":             "",             //
		"Bà Hoà, Tổ 3": "Bà Hòa, Tổ 3", //
	} {
		if got := otherTone(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}

func TestTelex(t *testing.T) {
	for s, want := range map[string]string{
		"Đường Phường":     "Dduwowngf Phuwowngf",
		"ĐT 743A":          "DDT 743A",
		"đ. Lợi":           "dd. Lowij",
		"Quốc lộ 13":       "Quoocs looj 13",
		"Hòa":              "Hoaf",
		"Hoà":              "Hoaf",
		"Văn Trỗi":         "Vawn Trooix",
		"Ấp Bưng Đĩa":      "Aaps Buwng Ddiax",
		"Khu phố 3/2, Thủ": "Khu phoos 3/2, Thur",
		"hẻm5":             "hemr5",
		"Kiệt":             "Kieetj",
		"Yersin":           "Yersin",
	} {
		if got := telex(s); got != want {
			t.Errorf("%q typed as %q, want %q", s, got, want)
		}
	}
}

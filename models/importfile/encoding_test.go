package importfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// In Windows-1258 a tone is a letter of its own behind the vowel: ờ is
// F5 (ơ) CC (grave), ộ is F4 (ô) F2 (dot below), đ is F0.
const windows1258File = "Lo\xe2\xf2i,V\xee\xdeto,lng,T\xean\nshop,1,2,\xd0\xfd\xf5\xccng s\xf4\xec 3\n"

func TestWindows1258(t *testing.T) {
	file := "kind,lat,lng,name\nshop,1,2,\xd0\xfd\xf5\xccng s\xf4\xec 3 Ph\xfa H\xf2a\nshop,1,2,Th\xf4\xf2\n"
	// DD in the names: Đ is D0, ư is FD, ơ is F5, grave CC, ô is F4, acute EC, ú FA.
	t.Run("is decoded and composed", func(t *testing.T) {
		got := readAll(strings.NewReader(file), CSV, Options{Encoding: "Windows-1258"}, Name)
		want := []string{"2: Đường số 3 Phú Ḥa", "3: Thộ"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("is never guessed", func(t *testing.T) {
		_, err := Open(strings.NewReader(file), CSV, Options{})
		wantFileError(t, err, "not-utf8", "2", "--encoding windows-1258")
	})
	t.Run("with headings in the code page", func(t *testing.T) {
		_, err := Open(strings.NewReader(windows1258File), CSV, Options{})
		wantFileError(t, err, "not-utf8", "1")
	})
	t.Run("every Vietnamese letter survives", func(t *testing.T) {
		letters := "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđAÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐƯƠ"
		file := "kind,lat,lng,name\nshop,1,2," + in1258(t, letters) + "\n"
		got := readAll(strings.NewReader(file), CSV, Options{Encoding: "cp1258"}, Name)
		if diff := cmp.Diff([]string{"2: " + letters}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a byte the code page lacks rejects the row", func(t *testing.T) {
		file := "kind,lat,lng,name\nshop,1,2,\x9d\nshop,1,2,B\n"
		got := readAll(strings.NewReader(file), CSV, Options{Encoding: "windows-1258"}, Name)
		if diff := cmp.Diff([]string{"2! damaged-text", "3: B"}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("behind 64 KiB of ASCII rejects each row", func(t *testing.T) {
		file := "kind,lat,lng,name\n" + strings.Repeat("shop,1,2,A\n", 7000) + "shop,1,2,\xd0\xfd\xf5\xccng\nshop,1,2,B\n"
		got := readAll(strings.NewReader(file), CSV, Options{}, Name)
		if diff := cmp.Diff([]string{"7002! invalid-utf8", "7003: B"}, got[7000:]); diff != "" {
			t.Error(diff)
		}
	})
}

// in1258 writes letters as the code page does: the vowel with its circumflex,
// breve or horn as one byte where there is one, then the tone.
func in1258(t *testing.T, letters string) string {
	t.Helper()
	tones := map[rune]string{'\u0300': "\xcc", '\u0309': "\xd2", '\u0303': "\xde", '\u0301': "\xec", '\u0323': "\xf2"}
	var out strings.Builder
	for _, r := range letters {
		if b, ok := charmap.Windows1258.EncodeRune(r); ok {
			out.WriteByte(b)
			continue
		}
		base, tone := splitTone(r)
		b, ok := charmap.Windows1258.EncodeRune(base)
		if !ok {
			t.Fatalf("%q has no byte", base)
		}
		out.WriteByte(b)
		out.WriteString(tones[tone])
	}
	return out.String()
}

// splitTone finds the vowel and tone that make a letter, from the vowels'
// rows of the alphabet.
func splitTone(r rune) (vowel, tone rune) {
	marks := []rune{'\u0300', '\u0309', '\u0303', '\u0301', '\u0323'}
	for _, row := range []string{
		"aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ",
		"uùủũúụ", "ưừửữứự", "yỳỷỹýỵ", "AÀẢÃÁẠ", "ĂẰẲẴẮẶ", "ÂẦẨẪẤẬ",
	} {
		letters := []rune(row)
		for i, letter := range letters[1:] {
			if letter == r {
				return letters[0], marks[i]
			}
		}
	}
	return r, 0
}

func TestUTF16(t *testing.T) {
	const file = "Loại\tVĩ độ\tKinh độ\tTên\r\nshop\t1\t2\tĐường 30/4\r\n"
	for name, encoder := range map[string]encoding.Encoding{
		"little endian": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"big endian":    unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	} {
		encoded, err := encoder.NewEncoder().String(file)
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(strings.NewReader(encoded), CSV, Options{}, Name)
		if diff := cmp.Diff([]string{"2: Đường 30/4"}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		_, err = Open(strings.NewReader(encoded), CSV, Options{Encoding: "windows-1258"})
		wantFileError(t, err, "encoding-conflict", "UTF-16")
	}
}

func TestWrongEncodingOptions(t *testing.T) {
	const good = "kind,lat,lng,name\nshop,1,2,Đường\n"
	cases := []struct {
		name, file string
		format     Format
		encoding   string
		code       string
	}{
		{"an unknown encoding", good, CSV, "tcvn3", "unknown-encoding"},
		{"windows-1258 for a UTF-8 file", good, CSV, "windows-1258", "encoding-conflict"},
		{"windows-1258 for a file with a UTF-8 mark", "\xEF\xBB\xBFkind,lat,lng\n", CSV, "windows-1258", "encoding-conflict"},
		{"windows-1258 for GeoJSON", "{}", GeoJSON, "windows-1258", "encoding-conflict"},
		{"an unknown format", good, "xls", "", "unknown-format"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(strings.NewReader(c.file), c.format, Options{Encoding: c.encoding})
			wantFileError(t, err, c.code)
		})
	}
	if got := readAll(strings.NewReader(good), CSV, Options{Encoding: "UTF-8"}, Name); got[0] != "2: Đường" {
		t.Errorf("UTF-8 by name: %v", got)
	}
}

func TestSampleCutInALetterIsNoError(t *testing.T) {
	for pad := range 4 {
		file := "kind,lat,lng,name\n" + strings.Repeat("x", pad) + "shop,1,2," + strings.Repeat("ộ", 40_000) + "\n"
		got := readAll(strings.NewReader(file), CSV, Options{}, Lat)
		if diff := cmp.Diff([]string{"2: 1"}, got); diff != "" {
			t.Errorf("pad %d: %s", pad, diff)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]Format{"a.csv": CSV, "/x/DS.CSV": CSV, "a.txt": CSV, "a.tsv": CSV, "b.geojson": GeoJSON, "b.v2.JSON": GeoJSON} {
		if got, err := FormatOf(name); got != want || err != nil {
			t.Errorf("FormatOf(%q) = %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "csv", "a.xls", "a.csv.gz"} {
		_, err := FormatOf(name)
		wantFileError(t, err, "unknown-format")
	}
}

func wantFileError(t *testing.T, err error, code string, says ...string) {
	t.Helper()
	var file *FileError
	if !errors.As(err, &file) || file.Code != code {
		t.Fatalf("error = %v, want %s", err, code)
	}
	for _, part := range says {
		if !strings.Contains(file.En, part) || !strings.Contains(file.Vi, part) {
			t.Errorf("%q is not said in\n%s\n%s", part, file.En, file.Vi)
		}
	}
}

package written

import (
	"strings"
	"testing"
)

func TestLabelsOfOneFlat(t *testing.T) {
	for want, labels := range map[string]string{
		"a9.11": "A-09.11|Căn A-09.11|A09.11|A-9.11|A0911|a 911|P. A-9.11|Phòng A0911|Căn hộ 0911, Block A|Căn A-09.11, Tầng 9, Tháp A|" +
			"Căn 11, Tầng 9, Tháp A|Block A, Căn hộ 9.11|căn hộ số 0911 tòa A|Mã căn A-09-11",
		"3.5":           "Căn 3.05|3.05|305|P.305|Phòng 3-05|căn hộ 0305|Tầng 3, Phòng 05",
		"d4":            "Sạp D-04|D4|sạp D04|Sạp số D 4",
		"b2.5":          "B2-05|B205|Căn B-2.05",
		"a1.12.5":       "A1-12.05|A1-1205|Căn 1205, Block A1",
		"2.12.5":        "Căn 12.05, Tháp 2|2-12.05",
		"2/b12":         "Căn B12, Tháp 2",
		"12":            "Ki-ốt 12|kiosk 12|12",
		"tang5":         "Lầu 5|Tầng 5|tầng 05",
		"tang" + "tret": "Tầng trệt|lầu trệt",
		"a":             "Tòa A|Block A",
		"":              "|-",
	} {
		for label := range strings.SplitSeq(labels, "|") {
			if got := UnitKey(label); got != want {
				t.Errorf("key of %q is %q, want %q", label, got, want)
			}
		}
	}
}

func TestLabelsOfDifferentFlats(t *testing.T) {
	for _, pair := range [][2]string{
		{"A-09.11", "B-09.11"}, {"A-09.11", "A-09.12"}, {"A-1.11", "A-11.1"}, {"3.05", "Tầng 3"}, {"D4", "D40"}, {"A1", "B1"},
		{"Căn 5", "Tầng 5"}, {"Căn B12, Tháp 2", "Căn B12, Tháp 3"}, {"A12B", "A12"}, {"Căn A-09.11, Tầng 8", "A-09.11"},
	} {
		if UnitKey(pair[0]) == UnitKey(pair[1]) {
			t.Errorf("%q and %q have one key, %q", pair[0], pair[1], UnitKey(pair[0]))
		}
	}
}

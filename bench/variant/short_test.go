package variant

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// forms are all that a text is shortened to.
func forms(s string, allowed func(string) bool) []string {
	seen := map[string]bool{}
	for seed := range uint64(200) {
		seen[shorten(s, allowed, rand.New(rand.NewPCG(seed, 1)))] = true
	}
	var list []string
	for form := range seen {
		list = append(list, form)
	}
	slices.Sort(list)
	return list
}

func TestShorten(t *testing.T) {
	for s, want := range map[string][]string{
		"Khu phố 3":                 {"KP 3", "KP. 3", "KP.3", "KP3", "kp3"},
		"Khu phố Bình Phú":          {"KP Bình Phú", "KP. Bình Phú", "KP.Bình Phú"},
		"Phường 5":                  {"F. 5", "F.5", "P 5", "P. 5", "P.5", "P5"},
		"Xã An Bình":                {"X. An Bình", "X.An Bình"},
		"Thị xã Dĩ An":              {"TX Dĩ An", "TX. Dĩ An", "TX.Dĩ An"},
		"ĐT 741":                    {"DT 741", "DT741", "ĐT.741", "ĐT741"},
		"Quốc lộ 13":                {"QL 13", "QL.13", "QL13"},
		"Đường 30/4":                {"Đ. 30/4", "Đ.30/4", "đ 30/4"},
		"Ấp Bến Tranh":              {"Ấp Bến Tranh"},
		"Chợ Thủ Dầu Một":           {"Chợ Thủ Dầu Một"},
		"Phường Bình Dương":         {"F. Bình Dương", "F.Bình Dương", "P Bình Dương", "P. Bình Dương", "P.Bình Dương"},
		"Đường Cách Mạng Tháng Tám": {"Đ. CMT8", "Đ.CMT8", "đ CMT8"},
		"Thành phố Thủ Dầu Một":     {"TDM", "TP TDM", "TP. TDM", "TP.TDM"},
	} {
		if d := cmp.Diff(want, forms(s, anyForm)); d != "" {
			t.Errorf("%s: %s", s, d)
		}
	}
}

func TestDottedFormsHaveNoSpace(t *testing.T) {
	for s, want := range map[string][]string{
		"Phường Phú Cường":      {"F.Phú Cường", "P.Phú Cường"},
		"Khu phố 3":             {"KP.3"},
		"Tổ 5":                  {"Tổ 5"},
		"Khu dân cư Phú Hòa":    {"Khu dân cư Phú Hòa"},
		"Thành phố Hồ Chí Minh": {"TP.HCM", "TP.Hồ Chí Minh"},
	} {
		if d := cmp.Diff(want, forms(s, dotted)); d != "" {
			t.Errorf("%s: %s", s, d)
		}
	}
	w := take(t, yersin())
	for seed := range uint64(20) {
		got, ok := kind(t, "dots-without-spaces").Write(w, seed)
		if !ok || strings.Contains(got, ". ") || strings.Count(got, ".") != 4 {
			t.Errorf("%q", got)
		}
	}
}

func TestAbbreviatedShortensEverything(t *testing.T) {
	w := take(t, flat())
	for seed := range uint64(50) {
		for _, name := range []string{"abbreviated", "old-units-abbreviated"} {
			got, ok := kind(t, name).Write(w, seed)
			for _, long := range []string{"Đường", "Phường", "Thành phố", "Khu phố", "Chung cư", "Minh Khai", "Tỉnh"} {
				if !ok || strings.Contains(got, long) {
					t.Errorf("%s: %s still stands in %q", name, long, got)
				}
			}
			if !strings.HasPrefix(got, "Căn 3.05, ") || !strings.Contains(got, ", 7 Hẻm 15, ") || !strings.Contains(got, ", Tổ 4, ") {
				t.Errorf("%s: what has no short form changed in %q", name, got)
			}
		}
	}
}

func TestOnAParcel(t *testing.T) {
	w := take(t, yersin())
	for seed := range uint64(50) {
		got, ok := kind(t, "on-a-parcel").Write(w, seed)
		if !ok || !isASCII(got) || strings.Contains(got, ",") || got != strings.ToLower(got) || !strings.HasPrefix(got, "12/3 d") {
			t.Errorf("%q", got)
		}
	}
}

func TestBareName(t *testing.T) {
	for s, want := range map[string]string{
		"Đường Yersin": "Yersin", "ĐT 743A": "743A", "Phường Thủ Dầu Một": "Thủ Dầu Một", "Thị trấn Lai Uyên": "Lai Uyên",
		"Ấp Bến Tranh": "Bến Tranh", "Vườn bưởi Bạch Đằng": "Vườn bưởi Bạch Đằng", "Xãm": "Xãm",
	} {
		if got := bareName(s); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

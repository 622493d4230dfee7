package written

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestKeysOfEqualNames(t *testing.T) {
	for _, tt := range []struct {
		key   func(string) string
		want  string
		names string
	}{
		{StreetKey, "yersin", "Đường Yersin|đ. yersin|Yersin|YERSIN|Phố Yersin|đường  Yersin|Đ.Yersin|yer-sin"},
		{StreetKey, "dt743a", "ĐT 743A|DT743a|Tỉnh lộ 743A|TL 743 A|Đường ĐT 743A|đường tỉnh 743A|ĐT.743A"},
		{StreetKey, "ql13", "QL13|Quốc lộ 13|quoc lo 13|Đường QL 13|QL.13"},
		{StreetKey, "ql1k", "Quốc lộ 1K|QL1K"},
		{StreetKey, "dx1", "Đường ĐX 001|ĐX1|đx 01|DX001"},
		{StreetKey, "dh409", "ĐH 409|ĐH.409|Đường huyện 409"},
		{StreetKey, "hl11", "Hương lộ 11|HL 11"},
		{StreetKey, "cachmangthang8", "Đường Cách Mạng Tháng Tám|cach mang thang 8|Cách Mạng Tháng 8|cách mạng tháng tám"},
		{StreetKey, "30/4", "Đường 30/4|30 tháng 4|30-4|30/04|đường 30.4|Đường 30 tháng tư"},
		{StreetKey, "5", "Đường số 5|Đường 5|đường 05|Đ. 5"},
		{StreetKey, "d1", "Đường D1|D1|D 1|Đ. D1"},
		{StreetKey, "phuloi5", "Đường Phú Lợi 05|Phú Lợi 5|phu loi 5"},
		{StreetKey, "binhduong", "Đại lộ Bình Dương|ĐL Bình Dương|dai lo binh duong"},
		{StreetKey, "huonglo", "Hương Lộ|Đường Hương Lộ"},
		{StreetKey, "xalohanoi", "Xa lộ Hà Nội"},
		{HamletKey, "kp3", "Khu phố 3|KP3|kp. 03|KP 3|khu phố số 3"},
		{HamletKey, "ap3", "Ấp 3|ấp 03"},
		{HamletKey, "apbentranh", "Ấp Bến Tranh|ap ben tranh"},
		{HamletKey, "kdcphuhoa3", "KDC Phú Hòa 3|Khu dân cư Phú Hoà 3"},
		{BuildingKey, "chungcuhoasen", "Chung cư Hoa Sen|CC Hoa Sen|chung cu hoa sen"},
		{BuildingKey, "chophucuong", "Chợ Phú Cường|cho phu cuong"},
		{NumberKey, "12a", "12A|12 a|12-A|12a|012A|Số 12A|SN 12A"},
		{NumberKey, "12/3", "12/3|12 / 3|012/03|số nhà 12/3"},
		{NumberKey, "12bis", "12bis|12 bis|12 BIS|12-bis"},
		{NumberKey, "15-17", "15-17|15 - 17|15–17"},
		{NumberKey, "lob5", "Lô B5|lô b-5"},
		{NumberKey, "o7dc3", "Ô 7 - DC 03|ô 7 DC3"},
		{NumberKey, "83", "83|083|Số 83"},
		{StreetKey, "n9kdcbinhhoa6", "Đường N9 KDC Bình Hòa 6|N9 khu dân cư bình hoà 06|n9 khu dan cu binh hoa 6"},
		{StreetKey, "d2kcnsongthan", "Đường D2 KCN Sóng Thần|D2 khu công nghiệp Sóng Thần"},
		{StreetKey, "d2kdtanphu", "Đường D2 KĐT An Phú|D2 khu đô thị An Phú"},
		{StreetKey, "d2ktdcanphu", "Đường D2 khu tái định cư An Phú|D2 TĐC An Phú|D2 khu TĐC An Phú"},
		{AlleyKey, "41", "Hẻm 41|ngõ 41|Ngách số 41|kiệt 041|H.41|hẽm 41|41"},
		{AlleyKey, "chuaba", "Hẻm Chùa Bà|ngo chua ba"},
		{StreetKey, "", "|-|…"},
		{NumberKey, "", "|/"},
	} {
		for name := range strings.SplitSeq(tt.names, "|") {
			if got := tt.key(name); got != tt.want {
				t.Errorf("key of %q is %q, want %q", name, got, tt.want)
			}
		}
	}
}

func TestKeysOfDifferentNames(t *testing.T) {
	for _, tt := range []struct {
		key  func(string) string
		a, b string
	}{
		{NumberKey, "83", "83A"}, {NumberKey, "12/3", "123"}, {NumberKey, "12/3", "12-3"}, {NumberKey, "1/23", "12/3"}, {NumberKey, "4,5", "45"},
		{NumberKey, "4.5", "45"}, {NumberKey, "Lô 5", "5"},
		{StreetKey, "ĐT 743A", "ĐT 743B"}, {StreetKey, "QL13", "ĐT 13"}, {StreetKey, "Đường ĐX 01", "Đường D1"}, {StreetKey, "30/4", "3/04"},
		{StreetKey, "Phú An", "An Phú"}, {StreetKey, "Phú Lợi 1", "Phú Lợi 11"}, {StreetKey, "ĐT 741", "Đường 741"},
		{HamletKey, "Khu phố 3", "Ấp 3"}, {HamletKey, "Khu phố 1", "Khu phố 1A"}, {BuildingKey, "Chợ Phú Cường", "Chung cư Phú Cường"},
	} {
		if tt.key(tt.a) == tt.key(tt.b) {
			t.Errorf("%q and %q have one key, %q", tt.a, tt.b, tt.key(tt.a))
		}
	}
}

// Keys don't depend on the form of Unicode, the case, accents or white space.
func TestKeyProperties(t *testing.T) {
	words := strings.Fields("Đường đ. ĐT Quốc lộ Khu phố Ấp Tổ Chung cư số lô 12 03 3/4 12A bis Yersin Phú Lợi Tháng Tám D1 - . ,")
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "words"), " ")
		for _, key := range []func(string) string{StreetKey, HamletKey, BuildingKey, NumberKey, AlleyKey, UnitKey} {
			want := key(s)
			for _, other := range []string{norm.NFD.String(s), strings.ToUpper(s), fullWidth(s), "  " + strings.ReplaceAll(s, " ", "  ")} {
				if got := key(other); got != want {
					t.Fatalf("key of %q is %q, of %q %q", s, want, other, got)
				}
			}
		}
	})
}

func FuzzKeys(f *testing.F) {
	f.Add("Đường ĐT 743A")
	f.Add("'\u0301½,4")
	f.Fuzz(func(t *testing.T, s string) {
		for _, key := range []func(string) string{StreetKey, HamletKey, BuildingKey, NumberKey, AlleyKey, UnitKey} {
			if key(s) != key(norm.NFD.String(strings.ToValidUTF8(s, " "))) {
				t.Errorf("%q and its NFD have different keys", s)
			}
		}
	})
}

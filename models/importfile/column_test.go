package importfile

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseColumnKnowsHeadings(t *testing.T) {
	cases := map[string]Column{
		"ref": Ref, "Mã hồ sơ": Ref, "MA HO SO": Ref, "mã_hồ_sơ": Ref, "ma-ho-so": Ref,
		"kind": Kind, "Loại": Kind, "loai": Kind, "type": Kind,
		"Tên": Name, "TEN": Name, "name": Name,
		"name_public": NamePublic, "Name Public": NamePublic, "namePublic": NamePublic,
		"Số nhà": HouseNumber, "so nha": HouseNumber, "House-Number": HouseNumber,
		"Đường": Street, "duong": Street, "street": Street,
		"hẻm": Alley, "ngõ": Alley, "Ngõ/Hẻm": Alley, "hẻm, ngõ": Alley, "alley": Alley,
		"tổ": Group, "group": Group,
		"khu phố": Hamlet, "ấp": Hamlet, "Khu phố / Ấp": Hamlet, "khu phố, ấp": Hamlet, "hamlet": Hamlet,
		"tòa nhà": Building, "toà nhà": Building, "building": Building,
		"căn hộ": UnitLabel, "unit label": UnitLabel,
		"phường/xã": Commune, "Phường": Commune, "xã": Commune, "Xã/Phường/Thị trấn": Commune, "commune": Commune,
		"quận/huyện": District, "huyện": District, "Quận": District, "district": District,
		"lat": Lat, "Latitude": Lat, "Vĩ độ": Lat, "vĩ độ (lat)": Lat, "Lat (Vĩ độ)": Lat,
		"lng": Lng, "lon": Lng, "longitude": Lng, "KINH ĐỘ": Lng, "Kinh độ (lng)": Lng, "kinh do (long)": Lng,
		"accuracy_m": AccuracyM, "Sai số": AccuracyM, "sai số (m)": AccuracyM,
		"position_kind": PositionKind,
		"owner_name":    OwnerName, "Chủ hộ": OwnerName, "Tên (chủ hộ)": OwnerName,
		"phone": Phone, "Điện thoại": Phone, "SĐT": Phone,
		"dia_chi_so": DiaChiSo, "Địa chỉ số": DiaChiSo,
		"valid_from": ValidFrom, "Ngày cấp": ValidFrom,
		"as_of": AsOf, "As Of": AsOf, "parent": Parent,
		"vi\u0303 \u0111o\u0323\u0302": Lat, // decomposed
		"Vĩ độ\n(lat)":                 Lat,
	}
	for heading, want := range cases {
		if got, ok := ParseColumn(heading); !ok || got != want {
			t.Errorf("ParseColumn(%q) = %v, %v; want %v", heading, got, ok, want)
		}
	}
}

func TestParseColumnDoesNotGuess(t *testing.T) {
	for _, heading := range []string{
		"", " ", "()", "/", "x", "tọa độ", "lat/lng", "tên (hẻm)", "tên đường/số nhà", "name (old)", "latt", "email", "ghi chú",
	} {
		if got, ok := ParseColumn(heading); ok {
			t.Errorf("ParseColumn(%q) = %v; want unknown", heading, got)
		}
	}
}

func TestColumnNamesAreUnambiguous(t *testing.T) {
	owner := map[string]Column{}
	for c, names := range columnNames {
		if len(names) == 0 {
			t.Fatalf("column %d has no name", c)
		}
		for _, name := range names {
			key := nameKey(name)
			if other, taken := owner[key]; taken && other != Column(c) {
				t.Errorf("%q names both %v and %v", name, other, Column(c))
			}
			owner[key] = Column(c)
		}
	}
	if got := Column(numColumns).String(); got != "unknown" {
		t.Errorf("String of no column = %q", got)
	}
}

func TestNearestNameSuggestsTheTypo(t *testing.T) {
	cases := map[string]Column{
		"latt": Lat, "longitud": Lng, "sonhà1": HouseNumber, "hamlets": Hamlet, "phuong/xaa": Commune, "accuracy_n": AccuracyM,
	}
	for heading, want := range cases {
		if name, got := nearestName(heading); got != want {
			t.Errorf("nearestName(%q) = %q of %v; want %v", heading, name, got, want)
		}
	}
}

func TestEditDistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abc]{0,6}`)
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab := editDistance(a, b)
		if (ab == 0) != (a == b) || ab != editDistance(b, a) {
			t.Fatalf("distance of %q and %q is %d", a, b, ab)
		}
		if editDistance(a, c) > ab+editDistance(b, c) {
			t.Fatalf("detour over %q is shorter between %q and %q", b, a, c)
		}
	})
	if d := editDistance("kitten", "sitting"); d != 3 {
		t.Errorf("kitten to sitting = %d, want 3", d)
	}
}

package batch

import (
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models"
)

func TestFitsAreSaidInBothLanguages(t *testing.T) {
	code, err := geo.Parse("28XMJ25Q66")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		fit    models.Fit
		en, vi string
	}{
		{"nothing", models.Fit{}, "", ""},
		{"other", models.Fit{Differences: []models.Difference{{Part: "house_number", Given: "83", Found: "83A"}}},
			"Given house number 83, registered 83A.", "Ghi số nhà 83, đã đăng ký 83A."},
		{"left out", models.Fit{Differences: []models.Difference{{Part: "unit_label", Found: "A1.01"}}}, "Not given: unit label A1.01.", "Không ghi: căn hộ A1.01."},
		{"not there", models.Fit{Differences: []models.Difference{{Part: "alley", Given: "Hẻm 5"}}}, "Not registered: alley Hẻm 5.", "Không có trong dữ liệu: hẻm Hẻm 5."},
		{"mistyped code", models.Fit{Differences: []models.Difference{{Part: "code", Given: "28XMJ25Q60", Found: "28XMJ25Q66"}}}, "Did you mean 28XM J25 Q66?", "Có phải là 28XM J25 Q66?"},
		{"point beside", models.Fit{Differences: []models.Difference{{Part: "position", Given: "1,2", Found: "3,4"}}}, "Nothing is registered at this point; this is the nearest address.",
			"Chưa có địa chỉ nào đăng ký tại điểm này; đây là địa chỉ gần nhất."},
		{"several and ignored", models.Fit{Differences: []models.Difference{{Part: "street", Given: "Hoa May", Found: "Hoa Mai"}, {Part: "commune", Given: "Phú Lợi", Found: "Phú Cường"}}, Ignored: []string{"gần chợ", "0900"}},
			"Given street Hoa May, registered Hoa Mai. Given commune Phú Lợi, registered Phú Cường. Ignored: gần chợ, 0900.",
			"Ghi đường Hoa May, đã đăng ký Hoa Mai. Ghi phường/xã Phú Lợi, đã đăng ký Phú Cường. Bỏ qua: gần chợ, 0900."},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := models.Found{Address: &models.Address{Code: code}, Match: c.fit}
			if en := language(false).fit(found); en != c.en {
				t.Errorf("%q, want %q", en, c.en)
			}
			if vi := language(true).fit(found); vi != c.vi {
				t.Errorf("%q, want %q", vi, c.vi)
			}
		})
	}
	for _, part := range []string{"building", "group", "hamlet", "district", "province", "name"} {
		if vietnamesePart(part) == part {
			t.Errorf("%s has no Vietnamese name", part)
		}
	}
}

func TestManyAreNotAllNamed(t *testing.T) {
	many := make([]geo.Code, 9)
	list := make([]*models.Address, 9)
	for i := range list {
		list[i] = &models.Address{Code: many[i]}
	}
	a := &models.Address{Status: models.StatusRetired, Reason: "demolished", Successors: many}
	for _, s := range []string{language(false).several(list, true), language(true).several(list, true), language(false).retired(a), language(true).retired(a)} {
		if strings.Count(s, "2222") > 12 || !strings.Contains(s, ", ….") {
			t.Error(s)
		}
	}
	a.Successors = nil
	if s := language(false).retired(a); s != "The address is retired (demolished)." {
		t.Error(s)
	}
	a.Reason = models.ReasonMoved
	if s := language(true).retired(a); s != "Địa chỉ đã ngừng sử dụng (đã chuyển chỗ)." {
		t.Error(s)
	}
	if s := language(false).several(list, true); !strings.HasPrefix(s, "More than 9 addresses are meant") {
		t.Error(s)
	}
}

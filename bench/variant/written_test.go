package variant

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTakeApart(t *testing.T) {
	w := take(t, flat())
	var parts []string
	for _, c := range w.front {
		parts = append(parts, c.part+": "+c.String())
	}
	want := []string{"unit_label: Căn 3.05", "building: Chung cư Hoa Sen", "alley: 7 Hẻm 15",
		"street: Đường Nguyễn Thị Minh Khai", "group: Tổ 4", "hamlet: Khu phố Đông Hòa"}
	if d := cmp.Diff(want, parts); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{today, before}, [][]string{w.units, w.former}); d != "" {
		t.Error(d)
	}
	if w.Now() != w.Text || w.Then() != w.Formerly {
		t.Errorf("put together again: %q, %q", w.Now(), w.Then())
	}
}

func TestTakeApartReadsAnAnswer(t *testing.T) {
	body := `{"code":"28XMJ25Q66","kind":"farm","name":"Vườn bưởi Bạch Đằng","text":"Ấp 3, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
		"parts":{"hamlet":"Ấp 3"},"commune":{"code":"25747","name":"Phường Thủ Dầu Một"},"position":{"lat":10.98}}`
	var r Record
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatal(err)
	}
	w := take(t, r)
	if want := "Vườn bưởi Bạch Đằng, Ấp 3, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"; w.Now() != want || !w.Named() {
		t.Errorf("written %q, want the name in front: %q", w.Now(), want)
	}
	if w.Then() != "" {
		t.Errorf("former text %q of an address that has none", w.Then())
	}
}

func TestTakeApartLeavesOut(t *testing.T) {
	for name, change := range map[string]func(*Record){
		"nothing that names one object": func(r *Record) { *r = record(Parts{Hamlet: "Ấp 3"}, "", today, nil) },
		"a building without a unit":     func(r *Record) { *r = record(Parts{Building: "Chợ Búng"}, "", today, nil) },
		"another order of parts":        func(r *Record) { r.Text = "Khu phố 2, 12/3 Đường Yersin, Phường Thủ Dầu Một" },
		"another commune":               func(r *Record) { r.Commune.Name = "Phường Phú Lợi" },
		"no units":                      func(r *Record) { r.Text = "12/3 Đường Yersin, Khu phố 2" },
	} {
		t.Run(name, func(t *testing.T) {
			r := yersin()
			change(&r)
			if w, ok := TakeApart(r); ok {
				t.Errorf("taken apart: %q", w.Now())
			}
		})
	}
}

func TestNameStandsInFrontOnlyWhereNeeded(t *testing.T) {
	r := record(Parts{HouseNumber: "5", Street: "Đường Yersin"}, "Tạp hóa Phú Quý", today, nil)
	if w := take(t, r); w.Named() || w.Now() != r.Text {
		t.Errorf("written %q", w.Now())
	}
}

func TestElsewhere(t *testing.T) {
	at := func(commune, district string) Written {
		return *take(t, record(Parts{HouseNumber: "1"}, "", today, []string{commune, district, "Tỉnh Bình Dương"}))
	}
	addresses := []Written{
		at("Phường Tân Định", "Thành phố Bến Cát"), at("Xã Tân Định", "Huyện Bắc Tân Uyên"),
		at("Phường Phú Cường", "Thành phố Thủ Dầu Một"), *take(t, record(Parts{HouseNumber: "1"}, "", today, nil)),
	}
	Elsewhere(addresses)
	want := [][]string{
		{"Thành phố Thủ Dầu Một"}, // never the district of the other Tân Định
		{"Thành phố Thủ Dầu Một"},
		{"Huyện Bắc Tân Uyên", "Thành phố Bến Cát"},
		nil,
	}
	for i, a := range addresses {
		if d := cmp.Diff(want[i], a.elsewhere); d != "" {
			t.Errorf("address %d: %s", i, d)
		}
	}
}

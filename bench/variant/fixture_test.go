package variant

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// record is an address as the registry answers it.
func record(p Parts, name string, units, former []string) Record {
	front := frontOf(p)
	r := Record{Code: "28XMJ25Q66", Name: name, Text: join(front, units), Parts: p}
	if former != nil {
		r.Formerly = join(front, former)
	}
	r.Commune.Name = units[0]
	return r
}

var (
	today  = []string{"Phường Thủ Dầu Một", "Thành phố Hồ Chí Minh"}
	before = []string{"Phường Phú Cường", "Thành phố Thủ Dầu Một", "Tỉnh Bình Dương"}
)

// yersin is an everyday address.
func yersin() Record {
	return record(Parts{HouseNumber: "12/3", Street: "Đường Yersin", Hamlet: "Khu phố 2"}, "", today, before)
}

// flat has every part there is.
func flat() Record {
	return record(Parts{UnitLabel: "Căn 3.05", Building: "Chung cư Hoa Sen", HouseNumber: "7", Alley: "Hẻm 15",
		Street: "Đường Nguyễn Thị Minh Khai", Group: "Tổ 4", Hamlet: "Khu phố Đông Hòa"}, "", today, before)
}

func take(t testing.TB, r Record) *Written {
	t.Helper()
	w, ok := TakeApart(r)
	if !ok {
		t.Fatalf("%q can't be taken apart", r.Text)
	}
	w.elsewhere = []string{"Huyện Dầu Tiếng", "Thành phố Dĩ An"}
	return &w
}

func kind(t testing.TB, name string) Kind {
	t.Helper()
	for _, k := range Kinds() {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("no kind %s", name)
	return Kind{}
}

// anyWritten draws addresses of all shapes. No name in it is shortened with a
// digit, so that digits can be compared.
func anyWritten(t *rapid.T) *Written {
	number := func(label string) string { return strconv.Itoa(rapid.IntRange(1, 300).Draw(t, label)) }
	maybe := func(label string, values ...string) string {
		return rapid.SampledFrom(append(values, "")).Draw(t, label)
	}
	p := Parts{
		UnitLabel:   maybe("unit", "Căn 3.05", "Ô 7 - DC 03"),
		Building:    maybe("building", "Chung cư Hướng Dương", "Chợ Búng"),
		HouseNumber: number("house") + maybe("suffix", "/4", "A", " bis"),
		Alley:       maybe("alley", "Hẻm 15", "Ngõ Thúy Hòa"),
		Street:      maybe("street", "Đường Hoàng Hoa Thám", "ĐT 743A", "Quốc lộ 13", "Đường 30/4", "Đại lộ Bình Dương", "Đường Thuỷ Lợi"),
		Group:       maybe("group", "Tổ 5"),
		Hamlet:      maybe("hamlet", "Khu phố 3", "Khu phố Bình Đức", "Ấp Đồng Chinh"),
	}
	name := maybe("name", "Vườn bưởi Bạch Đằng", "Trường Mầm non Hòa Lân 2")
	if name != "" && rapid.Bool().Draw(t, "no number") {
		p.HouseNumber, p.UnitLabel, p.Building = "", "", ""
	}
	units := []string{maybe("commune", "Phường Lái Thiêu", "Xã Phú Giáo") + "", "Thành phố Hồ Chí Minh"}
	if units[0] == "" {
		units[0] = "Phường Thuận Giao"
	}
	former := [][]string{before, {"Thị trấn Phước Vĩnh", "Huyện Phú Giáo", "Tỉnh Bình Dương"}, nil}
	r := record(p, name, units, rapid.SampledFrom(former).Draw(t, "former"))
	r.Code = "28XMJ25Q" + number("code")
	w, ok := TakeApart(r)
	if !ok {
		t.Fatalf("%+v can't be taken apart", r)
	}
	w.elsewhere = []string{"Huyện Dầu Tiếng", "Thành phố Dĩ An"}
	return &w
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

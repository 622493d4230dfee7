package models_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

// vpostcodeOf is the computed Vpostcode of a public address, or empty.
func vpostcodeOf(p models.PublicAddress) string {
	for _, i := range p.Identifiers {
		if i.Scheme == "vpostcode" {
			return i.Value
		}
	}
	return ""
}

func TestTextIsOfAnotherDay(t *testing.T) {
	const header = "ref,kind,house_number,alley,street,hamlet,commune,district,lat,lng,valid_from,as_of"
	const old = "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"
	const now = "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"
	const renamed = "5 Hẻm 7, Đường An Điền, Phường An Điền, Thành phố Bến Cát, Tỉnh Bình Dương"
	o := storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, list(header,
			"A,household,12/3,,Đường Yersin,Khu phố 2,25747,Thủ Dầu Một,10.97,106.66,2020-09-14,",
			"B,household,5,Hẻm 7,Đường An Điền,,Xã An Điền,,11.19,106.56,2020-09-14,2022-10-01",
		), clerkImport())
		units := unitsOf(t, s)
		yersin, anDien := doorAt(t, storetest.Point("10.97", "106.66")), doorAt(t, storetest.Point("11.19", "106.56"))
		cases := []struct {
			day                               models.Date
			text, formerly, commune, postcode string
			other                             string // text of the address in the renamed commune
		}{
			{"2022-10-01", old, "", "25747 2020-02-01", "75106", "5 Hẻm 7, Đường An Điền, Xã An Điền, Thị xã Bến Cát, Tỉnh Bình Dương"},
			{"2024-04-30", old, "", "25747 2020-02-01", "75106", "5 Hẻm 7, Đường An Điền, Xã An Điền, Thị xã Bến Cát, Tỉnh Bình Dương"},
			{"2024-05-01", old, "", "25747 2020-02-01", "75106", renamed},
			{"2025-06-30", old, "", "25747 2020-02-01", "75106", renamed},
			{"2025-07-01", now, old, "25747 2025-07-01", "75106", "5 Hẻm 7, Đường An Điền, Phường Long Nguyên, Thành phố Hồ Chí Minh"},
			{"2025-08-23", now, old, "25747 2025-07-01", "75106", ""},
			{"2025-08-24", now, old, "25747 2025-07-01", "75123", ""},
			{"2026-01-15", now, old, "25747 2025-07-01", "75123", ""},
		}
		for _, c := range cases {
			a, err := s.AddressOn(t.Context(), yersin, c.day)
			if err != nil {
				t.Fatalf("%s: %v", c.day, err)
			}
			p := units.Public(a, c.day)
			got := []string{p.Text, p.Formerly, p.Commune.Code + " " + string(p.Commune.ValidFrom), vpostcodeOf(p)}
			want := []string{c.text, c.formerly, c.commune, c.postcode + yersin.Nine()[2:]}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("on %s (-want +got):\n%s", c.day, diff)
			}
			b, err := s.AddressOn(t.Context(), anDien, c.day)
			if err != nil {
				t.Fatalf("%s: %v", c.day, err)
			}
			if got := units.Public(b, c.day).Text; c.other != "" && got != c.other {
				t.Errorf("on %s %q, want %q", c.day, got, c.other)
			}
		}
		_, err := s.AddressOn(t.Context(), yersin, "2020-09-13")
		wantCode(t, err, "not-yet")
		if kindOf(err) != models.NotFound || !strings.Contains(err.Error(), "2020-09-14") {
			t.Errorf("%v", err)
		}
		_, err = s.AddressOn(t.Context(), doorAt(t, storetest.DauTieng), "2026-01-15")
		wantCode(t, err, "code-not-found")
	})
}

func TestHistoryIsOfAnotherDay(t *testing.T) {
	const header = "ref,kind,house_number,street,commune,lat,lng,valid_from"
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		var now time.Time
		s := db.Open(t, storetest.Options{Now: func() time.Time { return now }})
		for _, step := range []struct{ at, number string }{
			{"2026-01-10T05:00:00Z", "1"},
			{"2026-01-12T03:00:00Z", "2"},
			{"2026-01-12T16:59:59Z", "3"}, // 23:59:59 in Vietnam
			{"2026-01-12T17:00:00Z", "4"}, // midnight in Vietnam
		} {
			var err error
			if now, err = time.Parse(time.RFC3339, step.at); err != nil {
				t.Fatal(err)
			}
			importText(t, s, list(header, "A,household,"+step.number+",Đường Yersin,25747,10.97,106.66,2022-09-14"), clerkImport())
		}
		code := doorAt(t, storetest.Point("10.97", "106.66"))
		for day, want := range map[models.Date]string{
			"2022-09-14": "1", "2026-01-09": "1", "2026-01-10": "1", "2026-01-11": "1", "2026-01-12": "3", "2026-01-13": "4", "2030-01-01": "4",
		} {
			a, err := s.AddressOn(t.Context(), code, day)
			if err != nil {
				t.Errorf("on %s: %v", day, err)
			} else if a.Parts.HouseNumber != want {
				t.Errorf("on %s number %s, want %s", day, a.Parts.HouseNumber, want)
			}
		}
		if a, err := s.Address(t.Context(), code); err != nil || a.Version != 4 || !a.UpdatedAt.Equal(now) {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestPublicFormShowsWhatIsNotPublic(t *testing.T) {
	const header = "ref,kind,name,name_public,street,commune,lat,lng,dia_chi_so"
	storetest.Options{Now: storetest.Noon("2026-01-15")}.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, list(header,
			"SECRET-1,farm,Vườn Bà Lê Thị Ví Dụ,,Đường A,25747,10.97,106.66,7510600001",
			"SECRET-2,farm,Vườn Ánh Dương,true,Đường B,25747,10.98,106.66,",
			"SECRET-3,public,Trạm y tế,,Đường C,25747,10.99,106.66,",
			"SECRET-4,household,,true,Đường D,25747,10.96,106.66,",
		), clerkImport())
		units := unitsOf(t, s)
		for lat, want := range map[string]struct {
			name   string
			public bool
		}{"10.97": {"", false}, "10.98": {"Vườn Ánh Dương", true}, "10.99": {"Trạm y tế", true}, "10.96": {"", false}} {
			a, err := s.Address(t.Context(), doorAt(t, storetest.Point(lat, "106.66")))
			if err != nil {
				t.Fatal(err)
			}
			p := units.Public(a, s.Today())
			if p.Name != want.name || a.NamePublic != want.public {
				t.Errorf("at %s name %q, public %v", lat, p.Name, a.NamePublic)
			}
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"SECRET", "Ví Dụ", `"source"`} {
				if strings.Contains(string(text), secret) {
					t.Errorf("%s shows %q", text, secret)
				}
			}
		}
	})
}

func TestPublicFormIsNotTheDesigns(t *testing.T) {
	storetest.Options{Boundaries: true, Now: storetest.Noon("2025-09-01")}.Each(t, func(t *testing.T, s *models.Store) {
		r := models.Registration{
			Kind: "shop", Name: "Tạp hóa Ví Dụ", Parts: models.Parts{HouseNumber: "12/3", Street: "Đường Yersin", Hamlet: "Khu phố 2"},
			Point: storetest.ThuDauMot, AccuracyM: 5, PositionKind: "entrance", Commune: "25747", AsOf: "2022-10-01", ValidFrom: "2022-09-14", DiaChiSo: "7510600001",
		}
		text, err := json.Marshal(unitsOf(t, s).Public(storetest.Register(t, s, r), s.Today()))
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		const design = `{"code":"28XMJ25Q66","formatted":"28XM J25 Q66","kind":"shop","status":"current",
			"verification":{"level":"field","at":"2025-09-01T05:00:00Z"},
			"text":"12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
			"formerly":"12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương",
			"parts":{"house_number":"12/3","street":"Đường Yersin","hamlet":"Khu phố 2"},"supersedes":[],"successors":[],
			"commune":{"code":"25747","name":"Phường Thủ Dầu Một","valid_from":"2025-07-01"},"province":{"code":"79","name":"Thành phố Hồ Chí Minh"},
			"position":{"lat":10.9804,"lng":106.6519,"accuracy_m":5,"kind":"entrance","method":"gps"},
			"anchor":{"lat":10.9804125,"lng":106.6518906,"offset_m":1.7},
			"identifiers":[{"scheme":"plus_code","value":"7P28XMJ2+5Q6"},{"scheme":"vpostcode","value":"75123XMJ25Q6","valid_from":"2025-08-24"},
				{"scheme":"dia_chi_so","value":"7510600001","valid_from":"2022-09-14"}],
			"version":1,"valid_from":"2022-09-14","updated_at":"2025-09-01T05:00:00Z",
			"links":{"self":"/v1/addresses/28XMJ25Q66","map":"/a/28XMJ25Q66","geo":"geo:10.9804,106.6519"}}`
		if err := json.Unmarshal([]byte(design), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

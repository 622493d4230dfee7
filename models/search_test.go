package models_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

const searchHeader = "ref,kind,unit_label,building,house_number,alley,street,group,hamlet,commune,district,lat,lng,name,name_public"

// searchLines are invented addresses of before the reform, by their refs.
var searchLines = []string{
	"yersin12,household,,,12,,Đường Yersin,Tổ 5,Khu phố 2,Phường Phú Cường,Thành phố Thủ Dầu Một,10.9804,106.6519,,",
	"yersin12a,household,,,12A,,Đường Yersin,Tổ 5,Khu phố 2,Phường Phú Cường,Thành phố Thủ Dầu Một,10.9805,106.6519,,",
	"yersin12/3,household,,,12/3,Hẻm 12,Đường Yersin,Tổ 5,Khu phố 2,Phường Phú Cường,Thành phố Thủ Dầu Một,10.9806,106.6519,,",
	"april15,household,,,15,,Đường 30/4,,Khu phố 3,Phường Phú Hòa,Thành phố Thủ Dầu Một,10.9704,106.6719,,",
	"april83,household,,,83,,Đường 30/4,,Khu phố 3,Phường Phú Hòa,Thành phố Thủ Dầu Một,10.9705,106.6719,,",
	"april99,household,,,99,,Đường 30/4,,Khu phố 3,Phường Phú Hòa,Thành phố Thủ Dầu Một,10.9706,106.6719,,",
	"thanhan,household,,,12,,Đường Thanh An,,Khu phố 1,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9904,106.6819,,",
	"thạnhan,household,,,12,,Đường Thạnh An,,Khu phố 1,Phường Chánh Nghĩa,Thành phố Thủ Dầu Một,10.9914,106.6819,,",
	"dt741anbinh,household,,,18,,ĐT 741,,Ấp 3,Xã An Bình,Huyện Phú Giáo,11.3704,106.7519,,",
	"dt741myphuoc,household,,,18,,ĐT 741,,Khu phố 3,Phường Mỹ Phước,Thành phố Bến Cát,11.1404,106.6019,,",
	"anphu,household,,,5,,Đường Bùi Thị Xuân,,Khu phố 1,Phường An Phú,Thành phố Thuận An,10.9504,106.7419,,",
	"phuan,household,,,5,,Đường Bùi Thị Xuân,,Ấp 1,Xã Phú An,Thành phố Bến Cát,11.0604,106.5819,,",
	"flat305,household,Căn 3.05,Chung cư Hoa Sen,8,,Đường Lê Hồng Phong,,Khu phố 4,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9804,106.6919,,",
	"flat306,household,Căn 3.06,Chung cư Hoa Sen,8,,Đường Lê Hồng Phong,,Khu phố 4,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9804,106.6919,,",
	"buoi,farm,,,,,,,Ấp Tân Long,Xã Bạch Đằng,Thành phố Tân Uyên,11.0404,106.7819,Vườn bưởi Cù Lao,yes",
	"pho1,shop,,,,,,,Ấp 1,Xã Bạch Đằng,Thành phố Tân Uyên,11.0504,106.7819,Quán phở Đêm,yes",
	"pho2,shop,,,,,,,Ấp 1,Xã An Bình,Huyện Phú Giáo,11.3754,106.7519,Quán phở Đêm,yes",
	"bare,farm,,,,,Đường Cây Sao,,Ấp 1,Xã An Bình,Huyện Phú Giáo,11.3774,106.7519,,",
	"secret,farm,,,,,,,Ấp Tân Long,Xã Bạch Đằng,Thành phố Tân Uyên,11.0444,106.7819,Trại gà bà Lựu,no",
	"com,shop,,,20,,Đường Yersin,,Khu phố 2,Phường Phú Cường,Thành phố Thủ Dầu Một,10.9844,106.6519,Quán cơm Sông Bé,yes",
	"alley5,household,,,12,Hẻm 5,Đường Lý Tự Trọng,,Khu phố 5,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9954,106.6819,,",
	"bare12,household,,,12,,,Tổ 5,Ấp Bà Bèo,Xã An Bình,Huyện Phú Giáo,11.3714,106.7519,,",
	"15 a,household,,,15 A,,Đường Hoa Ban,,Khu phố 5,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9964,106.6819,,",
	"15a,household,,,15A,,Đường Hoa Ban,,Khu phố 5,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9974,106.6819,,",
	"tower,household,Căn 3.05,Chung cư Bằng Lăng,10,,Đường Lê Hồng Phong,,Khu phố 4,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9814,106.6919,,",
	"lot,household,,,Ô 7 - DC 03,,,,Khu phố 5,Phường Phú Lợi,Thành phố Thủ Dầu Một,10.9944,106.6819,,",
}

// searchable is a registry of searchLines; refOf tells an address by the code.
func searchable(t *testing.T, db storetest.Database) (s *models.Store, refOf map[geo.Code]string) {
	t.Helper()
	s = db.Open(t, storetest.Options{})
	if _, rejected := importText(t, s, list(searchHeader, searchLines...), clerkImport()); len(rejected) > 0 {
		t.Fatalf("rejected: %+v", rejected)
	}
	rows, err := db.SQL(t).QueryContext(t.Context(), "SELECT address_id, value FROM identifiers WHERE scheme = 'ref'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	refOf = map[geo.Code]string{}
	for rows.Next() {
		var id int64
		var ref string
		if err := rows.Scan(&id, &ref); err != nil {
			t.Fatal(err)
		}
		refOf[geo.Code(id)] = ref
	}
	return s, refOf
}

// searches are texts, what must be found first, of which class, and the parts
// that differ.
var searches = []struct{ text, ref, class, differs string }{
	{"12 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", "yersin12", "A", ""},
	{"12 Đường Yersin, Tổ 5, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương", "yersin12", "A", ""},
	{"12 duong yersin kp2 p phu cuong tdm BD", "yersin12", "A", ""},
	{"12 đ. Yersin, P.Phú Cường, TP.TDM", "yersin12", "A", ""},
	{"15 duong 30/4 kp3 p phu hoa tdm BD", "april15", "A", ""},
	{"15 30/4 phú hòa thủ dầu một", "april15", "A", ""},
	{"12A Đường Yersin, Phường Thủ Dầu Một", "yersin12a", "A", ""},
	{"12 A Đường Yersin, Phường Thủ Dầu Một", "yersin12a", "A", ""},
	{"12/3 Đường Yersin, Phường Thủ Dầu Một", "yersin12/3", "A", ""},
	{"12/3 Hẻm 12, Đường Yersin, Phường Thủ Dầu Một", "yersin12/3", "A", ""},
	{"12 Đường Yerson, Phường Thủ Dầu Một", "yersin12", "B", "street"},
	{"12 Đường Yesrin, Phường Thủ Dầu Một", "yersin12", "B", "street"},
	{"12 dduwowngf Yersin, phuwowngf Phus Cuwowngf", "yersin12", "A", ""},
	{"12 Đường Yersin, Khu phố 7, Phường Thủ Dầu Một", "yersin12", "B", "hamlet"},
	{"12 Đường Yersin, Phường Phú Cường, Thành phố Dĩ An, Tỉnh Bình Dương", "yersin12", "B", "district"},
	{"12 Yersin", "yersin12", "B", ""},
	{"83a Đường 30/4, Phường Phú Hòa", "april83", "C", "house_number"},
	{"96 Đường 30/4, Phường Phú Hòa", "april99", "C", "house_number"},
	{"12 Đường Thanh An, Phường Phú Lợi", "thanhan", "A", ""},
	{"12 Đường Thanh An, TP. Thủ Dầu Một", "thanhan", "B", ""},
	{"12 Đường Thạnh An, TP. Thủ Dầu Một", "thạnhan", "B", ""},
	{"18Đt741 Xã An Bình", "dt741anbinh", "A", ""},
	{"18 DT741, P.Mỹ Phước", "dt741myphuoc", "A", ""},
	{"18 tỉnh lộ 741, TX. Bến Cát", "dt741myphuoc", "B", ""},
	{"5 Bùi Thị Xuân, An Phú", "anphu", "A", ""},
	{"5 Bùi Thị Xuân, Phú An", "phuan", "A", ""},
	{"Căn 3.05, Chung cư Hoa Sen, 8 Đường Lê Hồng Phong, Phường Phú Lợi", "flat305", "A", ""},
	{"căn hộ 3.06 cc hoa sen phường phú lợi", "flat306", "A", ""},
	{"Vườn bưởi Cù Lao, Ấp Tân Long, Xã Bạch Đằng", "buoi", "A", ""},
	{"vuon buoi cu lao", "buoi", "B", ""},
	{"Quán cơm Sông Bé, 20 Đường Yersin, Phường Thủ Dầu Một", "com", "A", ""},
	{"quan com song be, 20 duong yersin, phuong thu dau mot", "com", "A", ""},
	{"12 Đường Lý Tự Trọng, Phường Phú Lợi", "alley5", "C", "alley"},
	{"12 Hẻm 5 Đường Lý Tự Trọng, Phường Phú Lợi", "alley5", "A", ""},
	{"5/12 Đường Lý Tự Trọng, Phường Phú Lợi", "alley5", "A", ""},
	{"12 Hẻm 7 Đường Lý Tự Trọng, Phường Phú Lợi", "alley5", "C", "alley"},
	{"số 3 hẻm 12 Yersin, Phú Cường", "yersin12/3", "A", ""},
	{"12, Xã An Bình", "bare12", "C", "hamlet,group"},
	{"12, Tổ 5, Ấp Bà Bèo, Xã An Bình", "bare12", "A", ""},
	{"12, Tổ 6, Ấp Bà Bèo, Xã An Bình", "bare12", "C", "group"},
	{"15 A Đường Hoa Ban, Phường Phú Lợi", "15 a", "C", ""},
	{"15A Đường Hoa Ban, Phường Phú Lợi", "15a", "C", ""},
	{"Căn 3.05, Chung cư Bằng Lăng, 8 Đường Lê Hồng Phong, Phường Phú Lợi", "flat305", "C", "building"},
	{"12 Đường Yersin, Phường Phú Cường, Hà Nội", "yersin12", "C", ""},
	{"gần 12 Đường Yersin, Phường Phú Cường", "yersin12", "C", ""},
	{"12 Đường Yersin, Phường Phú Lợi", "yersin12", "C", "commune"},
	{"12 Đường Yersin, Thành phố Dĩ An", "yersin12", "C", "district"},
	{"12 Đường Yersin, Quận Một, Thành phố Đà Nẵng", "yersin12", "C", "district"},
	{"quan com song be phu cuong", "com", "A", ""},
	{"quan com", "com", "C", "name"},
	{"Ô 7 - DC 03, Khu phố 5, Phường Phú Lợi", "lot", "A", ""},
	{"Phường Thủ Dầu Một, Đường Yersin, 12", "yersin12", "A", ""},
	{"Đường Yersin, Phường Thủ Dầu Một", "yersin12", "C", "house_number"},
}

func TestSearchFindsAnotherAddress(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, refOf := searchable(t, db)
		for _, c := range searches {
			t.Run(strings.ReplaceAll(c.text, "/", "|"), func(t *testing.T) {
				found := search(t, s, models.SearchQuery{Text: c.text, Limit: 5})
				if len(found) == 0 {
					t.Fatal("nothing was found")
				}
				first := found[0]
				if got := refOf[first.Address.Code]; got != c.ref || first.Match.Class != c.class || differing(first.Match) != c.differs {
					t.Errorf("got %s, %+v; want %s, class %s, differing in %q", got, first.Match, c.ref, c.class, c.differs)
				}
			})
		}
	})
}

func search(t *testing.T, s *models.Store, q models.SearchQuery) []models.Found {
	t.Helper()
	found, err := s.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	return found
}

// differing are the parts that differ, with commas.
func differing(m models.Fit) string {
	parts := make([]string, len(m.Differences))
	for i, d := range m.Differences {
		parts[i] = d.Part
	}
	return strings.Join(parts, ",")
}

func TestANameThatIsNotPublicIsFound(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, refOf := searchable(t, db)
		for _, f := range search(t, s, models.SearchQuery{Text: "Trại gà bà Lựu", Limit: 50}) {
			if refOf[f.Address.Code] == "secret" {
				t.Errorf("found by %+v", f.Match)
			}
		}
	})
}

func TestTextThatCantBeSearchedIsTaken(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, _ := searchable(t, db)
		for _, c := range []struct{ name, text, code string }{
			{"empty", "", "nothing-to-search"},
			{"one letter", "a", "text-too-short"},
			{"500 letters", strings.Repeat("a ", 250), "text-too-long"},
			{"only punctuation", `!? "* --`, "nothing-to-search"},
			{"only emoji", "🏠🚚", "nothing-to-search"},
			{"invalid UTF-8", "12 Yersin\xff", "invalid-utf8"},
			{"a short Plus Code without a place", "XMJ2+5Q6", "near-needed"},
			{"coordinates the wrong way round", "106.6519, 10.9804", "swapped"},
		} {
			t.Run(c.name, func(t *testing.T) {
				var refused *models.Error
				for call, err := range map[string]error{
					"search":  second(s.Search(t.Context(), models.SearchQuery{Text: c.text, Limit: 5})),
					"suggest": second(s.Suggest(t.Context(), models.SuggestQuery{Text: c.text, Limit: 5})),
				} {
					if !errors.As(err, &refused) || refused.Code != c.code || refused.Kind != models.Invalid {
						t.Errorf("%s: %v, want %s", call, err, c.code)
					}
				}
			})
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestHostileTextBreaksTheSearch(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, refOf := searchable(t, db)
		for _, text := range []string{
			`12 Yersin" OR *`, `'; DROP TABLE addresses;--`, `12 Yersin 🏠`, "12 \u202eYersin\u202c", "12\u200b Yersin", "12 Yersin%_", "NEAR(12 yersin)",
			strings.Repeat("a ", 149), strings.Repeat("p.", 140), strings.Repeat("1/", 140), strings.Repeat("đường ", 40), strings.Repeat(",", 290) + "ab",
		} {
			search(t, s, models.SearchQuery{Text: text, Limit: 5})
			if _, err := s.Suggest(t.Context(), models.SuggestQuery{Text: text, Limit: 5}); err != nil {
				t.Errorf("suggest %q: %v", text, err)
			}
			if _, err := s.Wash(t.Context(), text); err != nil {
				t.Errorf("wash %q: %v", text, err)
			}
		}
		found := search(t, s, models.SearchQuery{Text: "12 \u202eYersin\u202c, Phường Phú Cường", Limit: 5})
		if len(found) == 0 || refOf[found[0].Address.Code] != "yersin12" {
			t.Errorf("marks of direction hide an address: %+v", found)
		}
	})
}

// An address must be found by the next request after it is registered or
// changed, whoever wrote it.
func TestSearchLagsBehindAWrite(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		const street = "Đường Hoa Mai"
		if found := search(t, s, models.SearchQuery{Text: "3 " + street, Limit: 5}); len(found) > 0 {
			t.Fatalf("found before there is any: %+v", found)
		}
		a := storetest.Register(t, s, storetest.House(3))
		if found := search(t, s, models.SearchQuery{Text: "3 " + street, Limit: 5}); len(found) != 1 || found[0].Address.Code != a.Code {
			t.Errorf("not found after it was registered: %+v", found)
		}
		if _, err := db.SQL(t).ExecContext(t.Context(), "UPDATE addresses SET status = 'retired'"); err != nil {
			t.Fatal(err)
		}
		if found := search(t, s, models.SearchQuery{Text: "3 " + street, Limit: 5}); len(found) > 0 {
			t.Errorf("found after it was retired: %+v", found)
		}
		if list, err := s.Suggest(t.Context(), models.SuggestQuery{Text: "hoa mai", Limit: 5}); err != nil || len(list) > 0 {
			t.Errorf("suggested after all was retired: %+v, %v", list, err)
		}
	})
}

func TestAnotherProcessNeverLearnsAName(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		reader, writer := db.Open(t, storetest.Options{Boundaries: true}), db.Open(t, storetest.Options{})
		const text = "3 Đường Hoa Mai"
		search(t, reader, models.SearchQuery{Text: text, Limit: 5})
		a := storetest.Register(t, writer, storetest.House(3))
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if found := search(t, reader, models.SearchQuery{Text: text, Limit: 5}); len(found) == 1 && found[0].Address.Code == a.Code {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("the other process still does not find it")
			}
		}
	})
}

func TestSearchRacesWithImport(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		var workers sync.WaitGroup
		for w := range 2 {
			workers.Go(func() {
				for f := range 4 {
					csv := list(houseHeader, houseLines((w*4+f)*100, 100)...)
					if _, _, err := tryImport(t.Context(), s, strings.NewReader(csv), clerkImport()); err != nil {
						t.Errorf("import: %v", err)
					}
				}
			})
			workers.Go(func() {
				for n := range 60 {
					q := models.SearchQuery{Text: fmt.Sprintf("%d Đường số %d, Phường Thủ Dầu Một", n, n%8+1), Limit: 5}
					if _, err := s.Search(t.Context(), q); err != nil {
						t.Errorf("search: %v", err)
					}
				}
			})
		}
		workers.Wait()
		for street := range 8 {
			found := search(t, s, models.SearchQuery{Text: fmt.Sprintf("7 Đường số %d, Phường Thủ Dầu Một", street+1), Limit: 5})
			if len(found) == 0 || found[0].Match.Class != models.ClassExact {
				t.Errorf("street %d: %+v", street+1, found)
			}
		}
	})
}

func TestSearchForgetsItsFilter(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, refOf := searchable(t, db)
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		refs := func(q models.SearchQuery) (refs []string) {
			q.Limit = 50
			for _, f := range search(t, s, q) {
				refs = append(refs, refOf[f.Address.Code])
			}
			return refs
		}
		myPhuoc := units.At("25813", "2024-01-01")
		for _, c := range []struct {
			name string
			q    models.SearchQuery
			want []string
		}{
			{"a former commune", models.SearchQuery{Text: "18 ĐT 741", Commune: myPhuoc}, []string{"dt741myphuoc"}},
			{"a kind", models.SearchQuery{Text: "20 Đường Yersin, Phường Thủ Dầu Một", Kind: "shop"}, []string{"com"}},
			{"a kind on a long street", models.SearchQuery{Text: "Đường Yersin, Phường Thủ Dầu Một", Kind: "shop"}, []string{"com"}},
			{"a former commune on a street", models.SearchQuery{Text: "99 ĐT 741", Commune: myPhuoc}, []string{"dt741myphuoc"}},
			{"a hamlet", models.SearchQuery{Text: "Khu phố 3", Commune: myPhuoc}, []string{"dt741myphuoc"}},
			{"another kind", models.SearchQuery{Text: "quán cơm sông bé", Kind: "farm"}, nil},
			{"near one", models.SearchQuery{Text: "18 ĐT 741", Near: &geo.Point{Lat: 113700000, Lng: 1067500000}}, []string{"dt741anbinh", "dt741myphuoc"}},
			{"a name near one", models.SearchQuery{Text: "quán phở đêm", Near: &geo.Point{Lat: 113700000, Lng: 1067500000}}, []string{"pho2", "pho1"}},
			{"a name near the other", models.SearchQuery{Text: "quán phở đêm", Near: &geo.Point{Lat: 110500000, Lng: 1067800000}}, []string{"pho1", "pho2"}},
			{"near the other", models.SearchQuery{Text: "18 ĐT 741", Near: &geo.Point{Lat: 111400000, Lng: 1066000000}}, []string{"dt741myphuoc", "dt741anbinh"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if diff := cmp.Diff(c.want, refs(c.q)); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

func TestCodesInTheSearchBoxAreNotRead(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, refOf := searchable(t, db)
		first := search(t, s, models.SearchQuery{Text: "12 Yersin, Phú Cường", Limit: 1})[0].Address
		code := first.Code.String()
		wrong := code[:9] + string("0123456789"[(strings.IndexByte("0123456789", code[9])+1)%10])
		for _, c := range []struct{ name, text, class, differs string }{
			{"a code", first.Code.Grouped(), "A", ""},
			{"a code in small letters", strings.ToLower(code), "A", ""},
			{"a Plus Code", first.Code.Plus(), "A", ""},
			{"a position", "10.9804,106.6519", "A", ""},
			{"a position nearby", "10.98041, 106.65195", "C", "position"},
			{"a code with a wrong symbol", wrong, "C", "code"},
			{"a code among words", "Mã: " + code + ", gọi trước", "B", ""},
			{"a full Plus Code among words", first.Code.Plus() + " gọi trước", "B", ""},
			{"a geo URI", "geo:10.9804,106.6519;u=5", "A", ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				found := search(t, s, models.SearchQuery{Text: c.text, Limit: 5})
				if len(found) == 0 || refOf[found[0].Address.Code] != "yersin12" || found[0].Match.Class != c.class || differing(found[0].Match) != c.differs {
					t.Errorf("%q: %+v", c.text, found)
				}
			})
		}
	})
}

func TestSuggestionsLeadNowhere(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, _ := searchable(t, db)
		for _, c := range []struct {
			text string
			want []string // the first texts
		}{
			{"ye", []string{" Đường Yersin, Phường Thủ Dầu Một"}},
			{"đường yer", []string{" Đường Yersin, Phường Thủ Dầu Một"}},
			{"yersn", []string{" Đường Yersin, Phường Thủ Dầu Một"}},
			{"12 yer", []string{"12 Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"}},
			{"1 Đường Yersin, Phường Thủ Dầu Một", []string{
				"12 Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
				"12A Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
				"12/3 Hẻm 12, Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"}},
			{" Đường 30/4, Phường Phú Lợi", []string{
				"15 Đường 30/4, Khu phố 3, Phường Phú Lợi, Thành phố Hồ Chí Minh"}},
			{"vườn bư", []string{"Vườn bưởi Cù Lao, Ấp Tân Long, Phường Tân Uyên"}},
			{" Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", []string{" Đường Thạnh An, Phường Thủ Dầu Một", " Đường Yersin, Phường Thủ Dầu Một"}},
			{"19 Đường Yersin, Phường Thủ Dầu Một", []string{"Quán cơm Sông Bé, 20 Đường Yersin"}},
			{"cây sao", []string{" Đường Cây Sao, Xã Phú Giáo"}},
			{"17 ye", []string{"17 Đường Yersin, Phường Thủ Dầu Một"}},
			{"chung cư h", []string{" Chung cư Hoa Sen, Phường Phú Lợi"}},
			{" Chung cư Hoa Sen, Phường Phú Lợi", []string{"Căn 3.05, Chung cư Hoa Sen, 8 Đường Lê Hồng Phong", "Căn 3.06, Chung cư Hoa Sen"}},
			{" Khu phố 2, Phường Thủ Dầu Một", []string{"12 Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một"}},
			{"phường phú c", []string{" Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"}},
		} {
			t.Run(c.text, func(t *testing.T) {
				list, err := s.Suggest(t.Context(), models.SuggestQuery{Text: c.text, Limit: 8})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, s := range list {
					got = append(got, s.Text)
				}
				if len(got) < len(c.want) || !slices.EqualFunc(got[:len(c.want)], c.want, strings.HasPrefix) {
					t.Errorf("got  %q\nwant %q", got, c.want)
				}
			})
		}
	})
}

func TestWashedAddressLosesAPart(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, _ := searchable(t, db)
		w, err := s.Wash(t.Context(), "12 Đường Yersin, Khu phố 2, P. Phú Cường, TX. Thủ Dầu Một, BD")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(models.Parts{HouseNumber: "12", Street: "Đường Yersin", Hamlet: "Khu phố 2"}, w.Parsed.Parts); diff != "" {
			t.Error(diff)
		}
		if w.Commune == nil || w.Commune.FullName != "Phường Thủ Dầu Một" || len(w.Parsed.Units) < 3 {
			t.Errorf("commune %+v, units %+v", w.Commune, w.Parsed.Units)
		}
		const now = "12 Đường Yersin, Tổ 5, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"
		if w.CurrentText != now {
			t.Errorf("current text %q, want %q", w.CurrentText, now)
		}
	})
}

func TestAbandonedSearchGoesOn(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, _ := searchable(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Search(ctx, models.SearchQuery{Text: "12 Yersin", Limit: 5}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

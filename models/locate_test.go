package models_test

import (
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// hundredths is a point in hundredths of a degree, as the demo places towns.
func hundredths(lat, lng int32) geo.Point { return geo.Point{Lat: lat * 100_000, Lng: lng * 100_000} }

func TestCommuneIsTakenForItsNamesake(t *testing.T) {
	const y2022 = models.Date("2022-10-01")
	cases := []struct {
		name              string
		commune, district string
		asOf              models.Date
		at                geo.Point
		want              string   // today's commune
		former            string   // its former one: code and name; empty: unknown
		refused           string   // error code instead
		says              []string // in the error
	}{
		{name: "none is named", at: hundredths(1097, 10666), want: "25747"},
		{name: "a code of today", commune: "25747", at: hundredths(1097, 10666), want: "25747"},
		{name: "a re-used code as of 2022", commune: "25747", asOf: y2022, at: hundredths(1097, 10666), want: "25747", former: "25747 Phường Phú Cường"},
		{name: "a re-used code with its district", commune: "25747", district: "Thành phố Thủ Dầu Một", at: hundredths(1097, 10666), want: "25747", former: "25747 Phường Phú Cường"},
		{name: "a re-used code whose old unit lies elsewhere", commune: "25945", asOf: y2022, at: hundredths(1094, 10677), want: "25945", former: "25945 Phường Tân Bình"},
		{name: "an abolished code", commune: "25852", asOf: y2022, at: hundredths(1108, 10665), want: "25849", former: "25852 Phường Tân Định"},
		{name: "an abolished code read today", commune: "25852", at: hundredths(1108, 10665), refused: "unknown-commune", says: []string{"as_of"}},
		{name: "the new Bình Dương", commune: "Phường Bình Dương", at: hundredths(1105, 10669), want: "25760"},
		{name: "the new Dĩ An", commune: "dĩ an", at: hundredths(1090, 10676), want: "25942"},
		{name: "the old Dĩ An", commune: "Dĩ An", district: "Dĩ An", at: hundredths(1090, 10676), want: "25942", former: "25942 Phường Dĩ An"},
		{name: "the new Thuận An", commune: "P THUAN AN", at: hundredths(1094, 10668), want: "25978"},
		{name: "the new Thuận An in full", commune: "phuong thuan an", at: hundredths(1094, 10668), want: "25978"},
		{name: "Hòa for Hoà", commune: "Phường Định Hòa", at: hundredths(1101, 10664), want: "25771", former: "25759 Phường Định Hoà"},
		{name: "Hoà for Hòa", commune: "Bình Hoà", at: hundredths(1090, 10672), want: "25987"},
		{name: "Tân Định of Bến Cát", commune: "Tân Định", at: hundredths(1108, 10665), want: "25849", former: "25852 Phường Tân Định"},
		{name: "Tân Định of Bắc Tân Uyên", commune: "Tân Định", at: hundredths(1117, 10687), want: "25906", former: "25894 Xã Tân Định"},
		{name: "Tân Định of the other district", commune: "Tân Định", district: "Bắc Tân Uyên", at: hundredths(1108, 10665), refused: "commune-mismatch", says: []string{"25894", "Huyện Bắc Tân Uyên"}},
		{name: "An Bình of Dĩ An", commune: "An Bình", at: hundredths(1090, 10676), want: "25942", former: "25960 Phường An Bình"},
		{name: "An Bình of Phú Giáo", commune: "An Bình", at: hundredths(1131, 10686), want: "25858", former: "25870 Xã An Bình"},
		{name: "An Bình of the other kind", commune: "Xã An Bình", at: hundredths(1090, 10676), refused: "commune-mismatch", says: []string{"Xã An Bình", "Phường Dĩ An"}},
		{name: "Tân Hiệp of today", commune: "Tân Hiệp", at: hundredths(1106, 10675), want: "25920"},
		{name: "Tân Hiệp of Phú Giáo", commune: "Tân Hiệp", at: hundredths(1139, 10676), want: "25864", former: "25873 Xã Tân Hiệp"},
		{name: "Tân Bình, a ward of Dĩ An", commune: "Tân Bình", at: hundredths(1094, 10677), want: "25945", former: "25945 Phường Tân Bình"},
		{name: "Tân Bình, a town of Bắc Tân Uyên", commune: "Tân Bình", at: hundredths(1115, 10670), want: "25912", former: "25900 Thị trấn Tân Bình"},
		{name: "a divided commune, default part", commune: "25741", asOf: y2022, at: hundredths(1099, 10668), want: "25750", former: "25741 Phường Hiệp Thành"},
		{name: "a divided commune, other part", commune: "25741", asOf: y2022, at: hundredths(1097, 10666), want: "25747", former: "25741 Phường Hiệp Thành"},
		{name: "a divided commune, neither part", commune: "25741", asOf: y2022, at: hundredths(1101, 10664), refused: "commune-mismatch"},
		{name: "a renamed commune of 2022", commune: "Xã An Điền", asOf: y2022, at: hundredths(1119, 10656), want: "25840", former: "25840 Phường An Điền"},
		{name: "a code whose both readings lie elsewhere", commune: "25750", district: "Thủ Dầu Một", at: hundredths(1097, 10666), refused: "commune-mismatch", says: []string{"Phường Phú Hòa", "Phường Phú Lợi", "Phường Thủ Dầu Một (25747)"}},
		{name: "the same code without district", commune: "25750", at: hundredths(1097, 10666), refused: "commune-mismatch", says: []string{"Phường Phú Hòa", "Phường Phú Lợi"}},
		{name: "a name nobody has", commune: "Phường Không Có", at: hundredths(1097, 10666), refused: "unknown-commune"},
		{name: "a district shortened", commune: "P. Phú Cường", district: "TP Thủ Dầu Một", at: hundredths(1097, 10666), want: "25747", former: "25747 Phường Phú Cường"},
		{name: "a commune of another district", commune: "Phường Phú Cường", district: "Huyện Phú Giáo", at: hundredths(1097, 10666), refused: "unknown-commune", says: []string{"Phường Phú Cường", "Huyện Phú Giáo"}},
		{name: "a district for a commune", commune: "724", asOf: y2022, at: hundredths(1090, 10676), refused: "unknown-commune"},
		{name: "a point in no commune", at: hundredths(1050, 10600), refused: "no-commune"},
		{name: "a commune far from the point", commune: "25747", at: hundredths(1050, 10600), refused: "commune-mismatch", says: []string{"no known commune"}},
	}
	o := storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				r := houseAt(c.at, i+1)
				r.Commune, r.District, r.AsOf = c.commune, c.district, c.asOf
				a, err := s.Register(t.Context(), r, storetest.Clerk)
				wantCode(t, err, c.refused)
				if err != nil {
					for _, words := range c.says {
						if !strings.Contains(err.Error(), words) {
							t.Errorf("%q does not say %q", err, words)
						}
					}
					return
				}
				if got := units.Public(a, s.Today()).Commune.Code; got != c.want {
					t.Errorf("commune %s, want %s", got, c.want)
				}
				former := ""
				for _, unit := range units.List(models.UnitFilter{}) {
					if unit.ID == a.FormerCommuneID {
						former = unit.Code + " " + unit.FullName
					}
				}
				if former != c.former {
					t.Errorf("former commune %q, want %q", former, c.former)
				}
			})
		}
	})
}

// squares are an invented province: commune 90001 is the square south-west of
// 16.1 N 108.1 E, 90002 the one east of it; 90003 was divided between them.
const squareUnits = `level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors
province,90,,Tỉnh Thử Nghiệm,Tỉnh,2020-02-01,,90,
district,901,90,Huyện Vuông,Huyện,2020-02-01,2025-07-01,901,
commune,90001,90,Xã Vuông Tây,Xã,2025-07-01,,90011,
commune,90002,90,Xã Vuông Đông,Xã,2025-07-01,,90012,
commune,90003,901,Xã Vuông Cũ,Xã,2020-02-01,2025-07-01,90013@2020-02-01/2025-08-24,90002 90001
`

const squareBoundaries = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"90001"},"geometry":{"type":"Polygon","coordinates":[[[108,16],[108.1,16],[108.1,16.1],[108,16.1],[108,16]]]}},
{"type":"Feature","properties":{"code":"90002"},"geometry":{"type":"Polygon","coordinates":[[[108.1,16],[108.2,16],[108.2,16.1],[108.1,16.1],[108.1,16]]]}}]}`

// squares loads the invented province into a store.
func squares(t *testing.T, s *models.Store) {
	t.Helper()
	if _, err := s.ImportUnits(t.Context(), strings.NewReader(squareUnits)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ImportBoundaries(t.Context(), strings.NewReader(squareBoundaries), "2025-07-01"); err != nil {
		t.Fatal(err)
	}
}

func TestBorderOfACommuneIsDrawnTooNarrow(t *testing.T) {
	north := func(meters float64) geo.Point { return storetest.Metres(storetest.Point("16.1", "108.05"), meters, 0) }
	const y2022 = models.Date("2022-10-01")
	cases := []struct {
		name     string
		commune  string
		asOf     models.Date
		at       geo.Point
		accuracy float64
		want     string
		refused  string
	}{
		{name: "inside", at: north(-1), want: "90001"},
		{name: "on the common border: the lowest code", at: storetest.Point("16.05", "108.1"), want: "90001"},
		{name: "on the common border, the other is named", commune: "90002", at: storetest.Point("16.05", "108.1"), want: "90002"},
		{name: "49 m outside", at: north(49), want: "90001"},
		{name: "51 m outside", at: north(51), refused: "no-commune"},
		{name: "51 m outside, badly measured", at: north(51), accuracy: 200, refused: "no-commune"},
		{name: "named, 49 m outside", commune: "90001", at: north(49), want: "90001"},
		{name: "named, 51 m outside", commune: "90001", at: north(51), refused: "commune-mismatch"},
		{name: "named, 51 m outside, well measured", commune: "90001", at: north(51), accuracy: 2, refused: "commune-mismatch"},
		{name: "named, 99 m outside, measured to 100 m", commune: "90001", at: north(99), accuracy: 100, want: "90001"},
		{name: "named, 101 m outside, measured to 100 m", commune: "90001", at: north(101), accuracy: 100, refused: "commune-mismatch"},
		{name: "the neighbour named 49 m inside the other", commune: "90002", at: storetest.Metres(storetest.Point("16.05", "108.1"), 0, -49), want: "90002"},
		{name: "abolished, in the default successor", commune: "90003", asOf: y2022, at: storetest.Point("16.05", "108.15"), want: "90002"},
		{name: "abolished, in the other successor", commune: "90003", asOf: y2022, at: storetest.Point("16.05", "108.05"), want: "90001"},
		{name: "abolished, 49 m outside", commune: "90003", asOf: y2022, at: north(49), want: "90001"},
		{name: "abolished, 51 m outside, measured to 100 m", commune: "90003", asOf: y2022, at: north(51), accuracy: 100, refused: "commune-mismatch"},
	}
	o := storetest.Options{WithoutUnits: true, Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		squares(t, s)
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			r := houseAt(c.at, i+1)
			r.Commune, r.AsOf, r.AccuracyM = c.commune, c.asOf, c.accuracy
			a, err := s.Register(t.Context(), r, storetest.Clerk)
			if got := codeOf(err); got != c.refused {
				t.Errorf("%s: error %q (%v), want %q", c.name, got, err, c.refused)
			}
			if err != nil {
				continue
			}
			if got := units.Public(a, s.Today()).Commune.Code; got != c.want {
				t.Errorf("%s: commune %s, want %s", c.name, got, c.want)
			}
		}
	})
}

func TestCommuneWithoutPolygonIsNotBelieved(t *testing.T) {
	o := storetest.Options{Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		squares(t, s)
		r := houseAt(storetest.Point("15.5", "108.05"), 1)
		r.Commune = "25747"
		storetest.Register(t, s, r) // nothing says that it lies elsewhere
		r = houseAt(storetest.Point("16.05", "108.05"), 2)
		r.Commune = "25747"
		_, err := s.Register(t.Context(), r, storetest.Clerk)
		wantCode(t, err, "commune-mismatch")
		r.Commune, r.AsOf, r.Point = "25741", "2022-10-01", storetest.Point("15.6", "108.05")
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := units.Public(storetest.Register(t, s, r), s.Today()).Commune.Code; got != "25750" {
			t.Errorf("commune %s, want the default successor 25750", got)
		}
	})
}

package models_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo/text"
	"diachiso/models"
	"diachiso/models/facts"
	"diachiso/models/storetest"
)

func unitsOf(t *testing.T, s *models.Store) *models.Units {
	t.Helper()
	units, err := s.Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return units
}

func TestShippedUnitsAreNotThoseOfTheirDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		units := unitsOf(t, s)
		for day, want := range map[models.Date][3]int{
			"2022-10-01": {2, 9, 91}, "2025-06-30": {2, 9, 91}, "2025-07-01": {1, 0, 36}, "2020-01-31": {0, 0, 0},
		} {
			var got [3]int
			for i, level := range []string{models.LevelProvince, models.LevelDistrict, models.LevelCommune} {
				got[i] = len(units.List(models.UnitFilter{Level: level, Day: day}))
			}
			if got != want {
				t.Errorf("on %s %v provinces, districts, communes, want %v", day, got, want)
			}
		}
		otherName, samePostcode := 0, 0
		for _, now := range units.List(models.UnitFilter{Level: models.LevelCommune, Day: "2025-08-24"}) {
			then := units.At(now.Code, "2022-10-01")
			if then == nil {
				t.Errorf("nobody had the code %s in 2022", now.Code)
				continue
			}
			if text.Fold(then.Name()) != text.Fold(now.Name()) {
				otherName++
			}
			for _, old := range units.List(models.UnitFilter{Level: models.LevelCommune, Day: "2022-10-01"}) {
				if old.Postcodes[0].Code == now.Postcodes[0].Code {
					samePostcode++
				}
			}
		}
		if otherName != 23 || samePostcode != 22 {
			t.Errorf("%d codes of other names, %d re-used postcodes; want 23 and 22", otherName, samePostcode)
		}
	})
}

func TestUnitLosesItsRelations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		units := unitsOf(t, s)
		names := func(list []*models.AdminUnit) string {
			var all []string
			for _, u := range list {
				all = append(all, u.Code+" "+u.FullName)
			}
			return strings.Join(all, ", ")
		}
		then, now := units.At("25747", "2022-10-01"), units.At("25747", "2025-07-01")
		for what, pair := range map[string][2]string{
			"above then":   {names(units.Above(then, "2022-10-01")), "718 Thành phố Thủ Dầu Một, 74 Tỉnh Bình Dương"},
			"above now":    {names(units.Above(now, "2025-07-01")), "79 Thành phố Hồ Chí Minh"},
			"successors":   {names(units.Successors(units.At("25741", "2022-10-01"))), "25750 Phường Phú Lợi, 25747 Phường Thủ Dầu Một"},
			"predecessors": {names(units.Predecessors(now)), "25741 Phường Hiệp Thành, 25747 Phường Phú Cường, 25753 Phường Phú Thọ, 25756 Phường Chánh Nghĩa, 25774 Phường Chánh Mỹ"},
			"periods":      {names(units.Periods("25747")), "25747 Phường Phú Cường, 25747 Phường Thủ Dầu Một"},
			"of a parent":  {names(units.List(models.UnitFilter{Parent: "721", Day: "2024-05-01", Level: "commune"})[:1]), "25813 Phường Mỹ Phước"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
			}
		}
		if p := units.Province(then, "2022-10-01"); p == nil || p.Code != "74" {
			t.Errorf("province then: %+v", p)
		}
		if units.At("25741", "2025-07-01") != nil || units.At("00000", "2022-10-01") != nil {
			t.Error("a unit that is not in force is answered")
		}
	})
}

func TestUnitsAreImportedTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		epoch := unitsOf(t, s).Epoch()
		for _, f := range facts.Files() {
			counts, err := s.ImportUnits(t.Context(), strings.NewReader(f.Text))
			if err != nil || counts.Inserted+counts.Updated > 0 || counts.Unchanged == 0 {
				t.Errorf("%s again: %+v, %v", f.Name, counts, err)
			}
		}
		if now := unitsOf(t, s).Epoch(); now != epoch {
			t.Errorf("the epoch rose from %d to %d though nothing changed", epoch, now)
		}
		renamed := strings.Replace(squareUnits, "Xã Vuông Tây", "Phường Vuông Tây", 1)
		renamed = strings.Replace(renamed, "Phường Vuông Tây,Xã", "Phường Vuông Tây,Phường", 1)
		renamed = strings.Replace(renamed, "90011", "90019@2025-07-01/2025-12-01 90020@2025-12-01/", 1)
		renamed = strings.Replace(renamed, "90002 90001", "90001", 1)
		for text, want := range map[string]models.UnitCounts{squareUnits: {Inserted: 5}} {
			if counts, err := s.ImportUnits(t.Context(), strings.NewReader(text)); err != nil || counts != want {
				t.Errorf("another province: %+v, %v, want %+v", counts, err, want)
			}
		}
		counts, err := s.ImportUnits(t.Context(), strings.NewReader("\ufeff"+renamed))
		if want := (models.UnitCounts{Updated: 2, Unchanged: 3}); err != nil || counts != want {
			t.Errorf("changed: %+v, %v, want %+v", counts, err, want)
		}
		unit := unitsOf(t, s).At("90001", "2025-07-01")
		want := []models.Postcode{{Code: "90019", ValidFrom: "2025-07-01", ValidTo: "2025-12-01"}, {Code: "90020", ValidFrom: "2025-12-01"}}
		if diff := cmp.Diff(want, unit.Postcodes); diff != "" || unit.FullName != "Phường Vuông Tây" {
			t.Errorf("%s: postcodes (-want +got):\n%s", unit.FullName, diff)
		}
		if got := unitsOf(t, s).Successors(unitsOf(t, s).At("90003", "2022-10-01")); len(got) != 1 || got[0].Code != "90001" {
			t.Errorf("successors %v", got)
		}
	})
}

func TestBadUnitFileIsHalfImported(t *testing.T) {
	const header = "level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors\n"
	const good = header + "province,91,,Tỉnh Mới,Tỉnh,2020-01-01,,,\n"
	cases := []struct{ name, file, says string }{
		{"nothing", "", "no header"},
		{"another header", "level,code\nprovince,91\n", "line 1"},
		{"too few cells", good + "commune,91001,91\n", "line 3"},
		{"a bad quote", good + "commune,\"91001,91\n", "quote"},
		{"a level nobody knows", good + "hamlet,91001,91,Ấp Một,Ấp,2020-01-01,,,\n", `line 3: level "hamlet"`},
		{"a code with letters", good + "commune,9100A,91,Xã Một,Xã,2020-01-01,,,\n", `"9100A"`},
		{"no code", good + "commune,,91,Xã Một,Xã,2020-01-01,,,\n", "digits"},
		{"no name", good + "commune,91001,91,,Xã,2020-01-01,,,\n", "full_name"},
		{"no kind", good + "commune,91001,91,Xã Một,,2020-01-01,,,\n", "kind"},
		{"a commune without parent", good + "commune,91001,,Xã Một,Xã,2020-01-01,,,\n", "parent"},
		{"a province with parent", header + "province,91,92,Tỉnh Mới,Tỉnh,2020-01-01,,,\n", "parent"},
		{"a parent nobody knows", good + "commune,91001,92,Xã Một,Xã,2020-01-01,,,\n", "line 3: parent 92"},
		{"a parent that begins later", good + "commune,91001,91,Xã Một,Xã,2019-01-01,,,\n", "parent 91"},
		{"no valid_from", good + "commune,91001,91,Xã Một,Xã,,,,\n", "valid_from"},
		{"a day no calendar has", good + "commune,91001,91,Xã Một,Xã,2020-02-30,,,\n", "2020-02-30"},
		{"an end before the beginning", good + "commune,91001,91,Xã Một,Xã,2020-02-01,2020-02-01,,\n", "valid_to"},
		{"a postcode of letters", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,ABCDE,\n", "ABCDE"},
		{"a postcode too long", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,910011,\n", "910011"},
		{"a postcode's half period", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,91001@2020-01-01,\n", "period"},
		{"a postcode's period backwards", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,91001@2020-01-01/2019-01-01,\n", "not after"},
		{"two postcodes from one day", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,91001 91002,\n", "postcode"},
		{"two postcodes that overlap", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,91001@2020-01-01/2022-01-01 91002@2021-01-01/,\n", "postcode"},
		{"successors of a unit in force", good + "commune,91001,91,Xã Một,Xã,2020-01-01,,,91002\n", "valid_to"},
		{"a successor nobody knows", good + "commune,91001,91,Xã Một,Xã,2020-01-01,2025-01-01,,91002\n", "successor 91002"},
		{"a successor twice", good + "commune,91002,91,Xã Hai,Xã,2020-01-01,,,\ncommune,91001,91,Xã Một,Xã,2020-01-01,2025-01-01,,91002 91002\n", "twice"},
		{"a unit twice", good + "province,91,,Tỉnh Mới,Tỉnh,2020-01-01,,,\n", "line 2 already"},
		{"periods that overlap", good + "province,91,,Tỉnh Mới,Tỉnh,2021-01-01,,,\n", "overlap"},
		{"a period that overlaps one of the registry", header + "commune,25747,79,Phường Khác,Phường,2026-01-01,,,\n", "overlap"},
		{"its own parent", good + "commune,91001,91001,Xã Một,Xã,2020-01-01,,,\n", "parent 91001 of 91001 is a commune"},
		{"parents in a circle", good + "district,911,912,Huyện Một,Huyện,2020-01-01,,,\ndistrict,912,911,Huyện Hai,Huyện,2020-01-01,,,\n", "a district can't stand under"},
		{"a known unit of another level", header + "district,25747,79,Phường Thủ Dầu Một,Phường,2025-07-01,,75123@2025-08-24/,\n", "is a commune and can't become a district"},
		{"a parent that ends under its communes", header + "province,79,,Thành phố Hồ Chí Minh,Thành phố,2020-02-01,2027-01-01,,\n", "parent 79 of 25747 ends before it"},
		{"a successor that ends before", header + "province,79,,Thành phố Hồ Chí Minh,Thành phố,2020-02-01,2025-07-01,,\n" +
			"province,80,,Tỉnh Giả,Tỉnh,2025-07-01,,,\n", "successor 79 of 74 is not in force on 2025-07-01"},
		{"control characters", good + "commune,91001,91,Xã \u0007,Xã,2020-01-01,,,\n", "line 3"},
		{"a name too long", good + "commune,91001,91," + strings.Repeat("x", 10_000) + ",Xã,2020-01-01,,,\n", "line 3"},
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		state := func() [][]string {
			return db.Texts(t, `SELECT (SELECT count(*) FROM admin_units), (SELECT count(*) FROM postcodes),
				(SELECT count(*) FROM unit_successions), units_epoch FROM registry`)
		}
		before := state()
		for _, c := range cases {
			_, err := s.ImportUnits(t.Context(), strings.NewReader(c.file))
			if codeOf(err) != "bad-unit-file" || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %q %v, want it to say %q", c.name, codeOf(err), err, c.says)
			}
			if diff := cmp.Diff(before, state()); diff != "" {
				t.Fatalf("%s: something was written (-before +after):\n%s", c.name, diff)
			}
		}
		_, err := s.ImportUnits(t.Context(), failing(good))
		if err == nil {
			t.Error("a file that can't be read to its end is imported")
		}
	})
}

func TestCommuneEndsUnderItsAddresses(t *testing.T) {
	o := storetest.Options{WithoutUnits: true, Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		squares(t, s)
		storetest.Register(t, s, houseAt(storetest.Point("16.05", "108.05"), 1))
		ended := strings.Replace(squareUnits, "Xã,2025-07-01,,90011", "Xã,2025-07-01,2026-01-01,90011", 1)
		_, err := s.ImportUnits(t.Context(), strings.NewReader(ended))
		wantCode(t, err, "commune-in-use")
	})
}

func TestBadBoundariesAreHalfLoaded(t *testing.T) {
	const square = `{"type":"Feature","properties":{"code":"25747"},"geometry":{"type":"Polygon","coordinates":[[[106,11],[107,11],[107,12],[106,12],[106,11]]]}}`
	collection := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	cases := map[string]string{
		"a code nobody has":  collection(square, strings.Replace(square, "25747", "99999", 1)),
		"an abolished code":  collection(square, strings.Replace(square, "25747", "25741", 1)),
		"one code twice":     collection(square, square),
		"crossing rings":     collection(square, `{"type":"Feature","properties":{"code":"25750"},"geometry":{"type":"Polygon","coordinates":[[[106,11],[107,12],[107,11],[106,12],[106,11]]]}}`),
		"no code":            collection(square, `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[106,11],[107,11],[107,12],[106,11]]]}}`),
		"a point":            collection(square, `{"type":"Feature","properties":{"code":"25750"},"geometry":{"type":"Point","coordinates":[106,11]}}`),
		"metres for degrees": collection(square, `{"type":"Feature","properties":{"code":"25750"},"geometry":{"type":"Polygon","coordinates":[[[600000,1200000],[600001,1200000],[600001,1200001],[600000,1200000]]]}}`),
		"another CRS":        strings.Replace(collection(square), `"features"`, `"crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features"`, 1),
		"the end is missing": strings.TrimSuffix(collection(square), "}"),
		"no GeoJSON":         "level,code",
		"nothing":            "",
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		epoch := unitsOf(t, s).Epoch()
		for name, file := range cases {
			_, _, err := s.ImportBoundaries(t.Context(), strings.NewReader(file), "2025-07-01")
			if kindOf(err) != models.Invalid {
				t.Errorf("%s: %q, %v", name, codeOf(err), err)
			}
			if n := db.Count(t, "SELECT count(*) FROM admin_units WHERE boundary IS NOT NULL"); n != 0 {
				t.Fatalf("%s: %d boundaries were loaded", name, n)
			}
		}
		if unitsOf(t, s).Epoch() != epoch {
			t.Error("the epoch rose though nothing changed")
		}
		// The polygons of before the reform belong to the old units.
		if _, _, err := s.ImportBoundaries(t.Context(), strings.NewReader(collection(square)), "2025-06-30"); err != nil {
			t.Fatal(err)
		}
		if u := unitsOf(t, s); !u.At("25747", "2025-06-30").HasBoundary || u.At("25747", "2025-07-01").HasBoundary || u.Epoch() == epoch {
			t.Error("the boundary went to another period of the code")
		}
	})
}

func TestDegenerateRingIsSilent(t *testing.T) {
	const file = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"25747"},"geometry":{"type":"MultiPolygon","coordinates":[
		[[[106,11],[107,11],[107,12],[106,12],[106,11]]],[[[106.5,11.5],[106.5,11.5],[106.5,11.5],[106.5,11.5]]]]}}]}`
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		counts, warnings, err := s.ImportBoundaries(t.Context(), strings.NewReader(file), "2025-07-01")
		if err != nil || counts.Updated != 1 || len(warnings) != 1 || !strings.Contains(warnings[0].Error(), "25747") {
			t.Errorf("%+v, %v, %v", counts, warnings, err)
		}
	})
}

func TestShapeComesBackAnother(t *testing.T) {
	const file = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"25747"},"geometry":{"type":"MultiPolygon","coordinates":[
		[[[106.1234567,11],[107,11],[107,12.0000001],[106,12],[106.1234567,11]],[[106.4,11.4],[106.4,11.6],[106.6,11.6],[106.6,11.4],[106.4,11.4]]],
		[[[108,11],[109,11],[109,12],[108,12],[108,11]]]]}}]}`
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		if _, _, err := s.ImportBoundaries(t.Context(), strings.NewReader(file), "2025-07-01"); err != nil {
			t.Fatal(err)
		}
		again := db.Open(t, storetest.Options{})
		units := unitsOf(t, again)
		shape, err := again.Boundary(t.Context(), units.At("25747", "2025-07-01"))
		if err != nil {
			t.Fatal(err)
		}
		want := [][]int{{5, 5}, {5}}
		var got [][]int
		for _, polygon := range shape.MultiPolygon {
			var rings []int
			for _, ring := range polygon {
				rings = append(rings, len(ring))
			}
			got = append(got, rings)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("points of rings (-want +got):\n%s", diff)
		}
		if p := shape.MultiPolygon[0][0][0]; p != [2]float64{106.1234567, 11} {
			t.Errorf("the first corner is %v", p)
		}
		for point, inside := range map[[2]string]bool{
			{"11.3", "106.5"}: true, {"11.5", "106.5"}: false, {"11.5", "108.5"}: true, {"11.5", "107.5"}: false,
		} {
			if got := units.CommuneAt(storetest.Point(point[0], point[1]), "2025-07-01") != nil; got != inside {
				t.Errorf("%v inside: %v, want %v", point, got, inside)
			}
		}
		none, err := again.Boundary(t.Context(), units.At("25750", "2025-07-01"))
		if err != nil || len(none.MultiPolygon) != 0 {
			t.Errorf("a unit without boundary has %v, %v", none, err)
		}
	})
}

func TestOtherProcessKeepsOldUnits(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		here, there := db.Open(t, storetest.Options{}), db.Open(t, storetest.Options{})
		before := unitsOf(t, there).Epoch()
		squares(t, here)
		if unitsOf(t, here).At("90001", "2025-07-01") == nil {
			t.Error("the store that wrote does not know")
		}
		deadline := time.Now().Add(1500 * time.Millisecond)
		for unitsOf(t, there).At("90001", "2025-07-01") == nil {
			if time.Now().After(deadline) {
				t.Fatal("the other store does not know after a second")
			}
			time.Sleep(20 * time.Millisecond)
		}
		if after := unitsOf(t, there).Epoch(); after <= before {
			t.Errorf("the epoch went from %d to %d", before, after)
		}
	})
}

package main

import (
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// province is an invented one, with a commune that was renamed.
const province = `level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors
province,98,,Tỉnh Sông Mơ,Tỉnh,2019-01-01,,98,
district,981,98,Huyện Đồi Gió,Huyện,2019-01-01,2025-07-01,981,
commune,98101,98,Xã Bến Trăng,Xã,2025-07-01,,98101,
commune,98102,98,Xã Đèo Mây,Xã,2025-07-01,,98102,
commune,98103,981,Xã Bến Nước,Xã,2019-01-01,2025-07-01,98103@2019-01-01/2025-08-24,98101
`

// square is a ring of corners [lng, lat] around a box.
const square = `[[109.0,13.0],[109.1,13.0],[109.1,13.1],[109.0,13.1],[109.0,13.0]]`

// boundaries is a file of polygons, each a code and its rings.
func boundaries(codesAndRings ...string) string {
	var features []string
	for i := 0; i < len(codesAndRings); i += 2 {
		features = append(features, `{"type":"Feature","properties":{"code":"`+codesAndRings[i]+
			`"},"geometry":{"type":"Polygon","coordinates":[`+codesAndRings[i+1]+`]}}`)
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// TestUnitsOfAnotherProvince imports a province with one boundary and
// registers in it: no part of the program knows only the shipped one.
func TestUnitsOfAnotherProvince(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		csv := write(t, "province.csv", province)
		polygons := write(t, "boundaries.geojson", boundaries("98101", square))
		o := commandOn(t, db, "units", "import", csv, "--boundaries", polygons)
		o.expect(t, exitDone, "units: 5 inserted", "")
		o.expect(t, exitDone, "boundaries: 1 loaded\n", "")
		commandOn(t, db, "units", "import", csv).expect(t, exitDone, "units: 0 inserted, 0 updated, 5 unchanged\n", "")
		renamed := write(t, "province.csv", strings.Replace(province, "Xã Đèo Mây", "Xã Đèo Sương", 1))
		commandOn(t, db, "units", "import", renamed).expect(t, exitDone, "units: 0 inserted, 1 updated, 4 unchanged\n", "")
		list := commandOn(t, db, "units", "list", "--parent", "98")
		list.expect(t, exitDone, "98101  commune  Xã Bến Trăng  2025-07-01            yes\n98102  commune  Xã Đèo Sương  2025-07-01            no\n", "")
		rows := write(t, "list.csv", "kind,name,name_public,commune,district,lat,lng\n"+
			"landmark,Bến đò Trăng,yes,,,13.05,109.05\n"+
			"farm,Vườn Nước,yes,Xã Bến Nước,Huyện Đồi Gió,13.06,109.06\n"+
			"farm,Vườn xa,yes,98101,,13.2,109.05\n")
		commandOn(t, db, "import", rows).expect(t, exitFailed, "3 rows read: 2 inserted, 0 updated, 0 unchanged, 1 rejected", "rejected")
		commandOn(t, db, "resolve", "13.06,109.06").expect(t, exitDone, "formerly Xã Bến Nước, Huyện Đồi Gió, Tỉnh Sông Mơ", "")
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.", "")
	})
}

func TestUnitsImportRefusesBadTables(t *testing.T) {
	db := storetest.SQLite(t)
	for _, c := range []struct{ name, text, err string }{
		{"empty", "", "header"},
		{"missing column", strings.Replace(province, ",successors", "", 1), "header"},
		{"unknown parent", strings.Replace(province, "98102,98,", "98102,97,", 1), "parent 97 of 98102 is in force nowhere"},
		{"its own parent", strings.Replace(province, "98102,98,", "98102,98102,", 1), "parent 98102 of 98102 is a commune, which a commune can't stand under"},
		{"unknown successor", strings.Replace(province, ",98101\n", ",98109\n", 1), "successor 98109 of 98103"},
		{"unknown level", strings.Replace(province, "district,981", "county,981", 1), "line 3"},
		{"no day", strings.Replace(province, "2019-01-01,,98", "2019-02-30,,98", 1), "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := commandOn(t, db, "units", "import", write(t, "province.csv", c.text))
			o.expect(t, exitFailed, "", c.err)
			if strings.Contains(commandOn(t, db, "units", "list").out, "Sông Mơ") {
				t.Error("part of the table went in")
			}
		})
	}
}

// TestUnitsImportRefusesBadBoundaries holds a good unit in every bad file: none of it may go in.
func TestUnitsImportRefusesBadBoundaries(t *testing.T) {
	const (
		bowTie   = `[[109.2,13.0],[109.3,13.1],[109.3,13.0],[109.2,13.1],[109.2,13.0]]`
		overHole = square + `,[[109.05,13.05],[109.05,13.15],[109.06,13.15],[109.06,13.05],[109.05,13.05]]`
		metres   = `[[605123,1222345],[606123,1222345],[606123,1223345],[605123,1222345]]`
		swapped  = `[[13.0,109.0],[13.0,109.1],[13.1,109.1],[13.0,109.0]]`
		line     = `[[109.2,13.0],[109.3,13.0],[109.2,13.0]]`
	)
	good := boundaries("98101", square, "98102", square)
	for _, c := range []struct{ name, text, err string }{
		{"crossing rings", boundaries("98101", square, "98102", bowTie), "98102"},
		{"hole that leaves its shell", boundaries("98101", square, "98102", overHole), "98102"},
		{"degenerate alone", boundaries("98101", square, "98102", line), "98102"},
		{"duplicate codes", boundaries("98101", square, "98101", square), "98101"},
		{"metres of VN-2000", boundaries("98101", square, "98102", metres), "98102"},
		{"swapped corners", boundaries("98101", square, "98102", swapped), "98102"},
		{"wrong CRS", strings.Replace(good, `"features"`, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3405"}},"features"`, 1), "3405"},
		{"code of nobody", boundaries("98101", square, "98109", square), "No unit 98109 was in force on"},
		{"no code", strings.Replace(good, `"code":"98102"`, `"ma":"98102"`, 1), "code"},
		{"truncated", good[:len(good)-40], "The file ends in the middle"},
		{"a table", province, "no JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.SQLite(t)
			commandOn(t, db, "units", "import", write(t, "province.csv", province)).expect(t, exitDone, "5 inserted", "")
			o := commandOn(t, db, "units", "import", "--boundaries", write(t, "bad.geojson", c.text))
			o.expect(t, exitFailed, "", c.err)
			if !strings.Contains(o.err, "bad.geojson") || strings.Count(o.err, "\n") != 1 {
				t.Errorf("want one line that names the file:\n%s", o.err)
			}
			if strings.Contains(commandOn(t, db, "units", "list", "--parent", "98").out, "yes") {
				t.Error("part of the file went in")
			}
		})
	}
}

// TestUnitsImportHolesAndDegenerateRings loads what is allowed: a hole belongs
// to nobody, a ring without area is dropped with a warning that names the unit.
func TestUnitsImportHolesAndDegenerateRings(t *testing.T) {
	const hole = `[[109.04,13.04],[109.04,13.06],[109.06,13.06],[109.06,13.04],[109.04,13.04]]`
	const dot = `[[109.01,13.01],[109.02,13.01],[109.01,13.01]]`
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		polygons := write(t, "boundaries.geojson", boundaries("98101", square+","+hole+","+dot))
		o := commandOn(t, db, "units", "import", write(t, "province.csv", province), "--boundaries", polygons)
		o.expect(t, exitDone, "boundaries: 1 loaded", "warning: Unit 98101: ring 3 of part 1")
		rows := write(t, "list.csv", "kind,name,lat,lng\nfarm,Vườn trong,13.02,109.02\nfarm,Vườn giữa hồ,13.05,109.05\n")
		commandOn(t, db, "import", rows).expect(t, exitFailed, "1 inserted, 0 updated, 0 unchanged, 1 rejected", "rejected")
		if row := rejected(t, rows)["3"]; row[1] != "no-commune" {
			t.Errorf("a farm in the hole is listed as %q", row)
		}
	})
}

func TestUnitsListOnADay(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "migrate", "up").expect(t, exitDone, "", "up to date")
		for _, c := range []struct {
			day, level, out string
			lines           int
		}{
			{"2022-10-01", "commune", "25747  commune  Phường Phú Cường", 91},
			{"2022-10-01", "district", "723   district  Thị xã Tân Uyên        2020-02-01  2023-04-10  no\n", 9},
			{"2025-06-30", "district", "723   district  Thành phố Tân Uyên", 9},
			{"2025-07-01", "district", "CODE", 0},
			{"2025-07-01", "commune", "25747  commune  Phường Thủ Dầu Một", 36},
			{"", "commune", "25747  commune  Phường Thủ Dầu Một", 36},
			{"1990-01-01", "", "CODE", 0},
		} {
			o := commandOn(t, db, "units", "list", "--as-of", c.day, "--level", c.level)
			o.expect(t, exitDone, c.out, "")
			if lines := strings.Count(o.out, "\n") - 1; lines != c.lines {
				t.Errorf("on %q there are %d units of level %q, want %d", c.day, lines, c.level, c.lines)
			}
		}
	})
}

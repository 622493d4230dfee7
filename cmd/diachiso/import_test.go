package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/importfile"
	"diachiso/models/storetest"
)

// TestImportReadsWhatSpreadsheetsWrite imports the same two rows in every
// form; each must be found again under its written address.
func TestImportReadsWhatSpreadsheetsWrite(t *testing.T) {
	const rows = "kind,house_number,street,commune,lat,lng\n" +
		"household,12,Đường Bạch Đằng,Phường Thủ Dầu Một,10.98042,106.65021\n" +
		"household,14,Đường Bạch Đằng,Phường Thủ Dầu Một,10.98049,106.65018\n"
	semicolons := strings.ReplaceAll(rows, ",", ";")
	for _, c := range []struct {
		name, file, text string
		flags            []string
	}{
		{"plain", "list.csv", rows, nil},
		{"byte order mark", "list.csv", "\ufeff" + rows, nil},
		{"semicolons", "list.csv", semicolons, nil},
		{"tabs", "list.tsv", strings.ReplaceAll(rows, ",", "\t"), nil},
		{"CRLF", "list.csv", strings.ReplaceAll(rows, "\n", "\r\n"), nil},
		{"no last line end", "list.csv", strings.TrimSuffix(rows, "\n"), nil},
		{"blank lines", "list.csv", strings.ReplaceAll(rows, "household", "\n,,,,,\nhousehold"), nil},
		{"Vietnamese headings", "list.csv", strings.Replace(rows, "kind,house_number,street,commune,lat,lng",
			"Loại,Số nhà,Đường,Phường/xã,Vĩ độ,Kinh độ", 1), nil},
		{"decimal commas", "list.csv", strings.NewReplacer("10.98", "10,98", "106.65", "106,65").Replace(semicolons), []string{"--decimal-comma"}},
		{"Windows-1258", "list.csv", windows1258(rows), []string{"--encoding", "windows-1258"}},
		{"columns of contacts left out", "list.csv", withOwner(rows), []string{"--without-contacts"}},
		{"contacts on a legal basis", "list.csv", withOwner(rows), []string{"--legal-basis", "Quyết định 1/QĐ-UBND"}},
		{"GeoJSON", "list.geojson", asGeoJSON, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, path := storetest.SQLite(t), write(t, c.file, c.text)
			o := commandOn(t, db, append([]string{"import", path}, c.flags...)...)
			o.expect(t, exitDone, "2 rows read: 2 inserted, 0 updated, 0 unchanged, 0 rejected\n", "36 communes have no boundary")
			commandOn(t, db, "resolve", "10.98042,106.65021").expect(t, exitDone, "12 Đường Bạch Đằng, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", "")
			if _, err := os.Stat(importfile.ErrorFileName(path)); err == nil {
				t.Error("there is a list of rejected rows")
			}
		})
	}
}

// windows1258 writes the letters of rows that are not ASCII as the old code
// page does: tones are characters of their own.
func windows1258(rows string) string {
	return strings.NewReplacer("Đườ", "\xd0\xfd\xf5\xcc", "Bạ", "Ba\xf2", "Đằ", "\xd0\xe3\xcc", "Phườ", "Ph\xfd\xf5\xcc",
		"Thủ", "Thu\xd2", "Dầ", "D\xe2\xcc", "Mộ", "M\xf4\xf2").Replace(rows)
}

func withOwner(rows string) string {
	lines := strings.Split(strings.TrimSuffix(rows, "\n"), "\n")
	for i, line := range lines {
		lines[i] = line + ",Ngô Thị Ví Dụ,0900000000"
	}
	lines[0] = strings.Replace(lines[0], "Ngô Thị Ví Dụ,0900000000", "owner_name,phone", 1)
	return strings.Join(lines, "\n") + "\n"
}

const asGeoJSON = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"kind":"household","house_number":"12","street":"Đường Bạch Đằng","commune":"25747"},
 "geometry":{"type":"Point","coordinates":[106.65021,10.98042]}},
{"type":"Feature","properties":{"kind":"household","house_number":"14","street":"Đường Bạch Đằng","commune":"25747"},
 "geometry":{"type":"Point","coordinates":[106.65018,10.98049]}}]}`

// A file that can't be read at all changes nothing and says what to do.
func TestImportRefusesWholeFiles(t *testing.T) {
	const row = "\nhousehold,12,10.98042,106.65021\n"
	for _, c := range []struct {
		name, file, text, err string
		flags                 []string
	}{
		{"missing columns", "list.csv", "kind,house_number\nhousehold,12\n", "lacks the column lat (vĩ độ), lng (kinh độ)", nil},
		{"unknown column", "list.csv", "kind,house_numbr,lat,lng" + row, `unknown column "house_numbr" (did you mean house_number?)`, nil},
		{"column twice", "list.csv", "kind,số nhà,house_number,lat,lng" + row, "are the same column house_number", nil},
		{"empty", "list.csv", "", "the file is empty", nil},
		{"refs of nobody", "list.csv", "kind,ref,lat,lng" + row, "say whose they are (--source NAME)", nil},
		{"contacts", "list.csv", withOwner("kind,house_number,lat,lng" + row), "--legal-basis", nil},
		{"a legal basis too long", "list.csv", withOwner("kind,house_number,lat,lng" + row), "at most 200", []string{"--legal-basis", strings.Repeat("x", 201)}},
		{"another format", "list.xlsx", "PK", "does not end in .csv or .geojson", nil},
		{"another encoding", "list.csv", "kind,house_number,lat,lng" + row, `the encoding "latin1" is not known`, []string{"--encoding", "latin1"}},
		{"code page not named", "list.csv", windows1258("kind,Đường,lat,lng" + row), "windows-1258", nil},
		{"GeoJSON that ends early", "list.geojson", asGeoJSON[:len(asGeoJSON)-90], "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.SQLite(t)
			o := commandOn(t, db, append([]string{"import", write(t, c.file, c.text)}, c.flags...)...)
			if c.err != "" {
				o.expect(t, exitFailed, "", c.err)
			} else {
				o.expect(t, exitFailed, "1 rows read: 1 inserted", "the file ends in the middle")
			}
		})
	}
}

// TestImportListsRejectedRows imports rows at fault between good ones: the
// good ones go in, the others are listed with their cells.
func TestImportListsRejectedRows(t *testing.T) {
	const head = "ref,kind,name,house_number,street,commune,lat,lng\n"
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		path := write(t, "list.csv", head+
			"1,household,,1,Đường Hoa Mai,25747,10.98040,106.65190\n"+ // line 2
			"2,household,,2,Đường Hoa Mai,25747,106.65200,10.98040\n"+
			"3,castle,,3,Đường Hoa Mai,25747,10.98040,106.65210\n"+
			"4,shop,"+strings.Repeat("ắ", 10_000)+",4,Đường Hoa Mai,25747,10.98040,106.65220\n"+
			"5,shop,\"Quán\nNgon\",5,Đường Hoa Mai,25747,10.98040,106.65230\n"+ // lines 6 and 7
			"6,shop,Quán \"Ngon\",6,Đường Hoa Mai,25747,10.98040,106.65240\n"+
			"7,shop,=1+1,7,Đường Hoa Mai,99999,10.98040,106.65250\n"+
			"8,shop,\xff,8,Đường Hoa Mai,25747,10.98040,106.65260\n"+
			"1,household,,9,Đường Hoa Mai,25747,10.98040,106.65270\n"+
			"10,household,,1,đường hoa mai,25747,10.98041,106.65191\n"+
			"11,household,,11,Đường Hoa Mai,25747,10.98040,106.65290\n"+
			"12,household,,12,Đường Hoa Mai,257") // line 13
		o := commandOn(t, db, "import", path, "--source", "test")
		o.expect(t, exitFailed, "12 rows read: 2 inserted, 0 updated, 0 unchanged, 10 rejected\n",
			"The rejected rows and the reasons are in "+importfile.ErrorFileName(path))
		listed := rejected(t, path)
		want := map[string]string{"3": "swapped", "4": "unknown-value", "5": "text-too-long", "6": "control-character", "8": "broken-quotes",
			"9": "unknown-commune", "10": "invalid-utf8", "11": "ref-twice", "12": "duplicate", "14": "truncated-row"}
		if len(listed) != len(want) {
			t.Errorf("%d rows are listed, want %d", len(listed), len(want))
		}
		for line, code := range want {
			if row := listed[line]; row == nil || row[1] != code {
				t.Errorf("line %s is listed as %.120q, want %s", line, row, code)
			}
		}
		if name := listed["9"][6]; name != "'=1+1" {
			t.Errorf("a formula is listed as %q", name)
		}
		if number := listed["3"][7]; number != "2" {
			t.Errorf("the cells of line 3 are %q", listed["3"])
		}
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.", "")
	})
}

// rejected reads the list of rejected rows of a file, by their lines.
func rejected(t *testing.T, path string) map[string][]string {
	t.Helper()
	file, err := os.Open(importfile.ErrorFileName(path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(rows[0][:4], ",") != "\ufeffline,code,reason,lý do" {
		t.Errorf("the list begins with %q", rows[0])
	}
	by := map[string][]string{}
	for _, row := range rows[1:] {
		if row[2] == "" {
			t.Errorf("line %s is rejected without a reason", row[0])
		}
		by[row[0]] = row
	}
	return by
}

func TestImportTwiceAndChanged(t *testing.T) {
	const head = "ref,kind,house_number,street,commune,lat,lng\n"
	const first = "A1,household,1,Đường Hoa Mai,25747,10.98040,106.65190\nA2,household,2,Đường Hoa Mai,25747,10.98050,106.65200\n"
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		from := func(source, rows, counts string) outcome {
			t.Helper()
			o := commandOn(t, db, "import", write(t, "list.csv", head+rows), "--source", source)
			if !strings.Contains(o.out, counts) {
				t.Errorf("%s%swant: %s", o.out, o.err, counts)
			}
			return o
		}
		from("ward", first, "2 rows read: 2 inserted, 0 updated, 0 unchanged, 0 rejected")
		from("ward", first, "2 rows read: 0 inserted, 0 updated, 2 unchanged, 0 rejected")
		from("ward", strings.Replace(first, "10.98050", "10.98055", 1), "2 rows read: 0 inserted, 1 updated, 1 unchanged, 0 rejected")
		from("ward", strings.Replace(first, "10.98040", "10.98140", 1), "2 rows read: 0 inserted, 1 updated, 0 unchanged, 1 rejected")
		from("post", first, "2 rows read: 0 inserted, 0 updated, 0 unchanged, 2 rejected") // the same doors under refs of another
		from("post", "A1,household,3,Đường Hoa Mai,25747,10.98060,106.65210\n", "1 rows read: 1 inserted")
		commandOn(t, db, "resolve", "10.98050,106.65200").expect(t, exitDone, "2 Đường Hoa Mai", "")
		if n := db.Count(t, "SELECT count(*) FROM changes WHERE op = 'update'"); n != 2 {
			t.Errorf("%d updates are in the change log, want 2", n)
		}
	})
}

// A reading of the units of another day is asked for by a flag.
func TestImportAsOf(t *testing.T) {
	db := storetest.SQLite(t)
	path := write(t, "list.csv", "kind,house_number,street,commune,lat,lng\nhousehold,5,Đường Hoa Mai,25768,11.02,106.62\n")
	commandOn(t, db, "import", path, "--as-of", "2022-10-01").expect(t, exitDone, "1 inserted", "36 communes have no boundary")
	commandOn(t, db, "resolve", "11.02,106.62").expect(t, exitDone, "formerly 5 Đường Hoa Mai, Phường Hiệp An, Thành phố Thủ Dầu Một", "")
}

// A list of rejected rows that can't be written ends the import with the reason.
func TestImportWithoutRoomForTheErrors(t *testing.T) {
	path := write(t, "list.csv", "kind,lat,lng\ncastle,11,106.7\n")
	if err := os.MkdirAll(filepath.Join(importfile.ErrorFileName(path), "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := commandOn(t, storetest.SQLite(t), "import", path)
	o.expect(t, exitFailed, "", "remove the list of an earlier import")
	if !strings.Contains(o.err, filepath.Base(path)) {
		t.Errorf("the file is not named: %s", o.err)
	}
}

// TestAnInterruptedDemoBeginsAgain stops a demo before it begins and runs it
// again: the reason is one word, and nothing is in the way.
func TestAnInterruptedDemoBeginsAgain(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Create(t)
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var out, err bytes.Buffer
		if code := run(ctx, []string{"demo", "--size", "300", "--database-url", db.URL}, &out, &err); code != exitFailed {
			t.Errorf("exit code %d", code)
		}
		if err.String() != "diachiso: interrupted\n" || out.Len() > 0 {
			t.Errorf("standard output %q, standard error %q", out.String(), err.String())
		}
		commandOn(t, db, "demo", "--size", "300").expect(t, exitDone, "300 rows read: 300 inserted, 0 updated, 0 unchanged, 0 rejected", "")
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.", "")
	})
}

func TestImportIntoAMistypedPathGoesUnnoticed(t *testing.T) {
	db, path := storetest.SQLite(t), write(t, "list.csv", "kind,house_number,street,commune,lat,lng\nhousehold,12,Đường Bạch Đằng,25747,10.98042,106.65021\n")
	const said = "A new registry was made: "
	commandOn(t, db, "import", path).expect(t, exitDone, "1 inserted", said+db.URL)
	if again := commandOn(t, db, "import", path); strings.Contains(again.err, said) {
		t.Errorf("it was there: %s", again.err)
	}
}

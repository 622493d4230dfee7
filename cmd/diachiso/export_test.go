package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// village is a registry with three houses and a farm.
func village(t *testing.T, db storetest.Database) {
	t.Helper()
	s := db.Open(t, storetest.Options{Boundaries: true})
	for n := range 3 {
		storetest.Register(t, s, storetest.House(n))
	}
	storetest.Register(t, s, storetest.Farm("=Vườn bưởi"))
}

func TestExport(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		village(t, db)
		for _, c := range []struct {
			name, file string
			flags      []string
			rows       string
			holds      string
		}{
			{"a table", "a.csv", nil, "4 addresses", "\ncode,kind,"},
			{"a table for Excel", "b.csv", []string{"--bom"}, "4 addresses", "\n\ufeffcode,kind,"},
			{"a formula", "c.csv", []string{"--kind", "farm"}, "1 address", ",'=Vườn bưởi,"},
			{"a map", "a.geojson", nil, "4 addresses", "\n{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"id\":"},
			{"lines", "a.ndjson", []string{"--commune", "Thủ Dầu Một"}, "3 addresses", "\n{\"code\":\"28XMJ25Q66\""},
			{"lines under another name", "a.txt", []string{"--format", "ndjson", "--status", "current"}, "4 addresses", "\n{\"code\":"},
			{"a box", "d.csv", []string{"--bbox", "106.74,11.05,106.76,11.07"}, "1 address", ",farm,"},
			{"nothing", "e.geojson", []string{"--updated-since", "2040-01-01"}, "0 addresses", "\"features\":[\n]}\n"},
			{"none that are retired", "f.csv", []string{"--status", "retired"}, "0 addresses", "\ncode,kind,"},
		} {
			t.Run(c.name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), c.file)
				commandOn(t, db, append([]string{"export", path}, c.flags...)...).expect(t, exitDone, c.rows+" written; snapshot ", "")
				if text := read(t, path); !strings.Contains("\n"+text, c.holds) {
					t.Errorf("the file holds %q, not %q", text, c.holds)
				}
				if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
					t.Errorf("%d files are left", len(left))
				}
			})
		}
		commandOn(t, db, "export", "addresses", "-", "--format", "csv").expect(t, exitDone, "code,kind,", "4 addresses written; snapshot ")
		units := filepath.Join(t.TempDir(), "units.geojson")
		commandOn(t, db, "export", "units", units, "--level", "commune").expect(t, exitDone, "36 units written; snapshot ", "")
		if text := read(t, units); strings.Count(text, `"MultiPolygon"`) != 36 {
			t.Errorf("%.200s", text)
		}
		commandOn(t, db, "export", "units", "-", "--format", "csv", "--as-of", "2022-10-01", "--level", "district").
			expect(t, exitDone, "level,code,name,kind,parent,valid_from,valid_to,postcode\n", "9 units written")
	})
}

// A file that is there is only replaced when that was asked for, and only by a
// whole one.
func TestExportKeepsOtherFiles(t *testing.T) {
	db := storetest.SQLite(t)
	village(t, db)
	path := write(t, "a.csv", "old")
	commandOn(t, db, "export", path).expect(t, exitFailed, "", "a.csv is there already: name another file, or add --overwrite")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, err bytes.Buffer
	if code := run(ctx, []string{"export", path, "--overwrite", "--database-url", db.URL}, &out, &err); code != exitFailed || out.Len() > 0 {
		t.Errorf("exit code %d, %q and %q", code, &out, &err)
	}
	if text := read(t, path); text != "old" {
		t.Errorf("the file holds %q", text)
	}
	commandOn(t, db, "export", path, "--overwrite").expect(t, exitDone, "4 addresses written", "")
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
	commandOn(t, db, "export", t.TempDir(), "--format", "csv", "--overwrite").expect(t, exitFailed, "", "is no file: name another file")
	commandOn(t, db, "export", filepath.Join(t.TempDir(), "gone", "x.csv")).expect(t, exitFailed, "", "is not there: make it")
}

func TestExportIntoAClosedPipe(t *testing.T) {
	db := storetest.SQLite(t)
	village(t, db)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var err bytes.Buffer
	code := run(ctx, []string{"export", "-", "--format", "ndjson", "--database-url", db.URL}, refusing{}, &err)
	if code != exitFailed || !strings.Contains(err.String(), "-: stopped after 4 addresses: write an export: the pipe is closed") {
		t.Errorf("exit code %d and %q", code, err.String())
	}
}

var errPipe = errors.New("the pipe is closed")

// refusing is a pipe that nobody reads.
type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, errPipe }

func TestExportWrongCommandLines(t *testing.T) {
	db := storetest.SQLite(t)
	village(t, db)
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"nothing", nil, "<file>"},
		{"units of nowhere", []string{"units"}, "<file>"},
		{"another ending", []string{"a.xlsx"}, "does not end in .geojson, .csv or .ndjson"},
		{"another format", []string{"a.csv", "--format", "xlsx"}, "--format xlsx is not known: write csv, geojson or ndjson"},
		{"standard output without a format", []string{"-"}, "write --format csv, geojson or ndjson"},
		{"a mark in JSON", []string{"a.geojson", "--bom"}, "--bom is for CSV"},
		{"a box of three", []string{"a.csv", "--bbox", "106,10,107"}, "--bbox: A box has four numbers"},
		{"a box in Paris", []string{"a.csv", "--bbox", "2,48,3,49"}, "--bbox: The box lies outside the registry"},
		{"a castle", []string{"a.csv", "--kind", "castle"}, `--kind: "castle" is none of: household`},
		{"the lost", []string{"a.csv", "--status", "lost"}, `--status: "lost" is none of: current`},
		{"yesterday", []string{"a.csv", "--updated-since", "yesterday"}, "--updated-since: \"yesterday\" is no time"},
		{"no commune", []string{"a.csv", "--commune", "Tân Cương"}, "--commune: no commune is called"},
		{"no day", []string{"units", "a.csv", "--as-of", "today"}, "--as-of"},
		{"no level", []string{"units", "a.csv", "--level", "hamlet"}, "--level hamlet is not known: write province"},
	} {
		t.Run(c.name, func(t *testing.T) {
			commandOn(t, db, append([]string{"export"}, c.args...)...).expect(t, exitUsage, "", c.err)
		})
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("a wrong command line made %v", left[0].Name())
	}
	command(t, "export", "a.csv", "--database-url", "gone.db").expect(t, exitFailed, "", "gone.db: open the sqlite database: it does not exist")
}

package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb/encoding/wkt"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/export"
	"diachiso/models/importfile"
	"diachiso/models/storetest"
)

// place is what GDAL and SQL must agree on: a position in 1e-7 degree, and a
// text that has what troubles writers.
type place struct {
	Lng, Lat string
	Name     string
}

// asked are the places by code as SQL says.
func asked(t *testing.T, db storetest.Database, name func(string) string) map[string]place {
	t.Helper()
	places := map[string]place{}
	for _, row := range db.Texts(t, "SELECT code, lng, lat, CASE WHEN name_public THEN name ELSE '' END FROM addresses ORDER BY code") {
		places[row[0]] = place{row[1], row[2], name(row[3])}
	}
	return places
}

// read is what GDAL's ogr2ogr reads of a file, as a table with the columns X
// and Y or WKT first.
func read(t *testing.T, geometry, file string, options ...string) [][]string {
	t.Helper()
	args := append([]string{"-f", "CSV", "/vsistdout/", file, "-lco", "GEOMETRY=" + geometry}, options...)
	command := exec.Command(storetest.Program(t, "ogr2ogr"), args...)
	var out, warnings bytes.Buffer
	command.Stdout, command.Stderr = &out, &warnings
	if err := command.Run(); err != nil || warnings.Len() > 0 {
		t.Fatalf("ogr2ogr %s: %v\n%s", strings.Join(args, " "), err, &warnings)
	}
	table, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(table) == 0 {
		t.Fatalf("%d lines, %v", len(table), err)
	}
	return table[1:]
}

// placesOf are those of a table of x, y, code and name.
func placesOf(t *testing.T, table [][]string) map[string]place {
	t.Helper()
	places := map[string]place{}
	for _, row := range table {
		places[row[2]] = place{e7(t, row[0]), e7(t, row[1]), row[3]}
	}
	if len(places) != len(table) {
		t.Errorf("%d codes in %d lines", len(places), len(table))
	}
	return places
}

func e7(t *testing.T, degrees string) string {
	t.Helper()
	v, err := geo.ParseE7(degrees)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(v, 10)
}

// GDAL must read every file back with the same addresses at the same places as
// SQL says, and names as they are written.
func TestGDALReadsOtherAddresses(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := registry(t, db)
		asIs := func(name string) string { return name }
		for name, c := range map[string]struct {
			options export.Options
			open    []string
			name    func(string) string
		}{
			"a.geojson":  {export.Options{Format: export.GeoJSON}, nil, asIs},
			"plain.csv":  {export.Options{Format: export.CSV}, []string{"-oo", "X_POSSIBLE_NAMES=lng", "-oo", "Y_POSSIBLE_NAMES=lat"}, importfile.Harmless},
			"marked.csv": {export.Options{Format: export.CSV, Mark: true}, []string{"-oo", "X_POSSIBLE_NAMES=lng", "-oo", "Y_POSSIBLE_NAMES=lat"}, importfile.Harmless},
		} {
			path := file(t, name, func(out io.Writer) (int, error) {
				return export.Addresses(t.Context(), s, models.ListFilter{}, c.options, out)
			})
			got := placesOf(t, read(t, "AS_XY", path, append(c.open, "-select", "code,name")...))
			if diff := cmp.Diff(asked(t, db, c.name), got); diff != "" {
				t.Errorf("%s (-sql +gdal):\n%s", name, diff)
			}
		}
	})
}

// NDJSON is not for GDAL: any reader of JSON lines takes it.
func TestLinesHoldOtherAddresses(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := registry(t, db)
		text, err := os.ReadFile(file(t, "a.ndjson", func(out io.Writer) (int, error) {
			return export.Addresses(t.Context(), s, models.ListFilter{}, export.Options{Format: export.NDJSON}, out)
		}))
		if err != nil {
			t.Fatal(err)
		}
		var table [][]string
		for line := range strings.Lines(string(text)) {
			var a struct {
				Code, Name string
				Position   struct{ Lat, Lng json.Number }
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			table = append(table, []string{a.Position.Lng.String(), a.Position.Lat.String(), a.Code, a.Name})
		}
		if diff := cmp.Diff(asked(t, db, func(name string) string { return name }), placesOf(t, table)); diff != "" {
			t.Errorf("(-sql +lines):\n%s", diff)
		}
	})
}

func TestGDALReadsOtherUnits(t *testing.T) {
	storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}.Each(t, func(t *testing.T, s *models.Store) {
		day := models.UnitFilter{Day: "2026-01-15"}
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := units.List(day)
		shapes := read(t, "AS_WKT", file(t, "u.geojson", func(out io.Writer) (int, error) {
			return export.Units(t.Context(), s, day, export.Options{Format: export.GeoJSON}, out)
		}), "-select", "code,name")
		table := read(t, "AS_WKT", file(t, "u.csv", func(out io.Writer) (int, error) {
			return export.Units(t.Context(), s, day, export.Options{Format: export.CSV}, out)
		}), "-select", "code,name")
		if len(shapes) != len(want) || len(table) != len(want) {
			t.Fatalf("%d and %d units, want %d", len(shapes), len(table), len(want))
		}
		for i, unit := range want {
			if got := table[i][len(table[i])-2:]; got[0] != unit.Code || got[1] != unit.FullName {
				t.Errorf("csv: %q, want %s", got, unit.FullName)
			}
			if shapes[i][1] != unit.Code || shapes[i][2] != unit.FullName {
				t.Errorf("geojson: %q, want %s", shapes[i][1:], unit.FullName)
			}
			boundary, err := s.Boundary(t.Context(), unit)
			if err != nil {
				t.Fatal(err)
			}
			if !unit.HasBoundary {
				if shapes[i][0] != "" {
					t.Errorf("%s has no boundary, GDAL reads %.80s", unit.Code, shapes[i][0])
				}
				continue
			}
			if got, err := wkt.UnmarshalMultiPolygon(shapes[i][0]); err != nil || !got.Equal(boundary.MultiPolygon) {
				t.Errorf("%s: %v, another boundary: %.80s", unit.Code, err, shapes[i][0])
			}
		}
	})
}

package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/export"
	"diachiso/models/storetest"
)

// names are public ones that trouble those who write tables.
var names = []string{
	"Vườn bưởi Bạch Đằng", `Quán "Cơm, Phở" 79`, "=SUM(A1)", "+84 quán", "-gà rán", "@cà phê", "＝1+1", "Sữa; bánh \\ mì", "Trại gà <&>", "Hoà’s – “Hiên”",
}

// registry is a store with addresses of every kind: of trouble, retired and
// moved, and so many of the demo.
func registry(t *testing.T, db storetest.Database) *models.Store {
	t.Helper()
	s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
	for i, name := range names {
		r := storetest.Farm(name)
		r.Point = storetest.Metres(r.Point, 60*float64(i), 0)
		storetest.Register(t, s, r)
	}
	for n := range 300 {
		r := storetest.House(n)
		r.Point = storetest.Metres(storetest.ThuDauMot, 30*float64(n/20), 30*float64(n%20))
		storetest.Register(t, s, r)
	}
	db.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = '2026-01-15' WHERE id % 9 = 0 AND kind = 'household'")
	return s
}

// file writes an export and answers its path.
func file(t *testing.T, name string, write func(out io.Writer) (int, error)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := write(out); err != nil {
		t.Fatal(err)
	}
	return path
}

// addresses are an export of addresses, as text.
func addresses(t *testing.T, s *models.Store, f models.ListFilter, o export.Options) string {
	t.Helper()
	var b bytes.Buffer
	rows := -1
	o.Progress = func(n int) { rows = n }
	n, err := export.Addresses(t.Context(), s, f, o, &b)
	if err != nil {
		t.Fatal(err)
	}
	if rows != n && n > 0 {
		t.Errorf("%d rows, and progress says %d", n, rows)
	}
	return b.String()
}

func TestFormatIsNotThatOfTheName(t *testing.T) {
	for name, want := range map[string]export.Format{"a.csv": export.CSV, "dir.csv/b.GeoJSON": export.GeoJSON, "c.ndjson": export.NDJSON, "c.jsonl": export.NDJSON,
		"d.json": "", "csv": "", "e.csv.gz": "", "": ""} {
		if got, err := export.FormatOf(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestEmptyExportIsNoFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		for o, want := range map[export.Format]string{export.NDJSON: "", export.GeoJSON: "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n"} {
			if got := addresses(t, s, models.ListFilter{}, export.Options{Format: o}); got != want {
				t.Errorf("%s: %q, want %q", o, got, want)
			}
		}
		plain := addresses(t, s, models.ListFilter{}, export.Options{Format: export.CSV})
		if !strings.HasPrefix(plain, "code,kind,") || strings.Count(plain, "\n") != 1 {
			t.Errorf("csv: %q", plain)
		}
		if marked := addresses(t, s, models.ListFilter{}, export.Options{Format: export.CSV, Mark: true}); marked != "\ufeff"+plain {
			t.Errorf("with a byte order mark: %q", marked)
		}
	})
}

// The three formats hold the same addresses, the ones of the list.
func TestFormatsDisagree(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := registry(t, db)
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := s.List(t.Context(), models.ListFilter{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		var want []models.PublicAddress
		for _, a := range list {
			want = append(want, units.Public(a, s.Today()))
		}
		var lines []models.PublicAddress
		for line := range strings.Lines(addresses(t, s, models.ListFilter{}, export.Options{Format: export.NDJSON})) {
			lines = append(lines, decoded(t, []byte(line)))
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("ndjson (-list +export):\n%s", diff)
		}
		var collection struct {
			Features []struct {
				ID         geo.Code
				Properties json.RawMessage
			}
		}
		if err := json.Unmarshal([]byte(addresses(t, s, models.ListFilter{}, export.Options{Format: export.GeoJSON})), &collection); err != nil {
			t.Fatal(err)
		}
		var features []models.PublicAddress
		for _, f := range collection.Features {
			features = append(features, decoded(t, f.Properties))
		}
		if diff := cmp.Diff(want, features); diff != "" {
			t.Errorf("geojson (-list +export):\n%s", diff)
		}
		table, err := csv.NewReader(strings.NewReader(addresses(t, s, models.ListFilter{}, export.Options{Format: export.CSV}))).ReadAll()
		if err != nil || len(table) != len(want)+1 {
			t.Fatalf("%d lines, %v", len(table), err)
		}
		for i, row := range table[1:] {
			if row[0] != want[i].Code.String() || row[5] != want[i].Text {
				t.Errorf("line %d is %q", i+2, row)
			}
		}
	})
}

func decoded(t *testing.T, text []byte) (p models.PublicAddress) {
	t.Helper()
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return p
}

// A spreadsheet that opens the table must compute nothing of it.
func TestTableHoldsAFormula(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		table, err := csv.NewReader(strings.NewReader(addresses(t, registry(t, db), models.ListFilter{Kind: "farm"}, export.Options{Format: export.CSV}))).ReadAll()
		if err != nil || len(table) != len(names)+1 {
			t.Fatalf("%d lines, %v", len(table), err)
		}
		armed := map[string]bool{}
		for _, row := range table {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@＝", []rune(cell)[0]) {
					t.Errorf("a cell holds %q", cell)
				}
				armed[cell] = true
			}
		}
		if !armed["'=SUM(A1)"] || !armed[`Quán "Cơm, Phở" 79`] {
			t.Errorf("the table is %q", table)
		}
	})
}

// broken takes some bytes and then no more, as a client that hangs up.
type broken struct {
	bytes.Buffer
	most int
}

var errGone = errors.New("nobody reads")

func (b *broken) Write(p []byte) (int, error) {
	if b.Len() > b.most {
		return 0, errGone
	}
	return b.Buffer.Write(p)
}

// An export that breaks off ends at once, with the error of who broke it, and
// what was written of a GeoJSON is none.
func TestBrokenExportLooksWhole(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := registry(t, db)
		out := &broken{most: 100_000}
		rows, err := export.Addresses(t.Context(), s, models.ListFilter{}, export.Options{Format: export.GeoJSON}, out)
		if !errors.Is(err, errGone) || rows == 0 || json.Valid(out.Bytes()) {
			t.Errorf("%d rows, %v, valid: %v", rows, err, json.Valid(out.Bytes()))
		}
		ctx, cancel := context.WithCancel(t.Context())
		var b bytes.Buffer
		_, err = export.Addresses(ctx, s, models.ListFilter{}, export.Options{Format: export.NDJSON, Begin: func(models.FeedPosition) error { cancel(); return nil }}, &b)
		if !errors.Is(err, context.Canceled) || b.Len() != 0 {
			t.Errorf("%d bytes, %v", b.Len(), err)
		}
		_, err = export.Units(t.Context(), s, models.UnitFilter{Day: s.Today()}, export.Options{Format: export.GeoJSON}, &broken{most: -1})
		if !errors.Is(err, errGone) {
			t.Errorf("%v", err)
		}
	})
}

func TestUnitsAreNotThoseOfTheDay(t *testing.T) {
	storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}.Each(t, func(t *testing.T, s *models.Store) {
		write := func(f models.UnitFilter, format export.Format) string {
			var b bytes.Buffer
			if _, err := export.Units(t.Context(), s, f, export.Options{Format: format}, &b); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		commune := models.UnitFilter{Day: "2026-01-15", Level: models.LevelCommune}
		table, err := csv.NewReader(strings.NewReader(write(commune, export.CSV))).ReadAll()
		if err != nil || len(table) != 37 {
			t.Fatalf("%d lines, %v", len(table), err)
		}
		want := []string{"commune", "25747", "Phường Thủ Dầu Một", "Phường", "79", "2025-07-01", "", "75123"}
		if diff := cmp.Diff(want, table[2]); diff != "" && table[1][1] != "25747" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		old := write(models.UnitFilter{Day: "2022-10-01"}, export.NDJSON)
		if n := strings.Count(old, "\n"); n != 102 {
			t.Errorf("%d units in 2022, want 102", n)
		}
		shapes := write(models.UnitFilter{Day: "2026-01-15"}, export.GeoJSON)
		if !json.Valid([]byte(shapes)) || strings.Count(shapes, `"geometry":null`) != 1 || strings.Count(shapes, `"MultiPolygon"`) != 36 {
			t.Errorf("%.500s", shapes)
		}
		if got := write(models.UnitFilter{Day: "1990-01-01"}, export.GeoJSON); got != "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n" {
			t.Errorf("of a day before all units: %q", got)
		}
	})
}

package handlers

import (
	"encoding/csv"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/demo"
	"diachiso/models/importfile"
	"diachiso/models/storetest"
)

// fillWithDemo imports addresses of the demo.
func fillWithDemo(t *testing.T, store *models.Store, size int) {
	t.Helper()
	var text strings.Builder
	if err := demo.WriteCSV(&text, 1, size); err != nil {
		t.Fatal(err)
	}
	file, err := importfile.Open(strings.NewReader(text.String()), importfile.CSV, importfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := store.Import(t.Context(), file, models.ImportOptions{Source: "demo", Actor: storetest.Clerk, Reject: func(r importfile.Rejection) error { return errors.New(r.Code) }})
	if err != nil || counts.Inserted != size {
		t.Fatalf("%+v, %v", counts, err)
	}
}

// gdal runs a program of GDAL and is what it says.
func gdal(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), storetest.Program(t, program), args...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// copyTable copies a layer into a table and is its rows, by the first column,
// after a heading.
func copyTable(t *testing.T, url, layer string, args ...string) [][]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), layer+".csv")
	gdal(t, "ogr2ogr", slices.Concat([]string{"-f", "CSV", "-lco", "GEOMETRY=AS_XY", path, "OAPIF:" + url, layer}, args)...)
	return readTable(t, path)
}

func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows[1:], func(a, b []string) int { return strings.Compare(a[2], b[2]) })
	return rows
}

// places are the code and the position of every address by SQL.
func (s *server) places(t *testing.T, where string) (places [][3]string) {
	t.Helper()
	for _, row := range s.database.Texts(t, "SELECT code, lng, lat FROM addresses WHERE "+where+" ORDER BY id") {
		position := strings.Split(inDegrees(t, row[1:3]), ",")
		places = append(places, [3]string{row[0], position[0], position[1]})
	}
	return places
}

// GDAL is a client that nobody here has written.
func TestGDALLosesFeatures(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, s *server) {
		fillWithDemo(t, s.store, 537)
		for _, url := range []string{s.url + "/ogc", s.url + "/ogc/"} {
			if layers := gdal(t, "ogrinfo", "-so", "OAPIF:"+url); !strings.Contains(layers, "1: addresses ") || !strings.Contains(layers, "2: units ") {
				t.Errorf("the layers of %s are\n%s", url, layers)
			}
		}
		for _, args := range [][]string{nil, {"-oo", "PAGE_SIZE=100"}, {"-oo", "PAGE_SIZE=10000"}} {
			wantPlaces(t, copyTable(t, s.url+"/ogc", "addresses", args...), s.places(t, "1 = 1"))
		}
		const box = "lng BETWEEN 1066000000 AND 1067500000 AND lat BETWEEN 109000000 AND 111000000"
		within := s.places(t, box)
		if len(within) < 3 || len(within) > 500 {
			t.Fatalf("%d addresses lie in the box", len(within))
		}
		wantPlaces(t, copyTable(t, s.url+"/ogc/", "addresses", "-spat", "106.6", "10.9", "106.75", "11.1"), within)
		// GDAL reads in the document which properties the server filters by.
		wantPlaces(t, copyTable(t, s.url+"/ogc", "addresses", "-where", "kind = 'farm'"), s.places(t, "kind = 'farm'"))
		if log := s.log.String(); !strings.Contains(log, `"route":"/ogc/api"`) {
			t.Error("GDAL did not ask for the document")
		}
		if units := copyTable(t, s.url+"/ogc", "units"); len(units)-1 != s.database.Count(t, "SELECT count(*) FROM admin_units") {
			t.Errorf("%d units", len(units)-1)
		}
	})
}

// wantPlaces compares what GDAL wrote with SQL: each code once, at its place.
func wantPlaces(t *testing.T, rows [][]string, want [][3]string) {
	t.Helper()
	if !slices.Equal(rows[0][:4], []string{"X", "Y", "id", "code"}) || len(rows[0]) != 2+1+25 {
		t.Fatalf("the columns are %v", rows[0])
	}
	var got [][3]string
	for _, row := range rows[1:] {
		point, err := geo.ParsePoint(row[1], row[0])
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, [3]string{row[2], geo.FormatE7(point.Lng), geo.FormatE7(point.Lat)})
	}
	sorted := slices.SortedFunc(slices.Values(want), func(a, b [3]string) int { return strings.Compare(a[0], b[0]) })
	if diff := cmp.Diff(sorted, got); diff != "" {
		t.Errorf("-by SQL +by GDAL:\n%s", diff)
	}
}

// With the ordinary limit of requests a page must be large enough.
func TestGDALMeetsTheRateLimit(t *testing.T) {
	store := storetest.Options{Boundaries: true, Now: storetest.Noon(today)}
	store.Each(t, func(t *testing.T, s *models.Store) {
		fillWithDemo(t, s, 150)
		listening := httptest.NewServer(New(s, Options{RateLimit: 10}))
		t.Cleanup(listening.Close)
		if rows := copyTable(t, listening.URL+"/ogc", "addresses", "-oo", "PAGE_SIZE=10000"); len(rows) != 151 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

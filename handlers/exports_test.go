package handlers

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diachiso/models/storetest"
)

// snapshot loads the export into a new mirror and answers its position.
func (s *server) snapshot(t *testing.T) (*mirror, string) {
	t.Helper()
	w, body := s.play(t, scenario{path: exportPattern, status: 200, header: []string{"Content-Type: application/x-ndjson", "Snapshot: *"}})
	m := &mirror{rows: map[string]row{}}
	if err := m.load(body); err != nil {
		t.Fatal(err)
	}
	return m, w.Header.Get("Snapshot")
}

func TestExport(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		empty, position := s.snapshot(t)
		if len(empty.rows) != 0 || !strings.HasSuffix(position, ".0") {
			t.Errorf("an empty registry: %d rows at %s", len(empty.rows), position)
		}
		s.registerHouses(t, 0, 5)
		full, position := s.snapshot(t)
		full.isComplete(t, s, s.registry(t), 5)
		s.run(t, []scenario{
			{name: "head", method: "HEAD", path: exportPattern, status: 200, header: []string{"Snapshot: " + position, "Content-Type: application/x-ndjson",
				"Link: </v1/changes?since=" + position + `>; rel="monitor"`, "Cache-Control: no-cache"}},
			{name: "what follows", path: "/v1/changes?since=" + position, status: 200, want: []string{`"changes":[]`}},
			{name: "another format", path: exportPattern, headers: []string{"Accept: text/csv"}, status: 406},
			{name: "a page of it", path: exportPattern + "?limit=10", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "compressed", path: exportPattern, headers: []string{"Accept-Encoding: gzip"}, status: 200, header: []string{"Content-Encoding: gzip", "Snapshot: *"}},
		})
	})
}

// exportFiles are all exports with their media types.
var exportFiles = map[string]string{
	"addresses.ndjson": "application/x-ndjson", "addresses.geojson": "application/geo+json", "addresses.csv": "text/csv; charset=utf-8; header=present",
	"units.ndjson": "application/x-ndjson", "units.geojson": "application/geo+json", "units.csv": "text/csv; charset=utf-8; header=present",
}

func TestExportFiles(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 5)
		_, position := s.snapshot(t)
		for file, mediaType := range exportFiles {
			path := exportPrefix + file
			header := []string{"Content-Type: " + mediaType, "Snapshot: " + position, "Link: </v1/changes?since=" + position + `>; rel="monitor"`, "Cache-Control: no-cache"}
			s.run(t, []scenario{
				{name: file, path: path, status: 200, header: header},
				{name: file + " head", method: "HEAD", path: path, status: 200, header: header},
				{name: file + " options", method: "OPTIONS", path: path, status: 204, header: []string{"Allow: GET, HEAD, OPTIONS"}},
				{name: file + " by another method", method: "POST", path: path, status: 405},
				{name: file + " as a picture", path: path, headers: []string{"Accept: image/png"}, status: 406, want: []string{"/problems/not-acceptable"}},
				{name: file + " of another origin", path: path, headers: []string{"Origin: https://maps.example"}, status: 200, header: []string{"Access-Control-Expose-Headers: Snapshot"}},
				{name: file + " page", path: path + "?limit=10", status: 400, want: []string{"/problems/unknown-parameter", `"parameter":"limit"`}},
				{name: file + " of another kind", path: path + "x", status: 404},
			})
		}
		s.run(t, []scenario{
			{name: "another ending", path: exportPrefix + "addresses.xlsx", status: 404, want: []string{"/problems/no-such-path"}},
			{name: "no ending", path: exportPrefix + "addresses", status: 404},
			{name: "another thing", path: exportPrefix + "contacts.csv", status: 404},
		})
	})
}

func TestExportFilters(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 5)
		farm := s.register(t, `{"kind":"farm","lat":11.06,"lng":106.75,"name":"=Vườn, \"bưởi\"","name_public":true}`)
		s.play(t, s.write("POST", "/v1/addresses/28XMJ25Q66/retire", `{"reason":"gone"}`, 200))
		for _, file := range []string{"addresses.ndjson", "addresses.geojson", "addresses.csv"} {
			path := exportPrefix + file
			for query, want := range map[string]int{
				"": 6, "?kind=farm": 1, "?kind=household": 5, "?status=retired": 1, "?status=current": 5, "?commune=25747": 5, "?commune=25747&status=current": 4,
				"?bbox=106.74,11.05,106.76,11.07": 1, "?bbox=-180,-90,180,90": 6, "?updated_since=2026-01-15": 6, "?updated_since=2026-01-16": 0,
				"?kind=farm&commune=25747": 0, "?kind=shop": 0, "?bbox=119,23,119.5,23.5": 0,
			} {
				_, body := s.play(t, scenario{path: path + query, status: 200})
				if got := len(codesIn(t, strings.TrimPrefix(file, "addresses."), body)); got != want {
					t.Errorf("%s%s has %d addresses, want %d\n%s", file, query, got, want, body)
				}
			}
			s.run(t, []scenario{
				{name: file + " of three numbers", path: path + "?bbox=106,10,107", status: 400, want: []string{"/problems/bad-bbox", `"parameter":"bbox"`}},
				{name: file + " of six numbers", path: path + "?bbox=106,10,0,107,11,9", status: 400, want: []string{"/problems/bbox-3d"}},
				{name: file + " of words", path: path + "?bbox=a,b,c,d", status: 400, want: []string{"/problems/not-a-number"}},
				{name: file + " inside out", path: path + "?bbox=107,11,106,10", status: 400, want: []string{"/problems/bbox-inverted"}},
				{name: file + " over the date line", path: path + "?bbox=170,10,-170,11", status: 400, want: []string{"/problems/bbox-inverted"}},
				{name: file + " swapped", path: path + "?bbox=10,106,11,107", status: 400, want: []string{"/problems/swapped"}},
				{name: file + " in Paris", path: path + "?bbox=2,48,3,49", status: 400, want: []string{"/problems/outside-window"}},
				{name: file + " of an empty box", path: path + "?bbox=", status: 400, want: []string{"/problems/empty"}},
				{name: file + " of no commune", path: path + "?commune=99999", status: 400, want: []string{"/problems/unknown-commune"}},
				{name: file + " of a castle", path: path + "?kind=castle", status: 400, want: []string{"/problems/unknown-value"}},
				{name: file + " of the lost", path: path + "?status=lost", status: 400, want: []string{"/problems/unknown-value"}},
				{name: file + " since yesterday", path: path + "?updated_since=yesterday", status: 400, want: []string{"/problems/bad-time"}},
				{name: file + " from a cursor", path: path + "?cursor=YTEyOFhNSjI1UTY2", status: 400, want: []string{"/problems/unknown-parameter"}},
				{name: file + " of all faults", path: path + "?kind=castle&status=lost", status: 400, want: []string{"has 2 errors"}},
				{name: file + " in Vietnamese", path: path + "?bbox=1", headers: []string{"Accept-Language: vi"}, status: 400, want: []string{"Khung gồm bốn số"}},
			})
		}
		s.run(t, []scenario{
			{name: "a formula", path: exportPrefix + "addresses.csv?kind=farm", status: 200, want: []string{`,"'=Vườn, ""bưởi""",`, farm}},
			{name: "with its mark", path: exportPrefix + "addresses.csv?bom=true", status: 200, want: []string{"\ufeffcode,kind,"}},
			{name: "without it", path: exportPrefix + "addresses.csv?bom=false", status: 200, never: []string{"\ufeff"}},
			{name: "with half of it", path: exportPrefix + "addresses.csv?bom=1", status: 400, want: []string{"/problems/unknown-value", `"parameter":"bom"`}},
			{name: "of units with half of it", path: exportPrefix + "units.csv?bom=yes", status: 400, want: []string{"/problems/unknown-value"}},
			{name: "where there is none", path: exportPrefix + "addresses.geojson?bom=true", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "as the list has them", path: exportPrefix + "addresses.geojson?kind=farm", status: 200,
				want: []string{"{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"id\":\"" + farm + "\"", "}}\n]}\n"}},
			{name: "units of a level", path: exportPrefix + "units.csv?level=province", status: 200,
				want: []string{"level,code,name,kind,parent,valid_from,valid_to,postcode\nprovince,79,Thành phố Hồ Chí Minh,"}, never: []string{"commune,"}},
			{name: "units of 2022", path: exportPrefix + "units.csv?as_of=2022-10-01&level=district", status: 200, want: []string{"Thành phố Thủ Dầu Một"}},
			{name: "units with boundaries", path: exportPrefix + "units.geojson?level=commune", status: 200, want: []string{`"type":"MultiPolygon"`}, never: []string{`"geometry":null`}},
			{name: "units without", path: exportPrefix + "units.geojson?level=province", status: 200, want: []string{`"geometry":null`}},
			{name: "units of no level", path: exportPrefix + "units.ndjson?level=hamlet", status: 400, want: []string{"/problems/unknown-value"}},
			{name: "units of no day", path: exportPrefix + "units.ndjson?as_of=today", status: 400, want: []string{"/problems/bad-day"}},
			{name: "units of a box", path: exportPrefix + "units.ndjson?bbox=106,10,107,11", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "units of a day before all", path: exportPrefix + "units.geojson?as_of=1990-01-01", status: 200, want: []string{"\"features\":[\n]}"}},
		})
	})
}

// The pages that a snapshot is read in must fit together.
func TestExportLosesARowBetweenPages(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 1_001)
		m, _ := s.snapshot(t)
		if len(m.rows) != 1_001 {
			t.Errorf("%d rows, want 1001", len(m.rows))
		}
	})
}

func TestExportsForEverybody(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 10_000) // more than the connection holds
		w := s.open(t, exportPattern)
		s.play(t, scenario{path: exportPattern, status: 429, want: []string{"/problems/too-many-exports"}, header: []string{"Retry-After: 5"}})
		w.Body.Close()
		s.eventually(t, func() bool {
			again := s.open(t, exportPattern)
			defer again.Body.Close()
			return again.StatusCode == 200
		})
		s.eventually(t, func() bool { return strings.Contains(s.log.String(), `"level":"INFO","msg":"answer broken off"`) })
	})
}

// Whoever hangs up in the middle costs nothing that lasts: the seat is free, the
// transaction is over, and the only reading connection answers others.
func TestExportOutlivesItsReader(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		store := db.Open(t, storetest.Options{Boundaries: true, Connections: 1})
		s := &server{store: store, database: db, log: &journal{}, contract: openContract(t)}
		s.importHouses(t, 0, 10_000)
		a := newAPI(store, Options{Logger: slog.New(slog.NewJSONHandler(s.log, nil))})
		listening := httptest.NewServer(a.router())
		defer listening.Close()
		s.url = listening.URL
		for _, file := range []string{"addresses.ndjson", "addresses.geojson", "addresses.csv"} {
			w := s.open(t, exportPrefix+file)
			if _, err := io.ReadFull(w.Body, make([]byte, 100_000)); err != nil {
				t.Fatal(err)
			}
			w.Body.Close()
			s.eventually(t, a.exports.free)
			soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if err := store.Ready(soon); err != nil {
				t.Errorf("after %s: %v", file, err)
			}
			cancel()
		}
	})
}

// A GeoJSON that breaks off is none.
func TestBrokenGeoJSONIsWhole(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 10_000)
		s.url = s.paced(t, pace{still: time.Minute, whole: 300 * time.Millisecond}, nil).URL
		w := s.open(t, exportPrefix+"addresses.geojson")
		defer w.Body.Close()
		time.Sleep(500 * time.Millisecond)
		body, err := io.ReadAll(w.Body)
		if err == nil || json.Valid(body) {
			t.Errorf("%d bytes end properly, valid: %v", len(body), json.Valid(body))
		}
	})
}

// A short answer must not look like a whole one.
func TestExportEndsEarlyInSilence(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 10_000)
		s.url = s.paced(t, pace{still: time.Minute, whole: 300 * time.Millisecond}, nil).URL
		w := s.open(t, exportPattern)
		defer w.Body.Close()
		time.Sleep(500 * time.Millisecond)
		if n, err := io.Copy(io.Discard, w.Body); err == nil {
			t.Errorf("the answer ends properly after %d bytes", n)
		}
	})
}

// open begins to read an answer.
func (s *server) open(t *testing.T, path string) *http.Response {
	t.Helper()
	w, err := client.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// importHouses imports houses number first to before last, 12 m apart, a
// hundred in a street.
func (s *server) importHouses(t *testing.T, first, last int) {
	t.Helper()
	if err := importHouses(t.Context(), s.store, first, last, "Khu phố 2"); err != nil {
		t.Fatal(err)
	}
}

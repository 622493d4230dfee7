package handlers

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
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

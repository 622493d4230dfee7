package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"diachiso/bench/variant"
	"diachiso/geo/text"
)

// double is a registry of invented addresses that finds what is written as it
// writes, accents aside, and nothing else.
type double struct {
	*httptest.Server
	records []variant.Record
	mu      sync.Mutex
	asked   []string // the texts, in order
	fail    func(w http.ResponseWriter, r *http.Request) bool
}

func newDouble(t *testing.T, size int) *double {
	d := &double{}
	for i := range size {
		d.records = append(d.records, house(i))
	}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

// house is the i-th address.
func house(i int) variant.Record {
	r := variant.Record{Code: fmt.Sprintf("28XMJ25%03d", i)}
	r.Parts = variant.Parts{HouseNumber: strconv.Itoa(i + 1), Street: "Đường Nguyễn Trãi", Hamlet: "Khu phố 3"}
	r.Commune.Name = "Phường Phú Lợi"
	front := r.Parts.HouseNumber + " Đường Nguyễn Trãi, Khu phố 3, "
	r.Text = front + "Phường Phú Lợi, Thành phố Hồ Chí Minh"
	r.Formerly = front + "Phường Phú Hòa, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"
	return r
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil && d.fail(w, r) {
		return
	}
	switch r.URL.Path {
	case "/v1/addresses":
		d.page(w, r)
	case "/v1/search":
		d.find(w, r, "features", func(rec variant.Record) any {
			return map[string]any{"type": "Feature", "properties": properties(rec)}
		})
	case "/v1/suggest":
		d.find(w, r, "suggestions", func(rec variant.Record) any {
			return map[string]any{"text": rec.Text, "label": rec.Text, "type": "address", "code": rec.Code}
		})
	default:
		http.NotFound(w, r)
	}
}

func properties(rec variant.Record) map[string]any {
	return map[string]any{"code": rec.Code, "text": rec.Text, "formerly": rec.Formerly, "match": map[string]any{"class": "A", "score": 1}}
}

// page answers seven addresses at a time.
func (d *double) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("f") != "ndjson" || q.Get("status") != "current" {
		http.Error(w, "another list than asked for", http.StatusInternalServerError)
		return
	}
	from, _ := strconv.Atoi(q.Get("cursor"))
	to := min(from+7, len(d.records))
	if to < len(d.records) {
		w.Header().Set("Link", fmt.Sprintf(`</v1/addresses?status=current&limit=1000&f=ndjson&cursor=%d>; rel="next"`, to))
	}
	lines := json.NewEncoder(w)
	for _, record := range d.records[from:to] {
		lines.Encode(record)
	}
}

func (d *double) find(w http.ResponseWriter, r *http.Request, member string, show func(variant.Record) any) {
	q := r.URL.Query().Get("q")
	d.asked = append(d.asked, q)
	found := []any{}
	for _, rec := range d.records {
		if key := text.Fold(q); key == text.Fold(rec.Text) || key == text.Fold(rec.Formerly) {
			found = append(found, show(rec))
		}
	}
	json.NewEncoder(w).Encode(map[string]any{member: found})
}

// run is the command against a double.
func run(t *testing.T, url string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e strings.Builder
	code = command(t.Context(), append([]string{"-url", url}, args...), &o, &e)
	return code, o.String(), e.String()
}

// row is the line of a report that begins with a name.
func row(t *testing.T, out, name string) []string {
	t.Helper()
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == name {
			return fields
		}
	}
	t.Fatalf("no line %s in:\n%s", name, out)
	return nil
}

func contains(t *testing.T, what, in string) {
	t.Helper()
	if !strings.Contains(in, what) {
		t.Errorf("%q is not in:\n%s", what, in)
	}
}

func equalColumns(t *testing.T, fields []string, want ...string) {
	t.Helper()
	if len(fields) < len(want) || !slices.Equal(fields[:len(want)], want) {
		t.Errorf("row %v, want it to begin %v", fields, want)
	}
}

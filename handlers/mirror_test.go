package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/importfile"
	"diachiso/models/storetest"
)

// row is an address as a mirror keeps it: members by name.
type row map[string]json.RawMessage

// mirror is a copy of the registry that reads the feed as docs/changes.md says.
type mirror struct {
	rows map[string]row
	seen []int64
}

// apply takes one change in.
func (m *mirror) apply(line feedLine) error {
	row := row{}
	if err := json.Unmarshal(line.After, &row); err != nil {
		return err
	}
	m.rows[line.Code] = row
	for _, r := range line.Related {
		if known := m.rows[r.Code]; known != nil {
			known["supersedes"], known["successors"] = r.Supersedes, r.Successors
		}
	}
	m.seen = append(m.seen, line.Seq)
	return nil
}

// load takes a snapshot in.
func (m *mirror) load(ndjson string) error {
	for line := range strings.Lines(ndjson) {
		row := row{}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return fmt.Errorf("%w: %s", err, line)
		}
		var code string
		if err := json.Unmarshal(row["code"], &code); err != nil {
			return err
		}
		if m.rows[code] != nil {
			return fmt.Errorf("%s is there twice", code)
		}
		m.rows[code] = row
	}
	return nil
}

// follow polls from a path on until the feed is done and nothing is new.
func (m *mirror) follow(get func(path string) (feedPage, error), path string, done func() bool) error {
	for {
		finished := done() // before the question, so that the last question sees all
		page, err := get(path)
		if err != nil {
			return err
		}
		for _, line := range page.Changes {
			if err := m.apply(line); err != nil {
				return err
			}
		}
		if path = page.Next; finished && !page.More {
			return nil
		}
	}
}

// registry is what GET answers for every address there is, by code.
func (s *server) registry(t *testing.T) map[string]string {
	t.Helper()
	router := newAPI(s.store, Options{}).router()
	all := map[string]string{}
	for _, line := range s.database.Texts(t, "SELECT code FROM addresses") {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/addresses/"+line[0], nil))
		all[line[0]] = canonical(t, w.Body.Bytes())
	}
	return all
}

// isComplete proves that the mirror has seen every change after a number once
// and in order, and is what the registry answers, code by code.
func (m *mirror) isComplete(t *testing.T, s *server, registry map[string]string, after int64) {
	t.Helper()
	var want []int64
	for _, line := range s.database.Texts(t, "SELECT seq FROM changes WHERE seq > ? ORDER BY seq", after) {
		seq, err := strconv.ParseInt(line[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, seq)
	}
	if !slices.Equal(m.seen, want) {
		t.Errorf("the mirror has seen %d of %d changes, or not in order", len(m.seen), len(want))
	}
	got := map[string]string{}
	for code, r := range m.rows {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got[code] = canonical(t, text)
	}
	if !maps.Equal(got, registry) {
		t.Errorf("the mirror is not the registry:\n%.4000s", cmp.Diff(registry, got))
	}
}

// canonical is JSON with the members of objects in alphabetic order.
func canonical(t *testing.T, text []byte) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// importHouses imports houses number first to before last of a list, 12 m
// apart, a hundred in a street, in a hamlet; those that are there already
// are updated where that is another one.
func importHouses(ctx context.Context, s *models.Store, first, last int, hamlet string) error {
	var csv strings.Builder
	csv.WriteString("kind,house_number,street,hamlet,commune,lat,lng,ref\n")
	for n := first; n < last; n++ {
		p := storetest.Metres(storetest.ThuDauMot, 12*float64(n/100-50), 12*float64(n%100))
		fmt.Fprintf(&csv, "household,%d,Đường số %d,%s,25747,%s,%s,R%d\n", n%100+1, n/100+1, hamlet, geo.FormatE7(p.Lat), geo.FormatE7(p.Lng), n)
	}
	file, err := importfile.Open(strings.NewReader(csv.String()), importfile.CSV, importfile.Options{})
	if err != nil {
		return err
	}
	_, err = s.Import(ctx, file, models.ImportOptions{Source: "list", Actor: storetest.Clerk,
		Reject: func(r importfile.Rejection) error { return fmt.Errorf("line %d is rejected: %s", r.Line, r.Code) }})
	return err
}

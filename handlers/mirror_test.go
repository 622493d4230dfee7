package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

// compare finds where the mirror is not what the registry answers.
func (m *mirror) compare(t *testing.T, s *server) {
	t.Helper()
	if n := s.database.Count(t, "SELECT count(*) FROM addresses"); n != len(m.rows) {
		t.Errorf("the mirror has %d addresses, the registry %d", len(m.rows), n)
	}
	router := newAPI(s.store, Options{}).router()
	for code, row := range m.rows {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/addresses/"+code, nil))
		got, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		if want := canonical(t, w.Body.Bytes()); want != canonical(t, got) {
			t.Errorf("%s is\n%s\nin the mirror\n%s", code, want, got)
			return
		}
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

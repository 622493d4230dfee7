package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// wardsFile are the real boundaries of today's communes, which are not part of
// the project.
const wardsFile = "../../../shared/data/binhduong_wards_2025.geojson"

// TestACommunesList imports a list as an officer types it, with the real
// boundaries: what becomes of every row, and then finds each registered one by
// its code, at its place and in the list.
func TestACommunesList(t *testing.T) {
	if _, err := os.Stat(wardsFile); err != nil {
		t.Skip("The real boundaries (shared/data beside the project) are not here: the typed list is not imported.")
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "units", "import", "--boundaries", wardsFile).expect(t, exitDone, "boundaries: 36 loaded\n", "warning: Unit 25807")
		path := filepath.Join(t.TempDir(), "list.csv")
		text, err := os.ReadFile("../../testdata/commune-list.csv")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		want := expectedOutcomes(t)
		counts := want.counts()
		o := commandOn(t, db, "import", path, "--source", "UBND")
		o.expect(t, exitFailed, fmt.Sprintf("%d rows read: %d inserted, 0 updated, %d unchanged, %d rejected\n",
			len(want), counts["inserted"], counts["unchanged"], counts["rejected"]), "The rejected rows and the reasons are in")
		want.compare(t, rejected(t, path))
		o = commandOn(t, db, "import", path, "--source", "UBND")
		o.expect(t, exitFailed, fmt.Sprintf("%d rows read: 0 inserted, 0 updated, %d unchanged, %d rejected\n",
			len(want), counts["inserted"]+counts["unchanged"], counts["rejected"]), "errors.csv")
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.\n", "")
		findAll(t, db, counts["inserted"])
	})
}

// expectations are the outcome and the code of every row by its line.
type expectations map[string][2]string

func expectedOutcomes(t *testing.T) expectations {
	t.Helper()
	file, err := os.Open("../../testdata/commune-list.expected.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := expectations{}
	for _, row := range rows[1:] {
		want[row[0]] = [2]string{row[1], row[2]}
	}
	return want
}

func (want expectations) counts() map[string]int {
	counts := map[string]int{}
	for _, w := range want {
		counts[w[0]]++
	}
	return counts
}

func (want expectations) compare(t *testing.T, rejected map[string][]string) {
	t.Helper()
	for line, w := range want {
		row := rejected[line]
		switch {
		case w[0] != "rejected" && row != nil:
			t.Errorf("line %s is rejected: %s", line, row[2])
		case w[0] == "rejected" && row == nil:
			t.Errorf("line %s is not rejected, want %s", line, w[1])
		case w[0] == "rejected" && row[1] != w[1]:
			t.Errorf("line %s is rejected as %s (%s), want %s", line, row[1], row[2], w[1])
		}
	}
	for line := range rejected {
		if _, known := want[line]; !known {
			t.Errorf("line %s is rejected and not expected at all", line)
		}
	}
}

// found is what the test reads of an address.
type found struct {
	Code     string
	Text     string
	Position struct{ Lat, Lng json.Number }
}

// findAll lists all addresses over HTTP, page by page, and asks for each by
// its code and at its place.
func findAll(t *testing.T, db storetest.Database, want int) {
	s := serving(t, db, lastLine)
	listed := 0
	for path := "/v1/addresses?limit=60"; path != ""; {
		var page struct {
			Addresses []found
			Next      string
		}
		fetch(t, s, path, &page)
		for _, a := range page.Addresses {
			listed++
			var resolved struct{ Matches []json.RawMessage }
			fetch(t, s, "/v1/resolve/"+a.Code, &resolved)
			if len(resolved.Matches) != 1 || !strings.Contains(string(resolved.Matches[0]), `"`+a.Code+`"`) {
				t.Errorf("%s resolves to %s", a.Code, resolved.Matches)
			}
			reverse(t, s, a)
		}
		path = page.Next
	}
	if listed != want {
		t.Errorf("%d addresses are listed, want %d", listed, want)
	}
}

// reverse looks for an address at its own place, among up to fifty of a tower.
func reverse(t *testing.T, s *server, a found) {
	t.Helper()
	var near struct {
		Matches []struct {
			DistanceM float64 `json:"distance_m"`
			Address   found
		}
	}
	fetch(t, s, fmt.Sprintf("/v1/reverse?lat=%s&lng=%s&limit=50&radius=10", a.Position.Lat, a.Position.Lng), &near)
	for _, m := range near.Matches {
		if m.Address.Code == a.Code {
			if m.DistanceM != 0 {
				t.Errorf("%s is %f m from itself", a.Code, m.DistanceM)
			}
			return
		}
	}
	t.Errorf("%s (%s) is not found at its place", a.Code, a.Text)
}

func fetch(t *testing.T, s *server, path string, into any) {
	t.Helper()
	status, body := get(t, s, path)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		t.Fatalf("%s: %v in %s", path, err, body)
	}
}

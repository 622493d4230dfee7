package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// filled is the URL of a registry of some houses and a farm.
func filled(t *testing.T, houses int) string {
	t.Helper()
	db := storetest.SQLite(t)
	store := db.Open(t, storetest.Options{Boundaries: true})
	for n := range houses {
		house := storetest.House(n + 1)
		house.Parts.Street = "Đường Nguyễn Trãi" // long enough a name for a slip
		storetest.Register(t, store, house)
	}
	storetest.Register(t, store, storetest.Farm("Vườn bưởi Bạch Đằng"))
	return db.URL
}

func TestRun(t *testing.T) {
	s := settings{url: filled(t, 40), clients: 3, requests: 30, texts: 10, rounds: 3, only: "re"}
	var out strings.Builder
	if err := run(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines:\n%s", len(lines), out.String())
	}
	for i, want := range []string{"database sqlite, 41 addresses, 30 requests a round (10 by text), middle of 3 rounds", "resolve by code ", "reverse, 5 nearest "} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %q, want it to begin %q", lines[i], want)
		}
	}
	for _, want := range []string{"3 clients", "/s", "p50", "p99", "bare handler", "ratio ", "bytes)"} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("no %q in %q", want, lines[1])
		}
	}
}

func TestRunOfExports(t *testing.T) {
	s := settings{url: filled(t, 40), clients: 1, requests: 1, texts: 1, rounds: 2, only: "export"}
	var out strings.Builder
	if err := run(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines:\n%s", len(lines), out.String())
	}
	for i, format := range []string{"ndjson", "geojson", "csv"} {
		for _, want := range []string{"export " + format + " ", " rows/s", "bare stream", "ratio ", "heap + ", "(41 rows, answer of "} {
			if !strings.Contains(lines[i+1], want) {
				t.Errorf("no %q in %q", want, lines[i+1])
			}
		}
	}
}

func TestRunNeedsAddresses(t *testing.T) {
	db := storetest.SQLite(t)
	db.Open(t, storetest.Options{})
	err := run(t.Context(), settings{url: db.URL, clients: 1, requests: 1, texts: 1, rounds: 1}, &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "diachiso demo") {
		t.Errorf("an empty registry: %v", err)
	}
}

func TestDrawIsOfAllAddressesAndRepeatable(t *testing.T) {
	store, err := models.Open(t.Context(), models.Options{URL: filled(t, 30)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	d, err := draw(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	again, err := draw(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.texts, again.texts) || !slices.Equal(d.codes, again.codes) {
		t.Error("drawn again, it is another order")
	}
	if slices.IsSorted(d.codes) {
		t.Error("the codes stand in their order")
	}
	if len(d.codes) != 31 || len(d.positions) != 31 || len(d.texts) != len(d.unfinished) || len(d.texts) < 25 {
		t.Errorf("%d codes, %d positions, %d texts, %d beginnings", len(d.codes), len(d.positions), len(d.texts), len(d.unfinished))
	}
	seen := slices.Clone(d.texts)
	slices.Sort(seen)
	if len(slices.Compact(seen)) != len(d.texts) {
		t.Error("a text twice")
	}
	for _, p := range d.positions {
		if values, err := url.ParseQuery(p); err != nil || !strings.HasPrefix(values.Get("lat"), "1") || !strings.HasPrefix(values.Get("lng"), "106.") {
			t.Errorf("position %q", p)
		}
	}
	for _, text := range d.texts {
		if strings.ContainsFunc(text, func(r rune) bool { return r > 127 }) {
			t.Errorf("accents in %q", text)
		}
	}
}

// drawnOf are n invented requests of each kind.
func drawnOf(n int) drawn {
	var d drawn
	for i := range n {
		d.codes = append(d.codes, fmt.Sprint("c", i))
		d.positions = append(d.positions, fmt.Sprint("p", i))
		d.points = append(d.points, storetest.Metres(storetest.ThuDauMot, float64(100*i), 0))
		d.texts = append(d.texts, fmt.Sprintf(`%d "duong", kp`, i))
		d.unfinished = append(d.unfinished, fmt.Sprint(i, " duo"))
	}
	return d
}

func TestNoTextIsAskedTwice(t *testing.T) {
	s := settings{clients: 8, requests: 1000, texts: 300, rounds: 5}
	whole, beginnings := map[string]string{}, map[string]string{} // which work asked
	for _, w := range works(drawnOf(4000), s)[3:] {               // those by text
		asked := whole
		if w.name == "suggest" {
			asked = beginnings
		}
		for round := range s.rounds {
			for _, r := range w.of(round) {
				for _, text := range textsOf(t, r) {
					if was := asked[text]; was != "" {
						t.Fatalf("%q is asked by %q and by %q", text, was, w.name)
					}
					asked[text] = w.name
				}
			}
		}
	}
	if len(whole) != 4*5*200 || len(beginnings) != 2*5*200 {
		t.Errorf("%d texts and %d beginnings", len(whole), len(beginnings))
	}
}

// textsOf are the texts that a request asks for.
func textsOf(t *testing.T, r request) []string {
	t.Helper()
	if r.body == "" {
		path, err := url.Parse(r.path)
		if err != nil {
			t.Fatal(err)
		}
		return []string{path.Query().Get("q")}
	}
	rows, err := csv.NewReader(strings.NewReader(r.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows[1:] {
		texts = append(texts, row[0])
	}
	return texts
}

func TestWorks(t *testing.T) {
	s := settings{clients: 8, requests: 1000, texts: 300, rounds: 5}
	var got []string
	for _, w := range works(drawnOf(8000), s) {
		got = append(got, fmt.Sprintf("%s: %d clients, %d a round of %d rows", w.name, w.clients, w.round, w.rows))
	}
	want := []string{
		"resolve by code: 8 clients, 1000 a round of 1 rows", "reverse, 5 nearest: 8 clients, 1000 a round of 1 rows",
		"tile z14, kept: 8 clients, 1000 a round of 1 rows",
		"search: 1 clients, 300 a round of 1 rows", "search: 8 clients, 300 a round of 1 rows",
		"suggest: 1 clients, 300 a round of 1 rows", "suggest: 8 clients, 300 a round of 1 rows",
		"batch search of 100: 1 clients, 3 a round of 100 rows", "batch search of 75: 4 clients, 4 a round of 75 rows",
	}
	if !slices.Equal(got, want) {
		t.Errorf("works:\n%s", strings.Join(got, "\n"))
	}
}

func TestWorksOfFewAddresses(t *testing.T) {
	for n := range 9 {
		for _, w := range works(drawnOf(n), settings{clients: 8, requests: 1000, texts: 300, rounds: 5}) {
			if len(w.requests) > 0 && len(w.of(3)) != w.round {
				t.Errorf("%d addresses, %s: %d requests", n, w.name, len(w.of(3)))
			}
		}
	}
	if err := compare(settings{rounds: 1}, work{}, "", nil); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("a work of nothing: %v", err)
	}
}

func TestPostsAreTables(t *testing.T) {
	list := posts("/v1/batch/search", []string{"12 Yersin", `a "b", c`, "d"}, 2)
	want := []request{{"/v1/batch/search", "q\n12 Yersin\n\"a \"\"b\"\", c\"\n"}, {"/v1/batch/search", "q\nd\n"}}
	if !slices.Equal(list, want) {
		t.Errorf("%q", list)
	}
}

func TestBareHandlerAnswersAConstant(t *testing.T) {
	address, stop, err := serve(bareHandler(100))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, r := range []request{{path: "/"}, {"/", "q\nx\n"}} {
		if n, err := bodySize(address, r); n != 100 || err != nil {
			t.Errorf("%q: %d bytes, %v", r.body, n, err)
		}
	}
	if _, err := bodySize(address, request{path: "/nowhere"}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("404: %v", err)
	}
	if n, err := answerSize(address, work{requests: []request{{path: "/"}, {path: "/"}}}); n != 100 || err != nil {
		t.Errorf("mean %d, %v", n, err)
	}
}

func TestMiddle(t *testing.T) {
	if got := middle([]result{{rate: 9}, {rate: 1}, {rate: 5}}); got.rate != 5 {
		t.Errorf("%v", got.rate)
	}
}

func TestCheck(t *testing.T) {
	good := settings{clients: 2, requests: 2, texts: 2, rounds: 1}
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*settings){
		"no client":   func(s *settings) { s.clients = 0 },
		"no round":    func(s *settings) { s.rounds = 0 },
		"few codes":   func(s *settings) { s.requests = 1 },
		"few texts":   func(s *settings) { s.texts = 1 },
		"all of them": func(s *settings) { *s = settings{} },
	} {
		s := good
		if change(&s); s.check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestCompareNamesWhatFails(t *testing.T) {
	address, stop, err := serve(http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	w := work{name: "search", clients: 1, requests: []request{{path: "/v1/search?q=x"}}, round: 1, rows: 1}
	if err := compare(settings{rounds: 1}, w, address, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "/v1/search?q=x answers 404") {
		t.Errorf("%v", err)
	}
}

func TestTilesAreCompared(t *testing.T) {
	s := settings{url: filled(t, 40), clients: 2, requests: 10, texts: 10, rounds: 1, only: "tile"}
	var out strings.Builder
	if err := run(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tile z14, kept ", "tile z14, first ", "the largest answer "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
)

func TestTheExampleFileReads(t *testing.T) {
	file, err := os.Open("../testdata/cases.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cases, err := readCases(file)
	if err != nil {
		t.Fatal(err)
	}
	places, skipped := 0, 0
	for _, c := range cases {
		if c.place != nil {
			places++
		}
		if c.skip {
			skipped++
		}
	}
	if len(cases) != 8 || places != 2 || skipped != 1 {
		t.Errorf("%d cases, %d with a place, %d skipped", len(cases), places, skipped)
	}
}

func TestReadCases(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want testCase
	}{
		"the defaults": {"query,expected_street\n5 yersin,Đường Yersin\n",
			testCase{query: "5 yersin", limit: 1, expected: map[string]string{"street": "Đường Yersin"}}},
		"semicolons and a byte order mark": {"\ufeffquery;limit;expected_name;comment\na, b;3;c;d\n",
			testCase{query: "a, b", limit: 3, expected: map[string]string{"name": "c"}}},
		"tabs and a short row": {"query\texpected_city\texpected_name\na\tb\n",
			testCase{query: "a", limit: 1, expected: map[string]string{"city": "b"}}},
		"a place to prefer": {"query,lat,lon,tolerance,expected_name\na,10.5,106.25,,b\n",
			testCase{query: "a", limit: 1, near: "10.5,106.25", expected: map[string]string{"name": "b"}}},
		"a place to lie at": {"query,lat,lon,tolerance\na,10.5,106.25,30\n",
			testCase{query: "a", limit: 1, place: &place{geo.Point{Lat: 105000000, Lng: 1062500000}, 30}}},
		"a coordinate beside a place to prefer": {"query,lat,lon,expected_coordinate\na,11,107,\"10.5, 106.25,30\"\n",
			testCase{query: "a", limit: 1, near: "11,107", place: &place{geo.Point{Lat: 105000000, Lng: 1062500000}, 30}}},
		"left out": {"query,skip\n,too slow\n", testCase{limit: 1, skip: true}},
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := readCases(strings.NewReader(c.file))
			if err != nil || len(cases) != 1 {
				t.Fatalf("%d cases, %v", len(cases), err)
			}
			c.want.line = 2
			if c.want.expected == nil {
				c.want.expected = map[string]string{}
			}
			if d := cmp.Diff(c.want, cases[0], cmp.AllowUnexported(testCase{}, place{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadCasesRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"no rows at all":       {"", "EOF"},
		"no query":             {"text,expected_name\na,b\n", "no column query"},
		"an empty query":       {"query,expected_name\n,b\n", "line 2: the query is empty"},
		"nothing expected":     {"query,expected_name\na,b\nc,\n", "line 3: nothing is expected"},
		"a limit of none":      {"query,limit,expected_name\na,0,b\n", `limit "0"`},
		"a limit in words":     {"query,limit,expected_name\na,one,b\n", `limit "one"`},
		"half a coordinate":    {"query,expected_coordinate\na,\"10,106\"\n", "not lat,lon,metres"},
		"a place far away":     {"query,expected_coordinate\na,\"48.8,2.3,10\"\n", "place 48.8, 2.3"},
		"a tolerance in words": {"query,lat,lon,tolerance\na,10,106,near\n", `tolerance "near"`},
		"a negative tolerance": {"query,lat,lon,tolerance\na,10,106,-1\n", `tolerance "-1"`},
		"no number to be near": {"query,lat,lon,tolerance\na,10,106,NaN\n", `tolerance "NaN"`},
		"a broken quote":       {"query,expected_name\n\"a,b\n", "quote"},
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := readCases(strings.NewReader(c.file))
			if err == nil {
				t.Fatalf("read: %+v", cases)
			}
			contains(t, c.want, err.Error())
		})
	}
}

// answers is a GeocodeJSON answer in the two ways that are in use: with a
// namespace and without.
const answers = `{"type":"FeatureCollection","features":[
	{"type":"Feature","geometry":{"type":"Point","coordinates":[106.6260213,10.9414319]},
	 "properties":{"code":"28WJRGHCC9","geocoding":{"label":"18 Đường Âu Cơ, Phường Thủ Dầu Một","housenumber":"18","street":"Đường Âu Cơ","postcode":75123}}},
	{"type":"Feature","geometry":{"type":"Point","coordinates":[106.7,11]},
	 "properties":{"name":"Đình Phú An","city":"Phường Phú An"}},
	{"type":"Feature","properties":{"name":"Nowhere"}}]}`

func TestPasses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(answers)) }))
	defer server.Close()
	for name, c := range map[string]struct {
		columns, row string
		loose, want  bool
	}{
		"one property":                     {"expected_street", "Đường Âu Cơ", false, true},
		"a number":                         {"expected_postcode", "75123", false, true},
		"a property outside the namespace": {"expected_code", "28WJRGHCC9", false, true},
		"without accents":                  {"expected_street", "duong au co", false, false},
		"without accents, loose":           {"expected_street", "duong au co", true, true},
		"another number, loose":            {"expected_housenumber", "18a", true, false},
		"no such property":                 {"expected_county", "x", false, false},
		"one of two":                       {"expected_street,expected_housenumber", "Đường Âu Cơ,19", false, false},
		"two answers, one each":            {"limit,expected_street,expected_city", "5,Đường Âu Cơ,Phường Phú An", false, false},
		"the second answer":                {"limit,expected_city", "2,Phường Phú An", false, true},
		"the second answer, past limit":    {"expected_city", "Phường Phú An", false, false},
		"near enough":                      {"lat,lon,tolerance", "10.9414,106.626,5", false, true},
		"too far":                          {"lat,lon,tolerance", "10.9414,106.626,3", false, false},
		"right place, wrong number":        {"expected_housenumber,expected_coordinate", `19,"10.9414,106.626,5"`, false, false},
		"no place":                         {"limit,expected_name,expected_coordinate", `3,Nowhere,"10.9414,106.626,5"`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := readCases(strings.NewReader("query," + c.columns + "\n18 au co," + c.row + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			features, err := open(server.URL).features(t.Context(), cases[0])
			if err != nil {
				t.Fatal(err)
			}
			if got := cases[0].passes(features, c.loose); got != c.want {
				t.Errorf("passes: %v", got)
			}
		})
	}
}

func TestRunCases(t *testing.T) {
	var asked []url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query())
		switch r.URL.Query().Get("q") {
		case "refused":
			w.WriteHeader(http.StatusBadRequest)
		case "broken":
			fmt.Fprint(w, "<html>")
		default:
			fmt.Fprint(w, answers)
		}
	}))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "cases.csv")
	write := func(rows string) {
		if err := os.WriteFile(file, []byte("query,limit,lat,lon,skip,expected_street,expected_coordinate\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("18 âu cơ,3,10.9,106.6,,Đường Âu Cơ,\nrefused,,,,,x,\nwrong,,,,,Đường Yersin,\"10.9,106.6,7\"\nlater,,,,not yet,x,\n")
	code, out, errOut := run(t, server.URL, "-cases", file)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	contains(t, "1 of 3 cases passed (33.3%), 1 skipped", out)
	contains(t, "line 3: refused\n    expected  map[street:x]\n    answered  nothing\n", out)
	contains(t, "line 4: wrong\n    expected  map[street:Đường Yersin] within 7 m of 10.9,106.6\n"+
		"    answered  18 Đường Âu Cơ, Phường Thủ Dầu Một [106.6260213 10.9414319]\n", out)
	want := url.Values{"q": {"18 âu cơ"}, "limit": {"3"}, "near": {"10.9,106.6"}}
	if d := cmp.Diff(want, asked[0]); d != "" || len(asked) != 3 {
		t.Errorf("%d asked; %s", len(asked), d)
	}
	write("18 ÂU CO,,,,,duong au co,\n")
	_, out, _ = run(t, server.URL, "-cases", file, "-loose")
	contains(t, "1 of 1 cases passed (100.0%)", out)
	write("broken,,,,,x,\n")
	if code, _, errOut = run(t, server.URL, "-cases", file); code != 1 {
		t.Errorf("exit code %d", code)
	}
	contains(t, "q=broken", errOut)
	write("x,,,,,,\n")
	if code, _, errOut = run(t, server.URL, "-cases", file); code != 1 {
		t.Errorf("exit code %d", code)
	}
	contains(t, "cases.csv: line 2: nothing is expected", errOut)
	server.Close()
	write("x,,,,,y,\n")
	if code, _, _ = run(t, server.URL, "-cases", file); code != 1 {
		t.Errorf("exit code %d without a server", code)
	}
}

func TestNumbersOfAnAnswerStayAsWritten(t *testing.T) {
	f := feature{Properties: map[string]any{"postcode": json.Number("07512")}}
	if got := f.property("postcode"); got != "07512" {
		t.Error(got)
	}
}

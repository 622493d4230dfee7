package handlers

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models/storetest"
)

func TestListLosesOrRepeatsRows(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		var want []string
		for n := range 7 {
			want = append(want, storetest.Register(t, s.store, storetest.House(n+1)).Code.String())
		}
		slices.Sort(want)
		for _, f := range []string{"json", "geojson", "csv", "ndjson"} {
			var got []string
			next, pages := "/v1/addresses?limit=3&commune=25747&f="+f, 0
			for next != "" {
				w, body := s.play(t, scenario{path: next, status: 200})
				got = append(got, codesIn(t, f, body)...)
				link := w.Header.Get("Link")
				next = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
				if f == "json" && member(t, body, "next") != next {
					t.Errorf("next is %q, the link %q", member(t, body, "next"), next)
				}
				if pages++; pages > 3 {
					t.Fatalf("%s: more than three pages", f)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) || pages != 3 {
				t.Errorf("%s: %v in %d pages, want %v in 3", f, got, pages, want)
			}
		}
	})
}

// codesIn are the codes of a page.
func codesIn(t *testing.T, f, body string) (codes []string) {
	t.Helper()
	if f == "csv" {
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || rows[0][0] != "code" {
			t.Fatalf("%v: %s", err, body)
		}
		for _, row := range rows[1:] {
			codes = append(codes, row[0])
		}
		return codes
	}
	pattern := map[string]string{"json": `"code":"(\w{10})","formatted`, "ndjson": `(?m)^\{"code":"(\w{10})"`, "geojson": `"id":"(\w{10})"`}[f]
	for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(body, -1) {
		codes = append(codes, found[1])
	}
	return codes
}

func TestListFilters(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		s.register(t, `{"kind":"farm","lat":11.06,"lng":106.75,"name":"=SUM(A1)","name_public":true,"hamlet":"Ấp 3"}`)
		none := []string{`{"addresses":[]}`}
		s.run(t, []scenario{
			{name: "all", path: "/v1/addresses", status: 200, want: []string{"household", "farm"}, never: []string{`"next"`}, header: []string{"Link:"}},
			{name: "by kind", path: "/v1/addresses?kind=farm", status: 200, want: []string{"farm"}, never: []string{"household"}},
			{name: "by commune", path: "/v1/addresses?commune=25747", status: 200, want: []string{"household"}, never: []string{"farm"}},
			{name: "by a commune that is no more", path: "/v1/addresses?commune=25741", status: 200, want: none},
			{name: "by status", path: "/v1/addresses?status=retired", status: 200, want: none},
			{name: "updated since", path: "/v1/addresses?updated_since=2026-01-15", status: 200, want: []string{"farm"}},
			{name: "updated since a moment with an offset", path: "/v1/addresses?updated_since=2026-01-15T12:00:00+07:00", status: 200, want: []string{"farm"}},
			{name: "updated later", path: "/v1/addresses?updated_since=2026-01-15T05:00:01Z", status: 200, want: none},
			{name: "in a box", path: "/v1/addresses?bbox=106.65,10.98,106.66,10.99", status: 200, want: []string{"household"}, never: []string{"farm"}},
			{name: "on the edges of a box", path: "/v1/addresses?bbox=106.6519,10.9804,106.6519,10.9804", status: 200, want: []string{"household"}},
			{name: "a hair outside a box", path: "/v1/addresses?bbox=106.65190000001,10.98,106.66,10.99", status: 200, want: none},
			{name: "a hair inside a box", path: "/v1/addresses?bbox=106.65,10.98,106.65190000001,10.99", status: 200, want: []string{"household"}},
			{name: "as CSV no cell is a formula", path: "/v1/addresses?f=csv", status: 200, want: []string{",'=SUM(A1),"}, header: []string{"Content-Type: text/csv; charset=utf-8"}},
			{name: "as CSV by Accept", path: "/v1/addresses", headers: []string{"Accept: text/html, text/csv;q=0.5"}, status: 200, header: []string{"Content-Type: text/csv"}},
			{name: "as NDJSON", path: "/v1/addresses?f=ndjson", status: 200, header: []string{"Content-Type: application/x-ndjson"}},
			{name: "as GeoJSON", path: "/v1/addresses?f=geojson", status: 200, want: []string{`{"type":"FeatureCollection","features":[{"type":"Feature"`}},
			{name: "as a picture", path: "/v1/addresses", headers: []string{"Accept: image/png"}, status: 406},
			{name: "a box of less than 1e-7 degree", path: "/v1/addresses?bbox=106.65190001,10.98040001,106.65190009,10.98040009", status: 200, want: none},
			{name: "box of two signs", path: "/v1/addresses?bbox=--106,10,107,11", status: 400, want: []string{"/problems/not-a-number", "--106"}},
			{name: "everything at once", path: "/v1/addresses?bbox=106.65,10.98,106.66,10.99&commune=25747&kind=household&status=current&updated_since=2026-01-15", status: 200, want: []string{"household"}, never: []string{"farm"}},
			{name: "inverted box", path: "/v1/addresses?bbox=106.66,10.98,106.65,10.99", status: 400, want: []string{"/problems/bbox-inverted"}},
			{name: "box of six numbers", path: "/v1/addresses?bbox=106,10,0,107,11,9", status: 400, want: []string{"/problems/bbox-3d"}},
			{name: "box of three numbers", path: "/v1/addresses?bbox=106,10,107", status: 400, want: []string{"/problems/bad-bbox"}},
			{name: "box of words", path: "/v1/addresses?bbox=a,b,c,d", status: 400, want: []string{"/problems/not-a-number", `"parameter":"bbox"`}},
			{name: "box of NaN", path: "/v1/addresses?bbox=NaN,10,107,11", status: 400, want: []string{"/problems/not-a-number"}},
			{name: "box with 1e400", path: "/v1/addresses?bbox=106,10,1e400,11", status: 400, want: []string{"/problems/out-of-range"}},
			{name: "swapped box", path: "/v1/addresses?bbox=10,106,11,107", status: 400, want: []string{"/problems/swapped"}},
			{name: "box in Paris", path: "/v1/addresses?bbox=2,48,3,49", status: 400, want: []string{"/problems/outside-window"}},
			{name: "box wider than the earth", path: "/v1/addresses?bbox=-200,10,200,11", status: 400, want: []string{"/problems/outside-window"}},
			{name: "whole world", path: "/v1/addresses?bbox=-180,-90,180,90", status: 200, want: []string{"farm", "household"}},
			{name: "limit 0", path: "/v1/addresses?limit=0", status: 400, want: []string{"/problems/out-of-range", "1 to 1000"}},
			{name: "limit 1001", path: "/v1/addresses?limit=1001", status: 400},
			{name: "limit not whole", path: "/v1/addresses?limit=1.5", status: 400},
			{name: "unknown kind", path: "/v1/addresses?kind=castle", status: 400, want: []string{"/problems/unknown-value", "household, business"}},
			{name: "unknown commune", path: "/v1/addresses?commune=99999", status: 400, want: []string{"/problems/unknown-commune"}},
			{name: "a province is no commune", path: "/v1/addresses?commune=79", status: 400, want: []string{"/problems/unknown-commune"}},
			{name: "forged cursor", path: "/v1/addresses?cursor=YTEyOFhNSjI1UTY3", status: 400, want: []string{"/problems/bad-cursor"}},
			{name: "broken cursor", path: "/v1/addresses?cursor=%21", status: 400, want: []string{"/problems/bad-cursor"}},
			{name: "bad time", path: "/v1/addresses?updated_since=yesterday", status: 400, want: []string{"/problems/bad-time"}},
			{name: "several faults at once", path: "/v1/addresses?limit=0&kind=x&bbox=1", status: 400,
				want: []string{"/problems/invalid-input", `"parameter":"limit"`, `"parameter":"kind"`, `"parameter":"bbox"`, "has 3 errors"}},
			{name: "unknown parameter", path: "/v1/addresses?lmit=3", status: 400, want: []string{"/problems/unknown-parameter", "did you mean limit?"}},
			{name: "repeated parameter", path: "/v1/addresses?limit=3&limit=4", status: 400, want: []string{"/problems/repeated-parameter"}},
			{name: "broken escape", path: "/v1/addresses?kind=%zz", status: 400, want: []string{"/problems/malformed-query"}},
			{name: "head", method: http.MethodHead, path: "/v1/addresses?limit=1", status: 200, header: []string{"Link: next", "Content-Length: *"}},
		})
	})
}

func TestCursorAcceptsAnything(t *testing.T) {
	code, err := geo.Parse("28XMJ25Q66")
	if err != nil {
		t.Fatal(err)
	}
	q := &query{values: map[string][]string{"cursor": {cursorAfter(code)}}}
	if got := q.cursor("cursor"); got == nil || *got != code {
		t.Errorf("a cursor comes back as %v", got)
	}
	for _, text := range []string{"x", "YTE", "YjEyOFhNSjI1UTY2", cursorAfter(code) + "=", cursorAfter(code) + "AA"} {
		q := &query{values: map[string][]string{"cursor": {text}}}
		if q.cursor("cursor") != nil || q.err() == nil {
			t.Errorf("%q is taken for a cursor", text)
		}
	}
}

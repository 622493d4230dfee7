package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"diachiso/models/storetest"
)

// ogcClient is a registry with a few features, seen as a client of OGC API
// Features sees it: every answer is also validated by the document at /ogc/api.
type ogcClient struct {
	*server
	api   *contract
	codes []string // of addresses, in order
}

// openFeatures registers houses, a farm whose accuracy is a fraction and an
// address of which the period is over.
func openFeatures(t *testing.T, s *server) *ogcClient {
	t.Helper()
	f := &ogcClient{server: s}
	for n := range 5 {
		f.codes = append(f.codes, storetest.Register(t, s.store, storetest.House(n+1)).Code.String())
	}
	old := f.codes[0]
	farm := storetest.Farm("Vườn bưởi Cù Lao")
	farm.AccuracyM = 7.5
	f.codes = append(f.codes, storetest.Register(t, s.store, farm).Code.String())
	s.database.Exec(t, "UPDATE addresses SET valid_from = '2022-09-14'")
	s.database.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = '2025-07-01' WHERE code = '"+old+"'")
	slices.Sort(f.codes)
	f.api = f.openAPI(t)
	return f
}

// openAPI is the document as a client reads it.
func (f *ogcClient) openAPI(t *testing.T) *contract {
	t.Helper()
	_, body := f.server.play(t, scenario{path: "/ogc/api", status: 200, header: []string{"Content-Type: application/vnd.oai.openapi+json;version=3.0"}})
	document, err := openapi3.NewLoader().LoadFromData([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if want := f.url + "/ogc"; len(document.Servers) != 1 || document.Servers[0].URL != want {
		t.Errorf("the servers are %v, want %s", document.Servers, want)
	}
	document.Servers[0].URL = "/ogc" // the tests compare paths only
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{document, router}
}

// play is what a server does, with both documents.
func (f *ogcClient) play(t *testing.T, c scenario) (*http.Response, string) {
	t.Helper()
	w, body := f.server.play(t, c)
	r := w.Request
	if strings.TrimPrefix(r.URL.Path, "/ogc") != "" {
		f.api.check(t, r, nil, w, []byte(body))
	}
	return w, body
}

// document is what a path or a whole address answers, as JSON.
func (f *ogcClient) document(t *testing.T, path string) document {
	t.Helper()
	_, body := f.play(t, scenario{path: strings.TrimPrefix(path, f.url), status: 200})
	var d document
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return d
}

// document is any document of OGC API Features.
type document struct {
	ID             string
	Type           string
	Title          string
	Description    string
	ConformsTo     []string
	Links          []documentLink
	Extent         json.RawMessage
	Collections    []document
	ItemType       string
	CRS            []string
	NumberMatched  *int
	NumberReturned *int
	TimeStamp      string
	Features       []document
	Geometry       *struct {
		Type        string
		Coordinates json.RawMessage
	}
	Properties map[string]any
}

type documentLink struct{ Rel, Href, Type string }

// links are the links of a relation.
func (d document) links(rel string) (links []documentLink) {
	for _, l := range d.Links {
		if l.Rel == rel {
			links = append(links, l)
		}
	}
	return links
}

// link is the only link of a relation.
func (d document) link(t *testing.T, rel string) documentLink {
	t.Helper()
	links := d.links(rel)
	if len(links) != 1 || links[0].Type == "" || !strings.HasPrefix(links[0].Href, "http://") {
		t.Fatalf("the links of relation %s are %v, want one with a whole address and a type", rel, links)
	}
	return links[0]
}

func (d document) ids() []string {
	ids := []string{}
	for _, f := range d.Features {
		ids = append(ids, f.ID)
	}
	return ids
}

// wantForms demands a link to the document itself, which is in JSON, and one to
// its form for people, and follows both.
func (f *ogcClient) wantForms(t *testing.T, d document) {
	t.Helper()
	for _, l := range []documentLink{d.link(t, "self"), d.link(t, "alternate")} {
		f.play(t, scenario{path: strings.TrimPrefix(l.Href, f.url), status: 200, header: []string{"Content-Type: " + l.Type}})
	}
	if d.link(t, "self").Type != "application/json" || d.link(t, "alternate").Type != "text/html" {
		t.Errorf("the links are %v", d.Links)
	}
}

// collectionPaths are the paths of all collections, as the standard makes them.
func (f *ogcClient) collectionPaths(t *testing.T) (paths []string) {
	t.Helper()
	for _, c := range f.document(t, "/ogc/collections").Collections {
		paths = append(paths, "/ogc/collections/"+c.ID)
	}
	if len(paths) != 2 {
		t.Fatalf("the collections are %v", paths)
	}
	return paths
}

func (f *ogcClient) parameter(t *testing.T, path, name string) *openapi3.Parameter {
	t.Helper()
	p := f.api.document.Paths.Value(path).Get.Parameters.GetByInAndName("query", name)
	if p == nil {
		t.Fatalf("%s has no parameter %s", path, name)
	}
	return p
}

const addressItems, unitItems = "/ogc/collections/addresses/items", "/ogc/collections/units/items"

// Every requirement of OGC 17-069r4 for the classes that the server claims.
var requirements = []struct {
	name  string
	check func(t *testing.T, f *ogcClient)
}{
	{"/req/core/root-op", func(t *testing.T, f *ogcClient) {
		for _, path := range []string{"/ogc", "/ogc/"} {
			f.play(t, scenario{path: path, status: 200})
		}
	}},
	{"/req/core/root-success", func(t *testing.T, f *ogcClient) {
		d := f.document(t, "/ogc/")
		f.wantForms(t, d)
		for _, rel := range []string{"service-desc", "service-doc", "conformance", "data"} {
			d.link(t, rel)
		}
	}},
	{"/req/core/api-definition-op", func(t *testing.T, f *ogcClient) {
		d := f.document(t, "/ogc/")
		f.document(t, d.link(t, "service-desc").Href)
		f.server.play(t, scenario{path: strings.TrimPrefix(d.link(t, "service-doc").Href, f.url), status: 200, header: []string{"Content-Type: text/html"}})
	}},
	{"/req/core/api-definition-success", func(t *testing.T, f *ogcClient) {
		l := f.document(t, "/ogc/").link(t, "service-desc")
		f.play(t, scenario{path: strings.TrimPrefix(l.Href, f.url), headers: []string{"Accept: " + l.Type}, status: 200, header: []string{"Content-Type: " + l.Type}})
	}},
	{"/req/core/conformance-op", func(t *testing.T, f *ogcClient) {
		f.document(t, "/ogc/conformance")
		f.document(t, f.document(t, "/ogc/").link(t, "conformance").Href)
	}},
	{"/req/core/conformance-success", func(t *testing.T, f *ogcClient) {
		want := []string{}
		for _, class := range []string{"core", "geojson", "oas30"} {
			want = append(want, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"+class)
		}
		if got := f.document(t, "/ogc/conformance").ConformsTo; !slices.Equal(got, want) {
			t.Errorf("it conforms to %v, want %v", got, want)
		}
	}},
	{"/req/core/http", func(t *testing.T, f *ogcClient) {
		item := addressItems + "/" + f.codes[0]
		tag := func() string { w, _ := f.play(t, scenario{path: item, status: 200}); return w.Header.Get("ETag") }()
		for _, c := range []scenario{
			{method: "HEAD", path: addressItems, status: 200, header: []string{"Content-Length: *", "Content-Type: application/geo+json"}},
			{method: "OPTIONS", path: addressItems, status: 204, header: []string{"Allow: GET, HEAD, OPTIONS"}},
			{method: "DELETE", path: addressItems, status: 405, header: []string{"Allow: GET, HEAD, OPTIONS"}},
			{path: addressItems, headers: []string{"Accept: image/png"}, status: 406},
			{path: "/ogc/", headers: []string{"Accept: image/png"}, status: 406},
			{path: "/ogc/nothing", status: 404},
			{path: item, headers: []string{"If-None-Match: " + tag}, status: 304},
			{path: addressItems, headers: []string{"Origin: https://example.vn"}, status: 200, header: []string{"Access-Control-Allow-Origin: *", "Vary: Accept"}},
		} {
			f.play(t, c)
		}
	}},
	{"/req/core/query-param-unknown", func(t *testing.T, f *ogcClient) {
		for _, r := range newAPI(nil, Options{}).ogcRoutes() {
			path := strings.NewReplacer(":code", f.codes[0], ":unit", "25747_2025-07-01").Replace(r.pattern)
			f.play(t, scenario{path: path + "?colour=red", status: 400, want: []string{"/problems/unknown-parameter", `"parameter":"colour"`}})
		}
		f.play(t, scenario{path: unitItems + "?kind=farm", status: 400, want: []string{"/problems/unknown-parameter"}})
		f.play(t, scenario{path: addressItems + "?level=commune", status: 400, want: []string{"/problems/unknown-parameter"}})
	}},
	{"/req/core/query-param-invalid", func(t *testing.T, f *ogcClient) {
		for _, query := range []string{"limit=0", "bbox=1", "datetime=x", "kind=castle", "status=lost", "verification=sworn", "commune=99999", "cursor=x", "f=xml", "limit=1&limit=2", "kind="} {
			f.play(t, scenario{path: addressItems + "?" + query, status: 400, header: []string{"Content-Type: application/problem+json"}})
		}
		for _, query := range []string{"limit=0", "bbox=1", "datetime=x", "level=hamlet", "cursor=x", "f=html"} {
			f.play(t, scenario{path: unitItems + "?" + query, status: 400})
		}
		f.play(t, scenario{path: "/ogc/?f=xml", status: 400})
		f.play(t, scenario{path: "/ogc/api?f=yaml", status: 400})
	}},
	{"/req/core/crs84", func(t *testing.T, f *ogcClient) {
		page := f.document(t, addressItems+"?kind=farm")
		if got := string(page.Features[0].Geometry.Coordinates); got != "[106.75,11.06]" {
			t.Errorf("the farm is at %s", got)
		}
		for _, path := range f.collectionPaths(t) {
			if got := f.document(t, path).CRS; !slices.Equal(got, []string{"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}) {
				t.Errorf("%s has %v", path, got)
			}
		}
	}},
	{"/req/core/fc-md-op", func(t *testing.T, f *ogcClient) {
		f.document(t, "/ogc/collections")
		f.document(t, f.document(t, "/ogc/").link(t, "data").Href)
	}},
	{"/req/core/fc-md-success", func(t *testing.T, f *ogcClient) {
		f.document(t, "/ogc/collections") // by the schema of both documents
	}},
	{"/req/core/fc-md-links", func(t *testing.T, f *ogcClient) { f.wantForms(t, f.document(t, "/ogc/collections")) }},
	{"/req/core/fc-md-items", func(t *testing.T, f *ogcClient) {
		var ids []string
		for _, c := range f.document(t, "/ogc/collections").Collections {
			ids = append(ids, c.ID)
		}
		if !slices.Equal(ids, []string{"addresses", "units"}) {
			t.Errorf("the collections are %v", ids)
		}
	}},
	{"/req/core/fc-md-items-links", func(t *testing.T, f *ogcClient) {
		for _, c := range f.document(t, "/ogc/collections").Collections {
			l := c.link(t, "items")
			if l.Type != "application/geo+json" || f.document(t, l.Href).Type != "FeatureCollection" {
				t.Errorf("%s leads to %v", c.ID, l)
			}
		}
	}},
	{"/req/core/fc-md-extent", func(t *testing.T, f *ogcClient) {
		for _, c := range f.document(t, "/ogc/collections").Collections {
			if text := string(c.Extent); !strings.Contains(text, `"bbox":[[`) || !strings.Contains(text, `"interval":[["`) {
				t.Errorf("the extent of %s is %s", c.ID, text)
			}
		}
	}},
	{"/req/core/fc-md-extent-multi", func(t *testing.T, f *ogcClient) {
		row := f.database.Texts(t, "SELECT min(lng), min(lat), max(lng), max(lat) FROM addresses")[0]
		want := fmt.Sprintf(`{"spatial":{"bbox":[[%s]],"crs":%q},"temporal":{"interval":[["2022-09-13T17:00:00Z",null]],`, inDegrees(t, row), crs84)
		if got := string(f.document(t, "/ogc/collections/addresses").Extent); !strings.HasPrefix(got, want) {
			t.Errorf("the extent is %s, want %s", got, want)
		}
		if got := string(f.document(t, "/ogc/collections/units").Extent); !strings.Contains(got, `"2020-01-31T17:00:00Z",null`) || !strings.Contains(got, "[106.33,10.86,106.97,11.51]") {
			t.Errorf("the extent of the units is %s", got)
		}
	}},
	{"/req/core/sfc-md-op", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			f.document(t, path)
		}
		f.play(t, scenario{path: "/ogc/collections/roads", status: 404})
	}},
	{"/req/core/sfc-md-success", func(t *testing.T, f *ogcClient) {
		for _, listed := range f.document(t, "/ogc/collections").Collections {
			one := f.document(t, listed.link(t, "self").Href)
			f.wantForms(t, one)
			if one.ID != listed.ID || one.Title != listed.Title || one.Description != listed.Description || string(one.Extent) != string(listed.Extent) ||
				!slices.Equal(one.CRS, listed.CRS) || one.ItemType != "feature" || !slices.Equal(one.Links, listed.Links) {
				t.Errorf("it is %+v, listed as %+v", one, listed)
			}
		}
	}},
	{"/req/core/fc-op", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			f.document(t, path+"/items")
		}
	}},
	{"/req/core/fc-limit-definition", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			p := f.parameter(t, strings.TrimPrefix(path, "/ogc")+"/items", "limit")
			if s := p.Schema.Value; p.Required || p.Style != "form" || *p.Explode || !s.Type.Is("integer") || *s.Min != 1 || *s.Max != 10_000 || fmt.Sprint(s.Default) != "100" {
				t.Errorf("%s: limit is %+v, %+v", path, p, p.Schema.Value)
			}
		}
	}},
	{"/req/core/fc-limit-response-1", func(t *testing.T, f *ogcClient) {
		if got := f.document(t, addressItems+"?limit=2"); len(got.Features) != 2 {
			t.Errorf("%d features", len(got.Features))
		}
		// More than the maximum means the maximum. The documents don't allow to ask so.
		for _, limit := range []string{"10001", "99999999999999999999999"} {
			w, err := http.Get(f.url + addressItems + "?limit=" + limit)
			if err != nil || w.StatusCode != 200 {
				t.Errorf("limit %s: %v, %v", limit, w, err)
			}
			w.Body.Close()
		}
		if q := (&query{values: map[string][]string{"limit": {"10001"}}}); q.atMost("limit", ogcLimit, ogcMaxLimit) != 10_000 {
			t.Error("10,001 does not mean 10,000")
		}
	}},
	{"/req/core/fc-bbox-definition", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			p := f.parameter(t, strings.TrimPrefix(path, "/ogc")+"/items", "bbox")
			if s := p.Schema.Value; p.Required || p.Style != "form" || *p.Explode || !s.Type.Is("array") || !s.Items.Value.Type.Is("number") || len(s.OneOf) != 2 {
				t.Errorf("%s: bbox is %+v", path, p)
			}
		}
	}},
	{"/req/core/fc-bbox-response", func(t *testing.T, f *ogcClient) {
		if got := f.document(t, addressItems+"?bbox=106.7,11,106.8,11.1"); len(got.Features) != 1 || got.Features[0].Properties["kind"] != "farm" {
			t.Errorf("the box holds %v", got.ids())
		}
		// A unit without a boundary lies in every box, one with a boundary in its own.
		for box, want := range map[string]string{"106.6519,10.9804,106.6519,10.9804": "25747_2025-07-01", "2,48,3,49": ""} {
			got := f.document(t, unitItems+"?level=commune&datetime="+today+"&bbox="+box).ids()
			if strings.Join(got, " ") != want {
				t.Errorf("in the box %s lie %v, want %q", box, got, want)
			}
		}
		if got := f.document(t, unitItems+"?level=district&bbox=2,48,3,49"); *got.NumberMatched != f.units(t, "level = 'district'") || got.Features[0].Geometry != nil {
			t.Errorf("%d districts without a boundary match", *got.NumberMatched)
		}
	}},
	{"/req/core/fc-time-definition", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			if p := f.parameter(t, strings.TrimPrefix(path, "/ogc")+"/items", "datetime"); p.Required || p.Style != "form" || *p.Explode || !p.Schema.Value.Type.Is("string") {
				t.Errorf("%s: datetime is %+v", path, p)
			}
		}
	}},
	{"/req/core/fc-time-response", func(t *testing.T, f *ogcClient) {
		for datetime, want := range intervals {
			path := addressItems + "?datetime=" + strings.ReplaceAll(datetime, "+", "%2B")
			if got := f.document(t, path); *got.NumberMatched != want || len(got.Features) != want {
				t.Errorf("%s: %d features, want %d", datetime, *got.NumberMatched, want)
			}
		}
		if got := f.document(t, unitItems+"?level=commune&datetime=2022-10-01T00:00:00Z"); *got.NumberMatched != 91 {
			t.Errorf("%d communes in 2022", *got.NumberMatched)
		}
	}},
	{"/req/core/fc-response", func(t *testing.T, f *ogcClient) {
		for query, want := range map[string]int{"": 6, "?kind=household": 5, "?kind=household&status=current": 4, "?commune=25747": 5,
			"?verification=field": 6, "?verification=declared": 0, "?kind=farm&bbox=106.65,10.98,106.66,10.99": 0} {
			if got := f.document(t, addressItems+query); len(got.Features) != want {
				t.Errorf("%q: %d features, want %d", query, len(got.Features), want)
			}
		}
		for query, where := range map[string]string{"?level=province": "level = 'province'", "?parent=79": "parent_code = '79'",
			"?parent=721&level=commune&limit=1000": "parent_code = '721' AND level = 'commune'"} {
			if got, want := f.document(t, unitItems+query), f.units(t, where); len(got.Features) != want || want == 0 {
				t.Errorf("%q: %d units, want %d", query, len(got.Features), want)
			}
		}
	}},
	{"/req/core/fc-links", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			page := f.document(t, path+"/items?limit=3")
			if href := page.link(t, "self").Href; href != f.url+path+"/items?limit=3" {
				t.Errorf("the link to itself is %s", href)
			}
			if alternates := page.links("alternate"); len(alternates) > 0 {
				t.Errorf("there is one form, and links to %v", alternates)
			}
			seen := page.ids()
			for len(page.links("next")) > 0 {
				page = f.document(t, page.link(t, "next").Href)
				seen = append(seen, page.ids()...)
			}
			if slices.Sort(seen); len(seen) != *page.NumberMatched || len(slices.Compact(seen)) != len(seen) {
				t.Errorf("the links led to %d features of %d: %v", len(seen), *page.NumberMatched, seen)
			}
		}
	}},
	{"/req/core/fc-rel-type", func(t *testing.T, f *ogcClient) {
		for _, l := range f.document(t, addressItems+"?limit=1").Links {
			if l.Rel == "" || l.Type == "" {
				t.Errorf("the link %+v says too little", l)
			}
		}
	}},
	{"/req/core/fc-timeStamp", func(t *testing.T, f *ogcClient) {
		at, err := time.Parse(time.RFC3339, f.document(t, addressItems).TimeStamp)
		if since := time.Since(at); err != nil || since < 0 || since > time.Minute {
			t.Errorf("the time is %v, %v", at, err)
		}
	}},
	{"/req/core/fc-numberMatched", func(t *testing.T, f *ogcClient) {
		for _, query := range []string{"?limit=1", "?limit=6", "?limit=1&cursor=" + f.cursorOf(t, addressItems+"?limit=4")} {
			if got := f.document(t, addressItems+query); *got.NumberMatched != 6 {
				t.Errorf("%s: %d match", query, *got.NumberMatched)
			}
		}
	}},
	{"/req/core/fc-numberReturned", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			if got := f.document(t, path+"/items?limit=4"); *got.NumberReturned != 4 || len(got.Features) != 4 {
				t.Errorf("%s: %d are said to be there, %d are", path, *got.NumberReturned, len(got.Features))
			}
		}
	}},
	{"/req/core/f-op", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			for _, id := range f.document(t, path+"/items").ids() {
				if got := f.document(t, path+"/items/"+id); got.ID != id {
					t.Errorf("%s is %s", id, got.ID)
				}
			}
		}
		for _, path := range []string{"/28XMJ25Q66223R", "/28XMJ25Q67", "/28xm-j25-q66", "/x"} {
			f.play(t, scenario{path: addressItems + path, status: 404})
		}
		f.play(t, scenario{path: addressItems + "/%ff", status: 400})
		for _, path := range []string{"/25747", "/25747_2025-07-02", "/_", "/0_2025-07-01"} {
			f.play(t, scenario{path: unitItems + path, status: 404, want: []string{"/problems/no-such-feature"}})
		}
	}},
	{"/req/core/f-success", func(t *testing.T, f *ogcClient) {
		_, body := f.play(t, scenario{path: addressItems + "?kind=farm", status: 200})
		_, one := f.play(t, scenario{path: addressItems + "/" + f.document(t, addressItems+"?kind=farm").ids()[0], status: 200})
		if properties := one[strings.Index(one, `"geometry"`):strings.Index(one, `,"links"`)]; !strings.Contains(body, properties) {
			t.Errorf("alone it has %s, on a page it is %s", properties, body)
		}
	}},
	{"/req/core/f-links", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			id := f.document(t, path+"/items?limit=1").ids()[0]
			one := f.document(t, path+"/items/"+id)
			if href := one.link(t, "self").Href; href != f.url+path+"/items/"+id {
				t.Errorf("the link to itself is %s", href)
			}
			if collection := f.document(t, one.link(t, "collection").Href); !strings.HasSuffix(path, collection.ID) {
				t.Errorf("it is in %s", collection.ID)
			}
		}
	}},
	{"/req/geojson/definition", func(t *testing.T, f *ogcClient) {
		for _, path := range f.collectionPaths(t) {
			f.play(t, scenario{path: path + "/items", headers: []string{"Accept: application/geo+json, application/json"}, status: 200,
				header: []string{"Content-Type: application/geo+json"}})
		}
	}},
	{"/req/geojson/content", func(t *testing.T, f *ogcClient) {
		page := f.document(t, addressItems)
		if page.Type != "FeatureCollection" || page.Features[0].Type != "Feature" || page.Features[0].Geometry.Type != "Point" {
			t.Errorf("a page is %+v", page)
		}
		unit := f.document(t, unitItems+"/25747_2025-07-01")
		if unit.Type != "Feature" || unit.Geometry.Type != "MultiPolygon" {
			t.Errorf("a unit is %+v", unit)
		}
	}},
	{"/req/oas30/oas-definition-1", func(t *testing.T, f *ogcClient) {
		f.play(t, scenario{path: "/ogc/api", headers: []string{"Accept: application/vnd.oai.openapi+json;version=3.0"}, status: 200,
			header: []string{"Content-Type: application/vnd.oai.openapi+json;version=3.0"}})
	}},
	{"/req/oas30/oas-definition-2", func(t *testing.T, f *ogcClient) {
		if f.api.document.OpenAPI != "3.0.3" {
			t.Errorf("it is OpenAPI %s", f.api.document.OpenAPI)
		}
		if err := f.api.document.Validate(t.Context()); err != nil {
			t.Error(err)
		}
	}},
	{"/req/oas30/oas-impl", func(t *testing.T, f *ogcClient) {
		paths := 0
		for path, item := range f.api.document.Paths.Map() {
			if strings.HasPrefix(path, "/ogc") || len(item.Operations()) != 1 || item.Get == nil {
				t.Errorf("%s is no path below the server", path)
			}
			paths++
		}
		if want := len(newAPI(nil, Options{}).ogcRoutes()) - 1; paths != want { // /ogc is /ogc/
			t.Errorf("%d paths, want %d", paths, want)
		}
	}},
	{"/req/oas30/completeness", func(t *testing.T, f *ogcClient) {
		for path, item := range f.api.document.Paths.Map() {
			if ok := item.Get.Responses.Status(200); ok == nil || len(ok.Value.Content) == 0 || item.Get.Responses.Status(400) == nil || item.Get.Responses.Default() == nil {
				t.Errorf("%s does not say all that it answers", path)
			}
		}
	}},
	{"/req/oas30/exceptions-codes", func(t *testing.T, f *ogcClient) {
		for path, item := range f.api.document.Paths.Map() {
			for status, response := range item.Get.Responses.Map() {
				if _, is := response.Value.Content["application/problem+json"]; !is && status >= "4" {
					t.Errorf("%s: %s has no form", path, status)
				}
			}
		}
	}},
	{"/req/oas30/security", func(t *testing.T, f *ogcClient) {
		for path, item := range f.api.document.Paths.Map() { // everybody may read
			if item.Get.Security != nil || len(f.api.document.Security) > 0 {
				t.Errorf("%s asks for a key", path)
			}
		}
	}},
}

// intervals are all forms of datetime, and how many of the six addresses are
// valid then: one was until the end of June 2025, by the day in Vietnam.
var intervals = map[string]int{
	"2022-09-14":                                        6,
	"2022-09-13":                                        0,
	"2025-06-30":                                        6,
	"2025-07-01":                                        5,
	"2022-09-13T17:00:00Z":                              6,
	"2022-09-13T16:59:59.999999999Z":                    0,
	"2022-09-14T00:00:00+07:00":                         6,
	"2022-09-13t17:00:00z":                              6,
	"2025-06-30T23:59:60Z":                              5,
	"2025-06-30T23:59:59.5+07:00":                       6,
	"2025-06-30T17:00:00Z":                              5,
	"2025-07-01T00:00:00-12:00":                         5,
	"2022-01-01T00:00:00Z/2022-09-13T16:00:00Z":         0,
	"2022-01-01T00:00:00Z/2022-09-13T17:00:00Z":         6,
	"2025-06-30T17:00:00Z/2030-01-01T00:00:00Z":         5,
	"2025-06-30T16:59:59Z/2030-01-01T00:00:00Z":         6,
	"2025-06-30T16:59:59Z/2025-06-30T16:59:59Z":         6,
	"../2022-09-13T00:00:00Z":                           0,
	"/2022-09-14T00:00:00Z":                             6,
	"2025-07-01T00:00:00Z/..":                           5,
	"2025-07-01T00:00:00Z/":                             5,
	"2022-01-01/2022-12-31":                             6,
	"2025-07-01/..":                                     5,
	"../2022-09-14":                                     6,
	"0000-01-01T00:00:00Z/9999-12-31T23:59:59Z":         6,
	"0000-01-01T00:00:00+14:00":                         0,
	"9999-12-31T23:59:59Z":                              5,
	"9999-12-31":                                        5,
	"2025-06-30/2025-06-30T01:00:00Z":                   6,
	"2025-06-30T16:00:00Z/2025-06-30":                   6,
	"2016-12-31T23:59:60.123Z/2025-06-30T23:59:60Z":     6,
	"2017-01-01T06:59:60+07:00/2022-09-14T00:00:00.0Z":  6,
	"2022-09-14T12:00:00.123456789123Z":                 6,
	"2020-02-29/2022-09-14":                             6,
	"0000-01-01/0000-12-31":                             0,
	"2022-09-13T17:00:00-00:00/2022-09-13T17:00:00.00Z": 6,
}

// units counts admin units by SQL.
func (f *ogcClient) units(t *testing.T, where string) int {
	t.Helper()
	return f.database.Count(t, "SELECT count(*) FROM admin_units WHERE "+where)
}

// cursorOf is the cursor of the page after one.
func (f *ogcClient) cursorOf(t *testing.T, path string) string {
	t.Helper()
	_, cursor, _ := strings.Cut(f.document(t, path).link(t, "next").Href, "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	return cursor
}

func TestRequirementFails(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, s *server) {
		f := openFeatures(t, s)
		for _, r := range requirements {
			t.Run(r.name, func(t *testing.T) { r.check(t, f) })
		}
	})
}

package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models/storetest"
)

// ogcMatrix says who may ask for features: everybody.
func ogcMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET /ogc":                                   open("/ogc"),
		"GET /ogc/":                                  open("/ogc/"),
		"GET /ogc/conformance":                       open("/ogc/conformance"),
		"GET /ogc/api":                               open("/ogc/api"),
		"GET /ogc/collections":                       open("/ogc/collections"),
		"GET /ogc/collections/addresses":             open("/ogc/collections/addresses"),
		"GET /ogc/collections/addresses/items":       open("/ogc/collections/addresses/items?limit=1"),
		"GET /ogc/collections/addresses/items/:code": open("/ogc/collections/addresses/items/{code}"),
		"GET /ogc/collections/units":                 open("/ogc/collections/units"),
		"GET /ogc/collections/units/items":           open("/ogc/collections/units/items?limit=1"),
		"GET /ogc/collections/units/items/:unit":     open("/ogc/collections/units/items/25747_2025-07-01"),
	}
}

// inDegrees writes numbers of 1e-7 degree with commas between them.
func inDegrees(t *testing.T, e7 []string) string {
	t.Helper()
	degrees := make([]string, len(e7))
	for i, text := range e7 {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		degrees[i] = geo.FormatE7(int32(n))
	}
	return strings.Join(degrees, ",")
}

func TestFeaturesTakeBadInput(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		f := openFeatures(t, s)
		bad := func(query, code string) scenario {
			return scenario{name: query, path: addressItems + "?" + query, status: 400, want: []string{"/problems/" + code}}
		}
		for _, c := range []scenario{
			bad("limit=0", "out-of-range"), bad("limit=-1", "out-of-range"), bad("limit=1.5", "out-of-range"), bad("limit=%2B5", "out-of-range"),
			bad("limit=ten", "out-of-range"), bad("limit=00", "out-of-range"), bad("limit=-99999999999999999999", "out-of-range"),
			bad("bbox=106,11,107,10", "bbox-inverted"), bad("bbox=106,10,107", "bad-bbox"), bad("bbox=106,10,107,11,1", "bad-bbox"),
			bad("bbox=1,2,3,4,5,6,7", "bad-bbox"), bad("bbox=a,b,c,d", "not-a-number"), bad("bbox=NaN,10,107,11", "not-a-number"),
			bad("bbox=106,10,low,107,11,high", "not-a-number"), bad("bbox=106,10,,107,11,", "not-a-number"), bad("bbox=-181,10,107,11", "outside-earth"),
			bad("bbox=106,10,180.00000001,11", "outside-earth"), bad("bbox=106,-91,107,11", "outside-earth"), bad("bbox=106,10,107,90.1", "outside-earth"),
			bad("bbox=106,10,1e400,11", "out-of-range"), bad("bbox=106%2010%20107%2011", "bad-bbox"), bad("bbox=106,10,9,107,9,8", "bbox-inverted"),
			bad("datetime=yesterday", "bad-datetime"), bad("datetime=..", "bad-datetime"), bad("datetime=../..", "bad-datetime"), bad("datetime=/", "bad-datetime"),
			bad("datetime=/..", "bad-datetime"), bad("datetime=../", "bad-datetime"), bad("datetime=2025", "bad-datetime"), bad("datetime=2025-07", "bad-datetime"),
			bad("datetime=2025-02-30", "bad-datetime"), bad("datetime=2025-07-01T08:30:00", "bad-datetime"), bad("datetime=2025-07-01T8:30:00Z", "bad-datetime"),
			bad("datetime=2025-07-01T08:30Z", "bad-datetime"), bad("datetime=2025-07-01T08:30:00,5Z", "bad-datetime"), bad("datetime=2025-07-01T24:00:00Z", "bad-datetime"),
			bad("datetime=2025-06-30T16:59:60Z", "bad-datetime"), bad("datetime=2025-07-01T00:00:00%2B24:00", "bad-datetime"), bad("datetime=20250701", "bad-datetime"),
			bad("datetime=2025-07-01/2025-06-30", "interval-inverted"), bad("datetime=2025-07-01T00:00:01Z/2025-07-01T00:00:00Z", "interval-inverted"),
			bad("datetime=2025-07-01/2025-07-02/2025-07-03", "bad-datetime"), bad("datetime=2025-07-01T00:00:00Z/..../", "bad-datetime"), bad("datetime=P1Y/2025-07-01", "bad-datetime"),
			bad("cursor=dTE3NF8yMDIwLTAyLTAx", "bad-cursor"), bad("commune=79", "unknown-commune"),
			{name: "another collection's cursor", path: unitItems + "?cursor=" + cursorAfter(28), status: 400, want: []string{"/problems/bad-cursor"}},
			{name: "everything at once", path: addressItems + "?limit=0&bbox=1&datetime=x&kind=x", status: 400, want: []string{"has 4 errors"}},
			{name: "in Vietnamese", path: addressItems + "?datetime=x", headers: []string{"Accept-Language: vi"}, status: 400, want: []string{"không phải thời điểm"}},
		} {
			t.Run(c.name, func(t *testing.T) { f.play(t, c) })
		}
	})
}

// Boxes may lie anywhere on earth; all six addresses lie between 106 and 107
// degrees east.
func TestFeaturesMissABox(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		f := openFeatures(t, s)
		for box, want := range map[string]int{
			"-180,-90,180,90":                         6,
			"-180,-90,-9,180,90,9":                    6,
			"106,10,107,12":                           6,
			"106,10,-5,107,12,9000":                   6,
			"100,4,120,24":                            6,
			"2,48,3,49":                               0,
			"170,-10,-170,30":                         0, // over the date line, not here
			"170,-10,107,30":                          6, // the long way round from the east
			"106,-10,-170,30":                         6, // and from the west
			"106.7,-10,106.66,30":                     6, // all but a strip in which nobody is
			"106.7,-10,106,30":                        1,
			"107,-10,106,30":                          0,
			"180,-90,-180,90":                         0,
			"106.75,11.06,106.75,11.06":               1,
			"106.75000001,11.06,106.76,11.07":         0,
			"106.74999999,11.06,106.7500000001,11.07": 1,
		} {
			if got := f.document(t, addressItems+"?bbox="+box); *got.NumberMatched != want || len(got.Features) != want {
				t.Errorf("%s: %d match, %d are there, want %d", box, *got.NumberMatched, len(got.Features), want)
			}
		}
	})
}

func TestFeaturesSayWhatIsAbsent(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		f := openFeatures(t, s)
		_, table := f.server.play(t, scenario{path: "/v1/addresses?f=csv&limit=1", status: 200})
		header, _, _ := strings.Cut(table, "\n")
		columns := strings.Split(header, ",")
		page := f.document(t, addressItems)
		for _, found := range page.Features {
			if n := len(found.Properties); n != len(columns)-2 { // lat and lng are the geometry
				t.Errorf("%s has %d properties", found.ID, n)
			}
			for _, name := range columns {
				if _, there := found.Properties[name]; !there && name != "lat" && name != "lng" {
					t.Errorf("%s lacks %s", found.ID, name)
				}
			}
		}
		f.run(t, []scenario{
			{name: "what is whole has a point", path: addressItems + "?kind=household&limit=1", status: 200, want: []string{`"accuracy_m":5.0,`, `"name":null`, `"valid_to":`}},
			{name: "what is not", path: addressItems + "?kind=farm", status: 200, want: []string{`"accuracy_m":7.5,`, `"name":"Vườn bưởi Cù Lao"`, `"house_number":null`, `"coordinates":[106.75,11.06]`}},
		})
	})
}

func TestFeaturesOfNothing(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "extent", path: "/ogc/collections/addresses", status: 200, want: []string{`"extent":{"temporal":{"interval":[[null,null]]`}, never: []string{"spatial"}},
			{name: "page", path: addressItems, status: 200, want: []string{`"numberMatched":0,"numberReturned":0`, `"features":[]`}, never: []string{`"next"`}},
			{name: "for people", path: "/ogc/collections?f=html", status: 200, want: []string{"Các bộ dữ liệu"}},
		})
	})
}

// The extent follows what is registered and moved.
func TestExtentLags(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for n, at := range [][2]string{{"10.9804", "106.6519"}, {"10.99", "106.66"}, {"10.97", "106.64"}} {
			s.register(t, fmt.Sprintf(`{"kind":"landmark","name":"Mốc %d","lat":%s,"lng":%s}`, n, at[0], at[1]))
			row := s.database.Texts(t, "SELECT min(lng), min(lat), max(lng), max(lat) FROM addresses")[0]
			s.play(t, scenario{path: "/ogc/collections/addresses", status: 200, want: []string{`"bbox":[[` + inDegrees(t, row) + `]]`}})
		}
	})
}

func TestPagesForPeople(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		f := openFeatures(t, s)
		for path, want := range map[string]string{"/ogc": "Sổ địa chỉ số", "/ogc/": "/ogc</code>", "/ogc/conformance": "conf/oas30",
			"/ogc/collections": "Đơn vị hành chính", "/ogc/collections/addresses": "14/09/2022", "/ogc/collections/units": "106.33, 10.86"} {
			for _, c := range []scenario{{path: path + "?f=html"}, {path: path, headers: []string{"Accept: text/html,application/xhtml+xml,*/*;q=0.8"}}} {
				c.status, c.want, c.never = 200, []string{want, `lang="vi"`}, []string{"<script", "style="}
				c.header = []string{"Content-Type: text/html; charset=utf-8", "Content-Security-Policy: default-src 'none'", "Vary: Accept"}
				f.play(t, c)
			}
		}
		f.play(t, scenario{path: "/ogc/", headers: []string{"Accept: */*"}, status: 200, header: []string{"Content-Type: application/json"}})
	})
}

// Behind a proxy links lead to where people reach the program.
func TestLinksLeadElsewhere(t *testing.T) {
	eachServerWith(t, Options{PublicURL: "https://diachi.example.vn"}, func(t *testing.T, s *server) {
		for n := range 2 {
			storetest.Register(t, s.store, storetest.House(n+1))
		}
		for _, path := range []string{"/ogc/", "/ogc/collections", "/ogc/collections/units", addressItems + "?limit=1", unitItems + "/25747_2025-07-01"} {
			s.play(t, scenario{path: path, status: 200, want: []string{`"href":"https://diachi.example.vn/ogc`}, never: []string{"127.0.0.1"}})
		}
		s.play(t, scenario{path: "/ogc/api", status: 200, want: []string{`"servers":[{"url":"https://diachi.example.vn/ogc"}]`}})
	})
}

// Whoever asks for page after page without reading them does not fill the
// memory.
func TestLargePagesHaveNoEnd(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		a := newAPI(s.store, Options{})
		router := a.router()
		ask := func(client, limit string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, addressItems+"?limit="+limit, nil)
			r.RemoteAddr = client + ":1234"
			w := httptest.NewRecorder()
			router.ServeHTTP(w, r)
			return w
		}
		var leave func()
		for n := range pagesAtOnce {
			client := netip.AddrFrom4([4]byte{10, 0, 0, byte(n / pagesOfClientAtOnce)})
			var err error
			if leave, err = a.pages.take(client); err != nil {
				t.Fatalf("page %d: %v", n, err)
			}
		}
		for _, c := range []struct {
			client, limit string
			status        int
			problem       string
		}{
			{"10.0.0.0", "1001", http.StatusTooManyRequests, "/problems/too-many-pages"},
			{"10.0.0.9", "1001", http.StatusServiceUnavailable, "/problems/pages-busy"},
			{"10.0.0.0", "1000", http.StatusOK, "FeatureCollection"},
		} {
			w := ask(c.client, c.limit)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.problem) || (w.Header().Get("Retry-After") == "") != (c.status == http.StatusOK) {
				t.Errorf("%+v: %d, Retry-After %q, %s", c, w.Code, w.Header().Get("Retry-After"), w.Body)
			}
		}
		leave()
		for range 2 { // a page gives its seat back
			if w := ask("10.0.0.9", "10000"); w.Code != http.StatusOK {
				t.Errorf("after one has arrived: %d", w.Code)
			}
		}
	})
}

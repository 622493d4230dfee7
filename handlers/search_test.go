package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// searching is a search for a text as people type it.
func searching(name, text string, want ...string) scenario {
	return scenario{name: name, path: "/v1/search?q=" + url.QueryEscape(text), status: 200, want: want}
}

// street registers three houses of one street, an orchard and a household of
// another commune.
func (s *server) street(t *testing.T) {
	t.Helper()
	for n := 5; n <= 7; n++ {
		storetest.Register(t, s.store, storetest.House(n))
	}
	storetest.Register(t, s.store, storetest.Farm("Vườn bưởi Ông Năm"))
}

func TestSearch(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.street(t)
		const five = `"parts":{"house_number":"5","street":"Đường Hoa Mai","hamlet":"Khu phố 2"}`
		first := `"features":[{"type":"Feature","id":"`
		as := func(c scenario, accept, contentType string) scenario {
			c.headers, c.header = []string{"Accept: " + accept}, []string{"Content-Type: " + contentType}
			return c
		}
		exact := searching("as written", "5 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", first, five,
			`"match":{"class":"A","score":1,"differences":[],"ignored":[]}`,
			`"geocoding":{"type":"house","accuracy":5,"label":"5 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh","housenumber":"5","street":"Đường Hoa Mai","locality":"Khu phố 2","postcode":"75123","city":"Phường Thủ Dầu Một","state":"Thành phố Hồ Chí Minh","country":"Việt Nam"}`,
			`"geocoding":{"version":"0.1.0","query":"5 Đường Hoa Mai, Khu phố 2,`)
		exact.header = []string{"Content-Type: application/geo+json", "Cache-Control: no-cache", "ETag:"}
		typo := searching("a slip and no accents", "5 duong hoa mia p thu dau mot", first, five, `"class":"B"`)
		kind, other := typo, typo
		kind.name, kind.path, kind.want, kind.never = "of another kind", typo.path+"&kind=farm", nil, []string{five}
		other.name, other.path, other.want, other.never = "in another commune", typo.path+"&commune=25920", nil, []string{five}
		one := searching("limit", "đường hoa mai", five)
		one.path += "&limit=1&near=10.9804,106.65245"
		one.never = []string{`"house_number":"6"`, `"house_number":"7"`}
		head := exact
		head.name, head.method, head.want = "head", http.MethodHead, nil
		s.run(t, []scenario{
			exact, typo, kind, other, one, head,
			as(exact, "application/json", "application/json"),
			as(exact, "application/geo+json", "application/geo+json"),
			as(exact, "*/*", "application/geo+json"),
			searching("units of before", "5 hoa mai, p. phú cường, tdm, bình dương", first, five),
			searching("by name", "vuon buoi ong nam", `"name":"Vườn bưởi Ông Năm"`, `"label":"Vườn bưởi Ông Năm, `),
			searching("by code", "28XM J25 Q68", `"features":[`),
			searching("what is not there", "Hẻm Vô Danh Thị Xyz", `"features":[]`),
			as(scenario{name: "as HTML", path: "/v1/search?q=hoa+mai", status: 406}, "text/html", "application/problem+json"),
		})
		s.run(t, []scenario{
			{name: "no q", path: "/v1/search", status: 400, want: []string{"/problems/required", `"parameter":"q"`}},
			{name: "several faults", path: "/v1/search?limit=51&kind=castle&near=x&commune=99999", status: 400, want: []string{"has 5 errors"}},
			{name: "limit 0", path: "/v1/search?q=hoa+mai&limit=0", status: 400, want: []string{"1 to 50"}},
			{name: "a format", path: "/v1/search?q=hoa+mai&f=json", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "post", method: http.MethodPost, path: "/v1/search", status: 405, header: []string{"Allow: GET, HEAD, OPTIONS"}},
		})
	})
}

// Texts that no address is made of are refused, or found nothing for; they do
// nothing else.
func TestSearchFallsForTricks(t *testing.T) {
	cases := []struct {
		name, text, problem string // no problem: it is searched
	}{
		{"empty", "", "empty"},
		{"one letter", "a", "text-too-short"},
		{"one letter in many signs", "--- ấ ---", "text-too-short"},
		{"500 letters", strings.Repeat("Đường ", 100), "text-too-long"},
		{"only punctuation", `.,;:!?/()-–"'`, "nothing-to-search"},
		{"only spaces", " \t\n\u00a0", "nothing-to-search"},
		{"only emoji", "🏠🏡", "nothing-to-search"},
		{"invalid UTF-8", "5 hoa mai \xff", "invalid-utf8"},
		{"half a character", "5 hoa mai \xe1\xbb", "invalid-utf8"},
		{"full-text syntax", `" OR *`, ""},
		{"more of it", `hoa* NEAR(mai, 5) AND -"x" ^y`, ""},
		{"SQL", `'; DROP TABLE addresses;--`, ""},
		{"SQL about everything", `5' OR '1'='1`, ""},
		{"wildcards", `%_% hoa mai`, ""},
		{"a pattern", `.*(hoa|mai)+$`, ""},
		{"300 letters", strings.Repeat("hẻm ", 75), ""},
		{"300 digits and slashes", strings.Repeat("1/", 150), ""},
		{"markup", `<script>alert(1)</script>`, ""},
		{"combining accents on nothing", "\u0301\u0309 hoa mai", ""},
		{"Khmer", "ផ្លូវ ៥", ""},
	}
	eachServer(t, func(t *testing.T, s *server) {
		s.street(t)
		before := s.rows(t)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				for _, path := range []string{"/v1/search", "/v1/suggest"} {
					asked := scenario{path: path + "?q=" + url.QueryEscape(c.text), status: 200, never: []string{"SQL", "syntax"}}
					if c.problem != "" {
						asked.status, asked.want = 400, []string{"/problems/" + c.problem, `"parameter":"q"`}
					}
					s.play(t, asked)
				}
				if c.problem == "empty" || c.problem == "invalid-utf8" {
					return // of a body it is said otherwise
				}
				body, err := json.Marshal(map[string]string{"text": c.text})
				if err != nil {
					t.Fatal(err)
				}
				washed := scenario{method: http.MethodPost, path: "/v1/wash", body: string(body), status: 200}
				row := table("", "search", "application/json", "["+string(body)+"]", `"status":"`)
				if c.problem != "" {
					washed.status, washed.want = 400, []string{"/problems/" + c.problem, `"pointer":"/text"`}
					row.want = []string{`"status":"invalid"`}
				}
				s.play(t, washed)
				s.play(t, row)
			})
		}
		if after := s.rows(t); after != before {
			t.Errorf("%d rows before, %d after", before, after)
		}
		found := `"house_number":"5"`
		for _, text := range []string{"🏠 5 Đường Hoa Mai 🏠", "\u200f5 Đường \u202eHoa Mai\u202c", "\ufeff5 Đường Hoa\u200b Mai", "５ Ｄｕｏｎｇ Ｈｏａ Ｍａｉ", "5\tĐường\nHoa Mai", "5 Đường Hoa Mai\x00"} {
			s.play(t, searching(text, text, found))
		}
	})
}

func TestSuggest(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.street(t)
		_, body := s.play(t, scenario{path: "/v1/suggest?q=hoa+m&limit=3&near=10.98,106.65", status: 200, want: []string{`"type":"street"`, `"next":"/v1/suggest?limit=3\u0026near=10.98%2C106.65\u0026q=`},
			header: []string{"Content-Type: application/json", "Cache-Control: no-cache"}})
		var answer suggestions
		if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Suggestions) == 0 {
			t.Fatalf("%v: %s", err, body)
		}
		street := answer.Suggestions[0]
		if street.Code != nil || street.Caret > len([]rune(street.Text)) {
			t.Errorf("the street is %+v", street)
		}
		s.play(t, scenario{path: street.Next, status: 200, want: []string{`"type":"address"`, `"code":"`}})
		s.run(t, []scenario{
			{name: "an address has nothing to add", path: "/v1/suggest?q=6+hoa+mai", status: 200, want: []string{`"text":"6 Đường Hoa Mai`, `"type":"address","code":"`}, never: []string{`"next"`}},
			{name: "nothing fits", path: "/v1/suggest?q=zzzzzz", status: 200, want: []string{`{"suggestions":[]}`}},
			{name: "one of many", path: "/v1/suggest?q=hoa+mai&limit=1", status: 200},
			{name: "no q", path: "/v1/suggest", status: 400, want: []string{"/problems/required"}},
			{name: "limit 21", path: "/v1/suggest?q=hoa&limit=21", status: 400, want: []string{"1 to 20"}},
			{name: "kinds are for searches", path: "/v1/suggest?q=hoa&kind=farm", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "as GeoJSON", path: "/v1/suggest?q=hoa", headers: []string{"Accept: application/geo+json"}, status: 406},
			{name: "head", method: http.MethodHead, path: "/v1/suggest?q=hoa", status: 200, header: []string{"Content-Length: *"}},
		})
	})
}

func TestWash(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.street(t)
		wash := func(name, text string, want ...string) scenario {
			body, err := json.Marshal(map[string]string{"text": text})
			if err != nil {
				t.Fatal(err)
			}
			return scenario{name: name, method: http.MethodPost, path: "/v1/wash", body: string(body), headers: []string{"Authorization:"}, status: 200, want: want}
		}
		s.run(t, []scenario{
			wash("as written", "5 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", `{"class":"A","parsed":{"house_number":"5","street":"Đường Hoa Mai","hamlet":"Khu phố 2","units":[{"level":"commune","code":"25747","valid_from":"2025-07-01"`,
				`"commune":{"code":"25747","name":"Phường Thủ Dầu Một","valid_from":"2025-07-01"}`, `"matches":[{"type":"Feature"`, `"current_text":"5 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"`),
			wash("of another era", "5 hoa mai, phường phú cường, thành phố thủ dầu một, bình dương", `"code":"25747","valid_from":"2020-02-01","name":"Phường Phú Cường"`, `"level":"district","code":"718"`),
			wash("contradictory", "5 hoa mai, phường phú cường, huyện dầu tiếng", `"contradictions":[["`),
			wash("undecided", "123 Đường Vô Danh Thị Xyz", `"class":"C"`, `"commune":null`, `"matches":[]`),
		})
	})
}

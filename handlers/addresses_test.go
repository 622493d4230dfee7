package handlers

import (
	"net/http"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		const path = "/v1/addresses/28XMJ25Q66"
		s.run(t, []scenario{
			{name: "today", path: path, status: 200, want: []string{
				`"formatted":"28XM J25 Q66"`, `"position":{"lat":10.9804,"lng":106.6519,"accuracy_m":5,"kind":"entrance"}`,
				`"text":"5 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"`,
				`"anchor":{"lat":10.9804125,"lng":106.6518906,"offset_m":1.7}`, `"links":{"self":"/v1/addresses/28XMJ25Q66"`,
			}, never: []string{"null", "test desk", `"name":""`, `"ref"`}, header: []string{"Content-Type: application/json"}},
			{name: "in lower case with spaces", path: "/v1/addresses/28xm%20j25%20q66", status: 200},
			{name: "as GeoJSON by Accept", path: path, headers: []string{"Accept: application/geo+json"}, status: 200,
				want: []string{`"type":"Feature","id":"28XMJ25Q66","geometry":{"type":"Point","coordinates":[106.6519,10.9804]}`}, header: []string{"Content-Type: application/geo+json"}},
			{name: "as GeoJSON by f", path: path + "?f=geojson", status: 200, header: []string{"Content-Type: application/geo+json"}},
			{name: "as a spreadsheet", path: path + "?f=csv", status: 400, want: []string{"/problems/unknown-value"}},
			{name: "as HTML", path: path, headers: []string{"Accept: text/html"}, status: 406, want: []string{"/problems/not-acceptable", "application/geo+json"}},
			{name: "refused by weight", path: path, headers: []string{"Accept: */*;q=0"}, status: 406},
			{name: "before it was valid", path: path + "?as_of=2026-01-14", status: 404, want: []string{"/problems/not-yet", `"parameter":"as_of"`}},
			{name: "on its first day", path: path + "?as_of=2026-01-15", status: 200},
			{name: "on no day", path: path + "?as_of=2026-02-30", status: 400, want: []string{"/problems/bad-day"}},
			{name: "bad check", path: "/v1/addresses/28XMJ25Q67", status: 400, want: []string{"/problems/check-failed", `"parameter":"code"`}},
			{name: "nine symbols", path: "/v1/addresses/28XMJ25Q6", status: 400, want: []string{"/problems/wrong-length"}},
			{name: "nobody's", path: "/v1/addresses/H72VH2FVP6", status: 404, want: []string{"/problems/code-not-found", `"cell":{"code":"H72VH2FVP6"`}},
			{name: "head", method: http.MethodHead, path: path, status: 200, header: []string{"ETag: *", "Content-Length: *"}},
		})
	})
}

func TestETag(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		const path = "/v1/addresses/28XMJ25Q66"
		w, _ := s.play(t, scenario{path: path, status: 200})
		tag := w.Header.Get("ETag")
		geojson, _ := s.play(t, scenario{path: path + "?f=geojson", status: 200})
		if tag == geojson.Header.Get("ETag") {
			t.Errorf("two representations have one tag %s", tag)
		}
		inner := strings.TrimSuffix(tag, `"`)
		s.run(t, []scenario{
			{name: "known", path: path, headers: []string{"If-None-Match: " + tag}, status: 304, header: []string{"ETag: " + tag, "Cache-Control: no-cache", "Content-Type:"}},
			{name: "known by HEAD", method: http.MethodHead, path: path, headers: []string{"If-None-Match: " + tag}, status: 304},
			{name: "known among others, weakly", path: path, headers: []string{`If-None-Match: "x", W/` + tag}, status: 304},
			{name: "any", path: path, headers: []string{"If-None-Match: *"}, status: 304},
			{name: "known compressed", path: path, headers: []string{"Accept-Encoding: gzip", "If-None-Match: " + inner + `-gzip"`}, status: 304, header: []string{`ETag: -gzip"`}},
			{name: "known in a form that can't be read", path: path, headers: []string{"If-None-Match: " + inner + `-zstd"`}, status: 200},
			{name: "longer", path: path, headers: []string{"If-None-Match: " + inner + `0"`}, status: 200},
			{name: "another", path: path, headers: []string{`If-None-Match: "x"`}, status: 200},
			{name: "of the other representation", path: path + "?f=geojson", headers: []string{"If-None-Match: " + tag}, status: 200},
			{name: "of an unknown code", path: "/v1/addresses/H72VH2FVP6", headers: []string{"If-None-Match: *"}, status: 404, header: []string{"ETag:"}},
			{name: "resolved", path: "/v1/resolve/28XMJ25Q66", headers: []string{"If-None-Match: " + tag}, status: 304},
		})
		s.database.Exec(t, "UPDATE addresses SET version = 2 WHERE code = '28XMJ25Q66'")
		s.play(t, scenario{path: path, headers: []string{"If-None-Match: " + tag}, status: 200, want: []string{`"version":2`}})
		second, _ := s.play(t, scenario{path: path, status: 200})
		s.play(t, scenario{path: path + "?as_of=2026-01-16", headers: []string{"If-None-Match: " + second.Header.Get("ETag")}, status: 304})
	})
}

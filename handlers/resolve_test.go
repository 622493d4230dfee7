package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		if code != "28XMJ25Q66" {
			t.Fatalf("the house has the code %s", code)
		}
		one := []string{`"code":"28XMJ25Q66"`, `"scheme":"code"`, `"normalized":false`}
		s.run(t, []scenario{
			{name: "plain", path: "/v1/resolve/28XMJ25Q66", status: 200, want: one, never: []string{"truncated", "null"}, header: []string{"ETag: \"", "Cache-Control: no-cache"}},
			{name: "as query", path: "/v1/resolve?q=28XMJ25Q66", status: 200, want: one},
			{name: "lower case with spaces", path: "/v1/resolve/28xm%20j25%20q66", status: 200, want: one},
			{name: "look-alike letters", path: "/v1/resolve/Z8XMJZ5Q66", status: 200, want: []string{`"normalized":true`, `"code":"28XMJ25Q66"`}},
			{name: "full width", path: "/v1/resolve/%EF%BC%92%EF%BC%98XMJ25Q66", status: 200, want: []string{`"normalized":true`}},
			{name: "slashes are separators", path: "/v1/resolve/28XM%2FJ25%2FQ66", status: 200, want: one},
			{name: "plus code", path: "/v1/resolve/7P28XMJ2+5Q6", status: 200, want: []string{`"scheme":"plus_code"`}},
			{name: "plus code escaped beside a slash", path: "/v1/resolve/7P28XMJ2+5Q6%2F", status: 200, want: []string{`"scheme":"plus_code"`}},
			{name: "plus code whose plus became a space", path: "/v1/resolve?q=7P28XMJ2+5Q6", status: 200, want: []string{`"scheme":"plus_code"`}},
			{name: "short plus code near a place", path: "/v1/resolve/XMJ2%2B5Q6?near=10.98,106.65", status: 200, want: []string{`"scheme":"plus_code"`}},
			{name: "short plus code near a commune", path: "/v1/resolve?q=XMJ2%2B5Q6&commune=Th%E1%BB%A7+D%E1%BA%A7u+M%E1%BB%99t", status: 200, want: []string{`"scheme":"plus_code"`}},
			{name: "short plus code near nothing", path: "/v1/resolve/XMJ2%2B5Q6", status: 400, want: []string{"/problems/near-needed"}},
			{name: "position", path: "/v1/resolve/10.9804,106.6519", status: 200, want: []string{`"scheme":"position"`}},
			{name: "position with nobody", path: "/v1/resolve/10.98045,106.6519", status: 404, want: []string{"code-not-found", `"distance_m":`, `"cell":{`}, never: []string{`"edit"`}},
			{name: "wrong check", path: "/v1/resolve/28XMJ25Q67", status: 404,
				want: []string{"/problems/check-failed", `"parameter":"input"`, `"candidates":[{"code":"28XMJ25Q66","edit":{"op":"substitute","position":10}`}},
			{name: "nine symbols", path: "/v1/resolve?q=28XMJ2Q66", status: 404, want: []string{`"op":"insert"`, `"parameter":"q"`}},
			{name: "eleven symbols", path: "/v1/resolve/28XMJ225Q66", status: 404, want: []string{`"op":"delete"`}},
			{name: "unregistered unit offers its door", path: "/v1/resolve/28XMJ25Q66223R", status: 404, want: []string{`"op":"door"`, `"code":"28XMJ25Q66"`}},
			{name: "13 symbols", path: "/v1/resolve/28XMJ25Q66223", status: 404, want: []string{"check-failed"}},
			{name: "15 symbols", path: "/v1/resolve/28XMJ25Q66223RR", status: 404, want: []string{"check-failed"}},
			{name: "nobody's code", path: "/v1/resolve/H72VH2FVP6", status: 404, want: []string{"/problems/code-not-found", `"cell":{"code":"H72VH2FVP6","plus_code":"7PH72VH2+FVP"`}, never: []string{"candidates"}},
			{name: "unreadable", path: "/v1/resolve/xin%20ch%C3%A0o", status: 400, want: []string{"/problems/unreadable"}},
			{name: "invalid UTF-8 in the path", path: "/v1/resolve/%FF", status: 400, want: []string{"/problems/invalid-utf8", `"parameter":"input"`}},
			{name: "invalid UTF-8 in the query", path: "/v1/resolve?q=%FF", status: 400, want: []string{"/problems/invalid-utf8", `"parameter":"q"`}},
			{name: "too long", path: "/v1/resolve/" + strings.Repeat("2", 65), status: 400, want: []string{"/problems/too-long"}},
			{name: "no q", path: "/v1/resolve", status: 400, want: []string{"/problems/required", `"parameter":"q"`}},
			{name: "empty q", path: "/v1/resolve?q=", status: 400, want: []string{"/problems/empty"}},
			{name: "swapped position", path: "/v1/resolve/106.6519,10.9804", status: 400, want: []string{"/problems/swapped"}},
			{name: "bad hint", path: "/v1/resolve/28XMJ25Q66?near=here", status: 400, want: []string{`"parameter":"near"`}},
			{name: "hint outside", path: "/v1/resolve/28XMJ25Q66?near=48.8,2.3", status: 400, want: []string{"/problems/outside-window"}},
			{name: "head", method: http.MethodHead, path: "/v1/resolve/28XMJ25Q66", status: 200, header: []string{"Content-Length: *", "ETag: *"}},
		})
	})
}

func TestResolveForgetsNoReading(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		for _, label := range []string{"A.01", "A.02"} {
			s.register(t, `{"kind":"household","lat":10.9822,"lng":106.6519,"house_number":"8","street":"Đường Hoa Mai","building":"Chung cư Bằng Lăng","unit_label":"`+label+`"}`)
		}
		_, body := s.play(t, scenario{path: "/v1/resolve/10.9822,106.6519", status: 200, want: []string{`"A.01`, `"A.02`}})
		if strings.Count(body, `"scheme":"position"`) != 3 {
			t.Errorf("%s: want two matches of one scheme, and the scheme they share", body)
		}
	})
}

func TestRetiredIsAnsweredWithItsSuccessors(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		old := s.register(t, house)
		next := s.register(t, `{"kind":"household","lat":10.9814,"lng":106.6519,"house_number":"7","street":"Đường Hoa Mai"}`)
		w, _ := s.play(t, scenario{path: "/v1/addresses/" + next, status: 200, want: []string{`"supersedes":[]`}})
		s.database.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = '2026-01-15', version = 2 WHERE code = ?", old)
		s.database.Exec(t, `INSERT INTO address_successions (address_id, successor_id)
			SELECT o.id, n.id FROM addresses o, addresses n WHERE o.code = ? AND n.code = ?`, old, next)
		s.database.Exec(t, `INSERT INTO changes (at, op, address_id, version, actor, reason)
			SELECT updated_at, 'retire', id, 2, 'test desk', 'pulled down' FROM addresses WHERE code = ?`, old)
		s.run(t, []scenario{
			{name: "resolved", path: "/v1/resolve/" + old, status: 200,
				want: []string{`"status":"retired"`, `"reason":"pulled down"`, `"successors":["` + next + `"]`, `"valid_to":"2026-01-15"`}},
			{name: "looked up", path: "/v1/addresses/" + old, status: 200, want: []string{`"status":"retired"`, `"successors":["` + next + `"]`}},
			{name: "its successor's old tag is stale", path: "/v1/addresses/" + next, headers: []string{"If-None-Match: " + w.Header.Get("ETag")},
				status: 200, want: []string{`"supersedes":["` + old + `"]`}},
		})
	})
}

// A tower has more flats than one answer lists: the answer says where they are.
func TestResolveHidesTheRestOfATower(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for i := range 51 {
			s.register(t, fmt.Sprintf(`{"kind":"household","lat":10.9822,"lng":106.6519,"house_number":"8","street":"Đường Hoa Mai","unit_label":"A.%02d"}`, i))
		}
		_, body := s.play(t, scenario{path: "/v1/resolve/10.9822,106.6519", status: 200, want: []string{`"truncated":true`, `"next":"/v1/addresses?bbox=106.651875,10.9822,`}})
		var answer struct {
			Matches []any
			Next    string
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Matches) != 50 {
			t.Fatalf("%d matches, %v", len(answer.Matches), err)
		}
		_, body = s.play(t, scenario{path: answer.Next, status: 200})
		if n := strings.Count(body, `"unit_label":"A.`); n != 51 {
			t.Errorf("%d flats at %s, want 51", n, answer.Next)
		}
		s.play(t, scenario{path: "/v1/resolve/7P28XMJ2%2B", status: 200, want: []string{`"truncated":true`, `"next":"/v1/addresses?bbox=106.65,10.98,106.6525,10.9825"`}})
	})
}

package handlers

import (
	"net/http"
	"strings"
	"testing"
)

func TestKeysOverHTTP(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		post := func(path, body string, status int, want ...string) string {
			t.Helper()
			_, text := s.play(t, scenario{method: http.MethodPost, path: path, body: body, status: status, want: want})
			return text
		}
		made := post("/v1/keys", `{"name":"Phường Phú Lợi","role":"officer","communes":["25747"],"expires":"2026-01-15"}`, 201,
			`"number":2`, `"communes":[{"code":"25747","name":"Phường Thủ Dầu Một"`, `"expires_at":"2026-01-15T17:00:00Z"`)
		key := member(t, made, "key")
		as := func(key string) []string { return []string{"Authorization: Bearer " + key} }
		s.play(t, scenario{method: http.MethodPost, path: "/v1/addresses", headers: as(key), body: house, status: 201})

		rotated := member(t, post("/v1/keys/2/rotate", "", 200, `"name":"Phường Phú Lợi"`), "key")
		if rotated == key || !strings.HasPrefix(rotated, "dcs_") {
			t.Errorf("the new text is %q", rotated)
		}
		s.play(t, scenario{path: "/v1/version", headers: as(key), status: 404}) // no such path, with any key
		s.play(t, scenario{path: "/v1/units", headers: as(key), status: 401, want: []string{"/problems/bad-key"}, never: []string{key}})
		s.play(t, scenario{path: "/v1/units", headers: as(rotated), status: 200})
		post("/v1/keys/2/revoke", "", 200, `"revoked_at":"2026-01-15T05:00:00Z"`)
		s.play(t, scenario{path: "/v1/units", headers: as(rotated), status: 401})
		post("/v1/keys/2/revoke", "", 409, "/problems/key-closed")
		post("/v1/keys/2/rotate", "", 409, "/problems/key-closed")
		post("/v1/keys/77/rotate", "", 404, "/problems/unknown-key")
		post("/v1/keys/first/revoke", "", 404, "/problems/unknown-key")
		s.play(t, scenario{path: "/v1/keys", headers: as(s.key), status: 200, want: []string{`"number":1,"name":"test desk"`, `"last_used_at"`},
			never: []string{key, rotated, s.key}, header: []string{"Cache-Control: no-store"}})
		for _, secret := range []string{key, rotated, s.key} {
			if strings.Contains(s.log.String(), secret) {
				t.Error("the log holds a key")
			}
		}
	})
}

func TestKeyRequestIsWrong(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		before := s.database.Count(t, "SELECT count(*) FROM api_keys")
		for _, c := range []struct{ name, body, want string }{
			{"nothing", `{}`, "has 2 errors"},
			{"unknown role", `{"name":"desk","role":"king"}`, `"pointer":"/role"`},
			{"officer of nowhere", `{"name":"desk","role":"officer"}`, `"pointer":"/communes"`},
			{"officer of a commune that is no more", `{"name":"desk","role":"officer","communes":["Phường Phú Cường"]}`, "/problems/unknown-commune"},
			{"courier of a commune", `{"name":"desk","role":"courier","communes":["25747"]}`, "/problems/not-an-officer"},
			{"communes as a text", `{"name":"desk","role":"officer","communes":"25747"}`, "/problems/wrong-type"},
			{"over", `{"name":"desk","role":"courier","expires":"2026-01-14"}`, "/problems/over"},
			{"no day", `{"name":"desk","role":"courier","expires":"14/1/2027"}`, "/problems/bad-day"},
			{"a name that breaks lines", `{"name":"a\nb","role":"courier"}`, "/problems/bad-name"},
		} {
			t.Run(c.name, func(t *testing.T) {
				s.play(t, scenario{method: http.MethodPost, path: "/v1/keys", body: c.body, status: 400, want: []string{c.want}})
			})
		}
		if after := s.database.Count(t, "SELECT count(*) FROM api_keys"); after != before {
			t.Errorf("%d keys were made", after-before)
		}
	})
}

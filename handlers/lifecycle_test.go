package handlers

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"diachiso/geo"
	"diachiso/models"
)

const mergePatchType = "Content-Type: application/merge-patch+json"

// write is a call that changes the house of the tests.
func (s *server) write(method, path, body string, status int, want ...string) scenario {
	return scenario{name: body, method: method, path: path, body: body, status: status, want: want,
		headers: []string{mergeTypeOf(method), "If-Match: *", "Authorization: Bearer " + s.key}}
}

func mergeTypeOf(method string) string {
	if method == http.MethodPatch {
		return mergePatchType
	}
	return "Content-Type: application/json"
}

func TestPatchIsMisunderstood(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		const path = "/v1/addresses/28XMJ25Q66"
		s.register(t, house)
		patch := func(body string, status int, want ...string) scenario {
			return s.write(http.MethodPatch, path, body, status, want...)
		}
		first := patch(`{"kind":"shop","name":"Quán Lá","name_public":true,"hamlet":null,"accuracy_m":null,"position_kind":"stall","valid_from":"2022-09-14"}`, 200,
			`"kind":"shop"`, `"name":"Quán Lá"`, `"position":{"lat":10.9804,"lng":106.6519,"kind":"stall"}`, `"version":2`, `"valid_from":"2022-09-14"`)
		first.never, first.header = []string{"hamlet"}, []string{"ETag: *", "Location:"}
		w, _ := s.play(t, first)
		got, _ := s.play(t, scenario{path: path, status: 200})
		if w.Header.Get("ETag") != got.Header.Get("ETag") {
			t.Errorf("the tag of the answer is %s, of the address %s", w.Header.Get("ETag"), got.Header.Get("ETag"))
		}
		same := patch(`{"kind":"shop"}`, 200, `"version":2`)
		asJSON := patch(`{"alley":"Hẻm 5"}`, 200, `"version":3`, `"alley":"Hẻm 5"`)
		asJSON.headers[0] = "Content-Type: application/json"
		s.run(t, []scenario{
			same, asJSON,
			patch(`{"lat":10.98050,"lng":106.6519}`, 200, `"code":"28XMJ25Q66"`, `"version":4`),
			patch(`{"name_public":null}`, 200, `"version":5`),
			patch(`{"kind":null}`, 400, "/problems/required", `"pointer":"/kind"`),
			patch(`{"lat":10.98}`, 400, "/problems/required", `"pointer":"/lng"`),
			patch(`{"lat":null,"lng":null}`, 400, `"pointer":"/lat"`, `"pointer":"/lng"`),
			patch(`{"lat":106.6519,"lng":10.9804}`, 400, "/problems/swapped"),
			patch(`{"valid_from":null}`, 400, "/problems/required", `"pointer":"/valid_from"`),
			patch(`{"valid_from":"14/9/2022"}`, 400, "/problems/bad-day"),
			patch(`{"accuracy_m":0}`, 400, "/problems/out-of-range", `"pointer":"/accuracy_m"`),
			patch(`{"ref":"x"}`, 400, "/problems/unknown-member"),
			patch(`{"street":5}`, 400, "/problems/wrong-type"),
			patch(`{"street":"a\u0007"}`, 400, "/problems/control-character"),
			patch(`{"confirm_distinct":"yes"}`, 400, "/problems/wrong-type"),
			patch(`[]`, 400, "/problems/malformed-json"),
			{name: "a form", method: http.MethodPatch, path: path, body: "street=x", status: 415, headers: []string{"Content-Type: application/x-www-form-urlencoded", "If-Match: *", "Authorization: Bearer " + s.key}},
			{name: "nobody's code", method: http.MethodPatch, path: "/v1/addresses/H72VH2FVP6", body: "{}", status: 404, headers: first.headers},
			{name: "a bad code", method: http.MethodPatch, path: "/v1/addresses/28XMJ25Q67", body: "{}", status: 400, headers: first.headers},
		})
	})
}

func TestVersionThatWasReadIsNotAskedFor(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		const path = "/v1/addresses/28XMJ25Q66"
		w, _ := s.play(t, scenario{path: path, status: 200})
		tag := w.Header.Get("ETag")
		for _, call := range []struct{ method, path, body string }{
			{http.MethodPatch, path, `{"alley":"Hẻm 5"}`}, {http.MethodPost, path + "/verify", `{"level":"field"}`},
			{http.MethodPost, path + "/retire", `{"reason":"gone"}`}, {http.MethodPost, path + "/restore", `{}`},
		} {
			c := s.write(call.method, call.path, call.body, 0)
			with := func(ifMatch string, status int, want string) {
				t.Helper()
				c.headers[1], c.status, c.want = "If-Match:"+ifMatch, status, []string{want}
				s.play(t, c)
			}
			with("", 428, "/problems/if-match-required")
			with(` "99-1"`, 412, "/problems/stale")
			with(` W/`+tag, 412, "/problems/weak-etag")
			with(" 1", 400, "/problems/bad-if-match")
			with(` "x", `+tag, 200, `"version":`)
			with(` `+tag, 412, "/problems/stale")
			w, _ = s.play(t, scenario{path: path, status: 200})
			tag = w.Header.Get("ETag")
		}
	})
}

func TestTwoOfficersOverwriteEachOther(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		const path = "/v1/addresses/28XMJ25Q66"
		for _, number := range []string{"6", "7", "8"} {
			w, _ := s.play(t, scenario{path: path, status: 200})
			c := s.write(http.MethodPatch, path, `{"house_number":"`+number+`"}`, 0)
			c.headers[1] = "If-Match: " + w.Header.Get("ETag")
			statuses := make([]int, 4)
			var officers sync.WaitGroup
			for i := range statuses {
				officers.Go(func() {
					c := c
					c.body = strings.Replace(c.body, number, number+string(rune('A'+i)), 1)
					answer, _ := s.send(t, c)
					statuses[i] = answer.StatusCode
				})
			}
			officers.Wait()
			if slices.Sort(statuses); !slices.Equal(statuses, []int{200, 412, 412, 412}) {
				t.Errorf("four officers at once: %v", statuses)
			}
		}
	})
}

func TestMoveAnswersTheOldCode(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		const path = "/v1/addresses/28XMJ25Q66"
		s.register(t, house)
		c := s.write(http.MethodPatch, path, `{"lat":10.9904,"lng":106.6519}`, 201, `"supersedes":["28XMJ25Q66"]`, `"version":1`, `"level":"declared"`)
		c.header = []string{"Location: /v1/addresses/", "ETag: *"}
		w, body := s.play(t, c)
		code := member(t, body, "code")
		got, _ := s.play(t, scenario{path: w.Header.Get("Location"), status: 200, want: []string{code}})
		if w.Header.Get("ETag") != got.Header.Get("ETag") {
			t.Errorf("the tag of the answer is %s, of the address %s", w.Header.Get("ETag"), got.Header.Get("ETag"))
		}
		s.run(t, []scenario{
			{name: "the old code", path: path, status: 200, want: []string{`"status":"retired"`, `"reason":"moved"`, `"successors":["` + code + `"]`, `"valid_to":"2026-01-15"`}},
			s.write(http.MethodPatch, path, `{"alley":"Hẻm 5"}`, 409, "/problems/retired", code),
			s.write(http.MethodPost, path+"/restore", `{}`, 409, "/problems/has-successor", code),
			{name: "by its point", path: "/v1/reverse?lat=10.9804&lng=106.6519&radius=50", status: 200, want: []string{`"matches":[]`}},
			{name: "resolved", path: "/v1/resolve/28XMJ25Q66", status: 200, want: []string{code}},
		})
	})
}

func TestLifeCycleOverHTTP(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		old := s.register(t, house)
		next := s.register(t, strings.ReplaceAll(strings.Replace(house, `"5"`, `"7"`, 1), "10.9804", "10.9814"))
		path := "/v1/addresses/" + old
		post := func(call, body string, status int, want ...string) scenario {
			return s.write(http.MethodPost, path+call, body, status, want...)
		}
		s.run(t, []scenario{
			post("/verify", `{"level":"certified"}`, 200, `"level":"certified"`, `"version":2`),
			post("/verify", `{"level":"field"}`, 409, "/problems/not-higher"),
			post("/verify", `{"level":"declared"}`, 400, "/problems/unknown-value"),
			post("/verify", `{}`, 400, "/problems/required"),
			post("/retire", `{"reason":"sold"}`, 400, "/problems/unknown-value", `"pointer":"/reason"`),
			post("/retire", `{"reason":"merged"}`, 400, `"pointer":"/successors"`),
			post("/retire", `{"reason":"merged","successors":["`+old+`"]}`, 400, "/problems/successor-itself"),
			post("/retire", `{"reason":"merged","successors":["H72VH2FVP7"]}`, 400, "/problems/check-failed"),
			post("/retire", `{"reason":"merged","successors":["H72VH2FVP6"]}`, 400, "/problems/unknown-successor"),
			post("/retire", `{"reason":"merged","successors":"x"}`, 400, "/problems/wrong-type"),
			post("/restore", `{}`, 409, "/problems/not-retired"),
			post("/retire", `{"reason":"duplicate","successors":["`+next+`"]}`, 200, `"reason":"duplicate"`, `"successors":["`+next+`"]`, `"version":3`),
			post("/retire", `{"reason":"gone"}`, 409, "/problems/retired"),
			s.write(http.MethodPost, "/v1/addresses/"+next+"/retire", `{"reason":"mistake"}`, 200),
			post("/restore", `{"with_units":"x"}`, 400, "/problems/wrong-type", `"pointer":"/with_units"`),
			post("/restore", `{"with_units":true}`, 200, `"status":"current"`, `"version":4`),
			{name: "the history", path: path + "/history", status: 200, want: []string{
				`{"history":[{"version":4,"at":"2026-01-15T05:00:00Z","op":"restore","changed":["reason","status","valid_to"],"address":{"code":"` + old,
				`"version":3,"at":"2026-01-15T05:00:00Z","op":"retire","reason":"duplicate"`, `"version":1,"at":"2026-01-15T05:00:00Z","op":"insert","address":`}, never: []string{"test desk", "next"}},
			{name: "a page", path: path + "/history?limit=1", status: 200, want: []string{`"version":4`, `"next":"/v1/addresses/` + old + `/history?cursor=aDE0\u0026limit=1"`}, never: []string{`"version":3`}, header: []string{`Link: rel="next"`}},
			{name: "the next page", path: path + "/history?limit=1&cursor=aDE0", status: 200, want: []string{`"version":3`}, never: []string{`"version":4`}},
			{name: "no page", path: path + "/history?limit=1&cursor=aDEx", status: 200, want: []string{`"history":[]`}},
			{name: "another list's cursor", path: path + "/history?cursor=YTEyOFhNSjI1UTY2", status: 400, want: []string{"/problems/bad-cursor"}},
			{name: "too many", path: path + "/history?limit=201", status: 400, want: []string{"/problems/out-of-range"}},
			{name: "nobody's history", path: "/v1/addresses/H72VH2FVP6/history", status: 404, want: []string{"/problems/code-not-found"}},
			{name: "as HTML", path: path + "/history", headers: []string{"Accept: text/html"}, status: 406},
		})
	})
}

// A name that was taken back is shown in no older state.
func TestHistoryShowsANameTakenBack(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, `{"kind":"farm","lat":11.06,"lng":106.75,"name":"Vườn bà Lựu","name_public":true}`)
		path := "/v1/addresses/" + code
		shown := []string{"Vườn bà Lựu"}
		s.play(t, scenario{path: path + "/history", status: 200, want: shown})
		before, _ := s.play(t, scenario{path: path + "?as_of=2026-01-15", status: 200, want: shown})
		s.play(t, s.write(http.MethodPatch, path, `{"name_public":false}`, 200))
		for _, p := range []string{"", "?as_of=2026-01-15", "/history"} {
			s.play(t, scenario{path: path + p, status: 200, never: shown})
		}
		s.play(t, scenario{path: path + "?as_of=2026-01-15", status: 200, headers: []string{"If-None-Match: " + before.Header.Get("ETag")}})
		s.play(t, s.write(http.MethodPatch, path, `{"name":"Vườn bưởi Ánh Dương","name_public":true}`, 200, "Vườn bưởi Ánh Dương"))
		s.play(t, scenario{path: path + "/history", status: 200, want: []string{"Vườn bưởi Ánh Dương"}, never: shown})
		s.play(t, s.write(http.MethodPost, path+"/retire", `{"reason":"gone"}`, 200))
		s.play(t, scenario{path: "/v1/search?q=vuon+buoi+anh+duong", status: 200, never: []string{code}})
	})
}

// A name goes along when its object moves, so that taking it back leaves it at
// no older code; of a retired address it can still be hidden.
func TestNameTakenBackStaysAtARetiredCode(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		old := s.register(t, `{"kind":"farm","lat":11.06,"lng":106.75,"name":"Vườn bà Lựu","name_public":true}`)
		token := s.ownerToken(t, s.codeOf(t, old))
		_, body := s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+old, `{"lat":11.0609,"lng":106.75}`, 201, "Vườn bà Lựu"))
		code := member(t, body, "code")
		name := []string{"Vườn bà Lựu", "L\u1ef1u"}
		nowhere := func(codes ...string) {
			t.Helper()
			paths := []string{"/v1/changes", "/v1/addresses?status=retired", "/v1/exports/addresses.ndjson"}
			for _, code := range codes {
				paths = append(paths, "/v1/addresses/"+code, "/v1/addresses/"+code+"/history", "/v1/addresses/"+code+"?as_of=2026-01-15", "/v1/resolve/"+code)
			}
			for _, path := range paths {
				s.play(t, scenario{path: path, status: 200, never: name})
			}
		}
		hide := func(code, body string, status int, want ...string) scenario {
			c := s.write(http.MethodPatch, "/v1/addresses/"+code, body, status, want...)
			c.headers[2] = "Authorization: Bearer " + token
			return c
		}
		s.play(t, scenario{path: "/v1/search?q=vuon+ba+luu", status: 200, want: []string{code}})
		s.play(t, scenario{path: "/v1/addresses/" + old, status: 200, want: []string{code}, never: name})
		s.play(t, hide(code, `{"name_public":false}`, 200))
		nowhere(old, code)
		s.play(t, hide(code, `{"name_public":true}`, 200, "Vườn bà Lựu"))

		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+code+"/retire", `{"reason":"gone"}`, 200, "Vườn bà Lựu"))
		s.run(t, []scenario{
			hide(code, `{"name_public":true}`, 409, "/problems/retired"),
			hide(code, `{"name_public":false,"alley":"Hẻm 5"}`, 409, "/problems/retired"),
			hide(code, `{"name_public":false}`, 200, `"status":"retired"`, `"reason":"gone"`, `"version":5`),
			hide(code, `{"name_public":null}`, 200, `"version":5`),
		})
		nowhere(old, code)
		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+old+"/restore", `{}`, 200))
		s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+old, `{"name_public":true}`, 200, "Vườn bà Lựu"))
		s.play(t, scenario{path: "/v1/addresses/" + code, status: 200, never: name})
	})
}

// What was given in another commune is not brought here by who has no say there.
func TestRestoringTakesAContactOutOfAnotherCommune(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		old := s.register(t, house)
		path := "/v1/addresses/" + old
		_, body := s.play(t, s.write(http.MethodPatch, path, `{"lat":11.06,"lng":106.75}`, 201))
		there := "/v1/addresses/" + member(t, body, "code")
		theirs, ours := s.keyOf(t, models.RoleOfficer, "25920"), s.keyOf(t, models.RoleOfficer, "25747")
		by := func(key string, c scenario) scenario {
			c.headers[2] = "Authorization: Bearer " + key
			return c
		}
		first := by(theirs, s.write(http.MethodPatch, there+"/contact", `{"name":"Trần Thị Thử","phone":"0900000001","consent":true}`, 200))
		first.headers[1] = "If-None-Match: *"
		s.play(t, first)
		s.play(t, by(theirs, s.write(http.MethodPost, there+"/retire", `{"reason":"mistake"}`, 200)))
		s.play(t, by(ours, s.write(http.MethodPost, path+"/restore", `{}`, 403, "/problems/outside-communes")))
		s.play(t, scenario{path: path, status: 200, want: []string{`"status":"retired"`}})
		s.play(t, s.write(http.MethodPost, path+"/restore", `{}`, 200))
	})
}

// What an officer vouched for is not what the owner has written since.
func TestOwnersTextKeepsTheOfficersLevel(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, `{"kind":"farm","lat":11.06,"lng":106.75,"name":"Vườn ổi","name_public":true}`)
		path, token := "/v1/addresses/"+code, s.ownerToken(t, s.codeOf(t, code))
		for _, c := range []struct {
			verified    int // 409: it is certified still
			body, level string
		}{
			{200, `{"name_public":false}`, "certified"}, {409, `{"name":"Vườn ổi"}`, "certified"}, {409, `{"name":"Vườn bưởi"}`, "declared"}, {200, `{"hamlet":"Ấp 3"}`, "declared"},
		} {
			s.play(t, s.write(http.MethodPost, path+"/verify", `{"level":"certified"}`, c.verified))
			edit := s.write(http.MethodPatch, path, c.body, 200, `"level":"`+c.level+`"`)
			edit.headers[2] = bearer(token)
			s.play(t, edit)
		}
		s.play(t, s.write(http.MethodPost, path+"/verify", `{"level":"certified"}`, 200))
		s.play(t, s.write(http.MethodPatch, path, `{"hamlet":"Ấp 4"}`, 200, `"level":"certified"`)) // by an admin
	})
}

// Whose address has moved hears where to, also at the old code.
func TestOwnerLosesTheWayToAMovedAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		old, other := s.register(t, house), s.register(t, strings.Replace(house, `"5"`, `"6"`, 1))
		token := s.ownerToken(t, s.codeOf(t, old))
		_, body := s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+old, `{"lat":10.9813,"lng":106.6519}`, 201))
		edit := s.write(http.MethodPatch, "/v1/addresses/"+old, `{"alley":"Hẻm 5"}`, 409, "/problems/retired", member(t, body, "code"))
		edit.headers[2] = bearer(token)
		s.play(t, edit)
		s.play(t, scenario{path: "/v1/addresses/" + old + "/personal-data", headers: []string{bearer(token)}, status: 409, want: []string{member(t, body, "code")}})
		edit = s.write(http.MethodPatch, "/v1/addresses/"+other, `{"alley":"Hẻm 5"}`, 403, "/problems/not-the-owner")
		edit.headers[2] = bearer(token)
		s.play(t, edit)
		s.play(t, scenario{path: "/v1/owner", headers: []string{"Authorization:"}, status: 401, want: []string{"/problems/token-required", "owner token"}})
	})
}

func TestOwnerChangesMoreThanTheText(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		token := s.ownerToken(t, s.codeOf(t, code))
		patch := func(body string, status int, want ...string) scenario {
			c := s.write(http.MethodPatch, "/v1/addresses/"+code, body, status, want...)
			c.headers[2] = "Authorization: Bearer " + token
			return c
		}
		s.run(t, []scenario{
			patch(`{"alley":"Hẻm 5","kind":"household"}`, 200, `"alley":"Hẻm 5"`),
			patch(`{"kind":"shop"}`, 403, "/problems/owner-text-only", "/reports"),
			patch(`{"lat":10.98041,"lng":106.6519}`, 403, "/problems/owner-text-only"),
			patch(`{"accuracy_m":2}`, 403, "/problems/owner-text-only"),
		})
		if strings.Contains(s.log.String(), token) {
			t.Error("the log holds the token")
		}
		lines, _, err := s.store.History(t.Context(), s.codeOf(t, code), 0, 10)
		if err != nil || len(lines) != 2 || lines[0].Op != "update" {
			t.Errorf("%v, %v", lines, err)
		}
		if actor := s.database.Texts(t, "SELECT actor FROM changes WHERE version = 2"); actor[0][0] != models.RoleOwner {
			t.Errorf("the change log names %v", actor)
		}
	})
}

// codeOf reads a code.
func (s *server) codeOf(t *testing.T, text string) geo.Code {
	t.Helper()
	code, err := geo.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"diachiso/models"
)

// proposal is a proposal that was made over HTTP.
type proposal struct{ number, token, link, qr string }

// proposedHouse is the body of a proposal with a contact.
var proposedHouse = strings.Replace(house, "{", `{"contact":{"name":"Lê Thị Bưởi","phone":"0900 000 123","consent":true},`, 1)

func (s *server) propose(t *testing.T, body string) proposal {
	t.Helper()
	_, text := s.play(t, scenario{method: http.MethodPost, path: "/v1/proposals", headers: []string{"Authorization:"}, body: body, status: 201})
	return proposal{member(t, text, "number"), member(t, text, "owner_token"), member(t, text, "owner_link"), member(t, text, "owner_qr")}
}

func bearer(secret string) string { return "Authorization: Bearer " + secret }

func TestPropose(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		before := s.rows(t)
		post := scenario{method: http.MethodPost, path: "/v1/proposals", status: 201, headers: []string{"Authorization:"}}
		with := func(name, body string, want ...string) scenario {
			c := post
			c.name, c.body, c.want = name, body, want
			return c
		}
		first := with("a house", proposedHouse, `"status":"proposed"`, `"expected_code":"28XMJ25Q66"`, `"owner_token":"dco_`, `"expires_at":"2026-04-15T05:00:00Z"`, `"version":1`)
		first.header = []string{"Location: /v1/proposals/P", `ETag: "1-proposed"`, "Cache-Control: no-store"}
		first.never = []string{"Bưởi", "0900", "looks_like"}
		s.run(t, []scenario{
			first,
			with("the same again is no error", house, `"expected_code":"28XMJ25Q66"`),
			with("a farm whose name is not public", `{"kind":"farm","name":"Vườn ổi","lat":11.06,"lng":106.75,"hamlet":"Ấp 3"}`, `"name":"Vườn ổi"`),
			with("a word about duplicates", strings.Replace(house, "{", `{"confirm_distinct":true,`, 1), `"confirm_distinct":true`),
		})
		if after := s.rows(t) - s.database.Count(t, "SELECT count(*) FROM contacts"); after != before {
			t.Errorf("proposals wrote %d rows of addresses, changes or identifiers", after-before)
		}
		code := s.register(t, house)
		c := with("what is registered already is told", house, `"looks_like":["`+code+`"]`)
		s.play(t, c)
	})
}

// No call that anybody may make knows of a proposal.
func TestProposalLeaks(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.propose(t, strings.Replace(proposedHouse, "Đường Hoa Mai", "Đường Bí Mật", 1))
		for _, path := range []string{
			"/v1/addresses", "/v1/addresses?f=csv", "/v1/addresses?f=geojson", "/v1/reverse?lat=10.9804&lng=106.6519", "/v1/search?q=Bi+Mat",
			"/v1/search?q=5+hoa+mai+thu+dau+mot", "/v1/suggest?q=bi+mat", "/v1/units/at?lat=10.9804&lng=106.6519",
		} {
			s.play(t, scenario{name: path, path: path, status: 200, headers: []string{"Authorization:"}, never: []string{"Bí Mật", "Bưởi", `"house_number":"5"`}})
		}
		s.play(t, scenario{path: "/v1/resolve/28XMJ25Q66", status: 404, never: []string{"Bí Mật"}})
		s.play(t, scenario{path: "/v1/addresses/28XMJ25Q66", status: 404, never: []string{"Bí Mật"}})
		for _, secret := range []string{"Bí Mật", "Bưởi", "900000123", "dco_"} {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log holds %s:\n%s", secret, s.log)
			}
		}
	})
}

func TestRefusedProposal(t *testing.T) {
	at := `"lat":10.9804,"lng":106.6519`
	post := func(name, body, problem string, status int, want ...string) scenario {
		return scenario{name: name, method: http.MethodPost, path: "/v1/proposals", headers: []string{"Authorization:"}, body: body, status: status,
			want: append(want, `"type":"/problems/`+problem+`"`)}
	}
	eachServer(t, func(t *testing.T, s *server) {
		scenarios := []scenario{
			post("no position", `{"kind":"farm"}`, "invalid-input", 400, `"pointer":"/lat"`),
			post("point in no commune", `{"kind":"farm","lat":16.05,"lng":108.2}`, "no-commune", 400, "check the point"),
			post("every fault at once", `{"kind":"farmyard","lat":200,"lng":"x","foo":1}`, "invalid-input", 400, `"/foo"`, `"/lat"`, `"/lng"`, `"/kind"`),
			post("commune far away", `{"kind":"farm","commune":"25777",`+at+`}`, "commune-mismatch", 400),
			post("a household's name", `{"kind":"household","name":"Nhà ông Sáu",`+at+`}`, "household-name", 400),
			post("a key of an importer", `{"kind":"farm","ref":"7",`+at+`}`, "unknown-member", 400, `"pointer":"/ref"`),
			post("a contact without consent", `{"kind":"farm","contact":{"phone":"0900 000 123"},`+at+`}`, "consent-needed", 400, `"pointer":"/contact/consent"`),
			post("nobody behind the parent", `{"kind":"farm","parent":"28XMJ25Q66",`+at+`}`, "unknown-parent", 404),
			post("a bomb", `{"kind":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)+`}`, "malformed-json", 400),
		}
		before := s.database.Count(t, "SELECT (SELECT count(*) FROM proposals) + (SELECT count(*) FROM contacts) + (SELECT count(*) FROM owner_tokens)")
		s.run(t, scenarios)
		for _, host := range []string{"evil.example/path", "evil.example?x", "a b", "user@evil.example", `evil"onload="x`, "evil.example#", "[::1", "-"} {
			if _, err := (&API{}).ownerPageURL(contextFor(host)); err == nil {
				t.Errorf("the host %q becomes part of a link", host)
			}
		}
		if after := s.database.Count(t, "SELECT (SELECT count(*) FROM proposals) + (SELECT count(*) FROM contacts) + (SELECT count(*) FROM owner_tokens)"); after != before {
			t.Errorf("%d rows were written", after-before)
		}
	})
}

func TestProposalLife(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		p := s.propose(t, proposedHouse)
		officer := bearer(s.keyOf(t, models.RoleOfficer, "25747"))
		path := "/v1/proposals/" + p.number
		patch := func(name, body string, status int, headers []string, want ...string) scenario {
			return scenario{name: name, method: http.MethodPatch, path: path, body: body, status: status, want: want,
				headers: append([]string{"Content-Type: application/merge-patch+json", bearer(p.token)}, headers...)}
		}
		post := func(name, call, body string, status int, headers []string, want ...string) scenario {
			return scenario{name: name, method: http.MethodPost, path: path + call, body: body, status: status, want: want, headers: headers}
		}
		s.run(t, []scenario{
			{name: "the owner looks", path: path, headers: []string{bearer(p.token)}, status: 200, want: []string{`"expected_code":"28XMJ25Q66"`}, never: []string{"Bưởi", "owner_token"},
				header: []string{`ETag: "1-proposed"`, "Cache-Control: no-store"}},
			{name: "the number as it was typed", path: "/v1/proposals/" + strings.ToLower(p.number[:6]) + "-" + p.number[6:], headers: []string{officer}, status: 200},
			{name: "what the token is for", path: "/v1/owner", headers: []string{bearer(p.token)}, status: 200, want: []string{`{"proposal":{"number":"` + p.number}, never: []string{`"address":{`}},
			patch("without a version", `{"street":"Đường Yersin"}`, 428, nil, "/problems/if-match-required"),
			patch("of another version", `{"street":"Đường Yersin"}`, 412, []string{`If-Match: "2-proposed"`}, "/problems/stale"),
			patch("to nonsense", `{"kind":"castle","lat":"x"}`, 400, []string{`If-Match: "1-proposed"`}, `"pointer":"/kind"`, `"pointer":"/lat"`),
			patch("to a place elsewhere", `{"lat":16.05,"lng":108.2}`, 400, []string{`If-Match: "1-proposed"`}, "/problems/no-commune"),
			patch("without a position", `{"lat":null}`, 400, []string{`If-Match: "1-proposed"`}, `"pointer":"/lat"`),
			patch("of a contact", `{"contact":{"phone":"0900 000 124"}}`, 400, []string{`If-Match: "1-proposed"`}, `"pointer":"/contact","code":"unknown"`),
			patch("of the street", `{"street":"Đường Yersin","hamlet":null}`, 200, []string{`If-Match: "1-proposed"`}, `"street":"Đường Yersin"`, `"version":2`, `"text":"5 Đường Yersin, Phường`),
			patch("the same again, of the old version", `{"street":"Đường Yersin"}`, 412, []string{`If-Match: "1-proposed"`}),
			patch("what it is already", `{"street":"Đường Yersin","house_number":"5"}`, 200, []string{`If-Match: "2-proposed"`}, `"version":2`),
			patch("the same point in other words", `{"lat":10.98040}`, 200, []string{`If-Match: "2-proposed"`}, `"version":2`, `"accuracy_m":5`),
			{name: "the officer looks", path: path, headers: []string{officer}, status: 200, want: []string{path + `/contact"`}, never: []string{"slip.svg"}},
			post("verified without a version", "/verify", `{}`, 428, []string{officer}),
			post("verified as nothing", "/verify", `{"level":"imported"}`, 400, []string{officer, "If-Match: *"}, `"pointer":"/level"`),
			post("rejected without a reason", "/reject", `{}`, 400, []string{officer, "If-Match: *"}, `"pointer":"/reason"`),
			{name: "the officer's queue", path: "/v1/reviews", headers: []string{officer}, status: 200, want: []string{`"type":"proposal","number":"` + p.number, `/contact"}`}, never: []string{"Bưởi", "0900"}},
			post("verified", "/verify", `{"level":"certified"}`, 201, []string{officer, `If-Match: "2-proposed"`}, `"code":"28XMJ25Q66"`, `"level":"certified"`),
			post("verified again", "/verify", `{}`, 412, []string{officer, `If-Match: "2-proposed"`}),
			post("verified again, whatever the version", "/verify", `{}`, 409, []string{officer, `If-Match: *`}, "/problems/proposal-closed"),
			{name: "the owner looks again", path: path, headers: []string{bearer(p.token)}, status: 200, want: []string{`"status":"verified"`, `"address":"28XMJ25Q66"`}, never: []string{"expected_code"}},
			{name: "what the token is for now", path: "/v1/owner", headers: []string{bearer(p.token)}, status: 200, want: []string{`"address":{"code":"28XMJ25Q66"`}},
			{name: "the contact went over", path: "/v1/addresses/28XMJ25Q66/contact", headers: []string{bearer(p.token)}, status: 200, want: []string{"Lê Thị Bưởi"}},
			{name: "the queue is empty", path: "/v1/reviews", headers: []string{officer}, status: 200, want: []string{`{"reviews":[]}`}},
			{name: "anybody looks the code up", path: "/v1/addresses/28XMJ25Q66", headers: []string{"Authorization:"}, status: 200, want: []string{"Đường Yersin"}},
		})
	})
}

// A point has the accuracy that it was measured with, no other.
func TestOtherPointKeepsTheAccuracy(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		p := s.propose(t, house)
		patch := func(name, body string, want string, never ...string) scenario {
			return scenario{name: name, method: http.MethodPatch, path: "/v1/proposals/" + p.number, body: body, status: 200, want: []string{want}, never: never,
				headers: []string{"Content-Type: application/merge-patch+json", bearer(p.token), "If-Match: *"}}
		}
		s.run(t, []scenario{
			patch("the same point", `{"lat":10.9804,"lng":106.6519}`, `"accuracy_m":5`),
			patch("another point", `{"lat":10.98041,"lng":106.6519}`, `"lat":10.98041`, "accuracy_m"),
			patch("one that is measured", `{"lat":10.98042,"lng":106.6519,"accuracy_m":3}`, `"accuracy_m":3`),
		})
		code := s.register(t, strings.Replace(house, `"5"`, `"9"`, 1))
		path := "/v1/addresses/" + code
		same, other := s.write(http.MethodPatch, path, `{"lat":10.9804,"lng":106.6519}`, 200, `"accuracy_m":5`), s.write(http.MethodPatch, path, `{"lat":10.98041,"lng":106.6519}`, 200)
		other.never = []string{"accuracy_m"}
		s.run(t, []scenario{same, other})
	})
}

func TestDuplicateProposal(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		p := s.propose(t, house)
		verify := scenario{method: http.MethodPost, path: "/v1/proposals/" + p.number + "/verify", headers: []string{"If-Match: *"}}
		verify.body, verify.status, verify.want = `{}`, 409, []string{"/problems/duplicate", `"candidates":[{"code":"` + code + `"`}
		s.play(t, verify)
		s.play(t, scenario{path: "/v1/reviews?type=proposal", headers: []string{bearer(s.key)}, status: 200,
			want: []string{`"near_duplicates":[{"distance_m":0,"reasons":["near","same-address"],"address":{"code":"` + code}})
		verify.body, verify.status, verify.want = `{"confirm_distinct":true}`, 201, []string{`"status":"current"`}
		s.play(t, verify)
	})
}

func TestEndedProposal(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		rejected, withdrawn := s.propose(t, proposedHouse), s.propose(t, proposedHouse)
		s.run(t, []scenario{
			{name: "rejected", method: http.MethodPost, path: "/v1/proposals/" + rejected.number + "/reject", headers: []string{"If-Match: *"}, body: `{"reason":"Điểm nằm giữa sông."}`, status: 200,
				want: []string{`"status":"rejected"`}, header: []string{"Cache-Control: no-store"}},
			{name: "the owner reads why", path: "/v1/proposals/" + rejected.number, headers: []string{bearer(rejected.token)}, status: 200, want: []string{`"reason":"Điểm nằm giữa sông."`}},
			{name: "no slip of what has ended", path: "/v1/proposals/" + rejected.number + "/slip.svg", headers: []string{bearer(rejected.token)}, status: 409, want: []string{"/problems/nothing-to-print"}},
			{name: "withdrawn without a version", method: http.MethodPost, path: "/v1/proposals/" + withdrawn.number + "/withdraw", headers: []string{bearer(withdrawn.token)}, status: 428},
			{name: "withdrawn", method: http.MethodPost, path: "/v1/proposals/" + withdrawn.number + "/withdraw", headers: []string{bearer(withdrawn.token), `If-Match: "1-proposed"`}, status: 200,
				want: []string{`"status":"withdrawn"`}},
		})
		if n := s.database.Count(t, "SELECT count(*) FROM contacts"); n != 0 {
			t.Errorf("%d contacts are left", n)
		}
	})
}

func TestRotatedToken(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		p := s.propose(t, house)
		_, text := s.play(t, scenario{method: http.MethodPost, path: "/v1/proposals/" + p.number + "/owner-token", headers: []string{bearer(p.token)}, status: 200, header: []string{"Cache-Control: no-store"}})
		fresh := member(t, text, "owner_token")
		s.play(t, scenario{path: "/v1/owner", headers: []string{bearer(p.token)}, status: 401, want: []string{"/problems/bad-token"}, never: []string{p.token}})
		s.play(t, scenario{path: "/v1/owner", headers: []string{bearer(fresh)}, status: 200})
		s.play(t, scenario{method: http.MethodPost, path: "/v1/addresses/28XMJ25Q66/owner-token", headers: []string{bearer(fresh)}, status: 404, want: []string{"/problems/code-not-found"}})
		code := s.register(t, strings.Replace(house, `"5"`, `"7"`, 1))
		_, text = s.play(t, scenario{method: http.MethodPost, path: "/v1/addresses/" + code + "/owner-token", headers: []string{bearer(s.key)}, status: 200})
		fresh = member(t, text, "owner_token")
		s.play(t, scenario{path: "/v1/owner", headers: []string{bearer(fresh)}, status: 200, want: []string{`{"address":{"code":"` + code}})
		s.play(t, scenario{name: "the owner sees who had the token made", path: "/v1/addresses/" + code + "/contact/reads", headers: []string{bearer(fresh)}, status: 200,
			want: []string{`"role":"admin","purpose":"handover"`}})
	})
}

// Every page size gives the queue whole and in order.
func TestQueueIsCutShort(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		var want []string
		for range 5 {
			want = append(want, s.propose(t, house).number)
		}
		var got []string
		for path := "/v1/reviews?limit=2"; path != ""; {
			w, text := s.play(t, scenario{path: path, headers: []string{bearer(s.key)}, status: 200})
			var page struct {
				Reviews []struct{ Number string }
				Next    string
			}
			if err := json.Unmarshal([]byte(text), &page); err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Reviews {
				got = append(got, r.Number)
			}
			if path = page.Next; (path != "") != strings.Contains(w.Header.Get("Link"), `rel="next"`) {
				t.Errorf("the Link header is %q, next %q", w.Header.Get("Link"), path)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("the queue is %v, want %v", got, want)
		}
		for _, cursor := range []string{"x", "cjEgMSBwcm9wb3NhbCAx=", "cjEgMSBmYWlyeSAx", "YTEyOFhNSjI1UTY2"} {
			s.play(t, scenario{path: "/v1/reviews?cursor=" + cursor, headers: []string{bearer(s.key)}, status: 400, want: []string{"/problems/bad-cursor"}})
		}
	})
}

package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// report is a scenario of a report by somebody.
func (e estate) report(who asker, body string, status int, want ...string) scenario {
	return e.as(who, scenario{method: http.MethodPost, path: "/v1/addresses/" + e.code.String() + "/reports", body: body, status: status, want: want})
}

func TestReportIsRefusedOrLost(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		other := s.register(t, strings.Replace(house, `"5"`, `"77"`, 1))
		s.run(t, []scenario{
			e.report(stranger, `{}`, 400, `"pointer":"/claim"`),
			e.report(stranger, `{"claim":"ugly"}`, 400, "/problems/unknown-value"),
			e.report(stranger, `{"claim":"duplicate"}`, 400, `"pointer":"/other","code":"required"`),
			e.report(stranger, `{"claim":"gone","other":"`+other+`"}`, 400, "/problems/only-for-duplicates"),
			e.report(stranger, `{"claim":"duplicate","other":"`+e.code.String()+`"}`, 400, "/problems/itself"),
			e.report(stranger, `{"claim":"duplicate","other":"H72VH2FVP6"}`, 400, "/problems/code-not-found", `"pointer":"/other"`),
			e.report(stranger, `{"claim":"duplicate","other":"28XMJ25Q67"}`, 400, "/problems/check-failed"),
			e.report(stranger, `{"claim":"wrong_place","lat":10.98}`, 400, `"pointer":"/lng"`),
			e.report(stranger, `{"claim":"wrong_place","lat":48.85,"lng":2.35}`, 400, "/problems/outside-window"),
			e.report(stranger, `{"claim":"gone","note":"`+strings.Repeat("ă", 501)+`"}`, 400, "/problems/text-too-long"),
			e.report(stranger, `{"claim":"gone","name":"Ai"}`, 400, "/problems/unknown-member"),
			e.report(stranger, `{"claim":"retirement"}`, 403, "/problems/owner-only"),
			e.report(otherOwner, `{"claim":"retirement"}`, 403, "/problems/owner-only"),
			e.report(admin, `{"claim":"retirement"}`, 403, "/problems/owner-only"),
			{method: http.MethodPost, path: "/v1/addresses/H72VH2FVP6/reports", body: `{"claim":"gone"}`, status: 404, want: []string{"/problems/code-not-found"}},
		})
		if n := s.database.Count(t, "SELECT count(*) FROM reports"); n != 0 {
			t.Fatalf("%d reports", n)
		}
		_, text := s.play(t, e.report(stranger, `{"claim":"wrong_place","note":"Nhà bà Tư\nở bên kia","lat":10.9805,"lng":106.6520}`, 201, `"status":"open"`))
		number := member(t, text, "number")
		again := e.report(courier, `{"claim":"wrong_place","note":"Nhà bà Tư ở bên kia","lat":10.9805,"lng":106.6520}`, 200, number)
		again.never = []string{"bà Tư"}
		other2 := e.report(courier, `{"claim":"wrong_place","note":"khác","lat":10.9805,"lng":106.6520}`, 201)
		other2.never = []string{number, "khác"}
		other3 := e.report(courier, `{"claim":"wrong_place","note":"Nhà bà Tư ở bên kia"}`, 201)
		other3.never = []string{number}
		s.run(t, []scenario{
			again, other2, other3,
			e.report(owner, `{"claim":"retirement","note":"Tôi dọn đi"}`, 201),
			e.report(stranger, `{"claim":"duplicate","other":"`+other+`"}`, 201),
			e.report(stranger, `{"claim":"gone"}`, 201),
		})
		for _, who := range []asker{stranger, otherOwner, owner, courier, farOfficer} {
			s.play(t, e.as(who, scenario{path: "/v1/reports/" + number, status: 404, want: []string{"/problems/report-not-found"}, never: []string{"bà Tư"}}))
		}
		for _, wrong := range []string{"R", "P" + number[1:], number[:10] + "?", "%00", "R%27OR1=1"} {
			s.play(t, e.as(admin, scenario{path: "/v1/reports/" + wrong, status: 404}))
		}
		s.play(t, e.as(ownOfficer, scenario{path: "/v1/reports/" + strings.ToLower(number), status: 200, header: []string{`ETag: "1-report"`, "Cache-Control: no-store"},
			want: []string{`"note":"Nhà bà Tư ở bên kia"`, `"position":{"lat":10.9805,"lng":106.652}`, `"code":"` + e.code.String() + `"`, `"status":"open"`}}))
		if strings.Contains(s.log.String(), "bà Tư") || strings.Contains(s.log.String(), number) {
			t.Errorf("the log holds a report:\n%s", s.log)
		}
	})
}

func TestReportIsDecidedTwice(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		_, text := s.play(t, e.report(stranger, `{"claim":"gone","note":"Đã dỡ"}`, 201))
		number := member(t, text, "number")
		decide := func(verb, match, body string, status int, want ...string) scenario {
			return e.as(ownOfficer, scenario{method: http.MethodPost, path: "/v1/reports/" + number + "/" + verb, body: body, status: status, want: want,
				headers: []string{"If-Match: " + match}})
		}
		s.run(t, []scenario{
			decide("accept", "", "{}", 428, "/problems/if-match-required"),
			decide("accept", `"7-report"`, "{}", 412, "/problems/stale"),
			decide("accept", `"1-report"`, `{"reason":5}`, 400, `"pointer":"/reason"`),
			decide("accept", `"1-report"`, `{"reason":"Đã xem tại chỗ"}`, 200, `"status":"accepted"`, `"decided_by":"test officer"`, `"version":2`, "Đã xem tại chỗ"),
			decide("dismiss", `"1-report"`, "{}", 412),
			decide("dismiss", `"2-report"`, "{}", 409, "/problems/report-closed"),
			{path: "/v1/addresses/" + e.code.String(), status: 200, want: []string{`"status":"current"`}, never: []string{"Đã dỡ", "tại chỗ"}},
			e.report(stranger, `{"claim":"gone"}`, 201),
		})
		s.database.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = valid_from WHERE id = ?", e.code.ID())
		s.play(t, e.report(stranger, `{"claim":"wrong_place"}`, 409, "/problems/retired"))
	})
}

func TestManyReportSideBySide(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				w, body := s.send(t, e.report(stranger, `{"claim":"gone"}`, 0))
				if w.StatusCode != 200 && w.StatusCode != 201 {
					t.Errorf("%d: %s", w.StatusCode, body)
				}
			})
		}
		wait.Wait()
		if n := s.database.Count(t, "SELECT count(*) FROM reports"); n != 1 {
			t.Errorf("%d reports of one claim", n)
		}
	})
}

// Whoever floods an address with reports must not keep others from being heard,
// and the owner least of all.
func TestReportsAreSilenced(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		for n := range 7 {
			other := s.register(t, fmt.Sprintf(`{"kind":"landmark","lat":11.06%02d,"lng":106.75}`, n))
			status := 201
			if n >= 5 {
				status = 409
			}
			s.play(t, e.report(stranger, `{"claim":"duplicate","other":"`+other+`"}`, status))
			s.play(t, e.report(stranger, fmt.Sprintf(`{"claim":"gone","note":"%d"}`, n), status))
			s.play(t, e.report(stranger, fmt.Sprintf(`{"claim":"wrong_place","lat":10.98%02d,"lng":106.65}`, n), status))
		}
		s.run(t, []scenario{
			e.report(stranger, `{"claim":"gone","note":"4"}`, 200),
			e.report(stranger, `{"claim":"gone"}`, 409, "/problems/reported-already"),
			e.report(otherOwner, `{"claim":"gone"}`, 409, "/problems/reported-already"),
			e.report(courier, `{"claim":"gone","note":"Không còn nhà"}`, 201),
			e.report(ownOfficer, `{"claim":"wrong_place","lat":10.9811,"lng":106.6511}`, 201),
			e.report(owner, `{"claim":"gone","note":"Nhà tôi đã dỡ"}`, 201),
			e.report(owner, `{"claim":"retirement","note":"Tôi dọn đi"}`, 201),
		})
		for n := range 20 {
			status := 201
			if n == 19 {
				status = 409
			}
			s.play(t, e.report(owner, fmt.Sprintf(`{"claim":"retirement","note":"%d"}`, n), status))
		}
	})
}

// confirmation is a scenario of a delivery.
func (e estate) confirmation(who asker, body string, status int, want ...string) scenario {
	return e.as(who, scenario{method: http.MethodPost, path: "/v1/addresses/" + e.code.String() + "/confirmations", body: body, status: status, want: want})
}

func TestConfirmationCountsTwiceOrTellsTooMuch(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		path := "/v1/addresses/" + e.code.String() + "/confirmations"
		s.run(t, []scenario{
			{path: path, status: 200, want: []string{`{"confidence":"none"}`}},
			e.confirmation(courier, `{}`, 400, "/problems/not-delivered"),
			e.confirmation(courier, `{"delivered":false}`, 400, "/problems/not-delivered"),
			e.confirmation(courier, `{"delivered":"yes"}`, 400, "/problems/wrong-type"),
			e.confirmation(courier, `{"delivered":true,"lat":10.99,"lng":106.66}`, 400, "/problems/too-far"),
			e.confirmation(courier, `{"delivered":true,"lat":10.99}`, 400),
			e.confirmation(courier, `{"delivered":true,"accuracy_m":-4}`, 400, "/problems/out-of-range"),
			e.confirmation(courier, `{"delivered":true,"courier":"Ba"}`, 400, "/problems/unknown-member"),
			e.confirmation(owner, `{"delivered":true}`, 403),
			e.confirmation(courier, `{"delivered":true,"lat":10.98045,"lng":106.65205,"accuracy_m":5}`, 201, `"confidence":"low","delivered":1,"last_on":"2026-01-15"`),
			e.confirmation(courier, `{"delivered":true}`, 200, `"delivered":1`),
			e.confirmation(ownOfficer, `{"delivered":true,"lat":10.98047,"lng":106.65201,"accuracy_m":31}`, 201, `"delivered":2`),
			e.confirmation(admin, `{"delivered":true,"lat":10.98047,"lng":106.65201}`, 201, `"confidence":"medium","delivered":3`),
		})
		kept := s.database.Texts(t, "SELECT count(*), count(lng), count(DISTINCT mark), min(length(mark)) FROM confirmations")
		if fmt.Sprint(kept) != "[[3 2 3 32]]" {
			t.Errorf("kept %v, want three, two with a point", kept)
		}
		s.database.Exec(t, "UPDATE confirmations SET day = '2026-01-14'")
		s.run(t, []scenario{
			e.as(stranger, scenario{path: path, status: 200, want: []string{`{"confidence":"medium"}`}, header: []string{"Cache-Control: no-store"}}),
			e.as(otherOwner, scenario{path: path, status: 200, want: []string{`{"confidence":"medium"}`}}),
			e.as(farOfficer, scenario{path: path, status: 200, want: []string{`{"confidence":"medium"}`}}),
			e.as(owner, scenario{path: path, status: 200, want: []string{`"delivered":3,"last_on":"2026-01-14"}`}}),
			e.as(courier, scenario{path: path, status: 200, want: []string{`"delivered":3,"last_on":"2026-01-14"}`}}),
			e.as(ownOfficer, scenario{path: path, status: 200, never: []string{"suggested"}}),
		})
		s.database.Exec(t, "UPDATE registry SET mark_day = '2026-01-14'")
		s.play(t, e.confirmation(admin, `{"delivered":true,"lat":10.98060,"lng":106.65210}`, 201, `"delivered":4`,
			`"suggested_position":{"lat":10.98047,"lng":106.65205,"count":3,"distance_m":`))
		for who, sees := range map[asker]bool{courier: false, owner: false, farOfficer: false, ownOfficer: true, admin: true} {
			if body := s.bodyOf(t, e.as(who, scenario{path: path, status: 200})); strings.Contains(body, "suggested") != sees {
				t.Errorf("asker %d: %s", who, body)
			}
		}
		if text := s.bodyOf(t, scenario{path: "/v1/addresses/" + e.code.String(), status: 200}); !strings.Contains(text, `"lat":10.9804,`) {
			t.Errorf("a confirmation moved the address: %s", text)
		}
		s.database.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = valid_from WHERE id = ?", e.code.ID())
		s.play(t, e.confirmation(courier, `{"delivered":true}`, 409, "/problems/retired"))
	})
}

// bodyOf is the body of an answer.
func (s *server) bodyOf(t *testing.T, c scenario) string {
	t.Helper()
	_, body := s.play(t, c)
	return body
}

// An owner reads what became of the own request, and of nobody else's.
func TestOwnerDoesNotHearOfTheOwnRequest(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		_, text := s.play(t, e.report(owner, `{"claim":"retirement","note":"Tôi dọn đi"}`, 201))
		path := "/v1/reports/" + member(t, text, "number")
		dismiss := e.as(owner, scenario{method: http.MethodPost, path: path + "/dismiss", body: `{}`, headers: []string{"If-Match: *"}, status: 403})
		s.play(t, dismiss)
		s.play(t, e.as(owner, scenario{path: path, status: 200, want: []string{`"status":"open"`, "Tôi dọn đi"}}))
		dismiss = e.as(ownOfficer, scenario{method: http.MethodPost, path: path + "/dismiss", body: `{"reason":"Còn người ở."}`, headers: []string{"If-Match: *"}, status: 200})
		s.play(t, dismiss)
		s.play(t, e.as(owner, scenario{path: path, status: 200, want: []string{`"status":"dismissed"`, "Còn người ở."}, never: []string{"decided_by"}}))
		for _, who := range []asker{stranger, otherOwner, courier, farOfficer} {
			s.play(t, e.as(who, scenario{path: path, status: 404, never: []string{"dọn"}}))
		}
	})
}

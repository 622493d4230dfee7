package handlers

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// estate is an address with an owner, and keys of all kinds.
type estate struct {
	*server
	code    geo.Code
	path    string // of its contact
	secrets [askers]string
}

func (s *server) estate(t *testing.T) estate {
	t.Helper()
	a := storetest.Register(t, s.store, storetest.House(1))
	other := storetest.Register(t, s.store, storetest.House(2))
	e := estate{server: s, code: a.Code, path: "/v1/addresses/" + a.Code.String() + "/contact", secrets: s.askers(t)}
	e.secrets[owner], e.secrets[otherOwner] = s.ownerToken(t, a.Code), s.ownerToken(t, other.Code)
	return e
}

// as is a scenario of somebody.
func (e estate) as(who asker, c scenario) scenario {
	c.headers = append([]string{"Authorization: "}, c.headers...)
	if e.secrets[who] != "" {
		c.headers[0] += "Bearer " + e.secrets[who]
	}
	return c
}

const someContact = `{"name":"Trần Thị Ví Dụ","phone":"0900 000 001","email":"vidu@example.vn","delivery_notes":"Cổng sau","consent":true}`

// patch is a change of the contact of the version that condition names.
func (e estate) patch(who asker, condition, body string, status int, want ...string) scenario {
	return e.as(who, scenario{method: http.MethodPatch, path: e.path, body: body, status: status, want: want,
		headers: []string{"Content-Type: application/merge-patch+json", condition}})
}

func TestContactIsChangedWithoutRight(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		first := "If-None-Match: *"
		s.run(t, []scenario{
			e.patch(owner, "If-Match: ", someContact, 428, "/problems/if-match-required"),
			e.patch(owner, `If-Match: "1-contact"`, someContact, 404, "/problems/no-contact"),
			e.patch(owner, "If-Match: *", someContact, 404, "/problems/no-contact"),
			e.patch(owner, first, `{"phone":"0900 000 001"}`, 400, "/problems/consent-needed", `"pointer":"/consent"`),
			e.patch(owner, first, `{"consent":true}`, 400, "/problems/empty-contact"),
			e.patch(owner, first, `{"phone":"1","consent":true}`, 400, "/problems/bad-phone", `"pointer":"/phone"`),
			e.patch(owner, first, `{"phone":"0900 000 001","consent":false}`, 400, "/problems/consent-needed"),
			e.patch(owner, first, `{"phone":"0900 000 001","consent":null}`, 400, "/problems/consent-needed"),
			e.patch(owner, first, `{"phone":17,"consent":true}`, 400, "/problems/wrong-type"),
			e.patch(owner, first, `{"fone":"0900 000 001","consent":true}`, 400, "did you mean phone?"),
			e.patch(courier, first, someContact, 403, "/problems/not-allowed"),
			e.patch(farOfficer, first, someContact, 403, "/problems/outside-communes"),
			e.patch(otherOwner, first, someContact, 403, "/problems/not-the-owner"),
			e.patch(stranger, first, someContact, 401),
			e.as(owner, scenario{path: e.path, status: 404, want: []string{"/problems/no-contact"}}),
		})
		if n := s.database.Count(t, "SELECT count(*) FROM contacts"); n != 0 {
			t.Fatalf("%d contacts", n)
		}
		created := e.patch(owner, first, someContact, 200, `"phone":"+84900000001"`, `"version":1`, `"consent_at":"2026-01-15T05:00:00Z"`)
		created.header = []string{`ETag: "1-contact"`, "Cache-Control: no-store"}
		s.play(t, created)
		changed := e.patch(ownOfficer, `If-Match: "1-contact"`, `{"phone":null,"delivery_notes":"Hỏi\nbảo vệ"}`, 200, `"name":"Trần Thị Ví Dụ"`, `"delivery_notes":"Hỏi bảo vệ"`, `"version":2`)
		changed.never = []string{"phone"}
		s.play(t, e.patch(owner, `If-Match: "1-contact"`, `{"consent":false}`, 400, "/problems/erase-instead"))
		s.play(t, changed)
		s.run(t, []scenario{
			e.patch(owner, first, someContact, 412, "/problems/stale"),
			e.patch(owner, `If-Match: "1-contact"`, `{"name":"Ai Đó"}`, 412, "/problems/stale"),
			e.patch(owner, `If-Match: W/"2-contact"`, `{"name":"Ai Đó"}`, 412),
			e.patch(owner, `If-Match: "2-contact"`, `{"name":null,"email":null,"delivery_notes":null}`, 400, "/problems/empty-contact"),
			e.patch(owner, `If-Match: "2-contact-gzip"`, `{"name":"Lê Văn Thử"}`, 200, `"version":3`, "Lê Văn Thử"),
		})
		s.play(t, e.as(owner, scenario{path: e.path + "/reads", status: 200, want: []string{`"reader":"test officer"`, `"purpose":"correction"`}}))
	})
}

func TestContactIsReadWithoutPurposeOrTrace(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		s.play(t, e.patch(owner, "If-None-Match: *", someContact, 200))
		refused := func(who asker, purpose string, status int, want string) scenario {
			c := e.as(who, scenario{path: e.path + purpose, status: status, want: []string{want}, never: []string{"Ví Dụ", "900000001", "vidu", "Cổng"}})
			c.name = strings.TrimPrefix(want, "/problems/") + " " + purpose
			return c
		}
		s.run(t, []scenario{
			refused(courier, "", 400, `"parameter":"purpose","code":"required"`),
			refused(ownOfficer, "", 400, "/problems/required"),
			refused(admin, "", 400, "/problems/required"),
			refused(courier, "?purpose=review", 403, "/problems/purpose-not-allowed"),
			refused(ownOfficer, "?purpose=delivery", 403, "/problems/purpose-not-allowed"),
			refused(admin, "?purpose=curiosity", 400, "/problems/unknown-value"),
			refused(admin, "?purpose=export", 400, "/problems/unknown-value"),
			refused(farOfficer, "?purpose=review", 403, "/problems/outside-communes"),
			refused(otherOwner, "", 403, "/problems/not-the-owner"),
			refused(stranger, "?purpose=delivery", 401, "/problems/key-required"),
		})
		reads := func() int { return s.database.Count(t, "SELECT count(*) FROM contact_reads") }
		if reads() != 0 {
			t.Fatalf("%d readings were stored of contacts that were not shown", reads())
		}
		shown := []string{`"name":"Trần Thị Ví Dụ"`, `"phone":"+84900000001"`, `"email":"vidu@example.vn"`, `"delivery_notes":"Cổng sau"`, `"consent_at"`, `"version":1`}
		for n, c := range []scenario{
			e.as(owner, scenario{path: e.path}),
			e.as(courier, scenario{path: e.path + "?purpose=delivery"}),
			e.as(ownOfficer, scenario{path: e.path + "?purpose=review"}),
			e.as(admin, scenario{path: e.path + "?purpose=delivery"}),
			e.as(courier, scenario{method: http.MethodHead, path: e.path + "?purpose=delivery"}),
		} {
			c.status, c.want, c.header = 200, shown, []string{`ETag: "1-contact"`, "Cache-Control: no-store"}
			if c.method == http.MethodHead {
				c.want = nil
			}
			if s.play(t, c); reads() != n {
				t.Errorf("%d readings after %d calls of others than the owner", reads(), n)
			}
		}
		list := e.as(owner, scenario{path: e.path + "/reads", status: 200, never: []string{"owner", "Ví Dụ", "truncated"}, header: []string{"Cache-Control: no-store"},
			want: []string{`{"at":"2026-01-15T05:00:00Z","reader":"test courier","role":"courier","purpose":"delivery"}`, `"purpose":"review"`, `"role":"admin"`}})
		s.play(t, list)
		for _, who := range []asker{courier, ownOfficer} {
			s.play(t, e.as(who, scenario{path: e.path + "/reads", status: 403}))
		}
		s.database.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = valid_from WHERE id = ?", e.code.ID())
		s.run(t, []scenario{refused(courier, "?purpose=delivery", 409, "/problems/retired")})
	})
}

func TestErasedContactIsStillThere(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		erase := func(who asker, status int) scenario {
			return e.as(who, scenario{method: http.MethodDelete, path: e.path, status: status})
		}
		s.play(t, e.patch(owner, "If-None-Match: *", someContact, 200))
		s.play(t, e.as(courier, scenario{path: e.path + "?purpose=delivery", status: 200}))
		for who, status := range map[asker]int{stranger: 401, otherOwner: 403, courier: 403, ownOfficer: 403, farOfficer: 403} {
			s.play(t, erase(who, status))
		}
		s.play(t, erase(owner, 204))
		if n := s.database.Count(t, "SELECT count(*) FROM contacts"); n != 0 {
			t.Errorf("%d contacts are left", n)
		}
		s.play(t, erase(owner, 404))
		s.play(t, e.as(courier, scenario{path: e.path + "?purpose=delivery", status: 404, want: []string{"/problems/no-contact"}}))
		s.play(t, e.as(owner, scenario{path: e.path + "/reads", status: 200, want: []string{"test courier"}, never: []string{"Ví Dụ"}}))
		s.play(t, scenario{path: "/v1/addresses/" + e.code.String(), status: 200})
		s.play(t, e.patch(owner, "If-None-Match: *", someContact, 200))
		s.play(t, erase(admin, 204))
		if log := s.log.String(); strings.Contains(log, "Ví Dụ") || strings.Contains(log, "900000001") {
			t.Errorf("the log holds personal data:\n%s", log)
		}
	})
}

func TestContactOfNobody(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, path := range []string{"/v1/addresses/28XMJ25Q66/contact?purpose=review", "/v1/addresses/28XMJ25Q66/contact/reads"} {
			s.play(t, scenario{path: path, status: 404, want: []string{"/problems/code-not-found"}, headers: []string{"Authorization: Bearer " + s.keyOf(t, models.RoleAdmin)}})
		}
	})
}

func TestPersonalDataIsIncompleteOrOfOthers(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		path := "/v1/addresses/" + e.code.String() + "/personal-data"
		s.play(t, e.as(owner, scenario{path: path, status: 200, never: []string{`"contact":{`}, header: []string{"Cache-Control: no-store"},
			want: []string{`"reads":[]`, `"proposals":[]`, `"requests":[]`, `"owner_tokens":[{"created_at":"2026-01-15T05:00:00Z"}]`}}))
		s.play(t, e.patch(owner, "If-None-Match: *", someContact, 200))
		s.play(t, e.as(courier, scenario{path: e.path + "?purpose=delivery", status: 200}))
		s.play(t, e.report(owner, `{"claim":"retirement","note":"Tôi dọn đi"}`, 201))
		s.play(t, e.report(stranger, `{"claim":"gone","note":"Chuyện của người khác"}`, 201))
		for who, status := range map[asker]int{stranger: 401, otherOwner: 403, courier: 403, ownOfficer: 403, farOfficer: 403} {
			s.play(t, e.as(who, scenario{path: path, status: status, never: []string{"Ví Dụ", "900000001"}}))
		}
		all := []string{`"name":"Trần Thị Ví Dụ"`, `"consent_at"`, `"purpose":"delivery"`, `"note":"Tôi dọn đi"`, `"code":"` + e.code.String()}
		s.play(t, e.as(owner, scenario{path: path, status: 200, want: all, never: []string{"export", "Chuyện"}}))
		s.play(t, e.as(admin, scenario{path: path, status: 200, want: append(all, `"purpose":"export"`)}))
		s.play(t, e.as(owner, scenario{method: http.MethodDelete, path: e.path, status: 204}))
		s.play(t, e.as(owner, scenario{path: path, status: 200, want: []string{`"purpose":"export"`}, never: []string{"Ví Dụ", "Tôi dọn đi"}}))
	})
}

func TestContactOfAProposalIsReadWithoutTrace(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		r := storetest.House(9)
		r.Contact = &models.Contact{Name: "Trần Thị Ví Dụ", Phone: "0900 000 001", Consent: true}
		p, token, err := s.store.Propose(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		e.secrets[owner] = token
		path := "/v1/proposals/" + p.Number + "/contact"
		refused := func(who asker, query string, status int, want string) scenario {
			return e.as(who, scenario{path: path + query, status: status, want: []string{want}, never: []string{"Ví Dụ", "900000001"}})
		}
		s.run(t, []scenario{
			refused(stranger, "?purpose=review", 401, "/problems/key-required"),
			refused(otherOwner, "", 404, "/problems/proposal-not-found"),
			refused(courier, "?purpose=delivery", 403, "/problems/not-allowed"),
			refused(farOfficer, "?purpose=review", 404, "/problems/proposal-not-found"),
			refused(ownOfficer, "", 400, "/problems/required"),
			refused(ownOfficer, "?purpose=delivery", 403, "/problems/purpose-not-allowed"),
		})
		reads := func() int {
			return s.database.Count(t, "SELECT count(*) FROM contact_reads WHERE proposal_id IS NOT NULL AND address_id IS NULL")
		}
		s.play(t, e.as(owner, scenario{path: path, status: 200, want: []string{"Ví Dụ"}}))
		if reads() != 0 {
			t.Error("the owner's own reading is stored")
		}
		s.play(t, e.as(ownOfficer, scenario{path: path + "?purpose=review", status: 200, want: []string{`"phone":"+84900000001"`}, header: []string{"Cache-Control: no-store"}}))
		if reads() != 1 {
			t.Errorf("%d readings are stored, want 1", reads())
		}
		officer, err := s.store.Authenticate(t.Context(), e.secrets[ownOfficer])
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.store.VerifyProposal(t.Context(), officer, p.Number, models.Decision{})
		if err != nil {
			t.Fatal(err)
		}
		s.play(t, e.as(owner, scenario{path: "/v1/addresses/" + a.Code.String() + "/contact/reads", status: 200, want: []string{`"reader":"test officer"`, `"purpose":"review"`}}))
		s.play(t, e.as(courier, scenario{path: "/v1/addresses/" + a.Code.String() + "/contact?purpose=delivery", status: 200, want: []string{"Ví Dụ"}}))
		s.play(t, e.as(owner, scenario{path: "/v1/addresses/" + a.Code.String() + "/personal-data", status: 200, want: []string{p.Number, `"status":"verified"`}}))
		s.play(t, e.as(ownOfficer, scenario{path: path + "?purpose=review", status: 200, want: []string{"Ví Dụ"}}))
		if reads() != 0 {
			t.Error("a reading by the number of the proposal is not told to the owner of the address")
		}
	})
}

func TestContactIsSentToWhereAnAddressWas(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		_, text := s.play(t, e.as(admin, scenario{method: http.MethodPatch, path: "/v1/addresses/" + e.code.String(), body: `{"lat":10.9834,"lng":106.6519}`,
			headers: []string{"Content-Type: application/merge-patch+json", "If-Match: *"}, status: 201}))
		moved := member(t, text, "code")
		s.run(t, []scenario{
			e.patch(admin, "If-None-Match: *", someContact, 409, "/problems/retired", moved),
			e.as(admin, scenario{method: http.MethodDelete, path: e.path, status: 409, want: []string{"/problems/retired", moved}}),
			e.patch(owner, "If-None-Match: *", someContact, 409, "/problems/retired", moved),
		})
		e.path = "/v1/addresses/" + moved + "/contact"
		s.play(t, e.patch(owner, "If-None-Match: *", someContact, 200))
	})
}

// A number that was misheard must not be called for three months.
func TestContactOfAProposalCantBeMended(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		p := s.propose(t, strings.Replace(house, `"5"`, `"81"`, 1))
		e.secrets[owner], e.path = p.token, "/v1/proposals/"+p.number+"/contact"
		erase := func(who asker, status int, want ...string) scenario {
			return e.as(who, scenario{method: http.MethodDelete, path: e.path, status: status, want: want})
		}
		s.run(t, []scenario{
			e.patch(owner, "If-Match: *", someContact, 404, "/problems/no-contact"),
			erase(owner, 404, "/problems/no-contact"),
			e.patch(owner, "If-Match: ", someContact, 428),
			e.patch(owner, "If-None-Match: *", `{"phone":"0900 000 001"}`, 400, "/problems/consent-needed"),
			e.patch(otherOwner, "If-None-Match: *", someContact, 404, "/problems/proposal-not-found"),
			e.patch(ownOfficer, "If-None-Match: *", someContact, 403),
			e.patch(owner, "If-None-Match: *", someContact, 200, `"phone":"+84900000001"`),
			e.patch(owner, "If-None-Match: *", someContact, 412),
			e.patch(owner, `If-Match: "1-contact"`, `{"phone":"0900 000 002"}`, 200, `"phone":"+84900000002"`, `"version":2`, "Ví Dụ"),
			e.patch(owner, `If-Match: "1-contact"`, `{"phone":"0900 000 003"}`, 412),
			{path: "/v1/proposals/" + p.number, headers: []string{bearer(p.token)}, status: 200, want: []string{`"version":1`}},
			erase(otherOwner, 404), erase(admin, 403), erase(owner, 204), erase(owner, 404),
			e.patch(owner, "If-None-Match: *", someContact, 200),
		})
		if n := s.database.Count(t, "SELECT count(*) FROM contact_reads"); n != 0 {
			t.Errorf("%d readings of the owner are stored", n)
		}
		s.play(t, scenario{method: http.MethodPost, path: "/v1/proposals/" + p.number + "/verify", headers: []string{"If-Match: *"}, body: `{"confirm_distinct":true}`, status: 201})
		s.run(t, []scenario{
			e.patch(owner, `If-Match: "1-contact"`, `{"phone":"0900 000 004"}`, 200, `"phone":"+84900000004"`),
			erase(owner, 204), erase(owner, 404),
		})
		gone := s.propose(t, strings.Replace(house, `"5"`, `"82"`, 1))
		s.play(t, scenario{method: http.MethodPost, path: "/v1/proposals/" + gone.number + "/withdraw", headers: []string{bearer(gone.token), "If-Match: *"}, status: 200})
		e.secrets[owner], e.path = gone.token, "/v1/proposals/"+gone.number+"/contact"
		s.run(t, []scenario{e.patch(owner, "If-None-Match: *", someContact, 409, "/problems/proposal-closed"), erase(owner, 409)})
		if n := s.database.Count(t, "SELECT count(*) FROM contacts"); n != 0 {
			t.Errorf("%d contacts are left", n)
		}
	})
}

func TestTwoChangeAContactAtOnce(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		e := s.estate(t)
		race := func(condition string) {
			t.Helper()
			var won atomic.Int32
			var wait sync.WaitGroup
			for range 6 {
				wait.Go(func() {
					switch w, body := s.send(t, e.patch(owner, condition, someContact, 0)); w.StatusCode {
					case 200:
						won.Add(1)
					case 412:
					default:
						t.Errorf("%d: %s", w.StatusCode, body)
					}
				})
			}
			if wait.Wait(); won.Load() != 1 {
				t.Errorf("%s: %d of six changes were made, want 1", condition, won.Load())
			}
		}
		race("If-None-Match: *")
		race(`If-Match: "1-contact"`)
	})
}

package handlers

import (
	"crypto/sha256"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// asker is somebody who may come to a route.
type asker int

const (
	stranger    asker = iota // without a key
	otherOwner               // with the owner token of another address
	owner                    // with the owner token of the address
	courier                  // with a courier's key
	ownOfficer               // with an officer's key for the commune of the address
	farOfficer               // with an officer's key for another commune
	admin                    // with an admin's key
	askers      = int(admin) + 1
	askersNames = "stranger, another owner, the owner, a courier, the officer, an officer of another commune, an admin"
)

// Outcomes of a call, one letter an asker in their order.
const (
	done    = 'y' // answered, or refused for another reason than who asks
	unkeyed = '1' // 401
	barred  = '3' // 403
	hidden  = '4' // 404, as if it were not there
)

// world is what the calls of the matrix are about: one address in Thủ Dầu Một
// with its owner, new for every call.
type world struct {
	*server
	address *models.Address
}

// matrixRow says what each asker gets for one call. Its path and body may
// hold {code}, the address of the world.
type matrixRow struct {
	outcomes string // by asker, see the outcomes
	path     string
	body     string
	headers  []string
	prepare  func(t *testing.T, w *world, path, body string) (string, string) // nil: none
}

const everybody = "yyyyyyy"

// open is a call that anybody may make.
func open(path string) matrixRow { return matrixRow{outcomes: everybody, path: path} }

// ask is a question by POST that anybody may ask.
func ask(path, body string) matrixRow {
	return matrixRow{outcomes: everybody, path: path, body: body}
}

// matrix has a row for every route.
func matrix() map[string]matrixRow {
	rows := map[string]matrixRow{
		"GET /v1/resolve":         open("/v1/resolve?q={code}"),
		"GET /v1/resolve/:input":  open("/v1/resolve/{code}"),
		"GET /v1/addresses":       open("/v1/addresses?limit=1"),
		"GET /v1/addresses/:code": open("/v1/addresses/{code}"),
		"PATCH /v1/addresses/:code": {outcomes: "13y3y3y", path: "/v1/addresses/{code}", body: `{"alley":"Hẻm 5"}`,
			headers: []string{"Content-Type: application/merge-patch+json", "If-Match: *"}},
		"POST /v1/addresses/:code/verify":       {outcomes: "1333y3y", path: "/v1/addresses/{code}/verify", body: `{"level":"certified"}`, headers: []string{"If-Match: *"}},
		"POST /v1/addresses/:code/retire":       {outcomes: "1333y3y", path: "/v1/addresses/{code}/retire", body: `{"reason":"gone"}`, headers: []string{"If-Match: *"}},
		"POST /v1/addresses/:code/restore":      {outcomes: "1333y3y", path: "/v1/addresses/{code}/restore", body: `{}`, headers: []string{"If-Match: *"}, prepare: retired},
		"GET /v1/addresses/:code/history":       open("/v1/addresses/{code}/history"),
		"GET /v1/reverse":                       open("/v1/reverse?lat=10.9804&lng=106.6519"),
		"GET /v1/search":                        open("/v1/search?q=hoa+mai"),
		"GET /v1/suggest":                       open("/v1/suggest?q=hoa"),
		"POST /v1/wash":                         ask("/v1/wash", `{"text":"5 Hoa Mai"}`),
		"POST /v1/batch/resolve":                ask("/v1/batch/resolve", `[{"input":"{code}"}]`),
		"POST /v1/batch/search":                 ask("/v1/batch/search", `[{"q":"5 Hoa Mai"}]`),
		"POST /v1/batch/reverse":                ask("/v1/batch/reverse", `[{"lat":10.9804,"lng":106.6519}]`),
		"GET /v1/codes/encode":                  open("/v1/codes/encode?lat=10.9804&lng=106.6519"),
		"GET /v1/codes/:code":                   open("/v1/codes/{code}"),
		"GET /v1/changes":                       open("/v1/changes?limit=1"),
		"GET /v1/units":                         open("/v1/units"),
		"GET /v1/units/at":                      open("/v1/units/at?lat=10.9804&lng=106.6519"),
		"GET /v1/units/:code":                   open("/v1/units/25747"),
		"GET /v1/units/:code/boundary":          open("/v1/units/25747/boundary"),
		"GET /v1/keys":                          {outcomes: "133333y", path: "/v1/keys"},
		"POST /v1/keys":                         {outcomes: "133333y", path: "/v1/keys", body: `{"name":"desk","role":"courier"}`},
		"POST /v1/keys/:number/rotate":          {outcomes: "133333y", path: "/v1/keys/{key}/rotate", prepare: withKey},
		"POST /v1/keys/:number/revoke":          {outcomes: "133333y", path: "/v1/keys/{key}/revoke", prepare: withKey},
		"GET /v1/units/:code/successors":        open("/v1/units/25747/successors"),
		"GET /v1/addresses/:code/contact":       {outcomes: "13y3y3y", path: "/v1/addresses/{code}/contact?purpose=correction", prepare: withContact},
		"PATCH /v1/addresses/:code/contact":     {outcomes: "13y3y3y", path: "/v1/addresses/{code}/contact", body: `{"name":"Trần Thị Ví Dụ","consent":true}`, headers: []string{"If-None-Match: *", "Content-Type: application/json"}},
		"DELETE /v1/addresses/:code/contact":    {outcomes: "13y333y", path: "/v1/addresses/{code}/contact", prepare: withContact},
		"GET /v1/addresses/:code/contact/reads": {outcomes: "13y333y", path: "/v1/addresses/{code}/contact/reads"},
		"GET /healthz":                          open("/healthz"),
		"GET /readyz":                           open("/readyz"),
		"GET /version":                          open("/version"),
		"GET /openapi.json":                     open("/openapi.json"),
		"GET /docs":                             open("/docs"),
		"GET /docs/:asset":                      open("/docs/swagger-ui.css"),
		"GET /":                                 open("/"),
		"POST /v1/addresses":                    {outcomes: "1333y3y", path: "/v1/addresses", body: house},

		"GET /v1/session":     open("/v1/session"),
		"POST /v1/session":    {outcomes: everybody, path: "/v1/session", prepare: withKeyText},
		"DELETE /v1/session":  open("/v1/session"),
		"DELETE /v1/sessions": {outcomes: "133yyyy", path: "/v1/sessions"},
		"GET /sign-in":        open("/sign-in"),
		"GET /auth/login":     {outcomes: "4444444", path: "/auth/login"}, // there is no provider
		"GET /auth/callback":  {outcomes: "4444444", path: "/auth/callback?code=x&state=y"},

		"POST /v1/addresses/:code/reports":       {outcomes: everybody, path: "/v1/addresses/{code}/reports", body: `{"claim":"gone"}`},
		"GET /v1/reports/:number":                {outcomes: "4444y4y", path: "/v1/reports/{report}", prepare: withReport},
		"POST /v1/reports/:number/accept":        {outcomes: "1333y4y", path: "/v1/reports/{report}/accept", body: "{}", headers: []string{"If-Match: *"}, prepare: withReport},
		"POST /v1/reports/:number/dismiss":       {outcomes: "1333y4y", path: "/v1/reports/{report}/dismiss", body: "{}", headers: []string{"If-Match: *"}, prepare: withReport},
		"POST /v1/addresses/:code/confirmations": {outcomes: "133yyyy", path: "/v1/addresses/{code}/confirmations", body: `{"delivered":true}`},
		"GET /v1/addresses/:code/personal-data":  {outcomes: "13y333y", path: "/v1/addresses/{code}/personal-data"},
		"GET /v1/proposals/:number/contact":      {outcomes: "14y3y4y", path: "/v1/proposals/{proposal}/contact?purpose=review", prepare: withProposalContact},
		"PATCH /v1/proposals/:number/contact": {outcomes: "14y3333", path: "/v1/proposals/{proposal}/contact", body: `{"name":"Trần Thị Ví Dụ"}`,
			headers: []string{"If-Match: *", "Content-Type: application/json"}, prepare: withProposalContact},
		"DELETE /v1/proposals/:number/contact":  {outcomes: "14y3333", path: "/v1/proposals/{proposal}/contact", prepare: withProposalContact},
		"GET /v1/addresses/:code/confirmations": open("/v1/addresses/{code}/confirmations"),
	}
	maps.Copy(rows, proposalMatrix())
	maps.Copy(rows, ogcMatrix())
	maps.Copy(rows, plateMatrix())
	maps.Copy(rows, tileMatrix())
	maps.Copy(rows, certificateMatrix())
	maps.Copy(rows, exportMatrix())
	return rows
}

func TestSomebodyMayDoWhatTheyMustNot(t *testing.T) {
	t.Parallel()
	rows := matrix()
	eachServer(t, func(t *testing.T, s *server) {
		askers := s.askers(t)
		routed := map[string]bool{}
		for i, r := range newAPI(nil, Options{}).routes() {
			call := r.method + " " + r.pattern
			row, there := rows[call]
			if routed[call] = true; !there {
				t.Errorf("%s has no row in the matrix: say what each of %s gets", call, askersNames)
				continue
			}
			if len(row.outcomes) != len(askers) {
				t.Fatalf("%s: %d outcomes for %d askers", call, len(row.outcomes), len(askers))
			}
			for who := range askers {
				s.tryCall(t, r.method, row, i*len(askers)+who, asker(who), askers)
			}
		}
		for call := range rows {
			if !routed[call] {
				t.Errorf("%s is in the matrix, the router has no such route", call)
			}
		}
	})
}

// tryCall makes one call in a new world and compares its outcome.
func (s *server) tryCall(t *testing.T, method string, row matrixRow, n int, who asker, secrets [askers]string) {
	t.Helper()
	r := storetest.House(n)
	r.Point = storetest.Metres(storetest.ThuDauMot, 15*float64(n/40), 15*float64(n%40)) // all in one commune
	w := &world{s, storetest.Register(t, s.store, r)}
	if secrets[owner] = s.ownerToken(t, w.address.Code); who == otherOwner {
		r.Parts.HouseNumber, r.Point = r.Parts.HouseNumber+" bis", storetest.Metres(r.Point, 20, 20)
		secrets[otherOwner] = s.ownerToken(t, storetest.Register(t, s.store, r).Code)
	}
	path := strings.ReplaceAll(row.path, "{code}", w.address.Code.String())
	body := strings.ReplaceAll(row.body, "{code}", w.address.Code.String())
	if row.prepare != nil {
		path, body = row.prepare(t, w, path, body)
	}
	headers := append([]string{"Authorization: "}, row.headers...)
	if secrets[who] != "" {
		headers[0] += "Bearer " + secrets[who]
	}
	answer, text := s.send(t, scenario{method: method, path: path, body: body, headers: headers})
	if got := outcomeOf(answer.StatusCode); got != rune(row.outcomes[who]) {
		t.Errorf("%s %s: asker %d (of %s) gets %d, want %c\n%s", method, row.path, who, askersNames, answer.StatusCode, row.outcomes[who], text)
	}
}

func outcomeOf(status int) rune {
	switch status {
	case http.StatusUnauthorized:
		return unkeyed
	case http.StatusForbidden:
		return barred
	case http.StatusNotFound:
		return hidden
	}
	return done
}

// withContact gives the address a contact.
func withContact(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	phone := "0900 000 001"
	change := models.ContactChange{Phone: &phone, Consent: true}
	_, err := w.store.ChangeContact(t.Context(), w.address.Code, models.Caller{Role: models.RoleAdmin, Name: "test"}, []int64{0}, change)
	if e, ok := errors.AsType[*models.Error](err); err != nil && !(ok && e.Kind == models.Stale) { // it has one already
		t.Fatal(err)
	}
	return path, body
}

// retired takes the address of the world out of use.
func retired(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	e := models.Edit{Code: w.address.Code, Caller: models.Caller{Role: models.RoleAdmin, Name: "test admin"}}
	if _, err := w.store.Retire(t.Context(), e, models.Retirement{Reason: models.ReasonGone}); err != nil {
		t.Fatal(err)
	}
	return path, body
}

// withProposalContact makes a proposal with a contact for {proposal} in the
// path; its owner is that of the address.
func withProposalContact(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	r := storetest.House(1)
	r.Contact, r.ConfirmDistinct = plantedContact("Lê Thị Kín"), true
	p, _, err := w.store.Propose(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	w.database.Exec(t, "DELETE FROM owner_tokens WHERE proposal_id = (SELECT id FROM proposals WHERE number = ?)", p.Number)
	w.database.Exec(t, "UPDATE owner_tokens SET proposal_id = (SELECT id FROM proposals WHERE number = ?) WHERE address_id = ?", p.Number, w.address.Code.ID())
	return strings.ReplaceAll(path, "{proposal}", p.Number), body
}

// withReport files a report for {report} in the path.
func withReport(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	r, _, err := w.store.Report(t.Context(), models.Caller{}, models.Report{Code: w.address.Code, Claim: models.ClaimGone, Note: "Nhà đã dỡ"})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(path, "{report}", r.Number), body
}

// withKey makes a key for {key} in the path.
func withKey(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	_, key, err := w.store.CreateKey(t.Context(), models.KeyRequest{Name: "brief", Role: models.RoleCourier})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(path, "{key}", strconv.FormatInt(key.ID, 10)), body
}

// withKeyText makes a key and writes it into the body.
func withKeyText(t *testing.T, w *world, path, _ string) (string, string) {
	t.Helper()
	return path, `{"key":"` + w.keyOf(t, models.RoleCourier) + `"}`
}

// askers are the secrets of all askers but the owners, whose address is not
// there yet.
func (s *server) askers(t *testing.T) (secrets [askers]string) {
	t.Helper()
	secrets[courier] = s.keyOf(t, models.RoleCourier)
	secrets[ownOfficer] = s.keyOf(t, models.RoleOfficer, "25747")
	secrets[farOfficer] = s.keyOf(t, models.RoleOfficer, "25920")
	secrets[admin] = s.key
	return secrets
}

// keyOf makes a key.
func (s *server) keyOf(t *testing.T, role string, communes ...string) string {
	t.Helper()
	key, _, err := s.store.CreateKey(t.Context(), models.KeyRequest{Name: "test " + role, Role: role, Communes: communes})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// ownerToken gives an address an owner.
func (s *server) ownerToken(t *testing.T, code geo.Code) string {
	t.Helper()
	token := "dco_a-token-of-a-test-for-" + code.String()
	hash := sha256.Sum256([]byte(token))
	s.database.Exec(t, "INSERT INTO owner_tokens (hash, address_id, created_at) VALUES (?, ?, (SELECT created_at FROM addresses WHERE id = ?))",
		hash[:], code.ID(), code.ID())
	return token
}

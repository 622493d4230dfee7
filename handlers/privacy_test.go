package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"diachiso/geo/text"
	"diachiso/models"
	"diachiso/models/storetest"
)

// secretKind groups what is planted by who may see it.
type secretKind int

const (
	personal   secretKind = iota // of a contact
	noted                        // by whoever reported
	unpublic                     // a name that its owner does not show
	formerly                     // a name that was public once and is no more
	credential                   // a key or an owner token
)

// planted is everything that must not show, as unmistakable texts.
var planted = map[string]secretKind{
	"987654321":                   personal,
	"84987654321":                 personal,
	"bimat.kiemtra@":              personal,
	"Nguyễn Bí Mật":               personal,
	"Lê Thị Kín":                  personal,
	"cổng mật 7391":               personal,
	"chuyện nhà bên cạnh":         noted,
	"Trại Gà Riêng Tư":            unpublic,
	"Vườn Xưa Lộ Tên":             formerly,
	"dco_a-token-of-a-test-for-2": credential,
}

func plantedContact(name string) *models.Contact {
	return &models.Contact{Name: name, Phone: "0987 654 321", Email: "bimat.kiemtra@example.vn", DeliveryNotes: "cổng mật 7391", Consent: true}
}

// showing is a kind of secret that a call shows to some.
type showing struct {
	kinds []secretKind
	to    []asker
}

// mayShow lists the few calls whose answers hold what is planted, and for whom.
var mayShow = map[string]showing{
	"GET /v1/addresses/:code/contact":       {[]secretKind{personal}, []asker{owner, ownOfficer, admin}},
	"PATCH /v1/addresses/:code/contact":     {[]secretKind{personal}, []asker{owner, ownOfficer, admin}},
	"GET /v1/addresses/:code/personal-data": {[]secretKind{personal, unpublic}, []asker{owner, admin}},
	"GET /v1/proposals/:number/contact":     {[]secretKind{personal}, []asker{owner, ownOfficer, admin}},
	"PATCH /v1/proposals/:number/contact":   {[]secretKind{personal}, []asker{owner}},
	"GET /v1/reports/:number":               {[]secretKind{noted}, []asker{ownOfficer, admin}},
	"POST /v1/reports/:number/accept":       {[]secretKind{noted}, []asker{ownOfficer, admin}},
	"POST /v1/reports/:number/dismiss":      {[]secretKind{noted}, []asker{ownOfficer, admin}},
	"GET /v1/reviews":                       {[]secretKind{noted, unpublic}, []asker{ownOfficer, admin}},
}

// allows tells whether a call may show a kind of secret to somebody.
func (s showing) allows(kind secretKind, to asker) bool {
	return slices.Contains(s.kinds, kind) && slices.Contains(s.to, to)
}

// representations are the headers and parameters by which one answer takes
// its forms; a call that has not one of them answers 406 or 400.
var representations = []string{"", "Accept: application/geo+json", "Accept: text/csv", "Accept: application/x-ndjson",
	"Accept: text/event-stream", "Accept: application/vnd.mapbox-vector-tile", "Accept: text/html", "Accept: image/svg+xml", "Accept: image/png", "Accept: application/pdf", "Accept: application/jwk-set+json",
	"f=json", "f=geojson", "f=csv", "f=ndjson",
	"Accept: application/vnd.oai.openapi+json;version=3.0", "f=html"}

// The whole interface is walked: every route, as every asker, in every form,
// about an address of a farm with all that can be secret about one.
func TestSecretShowsWhereItMustNot(t *testing.T) {
	t.Parallel()
	rows := matrix()
	eachServer(t, func(t *testing.T, s *server) {
		w := &walk{estate: estate{server: s, secrets: s.askers(t)}}
		for _, key := range w.secrets {
			if key != "" {
				w.keys = append(w.keys, key)
			}
		}
		w.plantProposal(t)
		for _, r := range newAPI(nil, Options{}).routes() {
			row, there := rows[r.method+" "+r.pattern]
			if !there {
				continue // TestSomebodyMayDoWhatTheyMustNot says so
			}
			w.walk(t, r, row)
		}
		w.tell(t)
		w.searchLog(t)
		w.searchTables(t)
	})
}

// walk goes through the calls; every address is planted anew.
type walk struct {
	estate
	keys   []string
	worlds int
}

// plantProposal asks for what has a contact and a name that is not public.
func (w *walk) plantProposal(t *testing.T) {
	t.Helper()
	r := storetest.Farm("Trại Gà Riêng Tư")
	hidden := false
	r.NamePublic, r.Contact, r.Point = &hidden, plantedContact("Lê Thị Kín"), storetest.ThuDauMot
	if _, _, err := w.store.Propose(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// plant registers a farm that once had a public name and has another, hidden
// one now, a contact that was read, a report and a delivery.
func (w *walk) plant(t *testing.T) *models.Address {
	t.Helper()
	w.worlds++
	r := storetest.Farm("Vườn Xưa Lộ Tên")
	r.Point = storetest.Metres(storetest.ThuDauMot, 12*float64(w.worlds/40), 12*float64(w.worlds%40))
	r.Contact, r.ConfirmDistinct = plantedContact("Nguyễn Bí Mật"), true
	a := storetest.Register(t, w.store, r)
	desk := models.Caller{Role: models.RoleAdmin, Name: "test admin", KeyID: 1}
	name, hidden := "Trại Gà Riêng Tư", false
	amendment := models.Amendment{Name: &name, NamePublic: &hidden, ConfirmDistinct: true}
	a, err := w.store.Amend(t.Context(), models.Edit{Code: a.Code, Caller: desk}, amendment)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Contact(t.Context(), a.Code, desk, models.PurposeReview); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.store.Report(t.Context(), models.Caller{}, models.Report{Code: a.Code, Claim: models.ClaimGone, Note: "chuyện nhà bên cạnh"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.store.Confirm(t.Context(), desk, models.Confirmation{Code: a.Code}); err != nil {
		t.Fatal(err)
	}
	return a
}

// walk makes a call as every asker: one that reads in all its forms, one that
// may change something about a new address each time.
func (w *walk) walk(t *testing.T, r route, row matrixRow) {
	t.Helper()
	path, body := w.prepare(t, row)
	for who := range askers {
		for n, form := range representations {
			if r.method != http.MethodGet {
				if n > 1 || n == 1 && r.method != http.MethodPost {
					break
				}
				path, body = w.prepare(t, row)
			}
			if c, takes := w.inForm(r, row, path, form); takes {
				if c.body = body; r.method == http.MethodPost && n == 1 { // its answer is kept
					c.headers = append(c.headers, fmt.Sprintf("Idempotency-Key: %08x-0000-4000-8000-000000000000", w.worlds))
				}
				w.search(t, r, asker(who), w.as(asker(who), c))
			}
		}
	}
}

// inForm is a call that asks for a form of its answer; false where it can't.
func (w *walk) inForm(r route, row matrixRow, path, form string) (scenario, bool) {
	c := scenario{method: r.method, path: path, headers: row.headers}
	if !strings.HasPrefix(form, "f=") {
		if form != "" {
			c.headers = append(slices.Clone(row.headers), form)
		}
		return c, true
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	c.path += separator + form
	return c, slices.Contains(r.parameters, "f")
}

// prepare plants a new address and writes the path and body of a row about it.
func (w *walk) prepare(t *testing.T, row matrixRow) (string, string) {
	t.Helper()
	a := w.plant(t)
	w.secrets[owner] = w.ownerToken(t, a.Code)
	if w.secrets[otherOwner] == "" {
		w.secrets[otherOwner] = w.ownerToken(t, w.plant(t).Code)
	}
	path := strings.ReplaceAll(strings.Replace(row.path, "limit=1", "limit=50", 1), "{code}", a.Code.String())
	body := strings.ReplaceAll(row.body, "{code}", a.Code.String())
	if row.prepare != nil {
		return row.prepare(t, &world{w.server, a}, path, body)
	}
	return path, body
}

// search looks for what is planted in an answer.
func (w *walk) search(t *testing.T, r route, who asker, c scenario) {
	t.Helper()
	answer, body := w.begin(t, c)
	headers := ""
	for name, values := range answer.Header {
		headers += name + ": " + strings.Join(values, ", ") + "\n"
	}
	call := r.method + " " + r.pattern
	for _, found := range w.found(headers + body) {
		if strings.Contains(headers, found.text) || !mayShow[call].allows(found.kind, who) {
			t.Errorf("%s shows %q to asker %d (of %s), %v:\n%.600s", call, found.text, who, askersNames, c.headers[1:], body)
		}
	}
}

// walker is as fast as a client can be; other tests compare with the contract.
var walker = &http.Client{
	Transport:     &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// begin makes a request and reads its answer, of a stream without end the
// beginning.
func (w *walk) begin(t *testing.T, c scenario) (*http.Response, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, c.method, w.url+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range c.headers {
		if name, value, _ := strings.Cut(line, ": "); value != "" {
			r.Header.Set(name, value)
		}
	}
	answer, err := walker.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.Header.Get("Content-Type") == "text/event-stream" {
		time.AfterFunc(300*time.Millisecond, cancel)
	}
	body, _ := io.ReadAll(answer.Body) // an error: the time is up
	return answer, string(body)
}

// finding is something planted that was found.
type finding struct {
	text string
	kind secretKind
}

// found lists what of everything planted, and of the keys, a text holds, as it
// was written or folded for search.
func (w *walk) found(in string) []finding {
	var list []finding
	folded := ""
	if len(in) < 200_000 { // not the scripts of the console
		folded = text.Fold(in)
	}
	for secret, kind := range planted {
		if strings.Contains(in, secret) || kind != credential && strings.Contains(folded, text.Fold(secret)) {
			list = append(list, finding{secret, kind})
		}
	}
	for _, key := range w.keys {
		if strings.Contains(in, key) {
			list = append(list, finding{key, credential})
		}
	}
	return list
}

// tell puts secrets where careless people put them: into the URL, into a
// header and into bodies that are refused. Only the log is looked at, and the
// answers that must not repeat them.
func (w *walk) tell(t *testing.T) {
	t.Helper()
	for _, secret := range []string{"0987654321", "bimat.kiemtra@example.vn", w.keys[0], "dco_a-token-of-a-test-for-2"} {
		for _, path := range []string{"/v1/resolve/", "/v1/search?q=", "/v1/addresses/", "/v1/addresses?key=", "/v1/reports/", "/docs/", "/nothing/"} {
			w.send(t, scenario{path: path + secret})
		}
		w.send(t, scenario{path: "/healthz", headers: []string{"X-Request-Id: " + secret + "@"}})
		w.send(t, scenario{path: "/healthz", headers: []string{"User-Agent: " + secret, "Referer: http://example.vn/?" + secret}})
	}
	a := w.plant(t)
	for _, c := range []scenario{
		{path: "/v1/addresses", body: `{"kind":"household","lat":10.98,"lng":106.65,"contact":{"phone":"0987654321 Nguyễn Bí Mật","email":"bimat.kiemtra@","consent":true}}`},
		{path: "/v1/addresses/" + a.Code.String() + "/reports", body: `{"claim":"gone","note":["chuyện nhà bên cạnh"]}`},
		{path: "/v1/addresses", body: `{"kind":"household","name":"Nguyễn Bí Mật","lat":10.98,"lng":106.65}`},
	} {
		c.method, c.status = http.MethodPost, http.StatusBadRequest
		if _, body := w.play(t, c); len(w.found(body)) > 0 {
			t.Errorf("what is refused is repeated: %s", body)
		}
	}
}

func (w *walk) searchLog(t *testing.T) {
	t.Helper()
	log := w.log.String()
	for line := range strings.SplitSeq(log, "\n") {
		if found := w.found(line); len(found) > 0 {
			t.Errorf("the log holds %v: %s", found, line)
			return
		}
	}
	if strings.Count(log, "\n") < 500 {
		t.Error("the log holds too little to prove anything")
	}
}

// mayKeep are the columns that are there to hold what is planted.
var mayKeep = map[string][]secretKind{
	"contacts":  {personal},
	"reports":   {noted},
	"addresses": {unpublic},
	"proposals": {unpublic},
	"changes":   {formerly}, // for the days on which it was public; the history shows it no more
}

// searchTables looks through every column of every table.
func (w *walk) searchTables(t *testing.T) {
	t.Helper()
	question := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'addresses_box%'"
	if w.database.Kind == "postgres" {
		question = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'spatial_ref_sys'"
	}
	tables := w.database.Texts(t, question)
	if len(tables) < 15 {
		t.Fatalf("only the tables %v", tables)
	}
	told := map[string]bool{}
	for _, table := range tables {
		name := table[0]
		for _, row := range w.database.Texts(t, "SELECT * FROM "+name) {
			for _, f := range w.found(strings.Join(row, "\n")) {
				if kept := name + f.text; !slices.Contains(mayKeep[name], f.kind) && !told[kept] {
					told[kept] = true
					t.Errorf("the table %s keeps %q: %.300s", name, f.text, fmt.Sprint(row))
				}
			}
		}
	}
}

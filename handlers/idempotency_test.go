package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

const aUUID = "8e03978e-40d5-43dd-bc93-6894a57f9324"

// under sends a body to a path under an Idempotency-Key, with the admin's key.
func under(key, path, body string, status int, want ...string) scenario {
	return scenario{method: http.MethodPost, path: path, body: body, status: status, want: want, headers: []string{"Idempotency-Key: " + key}}
}

func TestRequestIsDoneTwice(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		first := under("a", "/v1/addresses", house, 201)
		first.header = []string{"Idempotent-Replayed:"}
		w, body := s.play(t, first)
		again := under("a", "/v1/addresses", house, 201)
		again.header = []string{"Idempotent-Replayed: true", "X-Request-Id: *"}
		for _, key := range []string{"a", `"a"`} {
			again.headers = []string{"Idempotency-Key: " + key, "Accept-Language: vi", "X-Request-Id: again"}
			r, text := s.play(t, again)
			if text != body {
				t.Errorf("the answer was\n%s and is\n%s", body, text)
			}
			for _, name := range []string{"Location", "ETag", "Content-Type", "Content-Length", "Cache-Control"} {
				if diff := cmp.Diff(w.Header.Values(name), r.Header.Values(name)); diff != "" || r.Header.Get(name) == "" {
					t.Errorf("header %s (-first +again):\n%s", name, diff)
				}
			}
			if r.Header.Get("X-Request-Id") != "again" {
				t.Error("the request id is another exchange's")
			}
		}
		mismatch := under("a", "/v1/addresses", strings.Replace(house, `"5"`, `"6"`, 1), 422, "/problems/idempotency-mismatch")
		s.play(t, mismatch)
		s.play(t, under("a", "/v1/addresses/28XMJ25Q66/reports", house, 422, "/problems/idempotency-mismatch"))
		mismatch.headers = append(mismatch.headers, "Accept-Language: vi")
		mismatch.want = []string{"Idempotency-Key này đã dùng"}
		s.play(t, mismatch)
		if n := s.database.Count(t, "SELECT count(*) FROM addresses"); n != 1 {
			t.Errorf("%d addresses are registered", n)
		}
	})
}

// Keys of others are others.
func TestKeysOfCallersMeet(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		officer := s.keyOf(t, models.RoleOfficer, "25747")
		s.play(t, under("1", "/v1/addresses", house, 201))
		other := under("1", "/v1/addresses", strings.Replace(house, `"5"`, `"7"`, 1), 201)
		other.headers = append(other.headers, "Authorization: Bearer "+officer)
		other.header = []string{"Idempotent-Replayed:"}
		s.play(t, other)
		stranger := under("1", "/v1/addresses", house, 401)
		stranger.headers = append(stranger.headers, "Authorization:")
		stranger.header = []string{"Idempotent-Replayed:"}
		s.play(t, stranger)
	})
}

// What was refused has changed nothing and may be sent again, corrected.
func TestRefusalIsKept(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.play(t, under("k", "/v1/addresses", `{"kind":"castle"}`, 400))
		s.play(t, under("k", "/v1/addresses", `{`, 400))
		s.play(t, under("k", "/v1/addresses", house, 201))
		s.play(t, under("l", "/v1/addresses", house, 409, "/problems/duplicate"))
		s.play(t, under("l", "/v1/addresses", strings.Replace(house, "{", `{"confirm_distinct":true,`, 1), 201))
		s.play(t, under("m", "/v1/addresses", strings.Repeat(" ", 1<<20)+house, 413))
		if n := s.database.Count(t, "SELECT count(*) FROM idempotency_keys"); n != 2 {
			t.Errorf("%d keys are kept, want those of what was done", n)
		}
	})
}

func TestIdempotencyKeyIsNonsense(t *testing.T) {
	for name, values := range map[string][]string{
		"empty": {""}, "empty in quotes": {`""`}, "one quotation mark": {`"`}, "an open one": {`"a`},
		"256 characters": {strings.Repeat("k", 256)}, "a control character": {"a\x07b"}, "a tabulator": {"a\tb"}, "DEL": {"a\x7f"},
		"a line break": {"a\r\nX: y"}, "NUL": {"a\x00"}, "Vietnamese": {"khóa"}, "twice": {"a", "a"}, "a list": {`"a", "b"`},
	} {
		if key, err := idempotencyKey(values, true); err == nil {
			t.Errorf("%s: read as %q", name, key)
		}
	}
	for _, key := range []string{"", "1", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", aUUID + "0", "{" + aUUID + "}", strings.ReplaceAll(aUUID, "-", "")} {
		if _, err := idempotencyKey([]string{key}, false); err == nil {
			t.Errorf("%s is a key for a stranger", key)
		}
	}
	for _, key := range []string{aUUID, strings.ToUpper(aUUID), `"` + aUUID + `"`} {
		if got, err := idempotencyKey([]string{key}, false); err != nil || !strings.EqualFold(got, aUUID) {
			t.Errorf("%s: %q, %v", key, got, err)
		}
	}
	eachServer(t, func(t *testing.T, s *server) {
		s.play(t, under(strings.Repeat("k", 256), "/v1/addresses", house, 400, "/problems/bad-idempotency-key", "255"))
		s.play(t, under(strings.Repeat("k", 255), "/v1/addresses", house, 201))
		question := under("not used", "/v1/wash", `{"text":"5 Hoa Mai"}`, 200)
		question.headers = append(question.headers, "Authorization:")
		s.play(t, question)
	})
}

// thirtyTwo equal requests at once make one address.
func TestManyEqualRequestsAtOnce(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		var group sync.WaitGroup
		var mutex sync.Mutex
		answers := map[string]int{}
		for range 32 {
			group.Go(func() {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/v1/addresses", strings.NewReader(strings.Replace(house, "{", `{"confirm_distinct":true,`, 1)))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+s.key)
				r.Header.Set("Idempotency-Key", aUUID)
				w, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				w.Body.Close()
				mutex.Lock()
				defer mutex.Unlock()
				answers[fmt.Sprint(w.StatusCode, " ", w.Header.Get("Idempotent-Replayed"), " ", w.Header.Get("Retry-After"))]++
			})
		}
		group.Wait()
		if answers["201  "] != 1 || answers["201  "]+answers["201 true "]+answers["409  1"] != 32 {
			t.Errorf("answers by status, replayed and Retry-After: %v", answers)
		}
		if n := s.database.Count(t, "SELECT count(*) FROM addresses"); n != 1 {
			t.Errorf("%d addresses are registered", n)
		}
	})
}

// workshop is an interface whose one call is made up by a test.
type workshop struct {
	*API
	engine   *gin.Engine
	database storetest.Database
	done     int
	handle   func(c *gin.Context) error
}

func eachWorkshop(t *testing.T, run func(t *testing.T, w *workshop)) {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		w := &workshop{database: db, engine: gin.New()}
		w.API = newAPI(db.Open(t, storetest.Options{}), Options{})
		w.engine.Use(w.recoverPanic)
		w.mount(w.engine, []route{{http.MethodPost, "/v1/work", anyone, func(c *gin.Context) error {
			w.done++
			return w.handle(c)
		}, nil}})
		run(t, w)
	})
}

func (w *workshop) post(key, body string) *httptest.ResponseRecorder {
	r, answer := httptest.NewRequest(http.MethodPost, "/v1/work", strings.NewReader(body)), httptest.NewRecorder()
	r.Header.Set("Idempotency-Key", key)
	w.engine.ServeHTTP(answer, r)
	return answer
}

// The database never learns what was asked or answered.
func TestAnswerIsStoredInTheClear(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		const secret = "dco_an-owner-token-for-one-pair-of-eyes"
		w.handle = func(c *gin.Context) error {
			c.Header("Cache-Control", "no-store")
			write(c, http.StatusCreated, "application/json", []byte(`{"owner_token":"`+secret+`"}`))
			return nil
		}
		first, again := w.post(aUUID, `{"phone":"0900 000 000"}`), w.post(aUUID, `{"phone":"0900 000 000"}`)
		if again.Body.String() != first.Body.String() || again.Header().Get("Cache-Control") != "no-store" || w.done != 1 {
			t.Errorf("done %d times; again %d %v\n%s", w.done, again.Code, again.Header(), again.Body)
		}
		kept := fmt.Sprint(w.database.Texts(t, "SELECT * FROM idempotency_keys"))
		for _, plain := range []string{secret, "owner_token", aUUID, "0900", "no-store"} {
			if strings.Contains(kept, plain) || strings.Contains(kept, fmt.Sprintf("%x", plain)) {
				t.Errorf("the database holds %q: %s", plain, kept)
			}
		}
		e := newEnvelope(aUUID, "")
		sealed := e.seal(keptAnswer{Status: 201})
		for name, other := range map[string]envelope{
			"another key": newEnvelope(aUUID[1:]+"0", ""), "another secret": newEnvelope(aUUID, "x"),
		} {
			if _, err := other.open(sealed); err == nil {
				t.Errorf("%s opens the answer", name)
			}
		}
	})
}

// What was refused may be sent again; what failed may have been done all the
// same, where a database committed and could not say so. A cookie is for one
// browser.
func TestFailureIsDoneTwice(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		fail := func(code int) func(*gin.Context) error {
			return func(*gin.Context) error { return status(code, "test", "No.", "Không.") }
		}
		for _, code := range []int{400, 401, 403, 404, 409, 429} {
			w.handle, w.done = fail(code), 0
			first, again := w.post(aUUID, "x"), w.post(aUUID, "x")
			if w.done != 2 || first.Code != again.Code || again.Header().Get("Idempotent-Replayed") != "" {
				t.Errorf("done %d times, answered %d and %d", w.done, first.Code, again.Code)
			}
		}
		lost := models.NewError(models.Unavailable, "", "database-unavailable", "The database does not answer.", "Cơ sở dữ liệu không trả lời.")
		for i, err := range []error{status(500, "test", "No.", "Không."), status(503, "test", "No.", "Không."), lost, context.Canceled, context.DeadlineExceeded, io.EOF} {
			key := fmt.Sprintf("8e03978e-40d5-43dd-bc93-%012d", i)
			w.handle, w.done = func(*gin.Context) error { return err }, 0
			first, again := w.post(key, "x"), w.post(key, "x")
			if w.done != 1 || first.Code < 500 || again.Code != 409 || !strings.Contains(again.Body.String(), "idempotency-unknown") {
				t.Errorf("%v: done %d times, answered %d and %d", err, w.done, first.Code, again.Code)
			}
		}
		w.done = 0
		w.handle = func(c *gin.Context) error {
			c.Header("Set-Cookie", "a=b")
			c.Status(http.StatusNoContent)
			return nil
		}
		first, again := w.post(aUUID, "x"), w.post(aUUID, "x")
		if again.Header().Get("Set-Cookie") != "" {
			t.Error("a cookie is given twice")
		}
		if w.done != 1 || first.Code != 204 || again.Code != 204 || again.Header().Get("Idempotent-Replayed") != "true" || again.Header().Get("Content-Type") != "" {
			t.Errorf("an empty answer: done %d times, %d and %d, %v", w.done, first.Code, again.Code, again.Header())
		}
	})
}

func TestNobodyKnowsWhetherItWasDone(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		w.handle = func(*gin.Context) error { panic("in the middle") }
		if first := w.post(aUUID, "x"); first.Code != 500 || !strings.Contains(first.Body.String(), "/problems/internal") {
			t.Errorf("a panic is answered %d: %s", first.Code, first.Body)
		}
		if soon := w.post(aUUID, "x"); soon.Code != 409 || soon.Header().Get("Retry-After") != "1" || !strings.Contains(soon.Body.String(), "idempotency-running") {
			t.Errorf("soon after: %d %s", soon.Code, soon.Body)
		}
		w.database.Exec(t, "UPDATE idempotency_keys SET created_at = ?", time.Now().UTC().Add(-5*time.Minute))
		if later := w.post(aUUID, "x"); later.Code != 409 || later.Header().Get("Retry-After") != "" || !strings.Contains(later.Body.String(), "idempotency-unknown") {
			t.Errorf("later: %d %s", later.Code, later.Body)
		}
		if w.done != 1 {
			t.Errorf("done %d times", w.done)
		}
	})
}

func TestLargeAnswerIsKept(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		size := maxKeptAnswer
		w.handle = func(c *gin.Context) error {
			write(c, http.StatusOK, "text/plain", []byte(strings.Repeat("x", size)))
			return nil
		}
		w.post(aUUID, "x")
		if again := w.post(aUUID, "x"); again.Code != 200 || again.Body.Len() != size {
			t.Errorf("64 KiB: %d, %d bytes", again.Code, again.Body.Len())
		}
		size++
		other := strings.Replace(aUUID, "8", "9", 1)
		if first := w.post(other, "x"); first.Body.Len() != size {
			t.Errorf("the first answer has %d bytes", first.Body.Len())
		}
		if again := w.post(other, "x"); again.Code != 409 || !strings.Contains(again.Body.String(), "idempotency-not-kept") || w.done != 2 {
			t.Errorf("more: %d, done %d times: %s", again.Code, w.done, again.Body)
		}
	})
}

// What was done is answered when it can't be kept, and never done again.
func TestKeepingFails(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		w.handle = func(c *gin.Context) error {
			w.database.Exec(t, "ALTER TABLE idempotency_keys RENAME TO gone")
			c.Status(http.StatusCreated)
			return nil
		}
		if first := w.post(aUUID, "x"); first.Code != http.StatusCreated {
			t.Errorf("answered %d: %s", first.Code, first.Body)
		}
		w.database.Exec(t, "ALTER TABLE gone RENAME TO idempotency_keys")
		if again := w.post(aUUID, "x"); again.Code != http.StatusConflict || w.done != 1 {
			t.Errorf("answered %d, done %d times", again.Code, w.done)
		}
	})
}

// Whose session is over is a stranger, whose requests are done once too.
func TestDeadSessionIsDoneTwice(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		c := under(aUUID, "/v1/addresses/"+s.register(t, house)+"/reports", `{"claim":"gone"}`, 201)
		c.headers = append(c.headers, "Authorization:", "Cookie: "+sessionCookie+"=dcp_over", "Origin: "+s.url)
		c.header = []string{"Set-Cookie: *", "Idempotent-Replayed:"}
		_, first := s.play(t, c)
		c.header = []string{"Idempotent-Replayed: true"}
		if _, again := s.play(t, c); again != first {
			t.Errorf("the answer was\n%s and is\n%s", first, again)
		}
	})
}

// Who hangs up and asks again gets the answer of what was done for nobody.
func TestHangingUpStopsTheWork(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		ctx, hangUp := context.WithCancel(t.Context())
		w.handle = func(c *gin.Context) error {
			hangUp()
			if err := c.Request.Context().Err(); err != nil {
				return err
			}
			c.Status(http.StatusNoContent)
			return nil
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/work", strings.NewReader("x"))
		r.Header.Set("Idempotency-Key", aUUID)
		w.engine.ServeHTTP(httptest.NewRecorder(), r)
		if again := w.post(aUUID, "x"); again.Code != http.StatusNoContent || w.done != 1 {
			t.Errorf("answered %d, done %d times: %s", again.Code, w.done, again.Body)
		}
	})
}

// A request that ends the secret by which it came is repeatable too.
func TestNewSecretIsLostOnTheWay(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		other, key, err := s.store.CreateKey(t.Context(), models.KeyRequest{Name: "second desk", Role: models.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		proposal := scenario{method: http.MethodPost, path: "/v1/proposals", body: house, status: 201, headers: []string{"Authorization:"}}
		_, text := s.play(t, proposal)
		token, number := member(t, text, "owner_token"), member(t, text, "number")
		for name, c := range map[string]struct{ secret, path string }{
			"its key": {other, fmt.Sprint("/v1/keys/", key.ID, "/rotate")}, "its owner token": {token, "/v1/proposals/" + number + "/owner-token"},
		} {
			t.Run(name, func(t *testing.T) {
				ask := scenario{method: http.MethodPost, path: c.path, status: 200, headers: []string{"Authorization: Bearer " + c.secret, "Idempotency-Key: " + aUUID, "Content-Type:"}}
				_, first := s.play(t, ask)
				ask.header = []string{"Idempotent-Replayed: true"}
				if _, again := s.play(t, ask); again != first {
					t.Errorf("the answer was\n%s and is\n%s", first, again)
				}
				ask.header, ask.status, ask.path = []string{"Idempotent-Replayed:"}, 422, "/v1/keys/7/revoke"
				s.play(t, ask)
				ask.status, ask.path, ask.headers[1] = 401, c.path, "Idempotency-Key: f"+aUUID[1:]
				s.play(t, ask)
				ask.headers[0], ask.headers[1] = "Authorization: Bearer "+c.secret[:len(c.secret)-1], "Idempotency-Key: "+aUUID
				s.play(t, ask)
			})
		}
	})
}

// A call that makes a new key or token answers it again to whoever presents
// the old one: "1" must not be all that is to be guessed.
func TestReplayOfASecretCanBeGuessed(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, c := range []scenario{
			{path: "/v1/keys", body: `{"name":"desk","role":"courier"}`, status: 400, want: []string{"/problems/bad-idempotency-key"}},
			{path: "/v1/keys/1/rotate", status: 400, want: []string{"/problems/bad-idempotency-key"}},
			{path: "/v1/addresses", body: house, status: 201},
		} {
			c.method, c.headers = http.MethodPost, []string{"Idempotency-Key: 1"}
			s.play(t, c)
		}
	})
}

package handlers

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// server is the whole interface on a real store, with a contract that every
// exchange must keep.
type server struct {
	store    *models.Store
	database storetest.Database
	url      string
	key      string
	log      *journal
	contract *contract
}

// journal is a log that may be read while it is written.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

// today is the day of the tests, after the reform and its postcodes.
const today = "2026-01-15"

func eachServer(t *testing.T, run func(t *testing.T, s *server)) {
	t.Helper()
	eachServerWith(t, Options{}, run)
}

func eachServerWith(t *testing.T, o Options, run func(t *testing.T, s *server)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		store := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon(today)})
		key, _, err := store.CreateKey(t.Context(), models.KeyRequest{Name: "test desk", Role: models.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		s := &server{store: store, database: db, key: key, log: &journal{}, contract: openContract(t)}
		o.CertificateKey = certificateKey(t, store)
		o.Logger, o.Version = slog.New(slog.NewJSONHandler(s.log, nil)), "1.2.3"
		listening := httptest.NewServer(New(store, o))
		t.Cleanup(listening.Close)
		s.url = listening.URL
		run(t, s)
	})
}

// scenario is one request and what its answer must and must not hold.
type scenario struct {
	name    string
	method  string // empty: GET
	path    string
	body    string
	headers []string // "Name: value"
	status  int
	want    []string // fragments of the body
	never   []string
	header  []string // "Name: part of its value" of the answer; "Name:" absent, "Name: *" there
}

func (s *server) run(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, c := range scenarios {
		t.Run(c.name, func(t *testing.T) { s.play(t, c) })
	}
}

// play sends one request, validates the exchange and compares the answer.
func (s *server) play(t *testing.T, c scenario) (*http.Response, string) {
	t.Helper()
	w, body := s.send(t, c)
	if w.StatusCode != c.status {
		t.Errorf("%s %s: status %d, want %d\n%s", c.method, c.path, w.StatusCode, c.status, body)
	}
	for _, fragment := range c.want {
		if !strings.Contains(body, fragment) {
			t.Errorf("%s %s: the answer lacks %s\n%s", c.method, c.path, fragment, body)
		}
	}
	for _, fragment := range c.never {
		if strings.Contains(body, fragment) {
			t.Errorf("%s %s: the answer holds %s\n%s", c.method, c.path, fragment, body)
		}
	}
	for _, line := range c.header {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		got := strings.Join(w.Header.Values(name), ", ")
		if value == "" && got != "" || value == "*" && got == "" || value != "*" && !strings.Contains(got, value) {
			t.Errorf("%s %s: header %s is %q, want %q", c.method, c.path, name, got, value)
		}
	}
	return w, body
}

// client follows no redirect and asks for no compression by itself.
var client = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (s *server) send(t *testing.T, c scenario) (*http.Response, string) {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(t.Context(), c.method, s.url+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	for _, line := range c.headers {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if r.Header.Del(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if w.Header.Get("Content-Encoding") == "" {
		s.contract.check(t, r, []byte(c.body), w, body)
	}
	return w, string(body)
}

// register registers by HTTP and answers the code.
func (s *server) register(t *testing.T, body string) string {
	t.Helper()
	_, text := s.play(t, scenario{method: http.MethodPost, path: "/v1/addresses", body: body, status: http.StatusCreated})
	return member(t, text, "code")
}

// member is a text member of a JSON object.
func member(t *testing.T, text, name string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	value, _ := object[name].(string)
	return value
}

// rows counts what is in the registry.
func (s *server) rows(t *testing.T) int {
	t.Helper()
	return s.database.Count(t, "SELECT (SELECT count(*) FROM addresses) + (SELECT count(*) FROM changes) + (SELECT count(*) FROM identifiers) + (SELECT count(*) FROM contacts)")
}

// house is the body of house number 5 of a street, at 28XMJ25Q66.
const house = `{"kind":"household","lat":10.9804,"lng":106.6519,"accuracy_m":5,"position_kind":"entrance",
	"house_number":"5","street":"Đường Hoa Mai","hamlet":"Khu phố 2"}`

// unlimited is the address of the same registry with the ordinary limit.
func (s *server) unlimited(t *testing.T) string {
	t.Helper()
	listening := httptest.NewServer(New(s.store, Options{}))
	t.Cleanup(listening.Close)
	return listening.URL
}

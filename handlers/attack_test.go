package handlers

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

// bombs are bodies that are much work for little, by what they would cost.
func bombs() map[string]string {
	return map[string]string{
		"100,000 arrays deep":         strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"100,000 objects deep":        strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000),
		"deep within a member":        `{"kind":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		"as many members as go in":    `{` + strings.Repeat(`"":1,`, 1<<20/5-2) + `"a":1}`,
		"a million elements":          `{"kind":[` + strings.Repeat("1,", 500_000) + `1]}`,
		"a number of 900,000 digits":  `{"kind":"farm","lat":1` + strings.Repeat("0", 900_000) + `,"lng":106.6519}`,
		"900,000 decimals":            `{"kind":"farm","lat":10.` + strings.Repeat("9", 900_000) + `,"lng":1066}`,
		"an enormous exponent":        `{"kind":"farm","lat":1e999999999999,"lng":1E-999999999999}`,
		"the same member for ever":    `{` + strings.Repeat(`"kind":"farm",`, 70_000) + `"kind":"farm"}`,
		"a name of 900,000 letters":   `{"kind":"farm","name":"` + strings.Repeat("ớ", 300_000) + `","lat":10.98,"lng":106.6}`,
		"900,000 accents on a letter": `{"kind":"farm","name":"a` + strings.Repeat("\u0301", 400_000) + `","lat":10.98,"lng":106.6}`,
		"a name of escapes":           `{"kind":"farm","name":"` + strings.Repeat(`\u0041`, 150_000) + `","lat":10.98,"lng":106.6}`,
		"a member of 900,000 letters": `{"` + strings.Repeat("k", 900_000) + `":1}`,
		"NUL bytes":                   strings.Repeat("\x00", 1<<20),
		"larger than may be":          strings.Repeat(" ", 1<<20) + "{}",
	}
}

// Every call that reads a body refuses every bomb, soon, and says so briefly.
func TestBodyIsABomb(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code, h := s.register(t, house), New(s.store, Options{})
		before := s.rows(t)
		for _, r := range newAPI(nil, Options{}).routes() {
			if r.method == http.MethodGet || r.method == http.MethodDelete || isBatch(r.pattern) || s.bodyless(r) {
				continue
			}
			path := strings.NewReplacer(":code", code, ":number", "1").Replace(r.pattern)
			for name, bomb := range bombs() {
				start := time.Now()
				w, asked := httptest.NewRecorder(), httptest.NewRequest(r.method, path, strings.NewReader(bomb))
				asked.Header.Set("Content-Type", "application/json")
				asked.Header.Set("Authorization", "Bearer "+s.key)
				asked.Header.Set("If-Match", "*")
				h.ServeHTTP(w, asked)
				if w.Code < 400 || w.Code >= 500 || w.Body.Len() > 16<<10 || time.Since(start) > 5*time.Second {
					t.Errorf("%s %s, %s: %d, %d bytes, after %s\n%.300s", r.method, path, name, w.Code, w.Body.Len(), time.Since(start), w.Body)
				}
			}
		}
		if after := s.rows(t); after != before {
			t.Errorf("the registry has %d rows more", after-before)
		}
	})
}

// bodyless tells the calls that read no body, as the document says.
func (s *server) bodyless(r route) bool {
	item := s.contract.document.Paths.Value(strings.NewReplacer(":code", "{code}", ":number", "{number}").Replace(r.pattern))
	return item != nil && item.GetOperation(r.method) != nil && item.GetOperation(r.method).RequestBody == nil
}

// drip is a connection that is written to by hand.
func drip(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// raw sends bytes as they are and reads what comes back.
func (s *server) raw(t *testing.T, request string) (status int, answer string) {
	t.Helper()
	conn := drip(t, s.url)
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil && len(all) == 0 {
		t.Fatalf("%q: %v", request, err)
	}
	if _, err := fmt.Sscanf(string(all), "HTTP/1.1 %d", &status); err != nil {
		t.Fatalf("%q is answered %q", request, all)
	}
	return status, string(all)
}

// A body or a header that comes in drops is cut off, and its connection ends.
func TestClientsDrip(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		slow := httptest.NewUnstartedServer(New(s.store, Options{}))
		slow.Config.ReadHeaderTimeout, slow.Config.ReadTimeout = 300*time.Millisecond, 600*time.Millisecond
		slow.Start()
		t.Cleanup(slow.Close)
		for name, c := range map[string]struct{ head, drop, want string }{
			"a body":         {"POST /v1/addresses HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + s.key + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " ", "HTTP/1.1 408"},
			"a body, asking": {"POST /v1/wash HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " ", "HTTP/1.1 408"},
			"under a key":    {"POST /v1/addresses HTTP/1.1\r\nHost: a\r\nIdempotency-Key: x\r\nAuthorization: Bearer " + s.key + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " ", "HTTP/1.1 408"},
			"headers":        {"GET /v1/units HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n", ""},
			"the first line": {"GET /v1/un", "i", "HTTP/1.1 400"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				conn := drip(t, slow.URL)
				fmt.Fprint(conn, c.head)
				ended := make(chan string)
				go func() {
					all, _ := io.ReadAll(conn) // a reset ends it as well
					ended <- string(all)
				}()
				for end := time.After(10 * time.Second); ; {
					select {
					case answer := <-ended:
						if !strings.HasPrefix(answer, c.want) || c.want == "" && answer != "" {
							t.Errorf("the end is %q", answer)
						}
						return
					case <-end:
						t.Fatal("the connection is still open after 10 s")
					case <-time.After(50 * time.Millisecond):
						fmt.Fprint(conn, c.drop) // fails once the other end has closed
					}
				}
			})
		}
	})
}

// What a client writes into headers breaks nothing and comes back nowhere.
func TestHeadersAreInjected(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, name := range []string{"X-Request-Id", "Host", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-Url", "X-Rewrite-Url",
			"Accept-Language", "Idempotency-Key", "Origin", "Cookie", "If-None-Match", "If-Match", "Authorization", "X-Api-Key", "Last-Event-Id", "Content-Type"} {
			for _, value := range []string{"a\r\n evil: 1", "a\revil: 1", "a\nevil: 1", "a\x00evil", "evil<script>", "evil\x7f", "\xff\xfeevil", "evil.example\" x=\"", strings.Repeat("evil,", 1000)} {
				if name == "Host" && !strings.ContainsAny(value, "\r\n\x00") {
					value = "evil.example"
				}
				host := "Host: localhost\r\n"
				if name == "Host" {
					host = ""
				}
				for _, call := range []string{"GET /v1/units/25747 HTTP/1.1\r\n", "GET / HTTP/1.1\r\n", "POST /v1/addresses HTTP/1.1\r\nContent-Length: 2\r\n"} {
					code, answer := s.raw(t, call+host+name+": "+value+"\r\nConnection: close\r\n\r\n{}")
					if code >= 500 || strings.Contains(strings.ToLower(answer), "evil") {
						t.Errorf("%q with %s: %q is answered %q", call, name, value, answer)
					}
				}
			}
		}
		if log := s.log.String(); strings.Contains(log, "evil") {
			t.Errorf("the log holds what a client wrote:\n%.2000s", log)
		}
	})
}

// No way of writing a path leads where it should not.
func TestPathsPlayTricks(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		for _, path := range []string{
			"/v1/addresses/../keys", "/v1/addresses/%2e%2e/keys", "/v1/addresses/..%2fkeys", "/v1/addresses/%2e%2e%2fkeys", "/v1/addresses/.%2e/keys",
			"/v1/addresses/..;/keys", "/v1/keys;a=b", "/v1/keys/", "/v1//keys", "//v1/keys", "/v1/./keys", "/v1/keys/.", "/v1/keys%00", "/v1/keys%20", "/v1/keys%2f",
			"/V1/keys", "/v1/KEYS", "/v1/keys.json", "/v1/units/../keys", `/v1/units\..\keys`, "/v1/units/%5c..%5ckeys", "/v1/units/%c0%ae%c0%ae/keys", "/v1/units/%c0%af..%c0%afkeys",
			"/v1/units/%e0%80%af", "/v1/units/%00", "/v1/units/%ff", "/v1/units/%252e%252e%252fkeys", "/v1/resolve/..%2f..%2fkeys", "/docs/../v1/keys", "/docs/..%2f..%2fopenapi.yaml",
			"/docs/%2e%2e%2fhandlers.go", "/docs/..%5c..%5cgo.mod", "/../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/v1/addresses/" + code + "/../../keys", "/v1/addresses/" + code + "%2fcontact%3fpurpose=delivery",
			"/v1/addresses/" + code + "//contact?purpose=delivery", "/v1/addresses/" + code + ";/contact?purpose=delivery", "/v1/addresses/" + code + "/contact%2f?purpose=delivery",
		} {
			status, answer := s.raw(t, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			if status < 400 || status >= 500 || strings.Contains(answer, "test desk") || strings.Contains(answer, "root:") || strings.Contains(answer, "\r\nLocation:") {
				t.Errorf("%s is answered %s", path, answer)
			}
			if !strings.Contains(answer, "application/problem+json") && status != http.StatusBadRequest && !strings.HasPrefix(path, "/docs/") {
				t.Errorf("%s is answered by no problem: %s", path, answer)
			}
		}
		for _, request := range []string{"GET http://evil.example/v1/keys HTTP/1.1", "GET evil.example:80 HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1", "GET * HTTP/1.1"} {
			status, answer := s.raw(t, request+"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			if status < 400 || status >= 500 || strings.Contains(answer, "evil") {
				t.Errorf("%s is answered %s", request, answer)
			}
		}
	})
}

// A request can be too long in every part of it.
func TestRequestsAreTooLong(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		small := httptest.NewUnstartedServer(New(s.store, Options{}))
		small.Config.MaxHeaderBytes = 32 << 10 // as serve has it
		small.Start()
		t.Cleanup(small.Close)
		s.url = small.URL
		get := func(path, headers string) string {
			return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n"
		}
		for name, c := range map[string]struct {
			request string
			status  int
		}{
			"the longest URL":      {get("/v1/units?a="+strings.Repeat("a", maxURI-len("/v1/units?a=")), ""), 400},
			"a longer URL":         {get("/v1/units?a="+strings.Repeat("a", maxURI-len("/v1/units?a=")+1), ""), 414},
			"a path of its own":    {get("/"+strings.Repeat("a/", maxURI), ""), 414},
			"an enormous URL":      {get("/"+strings.Repeat("a", 64<<10), ""), 431},
			"a header":             {get("/v1/units", "X-A: "+strings.Repeat("a", 64<<10)+"\r\n"), 431},
			"many headers":         {get("/v1/units", strings.Repeat("X-A: b\r\n", 10_000)), 431},
			"an idempotency key":   {get("/v1/units", "Idempotency-Key: "+strings.Repeat("a", 20<<10)+"\r\n"), 200},
			"a list of tags":       {get("/v1/units", "If-None-Match: "+strings.Repeat(`"a",`, 5000)+"\r\n"), 200},
			"a list of languages":  {get("/v1/units", "Accept-Language: "+strings.Repeat(`vi;q=0.1,`, 2000)+"\r\n"), 200},
			"a list of types":      {get("/v1/units", "Accept: "+strings.Repeat(`text/x;q=0.1,`, 2000)+"*/*\r\n"), 200},
			"a list of forwarders": {get("/v1/units", "X-Forwarded-For: "+strings.Repeat(`10.0.0.1,`, 2500)+"\r\n"), 200},
			"many parameters":      {get("/v1/units?"+strings.Repeat("a&", 4000), ""), 400},
		} {
			start := time.Now()
			if status, answer := s.raw(t, c.request); status != c.status || len(answer) > 64<<10 || time.Since(start) > 5*time.Second {
				t.Errorf("%s: %d, want %d, after %s: %.300s", name, status, c.status, time.Since(start), answer)
			}
		}
	})
}

// Headers that other programs take for the method or the path mean nothing.
func TestMethodIsOverridden(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		before := s.rows(t)
		for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
			for _, method := range []string{"POST", "PATCH", "DELETE", "PUT"} {
				headers := []string{name + ": " + method, "Authorization: Bearer " + s.key, "X-Original-Url: /v1/keys", "X-Rewrite-Url: /v1/keys"}
				s.play(t, scenario{path: "/v1/addresses/" + code, headers: headers, status: 200, want: []string{code}, never: []string{"test desk"}})
			}
			s.play(t, scenario{method: http.MethodPost, path: "/v1/units", headers: []string{name + ": GET"}, status: 405})
		}
		s.play(t, scenario{path: "/v1/units?_method=DELETE", status: 400})
		if after := s.rows(t); after != before {
			t.Errorf("%d rows were written", after-before)
		}
	})
}

// Who tries codes one after another is soon told to wait, and may not hide.
func TestCodesAreGuessed(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		limited(t, s, Options{RateLimit: 20})
		answered := 0
		for n := range 60 {
			w, _ := s.send(t, scenario{path: fmt.Sprintf("/v1/resolve/28XMJ25Q%02d", n), headers: []string{
				fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", n), fmt.Sprintf("User-Agent: %d", n), fmt.Sprintf("X-Request-Id: %d", n)}})
			if w.StatusCode != http.StatusTooManyRequests {
				answered++
			}
		}
		if answered != 20 {
			t.Errorf("%d of 60 guesses were answered, of a quota of 20", answered)
		}
	})
}

// A stranger can fill neither the queue of reports nor the list of keys of
// what was done.
func TestReportsFlood(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		listening := httptest.NewServer(New(s.store, Options{ProposalLimit: 5}))
		t.Cleanup(listening.Close)
		s.url = listening.URL
		went := 0
		for n := range 20 {
			w, _ := s.send(t, scenario{method: http.MethodPost, path: "/v1/addresses/" + code + "/reports", body: `{"claim":"gone"}`,
				headers: []string{"Authorization:", fmt.Sprintf("Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f93%02d", n)}})
			switch w.StatusCode {
			case http.StatusCreated, http.StatusOK: // 200: one like it waits already
				went++
			case http.StatusTooManyRequests:
				if w.Header.Get("Retry-After") == "" {
					t.Error("no word about when to go on")
				}
			default:
				t.Errorf("status %d", w.StatusCode)
			}
		}
		reports, kept := s.database.Count(t, "SELECT count(*) FROM reports"), s.database.Count(t, "SELECT count(*) FROM idempotency_keys")
		if went == 0 || went > 5 || reports > 5 || kept > 5 {
			t.Errorf("%d answers, %d reports and %d keys of at most 5", went, reports, kept)
		}
	})
}

// A flood of proposals ends at the quota; one that is sent twice is made once,
// and its token is in the database in no form.
func TestProposalsFlood(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		listening := httptest.NewServer(New(s.store, Options{ProposalLimit: 3}))
		t.Cleanup(listening.Close)
		s.url = listening.URL
		propose := under(aUUID, "/v1/proposals", proposedHouse, 201, `"owner_token":"dco_`)
		propose.headers = append(propose.headers, "Authorization:")
		_, first := s.play(t, propose)
		for range 5 { // sent again it counts no more
			propose.header = []string{"Idempotent-Replayed: true", "Cache-Control: no-store"}
			if _, again := s.play(t, propose); again != first {
				t.Errorf("the answer was\n%s and is\n%s", first, again)
			}
		}
		once := scenario{method: http.MethodPost, path: "/v1/proposals", body: house, headers: []string{"Authorization:"}, status: 201}
		s.play(t, once)
		s.play(t, once)
		once.status, once.header, once.want = 429, []string{"Retry-After: *", `RateLimit: "proposals";r=0`, `RateLimit-Policy: "proposals";q=3;w=3600`}, []string{"/problems/rate-limited"}
		for range 10 {
			s.play(t, once)
		}
		if n := s.database.Count(t, "SELECT count(*) FROM proposals"); n != 3 {
			t.Errorf("%d proposals of at most 3", n)
		}
		kept, token := fmt.Sprint(s.database.Texts(t, "SELECT * FROM idempotency_keys")), member(t, first, "owner_token")
		for _, plain := range []string{token, "dco_", "Bưởi", "0900", aUUID} {
			if strings.Contains(kept, plain) || strings.Contains(kept, fmt.Sprintf("%x", plain)) {
				t.Errorf("the database holds %q", plain)
			}
		}
		s.play(t, scenario{method: "OPTIONS", path: "/v1/proposals", headers: []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}, status: 204,
			header: []string{"Access-Control-Allow-Methods: GET,HEAD"}})
	})
}

// Names that a spreadsheet would run are answered as they are in JSON, and
// behind an apostrophe in tables; columns of the client's stay its own.
func TestNamesAreFormulas(t *testing.T) {
	formulas := []string{`=1+1`, `+1+cmd|' /C calc'!A0`, `-2+3+cmd|' /C calc'!A0`, `@SUM(1+1)`, `=HYPERLINK("http://evil.example","x")`, `＝2+3`}
	eachServer(t, func(t *testing.T, s *server) {
		public := true
		for i, formula := range formulas {
			r := storetest.Farm(formula)
			r.NamePublic, r.Point = &public, storetest.Metres(storetest.TanUyen, float64(40*i), 0)
			r.Parts.HouseNumber, r.Parts.Street, r.Parts.Hamlet = formula, formula, formula
			storetest.Register(t, s.store, r)
		}
		_, body := s.play(t, scenario{path: "/v1/addresses?f=csv", status: 200})
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != len(formulas)+1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows[1:] {
			for i, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.HasPrefix(cell, "＝") {
					t.Errorf("column %s would be run: %s", rows[0][i], cell)
				}
			}
			if !strings.HasPrefix(row[4], "'") {
				t.Errorf("the name is %s", row[4])
			}
		}
		_, list := s.play(t, scenario{path: "/v1/addresses", status: 200, want: []string{`"name":"=1+1"`}})
		code := member(t, strings.TrimSuffix(list[strings.Index(list, `{"code"`):strings.Index(list, `,"formatted"`)], ",")+"}", "code")
		own := table("", "resolve", "text/csv", "code,note,=cmd\n"+code+",=1+1,@x\n", "code,note,=cmd,result_status", "\n"+code+",=1+1,@x,found,")
		_, answer := s.play(t, own)
		line := bufio.NewScanner(strings.NewReader(answer[strings.Index(answer, "\n")+1:]))
		for line.Scan() {
			cells, err := csv.NewReader(strings.NewReader(line.Text())).Read()
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range cells[3:] {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("an answer would be run: %s", cell)
				}
			}
		}
	})
	for _, name := range []string{"\t=1+1", "\r=1+1", "a\r\n=1+1"} {
		r := models.Registration{Kind: "farm", Name: name, Point: storetest.TanUyen}
		if len(r.Check()) == 0 && strings.ContainsAny(r.Name, "\t\r\n") {
			t.Errorf("%q is a name", name)
		}
	}
}

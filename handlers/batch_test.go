package handlers

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"log/slog"

	"go.uber.org/goleak"
)

// table is a POST of rows.
func table(name, call, contentType, body string, want ...string) scenario {
	return scenario{name: name, method: http.MethodPost, path: "/v1/batch/" + call, body: body, status: 200, want: want,
		headers: []string{"Content-Type: " + contentType, "Authorization:"}}
}

func TestBatch(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.register(t, house)
		csv := table("CSV", "resolve", "text/csv", "no;code;note\r\n1;28xm j25 q66;\"a;b\"\r\n2;28XMJ25Q67;=1+1\r\n3;;\r\n",
			"no;code;note;result_status;", "\r\n1;28xm j25 q66;\"a;b\";found;", "\r\n2;28XMJ25Q67;=1+1;uncertain;", "\r\n3;;;invalid;")
		csv.header = []string{"Content-Type: text/csv; charset=utf-8; header=present", "Cache-Control: no-cache", "Content-Language: en"}
		vietnamese := table("Vietnamese messages", "resolve", "text/csv", "code\n28XMJ25Q67\n", "Có phải là 28XM J25 Q66?")
		vietnamese.headers = append(vietnamese.headers, "Accept-Language: vi")
		vietnamese.header = []string{"Content-Language: vi"}
		compressed := table("compressed answer", "resolve", "text/csv", "code\n"+strings.Repeat("28XMJ25Q66\n", 100))
		compressed.headers = append(compressed.headers, "Accept-Encoding: gzip")
		compressed.header = []string{"Content-Encoding: gzip"}
		s.run(t, []scenario{
			csv, vietnamese, compressed,
			table("CSV with a charset", "resolve", "text/csv; charset=UTF-8; header=present", "code\n28XMJ25Q66\n", "found"),
			table("NDJSON", "resolve", "application/x-ndjson", `{"b":1.50,"code":"28XMJ25Q66","a":null}`+"\n"+`{"code":5}`,
				`{"b":1.50,"code":"28XMJ25Q66","a":null,"result":{"status":"found",`, `"code":"28XMJ25Q66","text":"5 Đường Hoa Mai`, "\n", `"status":"invalid"`),
			table("JSON", "resolve", "application/json", `[{"z":"x","code":"28XMJ25Q66"},{"code":"H72VH2FVP6"}]`,
				`{"z":"x","code":"28XMJ25Q66","result":{"status":"found"`, `"status":"not-found"`),
			table("another column", "resolve?column=plate", "text/csv", "code,plate\nx,28XMJ25Q66\n", "\nx,28XMJ25Q66,found,"),
			table("short Plus Codes near a place", "resolve?near=10.98,106.65", "text/csv", "code\nXMJ2+5Q6\n", "found"),
			table("short Plus Codes in a commune", "resolve?commune=25747", "text/csv", "code\nXMJ2+5Q6\n", "found"),
			table("reverse", "reverse", "text/csv", "id,vĩ độ,kinh độ\n7,10.98041,106.6519\n8,10.5,106\n", "\n7,10.98041,106.6519,found,,,28XMJ25Q66,", ",1.1,", "\n8,10.5,106,not-found,"),
			table("reverse of one column", "reverse?column=at", "application/json", `[{"at":"10.9804,106.6519"}]`, `"distance_m":0`),
			table("search of a code", "search", "text/csv", "q\n28XMJ25Q66\n", "result_class"),
		})
	})
}

// What is wrong with the whole is said before a row is answered.
func TestBatchAnswersNonsense(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		bad := func(c scenario, status int, header ...string) scenario {
			c.status, c.headers = status, append(c.headers, header...)
			return c
		}
		const csv, ndjson, json = "text/csv", "application/x-ndjson", "application/json"
		long := "code\n" + strings.Repeat("x", 65<<10) + "\n"
		s.run(t, []scenario{
			bad(table("no such column", "resolve?column=plate", csv, "code,name\nx,y\n", "/problems/missing-column", `"parameter":"column"`, "code, name"), 400),
			bad(table("no known column", "resolve", csv, "a,b\nx,y\n", "/problems/missing-column", "a, b"), 400),
			bad(table("no member in any row", "resolve", ndjson, `{"a":"x"}`, "/problems/missing-column"), 400),
			bad(table("nothing", "resolve", csv, "", "/problems/no-rows"), 400),
			bad(table("no rows", "search", csv, "q\n", "/problems/no-rows"), 400),
			bad(table("no elements", "resolve", json, "[]", "/problems/no-rows"), 400),
			bad(table("an object", "resolve", json, `{"code":"28XMJ25Q66"}`, "/problems/"), 400),
			bad(table("broken JSON", "resolve", json, `[{"code":"28XMJ25Q66"},{"code"`, "/problems/"), 400),
			bad(table("ragged", "resolve", csv, "code,a\nx,y\nx\n", "/problems/ragged-row", "Line 3"), 400),
			bad(table("an open quotation mark", "resolve", csv, "code,a\n\"x,y\n", "/problems/broken-quotes"), 400),
			bad(table("a row too long", "resolve", csv, long, "/problems/row-too-long", "Line 2", "64 KiB"), 400),
			bad(table("not UTF-8", "search", csv, "q\n\xff\n", "/problems/not-utf8", "Line 2"), 400),
			bad(table("a NUL byte", "search", csv, "q\na\x00b\n", "/problems/nul-byte"), 400),
			bad(table("a column of ours", "search", csv, "q,result_status\na,b\n", "/problems/reserved-column"), 400),
			bad(table("50,001 rows", "resolve", csv, "code\n"+strings.Repeat("x\n", 50_001), "/problems/too-many-rows", "50000"), 413),
			bad(table("over 16 MiB", "resolve", csv, strings.Repeat("x", 16<<20+1), "/problems/body-too-large", "16777216"), 413),
			bad(table("a form", "resolve", "application/x-www-form-urlencoded", "code=x", "/problems/unsupported-media-type", "text/csv, application/x-ndjson"), 415),
			bad(table("another charset", "resolve", "text/csv; charset=windows-1258", "code\nx\n", "/problems/unsupported-media-type"), 415),
			bad(table("no content type", "resolve", "", "code\nx\n", "/problems/unsupported-media-type"), 415),
			bad(table("a compressed body", "resolve", csv, "code\nx\n", "/problems/unsupported-content-encoding"), 415, "Content-Encoding: gzip"),
			bad(table("another format is wanted", "resolve", csv, "code\nx\n", "/problems/not-acceptable"), 406, "Accept: application/json"),
			bad(table("unknown parameter", "resolve?colum=code", csv, "code\nx\n", "did you mean column?", `"parameter":"colum"`), 400),
			bad(table("reverse has no hints", "reverse?near=10.98,106.65", csv, "lat,lng\n10,106\n", "/problems/unknown-parameter"), 400),
			bad(table("bad hint", "search?near=here&commune=99999", csv, "q\nx\n", `"parameter":"near"`, `"parameter":"commune"`), 400),
			{name: "get", path: "/v1/batch/resolve", status: 405, header: []string{"Allow: POST, OPTIONS"}},
			{name: "unknown call", method: http.MethodPost, path: "/v1/batch/wash", status: 404},
		})
	})
}

// A body of unknown length is counted while it arrives.
func TestBatchBodyHasNoEnd(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		endless := io.LimitReader(neverending('x'), 64<<20)
		w := s.post(t, "/v1/batch/resolve", endless)
		defer w.Body.Close()
		if answer, _ := io.ReadAll(w.Body); w.StatusCode != 413 || !strings.Contains(string(answer), "body-too-large") {
			t.Errorf("status %d: %s", w.StatusCode, answer)
		}
	})
}

type neverending byte

func (b neverending) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

// post sends rows of a CSV past the contract.
func (s *server) post(t *testing.T, path string, body io.Reader) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/csv")
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// manyRows take a server longer to answer than a network can hold answers.
func manyRows(code string) io.Reader {
	return strings.NewReader("note,code\n" + strings.Repeat(strings.Repeat("a", 1000)+","+code+"\n", 12_000))
}

// Whoever hangs up in the middle takes the work along, and gives the place
// back.
func TestWorkGoesOnForNobody(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		before := goleak.IgnoreCurrent()
		var answers []*http.Response
		for range batchesAtOnce {
			w := s.post(t, "/v1/batch/resolve", manyRows(code))
			if _, err := io.ReadFull(w.Body, make([]byte, 1000)); err != nil || w.StatusCode != 200 {
				t.Fatalf("status %d, %v", w.StatusCode, err)
			}
			answers = append(answers, w)
		}
		s.play(t, bad503(table("one too many", "resolve", "text/csv", "code\n"+code+"\n", "/problems/batches-busy")))
		for _, w := range answers {
			w.Body.Close()
		}
		s.eventually(t, func() bool {
			w := s.post(t, "/v1/batch/resolve", strings.NewReader("code\n"+code+"\n"))
			defer w.Body.Close()
			return w.StatusCode == 200
		})
		s.eventually(t, func() bool { return strings.Count(s.log.String(), "answer broken off") == batchesAtOnce })
		if err := goleak.Find(before); err != nil {
			t.Error(err)
		}
		if strings.Contains(s.log.String(), `"level":"ERROR","msg":"answer`) {
			t.Errorf("a client that hung up is logged as our failure:\n%s", s.log)
		}
	})
}

// Bodies that trickle in must not keep others from being answered.
func TestTricklingBodiesKeepOthersOut(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		var trickles []net.Conn
		trickle := func() { // the beginning of a body whose end never comes
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			trickles = append(trickles, conn)
			fmt.Fprint(conn, "POST /v1/batch/resolve HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\ncode\n")
		}
		for range bodiesOfClientAtOnce - 1 {
			trickle()
		}
		one := table("the last place", "resolve", "text/csv", "code\n"+code+"\n", "found")
		s.play(t, one)
		trickle()
		s.eventually(t, func() bool {
			w := s.post(t, "/v1/batch/resolve", strings.NewReader("code\n"+code+"\n"))
			defer w.Body.Close()
			return w.StatusCode == http.StatusTooManyRequests
		})
		for _, conn := range trickles {
			conn.Close()
		}
		s.eventually(t, func() bool {
			w := s.post(t, "/v1/batch/resolve", strings.NewReader("code\n"+code+"\n"))
			defer w.Body.Close()
			return w.StatusCode == http.StatusOK
		})
	})
}

func bad503(c scenario) scenario {
	c.status, c.header = 503, []string{"Retry-After: 5", "Content-Type: application/problem+json"}
	return c
}

// eventually waits for what a server does after it has answered.
func (s *server) eventually(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not happen; the log:\n%s", s.log)
		}
	}
}

// A short answer must not look like a whole one.
func TestBatchEndsEarlyInSilence(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		w := s.post(t, "/v1/batch/resolve", manyRows(s.register(t, house)))
		defer w.Body.Close()
		if _, err := io.ReadFull(w.Body, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		if err := s.store.Close(); err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, w.Body); err == nil {
			t.Errorf("the answer ends properly after %d bytes", n)
		}
		s.eventually(t, func() bool {
			return strings.Contains(s.log.String(), `"level":"ERROR","msg":"answer broken off"`) && strings.Contains(s.log.String(), `"route":"/v1/batch/resolve"`)
		})
	})
}

func TestBatchWithoutDatabase(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		if err := s.store.Close(); err != nil {
			t.Fatal(err)
		}
		c := table("", "resolve", "text/csv", "code\n28XMJ25Q66\n", "/problems/internal")
		c.status, c.never = 500, []string{"closed", "result_status"}
		c.header = []string{"Content-Type: application/problem+json"}
		s.play(t, c)
	})
}

// Slow clients are served as long as something moves, past the server's own
// deadlines; still ones are not.
func TestPace(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		a := newAPI(s.store, Options{Logger: slog.New(slog.NewJSONHandler(s.log, nil))})
		a.pace = pace{still: 300 * time.Millisecond, whole: time.Minute}
		slow := httptest.NewUnstartedServer(a.router())
		slow.Config.ReadTimeout, slow.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
		slow.Start()
		t.Cleanup(slow.Close)
		s.url = slow.URL
		t.Run("a body in drops", func(t *testing.T) {
			w := s.post(t, "/v1/batch/resolve", inDrops("code\n"+code+"\n"))
			defer w.Body.Close()
			answer, err := io.ReadAll(w.Body)
			if err != nil || w.StatusCode != 200 || !strings.Contains(string(answer), "found") {
				t.Errorf("status %d, %v: %s", w.StatusCode, err, answer)
			}
		})
		t.Run("a body that stands still", func(t *testing.T) {
			body, writer := io.Pipe()
			t.Cleanup(func() { writer.Close() })
			w := s.post(t, "/v1/batch/resolve", body)
			defer w.Body.Close()
			if w.StatusCode != http.StatusRequestTimeout {
				t.Errorf("status %d", w.StatusCode)
			}
		})
		t.Run("an answer read in pauses", func(t *testing.T) {
			w := s.post(t, "/v1/batch/resolve", manyRows(code))
			defer w.Body.Close()
			n, part := 0, make([]byte, 4<<20)
			for {
				read, err := io.ReadFull(w.Body, part)
				if n += read; err == io.ErrUnexpectedEOF || err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(100 * time.Millisecond)
			}
			if n < 12_000*1050 {
				t.Errorf("only %d bytes", n)
			}
		})
		t.Run("an answer that nobody reads", func(t *testing.T) {
			w := s.post(t, "/v1/batch/resolve", manyRows(code))
			defer w.Body.Close()
			s.eventually(t, func() bool { return strings.Contains(s.log.String(), `"level":"INFO","msg":"answer broken off"`) })
		})
	})
}

// inDrops gives a text byte by byte, in more time than the server's deadline.
func inDrops(text string) io.Reader {
	body, writer := io.Pipe()
	go func() {
		for i := range len(text) {
			time.Sleep(25 * time.Millisecond)
			if _, err := fmt.Fprint(writer, text[i:i+1]); err != nil {
				return
			}
		}
		writer.Close()
	}()
	return body
}

func TestBatchLastsForEver(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		a := newAPI(s.store, Options{})
		a.pace = pace{still: time.Minute, whole: time.Millisecond}
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/v1/batch/resolve", strings.NewReader("code\n"+strings.Repeat(code+"\n", 1000)))
		r.Header.Set("Content-Type", "text/csv")
		a.router().ServeHTTP(w, r)
		if w.Code != 503 || !strings.Contains(w.Body.String(), "/problems/timeout") {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}

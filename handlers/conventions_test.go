package handlers

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/zstd"

	"log/slog"
)

func TestService(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "healthz", path: "/healthz", status: 200, want: []string{`{"status":"ok"}`}},
			{name: "readyz", path: "/readyz", status: 200, want: []string{`"database":"` + s.database.Kind + `"`}},
			{name: "version", path: "/version", status: 200, want: []string{`"version":"1.2.3"`}},
			{name: "openapi.json", path: "/openapi.json", status: 200, want: []string{`"openapi": "3.1.0"`, `"/v1/resolve/{input}"`}, header: []string{"Content-Type: application/json", "ETag: *"}},
			{name: "home", path: "/?utm_source=x", status: 302, header: []string{"Location: /docs"}},
			{name: "docs", path: "/docs", status: 200, want: []string{`src="/docs/swagger-ui-bundle.js"`, "/openapi.json"}, never: []string{`src="http`, `href="http`, "cdn"}, header: []string{"Content-Security-Policy: script-src 'self' 'sha256-"}},
			{name: "a script of the docs", path: "/docs/swagger-ui-bundle.js", status: 200, header: []string{"Content-Type: javascript"}},
			{name: "no such file of the docs", path: "/docs/evil.js", status: 404},
			{name: "shared links get decorated", path: "/healthz?utm_source=x", status: 200},
		})
		w, _ := s.send(t, scenario{path: "/openapi.json"})
		s.play(t, scenario{path: "/openapi.json", headers: []string{"If-None-Match: " + w.Header.Get("ETag")}, status: 304})
	})
}

func TestMethodsAndPaths(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "options of a list", method: "OPTIONS", path: "/v1/addresses", status: 204, header: []string{"Allow: GET, HEAD, POST, OPTIONS"}},
			{name: "options of one", method: "OPTIONS", path: "/v1/addresses/28XMJ25Q66", status: 204, header: []string{"Allow: GET, HEAD, PATCH, OPTIONS"}},
			{name: "delete", method: "DELETE", path: "/v1/addresses/28XMJ25Q66", status: 405, want: []string{"/problems/method-not-allowed", "GET, HEAD"}, header: []string{"Allow: GET", "Content-Type: application/problem+json"}},
			{name: "put", method: "PUT", path: "/v1/addresses", status: 405, header: []string{"Allow: POST"}},
			{name: "invented", method: "BREW", path: "/v1/reverse", status: 405},
			{name: "no such path", path: "/v1/nothing", status: 404, want: []string{"/problems/no-such-path"}},
			{name: "slash at the end", path: "/v1/units/", status: 404},
			{name: "resolve nothing", path: "/v1/resolve/", status: 404},
			{name: "path tricks", path: "/v1/../v1/units", status: 404},
			{name: "head of a problem", method: "HEAD", path: "/v1/nothing", status: 404},
		})
	})
}

func TestLanguages(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		const path = "/v1/reverse?lmit=1"
		vietnamese := []string{`"title":"Yêu cầu không hợp lệ"`, `có phải ý bạn là limit?`, `"parameter":"lmit","code":"unknown"`, `"type":"/problems/unknown-parameter"`}
		s.run(t, []scenario{
			{name: "none", path: path, status: 400, want: []string{"did you mean limit?"}, header: []string{"Content-Language: en", "Vary: Accept-Language"}},
			{name: "Vietnamese", path: path, headers: []string{"Accept-Language: vi-VN,vi;q=0.9,en;q=0.8"}, status: 400, want: vietnamese, never: []string{"did you mean"}, header: []string{"Content-Language: vi"}},
			{name: "English before Vietnamese", path: path, headers: []string{"Accept-Language: en, vi;q=0.5"}, status: 400, header: []string{"Content-Language: en"}},
			{name: "Khmer", path: path, headers: []string{"Accept-Language: km"}, status: 400, header: []string{"Content-Language: en"}},
			{name: "broken", path: path, headers: []string{"Accept-Language: ;;;"}, status: 400, header: []string{"Content-Language: en"}},
			{name: "several errors", path: "/v1/reverse?lat=4", headers: []string{"Accept-Language: vi"}, status: 400},
			{name: "two errors", path: "/v1/reverse", headers: []string{"Accept-Language: vi"}, status: 400, want: []string{"Có 2 lỗi trong yêu cầu."}},
			{name: "unknown path", path: "/v1/x", headers: []string{"Accept-Language: vi"}, status: 404, want: []string{"Không có đường dẫn này"}},
		})
	})
}

func TestOtherOrigins(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		origin := "Origin: https://maps.example"
		s.run(t, []scenario{
			{name: "read", path: "/v1/units", headers: []string{origin}, status: 200, header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: Etag", "Vary: Origin", "Access-Control-Allow-Credentials:"}},
			{name: "read a problem", path: "/v1/reverse", headers: []string{origin}, status: 400, header: []string{"Access-Control-Allow-Origin: *"}},
			{name: "preflight", method: "OPTIONS", path: "/v1/units", headers: []string{origin, "Access-Control-Request-Method: GET"}, status: 204, header: []string{"Access-Control-Allow-Methods: GET,HEAD", "Access-Control-Allow-Headers: If-None-Match"}},
		})
		w, _ := s.send(t, scenario{method: "OPTIONS", path: "/v1/addresses", headers: []string{origin, "Access-Control-Request-Method: POST"}})
		if allowed := w.Header.Get("Access-Control-Allow-Methods"); strings.Contains(allowed, "POST") {
			t.Errorf("pages of other origins may %s", allowed)
		}
		for _, path := range []string{"/v1/wash", "/v1/batch/search"} {
			s.play(t, scenario{method: "OPTIONS", path: path, headers: []string{origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"}, status: 204,
				header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: POST", "Access-Control-Allow-Headers: Content-Type", "Access-Control-Allow-Credentials:"}})
		}
		s.play(t, scenario{method: "POST", path: "/v1/wash", body: `{"text":"5 Hoa Mai"}`, headers: []string{origin, "Authorization:"}, status: 200, header: []string{"Access-Control-Allow-Origin: *"}})
	})
}

func TestCompressionBreaksTags(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		plain, text := s.send(t, scenario{path: "/v1/units"})
		tag := plain.Header.Get("ETag")
		for encoding, read := range map[string]func(io.Reader) (io.Reader, error){
			"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) },
		} {
			accept := "Accept-Encoding: " + encoding
			w, body := s.play(t, scenario{path: "/v1/units", headers: []string{accept}, status: 200, header: []string{"Content-Encoding: " + encoding, "Vary: Accept-Encoding", "Content-Type: application/json"}})
			unpacked, err := read(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if all, err := io.ReadAll(unpacked); err != nil || string(all) != text {
				t.Errorf("%s: unpacks to another text (%v)", encoding, err)
			}
			own := w.Header.Get("ETag")
			if own == tag {
				t.Errorf("%s: two representations have the tag %s", encoding, own)
			}
			s.play(t, scenario{method: "HEAD", path: "/v1/units", headers: []string{accept}, status: 200, header: []string{"ETag: " + tag, "Content-Length:"}})
			s.play(t, scenario{path: "/v1/units", headers: []string{accept, "If-None-Match: " + own}, status: 304, header: []string{"ETag: " + own, "Content-Encoding:"}})
		}
		s.play(t, scenario{path: "/healthz", headers: []string{"Accept-Encoding: gzip"}, status: 200, header: []string{"Content-Encoding:"}})
	})
}

func TestSecurityHeaders(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, path := range []string{"/v1/units", "/v1/x", "/docs", "/healthz"} {
			s.play(t, scenario{path: path, status: map[bool]int{true: 404, false: 200}[path == "/v1/x"],
				header: []string{"X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Content-Security-Policy: frame-ancestors 'none'", "X-Request-Id: *", "Strict-Transport-Security:"}})
		}
		s.play(t, scenario{path: "/v1/units", status: 200, header: []string{"Cross-Origin-Resource-Policy: cross-origin", "Permissions-Policy:"}})
		s.play(t, scenario{path: "/v1/keys", headers: []string{"X-API-Key: " + s.key}, status: 200, header: []string{"Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store"}})
		for _, page := range []string{"/docs", "/sign-in", "/o"} {
			s.play(t, scenario{path: page, status: 200, header: []string{"Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Opener-Policy: same-origin", "Permissions-Policy: camera=()"}})
		}
	})
}

// The log has one line a request: the pattern, never what was asked.
func TestLogTellsSecrets(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.play(t, scenario{path: "/v1/resolve/28XMJ25Q66?near=10.98,106.65", headers: []string{"X-Request-Id: my-id.1"}, status: 404, header: []string{"X-Request-Id: my-id.1"}, want: []string{`"instance":"my-id.1"`}})
		s.play(t, scenario{path: "/v1/units", headers: []string{"X-Request-Id: bad id"}, status: 200})
		s.play(t, scenario{path: "/secret/28XMJ25Q66", status: 404})
		lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
		if len(lines) != 3 {
			t.Fatalf("%d lines:\n%s", len(lines), s.log)
		}
		var line map[string]any
		if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]any{"request_id": "my-id.1", "method": "GET", "route": "/v1/resolve/:input", "status": 404.0} {
			if line[name] != want {
				t.Errorf("%s is %v, want %v", name, line[name], want)
			}
		}
		if bytes, _ := line["bytes"].(float64); bytes < 100 {
			t.Errorf("%v bytes", line["bytes"])
		}
		for _, secret := range []string{"28XMJ25Q66", "10.98", "bad id", "secret"} {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log holds %s:\n%s", secret, s.log)
			}
		}
	})
}

func TestTimeout(t *testing.T) {
	eachServerWith(t, Options{Timeout: time.Nanosecond}, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "of a look-up", path: "/v1/addresses/28XMJ25Q66", status: 503, want: []string{"/problems/timeout"}, header: []string{"Retry-After: 5"}},
			{name: "not of arithmetic", path: "/v1/codes/28XMJ25Q66", status: 200},
		})
		s.play(t, scenario{name: "of a registration", method: "POST", path: "/v1/addresses", body: house, status: 503})
		if n := s.database.Count(t, "SELECT count(*) FROM addresses"); n != 0 {
			t.Errorf("%d addresses were written", n)
		}
	})
}

func TestDatabaseIsGone(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		if err := s.store.Close(); err != nil {
			t.Fatal(err)
		}
		s.play(t, scenario{path: "/readyz", status: 503, want: []string{"/problems/not-ready"}, header: []string{"Retry-After: 5"}})
		s.play(t, scenario{path: "/healthz", status: 200})
		s.play(t, scenario{path: "/v1/addresses/28XMJ25Q66", status: 500, want: []string{"/problems/internal"}, never: []string{"sql", "closed"}})
		if !strings.Contains(s.log.String(), `"level":"ERROR"`) || !strings.Contains(s.log.String(), "closed") {
			t.Errorf("the log does not say why:\n%s", s.log)
		}
	})
}

func TestPanicEndsTheProcess(t *testing.T) {
	log := &journal{}
	a := newAPI(nil, Options{Logger: slog.New(slog.NewJSONHandler(log, nil))})
	e := a.router()
	a.mount(e, []route{
		{http.MethodGet, "/panic", anyone, func(*gin.Context) error { panic("a secret") }, nil},
		{http.MethodGet, "/late", anyone, func(c *gin.Context) error {
			c.Writer.WriteString("half of ")
			c.Writer.Flush()
			panic("too late")
		}, nil},
	})
	listening := httptest.NewServer(e)
	t.Cleanup(listening.Close)
	for path, status := range map[string]int{"/panic": 500, "/late": 200} {
		w, err := client.Get(listening.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(w.Body)
		w.Body.Close()
		if w.StatusCode != status || strings.Contains(string(body), "secret") || (err != nil) != (path == "/late") {
			t.Errorf("%s: %d, %v: %s", path, w.StatusCode, err, body)
		}
	}
	if strings.Count(log.String(), `"stack":"goroutine`) != 2 || !strings.Contains(log.String(), `"status":500`) {
		t.Errorf("the log lacks a stack or the line of the request:\n%s", log)
	}
}

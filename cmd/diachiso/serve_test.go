package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diachiso/models/storetest"
)

// screen takes what a running command writes, and tells when a text is there.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is everything so far.
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *screen) await(t *testing.T, fragment string) string {
	t.Helper()
	for range 1000 {
		if text := s.String(); strings.Contains(text, fragment) {
			return text
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not come; there is:\n%s", fragment, s)
	return ""
}

// server is a run of diachiso serve.
type server struct {
	out, err screen
	address  string
	stop     context.CancelFunc
	code     chan int
}

// serving runs the server of a database until the test ends, or stop is called.
func serving(t *testing.T, db storetest.Database, last string) *server {
	t.Helper()
	db.Create(t)
	ctx, stop := context.WithCancel(t.Context())
	s := &server{stop: stop, code: make(chan int, 1)}
	go func() {
		s.code <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--database-url", db.URL}, &s.out, &s.err)
	}()
	t.Cleanup(func() { s.ends(t) })
	greeting := s.out.await(t, last)
	_, rest, _ := strings.Cut(greeting, "Console: http://")
	s.address, _, _ = strings.Cut(rest, "/docs\n")
	return s
}

// ends stops the server and answers its exit code.
func (s *server) ends(t *testing.T) int {
	t.Helper()
	s.stop()
	select {
	case code := <-s.code:
		s.code <- code // for whoever asks again
		return code
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not stop")
		return -1
	}
}

const (
	lastLine = "-d '{" // of a greeting with calls to try
	isEmpty  = "The registry is empty: diachiso demo or diachiso import fills it.\n"
)

// TestServePrintsCallsThatWork runs the lines that the server prints, as a new
// user pastes them, with the key where make run leaves it and without.
func TestServePrintsCallsThatWork(t *testing.T) {
	for _, name := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("The printed lines are run by bash and curl; %s is not installed here.", name)
		}
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		t.Chdir(t.TempDir())
		commandOn(t, db, "demo", "--size", "300").expect(t, exitDone, "300 inserted", "")
		key := ""
		t.Run("with the first key", func(t *testing.T) {
			s := serving(t, db, lastLine)
			_, rest, _ := strings.Cut(s.out.String(), "  KEY=")
			key, _, _ = strings.Cut(rest, "\n")
			t.Setenv("KEY", key)
			tryCalls(t, s.out.String(), "201")
			if strings.Contains(s.err.String(), key) {
				t.Error("the log holds the key")
			}
		})
		t.Run("with the key as a variable", func(t *testing.T) {
			s := serving(t, db, lastLine)
			if !strings.Contains(s.out.String(), "KEY=$(diachiso key create --role admin --name try-out)") {
				t.Errorf("the greeting does not say where a key comes from:\n%s", s.out.String())
			}
			if strings.Contains(s.out.String(), "KEY=dcs_") {
				t.Error("the second start makes another key")
			}
			t.Setenv("KEY", key)
			tryCalls(t, s.out.String(), "409")
		})
		t.Run("with the key in its file", func(t *testing.T) {
			for path, text := range map[string]string{adminKeyFile: key + "\n"} {
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			tryCalls(t, serving(t, db, lastLine).out.String(), "409") // the same business again
		})
	})
}

// tryCalls runs the three calls of a greeting; the third registers.
func tryCalls(t *testing.T, greeting, registered string) {
	t.Helper()
	_, text, _ := strings.Cut(strings.ReplaceAll(greeting, "\\\n", ""), "Try:\n")
	calls := strings.Split(strings.TrimSpace(text), "\n")
	if len(calls) != 3 {
		t.Fatalf("want three calls:\n%s", greeting)
	}
	for i, want := range []struct{ status, body string }{{"200", `"matches":[{`}, {"200", `"distance_m":0`}, {registered, `"code":"`}} {
		call := strings.TrimSpace(calls[i])
		out, err := exec.CommandContext(t.Context(), "bash", "-c", call+` -sS -w '\n%{http_code}'`).CombinedOutput()
		if answer := string(out); err != nil || !strings.HasSuffix(answer, "\n"+want.status) || !strings.Contains(answer, want.body) {
			t.Errorf("%s\nanswers %s (%v), want %s and %s", call, answer, err, want.status, want.body)
		}
	}
}

func TestServeAnEmptyRegistry(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := serving(t, db, isEmpty)
		for path, want := range map[string]string{
			"/readyz": `"ready"`, "/healthz": `"ok"`, "/version": `"` + db.Kind + `"`, "/openapi.json": `"openapi":"3.1`, "/docs": "<html", "/v1/units?level=district": "[]",
		} {
			if status, body := get(t, s, path); status != http.StatusOK || !strings.Contains(strings.ReplaceAll(body, `": `, `":`), want) {
				t.Errorf("%s answers %d: %.200s", path, status, body)
			}
		}
		if code := s.ends(t); code != exitDone {
			t.Errorf("exit code %d", code)
		}
		if log := s.err.await(t, `"msg":"stopping"`); !strings.Contains(log, `"msg":"serving"`) || !strings.Contains(log, `"database":"`+db.Kind+`"`) {
			t.Errorf("the log is:\n%s", log)
		}
	})
}

func get(t *testing.T, s *server, path string) (status int, body string) {
	t.Helper()
	response, err := http.Get("http://" + s.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// TestServeFinishesWhatIsUnderWay sends half a registration, stops the server
// and sends the rest: it is answered and stored, and nobody new is let in.
func TestServeFinishesWhatIsUnderWay(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		key := strings.TrimSpace(commandOn(t, db, "key", "create", "--role", "admin", "--name", "slow").out)
		s := serving(t, db, isEmpty)
		connection, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		const body = `{"kind":"shop","name":"Quán Chậm","commune":"25747","lat":10.9804,"lng":106.6519}`
		fmt.Fprintf(connection, "POST /v1/addresses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			key, len(body), body[:20])
		time.Sleep(100 * time.Millisecond) // until the handler waits for the rest
		s.stop()
		s.err.await(t, `"msg":"stopping"`)
		awaitClosed(t, s.address)
		if _, err := io.WriteString(connection, body[20:]); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(connection)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 201 ") {
			t.Errorf("the request under way was answered: %s (%v)", answer, err)
		}
		if code := s.ends(t); code != exitDone {
			t.Errorf("exit code %d:\n%s", code, s.err.String())
		}
		if n := db.Count(t, "SELECT count(*) FROM addresses WHERE name = ?", "Quán Chậm"); n != 1 {
			t.Errorf("%d addresses were stored", n)
		}
	})
}

func awaitClosed(t *testing.T, address string) {
	t.Helper()
	for range 500 {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		connection.Close()
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a server that stops still lets new requests in")
}

func TestServeWhereItCanNot(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	db := storetest.SQLite(t)
	commandOn(t, db, "serve", "--listen", taken.Addr().String()).expect(t, exitFailed, "", "already: name another address with --listen")
	commandOn(t, db, "serve", "--listen", "nowhere").expect(t, exitFailed, "", "listen on nowhere")
}

func TestHealthcheck(t *testing.T) {
	db := storetest.SQLite(t)
	s := serving(t, db, isEmpty)
	command(t, "healthcheck", "--listen", s.address).expect(t, exitDone, "", "")
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("of a server that listens everywhere", func(t *testing.T) {
		t.Setenv("DIACHISO_LISTEN", ":"+port)
		command(t, "healthcheck").expect(t, exitDone, "", "")
		t.Setenv("DIACHISO_LISTEN", "0.0.0.0:"+port)
		command(t, "healthcheck").expect(t, exitDone, "", "")
	})
	t.Run("of a server without its tables", func(t *testing.T) {
		db.Exec(t, "ALTER TABLE registry RENAME TO elsewhere")
		command(t, "healthcheck", "--listen", s.address).expect(t, exitFailed, "", "the server is not ready: it answers 503")
	})
	s.ends(t)
	command(t, "healthcheck", "--listen", s.address).expect(t, exitFailed, "", "no server answers")
}

func TestServeTakesAnySetting(t *testing.T) {
	db := storetest.SQLite(t)
	commandOn(t, db, "serve", "--rate-limit=-1").expect(t, exitUsage, "", `"-1" is no number of requests: write a whole one, 1 or more, or 0 for any number`)
	commandOn(t, db, "serve", "--log-level", "loud").expect(t, exitUsage, "", `--log-level must be one of "debug","info","warn","error" but got "loud"`)
}

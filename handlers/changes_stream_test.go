package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diachiso/models/storetest"
)

// event is one server-sent event.
type event struct{ id, name, data string }

// listening is a stream that is being read.
type listening struct {
	response *http.Response
	lines    *bufio.Scanner
	comments int
	close    context.CancelFunc
}

// listen opens a stream; headers are "Name: value".
func listen(t *testing.T, url string, headers ...string) *listening {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Body.Close() })
	return &listening{response: w, lines: bufio.NewScanner(w.Body), close: cancel}
}

// next reads one event; false: the stream has ended.
func (l *listening) next() (e event, ok bool) {
	for l.lines.Scan() {
		name, value, _ := strings.Cut(l.lines.Text(), ": ")
		switch {
		case l.lines.Text() == "" && e.data != "":
			return e, true
		case strings.HasPrefix(l.lines.Text(), ":"):
			l.comments++
		case name == "id":
			e.id = value
		case name == "event":
			e.name = value
		case name == "data":
			e.data = value
		}
	}
	return e, false
}

// want reads one event and checks its number.
func (l *listening) want(t *testing.T, s *server, seq int) event {
	t.Helper()
	e, ok := l.next()
	var line feedLine
	if err := json.Unmarshal([]byte(e.data), &line); !ok || err != nil || line.Seq != int64(seq) || e.name != "change" ||
		!strings.HasSuffix(e.id, fmt.Sprintf(".%d", seq)) {
		t.Fatalf("event %+v, %v, want change %d", e, err, seq)
	}
	s.contract.checkSchema(t, "Change", []byte(e.data))
	return e
}

func TestStream(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 2)
		stream := "Accept: text/event-stream"
		s.run(t, []scenario{
			{name: "head", method: "HEAD", path: "/v1/changes", headers: []string{stream}, status: 200, header: []string{"Content-Type: text/event-stream"}},
			{name: "another epoch", path: "/v1/changes", headers: []string{stream, "Last-Event-ID: zzzzzzzz.2"}, status: 410, want: []string{"/problems/resync"}, header: []string{"Content-Type: application/problem+json"}},
			{name: "no position", path: "/v1/changes", headers: []string{stream, "Last-Event-ID: x"}, status: 400, want: []string{`"parameter":"Last-Event-ID"`}},
			{name: "JSON where both are welcome", path: "/v1/changes", headers: []string{"Accept: */*"}, status: 200, header: []string{"Content-Type: application/json"}},
		})
		l := listen(t, s.url+"/v1/changes", "Accept-Encoding: gzip", "Origin: https://maps.example")
		for name, want := range map[string]string{"Content-Type": "text/event-stream", "Content-Encoding": "", "Cache-Control": "no-cache",
			"Access-Control-Allow-Origin": "*", "X-Accel-Buffering": "no", "Content-Length": ""} {
			if got := l.response.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		l.want(t, s, 1)
		second := l.want(t, s, 2)
		s.registerHouses(t, 2, 3)
		start := time.Now()
		l.want(t, s, 3)
		if took := time.Since(start); took > 800*time.Millisecond {
			t.Errorf("a change of this process takes %s", took)
		}
		other := s.database.Open(t, storetest.Options{Now: storetest.Noon(today)})
		storetest.Register(t, other, storetest.House(3))
		l.want(t, s, 4)

		listen(t, s.url+"/v1/changes", "Last-Event-ID: "+second.id).want(t, s, 3)
		listen(t, s.url+"/v1/changes?since=1", "Last-Event-ID: "+second.id).want(t, s, 3)
		listen(t, s.url+"/v1/changes?since=3").want(t, s, 4)
	})
}

func TestStreamGoesOnInAnotherEpoch(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 1)
		l := listen(t, s.url+"/v1/changes")
		first := l.want(t, s, 1)
		if _, err := s.store.NewEpoch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if e, ok := l.next(); ok {
			t.Errorf("the stream goes on with %+v", e)
		}
		s.play(t, scenario{path: "/v1/changes", headers: []string{"Accept: text/event-stream", "Last-Event-ID: " + first.id}, status: 410})
		if strings.Contains(s.log.String(), `"level":"ERROR"`) {
			t.Errorf("the log calls it a failure:\n%s", s.log)
		}
	})
}

func TestClientKeepsAllStreams(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 1)
		var open []*listening
		for range streamsOfClientAtOnce {
			l := listen(t, s.url+"/v1/changes")
			l.want(t, s, 1)
			open = append(open, l)
		}
		more := scenario{path: "/v1/changes", headers: []string{"Accept: text/event-stream"}, status: 429,
			want: []string{"/problems/too-many-streams"}, header: []string{"Retry-After: 5"}}
		s.play(t, more)
		open[0].close()
		s.eventually(t, func() bool {
			w, _ := s.send(t, scenario{method: "HEAD", path: "/v1/changes", headers: more.headers})
			return w.StatusCode == 200
		})
	})
}

// paced serves the store of s with another pace and short deadlines of the
// server's own.
func (s *server) paced(t *testing.T, p pace, stopping <-chan struct{}) *httptest.Server {
	t.Helper()
	a := newAPI(s.store, Options{Stopping: stopping})
	a.pace = p
	slow := httptest.NewUnstartedServer(a.router())
	slow.Config.ReadTimeout, slow.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	slow.Start()
	t.Cleanup(slow.Close)
	return slow
}

// A silent stream outlives the server's deadlines by its signs of life.
func TestSilentStreamDies(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		slow := s.paced(t, pace{still: time.Minute, beat: 50 * time.Millisecond}, nil)
		l := listen(t, slow.URL+"/v1/changes")
		time.AfterFunc(700*time.Millisecond, func() { s.registerHouses(t, 0, 1) })
		l.want(t, s, 1)
		if l.comments < 3 {
			t.Errorf("%d signs of life in 700 ms", l.comments)
		}
	})
}

func TestStreamKeepsTheServerFromStopping(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		stopping := make(chan struct{})
		slow := s.paced(t, pace{still: time.Minute, beat: time.Minute}, stopping)
		s.registerHouses(t, 0, 1)
		l := listen(t, slow.URL+"/v1/changes")
		l.want(t, s, 1)
		close(stopping)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := slow.Config.Shutdown(ctx); err != nil {
			t.Errorf("the server waits: %v", err)
		}
		if _, ok := l.next(); ok || l.lines.Err() != nil {
			t.Errorf("the stream does not end properly: %v", l.lines.Err())
		}
	})
}

// pipeListener lets connections in that hold nothing: every byte waits for its
// reader.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipeListener) Close() error   { close(p.done); return nil }
func (p pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// unread asks for a path over a connection that holds nothing, reads the
// status line and then nothing more, and hangs up in the end.
func (s *server) unread(t *testing.T, a *API, path string, headers ...string) {
	t.Helper()
	there, here := net.Pipe()
	listener := pipeListener{make(chan net.Conn, 1), make(chan struct{})}
	h := &http.Server{Handler: a.router()}
	served := make(chan error, 1)
	go func() { served <- h.Serve(listener) }()
	t.Cleanup(func() {
		here.Close()
		if err := errors.Join(h.Close(), <-served); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	listener.conns <- there
	if _, err := fmt.Fprintf(here, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", path, strings.Join(headers, "\r\n")); err != nil {
		t.Fatal(err)
	}
	status := make([]byte, 12)
	if _, err := io.ReadFull(here, status); err != nil || string(status) != "HTTP/1.1 200" {
		t.Fatalf("%s: %v", status, err)
	}
}

func (s *seats) free() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count == 0
}

func TestReaderThatDoesNotReadKeepsItsSeat(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 50) // more than the server holds back by itself
		for path, accept := range map[string]string{changesPattern: "Accept: text/event-stream", exportPattern: "Accept: */*",
			exportPrefix + "addresses.geojson": "Accept: */*", exportPrefix + "addresses.csv": "Accept: */*", exportPrefix + "units.geojson": "Accept: */*"} {
			t.Run(path, func(t *testing.T) {
				a := newAPI(s.store, Options{})
				a.pace = pace{still: 100 * time.Millisecond, whole: time.Minute, beat: time.Minute}
				s.unread(t, a, path, accept)
				s.eventually(t, func() bool { return a.streams.free() && a.exports.free() })
			})
		}
	})
}

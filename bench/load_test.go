package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLoadSendsEveryRequestOnce(t *testing.T) {
	for _, clients := range []int{1, 3, 8} {
		var mu sync.Mutex
		var seen []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type")+" "+string(body))
		}))
		list := []request{{"/table?x=1", "q\nđ\n"}}
		want := []string{"POST /table?x=1 text/csv q\nđ\n"}
		for i := range 20 {
			path := fmt.Sprintf("/a%02d", i)
			list, want = append(list, request{path: path}), append(want, "GET "+path+"  ")
		}
		got, err := load(server.Listener.Addr().String(), clients, list)
		server.Close()
		if err != nil {
			t.Fatalf("%d clients: %v", clients, err)
		}
		slices.Sort(seen)
		slices.Sort(want)
		if !slices.Equal(seen, want) {
			t.Errorf("%d clients sent %q", clients, seen)
		}
		if len(got.took) != 21 || got.took[0] <= 0 || !slices.IsSorted(got.took) || got.rate <= 0 {
			t.Errorf("%d clients: %+v", clients, got)
		}
	}
}

func TestLoadSaysWhatFailed(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.Listener.Addr().String()
	if _, err := load(address, 2, []request{{path: "/a"}, {path: "/b"}}); err == nil || !strings.Contains(err.Error(), `answer "HTTP/1.1 404 Not Found"`) {
		t.Errorf("404: %v", err)
	}
	server.Close()
	if _, err := load(address, 1, []request{{path: "/a"}}); err == nil {
		t.Error("no server, no error")
	}
}

func TestReadAnswerStopsAtItsEnd(t *testing.T) {
	const next = "HTTP/1.1 200 OK\r\n"
	for name, answer := range map[string]string{
		"with a length":  "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n\r\nhello",
		"empty":          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"in chunks":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\n" + strings.Repeat("x", 26) + "\r\n0\r\n\r\n",
		"in no chunk":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"short headings": "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\n\r\nx",
	} {
		t.Run(name, func(t *testing.T) {
			in := bufio.NewReader(strings.NewReader(answer + next))
			if err := readAnswer(in, textproto.NewReader(in)); err != nil {
				t.Fatal(err)
			}
			if rest, _ := io.ReadAll(in); string(rest) != next {
				t.Errorf("%q is left", rest)
			}
		})
	}
}

func TestReadAnswerRefuses(t *testing.T) {
	for name, answer := range map[string]string{
		"another status":  "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
		"no length":       "HTTP/1.1 200 OK\r\n\r\n",
		"no number":       "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
		"a short body":    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
		"a short chunk":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
		"a broken chunk":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"no end":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n",
		"a broken header": "HTTP/1.1 200 OK\r\nContent",
		"nothing":         "",
	} {
		t.Run(name, func(t *testing.T) {
			in := bufio.NewReader(strings.NewReader(answer))
			if err := readAnswer(in, textproto.NewReader(in)); err == nil {
				t.Error("taken for an answer")
			}
		})
	}
}

func TestQuantile(t *testing.T) {
	r := result{}
	for i := range 200 {
		r.took = append(r.took, time.Duration(i+1))
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 100, 0.99: 198, 1: 200} {
		if got := r.quantile(q); got != want {
			t.Errorf("%v: %d, want %d", q, got, want)
		}
	}
	if one := (result{took: []time.Duration{7}}); one.quantile(0.99) != 7 {
		t.Error("of one")
	}
}

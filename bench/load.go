package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// request is a GET of a path, or a POST where there is a body.
type request struct {
	path string
	body string
}

// tableType is the media type of a body.
const tableType = "text/csv"

// result is one round: requests a second, and how long each took, ascending.
type result struct {
	rate float64
	took []time.Duration
}

// quantile is the time that a share q, from 0 to 1, of the requests took at
// most (nearest rank).
func (r result) quantile(q float64) time.Duration {
	return r.took[max(int(math.Ceil(q*float64(len(r.took)))), 1)-1]
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// load sends the requests, each once, over so many connections at a time.
func load(address string, clients int, list []request) (result, error) {
	return shareOut(len(list), clients, func(first int, took []time.Duration) error {
		return client(address, list, took, first, clients)
	})
}

// shareOut runs clients at the same time; each begins with another of n
// questions, asks every so-manieth and notes how long it took.
func shareOut(n, clients int, ask func(first int, took []time.Duration) error) (result, error) {
	var group sync.WaitGroup
	failed := make(chan error, clients)
	took := make([]time.Duration, n)
	start := time.Now()
	for first := range clients {
		group.Go(func() {
			if err := ask(first, took); err != nil {
				failed <- err
			}
		})
	}
	group.Wait()
	rate := float64(n) / time.Since(start).Seconds()
	select {
	case err := <-failed:
		return result{}, err
	default:
		slices.Sort(took)
		return result{rate, took}, nil
	}
}

// client sends every so-manieth request over one connection. It is as thin as
// can be: what the load generator costs is taken from the server on the same
// machine.
func client(address string, list []request, took []time.Duration, first, step int) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	lines := textproto.NewReader(in)
	for i := first; i < len(list); i += step {
		start := time.Now()
		if _, err := io.WriteString(conn, list[i].head()+list[i].body); err != nil {
			return err
		}
		if err := readAnswer(in, lines); err != nil {
			return fmt.Errorf("%s: %w", list[i].path, err)
		}
		took[i] = time.Since(start)
	}
	return nil
}

func (r request) head() string {
	if r.body == "" {
		return "GET " + r.path + " HTTP/1.1\r\nHost: bench\r\n\r\n"
	}
	return "POST " + r.path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: " + tableType +
		"\r\nContent-Length: " + strconv.Itoa(len(r.body)) + "\r\n\r\n"
}

// readAnswer reads one answer to its end.
func readAnswer(in *bufio.Reader, lines *textproto.Reader) error {
	status, err := lines.ReadLine()
	if err != nil {
		return err
	}
	if status != "HTTP/1.1 200 OK" {
		return fmt.Errorf("answer %q", status)
	}
	length, chunked := -1, false
	for {
		line, err := lines.ReadLineBytes()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			break
		}
		if value, ok := contentLength(line); ok {
			length = value
		}
		chunked = chunked || string(line) == "Transfer-Encoding: chunked"
	}
	if chunked {
		return discardChunks(in, lines)
	}
	if length < 0 {
		return fmt.Errorf("no Content-Length")
	}
	_, err = in.Discard(length)
	return err
}

func contentLength(line []byte) (int, bool) {
	const name = "Content-Length: "
	if len(line) <= len(name) || string(line[:len(name)]) != name {
		return 0, false
	}
	n, err := strconv.Atoi(string(line[len(name):]))
	return n, err == nil
}

// discardChunks reads a streamed body without trailers (RFC 9112, 7.1).
func discardChunks(in *bufio.Reader, lines *textproto.Reader) error {
	for {
		line, err := lines.ReadLine()
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(strings.TrimSpace(line), 16, 31)
		if err != nil {
			return fmt.Errorf("chunk of %q bytes", line)
		}
		if _, err := in.Discard(int(size) + len("\r\n")); err != nil {
			return err
		}
		if size == 0 {
			return nil
		}
	}
}

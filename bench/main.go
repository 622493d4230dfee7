// Command bench measures the registry beside a bare Gin handler in one run on
// one machine, load generator included, and prints ratios: absolute rates of
// two machines can't be compared. See make bench.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/handlers"
	"diachiso/models"
)

// settings are the flags.
type settings struct {
	url      string
	clients  int
	requests int
	rounds   int
}

func main() {
	var s settings
	flag.StringVar(&s.url, "database-url", "data/diachiso.db", "a filled registry")
	flag.IntVar(&s.clients, "clients", 8, "connections that ask at the same time")
	flag.IntVar(&s.requests, "requests", 40_000, "requests a round")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of each; the middle one counts")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run compares resolve by code, every code asked once (nothing is cached), and
// reverse with a handler that answers a constant of the same size.
func run(ctx context.Context, s settings) error {
	store, err := models.Open(ctx, models.Options{URL: s.url})
	if err != nil {
		return err
	}
	defer store.Close()
	codes, points, err := sample(ctx, store, s.requests)
	if err != nil {
		return err
	}
	quiet := slog.New(slog.NewJSONHandler(io.Discard, nil))
	registry, stop, err := serve(handlers.New(store, handlers.Options{Logger: quiet}))
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("database %s, %d clients, %d requests a round, middle of %d rounds\n", store.Database(), s.clients, s.requests, s.rounds)
	for _, work := range []struct {
		name  string
		paths []string
	}{{"resolve by code", codes}, {"reverse, 5 nearest", points}} {
		if err := compare(s, work.name, registry, work.paths); err != nil {
			return fmt.Errorf("%s: %w", work.name, err)
		}
	}
	return nil
}

// sample makes request paths of addresses from all over the registry.
func sample(ctx context.Context, store *models.Store, n int) (codes, points []string, err error) {
	filter := models.ListFilter{Status: models.StatusCurrent, Limit: 1000}
	for {
		page, more, err := store.List(ctx, filter)
		if err != nil {
			return nil, nil, err
		}
		for _, a := range page {
			codes = append(codes, "/v1/resolve/"+a.Code.String())
			points = append(points, fmt.Sprintf("/v1/reverse?lat=%.7f&lng=%.7f", float64(a.Point.Lat)/1e7, float64(a.Point.Lng)/1e7))
		}
		if !more {
			break
		}
		filter.After = &page[len(page)-1].Code
	}
	if len(codes) == 0 {
		return nil, nil, fmt.Errorf("the registry is empty: fill it with diachiso demo")
	}
	shuffle := rand.New(rand.NewPCG(1, 1))
	shuffle.Shuffle(len(codes), func(i, j int) {
		codes[i], codes[j] = codes[j], codes[i]
		points[i], points[j] = points[j], points[i]
	})
	return codes[:min(n, len(codes))], points[:min(n, len(points))], nil
}

// compare runs rounds of the bare handler and of the registry in turn.
func compare(s settings, name, registry string, paths []string) error {
	size, err := bodySize(registry, paths[0])
	if err != nil {
		return err
	}
	bare, stop, err := serve(bareHandler(size))
	if err != nil {
		return err
	}
	defer stop()
	var bareRates, rates []float64
	for range s.rounds {
		b, err := load(bare, s, []string{"/"})
		if err != nil {
			return err
		}
		r, err := load(registry, s, paths)
		if err != nil {
			return err
		}
		bareRates, rates = append(bareRates, b), append(rates, r)
	}
	slices.Sort(bareRates)
	slices.Sort(rates)
	b, r := bareRates[len(bareRates)/2], rates[len(rates)/2]
	fmt.Printf("%-20s %7.0f/s   bare handler %7.0f/s   ratio %.2f   (answer of %d bytes)\n", name, r, b, r/b, size)
	return nil
}

// bareHandler is the ceiling: Gin without middleware, a constant of n bytes.
func bareHandler(n int) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	body := []byte(`{"x":"` + string(slices.Repeat([]byte("x"), max(0, n-8))) + `"}`)
	router := gin.New()
	router.GET("/", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	return router
}

// serve listens on a free port of this machine.
func serve(h http.Handler) (address string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h}
	go server.Serve(listener)
	return listener.Addr().String(), func() { server.Close() }, nil
}

func bodySize(address, path string) (int, error) {
	response, err := http.Get("http://" + address + path)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, response.Status)
	}
	return len(body), err
}

// load sends the requests from all clients and answers how many a second.
func load(address string, s settings, paths []string) (float64, error) {
	var group sync.WaitGroup
	failed := make(chan error, s.clients)
	start := time.Now()
	for c := range s.clients {
		group.Go(func() {
			if err := client(address, s, paths, c); err != nil {
				failed <- err
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(s.requests/s.clients*s.clients) / time.Since(start).Seconds(), nil
	}
}

// client sends its share over one connection. It is as thin as can be: what
// the load generator costs is taken from the server on the same machine.
func client(address string, s settings, paths []string, number int) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	lines := textproto.NewReader(in)
	for i := range s.requests / s.clients {
		path := paths[(i*s.clients+number)%len(paths)]
		if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: bench\r\n\r\n"); err != nil {
			return err
		}
		if err := readAnswer(in, lines); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func readAnswer(in *bufio.Reader, lines *textproto.Reader) error {
	status, err := lines.ReadLine()
	if err != nil {
		return err
	}
	if status != "HTTP/1.1 200 OK" {
		return fmt.Errorf("answer %q", status)
	}
	length := -1
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

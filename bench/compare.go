package main

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// compare runs rounds of the bare handler and of the registry in turn and
// prints the middle one of each.
func compare(s settings, w work, registry string, out io.Writer) error {
	if len(w.requests) == 0 {
		return fmt.Errorf("the registry has too few addresses for this: fill it with diachiso demo")
	}
	size, err := answerSize(registry, w)
	if err != nil {
		return err
	}
	bare, stop, err := serve(bareHandler(size))
	if err != nil {
		return err
	}
	defer stop()
	var bareRounds, rounds []result
	for i := range s.rounds {
		b, err := load(bare, w.clients, constant(w, i))
		if err != nil {
			return err
		}
		r, err := load(registry, w.clients, w.of(i))
		if err != nil {
			return err
		}
		bareRounds, rounds = append(bareRounds, b), append(rounds, r)
	}
	b, r := middle(bareRounds), middle(rounds)
	fmt.Fprintf(out, "%-20s %d client%-1s %7.0f/s   p50 %6.2f ms   p99 %6.2f ms   bare handler %7.0f/s   ratio %.2g   (answer of %d bytes)\n",
		w.name, w.clients, plural(w.clients), r.rate*float64(w.rows), milliseconds(r.quantile(0.5)), milliseconds(r.quantile(0.99)),
		b.rate*float64(w.rows), r.rate/b.rate, size)
	return nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// of are the requests of a round.
func (w work) of(round int) []request {
	list := make([]request, w.round)
	for i := range list {
		list[i] = w.requests[(round*w.round+i)%len(w.requests)]
	}
	return list
}

// constant are as many requests of the bare handler, with the same bodies.
func constant(w work, round int) []request {
	list := w.of(round)
	for i := range list {
		list[i].path = "/"
	}
	return list
}

// middle is the round of the middle rate.
func middle(rounds []result) result {
	slices.SortFunc(rounds, func(a, b result) int { return cmp.Compare(a.rate, b.rate) })
	return rounds[len(rounds)/2]
}

// sizedBy is how many answers are looked at for their size.
const sizedBy = 50

// answerSize is the mean length of the body of an answer, in bytes.
func answerSize(address string, w work) (int, error) {
	list := w.requests[max(0, len(w.requests)-sizedBy):] // what the last round asks last
	sum := 0
	for _, r := range list {
		n, err := bodySize(address, r)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum / len(list), nil
}

func bodySize(address string, r request) (int, error) {
	var response *http.Response
	var err error
	if r.body == "" {
		response, err = http.Get("http://" + address + r.path)
	} else {
		response, err = http.Post("http://"+address+r.path, tableType, strings.NewReader(r.body))
	}
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		return 0, fmt.Errorf("%s answers %s: %s", r.path, response.Status, body)
	}
	n, err := io.Copy(io.Discard, response.Body)
	return int(n), err
}

// bareHandler is the ceiling: Gin without middleware, a constant of n bytes.
func bareHandler(n int) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	body := []byte(`{"x":"` + string(slices.Repeat([]byte("x"), max(0, n-8))) + `"}`)
	router := gin.New()
	constant := func(c *gin.Context) {
		io.Copy(io.Discard, c.Request.Body)
		c.Data(http.StatusOK, "application/json", body)
	}
	router.GET("/", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	router.POST("/", constant)
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

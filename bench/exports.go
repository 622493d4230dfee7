package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// compareExports measures how many addresses a second are streamed in each
// format, beside a handler that streams as many bytes of nothing, and by how
// much the living heap grows meanwhile.
func compareExports(s settings, registry string, out io.Writer) error {
	bare, stop, err := serve(bareStream())
	if err != nil {
		return err
	}
	defer stop()
	rows := 0
	for _, format := range []string{"ndjson", "geojson", "csv"} {
		name, path := "export "+format, "/v1/exports/addresses."+format
		if !strings.HasPrefix(name, s.only) {
			continue
		}
		if rows == 0 {
			if rows, err = countLines(registry, "/v1/exports/addresses.ndjson"); err != nil {
				return err
			}
		}
		size, err := bodySize(registry, request{path: path})
		if err != nil {
			return err
		}
		var bareRounds, rounds []result
		var growth uint64
		for range s.rounds {
			b, err := load(bare, 1, gets("/", []string{strconv.Itoa(size)}))
			if err != nil {
				return err
			}
			grown := watchHeap()
			r, err := load(registry, 1, gets(path, []string{""}))
			if err != nil {
				return err
			}
			growth = max(growth, grown())
			bareRounds, rounds = append(bareRounds, b), append(rounds, r)
		}
		b, r := middle(bareRounds), middle(rounds)
		fmt.Fprintf(out, "%-20s 1 client  %7.0f rows/s   bare stream %7.0f/s   ratio %.2g   live heap + %d MB   (%d rows, answer of %d bytes)\n",
			name, r.rate*float64(rows), b.rate*float64(rows), r.rate/b.rate, growth>>20, rows, size)
	}
	return nil
}

// bareStream is the ceiling of an export: Gin without middleware, so many bytes
// in pieces of 32 KiB.
func bareStream() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	piece := bytes.Repeat([]byte("x"), 32<<10)
	router := gin.New()
	router.GET("/:size", func(c *gin.Context) {
		left, _ := strconv.Atoi(c.Param("size"))
		for ; left > 0; left -= len(piece) {
			if _, err := c.Writer.Write(piece[:min(left, len(piece))]); err != nil {
				return
			}
		}
	})
	return router
}

// countLines counts the lines of an answer.
func countLines(address, path string) (int, error) {
	response, err := http.Get("http://" + address + path)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	lines, piece := 0, make([]byte, 64<<10)
	for {
		n, err := response.Body.Read(piece)
		lines += bytes.Count(piece[:n], []byte{'\n'})
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// watchHeap looks at the heap until grown is called, which answers by how many
// bytes what lives on it grew at most: garbage depends on what else there is.
func watchHeap() (grown func() uint64) {
	runtime.GC()
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	size := func() uint64 { metrics.Read(heap); return heap[0].Value.Uint64() }
	before := size()
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		peak := before
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-tick.C:
				peak = max(peak, size())
			case <-done:
				most <- peak - before
				return
			}
		}
	}()
	return func() uint64 { close(done); return <-most }
}

// Command bench measures the registry beside a bare Gin handler in one run on
// one machine, load generator included, and prints ratios: absolute rates of
// two machines can't be compared. See make bench.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"diachiso/handlers"
	"diachiso/models"
)

// settings are the flags.
type settings struct {
	url      string
	clients  int
	requests int
	texts    int
	rounds   int
	only     string
	tegola   string
}

func main() {
	var s settings
	flag.StringVar(&s.url, "database-url", "data/diachiso.db", "a filled registry")
	flag.IntVar(&s.clients, "clients", 8, "connections that ask at the same time")
	flag.IntVar(&s.requests, "requests", 40_000, "requests a round by code and by position")
	flag.IntVar(&s.texts, "texts", 10_000, "requests, and rows of batches, a round by written text")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of each; the middle one counts")
	flag.StringVar(&s.only, "only", "", "measure only what begins so: resolve, reverse, search, suggest, tile, batch or export")
	flag.StringVar(&s.tegola, "tegola", "", "a map of a running tegola with the same addresses, such as http://127.0.0.1:8090/maps/diachiso")
	flag.Parse()
	if err := s.check(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if err := run(context.Background(), s, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (s settings) check() error {
	if s.clients < 1 || s.rounds < 1 || s.requests < s.clients || s.texts < s.clients {
		return fmt.Errorf("ask for at least one client, one round, and one request a client")
	}
	return nil
}

// run compares what the registry does with a handler that answers a constant
// of the same size. No code, position or text is asked for twice in a round,
// no text twice at all, so that nothing is cached but the tiles that are to be.
func run(ctx context.Context, s settings, out io.Writer) error {
	store, err := models.Open(ctx, models.Options{URL: s.url})
	if err != nil {
		return err
	}
	defer store.Close()
	drawn, err := draw(ctx, store)
	if err != nil {
		return err
	}
	quiet := slog.New(slog.NewJSONHandler(io.Discard, nil))
	registry, stop, err := serve(handlers.New(store, handlers.Options{Logger: quiet}))
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(out, "database %s, %d addresses, %d requests a round (%d by text), middle of %d rounds\n",
		store.Database(), len(drawn.codes), s.requests, s.texts, s.rounds)
	for _, w := range works(drawn, s) {
		if !strings.HasPrefix(w.name, s.only) {
			continue
		}
		if err := compare(s, w, registry, out); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	if err := compareExports(s, registry, out); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if strings.HasPrefix("tile z14, first", s.only) {
		return compareTiles(ctx, s, drawn, out)
	}
	return nil
}

// work is one line of the report.
type work struct {
	name     string
	clients  int
	requests []request // of all rounds, one after the other; begun again when they are used up
	round    int       // how many a round sends
	rows     int       // answered by one request; more than 1 in batches
}

// works are all lines. Texts are shared out, so that each is asked once.
func works(d drawn, s settings) []work {
	tiles := tilePaths("/tiles/addresses/", ".mvt", tilesOf(d.points))
	codes, positions := gets("/v1/resolve/", d.codes), gets("/v1/reverse?", d.positions)
	list := []work{
		{"resolve by code", s.clients, codes, min(s.requests, len(codes)), 1},
		{"reverse, 5 nearest", s.clients, positions, min(s.requests, len(positions)), 1},
		{"tile z14, kept", s.clients, tiles, s.requests, 1},
	}
	share := len(d.texts) / 4 // single searches and batches, each alone and by many
	round := max(min(s.texts, share/s.rounds), 1)
	for i, clients := range []int{1, s.clients} {
		texts := d.texts[i*share : (i+1)*share]
		list = append(list, work{"search", clients, gets("/v1/search?q=", escaped(texts)), round, 1})
	}
	for i, clients := range []int{1, s.clients} {
		texts := d.unfinished[i*share : (i+1)*share]
		list = append(list, work{"suggest", clients, gets("/v1/suggest?q=", escaped(texts)), round, 1})
	}
	for i, clients := range []int{1, min(s.clients, batchesAtOnce)} {
		rows := max(min(batchRows, round/clients), 1)
		batches := posts("/v1/batch/search", d.texts[(i+2)*share:(i+3)*share], rows)
		list = append(list, work{fmt.Sprintf("batch search of %d", rows), clients, batches, max(round/rows, 1), rows})
	}
	return list
}

// A batch has so many rows; more than four at a time are turned away.
const (
	batchRows     = 100
	batchesAtOnce = 4
)

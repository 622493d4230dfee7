package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"

	"diachiso/bench/variant"
	"diachiso/geo"
	"diachiso/models"
)

// drawn is what is asked for, of addresses from all over the registry.
type drawn struct {
	codes      []string
	positions  []string // parameters of reverse
	points     []geo.Point
	texts      []string // written without accents, with one typing error in a name
	unfinished []string // beginnings of such texts
}

// seed of every choice: each run asks the same of the same registry.
const seed = 1

// draw takes every current address, in a mixed order.
func draw(ctx context.Context, store *models.Store) (drawn, error) {
	units, err := store.Units(ctx)
	if err != nil {
		return drawn{}, err
	}
	d, w := drawn{}, newWriter()
	filter := models.ListFilter{Status: models.StatusCurrent, Limit: 1000}
	for more := true; more; {
		var page []*models.Address
		if page, more, err = store.List(ctx, filter); err != nil {
			return drawn{}, err
		}
		for _, a := range page {
			d.codes = append(d.codes, a.Code.String())
			d.positions = append(d.positions, fmt.Sprintf("lat=%.7f&lng=%.7f", float64(a.Point.Lat)/1e7, float64(a.Point.Lng)/1e7))
			d.points = append(d.points, a.Point)
			w.write(&d, units.Public(a, store.Today()))
		}
		if more {
			filter.After = &page[len(page)-1].Code
		}
	}
	if len(d.codes) == 0 {
		return d, fmt.Errorf("the registry is empty: fill it with diachiso demo")
	}
	for _, list := range [][]string{d.codes, d.positions, d.texts, d.unfinished} {
		shuffle := rand.New(rand.NewPCG(seed, seed))
		shuffle.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return d, nil
}

// writer writes addresses as people type them, no text twice.
type writer struct {
	whole, beginning variant.Kind
	seen             map[string]bool
}

func newWriter() *writer {
	kinds := variant.Kinds()
	named := func(name string) variant.Kind {
		return kinds[slices.IndexFunc(kinds, func(k variant.Kind) bool { return k.Name == name })]
	}
	return &writer{named("no-accents-slip-in-name"), named("unfinished"), map[string]bool{}}
}

// write adds the texts of an address; one that lacks either has none, so that
// both lists are of the same addresses.
func (w *writer) write(d *drawn, p models.PublicAddress) {
	record := variant.Record{Code: p.Code.String(), Name: p.Name, Text: p.Text, Formerly: p.Formerly, Parts: variant.Parts(p.Parts)}
	record.Commune.Name = p.Commune.Name
	address, ok := variant.TakeApart(record)
	if !ok {
		return
	}
	whole, ok := w.whole.Write(&address, seed)
	beginning, begun := w.beginning.Write(&address, seed)
	if !ok || !begun || w.seen[whole] || w.seen[beginning] || whole == beginning {
		return
	}
	w.seen[whole], w.seen[beginning] = true, true
	d.texts, d.unfinished = append(d.texts, whole), append(d.unfinished, beginning)
}

// gets are requests of one path each.
func gets(prefix string, rest []string) []request {
	list := make([]request, len(rest))
	for i, r := range rest {
		list[i] = request{path: prefix + r}
	}
	return list
}

func escaped(texts []string) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = url.QueryEscape(t)
	}
	return list
}

// posts are requests with a table of so many texts each.
func posts(path string, texts []string, rows int) []request {
	var list []request
	for chunk := range slices.Chunk(texts, rows) {
		var body bytes.Buffer
		table := csv.NewWriter(&body)
		table.Write([]string{"q"})
		for _, t := range chunk {
			table.Write([]string{t})
		}
		table.Flush()
		list = append(list, request{path, body.String()})
	}
	return list
}

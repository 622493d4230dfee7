package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/paulmach/orb"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/demo"
	"diachiso/models/importfile"
)

var demoSize = strconv.Itoa(demo.DefaultSize)

// demoCommand fills a registry with a synthetic province.
type demoCommand struct {
	database
	Size int    `default:"${size}" help:"How many addresses."`
	Seed uint64 `default:"1" help:"The same seed and size make the same province."`
	CSV  string `name:"csv" placeholder:"FILE" help:"Write the rows as an import file instead, for diachiso import --source NAME into a registry with the boundaries of a demo."`
}

// Run loads the boundaries and imports the rows, as any file is imported.
func (c *demoCommand) Run(ctx context.Context, s streams) error {
	if c.Size < 1 || c.Size > demo.MaxSize {
		return usagef("--size %d: ask for 1 to %d addresses", c.Size, demo.MaxSize)
	}
	if c.CSV != "" {
		return c.writeCSV()
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := c.refuseOthers(ctx, store); err != nil {
		return err
	}
	if err := loadDemoBoundaries(ctx, store); err != nil {
		return err
	}
	counts, err := c.load(ctx, s, store)
	if err != nil {
		return err
	}
	printCounts(s.out, counts)
	if counts.Rejected > 0 {
		return errQuiet
	}
	return nil
}

// source is whose refs the rows have: another seed or size is another demo.
func (c *demoCommand) source() string { return fmt.Sprintf("demo-%d-%d", c.Seed, c.Size) }

// refuseOthers refuses a registry that holds something else; an interrupted
// demo may be run again.
func (c *demoCommand) refuseOthers(ctx context.Context, store *models.Store) error {
	page, _, err := store.List(ctx, models.ListFilter{Limit: 1})
	if err != nil || len(page) == 0 {
		return err
	}
	for _, i := range page[0].Identifiers {
		if i.Source == c.source() {
			return nil
		}
	}
	return fmt.Errorf("the registry holds addresses that are not of this demo (seed %d, size %d): the demo needs a database of its own", c.Seed, c.Size)
}

func (c *demoCommand) writeCSV() error {
	file, err := os.Create(c.CSV)
	if err != nil {
		return err
	}
	if err := demo.WriteCSV(file, c.Seed, c.Size); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// loadDemoBoundaries loads the synthetic polygons, unless others are there.
func loadDemoBoundaries(ctx context.Context, store *models.Store) error {
	boundaries, _, err := geo.ReadBoundaries(bytes.NewReader(demo.GeoJSON()))
	if err != nil {
		return err
	}
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	loaded := 0
	for _, b := range boundaries {
		unit := units.At(b.Code, store.Today())
		if unit == nil || !unit.HasBoundary {
			continue
		}
		shape, err := store.Boundary(ctx, unit)
		if err != nil {
			return err
		}
		if !orb.Equal(shape.MultiPolygon, b.Shape.MultiPolygon) {
			return fmt.Errorf("unit %s has a boundary that is not the demo's: the demo needs a database of its own", b.Code)
		}
		loaded++
	}
	if loaded == len(boundaries) {
		return nil
	}
	_, _, err = store.ImportBoundaries(ctx, bytes.NewReader(demo.GeoJSON()), store.Today())
	return err
}

// load imports the rows through a pipe, exactly as from a file.
func (c *demoCommand) load(ctx context.Context, s streams, store *models.Store) (models.ImportCounts, error) {
	in, out := io.Pipe()
	defer in.Close()
	go func() { out.CloseWithError(demo.WriteCSV(out, c.Seed, c.Size)) }()
	reader, err := importfile.Open(in, importfile.CSV, importfile.Options{})
	if err != nil {
		return models.ImportCounts{}, err
	}
	bar := newProgress(s.err, int64(c.Size))
	defer bar.finish()
	return store.Import(ctx, reader, models.ImportOptions{
		Source: c.source(),
		Actor:  models.Actor{Name: "demo", Verification: models.VerificationImported, Method: "synthetic"},
		Reject: func(r importfile.Rejection) error {
			_, err := fmt.Fprintf(s.err, "row %d: %s\n", r.Line, r.En)
			return err
		},
		Progress: func(n models.ImportCounts) { bar.bar.Set(n.Read); bar.rows(n) },
	})
}

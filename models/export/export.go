// Package export writes addresses and units as files for other programs:
// NDJSON, GeoJSON (RFC 7946) and CSV (RFC 4180), of one moment of the registry
// and with what anybody may see.
//
// A file is written as the registry is read, with a memory that does not grow
// with it. One that breaks off never looks like a whole GeoJSON; of the other
// two the caller must see to it.
package export

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"diachiso/geo"
	"diachiso/models"
)

// Format is a form of file.
type Format string

// The formats.
const (
	NDJSON  Format = "ndjson"  // an object a line
	GeoJSON Format = "geojson" // a FeatureCollection
	CSV     Format = "csv"
)

// FormatOf tells the format of a file by the end of its name: .ndjson and
// .jsonl, .geojson, .csv. Any other is Invalid.
func FormatOf(name string) (Format, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ndjson", ".jsonl":
		return NDJSON, nil
	case ".geojson":
		return GeoJSON, nil
	case ".csv":
		return CSV, nil
	}
	return "", models.NewError(models.Invalid, "", "unknown-format", "The name %q does not end in .geojson, .csv or .ndjson: say which format it is to have.",
		"Tên %q không có đuôi .geojson, .csv hoặc .ndjson: hãy cho biết định dạng.", filepath.Base(name))
}

// Options say how a file is written.
type Options struct {
	Format Format
	Mark   bool // the byte order mark by which Excel knows that a CSV is UTF-8

	Begin    func(models.FeedPosition) error // told the moment before anything is written; nil: nobody
	Progress func(rows int)                  // told now and then how many are written; nil: nobody
}

func (o Options) begin(p models.FeedPosition) error {
	if o.Begin == nil {
		return nil
	}
	return o.Begin(p)
}

func (o Options) progress(rows int) {
	if o.Progress != nil {
		o.Progress(rows)
	}
}

// Addresses writes the addresses of a filter (its page apart), current and
// retired, by code, and answers how many. Its first error ends it: of ctx, of
// Begin, of out, or of a store that can't answer.
func Addresses(ctx context.Context, store *models.Store, f models.ListFilter, o Options, out io.Writer) (rows int, err error) {
	units, err := store.Units(ctx)
	if err != nil {
		return 0, err
	}
	w, today := NewAddressWriter(out, o), store.Today()
	err = store.Snapshot(ctx, f, o.begin, func(list []*models.Address) error {
		for _, a := range list {
			p := units.Public(a, today)
			if err := w.Write(&p); err != nil {
				return err
			}
		}
		o.progress(w.rows)
		return nil
	})
	if err != nil {
		return w.rows, err
	}
	return w.rows, w.Close()
}

// Units writes the units of a filter by level and code, in GeoJSON with their
// boundaries, and answers how many; f.Day must be a day.
func Units(ctx context.Context, store *models.Store, f models.UnitFilter, o Options, out io.Writer) (rows int, err error) {
	w := newUnitWriter(out, o, f.Day)
	err = store.SnapshotUnits(ctx, f, o.begin, func(u *models.AdminUnit, boundary func() (geo.Shape, error)) error {
		row := unitRow{PublicUnit: u.Public()}
		if o.Format == GeoJSON && u.HasBoundary {
			var err error
			if row.shape, err = boundary(); err != nil {
				return err
			}
		}
		return w.Write(&row)
	})
	if err != nil {
		return w.rows, err
	}
	o.progress(w.rows)
	return w.rows, w.Close()
}

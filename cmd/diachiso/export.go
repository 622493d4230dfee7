package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"diachiso/handlers"
	"diachiso/models"
	"diachiso/models/export"
)

// exportCommand writes what anybody may see into a file.
type exportCommand struct {
	Addresses exportAddressesCommand `cmd:"" default:"withargs" help:"Export addresses; the default."`
	Units     exportUnitsCommand     `cmd:"" help:"Export administrative units, to GeoJSON with their boundaries."`
}

// exportFile are the flags of every export.
type exportFile struct {
	File      string `arg:"" help:"The file to write, .csv, .geojson or .ndjson; - is standard output. docs/exports.md tells more."`
	Format    string `placeholder:"FORMAT" help:"csv, geojson or ndjson; default by the file's name."`
	BOM       bool   `name:"bom" help:"Begin a CSV with the byte order mark by which Excel knows that it is UTF-8."`
	Overwrite bool   `help:"Replace the file if it is there."`
}

// options are those of the file.
func (f *exportFile) options() (export.Options, error) {
	o := export.Options{Format: export.Format(f.Format), Mark: f.BOM}
	switch {
	case o.Format == "" && f.File == "-":
		return o, usagef("standard output has no name that tells its format: write --format csv, geojson or ndjson")
	case o.Format == "":
		var err error
		if o.Format, err = export.FormatOf(f.File); err != nil {
			return o, usageError{err}
		}
	case !slices.Contains([]export.Format{export.CSV, export.GeoJSON, export.NDJSON}, o.Format):
		return o, usagef("--format %s is not known: write csv, geojson or ndjson", f.Format)
	}
	if o.Mark && o.Format != export.CSV {
		return o, usagef("--bom is for CSV: %s is always read as UTF-8", o.Format)
	}
	return o, nil
}

// write writes the file and says how many of what it has and of which moment
// they are: on standard output, or where that is the file, on standard error.
func (f *exportFile) write(s streams, one, many string, o export.Options, work func(o export.Options, out io.Writer) (rows int, err error)) error {
	out, err := createOutput(f.File, "file", f.Overwrite, s.out)
	if err != nil {
		return err
	}
	defer out.discard()
	if err := out.share(); err != nil {
		return err
	}
	bar := newProgress(s.err, -1)
	var moment models.FeedPosition
	o.Begin = func(p models.FeedPosition) error { moment = p; return nil }
	o.Progress = bar.count
	rows, err := work(o, out)
	bar.finish()
	if err != nil {
		return fmt.Errorf("%s: stopped after %s: %w", f.File, counted(rows, one, many), err)
	}
	if err := out.complete(); err != nil {
		return err
	}
	say := s.out
	if f.File == "-" {
		say = s.err
	}
	fmt.Fprintf(say, "%s written; snapshot %s\n", counted(rows, one, many), moment)
	return nil
}

type exportAddressesCommand struct {
	database
	exportFile
	BBox         string `name:"bbox" placeholder:"BOX" help:"Only those in minLng,minLat,maxLng,maxLat, edges included."`
	Commune      string `placeholder:"COMMUNE" help:"Only those of a commune, by code or name; of a former one, those that were in it."`
	Kind         string `placeholder:"KIND" help:"Only those of a kind: household, business, farm, shop, public or landmark."`
	Status       string `placeholder:"STATUS" help:"Only current or only retired ones."`
	UpdatedSince string `placeholder:"TIME" help:"Only those changed since a time, as 2025-07-01T08:30:00Z, or a day, as 2025-07-01."`
}

// Run writes the addresses.
func (c *exportAddressesCommand) Run(ctx context.Context, s streams) error {
	o, err := c.exportFile.options()
	if err != nil {
		return err
	}
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	filter, err := handlers.AddressFilter(ctx, store, c.parameters())
	if err != nil {
		return flagError(err)
	}
	if filter.Commune, err = communeNamed(ctx, store, c.Commune); err != nil {
		return err
	}
	return c.write(s, "address", "addresses", o, func(o export.Options, out io.Writer) (int, error) {
		return export.Addresses(ctx, store, filter, o, out)
	})
}

// flagError names the flags instead of the parameters of the call.
func flagError(err error) error {
	list, ok := errors.AsType[models.Errors](err)
	if !ok {
		return err
	}
	wrong := list[0]
	return usagef("--%s: %s", strings.ReplaceAll(wrong.Field, "_", "-"), wrong.En)
}

// parameters are the filters as those of the call, but for the commune, which
// may be named here.
func (c *exportAddressesCommand) parameters() url.Values {
	given := url.Values{}
	for name, value := range map[string]string{"bbox": c.BBox, "kind": c.Kind, "status": c.Status, "updated_since": c.UpdatedSince} {
		if value != "" {
			given.Set(name, value)
		}
	}
	return given
}

type exportUnitsCommand struct {
	database
	exportFile
	Level string `placeholder:"LEVEL" help:"Only of this level: province, district or commune."`
	AsOf  string `placeholder:"DATE" help:"The day whose units are meant, YYYY-MM-DD; default today."`
}

// Run writes the units.
func (c *exportUnitsCommand) Run(ctx context.Context, s streams) error {
	o, err := c.exportFile.options()
	if err != nil {
		return err
	}
	if levels := []string{models.LevelProvince, models.LevelDistrict, models.LevelCommune}; c.Level != "" && !slices.Contains(levels, c.Level) {
		return usagef("--level %s is not known: write province, district or commune", c.Level)
	}
	day, err := optionalDate("--as-of", c.AsOf)
	if err != nil {
		return err
	}
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if day == "" {
		day = store.Today()
	}
	return c.write(s, "unit", "units", o, func(o export.Options, out io.Writer) (int, error) {
		return export.Units(ctx, store, models.UnitFilter{Level: c.Level, Day: day}, o, out)
	})
}

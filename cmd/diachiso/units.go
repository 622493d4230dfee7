package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"diachiso/models"
)

// unitsCommand looks after the administrative units.
type unitsCommand struct {
	Import unitsImportCommand `cmd:"" help:"Import units from a CSV file, or their boundaries from a GeoJSON file."`
	List   unitsListCommand   `cmd:"" help:"List the units in force on a day."`
}

type unitsImportCommand struct {
	database
	File       string `arg:"" optional:"" type:"existingfile" help:"CSV with the columns level, code, parent, full_name, kind, valid_from, valid_to, postcode, successors."`
	Boundaries string `type:"existingfile" placeholder:"FILE" help:"GeoJSON FeatureCollection of polygons (WGS 84) with the property code."`
	AsOf       string `placeholder:"DATE" help:"The day whose units the boundaries are of, YYYY-MM-DD; default today."`
}

// Run imports the units, then the boundaries.
func (c *unitsImportCommand) Run(ctx context.Context, s streams) error {
	if c.File == "" && c.Boundaries == "" {
		return usagef("name a CSV file of units, or --boundaries FILE")
	}
	day, err := optionalDate("--as-of", c.AsOf)
	if err != nil {
		return err
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.File != "" {
		if err := c.importUnits(ctx, s, store); err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
	}
	if c.Boundaries == "" {
		return nil
	}
	if day == "" {
		day = store.Today()
	}
	if err := c.importBoundaries(ctx, s, store, day); err != nil {
		return fmt.Errorf("%s: %w", c.Boundaries, err)
	}
	return nil
}

func (c *unitsImportCommand) importUnits(ctx context.Context, s streams, store *models.Store) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	n, err := store.ImportUnits(ctx, file)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "units: %d inserted, %d updated, %d unchanged\n", n.Inserted, n.Updated, n.Unchanged)
	return nil
}

func (c *unitsImportCommand) importBoundaries(ctx context.Context, s streams, store *models.Store, day models.Date) error {
	file, err := os.Open(c.Boundaries)
	if err != nil {
		return err
	}
	defer file.Close()
	n, warnings, err := store.ImportBoundaries(ctx, file, day)
	for _, w := range warnings {
		fmt.Fprintln(s.err, "warning:", w)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "boundaries: %d loaded\n", n.Updated)
	return nil
}

// optionalDate reads a day that may be left out.
func optionalDate(flag, text string) (models.Date, error) {
	if text == "" {
		return "", nil
	}
	day, err := models.ParseDate(text)
	if err != nil {
		return "", usagef("%s: %w", flag, err)
	}
	return day, nil
}

type unitsListCommand struct {
	database
	Level  string `enum:",province,district,commune" default:"" help:"Only of this level: province, district or commune."`
	Parent string `placeholder:"CODE" help:"Only those right under this unit."`
	AsOf   string `placeholder:"DATE" help:"The day, YYYY-MM-DD; default today."`
}

// Run prints a table.
func (c *unitsListCommand) Run(ctx context.Context, s streams) error {
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
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "CODE\tLEVEL\tNAME\tVALID_FROM\tVALID_TO\tBOUNDARY")
	for _, u := range units.List(models.UnitFilter{Level: c.Level, Parent: c.Parent, Day: day}) {
		boundary := "no"
		if u.HasBoundary {
			boundary = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", u.Code, u.Level, u.FullName, u.ValidFrom, u.ValidTo, boundary)
	}
	return table.Flush()
}

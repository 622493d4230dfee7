package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"diachiso/models"
	"diachiso/models/importfile"
)

// importCommand imports a file of addresses.
type importCommand struct {
	database
	File            string `arg:"" type:"existingfile" help:"A .csv or .geojson file; docs/import.md lists the columns."`
	Source          string `placeholder:"NAME" help:"Whose refs the column ref holds; needed when there is one."`
	AsOf            string `placeholder:"DATE" help:"The day whose units the file means, YYYY-MM-DD."`
	Encoding        string `placeholder:"NAME" help:"windows-1258 for a CSV in the old Vietnamese code page; default UTF-8."`
	DecimalComma    bool   `help:"Numbers are written with a comma: 10,9804."`
	LegalBasis      string `placeholder:"TEXT" help:"Why the names and telephone numbers of owners (owner_name, phone) may be kept; stored with them."`
	WithoutContacts bool   `help:"Leave out the columns owner_name and phone."`
}

// Run imports the rows and says what became of them. Rejected rows stand in
// FILE.errors.csv and make the exit code 1.
func (c *importCommand) Run(ctx context.Context, s streams) error {
	asOf, err := optionalDate("--as-of", c.AsOf)
	if err != nil {
		return err
	}
	format, err := importfile.FormatOf(c.File)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	store, err := c.openAloud(ctx, s)
	if err != nil {
		return err
	}
	defer store.Close()

	bar := newProgress(s.err, sizeOf(file))
	reader, err := importfile.Open(io.TeeReader(file, bar), format, importfile.Options{Encoding: c.Encoding, DecimalComma: c.DecimalComma})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	rejects, err := importfile.NewErrorFile(c.File, reader.Names())
	if err != nil {
		return err
	}
	counts, err := store.Import(ctx, reader, models.ImportOptions{
		Source: c.Source, AsOf: asOf, WithoutContacts: c.WithoutContacts, LegalBasis: c.LegalBasis,
		Actor:    models.Actor{Name: "import " + filepath.Base(c.File), Verification: models.VerificationImported, Method: "import"},
		Reject:   rejects.Write,
		Progress: bar.rows,
	})
	bar.finish()
	if closeErr := rejects.Close(); err == nil {
		err = closeErr
	}
	if err != nil && counts.Read == 0 {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	printCounts(s.out, counts)
	if err != nil {
		return fmt.Errorf("%s: stopped: %w", c.File, err)
	}
	if err := warnOfBoundaries(ctx, s, store); err != nil {
		return err
	}
	if counts.Rejected > 0 {
		fmt.Fprintf(s.err, "The rejected rows and the reasons are in %s.\n", importfile.ErrorFileName(c.File))
		return errQuiet
	}
	return nil
}

// warnOfBoundaries says when points could not be compared with communes.
func warnOfBoundaries(ctx context.Context, s streams, store *models.Store) error {
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	missing := 0
	for _, u := range units.List(models.UnitFilter{Level: models.LevelCommune, Day: store.Today()}) {
		if !u.HasBoundary {
			missing++
		}
	}
	if missing > 0 {
		fmt.Fprintf(s.err, "%d communes have no boundary: rows that name them were believed. Load boundaries before the first import: diachiso units import --boundaries FILE.\n", missing)
	}
	return nil
}

func printCounts(w io.Writer, n models.ImportCounts) {
	fmt.Fprintf(w, "%d rows read: %d inserted, %d updated, %d unchanged, %d rejected\n",
		n.Read, n.Inserted, n.Updated, n.Unchanged, n.Rejected)
}

func sizeOf(file *os.File) int64 {
	info, err := file.Stat()
	if err != nil {
		return -1 // the bar shows no end then
	}
	return info.Size()
}

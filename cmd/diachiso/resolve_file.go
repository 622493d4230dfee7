package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/batch"
)

// resolveFile are the flags of a table whose rows are all answered.
type resolveFile struct {
	File       string `type:"existingfile" placeholder:"FILE" help:"Answer every row of a table (.csv, .ndjson, .json; - is standard input) behind its own columns; docs/batch.md tells more."`
	With       string `enum:"search,resolve,reverse" default:"search" placeholder:"CALL" help:"What the rows are asked for: search (written addresses, codes and points; the default), resolve (codes and points), reverse (what is nearest to lat and lng)."`
	Format     string `placeholder:"FORMAT" help:"csv, ndjson or json; default by the file's name."`
	Column     string `placeholder:"NAME" help:"The column to ask for; default the first of q, query, input, text, address, code, or for reverse lat and lng."`
	Output     string `type:"path" placeholder:"FILE" help:"Where to write the rows with their answers; default standard output."`
	Overwrite  bool   `help:"Replace the output file if it is there."`
	Vietnamese bool   `help:"Write the messages in Vietnamese."`
}

// flagWithoutFile is a flag that says nothing without --file; empty: none is given.
func (f *resolveFile) flagWithoutFile() string {
	switch {
	case f.With != string(batch.CallSearch): // the default, by which an input is read too
		return "--with"
	case f.Format != "":
		return "--format"
	case f.Column != "":
		return "--column"
	case f.Output != "":
		return "--output"
	case f.Overwrite:
		return "--overwrite"
	case f.Vietnamese:
		return "--vietnamese"
	}
	return ""
}

// options are those of the table, without what only a registry can tell.
func (f *resolveFile) options() (batch.Options, error) {
	o := batch.Options{Call: batch.Call(f.With), Format: batch.Format(f.Format),
		Column: f.Column, Vietnamese: f.Vietnamese}
	switch {
	case slices.Contains([]batch.Format{batch.FormatCSV, batch.FormatNDJSON, batch.FormatJSON}, o.Format):
		return o, nil
	case o.Format != "":
		return o, usagef("--format %s is not known: write csv, ndjson or json", f.Format)
	case f.File == "-":
		return o, usagef("standard input has no name that tells its format: write --format csv, ndjson or json")
	}
	var err error
	if o.Format, err = batch.FormatOf(f.File); err != nil {
		return o, usagef("--file: %w", err)
	}
	return o, nil
}

// answerFile answers the table and says on standard error what became of its
// rows. The exit code is 0 when every row has its answer, whatever that is.
func (c *resolveCommand) answerFile(ctx context.Context, s streams, near *geo.Point) error {
	o, err := c.resolveFile.options()
	if err != nil {
		return err
	}
	o.Near = near
	in, err := c.openTable()
	if err != nil {
		return err
	}
	defer in.Close()
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if o.Commune, err = communeNamed(ctx, store, c.Commune); err != nil {
		return err
	}
	table, err := batch.Open(in, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	out, err := c.createOutput(s.out)
	if err != nil {
		return err
	}
	defer out.discard()
	bar := newProgress(s.err, int64(table.Rows()))
	n, err := table.Write(ctx, store, out, func(done int) { bar.of(done, table.Rows()) })
	bar.finish()
	if err != nil {
		return fmt.Errorf("%s: stopped after %d of %d rows: %w", c.File, n.Rows, table.Rows(), err)
	}
	if err := out.complete(); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s answered: %d found, %d uncertain, %d not found, %d invalid\n", counted(n.Rows, "row", "rows"), n.Found, n.Uncertain, n.NotFound, n.Invalid)
	return nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// openTable opens the file. A table is read twice, so what can be read only
// once goes to a file of its own first.
func (f *resolveFile) openTable() (io.ReadSeekCloser, error) {
	file := os.Stdin
	if f.File != "-" {
		var err error
		if file, err = os.Open(f.File); err != nil {
			return nil, err
		}
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		return file, nil
	}
	defer file.Close()
	return spool(file)
}

func spool(in io.Reader) (io.ReadSeekCloser, error) {
	file, err := os.CreateTemp("", "diachiso-*")
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(file, in); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		removeTemp(file)
		return nil, fmt.Errorf("read the input: %w", err)
	}
	return temporary{file}, nil
}

// temporary is a file that is gone when it is closed.
type temporary struct{ *os.File }

// Close closes and removes the file.
func (t temporary) Close() error {
	removeTemp(t.File)
	return nil
}

// removeTemp forgets a file; that it can't be removed harms nobody.
func removeTemp(file *os.File) {
	file.Close()
	os.Remove(file.Name())
}

// communeNamed is the commune of a code or name, today's before former ones; an
// empty name is nil.
func communeNamed(ctx context.Context, store *models.Store, name string) (*models.AdminUnit, error) {
	units, err := store.Units(ctx)
	if err != nil || name == "" {
		return nil, err
	}
	named, err := units.CommunesNamed(name, store.Today())
	if err != nil {
		return nil, usagef("--commune: no commune is called %q, today or before the reform: write its full name or its code; diachiso units list --level commune lists them", name)
	}
	if now := slices.DeleteFunc(slices.Clone(named), func(u *models.AdminUnit) bool { return !u.InForce(store.Today()) }); len(now) > 0 {
		named = now
	}
	if len(named) > 1 {
		return nil, usagef("--commune: %s names %s and %s: write the full name or the code", name, describeUnit(named[0]), describeUnit(named[1]))
	}
	return named[0], nil
}

func describeUnit(u *models.AdminUnit) string {
	return fmt.Sprintf("%s (%s, from %s)", u.FullName, u.Code, u.ValidFrom)
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/batch"
)

// resolveCommand asks the registry for one input or for a table of them.
type resolveCommand struct {
	database
	Input   []string `arg:"" optional:"" sep:"none" help:"Any code of any line, with or without spaces, lat,lng, or a written address."`
	Near    string   `placeholder:"LAT,LNG" help:"A point nearby, for short Plus Codes and for ranking."`
	Commune string   `help:"The commune it should be in, by code or name."`
	JSON    bool     `help:"Print each address as a line of JSON."`

	resolveFile `embed:"" group:"Many at once:"`
}

// Run answers the input or the table.
func (c *resolveCommand) Run(ctx context.Context, s streams) error {
	near, err := c.near()
	if err != nil {
		return err
	}
	switch flag := c.flagWithoutFile(); {
	case c.File == "" && len(c.Input) == 0:
		return usagef("name a code, a point or a written address, or a table with --file")
	case c.File == "" && flag != "":
		return usagef("%s is for tables: name one with --file", flag)
	case c.File == "":
		return c.resolveInput(ctx, s, near)
	case len(c.Input) > 0:
		return usagef("an input (%s) and --file exclude each other: write the input into the table", strings.Join(c.Input, " "))
	case c.JSON:
		return usagef("--json and --file exclude each other: a table is answered in its own format")
	}
	return c.answerFile(ctx, s, near)
}

// near reads the point nearby; nil: none is given.
func (c *resolveCommand) near() (*geo.Point, error) {
	if c.Near == "" {
		return nil, nil
	}
	near, err := geo.ParsePair(c.Near)
	if err != nil {
		return nil, usagef("--near: %w", err)
	}
	return &near, nil
}

// resolveInput prints the addresses of one input; where there are none it says
// what was meant perhaps and ends with exit code 1.
func (c *resolveCommand) resolveInput(ctx context.Context, s streams, near *geo.Point) error {
	q := models.Query{Input: strings.Join(c.Input, " "), Commune: c.Commune, Near: near}
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	commune, err := communeNamed(ctx, store, c.Commune)
	if err != nil {
		return err
	}
	found, err := store.Resolve(ctx, q)
	if err != nil {
		return err
	}
	if len(found.Readings.All) == 0 && len(found.Candidates) == 0 {
		return c.searchInput(ctx, s, store, models.SearchQuery{Text: q.Input, Near: near, Commune: commune, Limit: maxMeant}, found.Problem)
	}
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	for _, m := range found.Matches {
		if err := c.print(s, string(m.Scheme), units.Public(m.Address, store.Today())); err != nil {
			return err
		}
	}
	if found.Truncated {
		fmt.Fprintln(s.err, "More addresses match; these are the first.")
	}
	if len(found.Matches) > 0 {
		return nil
	}
	return c.explain(s, found, units, store.Today())
}

// maxMeant is how many addresses a text may mean.
const maxMeant = 5

// searchInput prints the address that a text means which is no code; where that
// is not certain it says what was meant perhaps and ends with exit code 1.
// problem is why it is no code.
func (c *resolveCommand) searchInput(ctx context.Context, s streams, store *models.Store, q models.SearchQuery, problem error) error {
	found, err := store.Search(ctx, q)
	if wrong, ok := errors.AsType[*models.Error](err); ok && wrong.Kind == models.Invalid {
		return errors.New(wrong.En)
	}
	if err != nil {
		return err
	}
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return notFound(q.Text, problem)
	}
	if best := found[0]; best.Match.Class != models.ClassUncertain {
		if said := batch.Explain(best); said != "" {
			fmt.Fprintln(s.err, said)
		}
		return c.print(s, "written address, class "+best.Match.Class, units.Public(best.Address, store.Today()))
	}
	for _, f := range found {
		a := units.Public(f.Address, store.Today())
		fmt.Fprintln(s.err, strings.TrimSpace(fmt.Sprintf("Did you mean %s, %s? %s", a.Formatted, a.Text, batch.Explain(f))))
	}
	return errQuiet
}

// notFound says that nothing fits a text, or why it is no code where it looks
// like one.
func notFound(text string, problem error) error {
	e, ok := errors.AsType[*models.Error](problem)
	switch {
	case !ok, e.Code == "unreadable", e.Code == "too-long", e.Code == "bad-plus-code" && strings.Contains(text, " "):
	default:
		return errors.New(e.En)
	}
	return fmt.Errorf("nothing registered fits %q", text)
}

func (c *resolveCommand) print(s streams, readAs string, a models.PublicAddress) error {
	if c.JSON {
		return json.NewEncoder(s.out).Encode(a)
	}
	fmt.Fprintf(s.out, "%s  %s\n", a.Formatted, a.Text)
	fmt.Fprintf(s.out, "  %s, %s, read as %s\n", a.Kind, a.Status, readAs)
	fmt.Fprintf(s.out, "  %s\n", a.Links.Geo)
	if a.Formerly != "" {
		fmt.Fprintf(s.out, "  formerly %s\n", a.Formerly)
	}
	for _, next := range a.Successors {
		fmt.Fprintf(s.out, "  now %s\n", next.Grouped())
	}
	return nil
}

func (c *resolveCommand) explain(s streams, found *models.Resolution, units *models.Units, today models.Date) error {
	var problem *models.Error
	if errors.As(found.Problem, &problem) {
		fmt.Fprintln(s.err, "diachiso:", problem.En)
	}
	for _, candidate := range found.Candidates {
		a := units.Public(candidate.Address, today)
		fmt.Fprintf(s.err, "Did you mean %s, %s?\n", a.Formatted, a.Text)
	}
	return errQuiet
}

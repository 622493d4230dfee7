package main

import (
	"context"
	"fmt"
)

// checkCommand proves the invariants of a database.
type checkCommand struct{ database }

// Run prints every violation; the exit code is 1 when there is one.
func (c *checkCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	bar := newProgress(s.err, -1)
	violations, err := store.Check(ctx, bar.of)
	bar.finish()
	if err != nil {
		return err
	}
	for _, v := range violations {
		fmt.Fprintln(s.out, v)
	}
	if len(violations) > 0 {
		fmt.Fprintf(s.err, "Violations of invariants: %d.\n", len(violations))
		return errQuiet
	}
	fmt.Fprintln(s.out, "Every invariant holds.")
	return nil
}

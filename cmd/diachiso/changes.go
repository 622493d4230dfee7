package main

import (
	"context"
	"fmt"
)

// changesCommand looks after the change feed.
type changesCommand struct {
	NewEpoch newEpochCommand `cmd:"" help:"Make every reader of the change feed begin again with a snapshot. Use it once after a backup was restored, before the registry is served: the numbers of the changes that were lost are given out again."`
}

type newEpochCommand struct{ database }

// Run prints the new epoch.
func (c *newEpochCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	epoch, err := store.NewEpoch(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, epoch)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"

	"diachiso/models"
)

// migrateCommand looks after the tables.
type migrateCommand struct {
	Status migrateStatusCommand `cmd:"" help:"List the migrations and whether the database has them."`
	Up     migrateUpCommand     `cmd:"" help:"Bring the tables to this program's version, as every start does."`

	Recount migrateRecountCommand `cmd:"" help:"Count the addresses anew for statistics and maps, where check finds the counts wrong."`
}

type migrateStatusCommand struct{ database }

// Run lists the migrations; it applies none.
func (c *migrateStatusCommand) Run(ctx context.Context, s streams) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	o.MustExist = true
	list, version, err := models.MigrationStatus(ctx, o)
	if err != nil {
		return err
	}
	for _, m := range list {
		state := "pending"
		if m.Applied {
			state = "applied"
		}
		fmt.Fprintf(s.out, "%-8s %s\n", state, m.Name)
	}
	if last := list[len(list)-1].Version; version > last {
		fmt.Fprintf(s.out, "newer    the database has version %d, this program knows %d\n", version, last)
		return errQuiet
	}
	return nil
}

type migrateUpCommand struct{ database }

// Run opens the registry, which migrates it.
func (c *migrateUpCommand) Run(ctx context.Context, s streams) error {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "The tables of the %s database are up to date.\n", store.Database())
	return store.Close()
}

type migrateRecountCommand struct{ database }

// Run counts all addresses anew.
func (c *migrateRecountCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	addresses, err := store.Recount(ctx)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	fmt.Fprintf(s.err, "%d addresses counted.\n", addresses)
	return store.Close()
}

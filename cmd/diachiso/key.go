package main

import (
	"context"
	"fmt"
	"time"

	"diachiso/models"
)

// keyCommand makes keys.
type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make a key and print it, alone and this once."`
}

type keyCreateCommand struct {
	database
	Role    string `required:"" enum:"admin" help:"What the key may do: admin (write everything)."`
	Name    string `required:"" help:"Who uses the key; it stands in the change log."`
	Expires string `placeholder:"DATE" help:"The last day of the key, YYYY-MM-DD; empty: no end."`
}

// Run prints the key alone on standard output.
func (c *keyCreateCommand) Run(ctx context.Context, s streams) error {
	var expires time.Time
	if c.Expires != "" {
		day, err := models.ParseDate(c.Expires)
		if err != nil {
			return usagef("--expires: %w", err)
		}
		if expires = day.End(); expires.Before(time.Now()) {
			return usagef("--expires: %s is over: write a day to come, or leave it out for a key without end", day)
		}
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	key, err := store.CreateKey(ctx, c.Name, c.Role, expires)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, key)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"diachiso/models"
)

// keyCommand makes and ends keys.
type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make a key and print it, alone and this once."`
	List   keyListCommand   `cmd:"" help:"List the keys: number, role, state, day of making, last use (UTC), name, communes."`
	Revoke keyRevokeCommand `cmd:"" help:"Make a key open nothing from now on."`
	Rotate keyRotateCommand `cmd:"" help:"Give a key another text and print it, alone and this once; the old one opens nothing from now on."`
}

type keyListCommand struct {
	database
}

// Run prints a table of all keys, never their texts, which nobody has.
func (c *keyListCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	keys, err := store.Keys(ctx)
	if err != nil {
		return err
	}
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "number\trole\tstate\tmade\tlast used\tname\tcommunes")
	for _, k := range keys {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, stateOf(k, time.Now()), k.CreatedAt.Format(time.DateOnly), minuteOf(k.LastUsedAt), k.Name, communesOf(units, k))
	}
	return table.Flush()
}

// stateOf says whether a key opens anything.
func stateOf(k models.Key, now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked " + k.RevokedAt.Format(time.DateOnly)
	case !k.Open(now):
		return "expired"
	case !k.ExpiresAt.IsZero():
		return "until " + string(models.DateOf(k.ExpiresAt.Add(-time.Second)))
	}
	return "open"
}

// communesOf lists where an officer's key writes.
func communesOf(units *models.Units, k models.Key) string {
	var list []string
	for _, unit := range units.CommunesOf(k) {
		list = append(list, unit.Code+" "+unit.FullName)
	}
	return strings.Join(list, ", ")
}

func minuteOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format("2006-01-02 15:04")
}

// keyNumber is the number of a key.
type keyNumber int64

// UnmarshalText reads what key list shows.
func (n *keyNumber) UnmarshalText(text []byte) error {
	number, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || number < 1 {
		return fmt.Errorf("%q is no number of a key: diachiso key list shows them", text)
	}
	*n = keyNumber(number)
	return nil
}

// plainly says an error as its sentence alone, which names the key itself.
func plainly(err error) error {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return errors.New(e.En)
	}
	return err
}

type keyRevokeCommand struct {
	database
	Number keyNumber `arg:"" help:"The number of the key, as key list shows it."`
}

// Run says which key was revoked.
func (c *keyRevokeCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	key, err := store.RevokeKey(ctx, int64(c.Number))
	if err != nil {
		return plainly(err)
	}
	fmt.Fprintf(s.err, "The key number %d (%s) opens nothing any more.\n", key.ID, key.Name)
	return nil
}

type keyRotateCommand struct {
	database
	Number keyNumber `arg:"" help:"The number of the key, as key list shows it."`
}

// Run prints the new text alone on standard output.
func (c *keyRotateCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	text, key, err := store.RotateKey(ctx, int64(c.Number))
	if err != nil {
		return plainly(err)
	}
	fmt.Fprintf(s.err, "The old text of the key number %d (%s) opens nothing any more. The new one, this once:\n", key.ID, key.Name)
	_, err = fmt.Fprintln(s.out, text)
	return err
}

type keyCreateCommand struct {
	database
	Role    string   `required:"" enum:"courier,officer,admin" help:"What the key may do: courier (read contacts with a purpose, confirm deliveries), officer (review and write in its communes) or admin (write everything)."`
	Name    string   `required:"" help:"Who uses the key: a desk or a program, no person; it stands in the change log."`
	Commune []string `placeholder:"CODE" help:"A commune that an officer's key writes in, by code or name; several are separated by commas."`
	Expires string   `placeholder:"DATE" help:"The last day of the key, YYYY-MM-DD; empty: no end."`
}

// Run prints the key alone on standard output.
func (c *keyCreateCommand) Run(ctx context.Context, s streams) error {
	var lastDay models.Date
	if c.Expires != "" {
		day, err := models.ParseDate(c.Expires)
		if err != nil {
			return usagef("--expires: %w", err)
		}
		lastDay = day
	}
	store, err := c.openAloud(ctx, s)
	if err != nil {
		return err
	}
	defer store.Close()
	key, _, err := store.CreateKey(ctx, models.KeyRequest{Name: c.Name, Role: c.Role, Communes: c.Commune, LastDay: lastDay})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, key)
	return err
}

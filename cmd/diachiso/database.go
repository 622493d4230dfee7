package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"diachiso/models"
)

// database are the settings of every command that opens the registry.
type database struct {
	DatabaseURL     string `name:"database-url" env:"DIACHISO_DATABASE_URL" placeholder:"URL" help:"postgres://… or the path of a SQLite file; empty: data/diachiso.db."`
	DatabaseURLFile string `name:"database-url-file" env:"DIACHISO_DATABASE_URL_FILE" placeholder:"FILE" help:"A file that holds the database URL, as a secret; counts where no URL is given."`
	DBConns         int    `name:"db-conns" env:"DIACHISO_DB_CONNS" placeholder:"N" help:"Connections for reading; 0: a number that suits this machine."`
}

// options reads the settings, the secret from its file.
func (d database) options() (models.Options, error) {
	o := models.Options{URL: d.DatabaseURL, Connections: d.DBConns}
	if d.DBConns < 0 {
		return o, usagef("--db-conns %d: write 0 or the number of connections", d.DBConns)
	}
	if o.URL == "" && d.DatabaseURLFile != "" {
		text, err := os.ReadFile(d.DatabaseURLFile)
		if err != nil {
			return o, fmt.Errorf("read the database URL: %w", err)
		}
		if o.URL = strings.TrimSpace(string(text)); o.URL == "" {
			return o, fmt.Errorf("%s is empty: it must hold the database URL", d.DatabaseURLFile)
		}
	}
	return o, checkScheme(o.URL)
}

// checkScheme refuses the URL of another database, which would be taken for
// the path of a file. The URL may hold a password, so only its scheme is shown.
func checkScheme(url string) error {
	scheme, _, isURL := strings.Cut(url, "://")
	if !isURL || scheme == "postgres" || scheme == "postgresql" {
		return nil
	}
	return usagef("the database URL begins with %s://: write postgres://… or the path of a SQLite file", scheme)
}

// open opens the registry, or makes a new one.
func (d database) open(ctx context.Context) (*models.Store, error) {
	o, err := d.options()
	if err != nil {
		return nil, err
	}
	return openWith(ctx, o)
}

// openAloud is open for a command that is meant for a registry that is there:
// a new one, of a mistyped path, must not go unnoticed.
func (d database) openAloud(ctx context.Context, s streams) (*models.Store, error) {
	o, err := d.options()
	if err != nil {
		return nil, err
	}
	path := cmp.Or(o.URL, models.DefaultDatabase)
	_, missing := os.Stat(path)
	store, err := openWith(ctx, o)
	if err == nil && store.Database() == "sqlite" && errors.Is(missing, fs.ErrNotExist) {
		fmt.Fprintf(s.err, "A new registry was made: %s\n", path)
	}
	return store, err
}

// openExisting is open for commands that only ask: a mistyped path must not
// become an empty registry.
func (d database) openExisting(ctx context.Context) (*models.Store, error) {
	o, err := d.options()
	if err != nil {
		return nil, err
	}
	o.MustExist = true
	return openWith(ctx, o)
}

func openWith(ctx context.Context, o models.Options) (*models.Store, error) {
	store, err := models.Open(ctx, o)
	if err != nil && !strings.Contains(o.URL, "://") { // a URL may hold a password
		return nil, fmt.Errorf("%s: %w", cmp.Or(o.URL, models.DefaultDatabase), err)
	}
	return store, err
}

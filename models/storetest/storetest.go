// Package storetest gives tests the real store: every test runs on SQLite in a
// folder of its own and on PostgreSQL with PostGIS in a database of its own.
//
// The PostgreSQL half needs DIACHISO_TEST_POSTGRES_URL: a superuser's URL of a
// cluster that has the database diachiso_template (see scripts/with-postgres.sh).
// Without it that half is skipped, and fails where it was promised: with CI=true
// or DIACHISO_REQUIRE_POSTGRES set.
package storetest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/demo"
)

// Options say what a store of a test is like. The zero value is a registry
// with the shipped units, without boundaries, by the real clock.
type Options struct {
	Now          func() time.Time // the clock; nil: time.Now
	WithoutUnits bool             // leave out the shipped units
	Boundaries   bool             // load the demo's boundaries of the 36 communes of today
	Connections  int              // reading connections; 0: the program's number
}

// Each runs a test on a fresh store of both databases, as subtests called
// sqlite and postgres.
func Each(t *testing.T, run func(t *testing.T, s *models.Store)) {
	t.Helper()
	Options{}.Each(t, run)
}

// Each is the function Each for stores of these options.
func (o Options) Each(t *testing.T, run func(t *testing.T, s *models.Store)) {
	t.Helper()
	EachDatabase(t, func(t *testing.T, db Database) { run(t, db.Open(t, o)) })
}

// EachDatabase runs a test on an empty database of both kinds, as subtests
// called sqlite and postgres.
func EachDatabase(t *testing.T, run func(t *testing.T, db Database)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// Database is one database of one test. It comes into being when a store or a
// connection is first opened on it; Create does that for whoever opens it by
// its URL.
type Database struct {
	Kind string // as models.Store.Database names it: "sqlite" or "postgres"
	URL  string // as models.Options takes it

	make func(template func() string) bool // PostgreSQL: makes it of a template where it is not there yet; nil: it is
}

// SQLite is a file that is not there yet, in a folder that ends with the test.
func SQLite(t *testing.T) Database {
	return Database{Kind: "sqlite", URL: filepath.Join(t.TempDir(), "registry.db")}
}

// Open opens a store until the test ends; several may be open on one database,
// as several processes would.
func (db Database) Open(t *testing.T, o Options) *models.Store {
	t.Helper()
	copied := db.fill(t, o)
	s, err := models.Open(t.Context(), models.Options{
		URL: db.URL, Connections: o.Connections, Now: o.Now, WithoutUnits: o.WithoutUnits,
	})
	if err != nil {
		t.Fatalf("open a %s registry: %v", db.Kind, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the registry: %v", err)
		}
	})
	if o.Boundaries && !copied {
		LoadBoundaries(t, s)
	}
	return s
}

// LoadBoundaries loads the demo's boundaries into a registry that knows
// today's communes.
func LoadBoundaries(t *testing.T, s *models.Store) {
	t.Helper()
	if _, _, err := s.ImportBoundaries(t.Context(), bytes.NewReader(demo.GeoJSON()), "2025-07-01"); err != nil {
		t.Fatalf("load the boundaries of the demo: %v", err)
	}
}

// Noon is a clock that stands still at noon of a Vietnamese day, given as
// YYYY-MM-DD.
func Noon(day string) func() time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, time.FixedZone("UTC+7", 7*3600))
	if err != nil {
		panic(err) // the days of tests are written in them
	}
	return func() time.Time { return at.Add(12 * time.Hour) }
}

// required reports whether what is missing must fail the test.
func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("DIACHISO_REQUIRE_POSTGRES") != ""
}

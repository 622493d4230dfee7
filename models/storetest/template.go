package storetest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"diachiso/models"
)

// emptyTemplate is the database with PostGIS and nothing else that the test
// cluster comes with.
const emptyTemplate = "diachiso_template"

// contents are what the registry of a test begins with.
type contents struct{ units, boundaries bool }

func (o Options) contents() contents { return contents{!o.WithoutUnits, o.Boundaries} }

// filled are registries that are migrated and filled once in a process; tests
// get copies. It is the one global here: testing knows nothing that outlives a
// test and is shared by all.
var filled = struct {
	sync.Mutex
	postgres map[contents]string // names of databases, which end with the cluster
	sqlite   map[contents][]byte // files
}{postgres: map[contents]string{}, sqlite: map[contents][]byte{}}

// fill makes a database that is not there yet a copy of a filled one, and
// reports whether it did.
func (db Database) fill(t *testing.T, o Options) bool {
	t.Helper()
	if db.Kind == "postgres" {
		return db.make != nil && db.make(func() string { return postgresTemplate(t, o.contents()) })
	}
	if _, err := os.Stat(db.URL); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err := os.WriteFile(db.URL, sqliteTemplate(t, o.contents()), 0o600); err != nil {
		t.Fatalf("copy the registry for the test: %v", err)
	}
	return true
}

// postgresTemplate is the name of a filled database that nobody is connected to.
func postgresTemplate(t *testing.T, c contents) string {
	t.Helper()
	filled.Lock()
	defer filled.Unlock()
	if filled.postgres[c] == "" {
		server := os.Getenv("DIACHISO_TEST_POSTGRES_URL")
		name, address := newName(t, server, "template_")
		admin := Database{Kind: "postgres", URL: server}.connect(t)
		defer admin.Close()
		if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+emptyTemplate); err != nil {
			t.Fatalf("create a template for the tests: %v", err)
		}
		c.put(t, address)
		filled.postgres[c] = name
	}
	return filled.postgres[c]
}

// sqliteTemplate is a filled file.
func sqliteTemplate(t *testing.T, c contents) []byte {
	t.Helper()
	filled.Lock()
	defer filled.Unlock()
	if filled.sqlite[c] == nil {
		path := filepath.Join(t.TempDir(), "template.db")
		c.put(t, path)
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("read the template of the tests: %v", err)
		}
		filled.sqlite[c] = file
	}
	return filled.sqlite[c]
}

// put fills a database.
func (c contents) put(t *testing.T, url string) {
	t.Helper()
	s, err := models.Open(t.Context(), models.Options{URL: url, WithoutUnits: !c.units})
	if err != nil {
		t.Fatalf("open a template for the tests: %v", err)
	}
	if c.boundaries {
		LoadBoundaries(t, s)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("close the template of the tests: %v", err)
	}
}

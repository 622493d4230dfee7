package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // drivers by which tests look past the store
	_ "modernc.org/sqlite"
)

// Postgres is a database with PostGIS that is dropped when the test ends,
// whoever is still connected.
func Postgres(t *testing.T) Database {
	t.Helper()
	server := os.Getenv("DIACHISO_TEST_POSTGRES_URL")
	if server == "" {
		if required() {
			t.Fatal("DIACHISO_TEST_POSTGRES_URL is not set: run the tests with make test.")
		}
		t.Skip("DIACHISO_TEST_POSTGRES_URL is not set, so PostgreSQL is not tested: make test sets it.")
	}
	name, address := newName(t, server, "test_")
	made := false
	return Database{"postgres", address, func(template func() string) bool {
		if made {
			return false
		}
		create(t, server, name, template())
		made = true
		return true
	}}
}

// newName is a name that no database has yet, and the URL of one of that name.
func newName(t *testing.T, server, prefix string) (name, address string) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("DIACHISO_TEST_POSTGRES_URL: %v", err)
	}
	name = prefix + strings.ToLower(rand.Text())
	u.Path = "/" + name
	return name, u.String()
}

// create makes a database of a template and drops it when the test ends.
func create(t *testing.T, server, name, template string) {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("connect to the test cluster: %v", err)
	}
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("create a database for the test: %v", err)
	}
	t.Cleanup(func() { drop(t, admin, name) })
}

func drop(t *testing.T, admin *sql.DB, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // t.Context() has ended
	defer cancel()
	if _, err := admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		t.Errorf("drop the database of the test: %v", err)
	}
	if err := admin.Close(); err != nil {
		t.Errorf("leave the test cluster: %v", err)
	}
}

// Create makes the database where it is not there yet, without tables.
func (db Database) Create(t *testing.T) {
	t.Helper()
	if db.make != nil {
		db.make(func() string { return emptyTemplate })
	}
}

// Name is the name of a PostgreSQL database on its server.
func (db Database) Name() string {
	address, err := url.Parse(db.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(address.Path, "/")
}

// Admin is a superuser's connection to another database of the same server.
func (db Database) Admin(t *testing.T) *sql.DB {
	t.Helper()
	return Database{Kind: db.Kind, URL: os.Getenv("DIACHISO_TEST_POSTGRES_URL")}.SQL(t)
}

// SQL is a connection past the store, open until the test ends: to arrange
// what no call of the store makes, and to see what is really there.
func (db Database) SQL(t *testing.T) *sql.DB {
	t.Helper()
	pool := db.connect(t)
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Errorf("close the connection: %v", err)
		}
	})
	return pool
}

func (db Database) connect(t *testing.T) *sql.DB {
	t.Helper()
	db.Create(t)
	driver, source := "pgx", db.URL
	if db.Kind == "sqlite" {
		driver = "sqlite"
		source = "file:" + db.URL + "?_pragma=busy_timeout(10000)&_time_integer_format=unix_milli&_inttotime=1&_txlock=immediate"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		t.Fatalf("connect to the %s database: %v", db.Kind, err)
	}
	return pool
}

// Exec runs one statement past the store; its placeholders are question marks
// for both databases.
func (db Database) Exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	pool := db.connect(t)
	defer pool.Close()
	if _, err := pool.ExecContext(t.Context(), db.bind(statement), args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Texts answers the rows of a question as texts, NULL as an empty one.
func (db Database) Texts(t *testing.T, question string, args ...any) [][]string {
	t.Helper()
	pool := db.connect(t)
	defer pool.Close()
	rows, err := pool.QueryContext(t.Context(), db.bind(question), args...)
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	var all [][]string
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatalf("%s: %v", question, err)
		}
		line := make([]string, len(columns))
		for i, cell := range cells {
			line[i] = cell.String
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return all
}

// Count answers the whole number that a question asks for.
func (db Database) Count(t *testing.T, question string, args ...any) int {
	t.Helper()
	rows := db.Texts(t, question, args...)
	if len(rows) != 1 || len(rows[0]) != 1 {
		t.Fatalf("%s: answers %v, want one number", question, rows)
	}
	n, err := strconv.Atoi(rows[0][0])
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return n
}

// bind numbers the placeholders for PostgreSQL; the statements of tests have
// no question marks of other meaning.
func (db Database) bind(statement string) string {
	if db.Kind == "sqlite" {
		return statement
	}
	parts := strings.Split(statement, "?")
	var out strings.Builder
	for i, part := range parts {
		if i > 0 {
			out.WriteString("$" + strconv.Itoa(i))
		}
		out.WriteString(part)
	}
	return out.String()
}

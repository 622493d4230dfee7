package models_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestFreshDatabaseIsMigratedTwiceAtOnce(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Create(t)
		var start sync.WaitGroup
		for range 4 {
			start.Go(func() {
				s, err := models.Open(t.Context(), models.Options{URL: db.URL})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if err := s.Ready(t.Context()); err != nil {
					t.Errorf("ready: %v", err)
				}
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
		}
		start.Wait()
		if n := db.Count(t, "SELECT count(*) FROM admin_units"); n != 142 {
			t.Errorf("%d units, want 142", n)
		}
	})
}

func TestMigrationStatusChangesTheDatabase(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Create(t)
		list, newest, err := models.MigrationStatus(t.Context(), models.Options{URL: db.URL})
		if err != nil || len(list) == 0 || list[0].Applied || newest != 0 {
			t.Errorf("before: %+v, %d, %v", list, newest, err)
		}
		db.Open(t, storetest.Options{WithoutUnits: true})
		list, newest, err = models.MigrationStatus(t.Context(), models.Options{URL: db.URL})
		if err != nil || !list[len(list)-1].Applied || newest != list[len(list)-1].Version || !strings.HasSuffix(list[0].Name, "00001_registry.sql") {
			t.Errorf("after: %+v, %d, %v", list, newest, err)
		}
	})
}

func TestNewerSchemaIsUsed(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Open(t, storetest.Options{WithoutUnits: true})
		db.Exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
		_, err := models.Open(t.Context(), models.Options{URL: db.URL})
		wantCode(t, err, "newer-schema")
		if err != nil && !strings.Contains(err.Error(), "9999") {
			t.Errorf("%v", err)
		}
	})
}

func TestReopenedDatabaseForgets(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		a := storetest.Register(t, s, storetest.House(1))
		again := db.Open(t, storetest.Options{})
		b, err := again.Address(t.Context(), a.Code)
		if err != nil || b.Parts != a.Parts || b.Point != a.Point || !b.CreatedAt.Equal(a.CreatedAt) {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

// closedPort is an address of this machine where nobody listens.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestDatabaseThatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	noDatabase := filepath.Join(folder, "text.db")
	if err := os.WriteFile(noDatabase, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"PostgreSQL is down": "postgres://u:secret@" + closedPort(t) + "/x",
		"a bad URL":          "postgres://u:secret@127.0.0.1:notaport/x",
		"a folder":           folder,
		"a file of text":     noDatabase,
		"below a file":       filepath.Join(noDatabase, "x.db"),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		s, err := models.Open(ctx, models.Options{URL: url})
		cancel()
		if err == nil {
			s.Close()
			t.Errorf("%s: no error", name)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the password is told: %v", name, err)
		}
		if name == "PostgreSQL is down" {
			wantCode(t, err, "database-unavailable")
		}
	}
}

// writes is everything that changes a registry.
func writes(s *models.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"register": func(ctx context.Context) error {
			r := storetest.House(7)
			r.Commune = "25747"
			_, err := s.Register(ctx, r, storetest.Clerk)
			return err
		},
		"import": func(ctx context.Context) error {
			_, _, err := tryImport(ctx, s, strings.NewReader(list(houseHeader, houseLines(0, 10)...)), clerkImport())
			return err
		},
		"units": func(ctx context.Context) error {
			_, err := s.ImportUnits(ctx, strings.NewReader(squareUnits))
			return err
		},
		"key": func(ctx context.Context) error {
			_, _, err := s.CreateKey(ctx, models.KeyRequest{Name: "ops", Role: models.RoleAdmin})
			return err
		},
	}
}

// rowsOf counts what a registry holds, to see that nothing was half written.
func rowsOf(t *testing.T, db storetest.Database) [][]string {
	t.Helper()
	return db.Texts(t, `SELECT (SELECT count(*) FROM addresses), (SELECT count(*) FROM changes), (SELECT count(*) FROM identifiers),
		(SELECT count(*) FROM admin_units), (SELECT count(*) FROM api_keys)`)
}

func wantUnavailable(t *testing.T, db storetest.Database, s *models.Store, code string) {
	t.Helper()
	before := rowsOf(t, db)
	for name, write := range writes(s) {
		err := write(t.Context())
		if codeOf(err) != code || kindOf(err) != models.Unavailable {
			t.Errorf("%s: %q (%v), want %q", name, codeOf(err), err, code)
		}
	}
	if after := rowsOf(t, db); after[0][0] != before[0][0] || strings.Join(after[0], " ") != strings.Join(before[0], " ") {
		t.Errorf("half written: %v, before %v", after, before)
	}
}

func TestReadOnlyDatabaseIsNotExplained(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		db := storetest.SQLite(t)
		s := db.Open(t, storetest.Options{})
		storetest.Register(t, s, inThuDauMot(1))
		s.SetQueryOnly(t, true)
		wantUnavailable(t, db, s, "read-only")
		if _, err := s.Resolve(t.Context(), models.Query{Input: thuDauMotCode}); err != nil {
			t.Errorf("reading: %v", err)
		}
		s.SetQueryOnly(t, false)
		storetest.Register(t, s, inThuDauMot(2))
	})
	t.Run("postgres", func(t *testing.T) {
		db := storetest.Postgres(t)
		writable := db.Open(t, storetest.Options{})
		storetest.Register(t, writable, inThuDauMot(1))
		db.Exec(t, "ALTER DATABASE "+db.Name()+" SET default_transaction_read_only = on")
		s := db.Open(t, storetest.Options{})
		wantUnavailable(t, db, s, "read-only")
		if _, err := s.Resolve(t.Context(), models.Query{Input: thuDauMotCode}); err != nil {
			t.Errorf("reading: %v", err)
		}
	})
}

func inThuDauMot(n int) models.Registration {
	r := storetest.House(n)
	r.Commune = "25747"
	return r
}

func TestFullDiskIsNotExplained(t *testing.T) {
	db := storetest.SQLite(t)
	s := db.Open(t, storetest.Options{})
	storetest.Register(t, s, inThuDauMot(1))
	s.SetMaxPages(t, 1) // no more than there are
	before := rowsOf(t, db)
	_, _, err := tryImport(t.Context(), s, strings.NewReader(list(houseHeader, houseLines(10, 4_000)...)), clerkImport())
	if codeOf(err) != "storage-full" || kindOf(err) != models.Unavailable {
		t.Errorf("%q %v", codeOf(err), err)
	}
	if after := rowsOf(t, db); strings.Join(after[0], " ") != strings.Join(before[0], " ") {
		t.Errorf("half written: %v, before %v", after, before)
	}
	s.SetMaxPages(t, 1_000_000)
	counts, _ := importText(t, s, list(houseHeader, houseLines(10, 4_000)...), clerkImport())
	wantCounts(t, counts, models.ImportCounts{Read: 4_000, Inserted: 4_000})
}

func TestDatabaseThatGoesDownIsNotExplained(t *testing.T) {
	db := storetest.Postgres(t)
	s := db.Open(t, storetest.Options{})
	storetest.Register(t, s, inThuDauMot(1))
	admin := db.Admin(t)
	if _, err := admin.ExecContext(t.Context(), "ALTER DATABASE "+db.Name()+" ALLOW_CONNECTIONS false"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", db.Name()); err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func() error{
		"ready":   func() error { return s.Ready(t.Context()) },
		"resolve": func() error { _, err := s.Resolve(t.Context(), models.Query{Input: thuDauMotCode}); return err },
		"list":    func() error { _, _, err := s.List(t.Context(), models.ListFilter{Limit: 1}); return err },
		"nearest": func() error {
			_, err := s.Nearest(t.Context(), storetest.ThuDauMot, models.NearFilter{Limit: 1, RadiusM: 10})
			return err
		},
		"register": func() error { _, err := s.Register(t.Context(), inThuDauMot(3), storetest.Clerk); return err },
		"check":    func() error { _, err := s.Check(t.Context(), nil); return err },
	} {
		if err := ask(); codeOf(err) != "database-unavailable" || kindOf(err) != models.Unavailable {
			t.Errorf("%s: %q (%v)", name, codeOf(err), err)
		}
	}
	if _, err := admin.ExecContext(t.Context(), "ALTER DATABASE "+db.Name()+" ALLOW_CONNECTIONS true"); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("up again: %v", err)
	}
	storetest.Register(t, s, inThuDauMot(3))
}

func TestCancelledCallIsReportedAsADeadDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, write := range writes(s) {
			if err := write(ctx); !errors.Is(err, context.Canceled) || kindOf(err) != 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Resolve(ctx, models.Query{Input: thuDauMotCode}); err != nil && (!errors.Is(err, context.Canceled) || kindOf(err) != 0) {
			t.Errorf("resolve: %v", err)
		}
	})
}

func TestRefNamesTwoAddresses(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		a := inThuDauMot(1)
		a.Source, a.Ref = "list", "R1"
		storetest.Register(t, s, a)
		b := inThuDauMot(9)
		b.Source, b.Ref = "list", "R1"
		_, err := s.Register(t.Context(), b, storetest.Clerk)
		wantCode(t, err, "ref-taken")
		b.Source = "another list"
		storetest.Register(t, s, b)
		if n := db.Count(t, "SELECT count(*) FROM addresses"); n != 2 {
			t.Errorf("%d addresses", n)
		}
	})
}

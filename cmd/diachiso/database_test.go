package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestTheDatabaseIsNamedBySettings(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		name, made string
		env        map[string]string
		args       []string
	}{
		{"default", "data/diachiso.db", nil, nil},
		{"flag", "flag.db", nil, []string{"--database-url", "flag.db"}},
		{"environment", "env.db", map[string]string{"DIACHISO_DATABASE_URL": "env.db"}, nil},
		{"secret file", "secret.db", map[string]string{"DIACHISO_DATABASE_URL_FILE": write(t, "url", "secret.db\n")}, nil},
		{"flag before environment", "flag2.db", map[string]string{"DIACHISO_DATABASE_URL": "env2.db"}, []string{"--database-url", "flag2.db"}},
		{"URL before secret file", "env3.db", map[string]string{"DIACHISO_DATABASE_URL": "env3.db", "DIACHISO_DATABASE_URL_FILE": "gone"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			command(t, append([]string{"migrate", "up"}, c.args...)...).expect(t, exitDone, "", "The tables of the sqlite database are up to date.")
			if _, err := os.Stat(c.made); err != nil {
				t.Error(err)
			}
		})
	}
	for _, never := range []string{"env2.db", "gone"} {
		if _, err := os.Stat(never); err == nil {
			t.Errorf("%s was made", never)
		}
	}
}

func TestSettingsThatCanNotBeRead(t *testing.T) {
	command(t, "check", "--database-url-file", filepath.Join(t.TempDir(), "gone")).expect(t, exitFailed, "", "read the database URL")
	command(t, "check", "--database-url-file", write(t, "url", " \n")).expect(t, exitFailed, "", "it must hold the database URL")
	t.Setenv("DIACHISO_DB_CONNS", "many")
	command(t, "check").expect(t, exitUsage, "", "many")
}

// Every command that opens the registry says the same when it can't.
func TestADatabaseThatIsDown(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "postgres://postgres:topsecret@" + closed.Addr().String() + "/registry"
	closed.Close()
	file := write(t, "list.csv", "kind,lat,lng\nshop,11,106.7\n")
	for _, args := range [][]string{
		{"serve", "--listen", "127.0.0.1:0"}, {"demo", "--size", "10"}, {"import", file}, {"units", "list"}, {"units", "import", file},
		{"resolve", "28XMJ25Q66"}, {"key", "create", "--role", "admin", "--name", "x"}, {"migrate", "status"}, {"migrate", "up"}, {"check"},
	} {
		t.Run(strings.Join(args[:1], " "), func(t *testing.T) {
			o := command(t, append(args, "--database-url", url)...)
			o.expect(t, exitFailed, "", "The database does not answer at the moment. Try again in a few seconds.")
			if strings.Count(o.err, "\n") != 1 || strings.Contains(o.err, "topsecret") {
				t.Errorf("want one line without the password:\n%s", o.err)
			}
		})
	}
}

func TestAFileThatIsNoDatabase(t *testing.T) {
	path := write(t, "letter.txt", strings.Repeat("Dear all, this is a letter. ", 100))
	command(t, "check", "--database-url", path).expect(t, exitFailed, "", "letter.txt: open the sqlite database")
	command(t, "check", "--database-url", t.TempDir()).expect(t, exitFailed, "", "open the sqlite database")
}

func TestADatabaseOfANewerSchema(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "migrate", "up").expect(t, exitDone, "", db.Kind)
		if db.Kind == "sqlite" {
			db.Exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", 900, 1)
		} else {
			db.Exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", 900, true)
		}
		for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"check"}, {"migrate", "up"}, {"resolve", "28XMJ25Q66"}} {
			commandOn(t, db, args...).expect(t, exitFailed, "", "The database has tables of version 900")
		}
		o := commandOn(t, db, "migrate", "status")
		o.expect(t, exitFailed, "newer    the database has version 900", "")
	})
}

func TestAReadOnlyDatabase(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "demo", "--size", "100").expect(t, exitDone, "100 inserted", "")
		makeReadOnly(t, db)
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.", "")
		const want = "The database is read-only at the moment: nothing was written."
		commandOn(t, db, "key", "create", "--role", "admin", "--name", "x").expect(t, exitFailed, "", want)
		path := filepath.Join(t.TempDir(), "list.csv")
		command(t, "demo", "--size", "20", "--seed", "9", "--csv", path).expect(t, exitDone, "", "")
		commandOn(t, db, "import", path, "--source", "x").expect(t, exitFailed, "", want)
	})
}

func makeReadOnly(t *testing.T, db storetest.Database) {
	if db.Kind == "postgres" {
		db.Exec(t, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
		return
	}
	file, err := os.OpenFile(db.URL, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// A file format write version above 2 means read-only (sqlite.org/fileformat.html, 1.3.2).
	if _, err := file.WriteAt([]byte{3}, 18); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationStatusAppliesNothing(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		if db.Kind == "sqlite" {
			commandOn(t, db, "migrate", "status").expect(t, exitFailed, "", "it does not exist")
			if err := os.WriteFile(db.URL, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			commandOn(t, db, "migrate", "status").expect(t, exitDone, "pending  00001_registry.sql\n", "")
		}
		commandOn(t, db, "migrate", "up").expect(t, exitDone, "", "up to date")
		commandOn(t, db, "migrate", "up").expect(t, exitDone, "", "up to date")
		o := commandOn(t, db, "migrate", "status")
		o.expect(t, exitDone, "applied  00001_registry.sql\n", "")
		if strings.Contains(o.out, "pending") {
			t.Errorf("after migrate up:\n%s", o.out)
		}
	})
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// TestMain takes the settings of whoever runs the tests out of their way.
func TestMain(m *testing.M) {
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "DIACHISO_") && name != "DIACHISO_TEST_POSTGRES_URL" && name != "DIACHISO_REQUIRE_POSTGRES" {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// outcome is what a run of the program left behind.
type outcome struct {
	code     int
	out, err string
}

// command runs the program in this process.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, &out, &err)
	return outcome{code, out.String(), err.String()}
}

// commandOn runs a command on a database.
func commandOn(t *testing.T, db storetest.Database, args ...string) outcome {
	t.Helper()
	db.Create(t)
	return command(t, append(args, "--database-url", db.URL)...)
}

// expect checks the exit code, and fragments of what went to the two streams;
// where no fragment is expected there must be nothing at all.
func (o outcome) expect(t *testing.T, code int, out, err string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d", o.code, code)
	}
	if !strings.Contains(o.out, out) || out == "" && o.out != "" {
		t.Errorf("standard output:\n%s\nwant: %q", o.out, out)
	}
	if !strings.Contains(o.err, err) || err == "" && o.err != "" {
		t.Errorf("standard error:\n%s\nwant: %q", o.err, err)
	}
	if code == exitFailed && strings.Count(o.err, "diachiso: ") > 1 {
		t.Errorf("more than one sentence says what failed:\n%s", o.err)
	}
}

// write makes a file in the folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelpNamesEveryCommandAndSetting(t *testing.T) {
	o := command(t, "--help")
	for _, name := range []string{"serve", "demo", "import", "units import", "units list", "resolve", "code",
		"key create", "certificate verify", "certificate new-key", "changes new-epoch", "export addresses", "export units", "migrate status", "migrate up", "migrate recount", "check", "healthcheck", "Exit codes: 0 done"} {
		o.expect(t, exitDone, name, "")
	}
	command(t, "--version").expect(t, exitDone, "diachiso 0.", "")
	for name, fragments := range map[string][]string{
		"serve":       {"--listen", "127.0.0.1:8080", "$DIACHISO_LISTEN", "$DIACHISO_LOG_LEVEL", "$DIACHISO_DATABASE_URL", "$DIACHISO_DATABASE_URL_FILE", "$DIACHISO_DB_CONNS", "$DIACHISO_CERTIFICATE_KEY_FILE"},
		"demo":        {"286949", "--seed", "--csv"},
		"import":      {"--source", "--as-of", "--encoding", "--decimal-comma", "--without-contacts", "--legal-basis", "windows-1258"},
		"resolve":     {"--near", "--commune", "--json"},
		"healthcheck": {"$DIACHISO_LISTEN"},
	} {
		o := command(t, name, "--help")
		for _, fragment := range fragments {
			o.expect(t, exitDone, fragment, "")
		}
	}
}

func TestWrongCommandLinesEndWithTwo(t *testing.T) {
	file := write(t, "list.csv", "kind,lat,lng\n")
	t.Chdir(t.TempDir()) // whoever opened the default database left data/ here
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"nothing", nil, `expected one of "serve"`},
		{"unknown command", []string{"resolv"}, `did you mean "resolve"`},
		{"unknown flag", []string{"serve", "--prot", "80"}, "unknown flag --prot"},
		{"no file", []string{"import"}, `expected "<file>"`},
		{"file that is not there", []string{"import", "gone.csv"}, "no such file"},
		{"day that is none", []string{"import", file, "--as-of", "1.7.2025"}, `--as-of: "1.7.2025" is no day`},
		{"unknown role", []string{"key", "create", "--role", "king", "--name", "x"}, "--role"},
		{"key without a name", []string{"key", "create", "--role", "admin"}, "--name"},
		{"key for no day", []string{"key", "create", "--role", "admin", "--name", "x", "--expires", "soon"}, "--expires"},
		{"units without a file", []string{"units", "import"}, "name a CSV file"},
		{"unknown level", []string{"units", "list", "--level", "village"}, "--level"},
		{"list on no day", []string{"units", "list", "--as-of", "2022-13-01"}, "is no day"},
		{"near nowhere", []string{"resolve", "28XMJ25Q66", "--near", "here"}, "--near"},
		{"demo of nobody", []string{"demo", "--size", "0"}, "--size 0"},
		{"demo of a continent", []string{"demo", "--size", "3000001"}, "--size 3000001"},
		{"number that is none", []string{"demo", "--seed", "x"}, "--seed"},
		{"level of the log", []string{"serve", "--log-level", "loud"}, "--log-level"},
		{"listen nowhere", []string{"healthcheck", "--listen", "8080"}, "--listen"},
		{"another database", []string{"check", "--database-url", "mysql://root:secret@localhost/x"}, "mysql://"},
		{"connections below zero", []string{"check", "--db-conns=-1"}, "--db-conns -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := command(t, c.args...)
			o.expect(t, exitUsage, "", c.err)
			if strings.Contains(o.err, "secret") {
				t.Errorf("a password is shown: %s", o.err)
			}
		})
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("a wrong command line made %v", left[0].Name())
	}
}

func TestReportIsOneLine(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{nil, exitDone, ""},
		{errQuiet, exitFailed, ""},
		{errors.New("connect:\n\tfirst way\n\tsecond way"), exitFailed, "diachiso: connect: first way; second way\n"},
		{fmt.Errorf("import: %w", context.Canceled), exitFailed, "diachiso: interrupted\n"},
		{usagef("--size %d", 0), exitUsage, "diachiso: --size 0\n"},
	} {
		var err bytes.Buffer
		if code := report(&err, c.err); code != c.code || err.String() != c.want {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.err, code, err.String(), c.code, c.want)
		}
	}
}

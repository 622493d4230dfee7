package scripts_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	root := newTree(t, "format.sh")
	root.write(t, "geo/good.go", "package geo\n")
	root.write(t, "geo/bad name.go", "package  geo\n")
	root.write(t, "web/node_modules/some/bad.go", "package  some\n")

	out, err := root.run("format.sh", "check")
	if got := exitCode(t, err); got != 1 {
		t.Errorf("exit code %d for an unformatted file, want 1", got)
	}
	requireContains(t, out, "./geo/bad name.go\n")
	for _, name := range []string{"good.go", "node_modules"} {
		if strings.Contains(out, name) {
			t.Errorf("%s is complained about: %s", name, out)
		}
	}

	if out, err := root.run("format.sh", "write"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := root.run("format.sh", "check"); err != nil {
		t.Errorf("still not formatted: %v: %s", err, out)
	}
	if got := root.read(t, "web/node_modules/some/bad.go"); got != "package  some\n" {
		t.Errorf("a file of an npm package was changed: %q", got)
	}
}

func TestFormatNamesASyntaxError(t *testing.T) {
	t.Parallel()
	root := newTree(t, "format.sh")
	root.write(t, "broken.go", "package\n")
	out, err := root.run("format.sh", "check")
	if err == nil {
		t.Error("a file that is no Go passed")
	}
	requireContains(t, out, "broken.go")
}

// TestSetupWithoutGo gives setup.sh a PATH with all it uses but Go.
func TestSetupWithoutGo(t *testing.T) {
	t.Parallel()
	root := newTree(t, "setup.sh")
	root.write(t, "go.mod", "module example\n\ngo 1.99.0\n")
	for _, name := range []string{"bash", "dirname", "sed"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, root.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(root.path("bash"), root.path("scripts/setup.sh"), "build")
	cmd.Env = []string{"PATH=" + string(root)}
	out, err := cmd.CombinedOutput()
	if got := exitCode(t, err); got != 1 {
		t.Errorf("exit code %d, want 1", got)
	}
	requireContains(t, string(out), "install Go 1.99.0 or newer")
	if got := strings.Count(string(out), "\n"); got != 1 {
		t.Errorf("%d lines, want one sentence: %s", got, out)
	}
}

func TestSetupNeedsToKnowWhat(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("./setup.sh").CombinedOutput()
	if got := exitCode(t, err); got != 1 {
		t.Errorf("exit code %d, want 1", got)
	}
	requireContains(t, string(out), "build|test")
}

func TestComposeSecrets(t *testing.T) {
	t.Parallel()
	root := newTree(t, "compose-secrets.sh")
	if out, err := root.run("compose-secrets.sh"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	password := root.read(t, "data/secrets/database_password")
	if len(password) != 48 {
		t.Errorf("the password has %d characters, want 48", len(password))
	}
	url := root.read(t, "data/secrets/database_url")
	if want := "postgres://diachiso:" + password + "@database:5432/diachiso?sslmode=disable"; url != want {
		t.Errorf("the URL is %q, want %q", url, want)
	}
	if got := root.mode(t, "data/secrets"); got != 0o700 {
		t.Errorf("the folder has mode %o, want 700", got)
	}
	// The containers' users are others than the host's and must read the files.
	for _, name := range []string{"database_password", "database_url"} {
		if got := root.mode(t, filepath.Join("data/secrets", name)); got != 0o644 {
			t.Errorf("%s has mode %o, want 644", name, got)
		}
	}

	if out, err := root.run("compose-secrets.sh"); err != nil {
		t.Fatalf("the second time: %v: %s", err, out)
	}
	if root.read(t, "data/secrets/database_password") != password {
		t.Error("the second time made another password; the database keeps the first")
	}
}

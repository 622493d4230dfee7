// Package scripts_test runs the scripts as a user would.
package scripts_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tree is a small project folder of its own, with copies of real scripts, in
// which they find what a test puts there instead of the real program.
type tree string

func newTree(t *testing.T, scripts ...string) tree {
	t.Helper()
	root := tree(t.TempDir())
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		root.write(t, filepath.Join("scripts", name), string(text))
	}
	return root
}

func (root tree) path(name string) string { return filepath.Join(string(root), name) }

// write makes a file, executable and with its folders.
func (root tree) write(t *testing.T, name, text string) {
	t.Helper()
	path := root.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (root tree) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (root tree) exists(name string) bool {
	_, err := os.Stat(root.path(name))
	return err == nil
}

func (root tree) mode(t *testing.T, name string) os.FileMode {
	t.Helper()
	info, err := os.Stat(root.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// run runs a script of the tree and returns all it printed.
func (root tree) run(script string, args ...string) (string, error) {
	out, err := exec.Command(root.path(filepath.Join("scripts", script)), args...).CombinedOutput()
	return string(out), err
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("ended with %v, want an exit code", err)
	}
	return exit.ExitCode()
}

func requireContains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("printed\n%s\nwithout %q", text, part)
	}
}

package scripts_test

import (
	"strings"
	"testing"
)

// program stands in for bin/diachiso: it writes down how it was called and
// does what the commands promise as far as run.sh relies on it.
const program = `#!/usr/bin/env bash
echo "$DIACHISO_DATABASE_URL $*" >>calls
case $1 in
demo)
  echo half >"$DIACHISO_DATABASE_URL"
  if [[ -e fail-demo ]]; then exit 1; fi
  if [[ -e leave-wal ]]; then echo pages >"$DIACHISO_DATABASE_URL-wal"; fi
  echo whole >"$DIACHISO_DATABASE_URL" ;;
key)
  if [[ -e fail-key ]]; then exit 1; fi
  echo secret ;;
certificate)
  echo "how to keep it" >&2
  echo "private key" ;;
serve)
  echo "signs with $DIACHISO_CERTIFICATE_KEY_FILE" >>calls ;;
esac
`

const (
	demoCall  = "data/demo.tmp.db demo\n"
	keyCall   = "data/diachiso.db key create --role admin --name try-out\n"
	signCall  = "data/diachiso.db certificate new-key\n"
	serveCall = "data/diachiso.db serve\nsigns with data/certificate.key\n"
)

func newRunTree(t *testing.T) tree {
	t.Helper()
	root := newTree(t, "run.sh")
	root.write(t, "bin/diachiso", program)
	return root
}

func requireCalls(t *testing.T, root tree, want ...string) {
	t.Helper()
	if got := root.read(t, "calls"); got != strings.Join(want, "") {
		t.Errorf("called\n%s\nwant\n%s", got, strings.Join(want, ""))
	}
}

func requireServed(t *testing.T, root tree) {
	t.Helper()
	if out, err := root.run("run.sh"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := root.read(t, "data/diachiso.db"); got != "whole\n" {
		t.Errorf("the registry holds %q, want the whole demo", got)
	}
}

func TestRunMakesDemoAndKeyOnce(t *testing.T) {
	t.Parallel()
	root := newRunTree(t)
	requireServed(t, root)
	requireServed(t, root)
	requireCalls(t, root, demoCall, keyCall, signCall, serveCall, serveCall)
	if got := root.read(t, "data/admin.key"); got != "secret\n" {
		t.Errorf("admin.key holds %q, want the key alone", got)
	}
	if got := root.read(t, "data/certificate.key"); got != "private key\n" {
		t.Errorf("certificate.key holds %q, want the key alone", got)
	}
	for _, name := range []string{"data/admin.key", "data/certificate.key"} {
		if got := root.mode(t, name); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, got)
		}
	}
}

func TestRunAfterInterruptedDemo(t *testing.T) {
	t.Parallel()
	root := newRunTree(t)
	root.write(t, "fail-demo", "")
	if out, err := root.run("run.sh"); err == nil {
		t.Fatalf("served a half-made demo: %s", out)
	}
	if root.exists("data/diachiso.db") {
		t.Error("a half-made demo has the registry's name")
	}
	root.write(t, "bin/diachiso", strings.Replace(program, "fail-demo", "never", 1))
	requireServed(t, root)
	requireCalls(t, root, demoCall, demoCall, keyCall, signCall, serveCall)
}

func TestRunRefusesUncheckpointedDemo(t *testing.T) {
	t.Parallel()
	root := newRunTree(t)
	root.write(t, "leave-wal", "")
	out, err := root.run("run.sh")
	if err == nil {
		t.Fatal("renamed a database whose write-ahead log still held pages")
	}
	requireContains(t, out, "not closed cleanly")
	if root.exists("data/diachiso.db") {
		t.Error("the unfinished database has the registry's name")
	}
}

func TestRunAfterFailedKey(t *testing.T) {
	t.Parallel()
	root := newRunTree(t)
	root.write(t, "fail-key", "")
	if out, err := root.run("run.sh"); err == nil {
		t.Fatalf("served without a key: %s", out)
	}
	root.write(t, "bin/diachiso", strings.Replace(program, "fail-key", "never", 1))
	requireServed(t, root)
	requireCalls(t, root, demoCall, keyCall, keyCall, signCall, serveCall)
}

func TestRunReplacesKeyOfLostRegistry(t *testing.T) {
	t.Parallel()
	root := newRunTree(t)
	root.write(t, "data/admin.key", "key of a registry that was deleted\n")
	requireServed(t, root)
	if got := root.read(t, "data/admin.key"); got != "secret\n" {
		t.Errorf("admin.key holds %q, want the new registry's key", got)
	}
}

func TestRunLeavesDatabaseOfEnvironmentAlone(t *testing.T) {
	root := newRunTree(t)
	t.Setenv("DIACHISO_DATABASE_URL", "postgres://production.invalid/registry")
	requireServed(t, root)
	requireCalls(t, root, demoCall, keyCall, signCall, serveCall)
}

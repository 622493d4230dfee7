package storetest

import (
	"os/exec"
	"testing"
)

// Program is the path of a program of Debian's that reads what we write;
// without it the test is skipped, but where tests must be complete it fails.
func Program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && required() {
		t.Fatalf("%s is missing: run scripts/setup.sh test.", name)
	}
	if err != nil {
		t.Skipf("%s is missing, so what it reads is not tested: scripts/setup.sh test installs it.", name)
	}
	return path
}

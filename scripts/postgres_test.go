package scripts_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// requirePostgres skips a test where the machine has no server to run, as
// under a bare go test without make.
func requirePostgres(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("./find-postgres.sh").Output()
	if err != nil {
		t.Skip("no PostgreSQL with PostGIS on this machine: scripts/setup.sh test installs it")
	}
	return strings.TrimSpace(string(out))
}

// withPostgres prepares with-postgres.sh for a shell command, with a temporary
// folder of its own, so that anything left behind shows there.
func withPostgres(t *testing.T, script string) (cmd *exec.Cmd, folder string) {
	t.Helper()
	folder = t.TempDir()
	cmd = exec.Command("./with-postgres.sh", "bash", "-c", script)
	cmd.Env = append(os.Environ(), "TMPDIR="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, folder
}

func requireEmpty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("left behind: %s", entry.Name())
	}
}

func TestWithPostgres(t *testing.T) {
	t.Parallel()
	bin := requirePostgres(t)
	cmd, folder := withPostgres(t, `
		PATH=`+bin+`:$PATH
		ask() { psql --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 "$@"; }
		ask "$DIACHISO_TEST_POSTGRES_URL" --command 'CREATE DATABASE one TEMPLATE diachiso_template' || exit
		ask "${DIACHISO_TEST_POSTGRES_URL/\/postgres\?//one?}" \
			--command "SELECT ST_AsText(ST_Point(106.6519, 10.9804))" \
			--command "SELECT current_setting('fsync'), current_setting('server_encoding'), current_setting('lc_collate')" || exit
		exit 42`)
	out, err := cmd.CombinedOutput()
	if got := exitCode(t, err); got != 42 {
		t.Errorf("exit code %d, want the command's 42", got)
	}
	want := "CREATE DATABASE\nPOINT(106.6519 10.9804)\noff|UTF8|C.UTF-8\n"
	if string(out) != want {
		t.Errorf("printed\n%s\nwant\n%s", out, want)
	}
	requireEmpty(t, folder)
}

func TestWithPostgresNeedsACommand(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("./with-postgres.sh").CombinedOutput()
	if got := exitCode(t, err); got != 2 {
		t.Errorf("exit code %d, want 2", got)
	}
	if !strings.HasPrefix(string(out), "usage:") {
		t.Errorf("printed %q, want the usage", out)
	}
}

// startWaiting starts a cluster whose command does nothing for a long time and
// returns when the command runs. The number marks it among the processes.
func startWaiting(t *testing.T, number string) (cmd *exec.Cmd, folder string) {
	t.Helper()
	cmd, folder = withPostgres(t, `touch "$TMPDIR/running"; sleep `+number+` & wait`)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(folder, "running")
	eventually(t, "the command runs", func() bool { return os.Remove(marker) == nil })
	return cmd, folder
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}

// running tells whether a process has exactly these arguments.
func running(t *testing.T, args ...string) bool {
	t.Helper()
	want := strings.Join(args, "\x00") + "\x00"
	names, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if got, err := os.ReadFile(name); err == nil && string(got) == want {
			return true
		}
	}
	return false
}

func TestWithPostgresTerminated(t *testing.T) {
	t.Parallel()
	requirePostgres(t)
	cmd, folder := startWaiting(t, "86391")
	if !running(t, "sleep", "86391") {
		t.Fatal("the command's child does not run")
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := exitCode(t, cmd.Wait()); got != 143 {
		t.Errorf("exit code %d, want 143", got)
	}
	requireEmpty(t, folder)
	if running(t, "sleep", "86391") {
		t.Error("the command's child outlived it")
	}
}

func TestWithPostgresKilled(t *testing.T) {
	t.Parallel()
	requirePostgres(t)
	cmd, folder := startWaiting(t, "61")
	// The whole process group, as continuous integration does it.
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("ended without an error")
	}
	eventually(t, "the cluster is gone", func() bool {
		left, err := filepath.Glob(filepath.Join(folder, "*"))
		return err == nil && len(left) == 0
	})
}

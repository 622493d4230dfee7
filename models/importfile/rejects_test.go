package importfile

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func errorFile(t *testing.T, file string, names ...string) *ErrorWriter {
	t.Helper()
	w, err := NewErrorFile(file, names)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestErrorFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "danh sách.csv")
	w := errorFile(t, file, "Loại", "Tên")
	if _, err := os.Stat(ErrorFileName(file)); !os.IsNotExist(err) {
		t.Fatal("the list is there before the first row")
	}
	for _, row := range []struct {
		line  int
		cells []string
	}{{2, []string{"shop", "Quán \"A\", B"}}, {5, nil}, {9, []string{"=1+1", "x\xff\ny"}}} {
		if err := w.Write(Rejection{row.line, "no-commune", "outside", "điểm nằm ngoài mọi xã", row.cells}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file + ".errors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{byteOrderMark + "line", "code", "reason", "lý do", "Loại", "Tên"},
		{"2", "no-commune", "outside", "điểm nằm ngoài mọi xã", "shop", "Quán \"A\", B"},
		{"5", "no-commune", "outside", "điểm nằm ngoài mọi xã", "", ""},
		{"9", "no-commune", "outside", "điểm nằm ngoài mọi xã", "'=1+1", "x\uFFFD\ny"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorFileWithoutRowsIsNotMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(ErrorFileName(file), []byte("of an earlier import"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := errorFile(t, file)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ErrorFileName(file)); !os.IsNotExist(err) {
		t.Error("an empty list was made, or an old one left")
	}
}

func TestErrorFileReplacesAnOlderOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(ErrorFileName(file), []byte(strings.Repeat("old\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := errorFile(t, file)
	if err := errors.Join(w.Write(Rejection{2, "x", "y", "z", nil}), w.Close()); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(ErrorFileName(file))
	if string(got) != byteOrderMark+"line,code,reason,lý do\n2,x,y,z\n" {
		t.Errorf("%q", got)
	}
}

// fullDisk is a file on a disk without room.
type fullDisk struct{ onClose error }

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }
func (d fullDisk) Close() error            { return d.onClose }

func TestErrorWriterFailures(t *testing.T) {
	t.Run("the list can't be created", func(t *testing.T) {
		w := errorFile(t, filepath.Join(t.TempDir(), "missing", "a.csv"))
		if err := w.Write(Rejection{2, "x", "y", "z", nil}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error = %v", err)
		}
	})
	t.Run("the disk is full", func(t *testing.T) {
		w := NewErrorWriter(func() (io.WriteCloser, error) { return fullDisk{}, nil }, nil)
		err := w.Write(Rejection{2, "x", "y", "z", nil})
		if closeErr := w.Close(); err == nil && closeErr == nil {
			t.Error("nobody was told")
		}
	})
	t.Run("the disk is full in the middle", func(t *testing.T) {
		w := NewErrorWriter(func() (io.WriteCloser, error) { return fullDisk{}, nil }, nil)
		if err := w.Write(Rejection{2, "x", strings.Repeat("y", 2*chunk), "z", nil}); err == nil {
			t.Error("the row was taken for written")
		}
	})
	t.Run("closing goes wrong", func(t *testing.T) {
		onClose := errors.New("quota")
		w := NewErrorWriter(func() (io.WriteCloser, error) { return closer{io.Discard, onClose}, nil }, nil)
		if err := errors.Join(w.Write(Rejection{2, "x", "y", "z", nil}), w.Close()); !errors.Is(err, onClose) {
			t.Errorf("error = %v", err)
		}
	})
}

type closer struct {
	io.Writer
	err error
}

func (c closer) Close() error { return c.err }

func TestHarmless(t *testing.T) {
	changed := []string{"=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "\r=1", "＝1+1", "--1", "+", "-", "=5", "+84 901 234 567", "-1e5x"}
	for _, cell := range changed {
		if got := Harmless(cell); got != "'"+cell {
			t.Errorf("Harmless(%q) = %q", cell, got)
		}
	}
	kept := []string{"", "A", "-106.65", "+84901234567", "-10,98", " -5 ", "12/3", "a=b", "'x", "Đường 30/4"}
	for _, cell := range kept {
		if got := Harmless(cell); got != cell {
			t.Errorf("Harmless(%q) = %q", cell, got)
		}
	}
}

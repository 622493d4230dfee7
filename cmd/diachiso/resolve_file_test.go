package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// manifest is a registry with one house, and a table that asks for it.
func manifest(t *testing.T, db storetest.Database) (code, rows string) {
	t.Helper()
	code = storetest.Register(t, db.Open(t, storetest.Options{Boundaries: true}), storetest.House(1)).Code.String()
	return code, "n;q\n1;" + code + "\n2;\n3;H72VH2FVP6\n"
}

// read is what a file holds; "" where there is none.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// standardInput puts a text or a pipe in the place of standard input.
func standardInput(t *testing.T, file *os.File) {
	t.Helper()
	was := os.Stdin
	os.Stdin = file
	t.Cleanup(func() { os.Stdin = was })
}

func TestResolveFile(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		code, rows := manifest(t, db)
		file := write(t, "manifest.csv", rows)
		const counts = "3 rows answered: 1 found, 0 uncertain, 1 not found, 1 invalid\n"
		answer := "n;q;result_status;result_class;"
		found := "1;" + code + ";found;;;" + code + ";\"1 Đường Hoa Mai, Khu phố 2, "
		t.Run("to standard output", func(t *testing.T) {
			o := commandOn(t, db, "resolve", "--file", file, "--with", "resolve")
			o.expect(t, exitDone, answer, counts)
			o.expect(t, exitDone, found, counts)
			o.expect(t, exitDone, "\n2;;invalid;", counts)
			o.expect(t, exitDone, "\n3;H72VH2FVP6;not-found;", counts)
		})
		t.Run("in Vietnamese", func(t *testing.T) {
			commandOn(t, db, "resolve", "--file", file, "--with", "resolve", "--vietnamese").expect(t, exitDone, "Ô trống.", counts)
		})
		t.Run("to a file", func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "answered.csv")
			commandOn(t, db, "resolve", "--file", file, "--with", "resolve", "--output", out).expect(t, exitDone, "", counts)
			if text := read(t, out); !strings.HasPrefix(text, answer) || !strings.Contains(text, found) {
				t.Error(text)
			}
			if left, _ := os.ReadDir(filepath.Dir(out)); len(left) != 1 {
				t.Errorf("%d files are left", len(left))
			}
		})
		t.Run("from a pipe", func(t *testing.T) {
			in, out, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				out.WriteString(rows)
				out.Close()
			}()
			standardInput(t, in)
			t.Setenv("TMPDIR", t.TempDir())
			commandOn(t, db, "resolve", "--file", "-", "--format", "csv", "--with", "resolve").expect(t, exitDone, found, counts)
			if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
				t.Errorf("%s is left", left[0].Name())
			}
		})
		t.Run("from a redirected file", func(t *testing.T) {
			in, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			standardInput(t, in)
			commandOn(t, db, "resolve", "--file", "-", "--format", "csv", "--with", "resolve").expect(t, exitDone, found, counts)
		})
		t.Run("format by name", func(t *testing.T) {
			file := write(t, "list.jsonl", `{"to":"`+code+`"}`+"\n")
			commandOn(t, db, "resolve", "--file", file, "--with", "resolve", "--column", "to").
				expect(t, exitDone, `{"to":"`+code+`","result":{"status":"found","code":"`+code+`"`, "1 row answered: 1 found")
		})
		t.Run("reverse in an array", func(t *testing.T) {
			file := write(t, "list.txt", `[{"lat":10.9804,"lng":106.6519}]`)
			commandOn(t, db, "resolve", "--file", file, "--format", "json", "--with", "reverse").
				expect(t, exitDone, `[`+"\n"+`{"lat":10.9804,"lng":106.6519,"result":{"status":"found","code":"`+code+`"`, "1 row answered: 1 found")
		})
		t.Run("near and commune", func(t *testing.T) {
			file := write(t, "list.csv", "q,n\nXMJ2+5R6,1\n")
			commandOn(t, db, "resolve", "--file", file, "--with", "resolve").expect(t, exitDone, "XMJ2+5R6,1,invalid", "1 invalid")
			for _, hint := range [][]string{{"--near", "10.98,106.65"}, {"--commune", "25747"}, {"--commune", "phường thủ dầu một"}, {"--commune", "Thủ Dầu Một"}} {
				commandOn(t, db, append([]string{"resolve", "--file", file, "--with", "resolve"}, hint...)...).expect(t, exitDone, "XMJ2+5R6,1,found", "1 found")
			}
			commandOn(t, db, "resolve", "--file", file, "--commune", "Phường Phú Cường").expect(t, exitDone, "XMJ2+5R6", "1 row answered")
			commandOn(t, db, "resolve", "--file", file, "--commune", "Tân Cương").expect(t, exitUsage, "", "diachiso: --commune: no commune is called \"Tân Cương\"")
		})
	})
}

// A file that is there is only replaced when that was asked for, and only by
// a whole one.
func TestResolveFileKeepsOtherFiles(t *testing.T) {
	db := storetest.SQLite(t)
	code, rows := manifest(t, db)
	file := write(t, "manifest.csv", rows)
	out := write(t, "answered.csv", "old")
	commandOn(t, db, "resolve", "--file", file, "--output", out).expect(t, exitFailed, "", "answered.csv is there already: name another --output, or add --overwrite")
	if text := read(t, out); text != "old" {
		t.Error(text)
	}
	broken := write(t, "broken.csv", rows+"4\n")
	commandOn(t, db, "resolve", "--file", broken, "--output", out, "--overwrite").expect(t, exitFailed, "", "Line 5 has 1 cells")
	if text := read(t, out); text != "old" {
		t.Error(text)
	}
	commandOn(t, db, "resolve", "--file", file, "--with", "resolve", "--output", out, "--overwrite").expect(t, exitDone, "", "1 found")
	if text := read(t, out); !strings.Contains(text, code+";found") {
		t.Error(text)
	}
	linked := filepath.Join(t.TempDir(), "linked.csv")
	if err := os.Link(file, linked); err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{file, linked} {
		commandOn(t, db, "resolve", "--file", file, "--output", same, "--overwrite").expect(t, exitFailed, "", "is the table itself: name another --output")
	}
	redirected, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	standardInput(t, redirected)
	commandOn(t, db, "resolve", "--file", "-", "--format", "csv", "--output", file, "--overwrite").expect(t, exitFailed, "", "is the table itself")
	if text := read(t, file); text != rows {
		t.Error(text)
	}
	commandOn(t, db, "resolve", "--file", out, "--output", t.TempDir(), "--overwrite").expect(t, exitFailed, "", "result_status")
	commandOn(t, db, "resolve", "--file", out, "--column", "n", "--output", t.TempDir(), "--overwrite").expect(t, exitFailed, "", "rename it or take it out")
	good := write(t, "good.csv", rows)
	commandOn(t, db, "resolve", "--file", good, "--output", t.TempDir(), "--overwrite").expect(t, exitFailed, "", "is no file")
	commandOn(t, db, "resolve", "--file", good, "--output", filepath.Join(t.TempDir(), "gone", "x.csv")).expect(t, exitFailed, "", "is not there: make it")
}

func TestResolveFileWrongCommandLines(t *testing.T) {
	file := write(t, "list.csv", "q\nx\n")
	strange := write(t, "list.xlsx", "q\nx\n")
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"nothing", nil, "name a code, a point or a written address, or a table with --file"},
		{"both", []string{"28XMJ25Q66", "--file", file}, "an input (28XMJ25Q66) and --file exclude each other"},
		{"JSON of a table", []string{"--json", "--file", file}, "--json and --file exclude each other"},
		{"file that is not there", []string{"--file", "gone.csv"}, "no such file"},
		{"format of another kind", []string{"--file", strange}, "does not end in .csv, .ndjson or .json"},
		{"unknown format", []string{"--file", file, "--format", "xlsx"}, "--format xlsx is not known: write csv, ndjson or json"},
		{"unknown call", []string{"--file", file, "--with", "guess"}, `--with must be one of "search","resolve","reverse"`},
		{"empty call", []string{"--file", file, "--with", ""}, `--with must be one of "search"`},
		{"standard input without a format", []string{"--file", "-"}, "write --format csv, ndjson or json"},
		{"near nowhere", []string{"--file", file, "--near", "here"}, "--near"},
		{"call of one input", []string{"28XMJ25Q66", "--with", "reverse"}, "--with is for tables: name one with --file"},
		{"format of one input", []string{"28XMJ25Q66", "--format", "csv"}, "--format is for tables"},
		{"column of one input", []string{"28XMJ25Q66", "--column", "q"}, "--column is for tables"},
		{"output of one input", []string{"28XMJ25Q66", "--output", "x.csv"}, "--output is for tables"},
		{"overwriting nothing", []string{"28XMJ25Q66", "--overwrite"}, "--overwrite is for tables"},
		{"language of one input", []string{"28XMJ25Q66", "--vietnamese"}, "--vietnamese is for tables"},
	} {
		t.Run(c.name, func(t *testing.T) {
			command(t, append([]string{"resolve"}, c.args...)...).expect(t, exitUsage, "", c.err)
		})
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("a wrong command line made %v", left[0].Name())
	}
}

// hangUp ends the program's context at the first write.
type hangUp struct {
	stop  context.CancelFunc
	lines int
}

func (h *hangUp) Write(b []byte) (int, error) {
	h.stop()
	h.lines += bytes.Count(b, []byte{'\n'})
	return len(b), nil
}

func TestResolveFileInterrupted(t *testing.T) {
	db := storetest.SQLite(t)
	manifest(t, db)
	file := write(t, "manifest.csv", "n,q\n"+strings.Repeat("1,H72VH2FVP6\n", 5000))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var err bytes.Buffer
	out := &hangUp{stop: stop}
	code := run(ctx, []string{"resolve", "--file", file, "--database-url", db.URL}, out, &err)
	if code != exitFailed || err.String() != "diachiso: interrupted\n" || out.lines > 1000 {
		t.Errorf("exit code %d, %d lines and %q", code, out.lines, err.String())
	}
}

// An answer that was broken off leaves no file behind.
func TestOutputIsWholeOrNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answered.csv")
	for _, whole := range []bool{false, true} {
		out, err := (&resolveFile{Output: path}).createOutput(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte("half")); err != nil || read(t, path) != "" {
			t.Errorf("%v, and the file holds %q", err, read(t, path))
		}
		if whole {
			err = out.complete()
		}
		out.discard()
		if left, _ := os.ReadDir(filepath.Dir(path)); err != nil || whole != (read(t, path) == "half") || len(left) > 1 || !whole && len(left) > 0 {
			t.Errorf("complete: %t, %v, %d files are left and hold %q", whole, err, len(left), read(t, path))
		}
	}
}

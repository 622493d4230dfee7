package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is where a table goes: a stream, or a file that appears under its
// name only when it is complete.
type output struct {
	io.Writer
	file *os.File // beside path; nil: a stream, or done
	path string
}

// createOutput makes the output that the flags ask for. A file that is there
// already is refused unless it may be overwritten.
func (f *resolveFile) createOutput(stdout io.Writer) (*output, error) {
	if f.Output == "" || f.Output == "-" {
		return &output{Writer: stdout}, nil
	}
	if info, err := os.Stat(f.Output); err == nil && f.isTable(info) {
		return nil, fmt.Errorf("%s is the table itself: name another --output", f.Output)
	}
	switch info, err := os.Lstat(f.Output); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file: name another --output", f.Output)
	case !f.Overwrite:
		return nil, fmt.Errorf("%s is there already: name another --output, or add --overwrite", f.Output)
	}
	file, err := os.CreateTemp(filepath.Dir(f.Output), "."+filepath.Base(f.Output)+".*")
	if err != nil {
		return nil, fmt.Errorf("create the output: %w", err)
	}
	return &output{Writer: file, file: file, path: f.Output}, nil
}

// isTable reports whether a file is the one that is answered.
func (f *resolveFile) isTable(info fs.FileInfo) bool {
	table, err := os.Stdin.Stat()
	if f.File != "-" {
		table, err = os.Stat(f.File)
	}
	return err == nil && os.SameFile(table, info)
}

// complete gives the file its name.
func (o *output) complete() error {
	if o.file == nil {
		return nil
	}
	if err := o.file.Close(); err != nil {
		return fmt.Errorf("write the output: %w", err)
	}
	if err := os.Rename(o.file.Name(), o.path); err != nil {
		return fmt.Errorf("name the output: %w", err)
	}
	o.file = nil
	return nil
}

// discard removes a file that was not completed.
func (o *output) discard() {
	if o.file != nil {
		removeTemp(o.file)
	}
}

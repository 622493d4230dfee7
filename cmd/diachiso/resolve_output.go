package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// output is where a table goes: a stream, or a file that appears under its
// name only when it is complete.
type output struct {
	io.Writer
	file *os.File // beside path; nil: a stream, or done
	path string
}

// createOutput makes the output that the flags ask for.
func (f *resolveFile) createOutput(stdout io.Writer) (*output, error) {
	if info, err := os.Stat(f.Output); err == nil && f.Output != "-" && f.isTable(info) {
		return nil, fmt.Errorf("%s is the table itself: name another --output", f.Output)
	}
	return createOutput(f.Output, "--output", f.Overwrite, stdout)
}

// createOutput makes the file of a path, which option gives, or takes standard
// output where it is empty or "-". A file that is there already is refused
// unless it may be overwritten.
func createOutput(path, option string, overwrite bool, stdout io.Writer) (*output, error) {
	if path == "" || path == "-" {
		return &output{Writer: stdout}, nil
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file: name another %s", path, option)
	case !overwrite:
		return nil, fmt.Errorf("%s is there already: name another %s, or add --overwrite", path, option)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the folder of %s is not there: make it, or name another %s", path, option)
	}
	if err != nil {
		return nil, fmt.Errorf("create the output: %w", err)
	}
	return &output{Writer: file, file: file, path: path}, nil
}

// isTable reports whether a file is the one that is answered.
func (f *resolveFile) isTable(info fs.FileInfo) bool {
	table, err := os.Stdin.Stat()
	if f.File != "-" {
		table, err = os.Stat(f.File)
	}
	return err == nil && os.SameFile(table, info)
}

// share lets others read the file as far as the umask does: what anybody may
// see is no secret.
func (o *output) share() error {
	if o.file == nil {
		return nil
	}
	mask := syscall.Umask(0)
	syscall.Umask(mask)
	if err := o.file.Chmod(0o666 &^ os.FileMode(mask)); err != nil {
		return fmt.Errorf("create the output: %w", err)
	}
	return nil
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

package importfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Rejection is a row that was not imported, and why: Code is stable, En and Vi
// are sentences for people. Line counts as in Record. Cells are those of
// Record.Cells or RowError.Cells, nil when the row could not be taken apart.
type Rejection struct {
	Line   int
	Code   string
	En, Vi string
	Cells  []string
}

const byteOrderMark = "\ufeff"

// rejectColumns stand before the row's own in a list of rejected rows.
var rejectColumns = []string{"line", "code", "reason", "lý do"}

// ErrorWriter writes the list of rejected rows, a CSV in UTF-8 with the
// columns line, code, reason (English) and lý do (Vietnamese) and after them
// the row's own cells. Nothing is created before the first row. It is not for use by several goroutines.
type ErrorWriter struct {
	create func() (io.WriteCloser, error)
	names  []string
	file   io.WriteCloser
	csv    *csv.Writer
}

// NewErrorWriter makes a list whose rows have the cells of the named columns
// (Reader.Names); create opens it when the first row comes.
func NewErrorWriter(create func() (io.WriteCloser, error), names []string) *ErrorWriter {
	return &ErrorWriter{create: create, names: names}
}

// NewErrorFile makes the list of an import file in ErrorFileName(name), with a
// byte order mark. A
// list left there by an earlier import is removed.
func NewErrorFile(name string, names []string) (*ErrorWriter, error) {
	if err := os.Remove(ErrorFileName(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the list of an earlier import: %w", err)
	}
	return NewErrorWriter(func() (io.WriteCloser, error) {
		file, err := os.OpenFile(ErrorFileName(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		// Without the mark a spreadsheet takes UTF-8 for another encoding.
		if _, err := file.WriteString(byteOrderMark); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return file, nil
	}, names), nil
}

// ErrorFileName is where NewErrorFile writes: the import file's name and
// ".errors.csv".
func ErrorFileName(name string) string { return name + ".errors.csv" }

// Write adds a rejected row. Rows are buffered until Close.
func (w *ErrorWriter) Write(r Rejection) error {
	if w.csv == nil {
		if err := w.open(); err != nil {
			return err
		}
	}
	row := []string{strconv.Itoa(r.Line), r.Code, Harmless(r.En), Harmless(r.Vi)}
	for _, cell := range r.Cells {
		row = append(row, Harmless(cell))
	}
	for len(row) < 4+len(w.names) {
		row = append(row, "")
	}
	if err := w.csv.Write(row); err != nil {
		return fmt.Errorf("write rejected row %d: %w", r.Line, err)
	}
	return nil
}

func (w *ErrorWriter) open() error {
	file, err := w.create()
	if err != nil {
		return fmt.Errorf("create the list of rejected rows: %w", err)
	}
	w.file = file
	w.csv = csv.NewWriter(bufio.NewWriterSize(file, chunk))
	row := slices.Clone(rejectColumns)
	for _, name := range w.names {
		row = append(row, Harmless(name))
	}
	return w.csv.Write(row)
}

// Close writes what is buffered and closes the list; without any row it does
// nothing. It must be called once, and its error means that rows are missing.
func (w *ErrorWriter) Close() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	err := w.csv.Error()
	if closeErr := w.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write the list of rejected rows: %w", err)
	}
	return nil
}

// Harmless returns a cell of a table that is written for people: a spreadsheet
// must not take it for a formula (an apostrophe goes before it), and it is
// valid UTF-8.
func Harmless(cell string) string {
	cell = strings.ToValidUTF8(cell, "\uFFFD")
	if cell == "" || isAlphanumeric(cell[0]) { // nearly all
		return cell
	}
	start := strings.TrimLeft(cell, " \t\r\n\u00A0")
	if start == "" || !strings.ContainsRune("=+-@＝＋－＠", firstRune(start)) || isPlainNumber(strings.TrimSpace(cell)) {
		return cell
	}
	return "'" + cell
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// isPlainNumber reports whether a text is a sign, digits and at most one
// point or comma, such as a coordinate or a telephone number.
func isPlainNumber(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	digits, points := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' || r == ',':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

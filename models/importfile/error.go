package importfile

import (
	"fmt"
	"unicode/utf8"
)

// FileError says why a file can't be imported, or not any further. Code is
// stable and never translated; En and Vi are sentences for people.
type FileError struct {
	Code string
	En   string
	Vi   string
}

// Error returns the English sentence.
func (e *FileError) Error() string { return e.En }

// RowError says why one row can't be read; reading goes on after it. Line
// counts as in Record. Cells are the row's cells in the file's order, nil
// when the row could not be taken apart.
type RowError struct {
	Line  int
	Code  string
	En    string
	Vi    string
	Cells []string
}

// Error returns the place and the English sentence.
func (e *RowError) Error() string { return fmt.Sprintf("row %d: %s", e.Line, e.En) }

// fileErrorf builds a FileError from an English and a Vietnamese format that
// take the same arguments in the same order.
func fileErrorf(code, en, vi string, args ...any) *FileError {
	return &FileError{Code: code, En: fmt.Sprintf(en, args...), Vi: fmt.Sprintf(vi, args...)}
}

// rowErrorf is fileErrorf for a row; the caller sets Line and Cells.
func rowErrorf(code, en, vi string, args ...any) *RowError {
	return &RowError{Code: code, En: fmt.Sprintf(en, args...), Vi: fmt.Sprintf(vi, args...)}
}

// clip shortens a text from the file to at most max bytes for a message,
// without cutting a letter in two.
func clip(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

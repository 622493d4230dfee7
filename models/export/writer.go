package export

import (
	"encoding/csv"
	"fmt"
	"io"

	"diachiso/models/importfile"
)

// form is how one kind of rows is written.
type form[T any] struct {
	header  []string
	cells   func(row *T) []string
	object  func(b []byte, row *T) []byte
	feature func(b []byte, row *T) []byte
}

// Writer writes rows of one kind in a format. Close completes the file.
type Writer[T any] struct {
	form   form[T]
	format Format
	out    io.Writer
	text   buffer // not written yet
	table  *csv.Writer
	rows   int
}

// buffered is how many bytes are written at a time: a client that is slow must
// take so many within its time.
const buffered = 32 << 10

// buffer is text that the writer of tables appends to.
type buffer []byte

// Write appends.
func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

func newWriter[T any](out io.Writer, o Options, f form[T]) *Writer[T] {
	w := &Writer[T]{form: f, format: o.Format, out: out}
	switch o.Format {
	case GeoJSON:
		w.text = append(w.text, `{"type":"FeatureCollection","features":[`...)
	case CSV:
		if o.Mark {
			w.text = append(w.text, "\ufeff"...)
		}
		w.table = csv.NewWriter(&w.text)
		w.table.Write(f.header) // into memory
	}
	return w
}

// Write writes a row, some time before Close.
func (w *Writer[T]) Write(row *T) error {
	switch w.format {
	case NDJSON:
		w.text = append(w.form.object(w.text, row), '\n')
	case GeoJSON:
		if w.rows > 0 {
			w.text = append(w.text, ',')
		}
		w.text = w.form.feature(append(w.text, '\n'), row)
	case CSV:
		cells := w.form.cells(row)
		for i, cell := range cells {
			cells[i] = importfile.Harmless(cell)
		}
		w.table.Write(cells)
	}
	if w.rows++; len(w.text) < buffered {
		return nil
	}
	return w.flush()
}

// Close writes the end of the file.
func (w *Writer[T]) Close() error {
	switch w.format {
	case GeoJSON:
		w.text = append(w.text, "\n]}\n"...)
	case CSV:
		w.table.Flush()
	}
	return w.flush()
}

func (w *Writer[T]) flush() error {
	if len(w.text) == 0 {
		return nil
	}
	_, err := w.out.Write(w.text)
	if w.text = w.text[:0]; err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	return nil
}

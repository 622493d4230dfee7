package importfile

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
)

// maxRow is the most bytes, in UTF-8, that one row or feature may have.
const maxRow = 1 << 20

// Format is a kind of import file.
type Format string

// The formats that can be read.
const (
	CSV     Format = "csv"
	GeoJSON Format = "geojson"
)

// FormatOf tells the format of a file by the end of its name: .csv, .tsv,
// .txt, .geojson or .json. Any other is a *FileError.
func FormatOf(name string) (Format, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return CSV, nil
	case ".geojson", ".json":
		return GeoJSON, nil
	}
	return "", fileErrorf("unknown-format",
		"the name %q does not end in .csv or .geojson: import a CSV or GeoJSON file",
		"Tên tệp %q không có đuôi .csv hoặc .geojson: hãy nhập tệp CSV hoặc GeoJSON.", filepath.Base(name))
}

// Options says what a file does not say about itself.
type Options struct {
	// Encoding is "" or "utf-8", or "windows-1258" for a CSV file in the old
	// Vietnamese code page. UTF-16 with a byte order mark needs no option.
	Encoding string
	// DecimalComma reads lat, lng and accuracy_m with a comma for the point.
	DecimalComma bool
}

// Reader reads an import file row by row; its memory does not grow with the
// file. It is not for use by several goroutines at once.
type Reader struct {
	rows rowSource
	err  error
}

// rowSource is a file format at work.
type rowSource interface {
	next() (*Record, error)
	header() *Header
	has(c Column) bool
}

// Open reads the beginning of a file: the header line of a CSV, a GeoJSON up
// to its first feature. Every error of r itself is passed on wrapped, every
// other error is a *FileError.
func Open(r io.Reader, format Format, opts Options) (*Reader, error) {
	decoded, err := decode(r, format, opts.Encoding)
	if err != nil {
		return nil, err
	}
	var rows rowSource
	switch format {
	case CSV:
		rows, err = openCSV(decoded, opts.DecimalComma)
	case GeoJSON:
		rows, err = openGeoJSON(decoded)
	default:
		err = fileErrorf("unknown-format", "the format %q is not known: csv or geojson",
			"Không hỗ trợ định dạng %q: chỉ có csv hoặc geojson.", string(format))
	}
	if err != nil {
		return nil, err
	}
	return &Reader{rows: rows}, nil
}

// Columns returns the columns in the order of Record.Cells and
// RowError.Cells: of a CSV those of the header line, of a GeoJSON all.
func (rd *Reader) Columns() []Column { return rd.rows.header().Columns() }

// Names returns the headings of the same columns as the file writes them.
func (rd *Reader) Names() []string { return rd.rows.header().Names() }

// Has reports whether the file has the column. A GeoJSON says so only as it
// goes: after Open for its first feature, later for all read so far.
func (rd *Reader) Has(c Column) bool { return rd.rows.has(c) }

// Next returns the next row. A *RowError stands for a row that can't be read
// and Next may be called again; io.EOF is the end; after any other error
// every further call answers the same.
func (rd *Reader) Next() (*Record, error) {
	if rd.err != nil {
		return nil, rd.err
	}
	record, err := rd.rows.next()
	var row *RowError
	if err != nil && !errors.As(err, &row) {
		rd.err = err
	}
	return record, err
}

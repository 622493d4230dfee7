// Package batch answers tables: every row of a CSV, NDJSON or JSON input comes
// out again, in its place and with its columns as they were, with the
// registry's answer behind it and one status a row.
//
// The input is read twice. Open goes through all of it and says everything
// that is wrong with the whole; Write answers it row by row, with a memory
// that does not grow with the number of rows.
package batch

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"diachiso/geo"
	"diachiso/models"
)

// Call is what the rows are asked for.
type Call string

// The calls.
const (
	CallResolve Call = "resolve" // codes of any line, Plus Codes, positions
	CallSearch  Call = "search"  // those and written addresses
	CallReverse Call = "reverse" // the nearest address to a point
)

// Format is a form of input; the output has the same.
type Format string

// The formats.
const (
	FormatCSV    Format = "csv"
	FormatNDJSON Format = "ndjson" // an object a line
	FormatJSON   Format = "json"   // an array of objects
)

// FormatOf tells the format of a file by the end of its name: .csv, .tsv and
// .txt, .ndjson and .jsonl, .json. Any other is Invalid.
func FormatOf(name string) (Format, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return FormatCSV, nil
	case ".ndjson", ".jsonl":
		return FormatNDJSON, nil
	case ".json":
		return FormatJSON, nil
	}
	return "", invalid("unknown-format", "The name %q does not end in .csv, .ndjson or .json: say which format it has.",
		"Tên %q không có đuôi .csv, .ndjson hoặc .json: hãy cho biết định dạng.", filepath.Base(name))
}

// MaxRow is the most bytes, in UTF-8, that one row may have.
const MaxRow = 64 << 10

// Options say how a table is to be answered.
type Options struct {
	Call   Call
	Format Format

	// Column is the column or member to ask for; for CallReverse it holds
	// "lat,lng". Empty: the first known one of q, query, input, text, address
	// (địa chỉ), code (mã); for CallReverse lat (vĩ độ) and lng (kinh độ).
	Column string

	// Places, shared by several tables, bounds the rows that are answered beside
	// each other; nil: as many as there are processors.
	Places chan struct{}

	Near       *geo.Point        // a point nearby; nil: unknown
	Commune    *models.AdminUnit // of either era; nil: any. To CallReverse it says nothing
	Most       int               // rows; 0: any number
	Vietnamese bool              // the language of the messages in the answers
	RowTimeout time.Duration     // how long the database may take for a row; 0: any time
}

// Batch is a table that can be answered. It is not for use by several
// goroutines at once.
type Batch struct {
	in      io.ReadSeeker
	start   int64
	options Options
	ranks   []int // see table.settle
	rows    int
}

// Open reads a table to its end. Every fault of the whole is an Invalid
// *models.Error, about Field "column" where the column asked for is at fault:
// nothing to answer, no such column, a column that bears a name of ours, a row
// with too few or too many cells, JSON that is none, bytes that are not UTF-8,
// more than Most rows (Code "too-many-rows"), a row longer than MaxRow. Any
// other error is one of in.
func Open(in io.ReadSeeker, o Options) (*Batch, error) {
	start, err := in.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, fmt.Errorf("read the rows: %w", err)
	}
	b := &Batch{in: in, start: start, options: o}
	t, err := openTable(in, o, nil)
	if err != nil {
		return nil, err
	}
	for {
		_, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if b.rows++; o.Most > 0 && b.rows > o.Most {
			return nil, invalid("too-many-rows", "There are more than %d rows: divide them.", "Có nhiều hơn %d dòng: hãy chia nhỏ.", o.Most)
		}
	}
	if b.rows == 0 {
		return nil, invalid("no-rows", "There are no rows to answer.", "Không có dòng nào để tra cứu.")
	}
	b.ranks, err = t.settle()
	return b, err
}

// Rows is how many rows there are to answer.
func (b *Batch) Rows() int { return b.rows }

// row is one row of a table.
type row struct {
	place int           // line of the input, or number of the element, from 1
	text  string        // as it came, without its line end
	asked [2]string     // the cell to ask for; for CallReverse without Column lat and lng
	fault *models.Error // why there is nothing to ask; nil: none
}

// table is a form of input at work, and the form of the answer.
type table interface {
	// next is the next row; io.EOF is the end.
	next() (row, error)
	// settle says, after the last row, which of the known names (by rank, one
	// for each cell asked for) the rows go by, or that they have none.
	settle() ([]int, error)
	// head, add and foot append what is written before, for and after the rows.
	head(b []byte) []byte
	add(b []byte, r row, a answer) []byte
	foot(b []byte) []byte
}

// openTable begins at the first row; ranks are nil or what settle said.
func openTable(in io.Reader, o Options, ranks []int) (table, error) {
	want, err := o.wanted()
	if err != nil {
		return nil, err
	}
	r, marked, err := decode(in)
	if err != nil {
		return nil, err
	}
	switch o.Format {
	case FormatCSV:
		return openCSV(r, want, marked)
	case FormatNDJSON:
		return &objectLines{lines: lineReader{r: r}, objects: newObjects(want, ranks)}, nil
	case FormatJSON:
		return openArray(r, newObjects(want, ranks))
	}
	return nil, invalid("unknown-format", "The format %q is not known: csv, ndjson or json.", "Không hỗ trợ định dạng %q: chỉ có csv, ndjson hoặc json.", string(o.Format))
}

func invalid(code, en, vi string, args ...any) *models.Error {
	return models.NewError(models.Invalid, "", code, en, vi, args...)
}

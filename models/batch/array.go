package batch

import (
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// objectArray is JSON: an array of objects.
type objectArray struct {
	objects
	decoder *json.Decoder
	budget  *budgetReader
	number  int // of the last element
	written int
}

func openArray(r io.Reader, o objects) (*objectArray, error) {
	budget := &budgetReader{r: r, left: 2 * MaxRow}
	t := &objectArray{objects: o, budget: budget, decoder: json.NewDecoder(budget)}
	token, err := t.decoder.Token()
	switch {
	case err == io.EOF:
		return nil, invalid("no-rows", "There is nothing: write an array of objects.", "Không có nội dung: hãy gửi một mảng các đối tượng.")
	case err != nil:
		return nil, t.broken(err)
	case token != json.Delim('['):
		return nil, invalid("not-an-array", "The document is not an array of objects; one object a line is NDJSON.",
			"Tài liệu không phải là mảng các đối tượng; mỗi dòng một đối tượng là định dạng NDJSON.")
	}
	return t, nil
}

func (t *objectArray) next() (row, error) {
	t.budget.left = 2 * MaxRow
	t.budget.lineOf(t.decoder.InputOffset())
	if !t.decoder.More() {
		return row{}, t.finish()
	}
	t.number++
	var raw json.RawMessage
	if err := t.decoder.Decode(&raw); err != nil {
		return row{}, t.broken(err)
	}
	where := place{"row", "Dòng thứ", t.number}
	switch {
	case len(raw) > MaxRow:
		return row{}, t.broken(errOverBudget)
	case !utf8.Valid(raw):
		return row{}, where.invalid("not-utf8", "it is not UTF-8", "không phải UTF-8")
	}
	return t.row(raw, where)
}

// finish checks that the array ends and nothing follows; io.EOF when it is so.
func (t *objectArray) finish() error {
	if _, err := t.decoder.Token(); err != nil { // the bracket
		return t.broken(err)
	}
	t.budget.left = 2 * MaxRow
	_, err := t.decoder.Token()
	switch {
	case err == io.EOF:
		return io.EOF
	case err != nil:
		return t.broken(err)
	}
	return invalid("malformed-json", "Something follows the end of the array: take it out.", "Sau mảng JSON còn nội dung khác: hãy xóa phần thừa.")
}

// broken says where the document is damaged, or passes an error of the input on.
func (t *objectArray) broken(err error) error {
	if t.budget.err != nil {
		return t.budget.err
	}
	where := place{"row", "Dòng thứ", max(t.number, 1)}
	switch err {
	case errOverBudget:
		return where.invalid("row-too-long", "a row may have 64 KiB and this one has more", "mỗi dòng tối đa 64 KiB, dòng này dài hơn")
	case io.EOF, io.ErrUnexpectedEOF:
		return where.invalid("malformed-json", "the document ends in the middle", "tài liệu kết thúc giữa chừng")
	}
	line, at := t.budget.lineOf(t.faultAt(err))
	return invalid("malformed-json", "In row %d, on line %d, byte %d: this is not JSON: "+lookEn, "Phần tử thứ %d, dòng %d, byte thứ %d: không đúng cú pháp JSON: "+lookVi,
		where.number, line, at)
}

// faultAt is the byte, from 1, at which the document is damaged. Within a value
// the decoder counts from somewhere else, so the value is read once more.
func (t *objectArray) faultAt(err error) int64 {
	at := t.decoder.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset == at {
		return at + 1 // between values
	}
	rest, err := io.ReadAll(t.decoder.Buffered())
	var value json.RawMessage
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(rest, &value)); ok && err == nil {
		return at + syntax.Offset
	}
	return at + 1
}

func (t *objectArray) head(b []byte) []byte { return append(b, '[') }

func (t *objectArray) add(b []byte, r row, a answer) []byte {
	if t.written++; t.written > 1 {
		b = append(b, ',')
	}
	return addObject(append(b, '\n'), r, a)
}

func (t *objectArray) foot(b []byte) []byte { return append(b, "\n]\n"...) }

var errOverBudget = errors.New("over budget")

// budgetReader bounds how far a decoder reads for one value, because it holds
// a value in memory whole, and knows the lines of what was read.
type budgetReader struct {
	r    io.Reader
	left int
	err  error // of r
	read int64
	ends []int64 // of lines behind the last lineOf, counted as it counts
	line int     // ended before it
	last int64   // end of the last of them; 0: none
}

// lineOf is the line of a byte and its place there, all counted from 1. The
// bytes asked for must not go back.
func (b *budgetReader) lineOf(offset int64) (line int, at int64) {
	for len(b.ends) > 0 && b.ends[0] < offset {
		b.last, b.ends = b.ends[0], b.ends[1:]
		b.line++
	}
	return b.line + 1, offset - b.last
}

func (b *budgetReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errOverBudget
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	for i, c := range p[:n] {
		if c == '\n' {
			b.ends = append(b.ends, b.read+int64(i)+1)
		}
	}
	b.read += int64(n)
	if err != nil && err != io.EOF {
		b.err = readError(err)
	}
	return n, err
}

package batch

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"

	"diachiso/models"
)

// objects reads and writes the rows of NDJSON and JSON. Members keep their
// order, and numbers the way they are written.
type objects struct {
	wants []want
	// ranks say by which of the known names the rows go: in the first pass the
	// best seen so far, in the second what settle said.
	ranks   []int
	settled bool
	first   []string // members of the first object
	rows    int
}

func newObjects(wants []want, ranks []int) objects {
	o := objects{wants: wants, ranks: ranks, settled: ranks != nil}
	for !o.settled && len(o.ranks) < len(wants) {
		o.ranks = append(o.ranks, unranked)
	}
	return o
}

// row takes an object apart; its error is one of the whole table.
func (o *objects) row(raw []byte, where place) (row, error) {
	r := row{place: where.number}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return r, where.malformed(raw)
	}
	if compact.Bytes()[0] != '{' {
		return r, where.invalid("not-an-object", "a row must be an object", "mỗi dòng phải là một đối tượng JSON")
	}
	r.text = compact.String()
	o.rows++
	faults, lacking := [2]*models.Error{}, [2]bool{true, true}
	err := eachMember(compact.Bytes(), func(name string, value json.RawMessage) error {
		if name == resultMember {
			return reserved(name)
		}
		if o.rows == 1 {
			o.first = append(o.first, name)
		}
		for i, w := range o.wants {
			rank := w.rank(name)
			if !o.settled {
				o.ranks[i] = min(o.ranks[i], rank)
			} else if rank == o.ranks[i] && rank < unranked {
				r.asked[i], faults[i] = scalar(name, value)
				lacking[i] = false
			}
		}
		return nil
	})
	for i := range o.wants {
		if lacking[i] && r.fault == nil && o.settled {
			r.fault = o.wants[i].lacking(o.ranks[i])
		}
		if faults[i] != nil {
			r.fault = faults[i]
		}
	}
	return r, err
}

// eachMember calls do for the members of a valid object in their order.
func eachMember(object []byte, do func(name string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil { // the brace
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := do(name.(string), value); err != nil {
			return err
		}
	}
	return nil
}

// scalar is the text of a value that can be asked for: a text, a number as it
// is written, or nothing.
func scalar(name string, value json.RawMessage) (string, *models.Error) {
	switch value[0] {
	case '"':
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			panic(err) // it was read as a text just now
		}
		return text, nil
	case 'n':
		return "", nil
	case '{', '[', 't', 'f':
		return "", invalid("not-a-text", "The member %q must be a text or a number.", "Thành phần %q phải là chuỗi hoặc số.", shown(name))
	}
	return string(value), nil
}

// lacking says that a row has no such member.
func (w want) lacking(rank int) *models.Error {
	name := w.column
	if name == "" {
		name = w.names[rank-1]
	}
	return invalid("missing-member", "The row has no member %q.", "Dòng này không có thành phần %q.", shown(name))
}

func (o *objects) settle() ([]int, error) {
	for i, w := range o.wants {
		if o.ranks[i] == unranked {
			return nil, w.missing(o.first)
		}
	}
	return o.ranks, nil
}

// addObject appends an object with the answer as its last member.
func addObject(b []byte, r row, a answer) []byte {
	b = append(b, r.text[:len(r.text)-1]...)
	if r.text != "{}" {
		b = append(b, ',')
	}
	b = append(b, `"`+resultMember+`":`...)
	b = append(b, a.json()...)
	return append(b, '}')
}

// objectLines is NDJSON: an object a line, lines without anything left out.
type objectLines struct {
	objects
	lines lineReader
}

func (t *objectLines) next() (row, error) {
	for {
		line, err := t.lines.next()
		if err != nil {
			return row{}, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return t.row(line, place{"line", "Dòng", t.lines.line})
		}
	}
}

func (t *objectLines) head(b []byte) []byte { return b }

func (t *objectLines) add(b []byte, r row, a answer) []byte {
	return append(addObject(b, r, a), '\n')
}

func (t *objectLines) foot(b []byte) []byte { return b }

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
	return invalid("malformed-json", "The document is not JSON at row %d, byte %d: %s.", "Tài liệu không đúng cú pháp JSON ở dòng thứ %d, byte thứ %d: %s.",
		where.number, t.decoder.InputOffset()+1, shown(err.Error()))
}

func (t *objectArray) head(b []byte) []byte { return append(b, '[') }

func (t *objectArray) add(b []byte, r row, a answer) []byte {
	if t.written++; t.written > 1 {
		b = append(b, ',')
	}
	return addObject(append(b, '\n'), r, a)
}

func (t *objectArray) foot(b []byte) []byte { return append(b, "\n]\n"...) }

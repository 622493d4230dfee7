package batch

import (
	"bytes"
	"encoding/json"

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
	var taken [2]bool
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
			} else if rank == o.ranks[i] {
				var fault *models.Error
				if r.asked[i], fault = w.scalar(name, value); fault == nil && taken[i] {
					fault = invalid("repeated-member", "The member %q is there twice; write it once.", "Thành phần %q bị lặp; chỉ ghi một lần.", name)
				}
				if fault != nil {
					r.fault = fault
				}
				taken[i] = true
			}
		}
		return nil
	})
	for i, w := range o.wants {
		if o.settled && !taken[i] {
			r.fault = w.lacking(o.ranks[i])
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

// scalar is the text of a value that can be asked for: a text, a coordinate as
// it is written, or nothing. A code that was made a number has lost its zeros.
func (w want) scalar(name string, value json.RawMessage) (string, *models.Error) {
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
	default:
		if w.number {
			return string(value), nil
		}
	}
	if w.number {
		return "", invalid("not-a-number", "The member %q must be a number.", "Thành phần %q phải là số.", shown(name))
	}
	return "", invalid("not-a-text", "The member %q must be a text, in quotation marks.", "Thành phần %q phải là chuỗi, đặt trong dấu ngoặc kép.", shown(name))
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

package batch

import (
	"strings"
	"unicode"

	"diachiso/geo/text"
	"diachiso/models"
)

// resultPrefix is before the name of every answer column of a CSV;
// resultMember is the one answer member of a JSON object.
const (
	resultPrefix = "result_"
	resultMember = "result"
)

// resultColumns are the answer columns, in the order of answer.cells.
var resultColumns = [...]string{"status", "class", "score", "code", "text", "lat", "lng", "distance_m", "matches", "message"}

// want is one cell that a call asks for.
type want struct {
	column string   // as the caller wrote it; empty: any of names
	number bool     // a number of JSON will do
	names  []string // as people write them, the best first
	keys   []string // the same as nameKey has them
}

// unranked is more than every rank.
const unranked = 1 << 16

// wanted are the cells that a call asks for.
func (o Options) wanted() ([]want, error) {
	switch {
	case o.Call != CallResolve && o.Call != CallSearch && o.Call != CallReverse:
		return nil, invalid("unknown-call", "The call %q is not known: resolve, search or reverse.", "Không có lệnh %q: chỉ có resolve, search hoặc reverse.", string(o.Call))
	case o.Column != "":
		return []want{{column: o.Column, names: []string{o.Column}, keys: []string{nameKey(o.Column)}}}, nil
	case o.Call == CallReverse:
		return []want{
			known(true, "lat", "latitude", "vĩ độ"),
			known(true, "lng", "lon", "long", "longitude", "kinh độ"),
		}, nil
	}
	return []want{known(false, "q", "query", "input", "text", "address", "địa chỉ", "code", "mã")}, nil
}

func known(number bool, names ...string) want {
	w := want{names: names, number: number}
	for _, name := range names {
		w.keys = append(w.keys, nameKey(name))
	}
	return w
}

// rank says how well a column's name fits, 0 best.
func (w want) rank(name string) int {
	if w.column != "" && strings.TrimSpace(name) == strings.TrimSpace(w.column) {
		return 0
	}
	key := nameKey(name)
	for i, k := range w.keys {
		if key == k && key != "" {
			return i + 1
		}
	}
	return unranked
}

// find is the place of the column among names, the first of the best ranked.
// twice reports that another has the same rank.
func (w want) find(names []string) (place, rank int, twice bool) {
	rank = unranked
	for i, name := range names {
		switch r := w.rank(name); {
		case r < rank:
			place, rank, twice = i, r, false
		case r == rank && r < unranked:
			twice = true
		}
	}
	return place, rank, twice
}

// nameKey reduces a name to its folded letters and digits.
func nameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(name))
}

// What to look at where no column fits.
const (
	firstLineEn = "The first line must name the columns, or the first object its members: take out a title above it."
	firstLineVi = "Dòng đầu tiên phải là tên các cột, hoặc đối tượng đầu tiên phải có các thành phần: hãy bỏ dòng tiêu đề phía trên."
)

// missing says that no column fits, and which there are.
func (w want) missing(names []string) *models.Error {
	there := list(names)
	if w.column != "" {
		err := invalid("missing-column", "There is no column %q; there are: %s. "+firstLineEn, "Không có cột %q; các cột hiện có: %s. "+firstLineVi, shown(w.column), there)
		err.Field = "column"
		return err
	}
	return invalid("missing-column", "There is no column to ask for: call it %[1]s, or choose one with --column NAME (over HTTP ?column=NAME). There are: %[2]s. "+firstLineEn,
		"Không có cột để tra cứu: hãy đặt tên là %[1]s hoặc chọn một cột bằng --column TÊN (qua HTTP: ?column=TÊN). Các cột hiện có: %[2]s. "+firstLineVi, list(w.names), there)
}

// ambiguous says that two columns fit alike.
func (w want) ambiguous(name string) *models.Error {
	err := invalid("ambiguous-column", "Two columns are called %q or alike: rename one of them.", "Có hai cột cùng tên %q hoặc tương tự: hãy đổi tên một cột.", shown(name))
	if w.column != "" {
		err.Field = "column"
	}
	return err
}

// reserved refuses names that the answer has.
func reserved(name string) *models.Error {
	return invalid("reserved-column", "The column %q has a name that the answer needs: rename it or take it out.",
		"Cột %q trùng tên với cột kết quả: hãy đổi tên hoặc bỏ cột này.", shown(name))
}

// isReserved reports whether an answer column of a CSV has the name.
func isReserved(name string) bool {
	rest, ours := strings.CutPrefix(strings.ToLower(strings.TrimSpace(name)), resultPrefix)
	if !ours {
		return false
	}
	for _, column := range resultColumns {
		if rest == column {
			return true
		}
	}
	return false
}

// list joins names for a sentence; of many only the first.
func list(names []string) string {
	const most = 20
	var b strings.Builder
	for i, name := range names {
		if i == most {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(shown(name))
	}
	return b.String()
}

// shown shortens what stands in the input for a sentence.
func shown(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

package importfile

import (
	"fmt"
	"slices"
	"strings"
)

// Header says which column stands at which place of a file's rows. It does
// not change after it is made and is shared by all records of a file.
type Header struct {
	names        []string
	columns      []Column
	place        [numColumns]int8 // -1 where the file lacks the column
	decimalComma bool
}

// NewHeader makes the header of rows whose cells stand in the given order;
// no column may come twice.
func NewHeader(columns ...Column) *Header {
	h := &Header{columns: columns}
	for i := range h.place {
		h.place[i] = -1
	}
	for i, c := range columns {
		h.names = append(h.names, c.String())
		h.place[c] = int8(i)
	}
	return h
}

// ParseHeader recognises the headings of a table. It answers a *FileError
// when one has no name or an unknown one, when two mean the same column, or
// when kind, lat or lng is missing; unknown and missing ones are all named.
func ParseHeader(headings []string) (*Header, error) {
	columns := make([]Column, 0, numColumns)
	var unknown []string
	for i, heading := range headings {
		if strings.TrimSpace(heading) == "" {
			return nil, fileErrorf("unnamed-column",
				"column %d has no name in the header line: name it or take it out",
				"Cột thứ %d không có tên ở dòng tiêu đề: hãy đặt tên hoặc bỏ cột này.", i+1)
		}
		c, ok := ParseColumn(heading)
		if !ok {
			unknown = append(unknown, heading)
		}
		columns = append(columns, c)
	}
	if len(headings) > len(rejectColumns) && slices.Equal(headings[:len(rejectColumns)], rejectColumns) {
		return nil, fileErrorf("list-of-rejects",
			"this is a list of rejected rows: correct them, delete its first four columns (line, code, reason, lý do) and import it again",
			"Đây là danh sách các dòng bị từ chối: hãy sửa, xóa bốn cột đầu (line, code, reason, lý do) rồi nhập lại.")
	}
	if len(unknown) > 0 {
		return nil, unknownColumns(unknown)
	}
	if err := checkColumns(headings, columns); err != nil {
		return nil, err
	}
	h := NewHeader(columns...)
	h.names = headings
	return h, nil
}

// checkColumns refuses a column that comes twice and misses obligatory ones.
func checkColumns(headings []string, columns []Column) error {
	var first [numColumns]int
	for i, c := range columns {
		if first[c] > 0 {
			return duplicateColumn(headings[first[c]-1], headings[i], c)
		}
		first[c] = i + 1
	}
	var missing []string
	for _, c := range []Column{Kind, Lat, Lng} {
		if first[c] == 0 {
			missing = append(missing, fmt.Sprintf("%s (%s)", c, vietnameseName(c)))
		}
	}
	if len(missing) > 0 {
		return fileErrorf("missing-column",
			"the header line lacks the column %s: every file needs kind, lat and lng",
			"Dòng tiêu đề thiếu cột %s: mọi tệp đều phải có các cột kind (loại), lat (vĩ độ) và lng (kinh độ).",
			strings.Join(missing, ", "))
	}
	return nil
}

// unknownColumns names each unknown heading with the nearest known one.
func unknownColumns(headings []string) *FileError {
	const most = 10 // of a binary file not every cell is repeated
	var en, vi []string
	for i, heading := range headings {
		if i == most {
			en, vi = append(en, "…"), append(vi, "…")
			break
		}
		name, c := nearestName(heading)
		shown := clip(heading, 80)
		en = append(en, fmt.Sprintf("%q (did you mean %s?)", shown, describe(name, c)))
		vi = append(vi, fmt.Sprintf("%q (có phải là %s?)", shown, describe(name, c)))
	}
	all := make([]string, numColumns)
	for i, c := range AllColumns() {
		all[i] = c.String()
	}
	known := strings.Join(all, ", ")
	return &FileError{
		Code: "unknown-column",
		En:   "unknown column " + strings.Join(en, ", ") + "; rename it or take it out. Known columns: " + known,
		Vi:   "Không nhận ra cột " + strings.Join(vi, ", ") + "; hãy đổi tên hoặc bỏ cột. Các cột được dùng: " + known + ".",
	}
}

func duplicateColumn(first, second string, c Column) *FileError {
	return fileErrorf("duplicate-column",
		"%q and %q are the same column %s: keep one of them",
		"%q và %q là cùng một cột %s: chỉ giữ lại một cột.",
		clip(first, 80), clip(second, 80), c)
}

func describe(name string, c Column) string {
	if name == c.String() {
		return name
	}
	return fmt.Sprintf("%s = %s", name, c)
}

// vietnameseName is the first name with a letter outside ASCII.
func vietnameseName(c Column) string {
	for _, name := range columnNames[c] {
		if strings.ContainsFunc(name, func(r rune) bool { return r > 127 }) {
			return name
		}
	}
	return c.String()
}

// Columns returns the columns in the order of Record.Cells.
func (h *Header) Columns() []Column { return h.columns }

// Names returns the headings as the file writes them, in the same order.
func (h *Header) Names() []string { return h.names }

// Has reports whether the rows have the column.
func (h *Header) Has(c Column) bool { return h.place[c] >= 0 }

// Record makes a record of cells that stand in the header's order. The
// cells are kept, not copied.
func (h *Header) Record(line int, cells []string) *Record {
	return &Record{Line: line, header: h, cells: cells}
}

// Record is one row of a file. It may be kept; it does not change.
type Record struct {
	// Line is the line of the file in which the row starts (the header is
	// line 1), in GeoJSON the number of the feature, from 1.
	Line int

	header *Header
	cells  []string
}

// Cell returns the text under a column without the white space around it;
// "" when the cell is empty or the file lacks the column.
func (r *Record) Cell(c Column) string {
	i := r.header.place[c]
	if i < 0 {
		return ""
	}
	cell := strings.TrimSpace(r.cells[i])
	if r.header.decimalComma && (c == Lat || c == Lng || c == AccuracyM) {
		return strings.ReplaceAll(cell, ",", ".")
	}
	return cell
}

// Cells returns the cells exactly as they stand in the file, in the order
// of the header; for the list of rejected rows. The caller must not change it.
func (r *Record) Cells() []string { return r.cells }

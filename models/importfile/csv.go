package importfile

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// csvRows reads comma, semicolon or tab separated rows after RFC 4180. The
// standard library's reader is not used because one quotation mark that is
// never closed makes it swallow the rest of the file into memory; here it
// costs the one row.
type csvRows struct {
	lines     lineBuffer
	head      *Header
	separator byte
	width     int // cells a row must have: named ones and unnamed empty ones
	line      int // number of the next line
}

func openCSV(r io.Reader, decimalComma bool) (*csvRows, error) {
	c := &csvRows{lines: lineBuffer{r: r}, line: 1}
	headings, err := c.headings()
	if err != nil {
		return nil, err
	}
	c.width = len(headings)
	for len(headings) > 0 && strings.TrimSpace(headings[len(headings)-1]) == "" {
		headings = headings[:len(headings)-1]
	}
	c.head, err = ParseHeader(headings)
	if err != nil {
		return nil, err
	}
	c.head.decimalComma = decimalComma
	return c, nil
}

func (c *csvRows) header() *Header        { return c.head }
func (c *csvRows) has(column Column) bool { return c.head.Has(column) }

// headings reads the first row that isn't blank and chooses the separator by
// which most of its headings are known; the comma when all do alike.
func (c *csvRows) headings() ([]string, error) {
	row, err := c.firstRow()
	if err != nil {
		return nil, err
	}
	var best []string
	most := -1
	var broken error
	for _, separator := range []byte(",;\t") {
		cells, err := splitCells(string(row), separator)
		if err != nil {
			broken = err
			continue
		}
		if known := countKnown(cells); known > most {
			best, most, c.separator = cells, known, separator
		}
	}
	if best == nil {
		return nil, asFileError(brokenQuotes(broken))
	}
	return best, nil
}

func (c *csvRows) firstRow() ([]byte, error) {
	for {
		span, err := c.scan()
		var row *RowError
		switch {
		case err == io.EOF:
			return nil, fileErrorf("empty-file", "the file is empty: it needs a header line",
				"Tệp trống: cần có dòng tiêu đề.")
		case errors.As(err, &row):
			return nil, asFileError(err)
		case err != nil:
			return nil, err
		}
		text := c.text(span)
		c.advance(span.size, span.lines)
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if bytes.IndexByte(text, 0) >= 0 {
			return nil, fileErrorf("nul-byte",
				"the header line holds NUL bytes, so this is not a text file or UTF-16 without a byte order mark: save it as CSV UTF-8",
				"Dòng tiêu đề chứa byte NUL nên đây không phải tệp văn bản hoặc là UTF-16 không có BOM: hãy lưu lại dạng CSV UTF-8.")
		}
		if bytes.IndexByte(text, '\r') >= 0 && span.lines == 1 {
			return nil, fileErrorf("line-ends",
				"the lines end in CR alone: save the file with line ends LF or CRLF",
				"Các dòng chỉ kết thúc bằng CR: hãy lưu tệp với kết thúc dòng LF hoặc CRLF.")
		}
		if err := checkText(text); err != nil {
			return nil, asFileError(err)
		}
		return text, nil
	}
}

// asFileError is a fault of the header line, without which nothing can be read.
func asFileError(err error) error {
	var row *RowError
	if !errors.As(err, &row) {
		return err
	}
	return &FileError{Code: row.Code, En: "header line: " + row.En, Vi: "Dòng tiêu đề: " + row.Vi}
}

func countKnown(headings []string) int {
	known := 0
	for _, heading := range headings {
		if _, ok := ParseColumn(heading); ok {
			known++
		}
	}
	return known
}

func (c *csvRows) next() (*Record, error) {
	for {
		line := c.line
		cells, err := c.cells()
		if err != nil {
			var row *RowError
			if errors.As(err, &row) {
				row.Line = line
			}
			return nil, err
		}
		if cells != nil {
			return c.head.Record(line, cells), nil
		}
	}
}

// cells reads the next row's named cells, nil for a blank row. A row whose
// quotes are wrong is left after its first line: most likely the quotation
// mark that is missing belongs there, and the next lines are rows again.
func (c *csvRows) cells() ([]string, error) {
	span, err := c.scan()
	if err != nil {
		return nil, err
	}
	text := c.text(span)
	cells, err := splitCells(string(text), c.separator)
	if err != nil {
		c.advance(span.first, 1)
		if span.last && span.lines == 1 && err == errUnclosed {
			return nil, truncatedRow(nil)
		}
		return nil, brokenQuotes(err)
	}
	c.advance(span.size, span.lines)
	if blank(cells) {
		return nil, nil
	}
	if err := checkText(text); err != nil {
		err.Cells = c.named(cells)
		return nil, err
	}
	return c.checkWidth(cells, span.last)
}

// checkWidth refuses rows with too few or too many cells and returns the
// named ones; last says that the row ends with the file, not with its line.
func (c *csvRows) checkWidth(cells []string, last bool) ([]string, error) {
	if len(cells) < c.width && last {
		return nil, truncatedRow(c.named(cells))
	}
	if len(cells) != c.width {
		err := rowErrorf("wrong-cell-count",
			"the row has %d cells, the header line %d: look for a missing or unquoted separator",
			"Dòng có %d ô, dòng tiêu đề có %d ô: hãy kiểm tra dấu phân cách bị thiếu hoặc nằm ngoài dấu ngoặc kép.",
			len(cells), c.width)
		err.Cells = cells
		return nil, err
	}
	named := c.named(cells)
	if !blank(cells[len(named):]) {
		err := rowErrorf("unnamed-cell",
			"the row has text in a column without a name: name the column in the header line or empty the cell",
			"Dòng có nội dung ở cột không có tên: hãy đặt tên cột ở dòng tiêu đề hoặc xóa ô đó.")
		err.Cells = cells
		return nil, err
	}
	return named, nil
}

func (c *csvRows) named(cells []string) []string {
	return cells[:min(len(cells), len(c.head.columns))]
}

func truncatedRow(cells []string) *RowError {
	err := rowErrorf("truncated-row",
		"the file ends in the middle of this row: complete it and import it again",
		"Tệp kết thúc giữa chừng ở dòng này: hãy bổ sung cho đủ rồi nhập lại.")
	err.Cells = cells
	return err
}

// rowSpan is how far a row reaches in the lines ahead.
type rowSpan struct {
	size, lines int
	first       int  // bytes of its first line
	last        bool // ends with the file, without a line end
}

// scan finds the end of the next row: the first line end with an even number
// of quotation marks before it. Each byte is looked at three times at most,
// since only a line with an odd number looks beyond its end, and no farther
// than the next such line.
func (c *csvRows) scan() (rowSpan, error) {
	n, err := c.lines.line(0)
	switch {
	case err == errLineTooLong || n > maxRow:
		return rowSpan{}, c.skipLongLine()
	case err != nil && err != io.EOF:
		return rowSpan{}, err
	case n == 0:
		return rowSpan{}, io.EOF
	}
	span := rowSpan{size: n, lines: 1, first: n, last: err == io.EOF}
	open := c.oddQuotes(0, n)
	for open && !span.last {
		n, err = c.lines.line(span.size)
		switch {
		case err == errLineTooLong || span.size+n > maxRow:
			c.advance(span.first, 1)
			return rowSpan{}, brokenQuotes(errUnclosed)
		case err != nil && err != io.EOF:
			return rowSpan{}, err
		}
		span.last = err == io.EOF
		if n > 0 {
			open = open != c.oddQuotes(span.size, n)
			span.size += n
			span.lines++
		}
	}
	return span, nil
}

func (c *csvRows) oddQuotes(from, n int) bool {
	return bytes.Count(c.lines.peek(from, n), []byte{'"'})%2 == 1
}

func (c *csvRows) skipLongLine() error {
	if err := c.lines.skipLine(); err != nil && err != io.EOF {
		return err
	}
	c.line++
	return rowErrorf("row-too-long", "the row has more than %d bytes: a row may have 1 MiB",
		"Dòng dài hơn %d byte: mỗi dòng tối đa 1 MiB.", maxRow)
}

// text returns the row's bytes without the line end.
func (c *csvRows) text(span rowSpan) []byte {
	text := bytes.TrimSuffix(c.lines.peek(0, span.size), []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'})
}

func (c *csvRows) advance(size, lines int) {
	c.lines.advance(size)
	c.line += lines
}

package batch

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strings"

	"diachiso/models"
)

// csvTable reads comma, semicolon or tab separated rows after RFC 4180 and
// writes them out as they came. A table of one column needs no quotation
// marks: whatever stands in a line is its cell.
type csvTable struct {
	lines     lineReader
	separator byte // 0: one column
	width     int  // cells of a row
	at        []int
	marked    bool   // a byte order mark goes before the answer
	lineEnd   string // as after the header line
	header    string
	blanks    int  // empty lines before held that are rows of one empty cell
	held      *row // read, not handed out yet
}

func openCSV(r *bufio.Reader, wants []want, marked bool) (*csvTable, error) {
	c := &csvTable{lines: lineReader{r: r}, separator: ',', marked: marked, lineEnd: "\n"}
	if err := c.readHeader(); err != nil {
		return nil, err
	}
	names, err := c.chooseSeparator(wants)
	if err != nil {
		return nil, err
	}
	c.width = len(names)
	if c.width == 1 {
		c.separator = 0
		c.header = quoted(names[0])
	}
	for _, name := range names {
		if isReserved(name) {
			return nil, reserved(name)
		}
	}
	for _, w := range wants {
		place, rank, twice := w.find(names)
		switch {
		case rank == unranked:
			return nil, w.missing(names)
		case twice:
			return nil, w.ambiguous(names[place])
		}
		c.at = append(c.at, place)
	}
	return c, nil
}

// readHeader finds the first line with something in it that is not Excel's word
// on the separator.
func (c *csvTable) readHeader() error {
	for strings.Trim(c.header, blank) == "" || separatorLine.MatchString(c.header) {
		raw, err := c.scan()
		if err == io.EOF {
			return invalid("no-rows", "The table is empty: it needs a line of column names and rows.", "Bảng trống: cần có dòng tên cột và các dòng dữ liệu.")
		}
		if err != nil {
			return err
		}
		if bytes.HasSuffix(raw, []byte("\r\n")) {
			c.lineEnd = "\r\n"
		}
		c.header = string(withoutEnd(raw))
	}
	if strings.Contains(c.header, "\r") && !strings.Contains(c.header, "\n") {
		return invalid("line-ends", "The lines end in CR alone: save the table with line ends LF or CRLF.", "Các dòng chỉ kết thúc bằng CR: hãy lưu bảng với kết thúc dòng LF hoặc CRLF.")
	}
	return nil
}

// separatorLine is what Excel reads and writes above the names.
var separatorLine = regexp.MustCompile(`(?i)^"?sep=."?[,;\t ]*$`)

// blank is what a line may hold and be without anything: Excel writes separators
// for the empty lines below a table.
const blank = " \t,;\r\n\u00A0"

// chooseSeparator takes the one by which the columns asked for are found, and
// of those the one that makes most columns; the comma when all do alike.
func (c *csvTable) chooseSeparator(wants []want) ([]string, error) {
	var best []string
	most := -1
	for _, separator := range []byte(",;\t") {
		names, ok := split(c.header, separator)
		if !ok {
			continue
		}
		score := len(names)
		for _, w := range wants {
			if _, rank, _ := w.find(names); rank < unranked {
				score += MaxRow // more than there can be columns
			}
		}
		if score > most {
			best, most, c.separator = names, score, separator
		}
	}
	if best == nil {
		return nil, brokenQuotes(c.lines.line)
	}
	return best, nil
}

func (c *csvTable) next() (row, error) {
	if c.held == nil {
		if err := c.hold(); err != nil {
			return row{}, err
		}
	}
	if c.blanks > 0 {
		r := row{place: c.held.place - c.blanks}
		c.blanks--
		return r, nil
	}
	r := *c.held
	c.held = nil
	return r, nil
}

// hold reads up to the next row. Lines without anything, or with nothing but
// separators, are no rows, but in the middle of one column they are empty cells.
func (c *csvTable) hold() error {
	for c.held == nil {
		raw, err := c.scan()
		if err != nil {
			return err
		}
		text := string(withoutEnd(raw))
		switch {
		case text != "" && (c.width == 1 || strings.Trim(text, blank) != ""):
			if c.held, err = c.row(text, c.lines.line-strings.Count(text, "\n")); err != nil {
				return err
			}
		case c.width == 1:
			c.blanks++
		}
	}
	return nil
}

func (c *csvTable) row(text string, line int) (*row, error) {
	if c.width == 1 {
		cell := wholeLine(text)
		return &row{place: line, text: quoted(cell), asked: [2]string{cell}}, nil
	}
	cells, ok := split(text, c.separator)
	switch {
	case !ok:
		return nil, brokenQuotes(line)
	case len(cells) != c.width:
		return nil, invalid("ragged-row", "Line %d has %d cells and the line of column names %d: look for a separator that is missing, or that is not inside quotation marks.",
			"Dòng %d có %d ô, dòng tên cột có %d ô: hãy kiểm tra dấu phân cách bị thiếu hoặc nằm ngoài dấu ngoặc kép.", line, len(cells), c.width)
	}
	r := &row{place: line, text: text}
	for i, place := range c.at {
		r.asked[i] = cells[place]
	}
	return r, nil
}

// scan reads a row with its line end: to the first line end with an even
// number of quotation marks before it. It is valid until the next call.
func (c *csvTable) scan() ([]byte, error) {
	line, err := c.lines.next()
	if err != nil || !c.isOpen(line) {
		return line, err
	}
	first, raw := c.lines.line, bytes.Clone(line)
	for open := true; open; {
		line, err := c.lines.next()
		switch {
		case err == io.EOF, len(raw)+len(line) > MaxRow:
			return nil, brokenQuotes(first)
		case err != nil:
			return nil, err
		}
		raw = append(raw, line...)
		open = bytes.Count(line, []byte{'"'})%2 == 0
	}
	return raw, nil
}

// isOpen reports whether a quotation mark of a row's first line is not closed.
func (c *csvTable) isOpen(line []byte) bool {
	if c.separator == 0 && !bytes.HasPrefix(line, []byte{'"'}) {
		return false
	}
	return bytes.Count(line, []byte{'"'})%2 == 1
}

func (c *csvTable) settle() ([]int, error) { return nil, nil }

func (c *csvTable) head(b []byte) []byte {
	if c.marked {
		b = append(b, "\uFEFF"...)
	}
	b = append(b, c.header...)
	for _, column := range resultColumns {
		b = append(b, c.between())
		b = append(append(b, resultPrefix...), column...)
	}
	return append(b, c.lineEnd...)
}

func (c *csvTable) add(b []byte, r row, a answer) []byte {
	b = append(b, r.text...)
	for _, cell := range a.cells() {
		b = append(b, c.between())
		b = append(b, quoted(cell)...)
	}
	return append(b, c.lineEnd...)
}

func (c *csvTable) foot(b []byte) []byte { return b }

// between is the separator of the answer.
func (c *csvTable) between() byte {
	if c.separator == 0 {
		return ','
	}
	return c.separator
}

// split takes a row apart; ok is false when quotation marks are wrong.
func split(text string, separator byte) (cells []string, ok bool) {
	for {
		var cell string
		if strings.HasPrefix(text, `"`) {
			if cell, text, ok = unquote(text); !ok {
				return nil, false
			}
		} else {
			end := strings.IndexByte(text, separator)
			if end < 0 {
				end = len(text)
			}
			if cell, text = text[:end], text[end:]; strings.Contains(cell, `"`) {
				return nil, false
			}
		}
		cells = append(cells, cell)
		if text == "" {
			return cells, true
		}
		if text[0] != separator {
			return nil, false
		}
		text = text[1:]
	}
}

// unquote takes a cell in quotation marks off the front.
func unquote(text string) (cell, rest string, ok bool) {
	for end := 1; ; end++ {
		i := strings.IndexByte(text[end:], '"')
		if i < 0 {
			return "", "", false
		}
		end += i
		if end+1 == len(text) || text[end+1] != '"' {
			return strings.ReplaceAll(text[1:end], `""`, `"`), text[end+1:], true
		}
		end++
	}
}

// wholeLine is the cell of a table of one column.
func wholeLine(text string) string {
	if strings.HasPrefix(text, `"`) {
		if cell, rest, ok := unquote(text); ok && rest == "" {
			return cell
		}
	}
	return text
}

// quoted writes a cell so that no separator is mistaken.
func quoted(cell string) string {
	if !strings.ContainsAny(cell, ",;\t\"\r\n") {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}

func brokenQuotes(line int) *models.Error {
	return invalid("broken-quotes", "A quotation mark in line %d is not closed within 64 KiB or stands inside a cell: close it; put the whole cell in quotation marks and double those inside.",
		"Dấu ngoặc kép ở dòng %d không được đóng trong 64 KiB hoặc nằm giữa ô: hãy đóng lại; đặt cả ô trong ngoặc kép và viết hai dấu liền nhau ở bên trong.", line)
}

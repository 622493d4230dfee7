package importfile

import (
	"errors"
	"strings"
)

// The faults of quotation marks.
var (
	errUnclosed   = errors.New("quotation mark never closed")
	errStrayQuote = errors.New("quotation mark inside a cell")
)

// brokenQuotes says to people what a fault of quotation marks is.
func brokenQuotes(fault error) *RowError {
	if fault == errUnclosed {
		return rowErrorf("broken-quotes",
			"a quotation mark is opened in this row and never closed: close it, or double it where it belongs to the text",
			"Dòng có dấu ngoặc kép mở mà không đóng: hãy đóng lại, hoặc viết hai dấu liền nhau nếu nó thuộc nội dung.")
	}
	return rowErrorf("broken-quotes",
		"a quotation mark stands inside a cell: put the whole cell in quotation marks and double those inside",
		"Dấu ngoặc kép nằm giữa ô: hãy đặt cả ô trong ngoặc kép và viết hai dấu liền nhau ở bên trong.")
}

// splitCells takes a row, without its line end, apart. The cells share the
// row's memory unless quotation marks have to be taken out of them. The error
// is errUnclosed or errStrayQuote.
func splitCells(row string, separator byte) ([]string, error) {
	cells := make([]string, 0, strings.Count(row, string(separator))+1)
	for more := true; more; {
		var cell string
		var err error
		if strings.HasPrefix(row, `"`) {
			cell, row, more, err = cutQuoted(row, separator)
		} else {
			cell, row, more, err = cutPlain(row, separator)
		}
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// cutPlain takes a cell without quotation marks off the front; more says
// that a separator, and so another cell, follows.
func cutPlain(row string, separator byte) (cell, rest string, more bool, err error) {
	cell = row
	if i := strings.IndexByte(row, separator); i >= 0 {
		cell, rest, more = row[:i], row[i+1:], true
	}
	if strings.IndexByte(cell, '"') >= 0 {
		return "", "", false, errStrayQuote
	}
	return cell, rest, more, nil
}

// cutQuoted is cutPlain for a cell in quotation marks.
func cutQuoted(row string, separator byte) (cell, rest string, more bool, err error) {
	end, doubled := 1, false
	for {
		i := strings.IndexByte(row[end:], '"')
		if i < 0 {
			return "", "", false, errUnclosed
		}
		end += i + 1
		if end == len(row) || row[end] != '"' {
			break
		}
		end++
		doubled = true
	}
	cell, rest = row[1:end-1], row[end:]
	if doubled {
		cell = strings.ReplaceAll(cell, `""`, `"`)
	}
	if rest == "" {
		return cell, "", false, nil
	}
	if rest[0] != separator {
		return "", "", false, errStrayQuote
	}
	return cell, rest[1:], true, nil
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

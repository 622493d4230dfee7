package importfile

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// sampleSize is how much of a file is looked at before anything is imported.
const sampleSize = 64 << 10

const utf8BOM = "\xEF\xBB\xBF"

// decode returns the file as UTF-8 without a byte order mark. It never
// guesses an encoding: it believes a byte order mark or the option, and
// refuses a file that plainly is neither.
func decode(r io.Reader, format Format, encoding string) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, sampleSize)
	sample, _ := buffered.Peek(sampleSize) // a read error comes again with the first row
	legacy, err := isWindows1258(encoding)
	if err != nil {
		return nil, err
	}
	if legacy && format == GeoJSON {
		return nil, fileErrorf("encoding-conflict",
			"GeoJSON is always UTF-8: leave out the encoding windows-1258",
			"GeoJSON luôn là UTF-8: hãy bỏ tùy chọn mã windows-1258.")
	}
	if hasUTF16Mark(sample) {
		if legacy {
			return nil, encodingConflict("UTF-16")
		}
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		return transform.NewReader(buffered, utf16.NewDecoder()), nil
	}
	shape := survey(sample)
	switch {
	case legacy && (shape.marked || shape.letters > 0 && shape.broken == 0):
		return nil, encodingConflict("UTF-8")
	case legacy:
		// The code page writes tones as letters of their own: compose them.
		return transform.NewReader(buffered, transform.Chain(charmap.Windows1258.NewDecoder(), norm.NFC)), nil
	case shape.broken > 0 && shape.broken >= shape.letters:
		return nil, notUTF8(shape.brokenLine)
	case shape.marked:
		_, err = buffered.Discard(len(utf8BOM))
	}
	return buffered, err
}

func isWindows1258(encoding string) (bool, error) {
	switch strings.ToLower(encoding) {
	case "", "utf-8", "utf8":
		return false, nil
	case "windows-1258", "cp1258":
		return true, nil
	}
	return false, fileErrorf("unknown-encoding", "the encoding %q is not known: utf-8 or windows-1258",
		"Không hỗ trợ bảng mã %q: chỉ có utf-8 hoặc windows-1258.", clip(encoding, 40))
}

func hasUTF16Mark(sample []byte) bool {
	return bytes.HasPrefix(sample, []byte("\xFF\xFE")) || bytes.HasPrefix(sample, []byte("\xFE\xFF"))
}

// textShape counts what stands outside ASCII in the beginning of a file.
type textShape struct {
	marked     bool // begins with the UTF-8 byte order mark
	letters    int  // valid UTF-8 sequences of two or more bytes
	broken     int  // bytes that belong to none
	brokenLine int  // line of the first of these
}

// survey looks at a sample. Where bad bytes are at least as many as good
// letters the file is in another encoding; where they are fewer it is UTF-8
// with some damaged rows, which are rejected one by one.
func survey(sample []byte) textShape {
	var shape textShape
	rest, marked := bytes.CutPrefix(sample, []byte(utf8BOM))
	shape.marked = marked
	line := 1
	for len(rest) > 0 {
		if len(sample) == sampleSize && !utf8.FullRune(rest) {
			break // cut in two by the end of the sample
		}
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && size == 1:
			if shape.broken == 0 {
				shape.brokenLine = line
			}
			shape.broken++
		case size > 1:
			shape.letters++
		}
		rest = rest[size:]
	}
	return shape
}

func notUTF8(line int) *FileError {
	return fileErrorf("not-utf8",
		"the file is not UTF-8 (first seen in line %d): save it as UTF-8 (in Excel: CSV UTF-8) or, if it is in the old Vietnamese code page, pass --encoding windows-1258",
		"Tệp không phải UTF-8 (thấy lần đầu ở dòng %d): hãy lưu lại dưới dạng UTF-8 (trong Excel: CSV UTF-8) hoặc, nếu tệp dùng bảng mã tiếng Việt cũ, thêm --encoding windows-1258.",
		line)
}

func encodingConflict(actual string) *FileError {
	return fileErrorf("encoding-conflict",
		"the file is %s, not windows-1258: leave out the encoding",
		"Tệp là %s chứ không phải windows-1258: hãy bỏ tùy chọn bảng mã.", actual)
}

// checkText finds what no row of text may hold.
func checkText(row []byte) *RowError {
	switch {
	case bytes.IndexByte(row, 0) >= 0:
		return nulByte()
	case !utf8.Valid(row):
		return rowErrorf("invalid-utf8",
			"the row holds bytes that are not UTF-8: save the file as UTF-8, or pass --encoding windows-1258 if it is in that code page",
			"Dòng chứa byte không phải UTF-8: hãy lưu tệp dưới dạng UTF-8, hoặc thêm --encoding windows-1258 nếu tệp dùng bảng mã đó.")
	case bytes.Contains(row, []byte("\uFFFD")):
		return damagedText()
	}
	return nil
}

func nulByte() *RowError {
	return rowErrorf("nul-byte", "the row holds a NUL byte: take it out",
		"Dòng chứa byte NUL: hãy xóa byte này.")
}

func damagedText() *RowError {
	return rowErrorf("damaged-text",
		"the row holds U+FFFD, which stands where a letter was lost in a conversion: write the letter again",
		"Dòng chứa ký tự U+FFFD, dấu vết của chữ bị mất khi chuyển mã: hãy gõ lại chữ đó.")
}

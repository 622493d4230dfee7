package batch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"diachiso/models"
)

// decode gives the input in UTF-8 without its byte order mark, which tells
// UTF-16 from UTF-8; marked says that there was one.
func decode(in io.Reader) (r *bufio.Reader, marked bool, err error) {
	buffered := bufio.NewReaderSize(in, MaxRow+2) // a row and its line end
	sample, err := buffered.Peek(3)
	if err != nil && err != io.EOF {
		return nil, false, readError(err)
	}
	switch {
	case bytes.HasPrefix(sample, []byte("\xEF\xBB\xBF")):
		_, err := buffered.Discard(3)
		return buffered, true, err
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")), bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		return bufio.NewReaderSize(transform.NewReader(buffered, utf16.NewDecoder()), MaxRow+2), true, nil
	}
	return buffered, false, nil
}

func readError(err error) error { return fmt.Errorf("read the rows: %w", err) }

// lineReader counts the lines that it reads.
type lineReader struct {
	r    *bufio.Reader
	line int // number of the line read last, from 1
}

// next is a line with its end, valid until the next call; io.EOF comes alone.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if len(line) == 0 && err == io.EOF {
		return nil, io.EOF
	}
	l.line++
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, tooLong(l.line)
	case err != nil && err != io.EOF:
		return nil, readError(err)
	case bytes.IndexByte(line, 0) >= 0:
		return nil, invalid("nul-byte", "Line %d holds a NUL byte, so this is no text or UTF-16 without a byte order mark: save it as UTF-8.",
			"Dòng %d chứa byte NUL nên đây không phải văn bản hoặc là UTF-16 không có BOM: hãy lưu lại dạng UTF-8.", l.line)
	case !utf8.Valid(line):
		return nil, notUTF8(l.line)
	}
	return line, nil
}

func tooLong(line int) *models.Error {
	return invalid("row-too-long", "Line %d: a row may have 64 KiB and this one has more.", "Dòng %d: mỗi dòng tối đa 64 KiB, dòng này dài hơn.", line)
}

func notUTF8(line int) *models.Error {
	return invalid("not-utf8", "Line %d is not UTF-8: save the table as UTF-8 (in Excel: CSV UTF-8).", "Dòng %d không phải UTF-8: hãy lưu bảng dạng UTF-8 (trong Excel: CSV UTF-8).", line)
}

// withoutEnd takes the line end off.
func withoutEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}

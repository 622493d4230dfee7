package importfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// errLineTooLong says that a line goes on past maxRow bytes from the position.
var errLineTooLong = errors.New("line too long")

// lineBuffer looks ahead in a file line by line without giving up the bytes
// since its position, so that a broken row can be left and read otherwise.
// It holds at most maxRow bytes and one chunk more.
type lineBuffer struct {
	r        io.Reader
	buf      []byte
	pos, end int
	err      error // of r, once it is reached
}

const chunk = 64 << 10

// line returns the length, with its line feed, of the line that starts from
// bytes after the position. At the end of the file the error is io.EOF and
// the length that of an unfinished line, or 0.
func (b *lineBuffer) line(from int) (int, error) {
	searched := from
	for {
		if i := bytes.IndexByte(b.buf[b.pos+searched:b.end], '\n'); i >= 0 {
			return searched + i + 1 - from, nil
		}
		searched = b.end - b.pos
		if searched > maxRow {
			return 0, errLineTooLong
		}
		if !b.fill() {
			return searched - from, b.err
		}
	}
}

// peek returns n bytes from the position; valid until the next call of line.
func (b *lineBuffer) peek(from, n int) []byte { return b.buf[b.pos+from : b.pos+from+n] }

// advance gives up the next n bytes.
func (b *lineBuffer) advance(n int) { b.pos += n }

// skipLine gives up everything to the end of the line, however long it is.
func (b *lineBuffer) skipLine() error {
	for {
		if i := bytes.IndexByte(b.buf[b.pos:b.end], '\n'); i >= 0 {
			b.pos += i + 1
			return nil
		}
		b.pos = b.end
		if !b.fill() {
			return b.err
		}
	}
}

// fill reads more; false at the end of the file or on an error.
func (b *lineBuffer) fill() bool {
	if b.err != nil {
		return false
	}
	b.makeRoom()
	for range 100 {
		n, err := b.r.Read(b.buf[b.end:])
		b.end += n
		if err != nil && err != io.EOF {
			err = fmt.Errorf("read import file: %w", err)
		}
		b.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	b.err = fmt.Errorf("read import file: %w", io.ErrNoProgress)
	return false
}

// makeRoom moves the kept bytes to the front and grows a full buffer.
func (b *lineBuffer) makeRoom() {
	if b.pos > 0 {
		b.end = copy(b.buf, b.buf[b.pos:b.end])
		b.pos = 0
	}
	if b.end == len(b.buf) {
		grown := make([]byte, min(2*len(b.buf)+chunk, maxRow+2*chunk))
		copy(grown, b.buf[:b.end])
		b.buf = grown
	}
}

package importfile

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// The lines put together are the file, however the reader portions it.
func TestLineBufferGivesEveryByteOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"\n", "a", "\r\n", strings.Repeat("x", 70_000)})).Draw(t, "file"), "")
		portion := rapid.SampledFrom([]func(io.Reader) io.Reader{
			iotest.HalfReader, iotest.DataErrReader, func(r io.Reader) io.Reader { return r },
		}).Draw(t, "portion")
		b := lineBuffer{r: portion(strings.NewReader(file))}
		var got strings.Builder
		for {
			n, err := b.line(0)
			line := string(b.peek(0, n))
			got.WriteString(line)
			b.advance(n)
			if err == io.EOF {
				break
			}
			if err != nil {
				if err == errLineTooLong && len(file) > maxRow {
					return
				}
				t.Fatal(err)
			}
			if strings.Index(line, "\n") != n-1 {
				t.Fatalf("line of %d bytes does not end where its line feed is", n)
			}
		}
		if got.String() != file {
			t.Fatalf("%d bytes came of %d", got.Len(), len(file))
		}
	})
}

func TestLineBufferLooksAheadAndComesBack(t *testing.T) {
	b := lineBuffer{r: iotest.OneByteReader(strings.NewReader("ab\ncde\nf"))}
	first, _ := b.line(0)
	second, _ := b.line(first)
	third, err := b.line(first + second)
	if first != 3 || second != 4 || third != 1 || err != io.EOF {
		t.Fatalf("lines of %d, %d, %d bytes, %v", first, second, third, err)
	}
	b.advance(first)
	if n, err := b.line(0); n != 4 || err != nil || string(b.peek(0, n)) != "cde\n" {
		t.Errorf("after going back: %d, %v", n, err)
	}
}

func TestLineBufferIsBounded(t *testing.T) {
	b := lineBuffer{r: strings.NewReader(strings.Repeat("x", 5*maxRow) + "\nnext\n")}
	if _, err := b.line(0); err != errLineTooLong {
		t.Fatalf("error = %v", err)
	}
	if err := b.skipLine(); err != nil {
		t.Fatal(err)
	}
	if n, err := b.line(0); err != nil || string(b.peek(0, n)) != "next\n" {
		t.Errorf("after the long line: %d, %v", n, err)
	}
	if len(b.buf) > maxRow+2*chunk {
		t.Errorf("the buffer has %d bytes", len(b.buf))
	}
}

func TestSurveyCounts(t *testing.T) {
	cases := []struct {
		name, sample string
		want         textShape
	}{
		{"ASCII", "kind\nx", textShape{}},
		{"UTF-8 with a mark", "\xEF\xBB\xBFộ\nđ", textShape{marked: true, letters: 2}},
		{"one bad byte in line 3", "ộ\n\nx\xff", textShape{letters: 1, broken: 1, brokenLine: 3}},
		{"the code page", "\xd0\xfd\xf5\xccng", textShape{broken: 4, brokenLine: 1}},
		{"cut at the end of a whole file", "x\xe1\xbb", textShape{broken: 2, brokenLine: 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := survey([]byte(c.sample)); got != c.want {
				t.Errorf("survey = %+v, want %+v", got, c.want)
			}
		})
	}
}

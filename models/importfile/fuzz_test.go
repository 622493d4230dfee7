package importfile

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"kind,lat,lng\nshop,1,2\n", "kind;lat;lng;\r\nshop;1;2;\r\n", "kind\tlat\tlng\n\"a\n\"\"b\"\t1\t2\n\"\n",
		"\xEF\xBB\xBFLoại,Vĩ độ,Kinh độ\nshop,\"1\n2", "\xFF\xFEk\x00", "kind,lat,lng\na\"b,1\n\n,,\nx,\xff,\x00",
	} {
		f.Add(seed, "", false)
		f.Add(seed, "windows-1258", true)
	}
	f.Fuzz(func(t *testing.T, file, encoding string, comma bool) {
		rise(t, file, CSV, Options{Encoding: encoding, DecimalComma: comma})
	})
}

func FuzzGeoJSON(f *testing.F) {
	for _, seed := range []string{
		collection(shop("A", ""), shop("B", `,"ref":null`), "7"), collection(), `{"features":[{}],"crs":null}`,
		collection(`{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,-0]},"properties":{"\u006eame":"\ud800"}}`),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) { rise(t, file, GeoJSON, Options{}) })
}

// rise reads a file to its end: line numbers rise, every record has its
// cells, and the end comes.
func rise(t *testing.T, file string, format Format, opts Options) {
	rd, err := Open(strings.NewReader(file), format, opts)
	if err != nil {
		return
	}
	last := 0
	for rows := 0; ; rows++ {
		if rows > len(file) {
			t.Fatal("more rows than bytes")
		}
		record, err := rd.Next()
		line := 0
		var row *RowError
		switch {
		case err == nil:
			line = record.Line
			if len(record.Cells()) != len(rd.Columns()) {
				t.Fatalf("row %d has %d cells, want %d", line, len(record.Cells()), len(rd.Columns()))
			}
			for _, c := range AllColumns() {
				record.Cell(c)
			}
		case errors.As(err, &row):
			line = row.Line
		default:
			if _, again := rd.Next(); again != err {
				t.Fatalf("after %v came %v", err, again)
			}
			if format == CSV && err != io.EOF {
				t.Fatalf("a CSV was given up: %v", err)
			}
			return
		}
		if line <= last {
			t.Fatalf("line %d after line %d", line, last)
		}
		last = line
	}
}

package importfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readAll shows a file as one line a row: "2: household|10.98|106.65" of the
// named columns, "3! truncated-row" for a rejected one, "! code" for a file error.
func readAll(r io.Reader, format Format, opts Options, columns ...Column) []string {
	rd, err := Open(r, format, opts)
	if err != nil {
		return []string{showError(err)}
	}
	rows := []string{}
	for {
		record, err := rd.Next()
		if err == io.EOF {
			return rows
		}
		var row *RowError
		if err != nil {
			rows = append(rows, showError(err))
			if errors.As(err, &row) {
				continue
			}
			if _, again := rd.Next(); again != err {
				rows = append(rows, "the file error does not stay")
			}
			return rows
		}
		cells := []string{}
		for _, c := range columns {
			cells = append(cells, record.Cell(c))
		}
		rows = append(rows, fmt.Sprintf("%d: %s", record.Line, strings.Join(cells, "|")))
	}
}

func showError(err error) string {
	var row *RowError
	var file *FileError
	switch {
	case errors.As(err, &row):
		if row.En == "" || row.Vi == "" {
			return "a row error says nothing"
		}
		return fmt.Sprintf("%d! %s", row.Line, row.Code)
	case errors.As(err, &file):
		if file.En == "" || file.Vi == "" {
			return "a file error says nothing"
		}
		return "! " + file.Code
	}
	return "error " + err.Error()
}

func TestCSVReads(t *testing.T) {
	cases := []struct {
		name, file string
		want       []string // kind|lat|lng|name
	}{
		{"a plain file", "kind,lat,lng,name\nshop,10.98,106.65,Quán A\n", []string{"2: shop|10.98|106.65|Quán A"}},
		{"no line end at the end", "kind,lat,lng,name\nshop,10.98,106.65,A", []string{"2: shop|10.98|106.65|A"}},
		{"a byte order mark", "\xEF\xBB\xBFkind,lat,lng,name\nshop,10.98,106.65,A\n", []string{"2: shop|10.98|106.65|A"}},
		{"a byte order mark before quotes", "\xEF\xBB\xBF\"kind\",lat,lng,name\nshop,1,2,A\n", []string{"2: shop|1|2|A"}},
		{"semicolons", "Loại;Vĩ độ;Kinh độ;Tên\nshop;10,98;106,65;A, B\n", []string{"2: shop|10,98|106,65|A, B"}},
		{"semicolons with commas in the headings", "Loại;Vĩ độ (lat);Kinh độ;Tên;hẻm, ngõ\nshop;1;2;A;3\n", []string{"2: shop|1|2|A"}},
		{"tabs", "kind\tlat\tlng\tname\nshop\t1\t2\tA;B,C\n", []string{"2: shop|1|2|A;B,C"}},
		{"CRLF", "kind,lat,lng,name\r\nshop,1,2,A\r\nfarm,3,4,B\r\n", []string{"2: shop|1|2|A", "3: farm|3|4|B"}},
		{"quotes", "kind,lat,lng,name\nshop,1,2,\"A, \"\"B\"\"\"\nshop,1,2,\"\"\n", []string{`2: shop|1|2|A, "B"`, "3: shop|1|2|"}},
		{"quotes over lines", "kind,lat,lng,name\nshop,1,2,\"A\n\nB\"\nfarm,3,4,C\n", []string{"2: shop|1|2|A\n\nB", "5: farm|3|4|C"}},
		{"quotes over CRLF lines", "kind,lat,lng,name\r\nshop,1,2,\"A\r\nB\"\r\nfarm,3,4,C\r\n", []string{"2: shop|1|2|A\r\nB", "4: farm|3|4|C"}},
		{"a heading over two lines", "kind,\"Vĩ độ\n(lat)\",lng,name\nshop,1,2,A\n", []string{"3: shop|1|2|A"}},
		{"empty lines", "\n\nkind,lat,lng,name\n\nshop,1,2,A\n  \n,,,\n,,\nfarm,3,4,B\n\n", []string{"5: shop|1|2|A", "9: farm|3|4|B"}},
		{"blanks around cells", "kind , lat,lng,name\n shop,\u00a01 ,2, A B \n", []string{"2: shop|1|2|A B"}},
		{"empty columns at the end", "kind;lat;lng;name;;\nshop;1;2;A;;\n", []string{"2: shop|1|2|A"}},
		{"no rows", "kind,lat,lng,name\n", []string{}},
		{"no rows and no line end", "kind,lat,lng,name", []string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if diff := cmp.Diff(want, readAll(strings.NewReader(c.file), CSV, Options{}, Kind, Lat, Lng, Name)); diff != "" {
				t.Error(diff)
			}
			oneByte := iotest.OneByteReader(strings.NewReader(c.file))
			if diff := cmp.Diff(want, readAll(oneByte, CSV, Options{}, Kind, Lat, Lng, Name)); diff != "" {
				t.Error("read byte by byte: ", diff)
			}
		})
	}
}

func TestCSVRejectsRowsAndGoesOn(t *testing.T) {
	const head = "kind,lat,lng,name\nshop,1,2,Phường Hòa\n"
	const tail = "farm,3,4,Z\n"
	cases := []struct {
		name, rows string
		want       []string // line 3 on; tail is added
	}{
		{"a cell too few", "shop,1,2\n", []string{"3! wrong-cell-count", "4: Z"}},
		{"a cell too many", "shop,1,2,12, Yersin\n", []string{"3! wrong-cell-count", "4: Z"}},
		{"an empty cell too many", "shop,1,2,A,\n", []string{"3! wrong-cell-count", "4: Z"}},
		{"a quotation mark inside a cell", "shop,1,2,ống 5\" dài\n", []string{"3! broken-quotes", "4: Z"}},
		{"two quotation marks inside a cell", "shop,1,2,quán \"B\"\n", []string{"3! broken-quotes", "4: Z"}},
		{"text behind the closing quotation mark", "shop,1,2,\"A\" B\n", []string{"3! broken-quotes", "4: Z"}},
		{"a blank before the opening quotation mark", "shop,1,2, \"A\"\n", []string{"3! broken-quotes", "4: Z"}},
		{"a quotation mark never closed", "shop,1,2,\"A\nshop,5,6,B\n", []string{"3! broken-quotes", "4: B", "5: Z"}},
		{"a quotation mark closed in a later row", "shop,1,2,\"A\nshop,5,6,B\nshop,7,8,\"C\"\n", []string{"3! broken-quotes", "4: B", "5: C", "6: Z"}},
		{"invalid UTF-8", "shop,1,2,A\xff\n", []string{"3! invalid-utf8", "4: Z"}},
		{"a letter lost in a conversion", "shop,1,2,Th\uFFFD\n", []string{"3! damaged-text", "4: Z"}},
		{"a NUL byte", "shop,1,2,A\x00B\n", []string{"3! nul-byte", "4: Z"}},
		{"a row over 1 MiB", "shop,1,2," + strings.Repeat("x", maxRow) + "\n", []string{"3! row-too-long", "4: Z"}},
		{"a row over 3 MiB", "shop,1,2," + strings.Repeat("x", 3*maxRow) + "\n", []string{"3! row-too-long", "4: Z"}},
		{"many lines over 1 MiB in one quoted cell", "shop,1,2,\"" + strings.Repeat("x,,,\n", maxRow/5) + "\"\n",
			append(append([]string{"3! broken-quotes"}, numbered(4, maxRow/5+2, ": ")...), fmt.Sprintf("%d! broken-quotes", maxRow/5+3), fmt.Sprintf("%d: Z", maxRow/5+4))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(strings.NewReader(head+c.rows+tail), CSV, Options{}, Name)
			if diff := cmp.Diff(append([]string{"2: Phường Hòa"}, c.want...), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// numbered is "from<suffix>" … "to<suffix>".
func numbered(from, to int, suffix string) []string {
	var rows []string
	for i := from; i <= to; i++ {
		rows = append(rows, fmt.Sprint(i, suffix))
	}
	return rows
}

func TestCSVWithATruncatedEnd(t *testing.T) {
	const head = "kind,lat,lng,name\nshop,1,2,A\n"
	cases := []struct {
		name, end string
		want      []string
	}{
		{"in the middle of a cell", "farm,10.", []string{"2: A", "3! truncated-row"}},
		{"in the middle of a quoted cell", "farm,1,2,\"Vườn b", []string{"2: A", "3! truncated-row"}},
		{"in the second line of a quoted cell", "farm,1,2,\"Vườn\nb", []string{"2: A", "3! broken-quotes", "4! truncated-row"}},
		{"after a line end in a quoted cell", "farm,1,2,\"Vườn\n", []string{"2: A", "3! truncated-row"}},
		{"before the line end only", "farm,1,2,B", []string{"2: A", "3: B"}},
		{"between CR and LF", "farm,1,2,B\r", []string{"2: A", "3: B"}},
		{"too many cells are no truncation", "farm,1,2,B,C", []string{"2: A", "3! wrong-cell-count"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, readAll(strings.NewReader(head+c.end), CSV, Options{}, Name)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVFileErrors(t *testing.T) {
	cases := []struct {
		name, file, want string
	}{
		{"an empty file", "", "! empty-file"},
		{"a byte order mark alone", "\xEF\xBB\xBF", "! empty-file"},
		{"blank lines alone", "\r\n \n", "! empty-file"},
		{"an unknown column", "kind,lat,lng,color\n", "! unknown-column"},
		{"missing columns", "name\nA\n", "! missing-column"},
		{"a column twice", "kind,lat,lng,tên,name\n", "! duplicate-column"},
		{"a column without a name", "kind,,lat,lng\n", "! unnamed-column"},
		{"a quotation mark inside a heading", "kind,la\"t,lng\n", "! broken-quotes"},
		{"a heading never closed", "kind,lat,\"lng\nshop,1,2\n", "! broken-quotes"},
		{"NUL bytes, as UTF-16 without a mark", "k\x00i\x00n\x00d\x00,\x00\n\x00", "! nul-byte"},
		{"CR alone as line end", "kind,lat,lng\rshop,1,2\r", "! line-ends"},
		{"a heading of 1 MiB", strings.Repeat("x", maxRow+1), "! row-too-long"},
		{"a quoted heading of 1 MiB", "\"" + strings.Repeat("x\n", maxRow), "! broken-quotes"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{c.want}, readAll(strings.NewReader(c.file), CSV, Options{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVUnnamedColumnWithText(t *testing.T) {
	got := readAll(strings.NewReader("kind;lat;lng;\nshop;1;2;\nshop;1;2;X\n"), CSV, Options{}, Kind)
	if diff := cmp.Diff([]string{"2: shop", "3! unnamed-cell"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCSVDecimalComma(t *testing.T) {
	const file = "kind;lat;lng;accuracy_m;name\nshop;10,9804;106,6519;2,5;A, B\n"
	got := readAll(strings.NewReader(file), CSV, Options{DecimalComma: true}, Lat, Lng, AccuracyM, Name)
	if diff := cmp.Diff([]string{"2: 10.9804|106.6519|2.5|A, B"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCSVRejectedRowsKeepTheirCells(t *testing.T) {
	rd, err := Open(strings.NewReader("Loại,vĩ độ,lng,Tên\n shop,1,2\nfarm,1,2,Bưởi\xff ơ\n\"x\n"), CSV, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Loại", "vĩ độ", "lng", "Tên"}, rd.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Column{Kind, Lat, Lng, Name}, rd.Columns()); diff != "" {
		t.Error(diff)
	}
	if !rd.Has(Name) || rd.Has(Phone) {
		t.Error("Has is wrong")
	}
	for _, want := range [][]string{{" shop", "1", "2"}, {"farm", "1", "2", "Bưởi\xff ơ"}, nil} {
		_, err := rd.Next()
		var row *RowError
		if !errors.As(err, &row) {
			t.Fatalf("error = %v", err)
		}
		if diff := cmp.Diff(want, row.Cells); diff != "" {
			t.Error(diff)
		}
		if !strings.HasPrefix(row.Error(), fmt.Sprintf("row %d: ", row.Line)) {
			t.Errorf("the error does not name its row: %s", row)
		}
	}
}

func TestCSVLongCellStaysACell(t *testing.T) {
	name := strings.Repeat("ộ", 20_000)
	got := readAll(strings.NewReader("kind,lat,lng,name\nshop,1,2,"+name+"\n"), CSV, Options{}, Name)
	if diff := cmp.Diff([]string{"2: " + name}, got); diff != "" {
		t.Error("the cell changed")
	}
}

func TestReadErrorsArePassedOn(t *testing.T) {
	unplugged := errors.New("disk unplugged")
	for _, c := range []struct {
		format Format
		begin  string
		want   []string
	}{
		{CSV, "kind,lat,lng,name\nshop,1,2,A\nsho", []string{"2: A", "error read import file: disk unplugged"}},
		{CSV, "kind,lat,lng,name\nshop,1,2,A\nshop,1,2,\"B\n", []string{"2: A", "error read import file: disk unplugged"}},
		{CSV, "kind", []string{"error read import file: disk unplugged"}},
		{CSV, "", []string{"error read import file: disk unplugged"}},
		{GeoJSON, `{"type":"FeatureCollection","features":[`, []string{"error read import file: disk unplugged"}},
		{GeoJSON, ``, []string{"error read import file: disk unplugged"}},
	} {
		r := io.MultiReader(strings.NewReader(c.begin), iotest.ErrReader(unplugged))
		if diff := cmp.Diff(c.want, readAll(r, c.format, Options{}, Name)); diff != "" {
			t.Errorf("%s %q: %s", c.format, c.begin, diff)
		}
		r = io.MultiReader(strings.NewReader(c.begin), iotest.ErrReader(unplugged))
		rd, err := Open(r, c.format, Options{})
		for err == nil {
			_, err = rd.Next()
		}
		if !errors.Is(err, unplugged) {
			t.Errorf("%v does not wrap the reader's error", err)
		}
	}
	stuck := iotest.ErrReader(nil)
	if _, err := Open(stuck, CSV, Options{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: %v", err)
	}
}

// Whatever the cells hold, a written file is read back with the same cells
// and the line each row starts in.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		separator := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(t, "separator")
		lineEnd := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		cell := rapid.StringOfN(rapid.RuneFrom([]rune("aộ\",;\t\n \r0.")), 0, 8, -1)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 0, 10).Draw(t, "rows")
		var file bytes.Buffer
		file.WriteString(strings.Join([]string{"kind", "lat", "lng", "name"}, separator) + lineEnd)
		line := 2
		var lines []int
		for _, row := range rows {
			quoted := []string{"shop"}
			for _, c := range row {
				quoted = append(quoted, `"`+strings.ReplaceAll(c, `"`, `""`)+`"`)
			}
			text := strings.Join(quoted, separator) + lineEnd
			file.WriteString(text)
			lines = append(lines, line)
			line += strings.Count(text, "\n")
		}
		rd, err := Open(iotest.HalfReader(&file), CSV, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			record, err := rd.Next()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{"shop"}, row...), record.Cells()); diff != "" || record.Line != lines[i] {
				t.Fatalf("row %d in line %d, want %d: %s", i, record.Line, lines[i], diff)
			}
		}
		if _, err := rd.Next(); err != io.EOF {
			t.Fatalf("at the end: %v", err)
		}
	})
}

// endless repeats a row until so many bytes are read.
type endless struct {
	head, row string
	left      int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) {
		if e.head == "" {
			e.head = e.row
		}
		m := copy(p[n:], e.head)
		e.head = e.head[m:]
		n += m
	}
	e.left -= n
	return n, nil
}

func TestMemoryStaysFlat(t *testing.T) {
	const feature = `{"type":"Feature","geometry":{"type":"Point","coordinates":[106.65,10.98]},"properties":{"kind":"shop","name":"Quán A"}},`
	for _, c := range []struct {
		format Format
		file   endless
	}{
		{CSV, endless{"kind,lat,lng,name\n", "shop,10.98,106.65,Quán A\n", 40 << 20}},
		{CSV, endless{"kind,lat,lng,name\n", "shop,10.98,106.65,\"Quán A\n", 20 << 20}},
		{GeoJSON, endless{`{"type":"FeatureCollection","features":[`, feature, 20 << 20}},
	} {
		rd, err := Open(&c.file, c.format, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var most uint64
		before := heapInUse()
		for i := 0; ; i++ {
			_, err := rd.Next()
			var row *RowError
			if err != nil && !errors.As(err, &row) {
				break
			}
			if i%50_000 == 0 {
				most = max(most, heapInUse())
			}
		}
		if c.file.left > 0 {
			t.Errorf("%s: stopped %d bytes before the end", c.format, c.file.left)
		}
		if most > before+6<<20 {
			t.Errorf("%s: memory grew by %d bytes", c.format, most-before)
		}
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

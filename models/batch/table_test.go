package batch

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/models"
)

// tester is a test or a property.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// echo answers every row of a table with "found", and lists what it asked for.
func echo(t tester, o Options, in string) (out string, asked []string) {
	t.Helper()
	b, err := Open(strings.NewReader(in), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	table, err := b.again()
	if err != nil {
		t.Fatalf("open again: %v", err)
	}
	text := table.head(nil)
	for n := 0; ; n++ {
		r, err := table.next()
		if err == io.EOF {
			if n != b.Rows() {
				t.Errorf("%d rows, then %d", b.Rows(), n)
			}
			return string(table.foot(text)), asked
		}
		if err != nil {
			t.Fatalf("next: %v", err)
		}
		question := r.asked[0]
		if o.Call == CallReverse && o.Column == "" {
			question += "," + r.asked[1]
		}
		if r.fault != nil {
			question = r.fault.Code
		}
		asked = append(asked, question)
		text = table.add(text, r, answer{status: Found, distance: -1})
	}
}

// answered is a table with the cells of echo behind each line.
func answered(separator, lineEnd string, lines ...string) string {
	names := separator + resultPrefix + strings.Join(resultColumns[:], separator+resultPrefix)
	out := lines[0] + names + lineEnd
	for _, line := range lines[1:] {
		out += line + separator + "found" + strings.Repeat(separator, len(resultColumns)-1) + lineEnd
	}
	return out
}

func utf16LE(s string) string {
	b := []byte("\xFF\xFE")
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

func TestCSVComesOutAsItCame(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		in, out string
		asked   []string
	}{
		{"comma", Options{}, "n,q,x\n1,A,b\n2,B,\n", answered(",", "\n", "n,q,x", "1,A,b", "2,B,"), []string{"A", "B"}},
		{"semicolon", Options{}, "n;q\n1,5;A\n", answered(";", "\n", "n;q", "1,5;A"), []string{"A"}},
		{"tab", Options{}, "n\tq\n1,5\tA;B\n", answered("\t", "\n", "n\tq", "1,5\tA;B"), []string{"A;B"}},
		{"separator of the column asked for", Options{}, "a,b,c,d;q\n1,2,3,4;A\n", answered(";", "\n", "a,b,c,d;q", "1,2,3,4;A"), []string{"A"}},
		{"CRLF", Options{}, "n,q\r\n1,A\r\n", answered(",", "\r\n", "n,q", "1,A"), []string{"A"}},
		{"no line end at the end", Options{}, "n,q\n1,A", answered(",", "\n", "n,q", "1,A"), []string{"A"}},
		{"byte order mark", Options{}, "\uFEFFq,n\nA,1\n", "\uFEFF" + answered(",", "\n", "q,n", "A,1"), []string{"A"}},
		{"UTF-16", Options{}, utf16LE("địa chỉ,n\r\nấp 3 🏠,1\r\n"), "\uFEFF" + answered(",", "\r\n", "địa chỉ,n", "ấp 3 🏠,1"), []string{"ấp 3 🏠"}},
		{"quotation marks as they were", Options{}, "n,\"q\"\n\"1\",\"A \"\"B\"\", C\"\n", answered(",", "\n", "n,\"q\"", "\"1\",\"A \"\"B\"\", C\""), []string{`A "B", C`}},
		{"cell over lines", Options{}, "q,n\n\"A\r\n\nB\",1\nC,2\n", answered(",", "\n", "q,n", "\"A\r\n\nB\",1", "C,2"), []string{"A\r\n\nB", "C"}},
		{"formulas of their own", Options{}, "n,q\n=1+1,-A\n", answered(",", "\n", "n,q", "=1+1,-A"), []string{"-A"}},
		{"white space", Options{}, " n , q \n 1 , A \n", answered(",", "\n", " n , q ", " 1 , A "), []string{" A "}},
		{"empty cells", Options{}, "n,q\n,A\n1,\n", answered(",", "\n", "n,q", ",A", "1,"), []string{"A", ""}},
		{"rows of separators", Options{}, ";;\r\nn;q;x\r\n;;\r\n1;A;\r\n; ;\t\r\n;;;;\r\n;\r\n", answered(";", "\r\n", "n;q;x", "1;A;"), []string{"A"}},
		{"rows of separators in one column", Options{}, "q\n;;\nA\n", answered(",", "\n", "q", "\";;\"", "A"), []string{";;", "A"}},
		{"word on the separator", Options{}, "sep=;\r\nn;q\r\n1;A\r\n", answered(";", "\r\n", "n;q", "1;A"), []string{"A"}},
		{"word on the separator in capitals and quotation marks", Options{}, "\uFEFF\"SEP=\t\"\n\nn\tq\n1\tA\n", "\uFEFF" + answered("\t", "\n", "n\tq", "1\tA"), []string{"A"}},
		{"no word on the separator", Options{}, "sep=;,q\nB,A\n", answered(",", "\n", "sep=;,q", "B,A"), []string{"A"}},
		{"unnamed columns", Options{}, "q,\nA,x\n", answered(",", "\n", "q,", "A,x"), []string{"A"}},
		{"lines without anything", Options{}, "\n\nn,q\n\n1,A\n\n\n2,B\n\n", answered(",", "\n", "n,q", "1,A", "2,B"), []string{"A", "B"}},
		{"one column", Options{}, "q\nA\n", answered(",", "\n", "q", "A"), []string{"A"}},
		{"one column without quotation marks", Options{}, "q\n15, Đường 30/4; P. Phú Hòa\nsố \"8\" B\n\"8\" B, C\n",
			answered(",", "\n", "q", "\"15, Đường 30/4; P. Phú Hòa\"", "\"số \"\"8\"\" B\"", "\"\"\"8\"\" B, C\""),
			[]string{"15, Đường 30/4; P. Phú Hòa", `số "8" B`, `"8" B, C`}},
		{"one column in quotation marks", Options{}, "\"q\"\n\"A, B\"\n\"C\nD\"\n", answered(",", "\n", "q", "\"A, B\"", "\"C\nD\""), []string{"A, B", "C\nD"}},
		{"one column with empty cells", Options{}, "q\n\nA\n\n\nB\n\n", answered(",", "\n", "q", "", "A", "", "", "B"), []string{"", "A", "", "", "B"}},
		{"best known name", Options{}, "code,Địa Chỉ,text\n1,2,3\n", answered(",", "\n", "code,Địa Chỉ,text", "1,2,3"), []string{"3"}},
		{"Vietnamese name", Options{}, "stt,MÃ\n1,2\n", answered(",", "\n", "stt,MÃ", "1,2"), []string{"2"}},
		{"named column", Options{Column: "Nơi nhận"}, "q,noi nhan\n1,2\n", answered(",", "\n", "q,noi nhan", "1,2"), []string{"2"}},
		{"named to the letter", Options{Column: "noi nhan"}, "Nơi nhận,noi nhan\n1,2\n", answered(",", "\n", "Nơi nhận,noi nhan", "1,2"), []string{"2"}},
		{"name of symbols", Options{Column: "#"}, "?,#\n1,2\n", answered(",", "\n", "?,#", "1,2"), []string{"2"}},
		{"reverse", Options{Call: CallReverse}, "Kinh độ,Vĩ độ\n106.5,10.9\n", answered(",", "\n", "Kinh độ,Vĩ độ", "106.5,10.9"), []string{"10.9,106.5"}},
		{"reverse of a pair", Options{Call: CallReverse, Column: "q"}, "n,q\n1,\"10.9,106.5\"\n", answered(",", "\n", "n,q", "1,\"10.9,106.5\""), []string{"10.9,106.5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Format = FormatCSV
			if c.options.Call == "" {
				c.options.Call = CallResolve
			}
			out, asked := echo(t, c.options, c.in)
			if diff := cmp.Diff(c.out, out); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.asked, asked); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObjectsComeOutAsTheyCame(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		in, out string
		asked   []string
	}{
		{"order, numbers and letters", Options{Format: FormatNDJSON}, "{\"z\":1.50,\"q\":\"\\u0110 <A>\",\"a\":1e400}\n{\"q\":\"7500100017\"}",
			"{\"z\":1.50,\"q\":\"\\u0110 <A>\",\"a\":1e400,\"result\":{\"status\":\"found\"}}\n{\"q\":\"7500100017\",\"result\":{\"status\":\"found\"}}\n",
			[]string{"Đ <A>", "7500100017"}},
		{"empty object, lines without anything", Options{Format: FormatNDJSON}, "\r\n{}\r\n \n{\"q\": null, \"q2\": {\"q\": [1]}}\r\n\n",
			"{\"result\":{\"status\":\"found\"}}\n{\"q\":null,\"q2\":{\"q\":[1]},\"result\":{\"status\":\"found\"}}\n", []string{"missing-member", ""}},
		{"byte order mark", Options{Format: FormatNDJSON}, "\uFEFF{\"q\":\"A\"}", "{\"q\":\"A\",\"result\":{\"status\":\"found\"}}\n", []string{"A"}},
		{"array over lines", Options{Format: FormatJSON}, " [ {\n \"q\" : \"A  B\" }\n, {\"q\":\"C\"}]\n",
			"[\n{\"q\":\"A  B\",\"result\":{\"status\":\"found\"}},\n{\"q\":\"C\",\"result\":{\"status\":\"found\"}}\n]\n", []string{"A  B", "C"}},
		{"the same member in every row", Options{Format: FormatJSON}, `[{"code":"1"},{"q":"2","code":"3"},{"text":"4"},{"Q":"5"}]`, "",
			[]string{"missing-member", "2", "missing-member", "5"}},
		{"member twice", Options{Format: FormatJSON}, `[{"q":"1","q":"2"}]`, "", []string{"repeated-member"}},
		{"number for a pair", Options{Format: FormatJSON, Call: CallReverse, Column: "q"}, `[{"q":10.9}]`, "", []string{"not-a-text"}},
		{"no text", Options{Format: FormatJSON}, `[{"q":true},{"q":{}},{"q":["A"]},{"q":5}]`, "", []string{"not-a-text", "not-a-text", "not-a-text", "not-a-text"}},
		{"named member", Options{Format: FormatJSON, Column: "Nơi nhận"}, `[{"q":"1"},{"noi nhan":"2"}]`, "", []string{"missing-member", "2"}},
		{"half a point that is none", Options{Format: FormatJSON, Call: CallReverse}, `[{"lat":true,"lng":106}]`, "", []string{"not-a-number"}},
		{"reverse", Options{Format: FormatJSON, Call: CallReverse}, `[{"lon":106.50,"lat":"10.9"},{"lat":10},{"Long":1,"lat":2}]`, "",
			[]string{"10.9,106.50", "missing-member", "missing-member"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.options.Call == "" {
				c.options.Call = CallResolve
			}
			out, asked := echo(t, c.options, c.in)
			if diff := cmp.Diff(c.out, out); c.out != "" && diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.asked, asked); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsWrongWithTheWhole(t *testing.T) {
	long := strings.Repeat("A", MaxRow)
	for _, c := range []struct {
		name, form, in string
		code, says     string
	}{
		{"nothing", "csv", "", "no-rows", "needs a line of column names"},
		{"only white space", "csv", "\n \n\t\n", "no-rows", "needs a line of column names"},
		{"only names", "csv", "n,q\n\n", "no-rows", "no rows"},
		{"no known column", "csv", "stt,nơi nhận\n1,2\n", "missing-column", "q, query, input, text, address, địa chỉ, code, mã, or choose one with --column NAME (over HTTP ?column=NAME). There are: stt, nơi nhận. The first line must name the columns"},
		{"no names", "csv", "28XMJ25Q66\n28XMJ25Q66\n", "missing-column", "There are: 28XMJ25Q66."},
		{"title above", "csv", "Bảng kê tháng 7;;\nstt;q;x\n", "missing-column", "take out a title above it"},
		{"only separators", "csv", ";;\n;;\n", "no-rows", "needs a line of column names"},
		{"only names and separators", "csv", "q;n;\n;;\n", "no-rows", "no rows"},
		{"only a word on the separator", "csv", "sep=;\n", "no-rows", "needs a line of column names"},
		{"many columns", "csv", strings.Repeat("a,", 50) + "b\n", "missing-column", "a, a, …"},
		{"column twice", "csv", "q,n,Q\n1,2,3\n", "ambiguous-column", `called "q"`},
		{"result column", "csv", "q, Result_Status \nA,b\n", "reserved-column", "Result_Status"},
		{"too few cells", "csv", "n,q\n1,A\n2\n", "ragged-row", "Line 3 has 1 cells and the line of column names 2"},
		{"too many cells", "csv", "n,q\n\n\"1\n2\",A\n2,15 A, B\n", "ragged-row", "Line 5 has 3 cells"},
		{"quotation mark never closed", "csv", "n,q\n1,A\n2,\"B\n3,C\n4,D\n", "broken-quotes", "line 3"},
		{"quotation mark never closed in a long table", "csv", "n,q\n2,\"B\n" + strings.Repeat("3,C\n", 1<<15), "broken-quotes", "line 2"},
		{"quotation marks inside", "csv", "n,q\n1,a \"b\" c\n", "broken-quotes", "line 2"},
		{"text after a quotation mark", "csv", "n,q\n1,\"a\"b\n", "broken-quotes", "line 2"},
		{"quotation mark in the names", "csv", "n,q \"b\"\n1,2\n", "broken-quotes", "line 1"},
		{"long row", "csv", "n,q\n1,A\n2," + long + "\n", "row-too-long", "Line 3"},
		{"long row of several lines", "csv", "n,q\n1,\"" + long[:40000] + "\n" + long[:40000] + "\"\n", "broken-quotes", "line 2"},
		{"not UTF-8", "csv", "n,q\n1,\xFFA\n", "not-utf8", "Line 2"},
		{"NUL", "csv", "n,q\n1,A\x00\n", "nul-byte", "Line 2"},
		{"UTF-16 without a mark", "csv", utf16LE("q\nA\n")[2:], "nul-byte", "Line 1"},
		{"CR alone", "csv", "n,q\r1,A\r2,B\r", "line-ends", "CR alone"},
		{"too many rows", "csv", "q\n1\n2\n3\n4\n", "too-many-rows", "more than 3 rows"},

		{"nothing", "ndjson", "", "no-rows", "no rows"},
		{"no known member", "ndjson", "{\"stt\":1,\"n\":2}\n{\"x\":3}\n", "missing-column", "There are: stt, n."},
		{"result member", "ndjson", "{\"q\":1}\n{\"q\":1,\"result\":2}\n", "reserved-column", `"result"`},
		{"half an object", "ndjson", "{\"q\":1}\n\n{\"q\":\n", "malformed-json", "In line 3, byte 5: this is not JSON: look there for"},
		{"damaged object", "ndjson", "{\"q\":1 \"x\":2}\n", "malformed-json", "line 1, byte 8"},
		{"two objects", "ndjson", "{\"q\":1}{\"q\":2}\n", "malformed-json", "line 1, byte 8"},
		{"no object", "ndjson", "{\"q\":1}\n[1]\n", "not-an-object", "line 2"},
		{"an array", "ndjson", "[{\"q\":1},\n{\"q\":1}]\n", "malformed-json", "line 1"},
		{"long row", "ndjson", "{\"q\":\"" + long + "\"}\n", "row-too-long", "Line 1"},
		{"not UTF-8", "ndjson", "{\"q\":\"\xFF\"}\n", "not-utf8", "Line 1"},
		{"too many rows", "ndjson", strings.Repeat("{\"q\":1}\n", 4), "too-many-rows", "more than 3 rows"},

		{"nothing", "json", "", "no-rows", "array of objects"},
		{"empty array", "json", "[]", "no-rows", "no rows"},
		{"an object", "json", "{\"q\":1}", "not-an-array", "NDJSON"},
		{"a text", "json", "\"q\"", "not-an-array", "NDJSON"},
		{"half an array", "json", "[{\"q\":1},{\"q\":2}", "malformed-json", "row 2: the document ends in the middle"},
		{"half an object", "json", "[{\"q\":1},{\"q\":", "malformed-json", "row 2: the document ends in the middle"},
		{"damaged object", "json", "[{\"q\":1},{\"q\" 2}]", "malformed-json", "In row 2, on line 1, byte 15: this is not JSON: look there for"},
		{"damaged object on a line of its own", "json", "[\n {\"q\": 1},\n\n {\"q\": 1 x}\n]", "malformed-json", "In row 2, on line 4, byte 10:"},
		{"comma that is missing", "json", "[{\"q\":1}\n{\"q\":2}]", "malformed-json", "on line 2, byte 1:"},
		{"damaged behind many lines", "json", "[\n" + strings.Repeat("{\"q\":1\n},\n", 2) + "{\"q\":\nM}]", "malformed-json", "In row 3, on line 7, byte 1:"},
		{"comma too many", "json", "[{\"q\":1},]", "malformed-json", "In row 2, on line 1, byte 10:"},
		{"no JSON", "json", "q\n1\n", "malformed-json", "on line 1, byte 1:"},
		{"no object", "json", "[{\"q\":1},2]", "not-an-object", "row 2"},
		{"something behind", "json", "[{\"q\":1}] [", "malformed-json", "follows the end"},
		{"rubbish behind", "json", "[{\"q\":1}]\n x", "malformed-json", "on line 2, byte 2:"},
		{"no known member", "json", "[{},{\"x\":1}]", "missing-column", "There are: ."},
		{"result member", "json", "[{\"result\":1}]", "reserved-column", `"result"`},
		{"long row", "json", "[{\"q\":1},{\"q\":\"" + long + "\"}]", "row-too-long", "row 2"},
		{"endless row", "json", "[{\"q\":1},{\"q\":\"" + strings.Repeat(long, 5) + "\"}]", "row-too-long", "row 2"},
		{"endless white space", "json", "[" + strings.Repeat(" ", 10*MaxRow) + "{\"q\":1}]", "row-too-long", "row 1"},
		{"not UTF-8", "json", "[{\"q\":\"\xFF\"}]", "not-utf8", "row 1"},
		{"too many rows", "json", "[{\"q\":1},{\"q\":1},{\"q\":1},{\"q\":1}]", "too-many-rows", "more than 3 rows"},

		{"format", "xlsx", "q\n1\n", "unknown-format", "csv, ndjson or json"},
	} {
		t.Run(c.form+" "+c.name, func(t *testing.T) {
			wantFault(t, Options{Call: CallSearch, Format: Format(c.form), Most: 3}, c.in, c.code, "", c.says)
		})
	}
	t.Run("column asked for", func(t *testing.T) {
		wantFault(t, Options{Call: CallResolve, Format: FormatCSV, Column: "x"}, "n,q\n1,2\n", "missing-column", "column", `no column "x"; there are: n, q. `)
		wantFault(t, Options{Call: CallResolve, Format: FormatJSON, Column: "x"}, `[{"q":1}]`, "missing-column", "column", "there are: q. The first line must name")
		wantFault(t, Options{Call: CallResolve, Format: FormatCSV, Column: "x y"}, "X Y,x-y\n1,2\n", "ambiguous-column", "column", "X Y")
	})
	t.Run("half a point", func(t *testing.T) {
		wantFault(t, Options{Call: CallReverse, Format: FormatCSV}, "lat,q\n1,2\n", "missing-column", "", "call it lng, lon, long, longitude, kinh độ")
		wantFault(t, Options{Call: CallReverse, Format: FormatNDJSON}, `{"lng":1}`, "missing-column", "", "call it lat, latitude, vĩ độ")
	})
	t.Run("call", func(t *testing.T) {
		wantFault(t, Options{Call: "guess", Format: FormatCSV}, "q\n1\n", "unknown-call", "", "resolve, search or reverse")
	})
}

func wantFault(t *testing.T, o Options, in, code, field, says string) {
	t.Helper()
	_, err := Open(strings.NewReader(in), o)
	fault, ok := errors.AsType[*models.Error](err)
	if !ok {
		t.Fatalf("open: %v, want %s", err, code)
	}
	if fault.Code != code || fault.Field != field || fault.Kind != models.Invalid {
		t.Errorf("%+v, want %s about %q", fault, code, field)
	}
	for _, sentence := range []string{fault.En, fault.Vi} {
		if strings.Contains(sentence, "%!") || strings.Contains(sentence, "invalid character") || strings.Contains(sentence, "looking for") || !strings.HasSuffix(sentence, ".") && !strings.HasSuffix(sentence, "…") || len(sentence) > 1000 {
			t.Errorf("no sentence: %s", sentence)
		}
	}
	if !strings.Contains(fault.En, says) {
		t.Errorf("it says %q, want %q", fault.En, says)
	}
}

func TestFormatOfAName(t *testing.T) {
	for name, want := range map[string]Format{"a.csv": FormatCSV, "/x/A.TSV": FormatCSV, "a.b.txt": FormatCSV, "a.ndjson": FormatNDJSON,
		"a.JSONL": FormatNDJSON, "a.json": FormatJSON, "a.xlsx": "", "csv": "", "": ""} {
		got, err := FormatOf(name)
		fault, _ := errors.AsType[*models.Error](err)
		if got != want || (err != nil) != (want == "") || err != nil && (fault == nil || fault.Code != "unknown-format") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

// failing is an input whose reading or seeking fails after some bytes.
type failing struct {
	io.Reader
	seek error
}

func (f failing) Seek(int64, int) (int64, error) { return 0, f.seek }

var errDisk = errors.New("disk fault")

// An input that can't be read is no fault of the table.
func TestAnInputThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		format Format
		in     string
		seek   error
	}{
		"at once":                  {FormatCSV, "", nil},
		"in the names":             {FormatCSV, "q,n", nil},
		"in a row":                 {FormatCSV, "q,n\nA,1\nB", nil},
		"in a quoted cell":         {FormatCSV, "q,n\nA,1\n\"B\n", nil},
		"in UTF-16":                {FormatCSV, utf16LE("q,n\nA"), nil},
		"in a line":                {FormatNDJSON, "{\"q\":1}\n{\"q\"", nil},
		"in an array":              {FormatJSON, "[{\"q\":1},", nil},
		"in an object of an array": {FormatJSON, "[{\"q\":1},{\"q\"", nil},
		"before an array":          {FormatJSON, " ", nil},
		"behind an array":          {FormatJSON, "[{\"q\":1}] ", nil},
		"no seeking":               {FormatCSV, "q\nA\n", errDisk},
	} {
		t.Run(name, func(t *testing.T) {
			in := failing{io.MultiReader(strings.NewReader(c.in), iotest.ErrReader(errDisk)), c.seek}
			if b, err := Open(in, Options{Call: CallResolve, Format: c.format}); !errors.Is(err, errDisk) {
				t.Errorf("%v, %v", b, err)
			}
		})
	}
}

// Whatever a table of several columns holds, another reader finds it unchanged
// in the answer.
func TestAnotherReaderFindsTheSameCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 4).Draw(t, "width")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("aĐ \",;\t\r\n=")), 0, 6, -1)
		rows := [][]string{append([]string{"q"}, []string{"x", "y", "z"}[:width-1]...)}
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			cells := rapid.SliceOfN(cell, width, width).Draw(t, "cells")
			cells[1] += "." // a row without anything is none
			rows = append(rows, cells)
		}
		separator := rapid.SampledFrom([]rune(",;\t")).Draw(t, "separator")
		var in strings.Builder
		writer := csv.NewWriter(&in)
		writer.Comma = separator
		if err := writer.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		out, asked := echo(t, Options{Call: CallSearch, Format: FormatCSV}, in.String())
		reader := csv.NewReader(strings.NewReader(out))
		reader.Comma = separator
		got, err := reader.ReadAll()
		if err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		if len(got) != len(rows) || len(asked) != len(rows)-1 {
			t.Fatalf("%d rows and %d questions of %d rows", len(got), len(asked), len(rows))
		}
		for i, row := range got {
			// The other reader, unlike ours, takes CR from the ends of lines in cells.
			for j, cell := range rows[i] {
				if row[j] != strings.ReplaceAll(cell, "\r\n", "\n") {
					t.Fatalf("row %d: %q came out as %q", i, rows[i], row)
				}
			}
			if len(row) != width+len(resultColumns) {
				t.Fatalf("row %d has %d cells", i, len(row))
			}
			if i > 0 && asked[i-1] != rows[i][0] {
				t.Fatalf("row %d: asked for %q, want %q", i, asked[i-1], rows[i][0])
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		"n,q\n1,A\n", "q\nA, B\n\n\"C\nD\"\n", "q;\"x\ny\"\r\nA;\"\"\"\"\r\n", "\uFEFFq\n", utf16LE("q\nA\n"), "\xFF\xFE\x00",
		`{"q":1}` + "\n", `[{"q":"A","x":[1,{}]},{}]`, `[{"q":`, `[{"q":1}]]`, "{}", "[[]]", "q\n\x00",
	} {
		for _, format := range []Format{FormatCSV, FormatNDJSON, FormatJSON} {
			f.Add(seed, string(format))
		}
	}
	f.Fuzz(func(t *testing.T, in, format string) {
		o := Options{Call: CallSearch, Format: Format(format), Most: 1000}
		b, err := Open(strings.NewReader(in), o)
		if err != nil {
			if _, ok := errors.AsType[*models.Error](err); !ok {
				t.Fatalf("no sentence for %q: %v", in, err)
			}
			return
		}
		out, asked := echo(t, o, in)
		if len(asked) != b.Rows() {
			t.Fatalf("%d rows, %d questions", b.Rows(), len(asked))
		}
		// An answer is a table itself, but for its own columns.
		_, err = Open(strings.NewReader(out), o)
		if fault, ok := errors.AsType[*models.Error](err); !ok || fault.Code != "reserved-column" {
			t.Fatalf("the answer reads as %v:\n%s", err, out)
		}
	})
}

package batch_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/batch"
	"diachiso/models/storetest"
)

func open(t testing.TB, o batch.Options, in string) *batch.Batch {
	t.Helper()
	b, err := batch.Open(strings.NewReader(in), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return b
}

// answers runs a table through a store.
func answers(t *testing.T, s *models.Store, o batch.Options, in string) (string, batch.Counts) {
	t.Helper()
	b := open(t, o, in)
	var out strings.Builder
	n, err := b.Write(t.Context(), s, &out, nil)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	if n.Rows != b.Rows() || n.Found+n.Uncertain+n.NotFound+n.Invalid != n.Rows {
		t.Errorf("%d rows, counted %+v", b.Rows(), n)
	}
	return out.String(), n
}

// table writes inputs as a CSV with the columns n and q.
func table(inputs ...string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write([]string{"n", "q"})
	for i, input := range inputs {
		w.Write([]string{fmt.Sprint(i), input})
	}
	w.Flush()
	return b.String()
}

// ask answers inputs, each as its cells by name.
func ask(t *testing.T, s *models.Store, o batch.Options, inputs ...string) []map[string]string {
	t.Helper()
	o.Format = batch.FormatCSV
	out, _ := answers(t, s, o, table(inputs...))
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	if len(rows) != len(inputs)+1 {
		t.Fatalf("%d rows for %d inputs", len(rows)-1, len(inputs))
	}
	var named []map[string]string
	for i, row := range rows[1:] {
		if row[0] != fmt.Sprint(i) || row[1] != inputs[i] {
			t.Errorf("row %d is %q", i, row)
		}
		cells := map[string]string{}
		for j, cell := range row[2:] {
			if cell != "" {
				cells[strings.TrimPrefix(rows[0][j+2], "result_")] = cell
			}
		}
		named = append(named, cells)
	}
	return named
}

const hoaMai = "Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"

// wantCells compares cells; a message is compared as a fragment.
func wantCells(t *testing.T, got, want map[string]string) {
	t.Helper()
	if !strings.Contains(got["message"], want["message"]) || want["message"] == "" && got["message"] != "" {
		t.Errorf("message %q, want %q", got["message"], want["message"])
	}
	want["message"], got["message"] = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestResolveSaysOneStatusARow(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		house := storetest.Register(t, s, storetest.House(1))
		flat := storetest.Register(t, s, storetest.Flat("A1.01"))
		storetest.Register(t, s, storetest.Flat("A1.02"))
		gone := storetest.Register(t, s, storetest.House(9))
		db.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = valid_from WHERE id = ?", gone.Code.ID())
		db.Exec(t, "INSERT INTO address_successions (address_id, successor_id) VALUES (?, ?)", gone.Code.ID(), house.Code.ID())
		at := func(a *models.Address, status string, more map[string]string) map[string]string {
			cells := map[string]string{"status": status, "code": a.Code.String(),
				"lat": geo.FormatE7(a.Point.Lat), "lng": geo.FormatE7(a.Point.Lng), "text": a.Parts.HouseNumber + " " + hoaMai}
			for name, cell := range more {
				cells[name] = cell
			}
			return cells
		}
		tower := "A1.01, Chung cư Bằng Lăng, 8 Đường Hoa Mai, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"
		for _, c := range []struct {
			name, input string
			want        map[string]string
		}{
			{"code", house.Code.String(), at(house, "found", map[string]string{"matches": "1"})},
			{"code in groups", " " + strings.ToLower(house.Code.Grouped()), at(house, "found", map[string]string{"matches": "1"})},
			{"Plus Code", house.Code.Plus(), at(house, "found", map[string]string{"matches": "1"})},
			{"a door with several flats", flat.Code.Door().String(), at(flat, "uncertain", map[string]string{"matches": "2", "text": tower,
				"message": "2 addresses are meant: " + flat.Code.Grouped() + ", "})},
			{"retired", gone.Code.String(), at(gone, "found", map[string]string{"matches": "1", "message": "The address is retired; in its place: " + house.Code.Grouped() + "."})},
			{"wrong check symbol", wrongCheck(house.Code), at(house, "uncertain", map[string]string{"message": "Did you mean " + house.Code.Grouped() + "?"})},
			{"point beside", "10.9804, 106.6519", at(house, "uncertain", map[string]string{"distance_m": "12", "message": "The nearest is " + house.Code.Grouped() + ", 12 m away."})},
			{"unregistered", "H72VH2FVP6", map[string]string{"status": "not-found", "message": "nothing is registered under it"}},
			{"unregistered point", "21.0287,105.8522", map[string]string{"status": "not-found", "message": "Nothing is registered at this point."}},
			{"no code", "Đường Hoa Mai", map[string]string{"status": "invalid", "message": "\"Đường Hoa Mai\" is no code that is known here; written addresses are for search."}},
			{"formula", "=1+1", map[string]string{"status": "invalid", "message": "Code"}},
			{"outside", "48.85,2.35", map[string]string{"status": "invalid", "message": "24"}},
			{"short Plus Code without a place", "XMJ2+5Q6", map[string]string{"status": "invalid", "message": "near"}},
			{"empty", "", map[string]string{"status": "invalid", "message": "The cell is empty."}},
			{"blank", " \t", map[string]string{"status": "invalid", "message": "The cell is empty."}},
			{"too long", strings.Repeat("2", 2000), map[string]string{"status": "invalid", "message": "longer than 64"}},
			{"emoji", "🏠\u202E", map[string]string{"status": "invalid", "message": "known here"}},
			{"SQL", "'; DROP TABLE addresses;--", map[string]string{"status": "invalid", "message": "known here"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				wantCells(t, ask(t, s, batch.Options{Call: batch.CallResolve}, c.input)[0], c.want)
			})
		}
		t.Run("Vietnamese", func(t *testing.T) {
			got := ask(t, s, batch.Options{Call: batch.CallResolve, Vietnamese: true}, "", wrongCheck(house.Code), gone.Code.String(), flat.Code.Door().String())
			for i, says := range []string{"Ô trống.", "Có phải là ", "đã ngừng sử dụng; thay bằng: ", "Có 2 địa chỉ cùng khớp: "} {
				if !strings.Contains(got[i]["message"], says) {
					t.Errorf("%q does not say %q", got[i]["message"], says)
				}
			}
		})
		t.Run("near and commune", func(t *testing.T) {
			units, err := s.Units(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			short := house.Code.Plus()[4:]
			for name, o := range map[string]batch.Options{
				"near":    {Near: &storetest.ThuDauMot},
				"commune": {Commune: units.At("25747", s.Today())},
			} {
				o.Call = batch.CallResolve
				wantCells(t, ask(t, s, o, short)[0], at(house, "found", map[string]string{"matches": "1"}))
				if t.Failed() {
					t.Fatal(name)
				}
			}
		})
	})
}

// wrongCheck is a code with another check symbol.
func wrongCheck(c geo.Code) string {
	s := c.String()
	if s[9] == '0' {
		return s[:9] + "1"
	}
	return s[:9] + "0"
}

func TestReverseAnswersTheNearest(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		house := storetest.Register(t, s, storetest.House(1))
		in := "lat,lng\n10.9804,106.6519\n10.9804,\n10.9,106.5\n106.6519,10.9804\nx,106.6519\n"
		out, n := answers(t, s, batch.Options{Call: batch.CallReverse, Format: batch.FormatCSV}, in)
		if n != (batch.Counts{Rows: 5, Found: 1, NotFound: 1, Invalid: 3}) {
			t.Errorf("%+v", n)
		}
		for _, line := range []string{
			"10.9804,106.6519,found,,," + house.Code.String() + ",\"1 " + hoaMai + "\",10.9804,106.6520099,12,1,\n",
			"10.9804,,invalid,,,,,,,,,The cell is empty.\n",
			"10.9,106.5,not-found,,,,,,,,,No address is registered within 500 m.\n",
			"106.6519,10.9804,invalid,,,,,,,,,",
			"x,106.6519,invalid,,,,,,,,,",
		} {
			if !strings.Contains(out, line) {
				t.Errorf("%s\nlacks %s", out, line)
			}
		}
		wantCells(t, ask(t, s, batch.Options{Call: batch.CallReverse, Column: "q"}, "(10.9804; 106.6519)")[0],
			map[string]string{"status": "found", "code": house.Code.String(), "text": "1 " + hoaMai, "lat": "10.9804", "lng": "106.6520099", "distance_m": "12", "matches": "1"})
		wantCells(t, ask(t, s, batch.Options{Call: batch.CallReverse, Column: "q"}, " ")[0], map[string]string{"status": "invalid", "message": "The cell is empty."})
	})
}

func TestJSONAnswers(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		house := storetest.Register(t, s, storetest.House(1))
		in := `[{"weight":2.50,"q":"` + house.Code.String() + `"},{"q":null}]`
		out, n := answers(t, s, batch.Options{Call: batch.CallResolve, Format: batch.FormatJSON}, in)
		want := "[\n{\"weight\":2.50,\"q\":\"" + house.Code.String() + "\",\"result\":{\"status\":\"found\",\"code\":\"" + house.Code.String() +
			"\",\"text\":\"1 " + hoaMai + "\",\"lat\":10.9804,\"lng\":106.6520099,\"matches\":1}},\n" +
			"{\"q\":null,\"result\":{\"status\":\"invalid\",\"message\":\"The cell is empty.\"}}\n]\n"
		if diff := cmp.Diff(want, out); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if n != (batch.Counts{Rows: 2, Found: 1, Invalid: 1}) || !json.Valid([]byte(out)) {
			t.Errorf("%+v, valid: %t", n, json.Valid([]byte(out)))
		}
	})
}

// A text of the registry that a spreadsheet would run is made harmless; the
// input's own cells stay as they came.
func TestOurCellsAreHarmless(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{Boundaries: true})
	r := storetest.House(1)
	r.Parts.HouseNumber = "=HYPERLINK(1)"
	a := storetest.Register(t, s, r)
	out, _ := answers(t, s, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV}, "q,x\n"+a.Code.String()+",=1+1\n")
	if !strings.Contains(out, ",=1+1,found,,,") || !strings.Contains(out, ",\"'=HYPERLINK(1) Đường Hoa Mai") {
		t.Error(out)
	}
}

// Rows of many windows come out in their order, on any number of processors,
// and a batch can be written again.
func TestOrderIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		inputs := make([]string, 1000)
		for i := range inputs {
			inputs[i] = []string{"28XMJ25Q66", "", "x", "10.9,106.6"}[i%4]
		}
		b := open(t, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV}, table(inputs...))
		var first, again strings.Builder
		var done []int
		if _, err := b.Write(t.Context(), s, &first, func(n int) { done = append(done, n) }); err != nil {
			t.Fatal(err)
		}
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
		if _, err := b.Write(t.Context(), s, &again, nil); err != nil {
			t.Fatal(err)
		}
		if first.String() != again.String() {
			t.Error("the second answer is another")
		}
		if len(done) < 3 || !slices.IsSorted(done) || done[len(done)-1] != 1000 {
			t.Errorf("progress %v", done)
		}
		rows, err := csv.NewReader(strings.NewReader(first.String())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[1:] {
			if want := []string{"not-found", "invalid", "invalid", "not-found"}[i%4]; row[0] != fmt.Sprint(i) || row[2] != want {
				t.Fatalf("row %d is %q, want %s", i, row, want)
			}
		}
	})
}

// writer calls back before every write.
type writer struct {
	io.Writer
	before func() error
}

func (w writer) Write(b []byte) (int, error) {
	if err := w.before(); err != nil {
		return 0, err
	}
	return w.Writer.Write(b)
}

// reader counts what is read.
type reader struct {
	*strings.Reader
	read int
}

func (r *reader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.read += n
	return n, err
}

// Whoever goes away in the middle stops the work at once and leaves nothing
// running.
func TestHangingUpStopsTheWork(t *testing.T) {
	gone := errors.New("connection reset")
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		in := table(slices.Repeat([]string{"28XMJ25Q66"}, 20_000)...)
		for name, hangUp := range map[string]func(cancel context.CancelFunc) error{
			"context ends": func(cancel context.CancelFunc) error { cancel(); return nil },
			"output fails": func(context.CancelFunc) error { return gone },
		} {
			t.Run(name, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				source := &reader{Reader: strings.NewReader(in)}
				b, err := batch.Open(source, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV})
				if err != nil {
					t.Fatal(err)
				}
				source.read = 0
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var out bytes.Buffer
				n, err := b.Write(ctx, s, writer{&out, func() error { return hangUp(cancel) }}, nil)
				if !errors.Is(err, context.Canceled) && !errors.Is(err, gone) {
					t.Errorf("after %+v: %v", n, err)
				}
				if n.Rows > 256 || source.read > 200<<10 {
					t.Errorf("%d rows were answered and %d bytes read", n.Rows, source.read)
				}
			})
		}
		t.Run("before it begins", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			var out bytes.Buffer
			_, err := open(t, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV}, in).Write(ctx, s, &out, nil)
			if !errors.Is(err, context.Canceled) || out.Len() > 0 {
				t.Errorf("%v, %d bytes written", err, out.Len())
			}
		})
	})
}

// A database that fails is an error of the whole, never the status of a row.
func TestAFailingDatabaseBreaksTheAnswerOff(t *testing.T) {
	for call, in := range map[batch.Call]string{
		batch.CallResolve: table(slices.Repeat([]string{"28XMJ25Q66"}, 1000)...),
		batch.CallReverse: "lat,lng\n" + strings.Repeat("10.9,106.6\n", 1000),
	} {
		storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
			db.Create(t)
			s, err := models.Open(t.Context(), models.Options{URL: db.URL})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			n, err := open(t, batch.Options{Call: call, Format: batch.FormatCSV}, in).Write(t.Context(), s, writer{&out, s.Close}, nil)
			if err == nil || n.Rows == 0 || n.Rows == 1000 || n.NotFound != n.Rows || !strings.Contains(err.Error(), "answer row ") {
				t.Errorf("%s: %+v, %v", call, n, err)
			}
		})
	}
}

func TestARowHasItsOwnDeadline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		o := batch.Options{Call: batch.CallReverse, Format: batch.FormatCSV, Column: "q", RowTimeout: time.Nanosecond}
		n, err := open(t, o, table("10.9,106.6")).Write(t.Context(), s, io.Discard, nil)
		if err == nil || n.Rows != 0 {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// A fault of the program is not lost in a goroutine, where it would end the
// whole process.
func TestAPanicReachesTheCaller(t *testing.T) {
	defer func() {
		fault, ok := recover().(error)
		if !ok || !strings.Contains(fault.Error(), "nil pointer") || !strings.Contains(fault.Error(), "ask.go") {
			t.Errorf("recovered %v", fault)
		}
	}()
	open(t, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV}, "q\n28XMJ25Q66\n").Write(t.Context(), nil, io.Discard, nil)
}

// changing is a table that is another when it is read again.
type changing struct {
	*strings.Reader
	then string
}

func (c *changing) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		c.Reader = strings.NewReader(c.then)
	}
	return c.Reader.Seek(offset, whence)
}

func TestATableThatChangesMeanwhile(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{})
	for name, then := range map[string]string{"shorter": "q\nx\n", "longer": "q\nx\nx\nx\n", "broken": "n,q\nx\n", "gone": ""} {
		t.Run(name, func(t *testing.T) {
			b, err := batch.Open(&changing{Reader: strings.NewReader("q\nx\nx\n"), then: then}, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV})
			if err != nil {
				t.Fatal(err)
			}
			if n, err := b.Write(t.Context(), s, io.Discard, nil); err == nil {
				t.Errorf("%+v and no error", n)
			}
		})
	}
}

// The input may begin behind something that was read already.
func TestATableInTheMiddleOfItsInput(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{})
	in := strings.NewReader("preface\nq\nx\n")
	if _, err := in.Seek(8, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	b, err := batch.Open(in, batch.Options{Call: batch.CallResolve, Format: batch.FormatCSV})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if _, err := b.Write(t.Context(), s, &out, nil); err != nil || !strings.HasPrefix(out.String(), "q,result_status,") {
		t.Errorf("%v, %s", err, out.String())
	}
}

// What is held at any moment is a window of rows, whatever their number: what
// is read and not yet written never grows.
func TestMemoryIsFlat(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{})
	const rows = 50_000
	line := strings.Repeat("x", 100) + ",\n"
	for form, in := range map[batch.Format]string{
		batch.FormatCSV:    "n,q\n" + strings.Repeat(line, rows),
		batch.FormatNDJSON: strings.Repeat(`{"q":"","n":"`+strings.Repeat("x", 100)+"\"}\n", rows),
		batch.FormatJSON:   "[" + strings.Repeat(`{"q":"","n":"`+strings.Repeat("x", 100)+"\"},", rows-1) + `{"q":""}]`,
	} {
		source := &reader{Reader: strings.NewReader(in)}
		b, err := batch.Open(source, batch.Options{Call: batch.CallResolve, Format: form})
		if err != nil {
			t.Fatal(err)
		}
		source.read = 0
		written, ahead, widest := 0, 0, 0
		n, err := b.Write(t.Context(), s, writer{writerFunc(func(p []byte) { widest = max(widest, len(p)) }), func() error {
			ahead = max(ahead, source.read-written*len(in)/rows)
			return nil
		}}, func(done int) { written = done })
		if err != nil || n.Invalid != rows {
			t.Fatalf("%s: %+v, %v", form, n, err)
		}
		if ahead > 256<<10 || widest > 256<<10 {
			t.Errorf("%s: %d bytes were read ahead, %d written at once", form, ahead, widest)
		}
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

// BenchmarkWrite answers rows that need no database: what a batch itself costs.
func BenchmarkWrite(b *testing.B) {
	const rows = 10_000
	for form, in := range map[batch.Format]string{
		batch.FormatCSV:    "n,q,x\n" + strings.Repeat("17,,\"Nguyễn, An\"\n", rows),
		batch.FormatNDJSON: strings.Repeat(`{"n":17,"q":"","x":"Nguyễn, An"}`+"\n", rows),
	} {
		b.Run(string(form), func(b *testing.B) {
			t := open(b, batch.Options{Call: batch.CallResolve, Format: form}, in)
			b.ReportAllocs()
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				if _, err := t.Write(b.Context(), nil, io.Discard, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

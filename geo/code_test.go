package geo

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// places are the examples of the design: a place, its Plus Code, its door and
// unit 223.
var places = []struct{ name, lat, lng, plus, door, unit string }{
	{"Thủ Dầu Một", "10.9804", "106.6519", "7P28XMJ2+5Q6", "28XMJ25Q66", "28XMJ25Q66223R"},
	{"Hoàn Kiếm", "21.0287", "105.8522", "7PH72VH2+FVP", "H72VH2FVP6", "H72VH2FVP62237"},
	{"Cape Cà Mau", "8.6228", "104.7226", "6PW6JPFF+42H", "W6JPFF42H3", "W6JPFF42H3223J"},
	{"Lũng Cú", "23.3634", "105.3163", "7PM79878+9G7", "M798789G7H", "M798789G7H2230"},
	{"Trường Sa", "8.6446", "111.9197", "6PWHJWV9+RVW", "WHJWV9RVW4", "WHJWV9RVW4223V"},
	{"Côn Đảo", "8.6826", "106.6069", "6PW8MJM4+2QR", "W8MJM42QRX", "W8MJM42QRX2234"},
	{"south of 10 N", "9.99999", "105.78", "6PX7XQXJ+X2R", "X7XQXJX2RQ", "X7XQXJX2RQ223H"},
	{"on 10 N", "10.0", "105.78", "7P272Q2J+222", "272Q2J2223", "272Q2J22232230"},
}

func TestPlaces(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			door := mustEncode(t, mustPoint(t, p.lat, p.lng))
			unit, err := door.WithUnit(2)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{door.Plus(), door.String(), unit.String(), unit.Nine()}
			want := []string{p.plus, p.door, p.unit, p.door[:9]}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for text, c := range map[string]Code{p.door: door, p.unit: unit, strings.ToLower(p.unit): unit} {
				if got, err := Parse(text); err != nil || got != c {
					t.Errorf("Parse(%q) = %v, %v, want %v", text, got, err, c)
				}
			}
			if unit.Door() != door || unit.Unit() != 2 || unit.IsDoor() || !door.IsDoor() {
				t.Errorf("door %v, unit %d of %v", unit.Door(), unit.Unit(), unit)
			}
		})
	}
}

func TestGrouped(t *testing.T) {
	c := mustParse(t, "28XMJ25Q66223R")
	if got := c.Grouped(); got != "28XM J25 Q66 223R" {
		t.Errorf("unit %q", got)
	}
	if got := c.Door().Grouped(); got != "28XM J25 Q66" {
		t.Errorf("door %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for text, id := range map[string]int64{
		"28XMJ25Q66":     73_232_560_160_768,
		"28XMJ25Q66223R": 73_232_560_160_770,
		"222222222X222F": 1,
		"P222222225":     2_936_012_800_000_000,
		"MXXXXXXXXKXXXP": 2_936_012_799_999_808,
		"XXXXXXXXX2XXXG": 4_194_303_999_999_808,
	} {
		c := mustParse(t, text)
		if c.ID() != id {
			t.Errorf("%s is %d, want %d", text, c.ID(), id)
		}
		if back, err := FromID(id); err != nil || back.String() != text {
			t.Errorf("FromID(%d) = %v, %v, want %s", id, back, err, text)
		}
	}
}

func TestFromIDRefuses(t *testing.T) {
	for name, id := range map[string]int64{
		"negative":        -1,
		"smallest":        math.MinInt64,
		"unit over 8000":  8001,
		"cell past last":  cellCount << unitBits,
		"largest integer": math.MaxInt64,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FromID(id)
			wantError(t, err, "invalid-id")
			if got := Code(id).String(); got != "Code("+strconv.FormatUint(uint64(id), 10)+")" {
				t.Errorf("String() = %q", got)
			}
			if got := Code(id).Grouped(); !strings.HasPrefix(got, "Code(") {
				t.Errorf("Grouped() = %q", got)
			}
			if _, err := Code(id).MarshalText(); err == nil {
				t.Error("MarshalText wrote an invalid code")
			}
		})
	}
}

func TestUnits(t *testing.T) {
	door := mustParse(t, "28XMJ25Q66")
	for serial, symbols := range map[int]string{1: "222", 2: "223", 20: "22X", 21: "232", 400: "2XX", 401: "322", 8000: "XXX"} {
		unit, err := door.WithUnit(serial)
		if err != nil {
			t.Fatal(err)
		}
		if got := unit.String(); got[:13] != "28XMJ25Q66"+symbols || unit.Unit() != serial {
			t.Errorf("unit %d is %s", serial, got)
		}
	}
	if c, err := mustParse(t, "28XMJ25Q66223R").WithUnit(0); err != nil || c != door {
		t.Errorf("unit 0 = %v, %v, want the door", c, err)
	}
	for _, serial := range []int{-1, 8001, math.MaxInt, math.MinInt} {
		_, err := door.WithUnit(serial)
		wantError(t, err, "invalid-unit")
	}
}

func TestEncodeOutsideWindow(t *testing.T) {
	for name, p := range map[string]Point{
		"south":           {3_9999999, 106_0000000},
		"north":           {24_0000000, 106_0000000},
		"west":            {10_0000000, 99_9999999},
		"east":            {10_0000000, 120_0000000},
		"360 degrees off": {10_0000000, -200_0000000},
		"far":             {math.MinInt32, math.MaxInt32},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Encode(p)
			wantError(t, err, "outside-window")
		})
	}
}

func TestWindowCorners(t *testing.T) {
	for want, p := range map[string]Point{
		"6PP22222+222": {4_0000000, 100_0000000},
		"6PPX2X2X+2X5": {4_0000000, 119_9999999},
		"7PMXXXXX+XXX": {23_9999999, 119_9999999},
		"7P222222+222": {10_0000000, 100_0000000},
		"6PXXXXXX+XXX": {9_9999999, 119_9999999},
	} {
		if got := mustEncode(t, p).Plus(); got != want {
			t.Errorf("%v: %s, want %s", p, got, want)
		}
	}
}

// TestCentreEncodesBack draws cells of the whole window; the corners of the
// window and of a degree are drawn often.
func TestCentreEncodesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		c, err := Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Encode(c.Centre())
		if err != nil || again != c {
			t.Fatalf("centre %v of %v encodes to %v, %v", c.Centre(), c, again, err)
		}
		if k := c.cell(); k != cellOf(p) {
			t.Fatalf("cell %v of %v, want %v", k, c, cellOf(p))
		}
	})
}

func TestParseUndoesString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		got, err := Parse(c.String())
		if err != nil || got != c {
			t.Fatalf("Parse(%q) = %v, %v", c.String(), got, err)
		}
		if id, err := FromID(c.ID()); err != nil || id != c {
			t.Fatalf("FromID(%d) = %v, %v", c.ID(), id, err)
		}
	})
}

// TestPlusAgrees compares the registry's own arithmetic with the general Plus
// Code functions.
func TestPlusAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		c, _ := Encode(p)
		lat, lng := p.Deg()
		want, err := PlusEncode(lat, lng, 11)
		if err != nil || c.Plus() != want {
			t.Fatalf("%v: Plus() = %s, PlusEncode = %s, %v", p, c.Plus(), want, err)
		}
		area, err := PlusDecode(want)
		if err != nil {
			t.Fatal(err)
		}
		south, west, north, east := c.Bounds()
		got := []string{south, west, north, east}
		if diff := cmp.Diff([]string{area.South.String(), area.West.String(), area.North.String(), area.East.String()}, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestBoundsAreExact(t *testing.T) {
	south, west, north, east := mustParse(t, "28XMJ25Q66").Bounds()
	want := []string{"10.9804", "106.651875", "10.980425", "106.65190625"}
	if diff := cmp.Diff(want, []string{south, west, north, east}); diff != "" {
		t.Error(diff)
	}
}

func TestCentreOfExample(t *testing.T) {
	want := Point{Lat: 10_9804125, Lng: 106_6518906}
	if got := mustParse(t, "28XMJ25Q66223R").Centre(); got != want {
		t.Errorf("centre %v, want %v", got, want)
	}
}

func TestRing(t *testing.T) {
	c := mustParse(t, "28XMJ25Q66")
	ring := c.Ring()
	if len(ring) != 5 || !ring.Closed() || ring.Orientation() != 1 {
		t.Errorf("ring %v is not a closed counter-clockwise square", ring)
	}
	south, west, north, east := c.Bounds()
	b := ring.Bound()
	for text, v := range map[string]float64{south: b.Min[1], west: b.Min[0], north: b.Max[1], east: b.Max[0]} {
		if f, _ := strconv.ParseFloat(text, 64); f != v {
			t.Errorf("edge %v, want %s", v, text)
		}
	}
}

func TestCodeInJSON(t *testing.T) {
	type answer struct {
		Code Code `json:"code"`
	}
	in := answer{mustParse(t, "28XMJ25Q66223R")}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"code":"28XMJ25Q66223R"}` {
		t.Fatalf("%s, %v", text, err)
	}
	var out answer
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("read back %v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"code":"28XMJ25Q67"}`), &out); err == nil {
		t.Error("a wrong check was accepted")
	}
}

func TestNothingAllocates(t *testing.T) {
	p := mustPoint(t, "10.9804", "106.6519")
	unit := mustParse(t, "28XMJ25Q66223R")
	buffer := make([]byte, 0, 32)
	for name, f := range map[string]func(){
		"encode": func() {
			c, _ := Encode(p)
			buffer = c.AppendTo(buffer[:0])
		},
		"append unit": func() { buffer = unit.AppendTo(buffer[:0]) },
		"decode": func() {
			c, _ := Parse("28XMJ25Q66223R")
			p = c.Centre()
		},
		"append coordinate": func() { buffer = AppendE7(buffer[:0], p.Lng) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	points := benchPoints()
	buffer := make([]byte, 0, 16)
	for i := 0; b.Loop(); i++ {
		c, err := Encode(points[i%len(points)])
		if err != nil {
			b.Fatal(err)
		}
		buffer = c.AppendTo(buffer[:0])
	}
}

func BenchmarkDecode(b *testing.B) {
	var texts []string
	for _, p := range benchPoints() {
		c, _ := Encode(p)
		texts = append(texts, c.String())
	}
	var sum int32
	for i := 0; b.Loop(); i++ {
		c, err := Parse(texts[i%len(texts)])
		if err != nil {
			b.Fatal(err)
		}
		sum += c.Centre().Lat
	}
}

// benchPoints spreads points over the window, so that no branch is learnt.
func benchPoints() []Point {
	points := make([]Point, 1024)
	x := uint64(1)
	for i := range points {
		x = x*6364136223846793005 + 1442695040888963407
		points[i] = Point{
			Lat: minLatE7 + int32(x>>33%(maxLatE7-minLatE7)),
			Lng: minLngE7 + int32(x>>20%(maxLngE7-minLngE7)),
		}
	}
	return points
}

func drawPoint(t *rapid.T) Point {
	axis := func(name string, low, high int32) int32 {
		return rapid.OneOf(
			rapid.Int32Range(low, high-1),
			rapid.Map(rapid.Int32Range(low/1e7, high/1e7-1), func(d int32) int32 { return d * 1e7 }),
			rapid.Map(rapid.Int32Range(low/1e7+1, high/1e7), func(d int32) int32 { return d*1e7 - 1 }),
		).Draw(t, name)
	}
	return Point{Lat: axis("lat", minLatE7, maxLatE7), Lng: axis("lng", minLngE7, maxLngE7)}
}

func drawCode(t *rapid.T) Code {
	n := rapid.Uint64Range(0, cellCount-1).Draw(t, "cell")
	unit := rapid.Uint64Range(0, MaxUnit).Draw(t, "unit")
	return Code(n<<unitBits | unit)
}

func mustPoint(t testing.TB, lat, lng string) Point {
	t.Helper()
	p, err := ParsePoint(lat, lng)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustEncode(t testing.TB, p Point) Code {
	t.Helper()
	c, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustParse(t testing.TB, s string) Code {
	t.Helper()
	c, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantError checks the code of an error and that both sentences are there.
func wantError(t testing.TB, err error, code string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want code %s", err, code)
	}
	if e.Code != code {
		t.Errorf("error code %s (%s), want %s", e.Code, e.En, code)
	}
	if e.En == "" || e.Vi == "" || e.En == e.Vi || strings.Contains(e.En+e.Vi, "%!") {
		t.Errorf("sentences %q and %q", e.En, e.Vi)
	}
}

// wantSentences checks that an error is one of ours, whole in both languages.
func wantSentences(t testing.TB, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code == "" || e.En == "" || e.Vi == "" || e.En == e.Vi {
		t.Fatalf("error %#v", err)
	}
}

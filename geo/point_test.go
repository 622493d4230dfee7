package geo

import (
	"errors"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestParsePointFloorsExactly(t *testing.T) {
	tests := []struct {
		name, lat, lng string
		want           Point
	}{
		{"seven decimals", "10.9804125", "106.6518906", Point{10_9804125, 106_6518906}},
		{"more decimals than kept", "10.98041259999", "106.65189069", Point{10_9804125, 106_6518906}},
		{"forty decimals", "10.9804125999999999999999999999999999999999", "106.6518906000000000000000000000000000000001", Point{10_9804125, 106_6518906}},
		{"whole numbers", "10", "106", Point{10_0000000, 106_0000000}},
		{"plus sign", "+10.5", "+106.5", Point{10_5000000, 106_5000000}},
		{"exponents", "109804125e-7", "1.066518906E+2", Point{10_9804125, 106_6518906}},
		{"exponent shifts kept digits", "0.00000000109804125e10", "1066518906000000000e-16", Point{10_9804125, 106_6518906}},
		{"huge exponents that cancel", "0." + strings.Repeat("0", 500) + "11e502", "106", Point{11_0000000, 106_0000000}},
		{"no digit before the point", ".5e1", "1.06e2", Point{5_0000000, 106_0000000}},
		{"south-west corner", "4", "100", Point{4_0000000, 100_0000000}},
		{"just inside the north-east corner", "23.99999999999", "119.99999999999", Point{23_9999999, 119_9999999}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, err := ParsePoint(test.lat, test.lng); err != nil || got != test.want {
				t.Errorf("ParsePoint(%s, %s) = %v, %v, want %v", test.lat, test.lng, got, err, test.want)
			}
		})
	}
}

func TestParsePointRefuses(t *testing.T) {
	tests := []struct{ name, lat, lng, code, field string }{
		{"empty latitude", "", "106", "not-a-number", "lat"},
		{"empty longitude", "10", "", "not-a-number", "lng"},
		{"not a number", "NaN", "106", "not-a-number", "lat"},
		{"infinity", "10", "Inf", "not-a-number", "lng"},
		{"hexadecimal", "0xA", "106", "not-a-number", "lat"},
		{"decimal comma", "10,98", "106", "not-a-number", "lat"},
		{"digit groups", "10.980_4", "106", "not-a-number", "lat"},
		{"leading zero", "010.98", "106", "not-a-number", "lat"},
		{"point without decimals", "10.", "106", "not-a-number", "lat"},
		{"only a point", ".", "106", "not-a-number", "lat"},
		{"only a sign", "-", "106", "not-a-number", "lat"},
		{"two signs", "+-10", "106", "not-a-number", "lat"},
		{"exponent without digits", "10e", "106", "not-a-number", "lat"},
		{"exponent with only a sign", "10e+", "106", "not-a-number", "lat"},
		{"exponent with a fraction", "10e1.5", "106", "not-a-number", "lat"},
		{"spaces", " 10", "106", "not-a-number", "lat"},
		{"hemisphere", "10N", "106", "not-a-number", "lat"},
		{"Arabic digits", "١٠", "106", "not-a-number", "lat"},
		{"just south", "3.99999999999999999999", "106", "outside-window", "lat"},
		{"north edge", "24", "106", "outside-window", "lat"},
		{"just west", "10", "99.9999999999999999999", "outside-window", "lng"},
		{"east edge", "10", "120", "outside-window", "lng"},
		{"a turn west", "10", "-253.3481", "outside-window", "lng"},
		{"a turn east", "10", "466.6519", "outside-window", "lng"},
		{"1e400", "1e400", "106", "outside-window", "lat"},
		{"-1e400", "10", "-1e400", "outside-window", "lng"},
		{"1e-400", "10", "1e-400", "outside-window", "lng"},
		{"both outside", "48.85", "2.35", "outside-window", "lat"},
		{"exchanged", "106.6519", "10.9804", "swapped", "lat"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := ParsePoint(test.lat, test.lng)
			wantError(t, err, test.code)
			var e *Error
			if errors.As(err, &e) && e.Field != test.field {
				t.Errorf("field %q, want %q", e.Field, test.field)
			}
			if p != (Point{}) {
				t.Errorf("point %v beside an error", p)
			}
		})
	}
}

func TestErrorsDoNotRepeatLongInput(t *testing.T) {
	_, err := ParsePoint(strings.Repeat("9", 10_000), "106")
	if n := len(err.Error()); n > 250 {
		t.Errorf("message of %d bytes", n)
	}
}

// TestExponentsCostNothing would run for hours if work grew with the exponent.
func TestExponentsCostNothing(t *testing.T) {
	start := time.Now()
	for _, s := range []string{
		"1e999999999999999999999999", "-1e999999999999999999999999", "0e999999999999999999999999",
		"1e-999999999999999999999999", "1e4611686018427387904", "0." + strings.Repeat("0", 1000) + "1e9223372036854775807",
	} {
		_, _ = ParsePoint(s, s)
		_, _ = ParseE7(s)
		if _, err := ParseLatitude(s); err != nil {
			t.Error(err)
		}
		if _, err := ParseLongitude(s); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestParseE7(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "-0": 0, "-0.0": 0, "0e999999999999": 0,
		"1e-400": 0, "-1e-400": -1, "-0.00000001": -1, "-0.0000001": -1, "-0.00000010": -1, "-0.00000011": -2,
		"-180": -180_0000000, "179.99999999": 179_9999999, "1000": 1000_0000000, "-1000": -1000_0000000, "1e3": 1000_0000000,
	} {
		if got, err := ParseE7(s); err != nil || got != want {
			t.Errorf("ParseE7(%s) = %d, %v, want %d", s, got, err, want)
		}
	}
	for s, code := range map[string]string{
		"1000.0000001": "out-of-range", "-1000.00000001": "out-of-range", "1e400": "out-of-range",
		"x": "not-a-number", "": "not-a-number", "1,5": "not-a-number",
	} {
		_, err := ParseE7(s)
		wantError(t, err, code)
	}
}

func TestParsePair(t *testing.T) {
	want := Point{10_9804000, 106_6519000}
	for _, s := range []string{
		"10.9804,106.6519", "10.9804, 106.6519", " 10.9804 ,\t106.6519\n", "10.9804;106.6519", "10.9804 106.6519",
		"(10.9804, 106.6519)", "[10.9804,106.6519]", "+10.9804,+106.6519", "109804e-4,106.6519", "10.9804\u00a0106.6519",
	} {
		if got, err := ParsePair(s); err != nil || got != want {
			t.Errorf("ParsePair(%q) = %v, %v", s, got, err)
		}
	}
	for s, code := range map[string]string{
		"":                  "not-a-number",
		"10.9804":           "not-a-number",
		"10.9804,":          "not-a-number",
		",106.6519":         "not-a-number",
		"10.9804,,106.6519": "not-a-number",
		"10.9804,;106.6519": "not-a-number",
		"10,9804, 106,6519": "not-a-number",
		"10.98,106.65,5":    "not-a-number",
		"10.9804,NaN":       "not-a-number",
		"106.6519,10.9804":  "swapped",
		"48.8566,2.3522":    "outside-window",
	} {
		_, err := ParsePair(s)
		wantError(t, err, code)
	}
}

func TestFormatE7(t *testing.T) {
	for v, want := range map[int32]string{
		0: "0", 1: "0.0000001", -1: "-0.0000001", 10_9804125: "10.9804125", 106_6500000: "106.65", 120_0000000: "120",
		-180_0000000: "-180", -5000000: "-0.5", math.MaxInt32: "214.7483647", math.MinInt32: "-214.7483648",
	} {
		if got := FormatE7(v); got != want {
			t.Errorf("FormatE7(%d) = %s, want %s", v, got, want)
		}
	}
	if got := string(AppendE7([]byte("lat="), 15)); got != "lat=0.0000015" {
		t.Errorf("AppendE7 wrote %s", got)
	}
}

func TestFormatE7ReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int32().Draw(t, "v")
		if got, err := ParseE7(FormatE7(v)); err != nil || got != int64(v) {
			t.Fatalf("%d is %s is %d, %v", v, FormatE7(v), got, err)
		}
	})
}

func TestPointInOtherUnits(t *testing.T) {
	p := Point{10_9804125, 106_6518906}
	if diff := cmp.Diff(orb.Point{106.6518906, 10.9804125}, p.Orb()); diff != "" {
		t.Error(diff)
	}
	lat, lng := p.Deg()
	if lat.String() != "10.9804125" || lng.String() != "106.6518906" {
		t.Errorf("%v, %v", lat, lng)
	}
	if !p.InWindow() || (Point{3_9999999, 106_0000000}).InWindow() || (Point{10_0000000, 120_0000000}).InWindow() {
		t.Error("InWindow is wrong")
	}
}

var numberSyntax = regexp.MustCompile(`^[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// bigFloor is the exact value times 10^places, floored, by big integers. ok is
// false for what is no number and for exponents too long to write out.
func bigFloor(s string, places int64) (v *big.Int, number, ok bool) {
	if !numberSyntax.MatchString(s) {
		return nil, false, true
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	e := int64(0)
	if exponent != "" {
		var err error
		if e, err = strconv.ParseInt(exponent, 10, 64); err != nil || e > 2000 || e < -2000 {
			return nil, true, false
		}
	}
	r, valid := new(big.Rat).SetString(mantissa)
	if !valid {
		return nil, true, false
	}
	ten := big.NewInt(10)
	scale := e + places
	power := new(big.Rat).SetInt(new(big.Int).Exp(ten, big.NewInt(max(scale, -scale)), nil))
	if scale < 0 {
		power.Inv(power)
	}
	r.Mul(r, power)
	// Euclidean division by a positive number rounds toward minus infinity.
	return new(big.Int).Div(r.Num(), r.Denom()), true, true
}

func addNumbers(f *testing.F) {
	for _, s := range []string{
		"10.9804", "-0.5", "+.5", "1e400", "-1e-400", "0e9", "010", "1.", "NaN", "0x1p3", "10,98", "1e+",
		"106.65189059999999999999999999999999999999", "-179.9999999999999999999", "12345678901234567890e-18", "999999999999999999.9",
	} {
		f.Add(s)
	}
}

func FuzzParsePoint(f *testing.F) {
	addNumbers(f)
	f.Fuzz(func(t *testing.T, s string) {
		want, number, ok := bigFloor(s, 7)
		if !ok {
			return
		}
		got, err := ParseE7(s)
		var e *Error
		switch {
		case !number:
			if !errors.As(err, &e) || e.Code != "not-a-number" {
				t.Fatalf("%q: %v", s, err)
			}
		case want.CmpAbs(big.NewInt(maxE7)) > 0:
			if !errors.As(err, &e) || e.Code != "out-of-range" {
				t.Fatalf("%q: %v", s, err)
			}
		case err != nil || got != want.Int64():
			t.Fatalf("ParseE7(%q) = %d, %v, want %v", s, got, err, want)
		}
		p, err := ParsePoint(s, "106")
		inside := number && want.IsInt64() && latInWindow(want.Int64())
		if inside != (err == nil) || inside && int64(p.Lat) != want.Int64() {
			t.Fatalf("ParsePoint(%q) = %v, %v", s, p, err)
		}
	})
}

func FuzzParsePair(f *testing.F) {
	for _, s := range []string{"10.9804,106.6519", "(10.9804; 106.6519)", "10,98 106,65", ",,", "1e400 2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePair(s)
		if err != nil {
			return
		}
		if !p.InWindow() {
			t.Fatalf("ParsePair(%q) = %v, outside", s, p)
		}
		if again, err := ParsePair(FormatE7(p.Lat) + "," + FormatE7(p.Lng)); err != nil || again != p {
			t.Fatalf("%v reads back as %v, %v", p, again, err)
		}
	})
}

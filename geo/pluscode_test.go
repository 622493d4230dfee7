package geo

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The world's corners, poles and the date line, worked out by hand from the
// specification.
func TestPlusEncode(t *testing.T) {
	tests := []struct {
		name, lat, lng string
		digits         int
		want           string
	}{
		{"antimeridian from the west", "0", "-180", 11, "62G22222+222"},
		{"antimeridian from the east", "0", "180", 11, "62G22222+222"},
		{"antimeridian a turn on", "0", "540", 11, "62G22222+222"},
		{"north pole", "90", "1", 11, "CFX3X2X2+X2R"},
		{"north pole on the date line", "90", "180", 15, "C2X2X2X2+X2RRRRR"},
		{"beyond the north pole", "1e400", "1", 11, "CFX3X2X2+X2R"},
		{"south pole", "-90", "-180", 15, "22222222+2222222"},
		{"beyond the south pole", "-1e400", "-180", 10, "22222222+22"},
		{"just west of the date line", "0", "179.99999999999999999", 15, "6VGX2X2X+2X55555"},
		{"just below the equator", "-1e-400", "0", 15, "6FF2X2X2+X2RRRRR"},
		{"Ben Thanh market a turn west", "10.7725", "-253.302", 10, "7P28QMFX+26"},
		{"two digits", "10.7725", "106.698", 2, "7P000000+"},
		{"four digits", "10.7725", "106.698", 4, "7P280000+"},
		{"six digits", "10.7725", "106.698", 6, "7P28QM00+"},
		{"eight digits", "10.7725", "106.698", 8, "7P28QMFX+"},
		{"more than fifteen digits", "-90", "-180", 99, "22222222+2222222"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lat, lng := mustDegrees(t, test.lat, test.lng)
			got, err := PlusEncode(lat, lng, test.digits)
			if err != nil || got != test.want {
				t.Errorf("PlusEncode(%s, %s, %d) = %s, %v, want %s", test.lat, test.lng, test.digits, got, err, test.want)
			}
		})
	}
}

func TestPlusEncodeTakesAnyDeg(t *testing.T) {
	for _, turn := range []Deg{-360 * degree, 360 * degree} {
		got, err := PlusEncode(100*degree, 20*degree+turn, 10)
		want, _ := PlusEncode(90*degree, 20*degree, 10)
		if err != nil || got != want {
			t.Errorf("turned by %v: %s, %v, want %s", turn, got, err, want)
		}
	}
}

func TestPlusEncodeRefusesLengths(t *testing.T) {
	for _, digits := range []int{-2, 0, 1, 3, 5, 7, 9} {
		_, err := PlusEncode(0, 0, digits)
		wantError(t, err, "bad-length")
	}
}

func TestPlusValidity(t *testing.T) {
	tests := []struct {
		code               string
		valid, short, full bool
	}{
		{"7P28XMJ2+5Q6", true, false, true},
		{"7p28xmj2+5q6", true, false, true},
		{"7P28XMJ2+", true, false, true},
		{"7P000000+", true, false, true},
		{"XMJ2+5Q6", true, true, false},
		{"J2+5Q", true, true, false},
		{"+5Q", true, true, false},
		{"XMJ2+", true, true, false},
		{"7P28XMJ2+5QRRRRRRRRR", true, false, true},
		{"X228XMJ2+5Q", true, false, false},  // beyond the north pole
		{"7X28XMJ2+5Q", true, false, false},  // beyond the date line
		{"7P28XMJ25Q6", false, false, false}, // no +
		{"7P28XMJ+25Q6", false, false, false},
		{"7P28XMJ2+5", false, false, false},
		{"7P28XMJ2++5Q", false, false, false},
		{"7P28XMJ25Q+6R", false, false, false},
		{"7P28XMJO+5Q", false, false, false}, // look-alike of 0
		{"7P28XMJ2+5B", false, false, false},
		{"00000000+", false, false, false},
		{"7P280000+22", false, false, false},
		{"7P2800+", false, false, false},
		{"7P280M00+", false, false, false},
		{"7P2000000+", false, false, false},
		{"7P200000+", false, false, false},
		{"７P28XMJ2+5Q", false, false, false},
		{"+", false, false, false},
		{"", false, false, false},
	}
	for _, test := range tests {
		got := []bool{PlusValid(test.code), PlusShort(test.code), PlusFull(test.code)}
		if diff := cmp.Diff([]bool{test.valid, test.short, test.full}, got); diff != "" {
			t.Errorf("%q: %s", test.code, diff)
		}
	}
}

func TestPlusDecodeIsExact(t *testing.T) {
	tests := []struct {
		code                     string
		south, west, north, east string
		digits                   int
	}{
		{"7P28XMJ2+5Q6", "10.9804", "106.651875", "10.980425", "106.65190625", 11},
		{"7p28xmj2+5q6", "10.9804", "106.651875", "10.980425", "106.65190625", 11},
		{"22222222+2222222", "-90", "-180", "-89.99999996", "-179.9999998779296875", 15},
		{"22222222+2222222XXX", "-90", "-180", "-89.99999996", "-179.9999998779296875", 15},
		{"CVXXXXXX+XXXXXXX", "89.99999996", "179.9999998779296875", "90", "180", 15},
		{"7P000000+", "10", "100", "30", "120", 2},
	}
	for _, test := range tests {
		area, err := PlusDecode(test.code)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{test.south, test.west, test.north, test.east}
		if diff := cmp.Diff(want, boundsOf(area)); diff != "" || area.Digits != test.digits {
			t.Errorf("%s: %d digits %s", test.code, area.Digits, diff)
		}
	}
	for _, code := range []string{"", "XMJ2+5Q6", "X228XMJ2+5Q", "7P28XMJ25Q6"} {
		_, err := PlusDecode(code)
		wantError(t, err, "bad-plus-code")
	}
}

func boundsOf(a PlusArea) []string {
	return []string{a.South.String(), a.West.String(), a.North.String(), a.East.String()}
}

func TestPlusShorten(t *testing.T) {
	tests := []struct{ name, code, lat, lng, want string }{
		{"at the place", "7P28XMJ2+5Q6", "10.9804", "106.6519", "+5Q6"},
		{"in the town", "7P28XMJ2+5Q6", "10.97", "106.66", "J2+5Q6"},
		{"in the district", "7P28XMJ2+5Q6", "10.90", "106.80", "XMJ2+5Q6"},
		{"far away", "7P28XMJ2+5Q6", "21.03", "105.85", "7P28XMJ2+5Q6"},
		{"lower case", "7p28xmj2+5q6", "10.9804", "106.6519", "+5Q6"},
		{"nothing left of an 8-digit code", "7P28XMJ2+", "10.98125", "106.65125", "J2+"},
		{"over the date line", "6V3X2X2X+22", "-8.95", "-179.99", "2X2X+22"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lat, lng := mustDegrees(t, test.lat, test.lng)
			got, err := PlusShorten(test.code, lat, lng)
			if err != nil || got != test.want {
				t.Errorf("PlusShorten(%s) = %s, %v, want %s", test.code, got, err, test.want)
			}
		})
	}
	for _, code := range []string{"7P280000+", "XMJ2+5Q6", ""} {
		_, err := PlusShorten(code, 0, 0)
		wantError(t, err, "bad-plus-code")
	}
}

func TestPlusRecover(t *testing.T) {
	tests := []struct{ name, code, lat, lng, want string }{
		{"in the same square", "XMJ2+5Q6", "10.9", "106.7", "7P28XMJ2+5Q6"},
		{"square to the north", "22+22", "10.9999", "106.02", "7P382222+22"},
		{"over the date line eastward", "2222+22", "0.1", "179.99", "62G22222+22"},
		{"over the date line westward", "2X2X+22", "0.1", "-179.99", "6VGX2X2X+22"},
		{"never past the north pole", "2222+22", "89.99", "0", "CFX22222+22"},
		{"never past the south pole", "XXXX+XX", "-89.99", "0.9", "2F22XXXX+XX"},
		{"a full code stays", "7p28xmj2+5q6", "0", "0", "7P28XMJ2+5Q6"},
		{"more than fifteen digits", "+5QRRRRRRRRRRR", "10.9804", "106.6519", "7P28XMJ2+5QRRRRR"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lat, lng := mustDegrees(t, test.lat, test.lng)
			got, err := PlusRecover(test.code, lat, lng)
			if err != nil || got != test.want {
				t.Errorf("PlusRecover(%s) = %s, %v, want %s", test.code, got, err, test.want)
			}
		})
	}
	for _, code := range []string{"", "+", "5Q6", "XMJO+22"} {
		_, err := PlusRecover(code, 0, 0)
		wantError(t, err, "bad-plus-code")
	}
}

// TestPlusRecoverUndoesShorten on the whole world, date line and poles
// included.
func TestPlusRecoverUndoesShorten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, lat, lng := drawPlus(t)
		refLat := lat + Deg(rapid.Int64Range(-2*degree, 2*degree).Draw(t, "north"))/Deg(rapid.IntRange(1, 1000).Draw(t, "by"))
		refLng := lng + Deg(rapid.Int64Range(-2*degree, 2*degree).Draw(t, "east"))/Deg(rapid.IntRange(1, 1000).Draw(t, "by"))
		short, err := PlusShorten(code, refLat, refLng)
		if err != nil {
			t.Fatal(err)
		}
		got, err := PlusRecover(short, refLat, refLng)
		if err != nil || got != code {
			t.Fatalf("%s short %s near %v,%v is %s, %v", code, short, refLat, refLng, got, err)
		}
	})
}

// TestPlusAreaHoldsItsPosition and encodes back from centre and corner.
func TestPlusAreaHoldsItsPosition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, lat, lng := drawPlus(t)
		a, err := PlusDecode(code)
		if err != nil {
			t.Fatal(err)
		}
		if lat < a.South || lat >= a.North && lat != 90*degree || lng < a.West || lng >= a.East {
			t.Fatalf("%s does not hold %v,%v", code, lat, lng)
		}
		centreLat, centreLng := a.Centre()
		for _, p := range [][2]Deg{{centreLat, centreLng}, {a.South, a.West}, {a.North - 1, a.East - 1}} {
			if got, _ := PlusEncode(p[0], p[1], a.Digits); got != code {
				t.Fatalf("%v of %s encodes to %s", p, code, got)
			}
		}
	})
}

func drawPlus(t *rapid.T) (code string, lat, lng Deg) {
	lat = Deg(rapid.Int64Range(-90*degree, 90*degree).Draw(t, "lat"))
	lng = Deg(rapid.Int64Range(-180*degree, 180*degree-1).Draw(t, "lng"))
	digits := rapid.SampledFrom([]int{8, 10, 11, 12, 13, 14, 15}).Draw(t, "digits")
	code, err := PlusEncode(lat, lng, digits)
	if err != nil {
		t.Fatal(err)
	}
	return code, lat, lng
}

func FuzzPlusDecode(f *testing.F) {
	for _, s := range []string{"7P28XMJ2+5Q6", "7P000000+", "CVXXXXXX+XXXXXXXXX", "+22", "7p2800+", "00000000+", "é+22"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid, short, full := PlusValid(s), PlusShort(s), PlusFull(s)
		if (short || full) && !valid || short && full {
			t.Fatalf("%q: valid %v, short %v, full %v", s, valid, short, full)
		}
		area, err := PlusDecode(s)
		if full != (err == nil) {
			t.Fatalf("%q: full %v but %v", s, full, err)
		}
		if !full {
			return
		}
		lat, lng := area.Centre()
		code, err := PlusEncode(lat, lng, area.Digits)
		if err != nil || significant(code) != significant(s) {
			t.Fatalf("%q encodes back to %s, %v", s, code, err)
		}
	})
}

// officialVectors reads one file of the Open Location Code project's vectors.
func officialVectors(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", "olc", name))
	if err != nil {
		t.Skip("the official Open Location Code vectors are not beside this repository")
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func wantCases(t *testing.T, rows [][]string, n int) {
	t.Helper()
	if len(rows) != n {
		t.Errorf("%d official cases, want %d", len(rows), n)
	}
}

func TestOfficialEncoding(t *testing.T) {
	rows := officialVectors(t, "encoding.csv")
	wantCases(t, rows, 302)
	for _, row := range rows {
		digits, _ := strconv.Atoi(row[4])
		lat, lng := mustDegrees(t, row[0], row[1])
		if got, err := PlusEncode(lat, lng, digits); err != nil || got != row[5] {
			t.Errorf("%v: %s, %v", row, got, err)
		}
		rowUnits, _ := strconv.ParseInt(row[2], 10, 64)
		colUnits, _ := strconv.ParseInt(row[3], 10, 64)
		if r, c := plusUnits(lat, lng); r != rowUnits || c != colUnits {
			t.Errorf("%v: units %d, %d", row, r, c)
		}
		d := plusDigits(rowUnits, colUnits)
		if got := formatPlus(string(d[:min(digits, maxPlusDigits)])); got != row[5] {
			t.Errorf("%v: from integers %s", row, got)
		}
	}
}

func TestOfficialDecoding(t *testing.T) {
	rows := officialVectors(t, "decoding.csv")
	wantCases(t, rows, 420)
	const tolerance = Deg(1e6) // 1e-10 degree: the files are rounded
	for _, row := range rows {
		area, err := PlusDecode(row[0])
		if err != nil || strconv.Itoa(area.Digits) != row[1] {
			t.Errorf("%v: %d digits, %v", row, area.Digits, err)
			continue
		}
		for i, got := range []Deg{area.South, area.West, area.North, area.East} {
			d, _ := scanDecimal(row[2+i])
			if diff := got - Deg(d.floor(degPlaces)); diff < -tolerance || diff > tolerance {
				// Past ±100 degrees floor saturates, so compare by the circle.
				lng, _ := ParseLongitude(row[2+i])
				if turned := turnLongitude(got - lng); turned < -tolerance || turned > tolerance {
					t.Errorf("%v: edge %d is %v", row, i, got)
				}
			}
		}
	}
}

func TestOfficialShortCodes(t *testing.T) {
	rows := officialVectors(t, "shortCodeTests.csv")
	wantCases(t, rows, 19)
	for _, row := range rows {
		lat, lng := mustDegrees(t, row[1], row[2])
		if strings.Contains("BS", row[4]) {
			if got, err := PlusShorten(row[0], lat, lng); err != nil || got != row[3] {
				t.Errorf("%v: shortened %s, %v", row, got, err)
			}
		}
		if strings.Contains("BR", row[4]) {
			if got, err := PlusRecover(row[3], lat, lng); err != nil || got != row[0] {
				t.Errorf("%v: recovered %s, %v", row, got, err)
			}
		}
	}
}

func TestOfficialValidity(t *testing.T) {
	rows := officialVectors(t, "validityTests.csv")
	wantCases(t, rows, 25)
	for _, row := range rows {
		got := []string{row[0], strconv.FormatBool(PlusValid(row[0])), strconv.FormatBool(PlusShort(row[0])), strconv.FormatBool(PlusFull(row[0]))}
		if diff := cmp.Diff(row, got); diff != "" {
			t.Error(diff)
		}
	}
}

func mustDegrees(t testing.TB, lat, lng string) (Deg, Deg) {
	t.Helper()
	y, err := ParseLatitude(lat)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ParseLongitude(lng)
	if err != nil {
		t.Fatal(err)
	}
	return y, x
}

package geo

import (
	"math"
	"math/big"
	"testing"
)

func TestParseLatitude(t *testing.T) {
	for s, want := range map[string]string{
		"10.9804": "10.9804", "90": "90", "90.0000000000000001": "90", "-90.5": "-90", "1e400": "90", "-1e400": "-90",
		"89.99999999999999999999": "89.9999999999999999", "-1e-400": "-0.0000000000000001", "1e-400": "0", "-0": "0",
		"1234567.8": "90", "100": "90", "-100": "-90", "-99.99999999999999999": "-90",
	} {
		if got, err := ParseLatitude(s); err != nil || got.String() != want {
			t.Errorf("ParseLatitude(%s) = %v, %v, want %s", s, got, err, want)
		}
	}
	_, err := ParseLatitude("10,5")
	wantError(t, err, "not-a-number")
}

func TestParseLongitude(t *testing.T) {
	for s, want := range map[string]string{
		"106.6519": "106.6519", "180": "-180", "-180": "-180", "-180.0000000000000001": "179.9999999999999999",
		"-180.00000000000000001": "179.9999999999999999", "179.99999999999999999999": "179.9999999999999999",
		"466.6519": "106.6519", "-253.3481": "106.6519", "360": "0", "-360": "0", "540": "-180",
		"-359.99999999999999999999": "0", "720.5": "0.5", "-1e-400": "-0.0000000000000001",
		"1e3": "-80", "1e4": "-80", "1e400": "-80", "-1e400": "80", "7e999999999999999999999": "160",
		"36e999": "0", "1234567890123456789012345678901234567890.25": "90.25",
		"106651900000000000000000000e-24": "106.6519", "0.00001066519e7": "106.6519",
	} {
		if got, err := ParseLongitude(s); err != nil || got.String() != want {
			t.Errorf("ParseLongitude(%s) = %v, %v, want %s", s, got, err, want)
		}
	}
	_, err := ParseLongitude("")
	wantError(t, err, "not-a-number")
}

func TestDegString(t *testing.T) {
	for d, want := range map[Deg]string{
		0: "0", 1: "0.0000000000000001", -1: "-0.0000000000000001", lngUnit: "0.0000001220703125",
		-90 * degree: "-90", math.MinInt64: "-922.3372036854775808",
	} {
		if got := d.String(); got != want {
			t.Errorf("Deg(%d) is %s, want %s", int64(d), got, want)
		}
	}
	if got := (Deg(106) * degree / 4).Degrees(); got != 26.5 {
		t.Errorf("Degrees() = %v", got)
	}
}

// FuzzParseDeg compares both parsers with big integers.
func FuzzParseDeg(f *testing.F) {
	addNumbers(f)
	f.Fuzz(func(t *testing.T, s string) {
		exact, number, ok := bigFloor(s, degPlaces)
		if !ok {
			return
		}
		lat, latErr := ParseLatitude(s)
		lng, lngErr := ParseLongitude(s)
		if !number {
			if latErr == nil || lngErr == nil {
				t.Fatalf("%q was read as %v, %v", s, lat, lng)
			}
			return
		}
		if latErr != nil || lngErr != nil {
			t.Fatalf("%q: %v, %v", s, latErr, lngErr)
		}
		pole := big.NewInt(90 * degree)
		wantLat := new(big.Int).Set(exact)
		if exact.CmpAbs(pole) > 0 {
			wantLat.Mul(pole, big.NewInt(int64(exact.Sign())))
		}
		if wantLat.Int64() != int64(lat) {
			t.Fatalf("ParseLatitude(%q) = %v, want %v", s, int64(lat), wantLat)
		}
		turn, half := big.NewInt(360*degree), big.NewInt(180*degree)
		wantLng := new(big.Int).Mod(new(big.Int).Add(exact, half), turn)
		if wantLng.Sub(wantLng, half).Int64() != int64(lng) {
			t.Fatalf("ParseLongitude(%q) = %v, want %v", s, int64(lng), wantLng)
		}
	})
}

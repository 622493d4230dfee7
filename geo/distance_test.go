package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	tests := []struct {
		name string
		a, b Point
		want float64 // metres
	}{
		{"nothing", Point{10_0000000, 106_0000000}, Point{10_0000000, 106_0000000}, 0},
		// On a sphere of 6371008.8 m a degree of a meridian is 111195.08 m.
		{"a degree north", Point{10_0000000, 106_0000000}, Point{11_0000000, 106_0000000}, 111195.0802},
		{"a degree of the equator", Point{0, 106_0000000}, Point{0, 107_0000000}, 111195.0802},
		{"a degree east at 60 N, by half", Point{60_0000000, 0}, Point{60_0000000, 10000}, 111195.0802 / 2 / 1000},
		{"1e-7 degree", Point{10_0000000, 106_0000000}, Point{10_0000001, 106_0000000}, 0.01111950802},
		{"pole to pole", Point{90_0000000, 0}, Point{-90_0000000, 0}, math.Pi * earthRadius},
		{"antipodes", Point{0, 0}, Point{0, 180_0000000}, math.Pi * earthRadius},
		{"over the date line", Point{0, 179_5000000}, Point{0, -179_5000000}, 111195.0802},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Distance(test.a, test.b)
			if math.Abs(got-test.want) > 1e-9*test.want+1e-9 {
				t.Errorf("%v m, want %v m", got, test.want)
			}
		})
	}
}

func TestDistanceIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPoint(t), drawPoint(t)
		if there, back := Distance(a, b), Distance(b, a); there != back || there < 0 || (there == 0) != (a == b) {
			t.Fatalf("%v there, %v back", there, back)
		}
	})
}

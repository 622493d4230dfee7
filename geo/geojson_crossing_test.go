package geo

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCrossing(t *testing.T) {
	line := func(corners ...int32) []Point {
		var points []Point
		for i := 0; i < len(corners); i += 2 {
			points = append(points, Point{Lat: corners[i+1], Lng: corners[i]})
		}
		return closedPoints(points)
	}
	square := line(0, 0, 10, 0, 10, 10, 0, 10)
	tests := []struct {
		name  string
		rings [][]Point
		want  bool
	}{
		{"square", [][]Point{square}, false},
		{"bow tie", [][]Point{line(0, 0, 10, 10, 10, 0, 0, 10)}, true},
		{"bow tie on a corner in an edge", [][]Point{line(0, 0, 10, 10, 10, 0, 5, 5, 0, 9)}, true},
		{"through the first corner", [][]Point{line(5, 5, 0, 9, 0, 0, 10, 10, 10, 0)}, true},
		{"through an edge from the other side", [][]Point{line(5, 5, 10, 0, 10, 10, 0, 0, 0, 9)}, true},
		{"up through a level edge", [][]Point{line(0, 0, 10, 0, 10, -5, 5, -5, 5, 0, 5, 5, 0, 5)}, true},
		{"corner touches an edge", [][]Point{line(0, 0, 10, 0, 10, 10, 5, 0, 0, 10)}, false},
		{"ring touches itself in a corner", [][]Point{line(0, 0, 5, 5, 10, 0, 10, 10, 5, 5, 0, 10)}, false},
		{"spike outward", [][]Point{line(0, 0, 10, 0, 10, 10, 5, 10, 5, 20, 5, 10, 0, 10)}, false},
		{"spike along an edge", [][]Point{line(0, 0, 10, 0, 10, 20, 10, 10, 0, 10)}, false},
		{"two squares share an edge", [][]Point{square, line(10, 0, 20, 0, 20, 10, 10, 10)}, false},
		{"two squares share part of an edge", [][]Point{square, line(10, 5, 20, 5, 20, 15, 10, 15)}, false},
		{"two squares share a corner", [][]Point{square, line(10, 10, 20, 10, 20, 20, 10, 20)}, false},
		{"hole inside", [][]Point{square, line(2, 2, 4, 2, 4, 4, 2, 4)}, false},
		{"hole touches the shell", [][]Point{square, line(0, 5, 4, 2, 4, 4)}, false},
		{"hole leaves the shell", [][]Point{square, line(5, 5, 15, 5, 15, 6)}, true},
		{"one ring twice", [][]Point{square, square}, false},
		{"far apart", [][]Point{square, line(100, 0, 110, 0, 110, 10)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, rings := range [][][]Point{tt.rings, reversed(tt.rings), transposed(tt.rings)} {
				if at, got := crossingOf(rings); got != tt.want {
					t.Errorf("crossing = %v at %v, want %v in %v", got, at, tt.want, rings)
				}
			}
		})
	}
}

func reversed(rings [][]Point) [][]Point {
	var out [][]Point
	for _, r := range rings {
		var line []Point
		for i := range r {
			line = append(line, r[len(r)-1-i])
		}
		out = append(out, line)
	}
	return out
}

func transposed(rings [][]Point) [][]Point {
	var out [][]Point
	for _, r := range rings {
		var line []Point
		for _, p := range r {
			line = append(line, Point{Lat: p.Lng, Lng: p.Lat})
		}
		out = append(out, line)
	}
	return out
}

// crossesInFloats solves for the parameters of the common point; with corners
// on a small grid, floats tell 0 and 1 from what is between.
func crossesInFloats(a, b, c, d Point) bool {
	rx, ry := float64(b.Lng-a.Lng), float64(b.Lat-a.Lat)
	sx, sy := float64(d.Lng-c.Lng), float64(d.Lat-c.Lat)
	qx, qy := float64(c.Lng-a.Lng), float64(c.Lat-a.Lat)
	det := rx*sy - ry*sx
	if det == 0 {
		return false
	}
	t, u := (qx*sy-qy*sx)/det, (qx*ry-qy*rx)/det
	const eps = 1e-9
	return t > eps && t < 1-eps && u > eps && u < 1-eps
}

func TestCrossingAgreesWithAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points []Point
		for range rapid.IntRange(3, 9).Draw(t, "corners") {
			points = append(points, Point{rapid.Int32Range(0, 30).Draw(t, "lat"), rapid.Int32Range(0, 30).Draw(t, "lng")})
		}
		points = closedPoints(points)
		want := false
		for i := range points[1:] {
			for j := range points[1:] {
				want = want || crossesInFloats(points[i], points[i+1], points[j], points[j+1])
			}
		}
		_, got := crossingOf([][]Point{points})
		if want && !got {
			t.Fatalf("the crossing in %v was not found", points)
		}
		if got && !want && !passesThroughACorner(points) {
			t.Fatalf("%v has no crossing", points)
		}
	})
}

func passesThroughACorner(points []Point) bool {
	for i := range points[1:] {
		for j := range points[1:] {
			if boxOf(points[i:i+2]).contains(points[j]) && turn(points[i], points[i+1], points[j]) == 0 &&
				points[j] != points[i] && points[j] != points[i+1] {
				return true
			}
		}
	}
	return false
}

// Stars whose angles rise never cross, whatever the radius.
func TestStarsDoNotCross(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points []Point
		n := rapid.IntRange(5, 40).Draw(t, "corners")
		for i := range n {
			r := rapid.Float64Range(1e5, 1e6).Draw(t, "radius")
			angle := 2 * math.Pi * float64(i) / float64(n)
			points = append(points, Point{int32(r * math.Sin(angle)), int32(r * math.Cos(angle))})
		}
		if at, crossing := crossingOf([][]Point{closedPoints(points)}); crossing {
			t.Fatalf("crossing at %v in %v", at, points)
		}
	})
}

// bigRings are rings of 20,000 corners: a coast like a real one, and combs whose
// teeth all overlap in one direction, the worst for a sweep.
func bigRings() map[string][]Point {
	const n = 20_000
	coast, comb := make([]Point, n), make([]Point, n)
	for i := range n {
		angle := 2 * math.Pi * float64(i) / n
		r := 2e6 * (1 + 0.3*math.Sin(40*angle) + 0.01*math.Sin(5000*angle))
		coast[i] = Point{11e7 + int32(r*math.Sin(angle)), 106e7 + int32(r*math.Cos(angle))}
		comb[i] = Point{11e7 + int32(i%2)*1e6 + int32(i), 106e7 + int32(i)*50}
	}
	comb = append(comb, Point{11e7 - 1e6, 106e7 + n*50}, Point{11e7 - 1e6, 106e7})
	return map[string][]Point{
		"coast": closedPoints(coast), "comb": closedPoints(comb),
		"comb on its side": transposed([][]Point{closedPoints(comb)})[0],
	}
}

func TestCrossingOfBigRingsIsFast(t *testing.T) {
	for name, points := range bigRings() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if at, crossing := crossingOf([][]Point{points}); crossing {
				t.Errorf("crossing at %v", at)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func BenchmarkCrossing(b *testing.B) {
	for name, points := range bigRings() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				crossingOf([][]Point{points})
			}
		})
	}
}

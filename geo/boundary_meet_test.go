package geo

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// gridPoint draws a point of a grid so small that things often touch.
func gridPoint(r *rapid.T, name string) Point {
	n := rapid.Int32Range(0, 9)
	return Point{Lat: n.Draw(r, name), Lng: n.Draw(r, name)}
}

func gridBox(r *rapid.T) box { return boxOf([]Point{gridPoint(r, "box"), gridPoint(r, "box")}) }

// areaIndex holds one unit, 1, of one polygon.
func areaIndex(t *testing.T, rings ...[]Point) *BoundaryIndex {
	var area orb.Polygon
	for _, points := range rings {
		var ring orb.Ring
		for _, p := range points {
			ring = append(ring, orb.Point{float64(p.Lng) / 1e7, float64(p.Lat) / 1e7})
		}
		area = append(area, ring)
	}
	return indexOf(t, Boundary{ID: 1, Code: "1", Shape: Shape{orb.MultiPolygon{area}}})
}

// A triangle and a box meet unless a line along a side of one keeps them apart.
func TestBoxMeetsWhatLiesApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		corners := []Point{gridPoint(r, "a"), gridPoint(r, "b"), gridPoint(r, "c")}
		if turn(corners[0], corners[1], corners[2]) == 0 {
			return
		}
		b := gridBox(r)
		square := []Point{b.low, {b.low.Lat, b.high.Lng}, b.high, {b.high.Lat, b.low.Lng}}
		apart := !b.overlaps(boxOf(corners))
		for i := range corners {
			p, q, third := corners[i], corners[(i+1)%3], corners[(i+2)%3]
			inner := turn(p, q, third)
			apart = apart || !slices.ContainsFunc(square, func(c Point) bool { return turn(p, q, c) != -inner })
		}
		x := areaIndex(t, append(corners, corners[0]))
		if got := x.Meets(1, b.low, b.high); got == apart {
			r.Fatalf("%v and %v: Meets says %t", corners, b, got)
		}
		if southWest, northEast, ok := x.Corners(1); !ok || (box{southWest, northEast}) != boxOf(corners) {
			r.Fatalf("the corners of %v are %v, %v", corners, southWest, northEast)
		}
	})
}

func TestBoxMeetsAHole(t *testing.T) {
	square := func(from, to int32) []Point {
		return []Point{{from, from}, {from, to}, {to, to}, {to, from}, {from, from}}
	}
	x := areaIndex(t, square(0, 100), square(20, 80))
	for _, c := range []struct {
		low, high int32
		want      bool
	}{{30, 70, false}, {21, 79, false}, {20, 79, true}, {10, 11, true}, {10, 90, true}, {-9, 109, true}, {101, 102, false}, {100, 102, true}, {50, 50, false}} {
		if got := x.Meets(1, Point{c.low, c.low}, Point{c.high, c.high}); got != c.want {
			t.Errorf("from %d to %d: %t", c.low, c.high, got)
		}
	}
	if _, _, ok := x.Corners(2); ok || x.Meets(2, Point{}, Point{100, 100}) {
		t.Error("a unit without a boundary is somewhere")
	}
}

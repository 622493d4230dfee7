package geo

import "slices"

// Meets reports whether a unit has a point in a box; the borders of both belong
// to them.
func (x *BoundaryIndex) Meets(id int64, southWest, northEast Point) bool {
	return slices.ContainsFunc(x.byID[id], func(g polygon) bool { return g.meets(box{southWest, northEast}) })
}

// meets holds where the box begins inside the polygon, or an edge comes into it.
func (g *polygon) meets(b box) bool {
	if !b.overlaps(g.shell.box) {
		return false
	}
	enters := func(r ring) bool {
		for i := range len(r.points) - 1 {
			if b.meets(r.edge(int32(i))) {
				return true
			}
		}
		return false
	}
	return g.contains(b.low) || enters(g.shell) || slices.ContainsFunc(g.holes, enters)
}

// meets reports whether the line from p to q has a point in the box: it does
// where neither their boxes lie apart nor all corners on one side of it.
func (b box) meets(p, q Point) bool {
	if !b.overlaps(boxOf([]Point{p, q})) {
		return false
	}
	sides := 0
	for _, corner := range [...]Point{b.low, {b.low.Lat, b.high.Lng}, b.high, {b.high.Lat, b.low.Lng}} {
		sides += turn(p, q, corner)
	}
	return sides > -4 && sides < 4
}

func (b box) overlaps(other box) bool {
	return b.low.Lng <= other.high.Lng && b.high.Lng >= other.low.Lng && b.low.Lat <= other.high.Lat && b.high.Lat >= other.low.Lat
}

// Corners are those of the box around a unit; ok is false without a boundary.
func (x *BoundaryIndex) Corners(id int64) (southWest, northEast Point, ok bool) {
	for i, part := range x.byID[id] {
		b := part.shell.box
		if i == 0 {
			southWest, northEast = b.low, b.high
		}
		southWest = Point{min(southWest.Lat, b.low.Lat), min(southWest.Lng, b.low.Lng)}
		northEast = Point{max(northEast.Lat, b.high.Lat), max(northEast.Lng, b.high.Lng)}
	}
	return southWest, northEast, len(x.byID[id]) > 0
}

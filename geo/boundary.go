package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Boundary is the area of one admin unit.
type Boundary struct {
	ID    int64  // the caller's key of the unit; ReadBoundaries leaves it 0
	Code  string // the unit's code, which orders answers
	Shape Shape
}

// BoundaryRef names a unit of an index.
type BoundaryRef struct {
	ID   int64
	Code string
}

func compareRefs(a, b BoundaryRef) int {
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
}

// BoundaryIndex answers which units a point lies in. It never changes once it
// is built, so any number of goroutines may ask it.
//
// Corners are taken to the nearest 1e-7 degree once, when the index is built,
// and from then on point in polygon is integer arithmetic: a point on an edge or
// a corner is on the border for all the units that share it.
type BoundaryIndex struct {
	polygons []polygon
	boxes    []box // of polygons, close together: most look-ups go no farther
	slabs    slabs
	byID     map[int64][]polygon
}

// polygon is one part of a unit.
type polygon struct {
	ref   BoundaryRef
	shell ring
	holes []ring
}

// NewBoundaryIndex builds an index. Boundaries without polygons are left out; a
// corner that is not on earth or an ID that comes twice is an error.
func NewBoundaryIndex(boundaries []Boundary) (*BoundaryIndex, error) {
	x := &BoundaryIndex{byID: make(map[int64][]polygon, len(boundaries))}
	for _, b := range boundaries {
		if _, twice := x.byID[b.ID]; twice {
			return nil, fmt.Errorf("boundary index: unit %s: id %d comes twice", b.Code, b.ID)
		}
		parts, err := partsOf(b)
		if err != nil {
			return nil, fmt.Errorf("boundary index: unit %s: %w", b.Code, err)
		}
		if len(parts) > 0 {
			x.byID[b.ID] = parts
			x.polygons = append(x.polygons, parts...)
		}
	}
	spans := make([]span, len(x.polygons))
	for i := range x.polygons {
		b := x.polygons[i].shell.box
		x.boxes = append(x.boxes, b)
		spans[i] = span{b.low.Lat, b.high.Lat}
	}
	x.slabs = newSlabs(spans)
	return x, nil
}

// Len is the number of units that have a boundary.
func (x *BoundaryIndex) Len() int { return len(x.byID) }

// Containing lists the units that contain the point, by code and ID; the border
// counts as inside, so a point on it is in all neighbours. Nil where there is none.
func (x *BoundaryIndex) Containing(p Point) []BoundaryRef {
	var found []BoundaryRef
	for _, i := range x.slabs.between(int64(p.Lat), int64(p.Lat)) {
		if !x.boxes[i].contains(p) {
			continue
		}
		if g := &x.polygons[i]; g.contains(p) && !slices.Contains(found, g.ref) {
			found = append(found, g.ref)
		}
	}
	slices.SortFunc(found, compareRefs)
	return found
}

// Nearest is the unit nearest to the point and the metres to it, 0 inside, if it is
// no farther than the limit. Of units equally near it is the first by code and ID.
// Only units that keep accepts count; nil accepts all.
func (x *BoundaryIndex) Nearest(p Point, limitMeters float64, keep func(BoundaryRef) bool) (unit BoundaryRef, meters float64, ok bool) {
	from := planeAt(p)
	low, high := from.latitudes(limitMeters)
	for _, i := range x.slabs.between(low, high) {
		g := &x.polygons[i]
		if keep != nil && !keep(g.ref) {
			continue
		}
		d := g.distance(from, limitMeters)
		if d > limitMeters {
			continue
		}
		if !ok || cmp.Or(cmp.Compare(d, meters), compareRefs(g.ref, unit)) < 0 {
			unit, meters, ok = g.ref, d, true
		}
	}
	return unit, meters, ok
}

// Middle is the middle of the box around a unit's first polygon: roughly where
// the unit is, not always inside it. ok is false without a boundary.
func (x *BoundaryIndex) Middle(id int64) (p Point, ok bool) {
	parts := x.byID[id]
	if len(parts) == 0 {
		return Point{}, false
	}
	b := parts[0].shell.box
	return Point{Lat: b.low.Lat + (b.high.Lat-b.low.Lat)/2, Lng: b.low.Lng + (b.high.Lng-b.low.Lng)/2}, true
}

// DistanceTo is the metres from the point to the unit, 0 inside and on the
// border, +Inf if the index has no boundary of that ID.
func (x *BoundaryIndex) DistanceTo(id int64, p Point) float64 {
	from := planeAt(p)
	nearest := math.Inf(1)
	for i := range x.byID[id] {
		nearest = min(nearest, x.byID[id][i].distance(from, nearest))
	}
	return nearest
}

// contains counts the border of the shell and of each hole as inside.
func (g *polygon) contains(p Point) bool {
	switch g.shell.locate(p) {
	case outside:
		return false
	case onBorder:
		return true
	}
	for i := range g.holes {
		if at := g.holes[i].locate(p); at != outside {
			return at == onBorder
		}
	}
	return true
}

// distance is exact up to the limit, and some greater value beyond it.
func (g *polygon) distance(from plane, limit float64) float64 {
	if !g.shell.box.near(from, limit) {
		return math.Inf(1)
	}
	if g.contains(from.centre) {
		return 0
	}
	nearest := g.shell.distance(from, limit)
	for i := range g.holes {
		nearest = min(nearest, g.holes[i].distance(from, min(limit, nearest)))
	}
	return nearest
}

// near tells whether the box, widened by the limit, may hold the centre.
func (b box) near(from plane, limit float64) bool {
	reach := limit / metersPerE7
	lng := float64(from.centre.Lng)
	west, east := float64(b.low.Lng)-lng, lng-float64(b.high.Lng)
	return max(west, east)*from.cosLat <= reach &&
		float64(b.low.Lat)-float64(from.centre.Lat) <= reach &&
		float64(from.centre.Lat)-float64(b.high.Lat) <= reach
}

func partsOf(b Boundary) ([]polygon, error) {
	var parts []polygon
	for _, p := range b.Shape.MultiPolygon {
		rings, err := ringsOf(p)
		if err != nil {
			return nil, err
		}
		if len(rings) > 0 {
			parts = append(parts, polygon{BoundaryRef{b.ID, b.Code}, rings[0], rings[1:]})
		}
	}
	return parts, nil
}

func ringsOf(p orb.Polygon) ([]ring, error) {
	rings := make([]ring, 0, len(p))
	for _, line := range p {
		points := make([]Point, len(line))
		for i, o := range line {
			var ok bool
			if points[i], ok = pointOf(o); !ok {
				return nil, fmt.Errorf("corner %v is not on earth", o)
			}
		}
		if len(points) > 0 {
			rings = append(rings, newRing(closedPoints(points)))
		} else if len(rings) == 0 {
			return nil, nil // holes without a shell are no area
		}
	}
	return rings, nil
}

package demo

import (
	"math"

	"diachiso/geo"
)

// The demo is laid out on a plane in metres around its origin; at the size of
// a province that is right to a few parts in a thousand, which a synthetic
// place can bear.
const (
	originLat = 11_1500000 // 1e-7 degree
	originLng = 106_6500000

	metresPerE7Lat = 0.0111195
	metresPerE7Lng = 0.0109096 // at the latitude of the origin
)

// vec is a place on the plane: metres east and north of the origin.
type vec struct{ x, y float64 }

func project(p geo.Point) vec {
	return vec{float64(p.Lng-originLng) * metresPerE7Lng, float64(p.Lat-originLat) * metresPerE7Lat}
}

func (v vec) point() geo.Point {
	return geo.Point{
		Lat: originLat + int32(math.Round(v.y/metresPerE7Lat)),
		Lng: originLng + int32(math.Round(v.x/metresPerE7Lng)),
	}
}

func (v vec) add(w vec) vec                { return vec{v.x + w.x, v.y + w.y} }
func (v vec) sub(w vec) vec                { return vec{v.x - w.x, v.y - w.y} }
func (v vec) scale(f float64) vec          { return vec{v.x * f, v.y * f} }
func (v vec) dot(w vec) float64            { return v.x*w.x + v.y*w.y }
func (v vec) cross(w vec) float64          { return v.x*w.y - v.y*w.x }
func (v vec) length() float64              { return math.Hypot(v.x, v.y) }
func (v vec) distanceTo(w vec) float64     { return v.sub(w).length() }
func (v vec) towards(w vec, f float64) vec { return v.add(w.sub(v).scale(f)) }

// polygon is a convex ring, counter-clockwise, not closed.
type polygon []vec

// cells divides the outline among the sites: each gets what is nearer to it
// than to any other (Voronoi). Sites must be distinct.
func cells(outline polygon, sites []vec) []polygon {
	list := make([]polygon, len(sites))
	for i, site := range sites {
		cell := outline
		for j, other := range sites {
			if i != j {
				cell = cell.nearer(site, other)
			}
		}
		list[i] = cell
	}
	return list
}

// nearer cuts off what is nearer to other than to site.
func (p polygon) nearer(site, other vec) polygon {
	normal := other.sub(site)
	limit := normal.dot(site.towards(other, 0.5))
	kept := make(polygon, 0, len(p)+1)
	for i, a := range p {
		b := p[(i+1)%len(p)]
		outA, outB := normal.dot(a)-limit, normal.dot(b)-limit
		if outA <= 0 {
			kept = append(kept, a)
		}
		if (outA < 0) != (outB < 0) && outA != 0 && outB != 0 {
			kept = append(kept, a.towards(b, outA/(outA-outB)))
		}
	}
	return kept
}

// area is in square metres.
func (p polygon) area() float64 {
	sum := 0.0
	for i, a := range p {
		sum += a.cross(p[(i+1)%len(p)])
	}
	return sum / 2
}

// reach is the distance in metres from v to the farthest corner.
func (p polygon) reach(v vec) float64 {
	far := 0.0
	for _, corner := range p {
		far = max(far, v.distanceTo(corner))
	}
	return far
}

// box returns the south-west and the north-east corner around the polygon.
func (p polygon) box() (low, high vec) {
	low, high = p[0], p[0]
	for _, v := range p {
		low = vec{min(low.x, v.x), min(low.y, v.y)}
		high = vec{max(high.x, v.x), max(high.y, v.y)}
	}
	return low, high
}

// fence is a convex polygon made ready for many questions: one half-plane a
// side.
type fence []side

// side holds the outward normal of length 1 and its distance from the origin.
type side struct {
	normal vec
	limit  float64
}

// shortestSide in metres: a shorter one has no direction worth keeping, and
// its neighbours hold the corner.
const shortestSide = 0.01

func (p polygon) fence() fence {
	f := make(fence, 0, len(p))
	for i, a := range p {
		along := p[(i+1)%len(p)].sub(a)
		length := along.length()
		if length < shortestSide {
			continue
		}
		normal := vec{along.y / length, -along.x / length}
		f = append(f, side{normal, normal.dot(a)})
	}
	return f
}

// holds tells whether v is inside by at least margin metres.
func (f fence) holds(v vec, margin float64) bool {
	for _, s := range f {
		if s.normal.dot(v) > s.limit-margin {
			return false
		}
	}
	return true
}

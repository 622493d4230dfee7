package geo

import (
	"cmp"
	"math"

	"github.com/paulmach/orb"
)

// side tells where a point lies.
type side int8

const (
	outside side = iota
	onBorder
	inside
)

// ring is a closed line of points without equal neighbours. Its edge i runs
// from points[i] to points[i+1].
type ring struct {
	points []Point
	box    box
	slabs  slabs
}

// newRing takes closed points without equal neighbours, see closedPoints.
func newRing(points []Point) ring {
	r := ring{points: points, box: boxOf(points)}
	spans := make([]span, len(points)-1)
	for i := range spans {
		a, b := r.edge(int32(i))
		spans[i] = span{a.Lat, b.Lat}
	}
	r.slabs = newSlabs(spans)
	return r
}

// edge gives the two ends of an edge in one order whatever the direction of the
// ring, so that two neighbours compute the same from their common border.
func (r *ring) edge(i int32) (a, b Point) {
	a, b = r.points[i], r.points[i+1]
	if b.Lat < a.Lat || b.Lat == a.Lat && b.Lng < a.Lng {
		a, b = b, a
	}
	return a, b
}

// locate is exact: it counts the edges east of the point in integers, where
// orb's planar.RingContains divides floats and may miss a point on an edge.
func (r *ring) locate(p Point) side {
	if !r.box.contains(p) {
		return outside
	}
	at := outside
	for _, i := range r.slabs.between(int64(p.Lat), int64(p.Lat)) {
		a, b := r.edge(i)
		if p.Lat < a.Lat || p.Lat > b.Lat {
			continue
		}
		if a.Lat == b.Lat {
			if a.Lng <= p.Lng && p.Lng <= b.Lng {
				return onBorder
			}
			continue
		}
		switch turn(a, b, p) {
		case 0:
			return onBorder
		case 1:
			// An upper end belongs to the edge above, or a corner counts twice.
			if p.Lat < b.Lat {
				at = inside - at
			}
		}
	}
	return at
}

// turn is 1 where c lies to the left of the line from a to b, -1 to the right, 0 on
// it. Each product is below 2^63 for positions on earth, their difference is not.
func turn(a, b, c Point) int {
	return cmp.Compare(
		(int64(b.Lng)-int64(a.Lng))*(int64(c.Lat)-int64(a.Lat)),
		(int64(b.Lat)-int64(a.Lat))*(int64(c.Lng)-int64(a.Lng)))
}

// distance is the way from the point to the line of the ring where that is
// under the limit, else some value from the limit up. Metres.
func (r *ring) distance(from plane, limit float64) float64 {
	nearest := math.Inf(1)
	low, high := from.latitudes(limit)
	if low <= int64(r.box.low.Lat) && int64(r.box.high.Lat) <= high {
		// Every edge is in reach, and the bands would list some several times.
		for i := range len(r.points) - 1 {
			a, b := r.edge(int32(i))
			nearest = min(nearest, from.distance(a, b, min(limit, nearest)))
		}
		return nearest
	}
	for _, i := range r.slabs.between(low, high) {
		a, b := r.edge(i)
		nearest = min(nearest, from.distance(a, b, min(limit, nearest)))
	}
	return nearest
}

// metersPerE7 is the length of 1e-7 degree of a meridian on the sphere that
// Distance uses.
const metersPerE7 = 6371008.8 * math.Pi / 180 / 1e7

// plane is the flat map around a point: true to Distance within 1 mm at 50 m and
// within 0.1 % at 50 km in Vietnam.
type plane struct {
	centre Point
	cosLat float64
}

func planeAt(p Point) plane {
	return plane{p, math.Cos(float64(p.Lat) / 1e7 * math.Pi / 180)}
}

// latitudes is the range of latitude within the limit of the centre, in 1e-7
// degree, cut to what there is on earth.
func (m plane) latitudes(limit float64) (low, high int64) {
	reach := int64(math.Ceil(min(limit/metersPerE7, 180e7)))
	return int64(m.centre.Lat) - reach, int64(m.centre.Lat) + reach
}

// distance is the way from the centre to the edge from a to b, whose latitudes
// rise; +Inf where the latitudes alone are more than the limit apart.
func (m plane) distance(a, b Point, limit float64) float64 {
	ay := float64(int64(a.Lat) - int64(m.centre.Lat))
	by := float64(int64(b.Lat) - int64(m.centre.Lat))
	if max(ay, -by)*metersPerE7 > limit {
		return math.Inf(1)
	}
	ax := float64(int64(a.Lng)-int64(m.centre.Lng)) * m.cosLat
	bx := float64(int64(b.Lng)-int64(m.centre.Lng)) * m.cosLat
	dx, dy := bx-ax, by-ay
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, -(ax*dx+ay*dy)/length))
	}
	return math.Hypot(ax+t*dx, ay+t*dy) * metersPerE7
}

// box is a closed range of latitude and longitude.
type box struct{ low, high Point }

func boxOf(points []Point) box {
	b := box{points[0], points[0]}
	for _, p := range points {
		b.low = Point{min(b.low.Lat, p.Lat), min(b.low.Lng, p.Lng)}
		b.high = Point{max(b.high.Lat, p.Lat), max(b.high.Lng, p.Lng)}
	}
	return b
}

func (b box) contains(p Point) bool {
	return b.low.Lat <= p.Lat && p.Lat <= b.high.Lat && b.low.Lng <= p.Lng && p.Lng <= b.high.Lng
}

// pointOf takes degrees to the nearest 1e-7; false outside the earth and for
// NaN. Decimals of up to seven places come back exactly.
func pointOf(o orb.Point) (Point, bool) {
	if !(math.Abs(o.Lon()) <= 180 && math.Abs(o.Lat()) <= 90) {
		return Point{}, false
	}
	return Point{Lat: int32(math.Round(o.Lat() * 1e7)), Lng: int32(math.Round(o.Lon() * 1e7))}, true
}

// closedPoints leaves out points equal to the one before and closes the ring.
func closedPoints(line []Point) []Point {
	closed := make([]Point, 0, len(line)+1)
	for _, p := range line {
		if len(closed) == 0 || closed[len(closed)-1] != p {
			closed = append(closed, p)
		}
	}
	if n := len(closed); n > 0 && closed[0] != closed[n-1] {
		closed = append(closed, closed[0])
	}
	return closed
}

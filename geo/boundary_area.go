package geo

import (
	"cmp"
	"slices"
)

// Overlapping lists the units whose polygons may reach into a box, by code and
// ID: their own boxes do.
func (x *BoundaryIndex) Overlapping(southWest, northEast Point) []BoundaryRef {
	var found []BoundaryRef
	for _, i := range x.slabs.between(int64(southWest.Lat), int64(northEast.Lat)) {
		meets := x.boxes[i].overlaps(box{southWest, northEast})
		if ref := x.polygons[i].ref; meets && !slices.Contains(found, ref) {
			found = append(found, ref)
		}
	}
	slices.SortFunc(found, compareRefs)
	return found
}

// Area gives the polygons of a unit, each its shell and its holes as closed
// rings; none without a boundary. The points are not to be changed.
func (x *BoundaryIndex) Area(id int64) [][][]Point {
	var area [][][]Point
	for _, part := range x.byID[id] {
		rings := [][]Point{part.shell.points}
		for _, hole := range part.holes {
			rings = append(rings, hole.points)
		}
		area = append(area, rings)
	}
	return area
}

// LabelPoint is a point inside a unit where its name has room: the middle of
// the widest way from west to east at half the height of its largest part. ok
// is false without a boundary.
func (x *BoundaryIndex) LabelPoint(id int64) (p Point, ok bool) {
	parts := x.byID[id]
	if len(parts) == 0 {
		return Point{}, false
	}
	largest := slices.MaxFunc(parts, func(a, b polygon) int { return cmp.Compare(a.shell.box.size(), b.shell.box.size()) })
	b := largest.shell.box
	lat := b.low.Lat + (b.high.Lat-b.low.Lat)/2
	crossings := largest.crossings(lat)
	p, widest := Point{Lat: lat, Lng: b.low.Lng + (b.high.Lng-b.low.Lng)/2}, int32(-1)
	for i := 1; i < len(crossings); i += 2 {
		if wide := crossings[i] - crossings[i-1]; wide > widest {
			p.Lng, widest = crossings[i-1]+wide/2, wide
		}
	}
	return p, true
}

// size is the area of the box in squares of 1e-7 degree, for comparing.
func (b box) size() int64 {
	return (int64(b.high.Lat) - int64(b.low.Lat)) * (int64(b.high.Lng) - int64(b.low.Lng))
}

// crossings are the longitudes at which the edges of the polygon cross a
// latitude, ascending: inside lies between the first and the second, the third
// and the fourth …
func (g *polygon) crossings(lat int32) []int32 {
	var list []int32
	for _, r := range append([]ring{g.shell}, g.holes...) {
		for i := range len(r.points) - 1 {
			a, b := r.edge(int32(i))
			if a.Lat <= lat && lat < b.Lat {
				share := float64(lat-a.Lat) / float64(b.Lat-a.Lat)
				list = append(list, a.Lng+int32(share*float64(b.Lng-a.Lng)))
			}
		}
	}
	slices.Sort(list)
	return list
}

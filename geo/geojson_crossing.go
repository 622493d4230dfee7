package geo

import (
	"cmp"
	"slices"
)

// segment is edge i of a ring, with its box.
type segment struct {
	ring []Point
	i    int
	box  box
}

// crossingOf finds a place where rings cross themselves or each other: two
// edges that cross inside both, or a corner on an edge with its neighbours on
// either side. Touching is no crossing, nor are common edges, spikes and corners
// that several rings share: counting edges is right with those.
//
// Segments are swept from south to north, so that only those whose latitudes
// overlap meet: real rings need little more than the sort.
func crossingOf(rings [][]Point) (Point, bool) {
	segments := segmentsOf(rings)
	for i := range segments {
		s := &segments[i]
		for j := i + 1; j < len(segments) && segments[j].box.low.Lat <= s.box.high.Lat; j++ {
			t := &segments[j]
			if s.box.low.Lng > t.box.high.Lng || t.box.low.Lng > s.box.high.Lng {
				continue
			}
			if s.crosses(t) || s.passesThrough(t) || t.passesThrough(s) {
				return s.ring[s.i+1], true
			}
		}
	}
	return Point{}, false
}

func segmentsOf(rings [][]Point) []segment {
	var all []segment
	for _, r := range rings {
		for i := range r[1:] {
			all = append(all, segment{r, i, boxOf(r[i : i+2])})
		}
	}
	slices.SortFunc(all, func(a, b segment) int { return cmp.Compare(a.box.low.Lat, b.box.low.Lat) })
	return all
}

func (s *segment) ends() (a, b Point) { return s.ring[s.i], s.ring[s.i+1] }

// next is the corner after the end of the segment; a ring closes on its first.
func (s *segment) next() Point {
	if s.i+2 < len(s.ring) {
		return s.ring[s.i+2]
	}
	return s.ring[1]
}

// crosses tells whether the segments have one point inside both.
func (s *segment) crosses(t *segment) bool {
	a, b := s.ends()
	c, d := t.ends()
	return turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0
}

// passesThrough tells whether the ring of s crosses t in the end of s.
func (s *segment) passesThrough(t *segment) bool {
	a, corner := s.ends()
	c, d := t.ends()
	return corner != c && corner != d && t.box.contains(corner) && turn(c, d, corner) == 0 &&
		turn(c, d, a)*turn(c, d, s.next()) < 0
}

package geo

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

func at(lng, lat float64) Point {
	p, ok := pointOf(orb.Point{lng, lat})
	if !ok {
		panic("not on earth")
	}
	return p
}

func indexOf(t testing.TB, boundaries ...Boundary) *BoundaryIndex {
	t.Helper()
	x, err := NewBoundaryIndex(boundaries)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func codes(refs []BoundaryRef) string {
	var list []string
	for _, r := range refs {
		list = append(list, r.Code)
	}
	return strings.Join(list, " ")
}

// village is a small country: a, b and c share borders and the corner
// (106.1, 11.1), d is a ring around the island e, f has two parts.
func village(t testing.TB) *BoundaryIndex {
	area := func(p ...orb.Polygon) Shape { return Shape{p} }
	return indexOf(t,
		Boundary{ID: 3, Code: "c", Shape: area(orb.Polygon{square(106.1, 11.1, 0.1)})},
		Boundary{ID: 1, Code: "a", Shape: area(orb.Polygon{square(106, 11, 0.1)})},
		Boundary{ID: 2, Code: "b", Shape: area(orb.Polygon{square(106.1, 11, 0.1)})},
		Boundary{ID: 4, Code: "d", Shape: area(orb.Polygon{square(107, 11, 1), square(107.25, 11.25, 0.5)})},
		Boundary{ID: 5, Code: "e", Shape: area(orb.Polygon{square(107.25, 11.25, 0.5)})},
		Boundary{ID: 6, Code: "f", Shape: area(orb.Polygon{square(105, 9, 0.5)}, orb.Polygon{square(105.5, 9.5, 0.5)})},
		Boundary{ID: 7, Code: "g"},
	)
}

func TestContaining(t *testing.T) {
	tests := []struct {
		name string
		p    Point
		want string
	}{
		{"inside", at(106.05, 11.05), "a"},
		{"on a common border", at(106.1, 11.0333333), "a b"},
		{"1e-7 degree west of the border", at(106.0999999, 11.0333333), "a"},
		{"1e-7 degree east of the border", at(106.1000001, 11.0333333), "b"},
		{"on the corner of three", at(106.1, 11.1), "a b c"},
		{"on an outer corner", at(106, 11), "a"},
		{"on a level outer border", at(106.05, 11), "a"},
		{"south of everything", at(106.05, 8), ""},
		{"north of everything", at(106.05, 23), ""},
		{"beside a level border", at(106.3, 11.1), ""},
		{"in the ring around an island", at(107.1, 11.5), "d"},
		{"on the island", at(107.5, 11.5), "e"},
		{"on the shore of the island", at(107.25, 11.5), "d e"},
		{"on the corner of the island", at(107.75, 11.75), "d e"},
		{"first part", at(105.1, 9.1), "f"},
		{"second part", at(105.9, 9.9), "f"},
		{"between the parts", at(105.1, 9.9), ""},
		{"where the parts touch", at(105.5, 9.5), "f"},
	}
	x := village(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := codes(x.Containing(tt.p)); got != tt.want {
				t.Errorf("Containing(%v) = %q, want %q", tt.p, got, tt.want)
			}
		})
	}
	if got := x.Len(); got != 6 {
		t.Errorf("Len = %d, want 6 units with a boundary", got)
	}
}

func TestContainingInAPolygonOnItself(t *testing.T) {
	tests := []struct {
		name string
		area orb.MultiPolygon
		p    Point
		want bool
	}{
		{"spike", orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {2, 4}, {2, 6}, {2, 4}, {0, 4}, {0, 0}}}}, at(2, 5), true},
		{"beside a spike", orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {2, 4}, {2, 6}, {2, 4}, {0, 4}, {0, 0}}}}, at(1.9, 5), false},
		{"ring touching itself, waist", orb.MultiPolygon{{{{0, 0}, {2, 1}, {4, 0}, {4, 2}, {2, 1}, {0, 2}, {0, 0}}}}, at(2, 1), true},
		{"ring touching itself, between", orb.MultiPolygon{{{{0, 0}, {2, 1}, {4, 0}, {4, 2}, {2, 1}, {0, 2}, {0, 0}}}}, at(2, 1.5), false},
		{"unclosed and repeated corners", orb.MultiPolygon{{{{0, 0}, {0, 0}, {4, 0}, {4, 4}, {4, 4}, {0, 4}}}}, at(0, 2), true},
		{"one part twice", orb.MultiPolygon{{square(0, 0, 4)}, {square(0, 0, 4)}}, at(1, 1), true},
		{"hole without a shell", orb.MultiPolygon{{{}, square(0, 0, 4)}}, at(1, 1), false},
		{"hole of a single point", orb.MultiPolygon{{square(0, 0, 4), {{1, 1}}}}, at(1, 1), true},
		{"the whole world", orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}}}}, at(106, 11), true},
		{"half the world, diagonal", orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}}}}, at(100, 50), true},
		{"half the world, 1e-7 off", orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}}}}, at(100, 50.0000001), false},
		{"half the world, other side", orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}}}}, at(-179, 89), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := indexOf(t, Boundary{ID: 1, Code: "a", Shape: Shape{tt.area}})
			if got := x.Containing(tt.p); (len(got) == 1) != tt.want || len(got) > 1 {
				t.Errorf("Containing(%v) = %v, want inside: %v", tt.p, got, tt.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	x := village(t)
	tests := []struct {
		name   string
		p      Point
		limit  float64
		want   string
		meters float64
	}{
		{"inside is 0 metres", at(106.05, 11.05), 50, "a", 0},
		{"on a border the lower code", at(106.1, 11.05), 50, "a", 0},
		{"4 km west", at(105.96, 11.05), 5000, "a", 4365.5},
		{"too far west", at(105.96, 11.05), 4000, "", 0},
		{"just within the limit to the east", at(106.2004572, 11.15), 50, "c", 49.9},
		{"just beyond the limit to the east", at(106.2004591, 11.15), 50, "", 0},
		{"south of the border of a and b", at(106.1, 10.9999), 50, "a", 11.12},
		{"north east of a corner", at(106.2003, 11.2004), 60, "c", 55.31},
		{"far from all, with no limit", at(103, 20), math.Inf(1), "d", 9.84e5},
		{"exactly 0 allowed, inside", at(106.05, 11.05), 0, "a", 0},
		{"exactly 0 allowed, outside", at(106.05, 10.9999999), 0, "", 0},
		{"a negative limit", at(106.05, 11.05), -1, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			unit, meters, ok := x.Nearest(tt.p, tt.limit, nil)
			if unit.Code != tt.want || ok != (tt.want != "") {
				t.Fatalf("Nearest = %v, %v, %v, want %q", unit, meters, ok, tt.want)
			}
			if math.Abs(meters-tt.meters) > 0.01*tt.meters {
				t.Errorf("Nearest is %v m away, want %v", meters, tt.meters)
			}
		})
	}
}

// A border that two units draw in opposite directions, with a point beside its
// end: the distances must be equal to the last bit or the code can't decide.
func TestNearestOfEquallyNearUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) float64 { return rapid.Float64Range(0.001, 0.01).Draw(t, name) }
		end, start := orb.Point{106 + n("x"), 11 + n("y")}, orb.Point{106, 11}
		a := orb.Ring{start, end, {106, 11.1}, start}
		b := orb.Ring{end, start, {106.1, 11}, end}
		x, err := NewBoundaryIndex([]Boundary{
			{ID: 1, Code: "b", Shape: Shape{orb.MultiPolygon{{b}}}},
			{ID: 2, Code: "a", Shape: Shape{orb.MultiPolygon{{a}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		p := at(start[0]-n("west")/100, start[1]-n("south")/100)
		if unit, _, ok := x.Nearest(p, 1e6, nil); !ok || unit.Code != "a" {
			t.Fatalf("Nearest = %v, want a", unit)
		}
	})
}

func TestDistanceTo(t *testing.T) {
	x := village(t)
	tests := []struct {
		name string
		id   int64
		p    Point
		want float64
	}{
		{"inside", 1, at(106.05, 11.05), 0},
		{"on the border", 1, at(106.1, 11.05), 0},
		{"from the neighbour", 2, at(106.0999, 11.05), Distance(at(106.0999, 11.05), at(106.1, 11.05))},
		{"to a corner", 1, at(105.9997, 10.9997), Distance(at(105.9997, 10.9997), at(106, 11))},
		{"from the island to the ring around it", 4, at(107.26, 11.5), Distance(at(107.26, 11.5), at(107.25, 11.5))},
		{"to the nearer part", 6, at(106.001, 9.7), Distance(at(106.001, 9.7), at(106, 9.7))},
		{"unknown unit", 99, at(106, 11), math.Inf(1)},
		{"unit without a boundary", 7, at(106, 11), math.Inf(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := x.DistanceTo(tt.id, tt.p)
			if got != tt.want && !(math.Abs(got-tt.want) < 1e-3*tt.want) {
				t.Errorf("DistanceTo = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestPlaneIsTrueNearItsCentre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e7 := func(name string, low, high int32) int32 { return rapid.Int32Range(low, high).Draw(t, name) }
		p := Point{e7("lat", 4e7, 24e7), e7("lng", 100e7, 120e7)}
		q := Point{p.Lat + e7("dlat", -4500, 4500), p.Lng + e7("dlng", -4500, 4500)}
		got, want := planeAt(p).distance(q, q, math.Inf(1)), Distance(p, q)
		if math.Abs(got-want) > 0.001 {
			t.Fatalf("%v to %v: %v m, want %v", p, q, got, want)
		}
		far := Point{p.Lat + e7("far dlat", -4e6, 4e6), p.Lng + e7("far dlng", -2e6, 2e6)}
		got, want = planeAt(p).distance(far, far, math.Inf(1)), Distance(p, far)
		if math.Abs(got-want) > 0.001*want {
			t.Fatalf("%v to %v: %v m, want %v", p, far, got, want)
		}
	})
}

func TestNewBoundaryIndexRefuses(t *testing.T) {
	tests := []struct {
		name, want string
		boundaries []Boundary
	}{
		{"one ID twice", "id 1 comes twice", []Boundary{
			{ID: 1, Code: "a", Shape: Shape{triangle}}, {ID: 1, Code: "b", Shape: Shape{triangle}}}},
		{"metres", "unit a: corner", []Boundary{
			{ID: 1, Code: "a", Shape: Shape{orb.MultiPolygon{{{{600000, 1200000}}}}}}}},
		{"NaN", "unit a: corner", []Boundary{
			{ID: 1, Code: "a", Shape: Shape{orb.MultiPolygon{{{{math.NaN(), 11}}}}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewBoundaryIndex(tt.boundaries)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEmptyIndex(t *testing.T) {
	x := indexOf(t)
	if got := x.Containing(at(106, 11)); got != nil {
		t.Errorf("Containing = %v", got)
	}
	if unit, _, ok := x.Nearest(at(106, 11), math.Inf(1), nil); ok {
		t.Errorf("Nearest = %v", unit)
	}
}

// starRing draws a ring around a centre with corners on a coarse grid, so that
// points fall on edges and corners often. It may touch or cross itself.
func starRing(t *rapid.T, centre Point, reach int32) []Point {
	var points []Point
	for i := range rapid.IntRange(3, 12).Draw(t, "corners") {
		angle := 2 * math.Pi * float64(i) / 12
		r := float64(rapid.Int32Range(1, reach).Draw(t, "radius"))
		points = append(points, Point{
			centre.Lat + int32(r*math.Sin(angle)), centre.Lng + int32(r*math.Cos(angle))})
	}
	return closedPoints(points)
}

// locateSlowly asks every edge, in big steps that are plainly right on a small
// grid.
func locateSlowly(points []Point, p Point) side {
	at := outside
	for i := range points[1:] {
		a, b := points[i], points[i+1]
		cross := int64(b.Lng-a.Lng)*int64(p.Lat-a.Lat) - int64(b.Lat-a.Lat)*int64(p.Lng-a.Lng)
		if cross == 0 && boxOf(points[i:i+2]).contains(p) {
			return onBorder
		}
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && (cross > 0) == (b.Lat > a.Lat) {
			at = inside - at
		}
	}
	return at
}

func TestLocateAgreesWithAllEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := starRing(t, Point{11e7, 106e7}, 12)
		r := newRing(points)
		for lat := int32(11e7 - 13); lat <= 11e7+13; lat++ {
			for lng := int32(106e7 - 13); lng <= 106e7+13; lng++ {
				p := Point{lat, lng}
				if got, want := r.locate(p), locateSlowly(points, p); got != want {
					t.Fatalf("%v in %v: %v, want %v", p, points, got, want)
				}
			}
		}
	})
}

// Off the border, orb's planar package is an independent reference.
func TestLocateAgreesWithOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := starRing(t, Point{11e7, 106e7}, 1e6)
		r := newRing(points)
		line := multiPolygonOf([][][]Point{{points}})[0][0]
		for range 20 {
			p := Point{11e7 + rapid.Int32Range(-1e6, 1e6).Draw(t, "lat"), 106e7 + rapid.Int32Range(-1e6, 1e6).Draw(t, "lng")}
			if r.distance(planeAt(p), math.Inf(1)) < 0.1 {
				continue
			}
			if got, want := r.locate(p) == inside, planar.RingContains(line, p.Orb()); got != want {
				t.Fatalf("%v in %v: %v, orb says %v", p, points, got, want)
			}
		}
	})
}

// Two neighbours share a jagged border: every point between their far ends is in
// one, and exactly the points of the border are in both.
func TestNeighboursLeaveNoGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		border := []Point{{0, 0}}
		for lat := int32(1); lat <= 10; lat++ {
			border = append(border, Point{lat * 7, rapid.Int32Range(-20, 20).Draw(t, "lng")})
		}
		west := append([]Point{{70, -30}, {0, -30}}, border...)
		east := append([]Point{{70, 30}, {0, 30}}, border...)
		a, b := newRing(closedPoints(west)), newRing(closedPoints(east))
		line := newRing(append(border, border[0])) // its edges are the border and one more
		for range 50 {
			p := Point{rapid.Int32Range(0, 70).Draw(t, "p lat"), rapid.Int32Range(-30, 30).Draw(t, "p lng")}
			inA, inB := a.locate(p) != outside, b.locate(p) != outside
			if !inA && !inB {
				t.Fatalf("%v is in neither", p)
			}
			if inA && inB && line.locate(p) != onBorder {
				t.Fatalf("%v is in both but not on the border", p)
			}
		}
		for _, p := range border {
			if a.locate(p) != onBorder || b.locate(p) != onBorder {
				t.Fatalf("corner %v is not on both borders", p)
			}
		}
	})
}

func TestRingDistanceWithinALimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRing(starRing(t, Point{11e7, 106e7}, 1e5))
		p := Point{11e7 + rapid.Int32Range(-2e5, 2e5).Draw(t, "lat"), 106e7 + rapid.Int32Range(-2e5, 2e5).Draw(t, "lng")}
		limit := rapid.Float64Range(0, 3000).Draw(t, "limit")
		from := planeAt(p)
		want := math.Inf(1)
		for i := range r.points[1:] {
			want = min(want, from.distance(r.points[i], r.points[i+1], math.Inf(1)), from.distance(r.points[i+1], r.points[i], math.Inf(1)))
		}
		got := r.distance(from, limit)
		if want > limit && got <= limit || want <= limit && math.Abs(got-want) > 1e-6 {
			t.Fatalf("%v m within %v, want %v", got, limit, want)
		}
	})
}

func TestSlabs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOf(rapid.Custom(func(t *rapid.T) span {
			low := rapid.Int32Range(-90e7, 90e7).Draw(t, "low")
			return span{low, low + rapid.Int32Range(0, 90e7).Draw(t, "height")}
		})).Draw(t, "spans")
		b := newSlabs(spans)
		if len(b.items) > 4*len(spans) {
			t.Fatalf("%d places for %d items", len(b.items), len(spans))
		}
		low := rapid.Int64Range(-90e7, 90e7).Draw(t, "low")
		high := low + rapid.Int64Range(-10, 1e7).Draw(t, "height")
		listed := map[int32]bool{}
		for _, i := range b.between(low, high) {
			listed[i] = true
		}
		for i, s := range spans {
			if int64(s.low) <= high && int64(s.high) >= low && low <= high && !listed[int32(i)] {
				t.Fatalf("item %v is not listed between %d and %d", s, low, high)
			}
		}
	})
}

func TestSlabsStayNarrow(t *testing.T) {
	spans := make([]span, 4000)
	for i := range spans {
		spans[i] = span{int32(i), int32(i + 1)}
	}
	b := newSlabs(spans)
	if got := len(b.between(2000, 2000)); got > 10 {
		t.Errorf("%d of 4000 items at one latitude, want about 6", got)
	}
}

func TestSlabsOfTallItemsStaySmall(t *testing.T) {
	spans := make([]span, 4000)
	for i := range spans {
		spans[i] = span{int32(i), int32(i + 4000)}
	}
	if got := len(newSlabs(spans).items); got > 4*len(spans) {
		t.Errorf("%d places for %d items, want at most four each", got, len(spans))
	}
}

func TestClosedPoints(t *testing.T) {
	a, b, c := Point{1, 1}, Point{2, 1}, Point{2, 2}
	tests := []struct {
		name     string
		in, want []Point
	}{
		{"nothing", nil, []Point{}},
		{"one point", []Point{a}, []Point{a}},
		{"one point repeated", []Point{a, a, a}, []Point{a}},
		{"open", []Point{a, b, c}, []Point{a, b, c, a}},
		{"closed", []Point{a, b, c, a}, []Point{a, b, c, a}},
		{"repeated corners", []Point{a, a, b, c, c, a, a}, []Point{a, b, c, a}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, closedPoints(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package demo

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"diachiso/geo"
	"diachiso/models/facts"
)

func orbRing(ring []geo.Point) orb.Ring {
	r := make(orb.Ring, len(ring))
	for i, p := range ring {
		r[i] = p.Orb()
	}
	return r
}

func turn(a, b, c geo.Point) int64 {
	return int64(b.Lng-a.Lng)*int64(c.Lat-b.Lat) - int64(b.Lat-a.Lat)*int64(c.Lng-b.Lng)
}

func TestACommuneHasNoBoundary(t *testing.T) {
	var want []string
	for _, f := range facts.Files() {
		if f.Name != "binhduong_2025.csv" {
			continue
		}
		for line := range strings.Lines(f.Text) {
			if cells := strings.Split(line, ","); cells[0] == "commune" {
				want = append(want, cells[1])
			}
		}
	}
	var got []string
	for _, b := range Boundaries() {
		got = append(got, b.Code)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-facts +boundaries):\n%s", diff)
	}
}

func TestRingIsOpenOrTurnsBack(t *testing.T) {
	for _, b := range Boundaries() {
		n := len(b.Ring) - 1
		if n < 3 || b.Ring[0] != b.Ring[n] {
			t.Fatalf("%s: ring %v is not closed", b.Code, b.Ring)
		}
		for i := range n {
			if a, p, c := b.Ring[i], b.Ring[i+1], b.Ring[(i+1)%n+1]; turn(a, p, c) < 0 {
				t.Errorf("%s turns right at %v", b.Code, p)
			}
		}
		if orbRing(b.Ring).Orientation() != orb.CCW {
			t.Errorf("%s is not counter-clockwise", b.Code)
		}
	}
}

// rounding is the area in square metres that a kilometre of the rim may gain
// or lose on the grid; the rim is about 250 km.
const rounding = 1.0

func TestNeighboursLeaveAGap(t *testing.T) {
	type edge struct{ from, to geo.Point }
	edges, area := map[edge]string{}, 0.0
	for _, b := range Boundaries() {
		for i := range len(b.Ring) - 1 {
			e := edge{b.Ring[i], b.Ring[i+1]}
			if other, taken := edges[e]; taken {
				t.Errorf("%s and %s lie on the same side of %v", other, b.Code, e)
			}
			edges[e] = b.Code
		}
		area += b.land().area()
	}
	border := outline()
	for e, code := range edges {
		if _, met := edges[edge{e.to, e.from}]; met {
			continue
		}
		if !onRim(border, project(e.from)) || !onRim(border, project(e.to)) {
			t.Errorf("the side %v of %s meets no neighbour", e, code)
		}
	}
	if want := border.area(); math.Abs(area-want) > 250*rounding {
		t.Errorf("the communes have %.0f of %.0f square metres", area, want)
	}
}

// onRim tells whether v is within some centimetres of the border.
func onRim(border polygon, v vec) bool {
	f := border.fence()
	return f.holds(v, -0.05) && !f.holds(v, 0.05)
}

func TestOutlineBendsInwards(t *testing.T) {
	p := outline()
	for i, a := range p {
		b, c := p[(i+1)%len(p)], p[(i+2)%len(p)]
		if b.sub(a).cross(c.sub(b)) <= 0 {
			t.Errorf("the outline is not convex at %v", b.point())
		}
	}
}

func TestTownLiesInAnotherCommune(t *testing.T) {
	towns := towns()
	for i, b := range Boundaries() {
		for _, other := range towns {
			inside := planar.RingContains(orbRing(b.Ring), other.middle.Orb())
			if inside != (other.code == towns[i].code) {
				t.Errorf("the middle of %s in %s: %v", other.code, b.Code, inside)
			}
		}
	}
}

func TestGeoJSONIsRefused(t *testing.T) {
	got, warnings, err := geo.ReadBoundaries(bytes.NewReader(GeoJSON()))
	if err != nil || len(warnings) > 0 {
		t.Fatalf("warnings %v, error %v", warnings, err)
	}
	want := Boundaries()
	if len(got) != len(want) {
		t.Fatalf("%d boundaries, want %d", len(got), len(want))
	}
	for i, b := range want {
		if got[i].Code != b.Code || !slices.Equal(got[i].Shape.MultiPolygon[0][0], orbRing(b.Ring)) {
			t.Errorf("%s came back as %s %v", b.Code, got[i].Code, got[i].Shape)
		}
	}
}

package geo

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOverlapping(t *testing.T) {
	x := village(t)
	for _, c := range []struct {
		name                 string
		southWest, northEast Point
		want                 string
	}{
		{"within one", at(106.02, 11.02), at(106.03, 11.03), "a"},
		{"over a border", at(106.02, 11.02), at(106.15, 11.03), "a b"},
		{"a corner", at(106.1, 11.1), at(106.1, 11.1), "a b c"},
		{"in a hole, whose box is the shell's", at(107.3, 11.3), at(107.4, 11.4), "d e"},
		{"between two parts, whose boxes are their own", at(105.1, 9.6), at(105.4, 9.9), ""},
		{"around all", at(100, 4), at(120, 24), "a b c d e f"},
		{"nowhere", at(101, 5), at(102, 6), ""},
	} {
		if got := codes(x.Overlapping(c.southWest, c.northEast)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Whatever holds a point overlaps every box around it.
func TestOverlappingMissesAUnit(t *testing.T) {
	x, rng := village(t), rand.New(rand.NewPCG(1, 1))
	for range 2_000 {
		p := Point{Lat: 90_000_000 + rng.Int32N(30_000_000), Lng: 1_050_000_000 + rng.Int32N(30_000_000)}
		around := x.Overlapping(Point{p.Lat - rng.Int32N(1e6), p.Lng - rng.Int32N(1e6)}, Point{p.Lat + rng.Int32N(1e6), p.Lng + rng.Int32N(1e6)})
		for _, ref := range x.Containing(p) {
			if !slices.Contains(around, ref) {
				t.Fatalf("the box around %v misses %s", p, ref.Code)
			}
		}
	}
}

func TestLabelPoint(t *testing.T) {
	x := village(t)
	for id := int64(1); id <= 6; id++ {
		p, ok := x.LabelPoint(id)
		if !ok || !slices.ContainsFunc(x.Containing(p), func(ref BoundaryRef) bool { return ref.ID == id }) {
			t.Errorf("the label of %d stands at %v, outside (%t)", id, p, ok)
		}
	}
	if p, _ := x.LabelPoint(1); p != at(106.05, 11.05) {
		t.Errorf("the label of a square stands at %v", p)
	}
	if p, _ := x.LabelPoint(4); p != at(107.125, 11.5) && p != at(107.875, 11.5) {
		t.Errorf("the label of a ring stands at %v, not beside the hole", p)
	}
	if _, ok := x.LabelPoint(7); ok {
		t.Error("a unit without a boundary has a label")
	}
	if area := x.Area(4); len(area) != 1 || len(area[0]) != 2 || len(x.Area(6)) != 2 || x.Area(7) != nil {
		t.Errorf("areas: %v", area)
	}
}

package demo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"diachiso/geo"
)

func square100() polygon { return polygon{{0, 0}, {100, 0}, {100, 100}, {0, 100}} }

func TestPlaneBendsThePoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := geo.Point{
			Lat: rapid.Int32Range(10_8000000, 11_6000000).Draw(t, "lat"),
			Lng: rapid.Int32Range(106_3000000, 107_0000000).Draw(t, "lng"),
		}
		if back := project(p).point(); back != p {
			t.Fatalf("%v came back as %v", p, back)
		}
		q := geo.Point{Lat: p.Lat + 5000, Lng: p.Lng - 7000}
		real, plane := geo.Distance(p, q), project(p).distanceTo(project(q))
		if math.Abs(real-plane) > 0.005*real {
			t.Fatalf("%v to %v is %.2f m, on the plane %.2f m", p, q, real, plane)
		}
	})
}

func TestCellsLoseLandOrTakeANeighboursSide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.IntRange(1, 99)
		site := rapid.Custom(func(t *rapid.T) vec {
			return vec{float64(coordinate.Draw(t, "x")), float64(coordinate.Draw(t, "y"))}
		})
		sites := rapid.SliceOfNDistinct(site, 1, 12, func(v vec) vec { return v }).Draw(t, "sites")
		total := 0.0
		for i, cell := range cells(square100(), sites) {
			if cell.area() <= 0 || !cell.fence().holds(sites[i], 0) {
				t.Fatalf("cell %d is %v, without its site %v", i, cell, sites[i])
			}
			for _, corner := range cell {
				if d := corner.distanceTo(sites[i]); d > nearest(corner, sites)+1e-6 {
					t.Fatalf("corner %v of cell %d is nearer to another site", corner, i)
				}
			}
			total += cell.area()
		}
		if math.Abs(total-10_000) > 1e-6 {
			t.Fatalf("the cells have %f square metres together", total)
		}
	})
}

func TestFenceHoldsWhatIsOutside(t *testing.T) {
	fence := square100().fence()
	for _, c := range []struct {
		at     vec
		margin float64
		want   bool
	}{
		{vec{50, 50}, 0, true}, {vec{0, 0}, 0, true}, {vec{100, 50}, 0, true}, {vec{100.1, 50}, 0, false},
		{vec{50, -0.1}, 0, false}, {vec{10, 50}, 10, true}, {vec{9.9, 50}, 10, false}, {vec{50, 50}, 51, false},
	} {
		if got := fence.holds(c.at, c.margin); got != c.want {
			t.Errorf("holds(%v, %g) = %v", c.at, c.margin, got)
		}
	}
}

func TestFenceKeepsASideWithoutDirection(t *testing.T) {
	p := append(square100(), vec{0, 0.001})
	if f := p.fence(); len(f) != 4 {
		t.Errorf("a square with a doubled corner has %d sides", len(f))
	}
}

func TestPolygonMeasuresWrong(t *testing.T) {
	p := polygon{{10, 20}, {50, 20}, {10, 50}}
	if a := p.area(); a != 600 {
		t.Errorf("area %f, want 600", a)
	}
	if m := p.middle(); m.distanceTo(vec{70.0 / 3, 30}) > 1e-9 {
		t.Errorf("middle %v", m)
	}
	if low, high := p.box(); low != (vec{10, 20}) || high != (vec{50, 50}) {
		t.Errorf("box %v %v", low, high)
	}
	if r := p.reach(vec{10, 20}); r != 40 {
		t.Errorf("reach %f, want 40", r)
	}
}

func TestWedgesDoNotShareTheLand(t *testing.T) {
	for n := 1; n <= 6; n++ {
		wedges, total := square100().wedges(n), 0.0
		for _, w := range wedges {
			total += w.area()
		}
		if len(wedges) != n || math.Abs(total-10_000) > 1e-6 {
			t.Errorf("%d wedges of %d, %f square metres", len(wedges), n, total)
		}
	}
}

func TestScatterPlacesAtTheBorderOrTogether(t *testing.T) {
	p := polygon{{0, 0}, {4000, 0}, {4000, 3000}, {0, 3000}}
	places := p.scatter(12, rand.New(rand.NewPCG(1, 2)))
	for i, at := range places {
		if !p.fence().holds(at, edgeOfTown) {
			t.Errorf("%v is at the border", at)
		}
		if gap := nearest(at, places[:i]); gap < 4*square {
			t.Errorf("%v is %.0f m from another", at, gap)
		}
	}
}

package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// village is a hamlet on a square of land, width metres wide.
func village(width float64, rows int) (hamlet, *rand.Rand) {
	rng := rand.New(rand.NewPCG(7, 7))
	land := polygon{{0, 0}, {width, 0}, {width, width}, {0, width}}
	h := newHamlet(vec{width / 2, width / 2}, land, rng)
	h.size(rows)
	return h, rng
}

func take(h hamlet, n int) []lot {
	var lots []lot
	for l := range h.lots() {
		if lots = append(lots, l); len(lots) == n {
			break
		}
	}
	return lots
}

func TestLotsOverlapOrRepeatANumber(t *testing.T) {
	for _, c := range []struct {
		width float64
		rows  int
	}{{1000, 300}, {400, 1000}, {3000, 20}} {
		h, _ := village(c.width, c.rows)
		lots := take(h, c.rows)
		if len(lots) != c.rows {
			t.Errorf("%d of %d lots on %.0f m", len(lots), c.rows, c.width)
		}
		seen := map[string]bool{}
		var places []vec
		for _, l := range lots {
			key := fmt.Sprint(l.street, " ", l.number, "/", l.alley)
			if seen[key] || l.number < 1 {
				t.Errorf("number %s twice", key)
			}
			seen[key] = true
			at := h.place(l.x, l.y)
			if gap := nearest(at, places); gap < 4.9 {
				t.Errorf("%v is %.1f m from another lot", l, gap)
			}
			if !h.land.holds(at, inset) {
				t.Errorf("%v is off the land", l)
			}
			if math.Abs(l.x) < square && math.Abs(l.y) < square {
				t.Errorf("%v is on the square", l)
			}
			places = append(places, at)
		}
	}
}

func TestOddNumbersCrossTheStreet(t *testing.T) {
	h, _ := village(1000, 500)
	sides := map[string]bool{}
	for _, l := range take(h, 500) {
		if l.alley > 0 {
			continue
		}
		across := l.x > 0
		if l.street >= firstSide {
			across = math.Mod(math.Mod(l.y, block)+block, block) > block/2
		}
		key := fmt.Sprint(l.street, l.number%2)
		if before, known := sides[key]; known && before != across {
			t.Fatalf("%v is on the other side of its street", l)
		}
		sides[key] = across
	}
}

func TestNumbersFallAlongTheStreet(t *testing.T) {
	h, _ := village(2000, 3000)
	far := map[string]float64{}
	last := map[string]int{}
	for _, l := range take(h, 3000) {
		if l.alley > 0 {
			continue
		}
		along := math.Abs(l.y)
		if l.street >= firstSide {
			along = math.Abs(l.x)
		}
		key := fmt.Sprint(l.street, l.number%2)
		if along < far[key] || l.number < last[key] {
			t.Fatalf("%v comes after number %d at %.0f m", l, last[key], far[key])
		}
		far[key], last[key] = along, l.number
	}
}

func TestMainRoadRunsOutOfNumbers(t *testing.T) {
	h, _ := village(8000, 100)
	for l := range h.lots() {
		if l.street == northAxis && l.number >= axisNumbers {
			t.Fatalf("number %d on the axis", l.number)
		}
	}
}

func TestFieldsLieInTheSettlementOrTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Float64Range(300, 3000).Draw(t, "width")
		rows := rapid.IntRange(1, 1500).Draw(t, "rows")
		h, rng := village(width, rows)
		fields := h.fields(rapid.IntRange(0, 60).Draw(t, "fields"), rng)
		for i, f := range fields {
			if gap := nearest(f, fields[:i]); gap <= 30 {
				t.Fatalf("two fields are %.1f m apart", gap)
			}
			if !h.land.holds(f, 15) {
				t.Fatalf("field %v is at the border", f)
			}
		}
		for _, l := range take(h, rows) {
			if gap := nearest(h.place(l.x, l.y), fields); gap < 3 {
				t.Fatalf("lot %v is %.1f m from a field", l, gap)
			}
		}
	})
}

func TestFieldsRunOut(t *testing.T) {
	h, rng := village(500, 1)
	all := h.fields(1_000_000, rng)
	if len(all) == 0 || len(all) > 70 {
		t.Errorf("%d fields of 3600 square metres on 250,000", len(all))
	}
	if none := h.fields(0, rng); len(none) != 0 {
		t.Errorf("%d fields where none were asked for", len(none))
	}
}

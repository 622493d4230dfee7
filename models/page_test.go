package models_test

import (
	"slices"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// While others write, a page must not be of another moment than its count.
func TestPageAndCountDisagree(t *testing.T) {
	t.Parallel()
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		written := make(chan struct{})
		go func() {
			defer close(written)
			for n := range 60 {
				if _, err := s.Register(t.Context(), storetest.House(n+1), storetest.Clerk); err != nil {
					t.Error(err)
				}
			}
		}()
		for writing := true; writing; {
			select {
			case <-written:
				writing = false
			default:
			}
			page, err := s.Page(t.Context(), models.ListFilter{Limit: 1000})
			if err != nil || page.Matched != int64(len(page.Addresses)) || page.More {
				t.Fatalf("%d match, %d are there, more %t, %v", page.Matched, len(page.Addresses), page.More, err)
			}
		}
	})
}

// The count is of all pages, wherever one begins.
func TestCountFollowsTheCursor(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		for n := range 5 {
			storetest.Register(t, s, storetest.House(n+1))
		}
		filter := models.ListFilter{Limit: 2, Kind: "household"}
		var sizes []int
		for more := true; more; {
			page, err := s.Page(t.Context(), filter)
			if err != nil || page.Matched != 5 {
				t.Fatalf("%d match, %v", page.Matched, err)
			}
			sizes = append(sizes, len(page.Addresses))
			filter.After, more = &page.Addresses[len(page.Addresses)-1].Code, page.More
		}
		if !slices.Equal(sizes, []int{2, 2, 1}) {
			t.Errorf("the pages have %v addresses", sizes)
		}
	})
}

// The extent holds all addresses after every registration, without going
// through all of them again, and in a new epoch it is read anew.
func TestExtentMissesAnAddress(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
		if e, err := s.Extent(t.Context()); err != nil || !e.Box.Empty() || e.Since != "" {
			t.Errorf("of nothing %+v, %v", e, err)
		}
		var points []geo.Point
		for _, r := range []models.Registration{storetest.House(1), storetest.Farm("Vườn"), storetest.House(40)} {
			points = append(points, storetest.Register(t, s, r).Point)
			want := models.Extent{Since: "2026-01-15", Box: boxAround(points)}
			if e, err := s.Extent(t.Context()); err != nil || e != want {
				t.Errorf("%+v, %v, want %+v", e, err, want)
			}
			// Behind the change log's back: only who goes through all would see it.
			db.Exec(t, "UPDATE addresses SET valid_from = '2020-01-01'")
		}
		if _, err := s.NewEpoch(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := models.Extent{Since: "2020-01-01", Box: boxAround(points)}
		if e, err := s.Extent(t.Context()); err != nil || e != want {
			t.Errorf("in a new epoch %+v, %v, want %+v", e, err, want)
		}
	})
}

func boxAround(points []geo.Point) models.Box {
	b := models.Box{West: 1800000000, South: 900000000, East: -1800000000, North: -900000000}
	for _, p := range points {
		b.West, b.East = min(b.West, int64(p.Lng)), max(b.East, int64(p.Lng))
		b.South, b.North = min(b.South, int64(p.Lat)), max(b.North, int64(p.Lat))
	}
	return b
}

// A box meets a unit where the two have a point in common, be it that one lies
// in the other.
func TestBoxMissesAUnit(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		units := unitsOf(t, s)
		filter := models.UnitFilter{Level: models.LevelCommune, Day: "2026-01-15"}
		all := units.List(filter)
		for _, unit := range all {
			area := units.Area(unit)[0][0]
			b := boxAround(area)
			p := geo.Point{Lat: int32((b.South + b.North) / 2), Lng: int32((b.West + b.East) / 2)}
			for what, box := range map[string]models.Box{"around": boxAround(area), "on a corner": boxAround(area[:1])} {
				filter.Boxes = []models.Box{{}, box}
				if !slices.Contains(units.List(filter), unit) {
					t.Errorf("%s is not %s %+v", unit.Code, what, box)
				}
			}
			filter.Boxes = []models.Box{boxAround([]geo.Point{p})}
			inside, at := units.List(filter), units.CommuneAt(p, "2026-01-15")
			if at != nil && (len(inside) == 0 || !slices.Contains(inside, at)) || len(inside) > 2 {
				t.Errorf("in the middle of %s are %d units, not %v", unit.Code, len(inside), at)
			}
		}
		filter.Boxes = []models.Box{{West: 1800000000, South: 0, East: 1800000000, North: 10}}
		if far := units.List(filter); len(far) > 0 || len(all) != 36 {
			t.Errorf("%d of %d units lie on the date line", len(far), len(all))
		}
	})
}

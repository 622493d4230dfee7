package models_test

import (
	"context"
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// asJSON are the public forms of addresses, as text.
func asJSON(units *models.Units, list []*models.Address, today models.Date) []string {
	texts := []string{}
	for _, a := range list {
		p := units.Public(a, today)
		texts = append(texts, string(p.AppendJSON(nil)))
	}
	return texts
}

// snapshotOf reads a whole snapshot.
func snapshotOf(ctx context.Context, s *models.Store, f models.ListFilter) (all []*models.Address, err error) {
	err = s.Snapshot(ctx, f, func(models.FeedPosition) error { return nil }, func(list []*models.Address) error {
		all = append(all, list...)
		return nil
	})
	return all, err
}

// A snapshot is read otherwise than a list; both must show the same, whatever
// the filter, with identifiers, reasons and successions.
func TestSnapshotDiffersFromTheList(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		importText(t, s, demoCSV(t, 2_500), clerkImport())
		db.Exec(t, "INSERT INTO identifiers (address_id, scheme, source, value) SELECT id, 'dia_chi_so', 'x', '7500000000' FROM addresses WHERE id % 3 = 0")
		db.Exec(t, "INSERT INTO identifiers (address_id, scheme, source, value, valid_from) SELECT id, 'dinh_danh', 'x', '123456789012', '2022-09-14' FROM addresses WHERE id % 5 = 0")
		for n := range 9 {
			p := storetest.Metres(storetest.ThuDauMot, 400, 12*float64(n))
			last := amend(t, s, storetest.Register(t, s, storetest.House(n)), models.Amendment{Point: &p})
			if n%2 == 0 {
				retire(t, s, last, "gone")
			}
		}
		all, units := everything(t, s), unitsOf(t, s)
		rapid.Check(t, func(r *rapid.T) {
			f := drawFilter(r, units, all)
			if rapid.IntRange(0, 3).Draw(r, "since") == 0 {
				f.UpdatedSince = all[rapid.IntRange(0, len(all)-1).Draw(r, "whose")].UpdatedAt
			}
			got, err := snapshotOf(t.Context(), s, f)
			if err != nil {
				r.Fatal(err)
			}
			f.Limit = 100_000
			want, _, err := s.List(t.Context(), f)
			if err != nil {
				r.Fatal(err)
			}
			if diff := gocmp.Diff(asJSON(units, want, s.Today()), asJSON(units, got, s.Today())); diff != "" {
				r.Fatalf("%+v (-list +snapshot):\n%s", f, diff)
			}
		})
	})
}

// However a snapshot ends, it gives its connection back before it returns.
func TestSnapshotKeepsItsConnection(t *testing.T) {
	o := storetest.Options{Boundaries: true, Connections: 1}
	o.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, demoCSV(t, 4_000), clerkImport())
		refused := errors.New("no more")
		nothing := func(models.FeedPosition) error { return nil }
		ctx, hangUp := context.WithCancel(t.Context())
		defer hangUp()
		for name, c := range map[string]struct {
			ctx   context.Context
			begin func(models.FeedPosition) error
			each  func([]*models.Address) error
			want  error
		}{
			"refused at once":      {t.Context(), func(models.FeedPosition) error { return refused }, nil, refused},
			"refused in between":   {t.Context(), nothing, func([]*models.Address) error { return refused }, refused},
			"given up in between":  {ctx, nothing, func([]*models.Address) error { hangUp(); return nil }, context.Canceled},
			"read to its last row": {t.Context(), nothing, func([]*models.Address) error { return nil }, nil},
		} {
			if err := s.Snapshot(c.ctx, models.ListFilter{}, c.begin, c.each); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
			soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if err := s.Ready(soon); err != nil {
				t.Errorf("after one %s: %v", name, err)
			}
			cancel()
		}
	})
}

// What is read ahead of a reader who is slow is a part, not the registry.
func TestSnapshotReadsFarAhead(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, demoCSV(t, 6_000), clerkImport())
		asked := s.CountQuestions(t)
		stop := errors.New("stop")
		err := s.Snapshot(t.Context(), models.ListFilter{}, func(models.FeedPosition) error { return nil }, func([]*models.Address) error {
			time.Sleep(300 * time.Millisecond)
			return stop
		})
		// A part takes two or three questions; six would be fifteen.
		if n := asked.Load(); err != stop || n > 9 {
			t.Errorf("%d questions for one part, %v", n, err)
		}
	})
}

func TestSnapshotOfUnitsIsNotOfItsDay(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		units := unitsOf(t, s)
		for _, f := range []models.UnitFilter{{Day: "2026-01-15"}, {Day: "2022-10-01", Level: models.LevelDistrict}, {Day: "1990-01-01"}} {
			var got []*models.AdminUnit
			err := s.SnapshotUnits(t.Context(), f, func(p models.FeedPosition) error { return nil }, func(u *models.AdminUnit, boundary func() (geo.Shape, error)) error {
				got = append(got, u)
				shape, err := boundary()
				if want, _ := s.Boundary(t.Context(), u); err == nil && !want.Equal(shape.MultiPolygon) {
					t.Errorf("%s has another boundary", u.Code)
				}
				if has := len(shape.MultiPolygon) > 0; has != u.HasBoundary {
					t.Errorf("%s has a boundary: %v", u.Code, has)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(units.List(f), got); diff != "" {
				t.Errorf("%+v (-list +snapshot):\n%s", f, diff)
			}
		}
		refused := errors.New("no more")
		err := s.SnapshotUnits(t.Context(), models.UnitFilter{Day: "2026-01-15"}, func(models.FeedPosition) error { return nil },
			func(*models.AdminUnit, func() (geo.Shape, error)) error { return refused })
		if err != refused {
			t.Errorf("%v, want the caller's own error", err)
		}
	})
}

package models_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// Whoever registers or restores a unit while its door goes away finds the door
// gone, or the unit goes with it.
func TestUnitIsLeftBehindByItsDoor(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		for round := range 12 {
			house := storetest.House(1)
			house.Parts.Street = fmt.Sprintf("Đường Số %d", round)
			house.Point = storetest.Metres(house.Point, 60*float64(round), 0)
			door := storetest.Register(t, s, house)
			gone := retire(t, s, storetest.Register(t, s, behind(house, "Z", door.Code)), "gone")
			works := []func() error{func() error { return leave(t, s, door, round%2 == 0) }}
			restores := round%3 == 2 // a unit that is in use again lets others in
			for _, label := range []string{"A", "B", "C", "D"} {
				works = append(works, func() (err error) {
					if restores {
						_, err = s.Restore(t.Context(), edit(gone), models.Restoration{ConfirmDistinct: true})
					} else {
						_, err = s.Register(t.Context(), behind(house, label, door.Code), models.Actor{Name: "test", Verification: "declared"})
					}
					return err
				})
			}
			var wait sync.WaitGroup
			for _, work := range works {
				wait.Go(func() {
					if err := work(); err != nil && !slices.Contains([]string{"unknown-parent", "stale", "not-retired"}, codeOf(err)) {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			wait.Wait()
			if n := db.Count(t, "SELECT count(*) FROM addresses WHERE id BETWEEN ? AND ? AND status = 'current'",
				door.Code.ID(), door.Code.ID()+8191); n > 0 && !restores {
				t.Fatalf("round %d: %d units are in use behind a door that is gone", round, n)
			}
		}
		sound(t, s)
	})
}

// leave takes a door away with its units.
func leave(t *testing.T, s *models.Store, door *models.Address, moves bool) error {
	var err error
	if moves {
		far := storetest.Metres(door.Point, 0, 400)
		_, err = s.Amend(t.Context(), edit(door), models.Amendment{Point: &far})
	} else {
		_, err = s.Retire(t.Context(), edit(door), models.Retirement{Reason: "gone", WithUnits: true})
	}
	return err
}

func TestUnitLeftBehindIsNotTold(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		door := storetest.Register(t, s, storetest.House(1))
		unit := storetest.Register(t, s, behind(storetest.House(1), "A", door.Code))
		for _, step := range []struct {
			name, sql string
			want      int
		}{
			{"retired without it", `UPDATE addresses SET status = 'retired', valid_to = valid_from, version = 2 WHERE id = ?`, 0},
			{"and said so", `INSERT INTO changes (at, op, address_id, version, actor, reason) SELECT at, 'move', address_id, 2, '', 'moved' FROM changes WHERE address_id = ?`, 1},
		} {
			db.Exec(t, step.sql, door.Code.ID())
			found, err := s.Check(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			told := slices.DeleteFunc(found, func(f models.Violation) bool { return f.Rule != "left-behind" || f.Subject != unit.Code.String() })
			if len(told) != step.want {
				t.Errorf("%s: %v", step.name, found)
			}
		}
	})
}

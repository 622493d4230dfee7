package models_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// mapped is a store with the demo's boundaries.
var mapped = storetest.Options{Boundaries: true}

// houseAt is house number n at a point, though others stand there.
func houseAt(p geo.Point, n int) models.Registration {
	r := storetest.House(n)
	r.Point, r.ConfirmDistinct = p, true
	return r
}

func unit(t *testing.T, door geo.Code, serial int) geo.Code {
	t.Helper()
	c, err := door.WithUnit(serial)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func doorAt(t *testing.T, p geo.Point) geo.Code {
	t.Helper()
	c, err := geo.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSecondObjectInACellTakesAWrongCandidate(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		for name, accuracy := range map[string]float64{"unknown accuracy counts as 10 m": 0, "3 m": 3, "10 m": 10} {
			p := storetest.Metres(storetest.ThuDauMot, 0.3+20*accuracy, -0.4)
			home := doorAt(t, p)
			around := append([]geo.Code{home}, geo.Neighbours(p)...)
			for i := range 3 {
				around = append(around, unit(t, home, i+1))
			}
			for i, want := range around {
				r := houseAt(p, i+1)
				r.AccuracyM = accuracy
				if got := storetest.Register(t, s, r).Code; got != want {
					t.Errorf("%s: object %d has %s, want %s", name, i+1, got, want)
				}
			}
		}
		p := storetest.Metres(storetest.ThuDauMot, -100, 0)
		for i := range 4 { // a fine position stays in its cell
			r := houseAt(p, i+1)
			r.AccuracyM = 2.99
			if got, want := storetest.Register(t, s, r).Code, unit(t, doorAt(t, p), i); got != want {
				t.Errorf("2.99 m: object %d has %s, want %s", i+1, got, want)
			}
		}
	})
}

func TestNeighboursAreTakenByAnotherOrderThanMetres(t *testing.T) {
	p := storetest.Metres(storetest.ThuDauMot, 0.9, 1.1)
	last := 0.0
	for _, n := range geo.Neighbours(p) {
		if d := geo.Distance(p, n.Centre()); d < last {
			t.Errorf("%s is %.2f m away, the one before %.2f m", n, d, last)
		} else {
			last = d
		}
	}
}

func TestUnitLabelTakesTheDoor(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		first := storetest.Register(t, s, storetest.Flat("A.01"))
		second := storetest.Register(t, s, storetest.Flat("A.02"))
		door := first.Code.Door()
		if first.Code != unit(t, door, 1) || second.Code != unit(t, door, 2) {
			t.Errorf("the flats have %s and %s", first.Code, second.Code)
		}
		r, err := s.Resolve(t.Context(), models.Query{Input: door.String()})
		if err != nil {
			t.Fatal(err)
		}
		if got := codesOf(r.Matches); !cmp.Equal(got, []geo.Code{first.Code, second.Code}) {
			t.Errorf("the door without a row resolves to %v", got)
		}
		other := storetest.House(3)
		other.Point = storetest.Flat("").Point
		if got := storetest.Register(t, s, other).Code; got != door {
			t.Errorf("a house before the flats has %s, want the door %s", got, door)
		}
	})
}

func codesOf(matches []models.Match) []geo.Code {
	codes := []geo.Code{}
	for _, m := range matches {
		codes = append(codes, m.Address.Code)
	}
	return codes
}

func TestSameDoorIsGivenAnotherCell(t *testing.T) {
	p := storetest.ThuDauMot
	home := doorAt(t, p)
	shop := houseAt(p, 1)
	shop.Kind, shop.Name = "shop", "Tạp hóa Cô Ba"
	shop.Parts.Street = "ĐƯỜNG  HOA MAI"
	clinic := houseAt(p, 1)
	clinic.Kind, clinic.Name, clinic.Parts.Street = "business", "Phòng khám Bình An", "duong hoa mai"
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		for i, r := range []models.Registration{houseAt(p, 1), shop, clinic} {
			if got, want := storetest.Register(t, s, r).Code, unit(t, home, i); got != want {
				t.Errorf("object %d of the door has %s, want %s", i+1, got, want)
			}
		}
		// Nothing written is no equal door.
		for i, name := range []string{"Rẫy Ông Tư", "Rẫy Ông Sáu"} {
			r := storetest.Farm(name)
			r.Parts = models.Parts{}
			if got, want := storetest.Register(t, s, r).Code, append([]geo.Code{doorAt(t, r.Point)}, geo.Neighbours(r.Point)...)[i]; got != want {
				t.Errorf("%s has %s, want %s", name, got, want)
			}
		}
	})
}

func TestParentIsNotFollowed(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		door := storetest.Register(t, s, storetest.House(1)).Code
		behind := houseAt(storetest.Metres(storetest.House(1).Point, 10, 5), 2)
		behind.Parent = &door
		if got := storetest.Register(t, s, behind).Code; got != unit(t, door, 1) {
			t.Errorf("behind the door: %s", got)
		}
		first := unit(t, door, 1)
		behind.Parent = &first
		if got := storetest.Register(t, s, behind).Code; got != unit(t, door, 2) {
			t.Errorf("behind a unit of the door: %s", got)
		}
		behind.Point = storetest.Metres(storetest.House(1).Point, 45, 0)
		_, err := s.Register(t.Context(), behind, storetest.Clerk)
		wantCode(t, err, "too-far-from-parent")
		orphan := houseAt(storetest.TanUyen, 4)
		elsewhere := doorAt(t, storetest.TanUyen)
		orphan.Parent = &elsewhere
		_, err = s.Register(t.Context(), orphan, storetest.Clerk)
		wantCode(t, err, "unknown-parent")
		if kindOf(err) != models.NotFound {
			t.Errorf("kind %d", kindOf(err))
		}
	})
}

// copyRow copies an address to other codes past the store: the SELECT answers
// the ids.
func copyRow(t *testing.T, db storetest.Database, from geo.Code, ids string) {
	t.Helper()
	columns := `kind, status, verification, verified_by, verified_at, name, name_public, unit_label, building, house_number,
		alley, street, group_name, hamlet, commune_id, former_commune_id, lng, lat, accuracy_m, position_kind, position_method,
		door_key, unit_key, name_key, valid_from, valid_to, version, created_at, updated_at`
	db.Exec(t, `INSERT INTO addresses (id, code, `+columns+`) SELECT n.id, 'copy', `+columns+`
		FROM (`+ids+`) n CROSS JOIN addresses a WHERE a.id = ?`, from.ID())
}

// unitsBehind asks for the ids of units first to last behind a door.
func unitsBehind(door geo.Code, first, last int) string {
	return fmt.Sprintf(`WITH RECURSIVE serial(n) AS (SELECT %d UNION ALL SELECT n + 1 FROM serial WHERE n < %d)
		SELECT %d + n AS id FROM serial`, first, last, door.ID())
}

func TestDoorIsFull(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		first := storetest.Register(t, s, storetest.Flat("A.01"))
		door := first.Code.Door()
		copyRow(t, db, first.Code, unitsBehind(door, 3, geo.MaxUnit-1))
		if got := storetest.Register(t, s, storetest.Flat("A.02")).Code; got != unit(t, door, geo.MaxUnit) {
			t.Errorf("after the highest comes %s", got)
		}
		if got := storetest.Register(t, s, storetest.Flat("A.03")).Code; got != unit(t, door, 2) {
			t.Errorf("the gap is not used: %s", got)
		}
		_, err := s.Register(t.Context(), storetest.Flat("A.04"), storetest.Clerk)
		wantCode(t, err, "door-full")
		if kindOf(err) != models.Conflict {
			t.Errorf("kind %d", kindOf(err))
		}
		if n := db.Count(t, "SELECT count(*) FROM changes WHERE address_id NOT BETWEEN ? AND ?", door.ID(), door.ID()+8191); n != 0 {
			t.Errorf("%d changes of other doors", n)
		}
		if n := db.Count(t, "SELECT count(*) FROM addresses"); n != geo.MaxUnit {
			t.Errorf("%d rows", n)
		}
	})
}

func TestRetiredCodeIsIssuedAgain(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		gone := storetest.Register(t, s, storetest.House(1)).Code
		flat := storetest.Register(t, s, storetest.Flat("A.01")).Code
		db.Exec(t, "UPDATE addresses SET status = 'retired'")
		next := houseAt(storetest.House(1).Point, 1)
		next.AccuracyM = 1
		if got := storetest.Register(t, s, next).Code; got != unit(t, gone, 1) {
			t.Errorf("after %s was retired its cell gives %s", gone, got)
		}
		if got := storetest.Register(t, s, storetest.Flat("A.01")).Code; got != unit(t, flat.Door(), 2) {
			t.Errorf("after %s was retired its door gives %s", flat, got)
		}
	})
}

// crowd registers 64 objects at once, spread over the given stores, and
// answers their codes.
func crowd(t *testing.T, stores []*models.Store, make func(i int) models.Registration) map[geo.Code]bool {
	t.Helper()
	var wait sync.WaitGroup
	var lock sync.Mutex
	codes := map[geo.Code]bool{}
	for i := range 64 {
		wait.Go(func() {
			a, err := stores[i%len(stores)].Register(t.Context(), make(i), storetest.Clerk)
			if err != nil {
				t.Errorf("object %d: %v", i, err)
				return
			}
			lock.Lock()
			defer lock.Unlock()
			if codes[a.Code] {
				t.Errorf("%s was given twice", a.Code)
			}
			codes[a.Code] = true
		})
	}
	wait.Wait()
	if len(codes) != 64 {
		t.Errorf("%d codes for 64 objects", len(codes))
	}
	return codes
}

func TestConcurrentRegistrationsLoseACode(t *testing.T) {
	p := storetest.ThuDauMot
	home := doorAt(t, p)
	wantHouses, wantFlats := map[geo.Code]bool{home: true}, map[geo.Code]bool{}
	for _, n := range geo.Neighbours(p) {
		wantHouses[n] = true
	}
	for i := range 64 - 9 {
		wantHouses[unit(t, home, i+1)] = true
	}
	tower := doorAt(t, storetest.Flat("").Point)
	for i := range 64 {
		wantFlats[unit(t, tower, i+1)] = true
	}
	for _, stores := range []int{1, 4} {
		t.Run(fmt.Sprintf("%d stores on one database", stores), func(t *testing.T) {
			storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
				open := []*models.Store{db.Open(t, mapped)}
				for len(open) < stores {
					open = append(open, db.Open(t, storetest.Options{}))
				}
				houses := crowd(t, open, func(i int) models.Registration { return houseAt(p, i+1) })
				if diff := cmp.Diff(wantHouses, houses); diff != "" {
					t.Errorf("codes of one cell (-want +got):\n%s", diff)
				}
				flats := crowd(t, open, func(i int) models.Registration { return storetest.Flat(fmt.Sprintf("A.%02d", i)) })
				if diff := cmp.Diff(wantFlats, flats); diff != "" {
					t.Errorf("codes of the tower (-want +got):\n%s", diff)
				}
				if n := db.Count(t, "SELECT count(*) FROM addresses"); n != 128 {
					t.Errorf("%d rows, want 128", n)
				}
				if n := db.Count(t, "SELECT count(*) FROM changes WHERE op = 'insert'"); n != 128 {
					t.Errorf("%d changes, want 128", n)
				}
			})
		})
	}
}

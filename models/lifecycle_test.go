package models_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// admin may write everywhere.
var admin = models.Caller{Role: models.RoleAdmin, Name: "test admin"}

// edit is of an address in the version that is in hand.
func edit(a *models.Address) models.Edit {
	return models.Edit{Code: a.Code, Versions: []int64{a.Version}, Caller: admin}
}

// lookup reads an address.
func lookup(t *testing.T, s *models.Store, code geo.Code) *models.Address {
	t.Helper()
	a, err := s.Address(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func retire(t *testing.T, s *models.Store, a *models.Address, reason string, successors ...geo.Code) *models.Address {
	t.Helper()
	gone, err := s.Retire(t.Context(), edit(lookup(t, s, a.Code)), models.Retirement{Reason: reason, Successors: successors})
	if err != nil {
		t.Fatalf("retire %s: %v", a.Code, err)
	}
	return gone
}

func restore(t *testing.T, s *models.Store, a *models.Address) *models.Address {
	t.Helper()
	back, err := s.Restore(t.Context(), edit(lookup(t, s, a.Code)), models.Restoration{})
	if err != nil {
		t.Fatalf("restore %s: %v", a.Code, err)
	}
	return back
}

func amend(t *testing.T, s *models.Store, a *models.Address, m models.Amendment) *models.Address {
	t.Helper()
	new, err := s.Amend(t.Context(), edit(a), m)
	if err != nil {
		t.Fatalf("amend %s: %v", a.Code, err)
	}
	return new
}

// sound fails the test where the registry breaks an invariant.
func sound(t *testing.T, s *models.Store) {
	t.Helper()
	if found, err := s.Check(t.Context(), nil); err != nil || len(found) > 0 {
		t.Errorf("the registry is broken: %v %v", found, err)
	}
}

// behind is a registration as a unit of a door.
func behind(r models.Registration, label string, door geo.Code) models.Registration {
	r.Parts.UnitLabel, r.Parent = label, &door
	return r
}

func to[T any](v T) *T { return &v }

func TestAmendmentIsLost(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		house := storetest.Register(t, s, storetest.House(1))
		shop := amend(t, s, house, models.Amendment{Kind: to("shop"), Name: to(" Quán Lá "), NamePublic: to(true), Street: to("Đường Hoa Lan"),
			Hamlet: to(""), AccuracyM: to(0.0), PositionKind: to("stall"), ValidFrom: to(models.Date("2020-02-01"))})
		want := *house
		want.Kind, want.Name, want.NamePublic, want.AccuracyM, want.PositionKind = "shop", "Quán Lá", true, 0, "stall"
		want.Parts = models.Parts{HouseNumber: "1", Street: "Đường Hoa Lan"}
		want.Version, want.UpdatedAt, want.ValidFrom = 2, shop.UpdatedAt, "2020-02-01"
		if diff := cmp.Diff(&want, shop, cmp.AllowUnexported(models.Address{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if same := amend(t, s, shop, models.Amendment{Kind: to("shop"), Street: to("Đường Hoa Lan")}); same.Version != 2 {
			t.Errorf("what changes nothing made version %d", same.Version)
		}
		moved := storetest.Metres(house.Point, 20, 0)
		near := amend(t, s, shop, models.Amendment{Point: &moved})
		if near.Code != house.Code || near.Version != 3 || near.Point != moved || near.PositionMethod != "" {
			t.Errorf("20 m away: %+v", near)
		}
		if n := db.Count(t, "SELECT count(*) FROM changes WHERE op = 'update'"); n != 2 {
			t.Errorf("%d updates in the change log, want 2", n)
		}
		nobody := amend(t, s, near, models.Amendment{Kind: to("household")})
		if nobody.Name != "" || nobody.NamePublic || db.Count(t, "SELECT count(*) FROM terms WHERE part = 'name'") != 0 {
			t.Errorf("a household keeps the name %+v", nobody)
		}
		sound(t, s)
	})
}

func TestAmendmentIsNotRefused(t *testing.T) {
	storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}.Each(t, func(t *testing.T, s *models.Store) {
		house := storetest.Register(t, s, storetest.House(1))
		storetest.Register(t, s, storetest.House(2))
		gone := retire(t, s, storetest.Register(t, s, storetest.House(3)), "gone")
		sea := storetest.Point("10.0", "107.5")
		officer := models.Caller{Role: models.RoleOfficer, Name: "o", Communes: models.Scope{house.CommuneID}}
		own := models.Caller{Role: models.RoleOwner, Name: "owner", Owns: &house.Code}
		for _, c := range []struct {
			name string
			e    models.Edit
			m    models.Amendment
			code string
		}{
			{"nobody's code", models.Edit{Code: gone.Code + 1, Caller: admin}, models.Amendment{}, "code-not-found"},
			{"an older version", models.Edit{Code: house.Code, Versions: []int64{2}, Caller: admin}, models.Amendment{}, "stale"},
			{"no version that fits", models.Edit{Code: house.Code, Versions: []int64{}, Caller: admin}, models.Amendment{}, "stale"},
			{"a retired address", edit(gone), models.Amendment{Street: to("x")}, "retired"},
			{"an unknown kind", edit(house), models.Amendment{Kind: to("castle")}, "unknown-value"},
			{"no kind", edit(house), models.Amendment{Kind: to("")}, "required"},
			{"a household's name", edit(house), models.Amendment{Name: to("Nhà ông Sáu")}, "household-name"},
			{"a day long ago", edit(house), models.Amendment{ValidFrom: to(models.Date("1800-01-01"))}, "out-of-range"},
			{"a point at sea", edit(house), models.Amendment{Point: &sea}, "no-commune"},
			{"another's door", edit(house), models.Amendment{HouseNumber: to("2")}, "duplicate"},
			{"an officer from here to another commune", models.Edit{Code: house.Code, Caller: officer}, models.Amendment{Point: &storetest.TanUyen}, "outside-communes"},
			{"an officer of another commune", models.Edit{Code: house.Code, Caller: models.Caller{Role: models.RoleOfficer, Communes: models.Scope{1}}}, models.Amendment{}, "outside-communes"},
			{"an owner elsewhere", models.Edit{Code: gone.Code, Caller: own}, models.Amendment{Street: to("x")}, "not-the-owner"},
			{"an owner's new point", models.Edit{Code: house.Code, Caller: own}, models.Amendment{Point: to(storetest.Metres(house.Point, 1, 0))}, "owner-text-only"},
			{"an owner's other kind", models.Edit{Code: house.Code, Caller: own}, models.Amendment{Kind: to("shop")}, "owner-text-only"},
		} {
			_, err := s.Amend(t.Context(), c.e, c.m)
			if got := codeOf(err); got != c.code {
				t.Errorf("%s: %q (%v), want %q", c.name, got, err, c.code)
			}
		}
		if now := lookup(t, s, house.Code); now.Version != 1 {
			t.Errorf("a refusal left version %d", now.Version)
		}
		if _, err := s.Amend(t.Context(), models.Edit{Code: house.Code, Caller: own}, models.Amendment{Alley: to("Hẻm 5"), Kind: to("household")}); err != nil {
			t.Errorf("an owner may not change the own text: %v", err)
		}
		if _, err := s.Amend(t.Context(), edit(lookup(t, s, house.Code)), models.Amendment{HouseNumber: to("2"), Alley: to(""), ConfirmDistinct: true}); err != nil {
			t.Errorf("said to be distinct: %v", err)
		}
		sound(t, s)
	})
}

func TestMoveLeavesSomethingBehind(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
		r := storetest.House(1)
		r.Source, r.Ref, r.DiaChiSo = "x", "R1", "7510600001"
		house := storetest.Register(t, s, r)
		var units []*models.Address
		for _, label := range []string{"A", "B", "C", "D"} {
			units = append(units, storetest.Register(t, s, behind(storetest.House(1), label, house.Code)))
		}
		retire(t, s, units[1], "gone")
		db.Exec(t, "INSERT INTO owner_tokens (hash, address_id, created_at) SELECT ?, id, created_at FROM addresses WHERE id = ?", []byte("x"), house.Code.ID())
		db.Exec(t, `INSERT INTO contacts (address_id, name, phone, email, delivery_notes, consent_at, legal_basis, version, updated_at)
			SELECT id, 'x', '0900000000', '', '', created_at, '', 1, created_at FROM addresses WHERE id = ?`, house.Code.ID())
		db.Exec(t, `INSERT INTO proposals (number, status, registration, commune_id, expected_id, version, created_at, expires_at, decided_at, decided_by, reason, address_id)
			SELECT 'P1', 'verified', '{}', commune_id, id, 1, created_at, created_at, created_at, '', '', id FROM addresses WHERE id = ?`, house.Code.ID())
		for n, status := range []string{"open", "dismissed"} {
			db.Exec(t, `INSERT INTO reports (number, address_id, claim, note, status, version, created_at, decided_at, decided_by, reason)
				SELECT ?, id, 'gone', '', ?, 1, created_at, CASE WHEN ? = 'open' THEN NULL ELSE created_at END, '', '' FROM addresses WHERE id = ?`,
				string(rune('a'+n)), status, status, house.Code.ID())
		}
		// At the new place stands a door with the unit that would be the first.
		target := storetest.Metres(house.Point, 300, 300)
		stall := storetest.House(9)
		stall.Point = target
		other := storetest.Register(t, s, stall)
		taken := storetest.Register(t, s, behind(stall, "K", other.Code))
		retire(t, s, taken, "gone")
		retire(t, s, other, "gone")

		moved := amend(t, s, house, models.Amendment{Point: &target, Street: to("Đường Hoa Cau")})
		old := lookup(t, s, house.Code)
		if moved.Code == house.Code || moved.Version != 1 || !slices.Equal(moved.Supersedes, []geo.Code{house.Code}) || moved.ValidFrom != "2026-01-15" {
			t.Errorf("the new address: %+v", moved)
		}
		if old.Status != "retired" || old.Reason != "moved" || !slices.Equal(old.Successors, []geo.Code{moved.Code}) || old.ValidTo != "2026-01-15" {
			t.Errorf("the old address: %+v", old)
		}
		if moved.Parts.Street != "Đường Hoa Cau" || old.Parts.Street != "Đường Hoa Mai" {
			t.Errorf("streets: %q now, %q then", moved.Parts.Street, old.Parts.Street)
		}
		for i, unit := range units {
			was := lookup(t, s, unit.Code)
			if i == 1 {
				if len(was.Successors) > 0 {
					t.Errorf("a unit that was gone moved: %+v", was)
				}
				continue
			}
			if was.Reason != "moved" || len(was.Successors) != 1 || was.Successors[0].Door() != moved.Code.Door() {
				t.Errorf("unit %d: %+v", i, was)
				continue
			}
			if now := lookup(t, s, was.Successors[0]); now.Parts.UnitLabel != unit.Parts.UnitLabel || now.Code.Unit() != unit.Code.Unit() {
				t.Errorf("unit %d became %+v", i, now)
			}
		}
		for question, want := range map[string]int{
			"SELECT count(*) FROM identifiers WHERE address_id = ?":                      2,
			"SELECT count(*) FROM owner_tokens WHERE address_id = ?":                     1,
			"SELECT count(*) FROM contacts WHERE address_id = ?":                         1,
			"SELECT count(*) FROM proposals WHERE address_id = ?":                        1,
			"SELECT count(*) FROM reports WHERE address_id = ? AND status = 'open'":      1,
			"SELECT count(*) FROM reports WHERE address_id = ? AND status = 'dismissed'": 1,
		} {
			if n := db.Count(t, question, moved.Code.ID()); n != want {
				t.Errorf("%s: %d, want %d", question, n, want)
			}
		}
		sound(t, s)

		_, err := s.Restore(t.Context(), edit(old), models.Restoration{})
		wantCode(t, err, "has-successor")
		_, err = s.Retire(t.Context(), edit(moved), models.Retirement{Reason: "mistake"})
		wantCode(t, err, "has-units")
		if _, err = s.Retire(t.Context(), edit(moved), models.Retirement{Reason: "mistake", WithUnits: true}); err != nil {
			t.Fatal(err)
		}
		restore(t, s, old)
		for _, table := range []string{"identifiers", "owner_tokens", "contacts", "proposals"} {
			if n := db.Count(t, "SELECT count(*) FROM "+table+" WHERE address_id = ?", old.Code.ID()); n == 0 {
				t.Errorf("%s did not come back", table)
			}
		}
		sound(t, s)
	})
}

// A door that comes back brings the units that left with it, and no others.
func TestUnitsDoNotComeBackWithTheirDoor(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		c := &clock{at: storetest.Noon("2026-01-15")()}
		s := db.Open(t, storetest.Options{Boundaries: true, Now: c.now})
		door := storetest.Register(t, s, storetest.House(1))
		first := storetest.Register(t, s, behind(storetest.House(1), "A", door.Code))
		second := storetest.Register(t, s, behind(storetest.House(1), "B", door.Code))
		retire(t, s, second, "gone")
		far := storetest.Metres(door.Point, 300, 0)
		leaves := map[string]func() *models.Address{
			"retired": func() *models.Address { return door },
			"moved":   func() *models.Address { return amend(t, s, lookup(t, s, door.Code), models.Amendment{Point: &far}) },
		}
		for _, how := range []string{"retired", "moved"} {
			c.pass(time.Second)
			last := leaves[how]()
			if how == "moved" {
				_, err := s.Restore(t.Context(), edit(lookup(t, s, door.Code)), models.Restoration{WithUnits: true})
				wantCode(t, err, "has-successor")
			}
			c.pass(time.Second)
			if _, err := s.Retire(t.Context(), edit(lookup(t, s, last.Code)), models.Retirement{Reason: "gone", WithUnits: true}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Restore(t.Context(), edit(lookup(t, s, door.Code)), models.Restoration{WithUnits: true}); err != nil {
				t.Fatalf("%s: %v", how, err)
			}
			got := []string{lookup(t, s, door.Code).Status, lookup(t, s, first.Code).Status, lookup(t, s, second.Code).Status}
			if diff := cmp.Diff([]string{"current", "current", "retired"}, got); diff != "" {
				t.Errorf("%s: door, unit, unit that was gone before (-want +got):\n%s", how, diff)
			}
		}
		sound(t, s)
	})
}

func TestRestoredFindsTwoContacts(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		house := storetest.Register(t, s, storetest.House(1))
		far := storetest.Metres(house.Point, 300, 0)
		moved := retire(t, s, amend(t, s, house, models.Amendment{Point: &far}), "mistake")
		for _, a := range []*models.Address{house, moved} {
			db.Exec(t, `INSERT INTO contacts (address_id, name, phone, email, delivery_notes, consent_at, legal_basis, version, updated_at)
				SELECT id, code, '0900000000', '', '', created_at, '', 1, created_at FROM addresses WHERE id = ?`, a.Code.ID())
		}
		restore(t, s, house)
		for _, a := range []*models.Address{house, moved} {
			if n := db.Count(t, "SELECT count(*) FROM contacts WHERE address_id = ? AND name = ?", a.Code.ID(), a.Code.String()); n != 1 {
				t.Errorf("the contact of %s went elsewhere", a.Code)
			}
		}
	})
}

func TestRetirementIsNotRefused(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		house, other := storetest.Register(t, s, storetest.House(1)), storetest.Register(t, s, storetest.House(2))
		gone := retire(t, s, storetest.Register(t, s, storetest.House(3)), "gone")
		flat := storetest.Register(t, s, behind(storetest.House(1), "A", house.Code))
		for _, c := range []struct {
			name string
			e    models.Edit
			o    models.Retirement
			code string
		}{
			{"no reason", edit(house), models.Retirement{}, "required"},
			{"a reason of one's own", edit(house), models.Retirement{Reason: "bán nhà"}, "unknown-value"},
			{"the program's reason", edit(house), models.Retirement{Reason: "moved"}, "unknown-value"},
			{"merged into nothing", edit(other), models.Retirement{Reason: "merged"}, "required"},
			{"itself", edit(other), models.Retirement{Reason: "merged", Successors: []geo.Code{other.Code}}, "successor-itself"},
			{"a retired successor", edit(other), models.Retirement{Reason: "merged", Successors: []geo.Code{gone.Code}}, "successor-retired"},
			{"an unknown successor", edit(other), models.Retirement{Reason: "merged", Successors: []geo.Code{house.Code + 8192*9}}, "unknown-successor"},
			{"too many successors", edit(other), models.Retirement{Reason: "merged", Successors: many(101)}, "too-many"},
			{"twice", edit(gone), models.Retirement{Reason: "gone"}, "retired"},
			{"a door with a unit", edit(house), models.Retirement{Reason: "gone"}, "has-units"},
			{"into its own unit", edit(house), models.Retirement{Reason: "merged", Successors: []geo.Code{flat.Code}, WithUnits: true}, "successor-retired"},
			{"an older version", models.Edit{Code: other.Code, Versions: []int64{7}, Caller: admin}, models.Retirement{Reason: "gone"}, "stale"},
			{"by a courier", models.Edit{Code: other.Code, Caller: models.Caller{Role: models.RoleCourier}}, models.Retirement{Reason: "gone"}, "not-allowed"},
			{"by its owner", models.Edit{Code: other.Code, Caller: models.Caller{Role: models.RoleOwner, Owns: &other.Code}}, models.Retirement{Reason: "gone"}, "not-allowed"},
		} {
			_, err := s.Retire(t.Context(), c.e, c.o)
			if got := codeOf(err); got != c.code {
				t.Errorf("%s: %q (%v), want %q", c.name, got, err, c.code)
			}
		}
		_, err := s.Restore(t.Context(), edit(house), models.Restoration{})
		wantCode(t, err, "not-retired")
		_, err = s.Verify(t.Context(), edit(gone), "field")
		wantCode(t, err, "retired")
		_, err = s.Verify(t.Context(), edit(house), "field")
		wantCode(t, err, "not-higher")
		_, err = s.Verify(t.Context(), edit(house), "declared")
		wantCode(t, err, "unknown-value")
		raised, err := s.Verify(t.Context(), edit(house), "certified")
		if err != nil || raised.Verification != "certified" || raised.Version != 2 || raised.VerifiedBy != admin.Name {
			t.Errorf("certified: %+v %v", raised, err)
		}
		storetest.Register(t, s, storetest.House(3))
		_, err = s.Restore(t.Context(), edit(gone), models.Restoration{})
		wantCode(t, err, "duplicate")
		if _, err = s.Restore(t.Context(), edit(gone), models.Restoration{ConfirmDistinct: true}); err != nil {
			t.Error(err)
		}
		sound(t, s)
	})
}

func many(n int) []geo.Code {
	codes := make([]geo.Code, n)
	for i := range codes {
		codes[i] = geo.Code((i + 1) * 8192)
	}
	return codes
}

func TestChainIsNotFollowed(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		var a []*models.Address
		for n := range 7 {
			a = append(a, storetest.Register(t, s, storetest.House(n)))
		}
		successors := func(n int, want ...int) {
			t.Helper()
			var codes []geo.Code
			for _, w := range want {
				codes = append(codes, a[w].Code)
			}
			if got := lookup(t, s, a[n].Code).Successors; !slices.Equal(sorted(got), sorted(codes)) {
				t.Errorf("successors of %d: %v, want %v", n, got, codes)
			}
		}
		retire(t, s, a[0], "duplicate", a[1].Code) // a chain of three
		retire(t, s, a[1], "merged", a[2].Code)
		retire(t, s, a[2], "divided", a[3].Code, a[4].Code) // a split at its end
		retire(t, s, a[5], "merged", a[3].Code)             // a merge beside it
		successors(0, 3, 4)
		successors(1, 3, 4)
		successors(5, 3)
		if got := lookup(t, s, a[3].Code).Supersedes; !slices.Equal(sorted(got), sorted([]geo.Code{a[2].Code, a[5].Code})) {
			t.Errorf("3 supersedes %v", got)
		}
		_, err := s.Retire(t.Context(), edit(lookup(t, s, a[3].Code)), models.Retirement{Reason: "merged", Successors: []geo.Code{a[0].Code}})
		wantCode(t, err, "successor-retired") // that would be a circle
		_, err = s.Restore(t.Context(), edit(lookup(t, s, a[0].Code)), models.Restoration{})
		wantCode(t, err, "has-successor")
		retire(t, s, a[3], "gone")
		retire(t, s, a[4], "gone")
		successors(0)
		restore(t, s, a[1])
		successors(0, 1)
		successors(1)
		restore(t, s, a[4])
		successors(2, 4)
		if got := lookup(t, s, a[2].Code).Supersedes; len(got) > 0 {
			t.Errorf("2 supersedes %v, which is current", got)
		}
		retire(t, s, a[1], "merged", a[6].Code) // once more, elsewhere
		successors(0, 6)
		sound(t, s)
	})
}

func TestTwoOfficersBothWin(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		house := storetest.Register(t, s, storetest.House(1))
		other := storetest.Register(t, s, storetest.House(2))
		race := func(works ...func() error) (won int) {
			t.Helper()
			results := make([]error, len(works))
			var wait sync.WaitGroup
			for i, work := range works {
				wait.Go(func() { results[i] = work() })
			}
			wait.Wait()
			for _, err := range results {
				switch codeOf(err) {
				case "":
					won++
				case "stale", "successor-retired", "retired":
				default:
					t.Errorf("the slower one is told: %v", err)
				}
				if err != nil && codeOf(err) == "" {
					t.Error(err)
				}
			}
			return won
		}
		far := storetest.Metres(house.Point, 400, 0)
		for range 5 {
			now := lookup(t, s, house.Code)
			number := now.Parts.HouseNumber + "A"
			change := func() error {
				_, err := s.Amend(t.Context(), edit(now), models.Amendment{HouseNumber: &number})
				return err
			}
			if won := race(change, change, change); won != 1 {
				t.Fatalf("%d of three officers won", won)
			}
		}
		into := func(a, b *models.Address) func() error {
			return func() error {
				_, err := s.Retire(t.Context(), edit(a), models.Retirement{Reason: "merged", Successors: []geo.Code{b.Code}})
				return err
			}
		}
		now := lookup(t, s, house.Code)
		if won := race(into(now, other), into(other, now)); won != 1 {
			t.Errorf("%d of two that merge each into the other won", won)
		}
		third := storetest.Register(t, s, storetest.House(5))
		move := func() error {
			_, err := s.Amend(t.Context(), edit(third), models.Amendment{Point: &far})
			return err
		}
		if won := race(move, move); won != 1 {
			t.Errorf("%d of two moves won", won)
		}
		sound(t, s)
	})
}

func TestRetiredIsStillFound(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
		farm := storetest.Register(t, s, storetest.Farm("Vườn bưởi Ánh Dương"))
		found := func() (reverse, search, list, terms int) {
			near, err := s.Nearest(t.Context(), farm.Point, models.NearFilter{Limit: 5, RadiusM: 100})
			if err != nil {
				t.Fatal(err)
			}
			byName, err := s.Search(t.Context(), models.SearchQuery{Text: "Vườn bưởi Ánh Dương", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			listed, _, err := s.List(t.Context(), models.ListFilter{Status: "current", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			return len(near), len(byName), len(listed), db.Count(t, "SELECT count(*) FROM terms WHERE part = 'name'")
		}
		all := func(when string, want int) {
			t.Helper()
			if reverse, search, list, terms := found(); reverse != want || search != want || list != want || terms != want {
				t.Errorf("%s: reverse %d, search %d, list %d, terms %d, want %d", when, reverse, search, list, terms, want)
			}
		}
		all("current", 1)
		retire(t, s, farm, "gone")
		all("retired", 0)
		restore(t, s, farm)
		all("restored", 1)
		sound(t, s)
	})
}

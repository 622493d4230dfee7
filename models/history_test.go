package models_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// witness remembers what was answered for every address after every step.
type witness struct {
	*models.Store
	t       *testing.T
	clock   *clock
	codes   []geo.Code
	seen    []glimpse
	version map[geo.Code]map[int64]models.PublicAddress // as first seen in that version
}

// glimpse is what was answered for an address at an instant.
type glimpse struct {
	at      time.Time
	address models.PublicAddress
}

// see asks for all addresses, and for new ones that these lead to.
func (w *witness) see(units *models.Units) {
	w.t.Helper()
	for i := 0; i < len(w.codes); i++ {
		a := lookup(w.t, w.Store, w.codes[i])
		for _, next := range a.Successors {
			if !slices.Contains(w.codes, next) {
				w.codes = append(w.codes, next)
			}
		}
		p := units.Public(a, w.Today())
		w.seen = append(w.seen, glimpse{w.clock.now(), p})
		if w.version[a.Code] == nil {
			w.version[a.Code] = map[int64]models.PublicAddress{}
		}
		if _, known := w.version[a.Code][a.Version]; !known {
			w.version[a.Code][a.Version] = p
		}
	}
}

// step does something random to a random address; what is refused is not done.
func (w *witness) step(r *rapid.T, farm *models.Address) {
	a := lookup(w.t, w.Store, rapid.SampledFrom(w.codes).Draw(r, "code"))
	other := rapid.SampledFrom(w.codes).Draw(r, "other")
	ctx, e := w.t.Context(), edit(a)
	var err error
	switch rapid.IntRange(0, 9).Draw(r, "step") {
	case 0, 1:
		_, err = w.Amend(ctx, e, models.Amendment{Alley: to(fmt.Sprintf("Hẻm %d", rapid.IntRange(1, 5).Draw(r, "alley")))})
	case 2:
		near := storetest.Metres(a.Code.Centre(), float64(rapid.IntRange(-20, 20).Draw(r, "north")), 0)
		_, err = w.Amend(ctx, e, models.Amendment{Point: &near})
	case 3:
		far := storetest.Metres(a.Point, float64(rapid.SampledFrom([]int{-90, 60, 120}).Draw(r, "far")), 40)
		_, err = w.Amend(ctx, e, models.Amendment{Point: &far})
	case 4:
		_, err = w.Verify(ctx, e, rapid.SampledFrom(models.RaisedLevels[:]).Draw(r, "level"))
	case 5:
		_, err = w.Retire(ctx, e, models.Retirement{Reason: "gone", WithUnits: true})
	case 6:
		_, err = w.Retire(ctx, e, models.Retirement{Reason: "merged", Successors: []geo.Code{other}, WithUnits: true})
	case 7, 8:
		for _, code := range w.codes {
			if gone := lookup(w.t, w.Store, code); gone.Status == models.StatusRetired && len(gone.Successors) == 0 {
				e = edit(gone)
			}
		}
		_, err = w.Restore(ctx, e, models.Restoration{WithUnits: rapid.Bool().Draw(r, "units"), ConfirmDistinct: rapid.Bool().Draw(r, "distinct")})
	default:
		e = edit(lookup(w.t, w.Store, farm.Code))
		_, err = w.Amend(ctx, e, models.Amendment{NamePublic: to(rapid.Bool().Draw(r, "public")), Name: to(rapid.SampledFrom([]string{"Vườn Ánh", "Vườn Dương"}).Draw(r, "name"))})
	}
	if _, ok := err.(*models.Error); err != nil && !ok {
		w.t.Fatalf("a step fails: %v", err)
	}
}

// hidden takes away what history does not know: a name that is not the public
// one of today, and who allotted an identifier.
func hidden(p models.PublicAddress, today models.PublicAddress) models.PublicAddress {
	if p.Name != today.Name {
		p.Name = ""
	}
	p.Identifiers = slices.Clone(p.Identifiers)
	for i := range p.Identifiers {
		p.Identifiers[i].Source = ""
	}
	slices.SortFunc(p.Identifiers, func(a, b models.Identifier) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value))
	})
	return p
}

// checkHistory compares the versions of an address with what was answered
// when they were new.
func (w *witness) checkHistory(r *rapid.T, units *models.Units, code geo.Code) {
	now := units.Public(lookup(w.t, w.Store, code), w.Today())
	var cursor int64
	for want := now.Version; ; {
		lines, more, err := w.History(w.t.Context(), code, cursor, 3)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, l := range lines {
			then := hidden(w.version[code][l.Version], now)
			if diff := gocmp.Diff(then, hidden(units.Public(l.Address, models.DateOf(l.At)), now)); l.Version != want || diff != "" {
				r.Fatalf("%s version %d, want %d (-then +history):\n%s", code, l.Version, want, diff)
			}
			cursor, want = l.Version, want-1
		}
		if !more {
			if want != 0 {
				r.Fatalf("the history of %s ends at version %d", code, want+1)
			}
			return
		}
	}
}

// checkDays compares an address as of every day with what was answered last
// on that day.
func (w *witness) checkDays(r *rapid.T, units *models.Units, code geo.Code) {
	now := units.Public(lookup(w.t, w.Store, code), w.Today())
	last := map[models.Date]models.PublicAddress{}
	for _, g := range w.seen {
		if g.address.Code == code {
			last[models.DateOf(g.at)] = g.address
		}
	}
	for day, then := range last {
		a, err := w.AddressOn(w.t.Context(), code, day)
		if err != nil {
			r.Fatalf("%s as of %s: %v", code, day, err)
		}
		if diff := gocmp.Diff(hidden(then, now), hidden(units.Public(a, day), now)); diff != "" {
			r.Fatalf("%s as of %s (-then +as_of):\n%s", code, day, diff)
		}
	}
}

func TestOlderStateDiffersFromWhatWasAnswered(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		c := &clock{at: storetest.Noon("2026-01-15")()}
		s := db.Open(t, storetest.Options{Boundaries: true, Now: c.now})
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			w := &witness{Store: s, t: t, clock: c, version: map[geo.Code]map[int64]models.PublicAddress{}}
			for n := range 3 {
				house := storetest.House(3 * n)
				house.Parts.Street = fmt.Sprintf("Đường Số %d", run)
				house.DiaChiSo, house.Source, house.Ref = fmt.Sprintf("75%06d%02d", run, n), "x", fmt.Sprint(run, n)
				w.codes = append(w.codes, storetest.Register(t, s, house).Code)
			}
			unit := storetest.House(0)
			unit.Parts.Street = fmt.Sprintf("Đường Số %d", run)
			w.codes = append(w.codes, storetest.Register(t, s, behind(unit, "A", w.codes[0].Door())).Code)
			farm := storetest.Register(t, s, storetest.Farm(fmt.Sprintf("Vườn %d", run)))
			w.codes = append(w.codes, farm.Code)
			w.see(units)
			for range rapid.IntRange(3, 12).Draw(r, "steps") {
				c.pass(time.Duration(rapid.SampledFrom([]int{1, 60_000, 7 * 3_600_000, 20 * 3_600_000}).Draw(r, "wait")) * time.Millisecond)
				w.step(r, farm)
				w.see(units)
			}
			for _, code := range w.codes {
				w.checkHistory(r, units, code)
				w.checkDays(r, units, code)
			}
			c.pass(time.Minute)
		})
		sound(t, s)
	})
}

// A line of before there were states beside the fields is read as it was.
func TestOldLineIsMisread(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		house := storetest.Register(t, s, storetest.House(1))
		verified, err := s.Verify(t.Context(), edit(house), "certified")
		if err != nil {
			t.Fatal(err)
		}
		amend(t, s, verified, models.Amendment{Street: to("Đường Hoa Lan")})
		db.Exec(t, `UPDATE changes SET before = '{"street":"Đường Cũ"}' WHERE version = 3`)
		lines, more, err := s.History(t.Context(), house.Code, 0, 10)
		if err != nil || more || len(lines) != 3 {
			t.Fatalf("%v, more %v, %v", lines, more, err)
		}
		got := []string{lines[0].Address.Parts.Street, lines[1].Address.Parts.Street, lines[1].Address.Verification, lines[2].Address.Verification}
		if diff := gocmp.Diff([]string{"Đường Hoa Lan", "Đường Cũ", "certified", "field"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := gocmp.Diff([]string{"verification"}, lines[1].Changed); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
	})
}

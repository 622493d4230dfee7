package models_test

import (
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// pages follows a list to its end.
func pages(s *models.Store, t *testing.T, f models.ListFilter) ([]geo.Code, error) {
	codes := []geo.Code{}
	for {
		page, more, err := s.List(t.Context(), f)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			codes = append(codes, a.Code)
		}
		if !more {
			return codes, nil
		}
		f.After = &codes[len(codes)-1]
	}
}

func (w wanted) codes() []geo.Code {
	codes := []geo.Code{}
	for _, a := range w.all {
		f, p := w.filter, a.Point
		if (f.Boxes == nil || slices.ContainsFunc(f.Boxes, func(b models.Box) bool {
			return int64(p.Lng) >= b.West && int64(p.Lng) <= b.East && int64(p.Lat) >= b.South && int64(p.Lat) <= b.North
		})) &&
			(f.Verification == "" || a.Verification == f.Verification) &&
			(f.Days.Last == "" || a.ValidFrom <= f.Days.Last) && (a.ValidTo == "" || a.ValidTo > f.Days.First) &&
			(f.Kind == "" || a.Kind == f.Kind) && (f.Status == "" || a.Status == f.Status) &&
			(f.Commune == nil || a.CommuneID == f.Commune.ID || a.FormerCommuneID == f.Commune.ID) {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// wanted is a list by brute force.
type wanted struct {
	all    []*models.Address
	filter models.ListFilter
}

// drawFilter draws a filter whose box often has addresses on its border.
func drawFilter(r *rapid.T, units *models.Units, all []*models.Address) models.ListFilter {
	f := models.ListFilter{Limit: rapid.SampledFrom([]int{1, 7, 100, 5_000}).Draw(r, "limit")}
	if rapid.Bool().Draw(r, "boxed") {
		for range rapid.IntRange(1, 2).Draw(r, "boxes") {
			p, q := pointNear(r, all), pointNear(r, all)
			f.Boxes = append(f.Boxes, models.Box{West: int64(min(p.Lng, q.Lng)), South: int64(min(p.Lat, q.Lat)), East: int64(max(p.Lng, q.Lng)), North: int64(max(p.Lat, q.Lat))})
		}
	}
	f.Verification = rapid.SampledFrom([]string{"", "", "field", "imported"}).Draw(r, "verification")
	days := []models.Date{"", "", "2022-06-30", "2023-01-31", "2023-02-01", "2024-12-31"}
	f.Days = models.Days{First: rapid.SampledFrom(days).Draw(r, "first"), Last: rapid.SampledFrom(days).Draw(r, "last")}
	f.Kind = rapid.SampledFrom(append([]string{"", "", ""}, models.Kinds[:]...)).Draw(r, "kind")
	f.Status = rapid.SampledFrom([]string{"", "current", "retired"}).Draw(r, "status")
	if rapid.Bool().Draw(r, "communal") {
		day := rapid.SampledFrom([]models.Date{"2025-06-30", "2025-07-01"}).Draw(r, "day")
		f.Commune = rapid.SampledFrom(units.List(models.UnitFilter{Level: models.LevelCommune, Day: day})).Draw(r, "commune")
	}
	if f.Limit == 1 && f.Boxes == nil && f.Commune == nil {
		f.Limit = 50 // thousands of pages prove no more
	}
	return f
}

func TestPagingLosesOrRepeatsARow(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		importText(t, s, demoCSV(t, 1_000), clerkImport())
		// Several identifiers must not count as several rows.
		db.Exec(t, "INSERT INTO identifiers (address_id, scheme, source, value) SELECT id, 'dia_chi_so', 'x', '7500000000' FROM addresses WHERE id % 3 = 0")
		db.Exec(t, "UPDATE addresses SET status = 'retired' WHERE id % 7 = 0")
		db.Exec(t, "UPDATE addresses SET valid_to = '2023-02-01' WHERE id % 7 = 0 AND valid_from < '2023-02-01'")
		db.Exec(t, "UPDATE addresses SET verification = 'field' WHERE id % 3 = 0")
		if _, err := s.Recount(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, units := everything(t, s), unitsOf(t, s)
		rapid.Check(t, func(r *rapid.T) {
			s.SetWideBox(rapid.SampledFrom([]int64{1, 30, 20_000}).Draw(r, "wide"))
			f := drawFilter(r, units, all)
			got, err := pages(s, t, f)
			if err != nil {
				r.Fatal(err)
			}
			want := wanted{all, f}.codes()
			if diff := gocmp.Diff(want, got); diff != "" {
				r.Fatalf("%+v (-want +got):\n%s", f, diff)
			}
			if page, err := s.Page(t.Context(), f); err != nil || page.Matched != int64(len(want)) {
				r.Fatalf("%+v: %d match, want %d, %v", f, page.Matched, len(want), err)
			}
		})
	})
}

func TestUpdatedSinceForgetsItsInstant(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	o := storetest.Options{Boundaries: true, Now: func() time.Time { return now }}
	o.Each(t, func(t *testing.T, s *models.Store) {
		for n := range 3 {
			now = now.Add(time.Second)
			storetest.Register(t, s, storetest.House(n))
		}
		for since, want := range map[time.Time]int{now: 1, now.Add(time.Millisecond): 0, now.Add(-time.Second): 2, now.Add(-time.Hour): 3} {
			list, _, err := s.List(t.Context(), models.ListFilter{UpdatedSince: since, Limit: 10})
			if err != nil || len(list) != want {
				t.Errorf("since %s: %d rows, %v; want %d", since, len(list), err, want)
			}
		}
	})
}

// Both databases get the same rows and must give the same answers to
// everything, in the same order.
func TestDatabasesDisagree(t *testing.T) {
	t.Parallel()
	lite, pg := storetest.SQLite(t), storetest.Postgres(t)
	o := storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}
	a, b := lite.Open(t, o), pg.Open(t, o)
	csv := demoCSV(t, 3_000)
	countsA, _ := importText(t, a, csv, clerkImport())
	countsB, _ := importText(t, b, csv, clerkImport())
	wantCounts(t, countsB, countsA)
	for _, db := range []storetest.Database{lite, pg} {
		db.Exec(t, "UPDATE addresses SET status = 'retired' WHERE id % 11 = 0")
	}
	all, units := everything(t, a), unitsOf(t, a)
	public := func(s *models.Store, list []*models.Address) []models.PublicAddress {
		var forms []models.PublicAddress
		for _, address := range list {
			forms = append(forms, unitsOf(t, s).Public(address, s.Today()))
		}
		return forms
	}
	if diff := gocmp.Diff(public(a, all), public(b, everything(t, b))); diff != "" {
		t.Fatalf("rows (-sqlite +postgres):\n%s", diff)
	}
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, units, all)
		pageA, moreA, errA := a.List(t.Context(), f)
		if f.Commune != nil {
			f.Commune = unitsOf(t, b).At(f.Commune.Code, f.Commune.ValidFrom)
		}
		pageB, moreB, errB := b.List(t.Context(), f)
		if diff := gocmp.Diff(public(a, pageA), public(b, pageB)); diff != "" || moreA != moreB || errA != nil || errB != nil {
			r.Fatalf("list %+v: %v %v, %v %v (-sqlite +postgres):\n%s", f, moreA, errA, moreB, errB, diff)
		}
		p := pointNear(r, all)
		nearA, errA := a.Nearest(t.Context(), p, models.NearFilter{Limit: 20, RadiusM: 5_000})
		nearB, errB := b.Nearest(t.Context(), p, models.NearFilter{Limit: 20, RadiusM: 5_000})
		if diff := gocmp.Diff(nearCodes(nearA), nearCodes(nearB)); diff != "" || errA != nil || errB != nil {
			r.Fatalf("nearest %v: %v %v (-sqlite +postgres):\n%s", p, errA, errB, diff)
		}
		q := models.Query{Input: drawInput(r, all), Near: &p, Commune: rapid.SampledFrom([]string{"", "Tân Hiệp", "25747"}).Draw(r, "hint")}
		foundA, foundB := resolve(t, a, q), resolve(t, b, q)
		if diff := gocmp.Diff([][]geo.Code{codesOf(foundA.Matches), candidateCodes(foundA)}, [][]geo.Code{codesOf(foundB.Matches), candidateCodes(foundB)}); diff != "" ||
			codeOf(foundA.Problem) != codeOf(foundB.Problem) || foundA.Truncated != foundB.Truncated {
			r.Fatalf("resolve %+v: %v, %v (-sqlite +postgres):\n%s", q, foundA.Problem, foundB.Problem, diff)
		}
	})
}

// drawInput draws what somebody may type: a code, often with a slip, or
// another line of codes.
func drawInput(r *rapid.T, all []*models.Address) string {
	a := all[rapid.IntRange(0, len(all)-1).Draw(r, "input")]
	code := []byte(a.Code.String())
	switch rapid.SampledFrom([]string{"whole", "slip", "lost", "door", "plus", "area", "position", "vpostcode"}).Draw(r, "form") {
	case "slip":
		i := rapid.IntRange(0, len(code)-1).Draw(r, "place")
		code[i] = geo.Alphabet[rapid.IntRange(0, 19).Draw(r, "symbol")]
	case "lost":
		i := rapid.IntRange(0, len(code)-1).Draw(r, "place")
		code = slices.Delete(code, i, i+1)
	case "door":
		return a.Code.Door().String()
	case "plus":
		return a.Code.Plus()
	case "area":
		return a.Code.Plus()[:9]
	case "position":
		return geo.FormatE7(a.Point.Lat) + "," + geo.FormatE7(a.Point.Lng)
	case "vpostcode":
		return a.Code.Vpostcode("75106")
	}
	return string(code)
}

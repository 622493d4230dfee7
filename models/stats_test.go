package models_test

import (
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/models"
	"diachiso/models/storetest"
)

// tallied is a question answered by brute force: rows as texts with their counts.
func tallied(units *models.Units, all []*models.Address, q models.StatsQuery) map[string]int64 {
	found := map[string]int64{}
	for _, a := range all {
		if q.Commune != nil && a.CommuneID != q.Commune.ID && a.FormerCommuneID != q.Commune.ID ||
			q.Kind != "" && a.Kind != q.Kind || q.Status != "" && a.Status != q.Status || q.Verification != "" && a.Verification != q.Verification ||
			q.From != "" && a.ValidFrom < q.From || q.To != "" && a.ValidFrom > q.To {
			continue
		}
		key := ""
		for _, dimension := range q.By {
			switch dimension {
			case models.ByCommune:
				key += fmt.Sprint(a.CommuneID)
			case models.ByFormerCommune:
				key += fmt.Sprint(a.FormerCommuneID)
			case models.ByKind:
				key += a.Kind
			case models.ByStatus:
				key += a.Status
			case models.ByVerification:
				key += a.Verification
			case models.ByDay:
				key += string(a.ValidFrom)
			}
			key += " "
		}
		found[key]++
	}
	if len(q.By) == 0 && len(found) == 0 {
		found[""] = 0
	}
	return found
}

func rowKey(by []string, r models.StatsRow) (key string) {
	id := func(u *models.AdminUnit) int64 {
		if u == nil {
			return 0
		}
		return u.ID
	}
	for _, dimension := range by {
		switch dimension {
		case models.ByCommune:
			key += fmt.Sprint(id(r.Commune))
		case models.ByFormerCommune:
			key += fmt.Sprint(id(r.FormerCommune))
		default:
			key += map[string]string{models.ByKind: r.Kind, models.ByStatus: r.Status, models.ByVerification: r.Verification, models.ByDay: string(r.Day)}[dimension]
		}
		key += " "
	}
	return key
}

func TestStatsDifferFromTheAddresses(t *testing.T) {
	t.Parallel()
	o := storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}
	o.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, demoCSV(t, 1_000), clerkImport())
		desk := models.Caller{Role: models.RoleAdmin, Name: "test"}
		for i, a := range everything(t, s) {
			e := models.Edit{Code: a.Code, Caller: desk}
			var err error
			switch i % 5 {
			case 0:
				_, err = s.Retire(t.Context(), e, models.Retirement{Reason: models.ReasonGone})
			case 1:
				_, err = s.Verify(t.Context(), e, models.VerificationField)
			}
			if i > 200 || err != nil {
				break
			}
		}
		expectSound(t, s)
		all, units := everything(t, s), unitsOf(t, s)
		rapid.Check(t, func(r *rapid.T) {
			q := models.StatsQuery{
				Kind:         rapid.SampledFrom(append([]string{"", "", ""}, models.Kinds[:]...)).Draw(r, "kind"),
				Status:       rapid.SampledFrom([]string{"", "current", "retired"}).Draw(r, "status"),
				Verification: rapid.SampledFrom([]string{"", "", "imported", "field"}).Draw(r, "verification"),
				From:         rapid.SampledFrom([]models.Date{"", "", "2022-08-01"}).Draw(r, "from"),
				To:           rapid.SampledFrom([]models.Date{"", "", "2022-09-15"}).Draw(r, "to"),
			}
			for _, dimension := range rapid.Permutation(models.Dimensions[:]).Draw(r, "by") {
				if rapid.Bool().Draw(r, dimension) {
					q.By = append(q.By, dimension)
				}
			}
			if rapid.Bool().Draw(r, "communal") {
				day := rapid.SampledFrom([]models.Date{"2025-06-30", "2025-07-01"}).Draw(r, "day")
				q.Commune = rapid.SampledFrom(units.List(models.UnitFilter{Level: models.LevelCommune, Day: day})).Draw(r, "commune")
			}
			rows, err := s.Stats(t.Context(), q)
			byDay := slices.Contains(q.By, models.ByDay) || q.From != "" || q.To != ""
			if byDay && (slices.Contains(q.By, models.ByFormerCommune) || q.Commune != nil && q.Commune.ValidTo != "") {
				if codeOf(err) != "not-together" {
					r.Fatalf("%+v: %v", q, err)
				}
				return
			}
			if err != nil {
				r.Fatalf("%+v: %v", q, err)
			}
			got := map[string]int64{}
			for _, row := range rows {
				got[rowKey(q.By, row)] += row.Addresses
			}
			if diff := gocmp.Diff(tallied(units, all, q), got); diff != "" || len(got) != len(rows) {
				r.Fatalf("%+v (-want +got):\n%s", q, diff)
			}
		})
	})
}

// A registry that is older than its counts is counted when it is opened; one
// whose counts went wrong is mended on demand.
func TestCountsAreLost(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		storetest.Register(t, s, storetest.House(1))
		storetest.Register(t, s, storetest.Flat("A.01"))
		for _, table := range []string{"address_counts", "address_days", "address_tiles"} {
			db.Exec(t, "DELETE FROM "+table)
		}
		again := db.Open(t, storetest.Options{Boundaries: true})
		expectSound(t, again)
		db.Exec(t, "UPDATE address_tiles SET addresses = 77")
		if found, err := s.Check(t.Context(), nil); err != nil || len(found) != 1 || found[0].Rule != "counts" {
			t.Errorf("%v, %v", found, err)
		}
		if n, err := s.Recount(t.Context()); n != 2 || err != nil {
			t.Fatalf("%d addresses, %v", n, err)
		}
		expectSound(t, s)
	})
}

package models_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/demo"
	"diachiso/models/storetest"
)

// demoCSV is a demo province of so many addresses as an import file.
func demoCSV(t *testing.T, size int) string {
	t.Helper()
	var file strings.Builder
	if err := demo.WriteCSV(&file, 1, size); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// everything lists all addresses of a registry by code.
func everything(t *testing.T, s *models.Store) []*models.Address {
	t.Helper()
	all, more, err := s.List(t.Context(), models.ListFilter{Limit: 100_000})
	if err != nil || more {
		t.Fatalf("list everything: more %v, %v", more, err)
	}
	return all
}

// bruteNearest ranks all current addresses by metres, ties by code.
func bruteNearest(all []*models.Address, p geo.Point, f models.NearFilter) []models.Near {
	list := []models.Near{}
	for _, a := range all {
		if d := geo.Distance(p, a.Point); a.Status == models.StatusCurrent && d <= f.RadiusM {
			list = append(list, models.Near{Address: a, DistanceM: d})
		}
	}
	slices.SortFunc(list, func(a, b models.Near) int {
		return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), cmp.Compare(a.Address.Code, b.Address.Code))
	})
	return list[:min(f.Limit, len(list))]
}

// pointNear draws a point in the demo province, often close to an address.
func pointNear(r *rapid.T, all []*models.Address) geo.Point {
	p := all[rapid.IntRange(0, len(all)-1).Draw(r, "address")].Point
	scale := rapid.SampledFrom([]int32{0, 1, 100, 10_000, 2_000_000}).Draw(r, "scale")
	p.Lat += rapid.Int32Range(-scale, scale).Draw(r, "north")
	p.Lng += rapid.Int32Range(-scale, scale).Draw(r, "east")
	return p
}

func distances(list []models.Near) []float64 {
	all := []float64{}
	for _, n := range list {
		all = append(all, n.DistanceM)
	}
	return all
}

func nearCodes(list []models.Near) []geo.Code {
	all := []geo.Code{}
	for _, n := range list {
		all = append(all, n.Address.Code)
	}
	return all
}

func TestNearestIsNotTheNearest(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		importText(t, s, demoCSV(t, 2_000), clerkImport())
		db.Exec(t, "UPDATE addresses SET status = 'retired' WHERE id % 7 = 0")
		all := everything(t, s)
		rapid.Check(t, func(r *rapid.T) {
			p := pointNear(r, all)
			f := models.NearFilter{
				Limit:   rapid.SampledFrom([]int{1, 5, 50, 3_000}).Draw(r, "limit"),
				RadiusM: rapid.SampledFrom([]float64{1, 40, 41, 500, 20_000, 200_000}).Draw(r, "radius"),
			}
			got, err := s.Nearest(t.Context(), p, f)
			if err != nil {
				r.Fatal(err)
			}
			want := bruteNearest(all, p, f)
			if diff := gocmp.Diff(nearCodes(want), nearCodes(got)); diff != "" {
				r.Fatalf("%v %+v (-want +got):\n%s", p, f, diff)
			}
			if diff := gocmp.Diff(distances(want), distances(got)); diff != "" {
				r.Fatalf("%v %+v metres (-want +got):\n%s", p, f, diff)
			}
		})
	})
}

func TestEquallyNearAreNotOrderedByCode(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		var want []geo.Code
		for _, label := range []string{"A.03", "A.01", "A.02"} {
			want = append(want, storetest.Register(t, s, storetest.Flat(label)).Code)
		}
		slices.Sort(want)
		got, err := s.Nearest(t.Context(), storetest.ThuDauMot, models.NearFilter{Limit: 2, RadiusM: 500})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want[:2], nearCodes(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		none, err := s.Nearest(t.Context(), storetest.DauTieng, models.NearFilter{Limit: 2, RadiusM: 500})
		if err != nil || len(none) > 0 {
			t.Errorf("%v, %v", none, err)
		}
	})
}

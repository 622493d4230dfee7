package models_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// shared opens a file of the shared data, where that folder is there.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", name))
	if os.IsNotExist(err) {
		t.Skipf("the shared data is not here, so the real %s is not tried", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func TestRealBoundariesAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		counts, warnings, err := s.ImportBoundaries(t.Context(), shared(t, "binhduong_wards_2025.geojson"), "2025-07-01")
		if err != nil || counts.Updated != 36 || len(warnings) == 0 {
			t.Fatalf("%+v, %v, %v", counts, warnings, err)
		}
		rows, err := csv.NewReader(shared(t, "binhduong_units_2025.csv")).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column := map[string]int{}
		for i, name := range rows[0] {
			column[name] = i
		}
		units := unitsOf(t, s)
		for _, row := range rows[1:] {
			p := storetest.Point(row[column["point_lat"]], row[column["point_lon"]])
			if got := units.CommuneAt(p, "2025-07-01"); got == nil || got.Code != row[column["code"]] {
				t.Errorf("the point of %s lies in %+v", row[column["full_name"]], got)
			}
			r := houseAt(p, 1)
			r.Commune = row[column["full_name"]]
			if a := storetest.Register(t, s, r); units.Public(a, s.Today()).Commune.Code != row[column["code"]] {
				t.Errorf("%s by name is %+v", row[column["full_name"]], units.Public(a, s.Today()).Commune)
			}
		}
	})
}

package facts

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// table reads one of the tables that the facts were taken from as maps from
// column to cell; they lie beside the repository and need not be there.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open("../../../shared/data/" + name)
	if err != nil {
		t.Skip("the source tables are not beside the repository: ", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = r[i]
		}
		records = append(records, m)
	}
	return records
}

type named struct{ Code, Parent, FullName, Kind, Postcode string }

func namesOn(units []unit, day, level string) []named {
	var list []named
	for _, u := range onDay(units, day) {
		if u.level == level {
			list = append(list, named{u.code, u.parent, u.fullName, u.kind, u.postcodes[0].code})
		}
	}
	return sorted(list)
}

func sorted(list []named) []named {
	slices.SortFunc(list, func(a, b named) int { return strings.Compare(a.Code, b.Code) })
	return list
}

func TestFactsDifferFromTheirSource(t *testing.T) {
	t.Run("units of October 2022", func(t *testing.T) {
		for _, level := range []string{"province", "district", "commune"} {
			var want []named
			for _, r := range table(t, "binhduong_units_2022.csv") {
				if r["level"] == level {
					want = append(want, named{r["gso_code"], r["parent_code"], r["full_name"], r["type"], r["postcode_2018"]})
				}
			}
			if diff := cmp.Diff(sorted(want), namesOn(read(t, "binhduong_2022.csv"), "2022-10-01", level)); diff != "" {
				t.Errorf("%s (-source +facts):\n%s", level, diff)
			}
		}
	})
	t.Run("communes since 2025", func(t *testing.T) {
		var want []named
		for _, r := range table(t, "binhduong_units_2025.csv") {
			want = append(want, named{r["code"], r["province_code"], r["full_name"], r["type"], r["postcode_2025"]})
		}
		if diff := cmp.Diff(sorted(want), namesOn(read(t, "binhduong_2025.csv"), "2025-08-24", "commune")); diff != "" {
			t.Errorf("(-source +facts):\n%s", diff)
		}
	})
	t.Run("successions", func(t *testing.T) {
		want := map[string][]string{}
		for _, r := range table(t, "binhduong_old_to_new_2025.csv") {
			old := r["old_gso_code"]
			if r["is_default"] == "1" {
				want[old] = append([]string{r["new_code"]}, want[old]...)
			} else {
				want[old] = append(want[old], r["new_code"])
			}
		}
		got := map[string][]string{}
		for _, u := range onDay(read(t, "binhduong_2022.csv"), "2025-06-30") {
			if u.level == "commune" {
				got[u.code] = u.successors
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-source +facts):\n%s", diff)
		}
	})
}

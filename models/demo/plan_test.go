package demo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestProportionalLosesSome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, MaxSize).Draw(t, "n")
		weights := rapid.SliceOfN(rapid.IntRange(1, 200_000), 1, 200).Draw(t, "weights")
		start := rapid.Float64Range(0, 0.999).Draw(t, "start")
		total, given := 0, 0
		for _, w := range weights {
			total += w
		}
		for i, got := range proportional(n, weights, start) {
			due := float64(weights[i]) * float64(n) / float64(total)
			if float64(got) <= due-1 || float64(got) >= due+1 {
				t.Fatalf("%d of %d for weight %d of %d", got, n, weights[i], total)
			}
			given += got
		}
		if given != n {
			t.Fatalf("%d of %d were given", given, n)
		}
	})
}

func TestPlanMissesTheSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, MaxSize).Draw(t, "size")
		parts, err := plan(size)
		if err != nil {
			t.Fatal(err)
		}
		sum, towers := 0, 0
		for _, p := range parts {
			sum += p.flats + p.rest
			if p.flats > 0 {
				towers++
			}
			if p.flats == 1 || p.flats > 8000 {
				t.Fatalf("a tower of %d flats in %s", p.flats, p.fullName)
			}
			if size >= 120 && p.rest == 0 {
				t.Fatalf("nothing in %s of %s", p.fullName, p.successor)
			}
		}
		if sum != size || (towers > 0) != (size >= fewestSize) {
			t.Fatalf("%d addresses and %d towers for size %d", sum, towers, size)
		}
	})
}

func TestPartsAreNotThoseOfTheFacts(t *testing.T) {
	parts, err := plan(DefaultSize)
	if err != nil {
		t.Fatal(err)
	}
	old, today := map[string]int{}, map[string]bool{}
	mains, seconds := 0, 0
	for _, p := range parts {
		old[p.code]++
		today[p.successor] = true
		if p.main {
			mains++
		}
		if p.second {
			seconds++
		}
		if p.weight < 1 || p.land.area() < 1e6 {
			t.Errorf("%s in %s: weight %d, %.0f square metres", p.fullName, p.successor, p.weight, p.land.area())
		}
	}
	if len(parts) != 107 || len(old) != 91 || len(today) != 36 || mains != 91 || seconds != 16 {
		t.Errorf("%d parts of %d communes in %d, %d main and %d second ones", len(parts), len(old), len(today), mains, seconds)
	}
	if !slices.IsSortedFunc(parts, func(a, b part) int { return strings.Compare(a.successor, b.successor) }) {
		t.Error("the parts are not ordered by successor")
	}
}

func TestTextsOfAnotherDay(t *testing.T) {
	type texts struct{ FullName, District, AsOf string }
	want := map[string]texts{
		"25741": {"Phường Hiệp Thành", "Thành phố Thủ Dầu Một", ""},
		"25840": {"Xã An Điền", "Thị xã Bến Cát", textDay},      // phường and thành phố since 2024
		"25846": {"Phường Thới Hòa", "Thị xã Bến Cát", textDay}, // only the district was renamed
		"25888": {"Phường Uyên Hưng", "Thị xã Tân Uyên", textDay},
		"25894": {"Xã Tân Định", "Huyện Bắc Tân Uyên", ""},
	}
	communes, err := communes2022()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]texts{}
	for _, c := range communes {
		if _, asked := want[c.code]; asked {
			got[c.code] = texts{c.fullName, c.district, c.asOf}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACommuneHasNoHouseholds(t *testing.T) {
	communes, err := communes2022()
	if err != nil {
		t.Fatal(err)
	}
	counts, total := households(), 0
	for _, c := range communes {
		if counts[c.code] == 0 {
			t.Errorf("no households in %s %s", c.code, c.fullName)
		}
		total += counts[c.code]
	}
	if len(counts) != len(communes) || total != 832_087 {
		t.Errorf("%d communes with %d households, want %d with 832,087 (census of 2019)", len(counts), total, len(communes))
	}
}

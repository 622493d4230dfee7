package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"diachiso/geo/text"
)

func TestNamesFoldAlike(t *testing.T) {
	for list, names := range map[string][]string{
		"streets": streetNames(), "towers": towerNames(), "hamlets": hamletNames(), "farms": farmNames(),
		"fields": fieldNames(), "shops": shopNames(), "businesses": businessNames(), "brands": brands(),
		"landmarks": landmarkNames(), "goods": stallGoods(),
	} {
		seen := map[string]string{}
		for _, name := range names {
			key := text.Fold(name)
			if other, twice := seen[key]; twice {
				t.Errorf("%s: %q and %q fold alike", list, other, name)
			}
			seen[key] = name
			if clean, err := text.Clean(name, 100); err != nil || clean != name {
				t.Errorf("%s: %q is stored as %q, error %v", list, name, clean, err)
			}
		}
	}
}

func TestStreetIsNamedTwice(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	g := generator{rng: rng, streets: newStreetSupply(rng)}
	parts := []*part{
		{name: "Phú Mỹ", urban: true, districtCode: thuDauMot},
		{name: "Phú Tân", urban: true, districtCode: thuDauMot},
		{name: "Tân Lập", districtCode: "726"},
	}
	seen := map[string]bool{}
	for _, p := range parts {
		g.ward = 0
		for number := 1; number <= 12; number++ {
			h := g.hamletStreets(&place{part: p, number: number})
			for street := range 12 {
				name := h.name(street)
				if again := h.name(street); again != name {
					t.Errorf("%q is also called %q", name, again)
				}
				key := text.Fold(name)
				if name == mainRoad(p.districtCode) && street == northAxis && number == 1 {
					continue // shared on purpose; its numbers go on
				}
				if seen[key] {
					t.Errorf("%q twice", name)
				}
				seen[key] = true
			}
		}
	}
}

func TestMainRoadRepeatsNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	g := generator{rng: rng, streets: newStreetSupply(rng)}
	p := &part{name: "Phú Mỹ", urban: true, districtCode: thuDauMot}
	for i, want := range []string{"1", "501", "1001"} {
		name, number := g.hamletStreets(&place{part: p, number: 1}).address(northAxis, 1)
		if name != "Đại lộ Bình Dương" || number != want {
			t.Errorf("hamlet %d begins at %s %s, want %s", i, number, name, want)
		}
	}
	if _, square := g.hamletStreets(&place{part: p, number: 1}).square(); square != "1501A" {
		t.Errorf("the square is number %s", square)
	}
}

func TestOfficesOfADividedCommuneAreDoubled(t *testing.T) {
	for _, main := range []bool{true, false} {
		n := &publicNames{part: &part{name: "An Lập", fullName: "Xã An Lập", main: main, rest: 100}}
		var names []string
		for range 40 {
			names = append(names, n.next("Ấp 1").Name)
		}
		committee := slices.Contains(names, "Ủy ban nhân dân Xã An Lập")
		if committee != main {
			t.Errorf("main part %v has a people's committee: %v", main, committee)
		}
		schools := slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !strings.HasPrefix(s, "Trường") })
		slices.Sort(schools)
		if len(slices.Compact(slices.Clone(schools))) != len(schools) {
			t.Errorf("a school twice: %q", schools)
		}
	}
}

func TestFlatLabel(t *testing.T) {
	for i, want := range map[int]string{0: "A-02.01", 11: "A-02.12", 12: "A-03.01", 239: "A-21.12", 240: "B-02.01", 1499: "G-06.12"} {
		if got := flatLabel(i); got != want {
			t.Errorf("flat %d is %s, want %s", i, got, want)
		}
	}
}

func TestRefOf(t *testing.T) {
	for serial, want := range map[int]string{1: "BD-000001", 286949: "BD-286949", 999999: "BD-999999", 3000000: "BD-3000000"} {
		if got := refOf(serial); got != want {
			t.Errorf("%d is %s, want %s", serial, got, want)
		}
	}
}

func TestDayOf(t *testing.T) {
	for n, want := range map[int]string{0: "2022-07-01", 30: "2022-07-31", 31: "2022-08-01", 61: "2022-08-31",
		62: "2022-09-01", 91: "2022-09-30", 92: "2022-10-01", daysOfIssue - 1: "2022-10-31"} {
		if got := dayOf(n); got != want {
			t.Errorf("day %d is %s, want %s", n, got, want)
		}
	}
}

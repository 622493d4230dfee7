package facts

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo/text"
)

type unit struct {
	level, code, parent, fullName, kind string
	from, to                            string
	postcodes                           []postcode
	successors                          []string
}

type postcode struct{ code, from, to string }

const endOfTime = "9999-12-31"

// inForce tells whether day lies in the half-open period of the unit.
func (u unit) inForce(day string) bool { return u.from <= day && day < u.to }

func (u unit) bareName() string { return strings.TrimPrefix(u.fullName, u.kind+" ") }

func read(t *testing.T, name string) []unit {
	t.Helper()
	for _, f := range Files() {
		if f.Name == name {
			return parse(t, f)
		}
	}
	t.Fatalf("%s is not shipped", name)
	return nil
}

func parse(t *testing.T, f File) []unit {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(f.Text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	header := strings.Split("level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors", ",")
	if diff := cmp.Diff(header, rows[0]); diff != "" {
		t.Fatalf("%s: header (-want +got):\n%s", f.Name, diff)
	}
	var units []unit
	for _, r := range rows[1:] {
		u := unit{level: r[0], code: r[1], parent: r[2], fullName: r[3], kind: r[4], from: r[5], to: orEnd(r[6])}
		u.successors = strings.Fields(r[8])
		for _, p := range strings.Fields(r[7]) {
			u.postcodes = append(u.postcodes, parsePostcode(t, u, p))
		}
		units = append(units, u)
	}
	return units
}

func parsePostcode(t *testing.T, u unit, s string) postcode {
	t.Helper()
	code, period, found := strings.Cut(s, "@")
	if !found {
		return postcode{code, u.from, u.to}
	}
	from, to, found := strings.Cut(period, "/")
	if !found {
		t.Fatalf("%s: postcode %q has no / in its period", u.code, s)
	}
	return postcode{code, from, orEnd(to)}
}

func orEnd(day string) string {
	if day == "" {
		return endOfTime
	}
	return day
}

func all(t *testing.T) []unit {
	return append(read(t, "binhduong_2022.csv"), read(t, "binhduong_2025.csv")...)
}

func onDay(units []unit, day string) []unit {
	return slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return !u.inForce(day) })
}

func TestAUnitIsMissingOrTooMany(t *testing.T) {
	count := func(units []unit) map[string]int {
		n := map[string]int{}
		for _, u := range units {
			n[u.level]++
		}
		return n
	}
	old := read(t, "binhduong_2022.csv")
	for _, day := range []string{"2022-10-01", "2023-04-10", "2024-05-01", "2025-06-30"} {
		want := map[string]int{"province": 1, "district": 9, "commune": 91}
		if diff := cmp.Diff(want, count(onDay(old, day))); diff != "" {
			t.Errorf("in force on %s (-want +got):\n%s", day, diff)
		}
	}
	if n := len(old); n != 101+4 {
		t.Errorf("%d rows of 2022, want 101 units and 4 renamed ones", n)
	}
	if n := len(onDay(old, "2025-07-01")); n != 0 {
		t.Errorf("%d units of 2022 outlive the reform", n)
	}
	want := map[string]int{"province": 1, "commune": 36}
	if diff := cmp.Diff(want, count(onDay(read(t, "binhduong_2025.csv"), "2025-07-01"))); diff != "" {
		t.Errorf("in force since the reform (-want +got):\n%s", diff)
	}
}

func TestSuccessorsAreWrong(t *testing.T) {
	units := all(t)
	byCount := map[int]int{}
	for _, u := range units {
		after := onDay(units, u.to)
		for _, code := range u.successors {
			if !slices.ContainsFunc(after, func(s unit) bool { return s.code == code && s.level == u.level }) {
				t.Errorf("%s %s: no %s %s in force on %s", u.code, u.fullName, u.level, code, u.to)
			}
		}
		if u.level == "commune" && u.to == "2025-07-01" {
			byCount[len(u.successors)]++
		}
	}
	if diff := cmp.Diff(map[int]int{1: 75, 2: 16}, byCount); diff != "" {
		t.Errorf("old communes by number of successors (-want +got):\n%s", diff)
	}
}

func TestDefaultSuccessorIsNotFirst(t *testing.T) {
	want := map[string]string{
		"74":    "79",
		"25741": "25750 25747", // Hiệp Thành: mostly Phú Lợi
		"25768": "25768 25771",
		"25843": "25843",
		"25990": "25987 25966", // Vĩnh Phú: mostly Bình Hoà
	}
	got := map[string]string{}
	for _, u := range onDay(read(t, "binhduong_2022.csv"), "2025-06-30") {
		if _, asked := want[u.code]; asked {
			got[u.code] = strings.Join(u.successors, " ")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("successors (-want +got):\n%s", diff)
	}
}

func TestRenamedUnitKeepsOneName(t *testing.T) {
	for _, c := range []struct{ code, day, want string }{
		{"723", "2023-04-09", "Thị xã Tân Uyên"},
		{"723", "2023-04-10", "Thành phố Tân Uyên"},
		{"721", "2024-04-30", "Thị xã Bến Cát"},
		{"721", "2024-05-01", "Thành phố Bến Cát"},
		{"25840", "2022-10-01", "Xã An Điền"},
		{"25840", "2025-06-30", "Phường An Điền"},
		{"25840", "2025-07-01", "Phường Long Nguyên"},
		{"25843", "2024-04-30", "Xã An Tây"},
		{"25843", "2024-05-01", "Phường An Tây"},
	} {
		units := slices.DeleteFunc(onDay(all(t), c.day), func(u unit) bool { return u.code != c.code })
		if len(units) != 1 || units[0].fullName != c.want {
			t.Errorf("%s on %s is %v, want %s", c.code, c.day, units, c.want)
		}
	}
}

func TestPeriodsOverlapOrAreNoDates(t *testing.T) {
	last := map[string]unit{}
	units := all(t)
	slices.SortStableFunc(units, func(a, b unit) int { return strings.Compare(a.from, b.from) })
	for _, u := range units {
		if u.from >= u.to || !isDay(u.from) || !isDay(u.to) {
			t.Errorf("%s %s: period %s to %s", u.code, u.fullName, u.from, u.to)
		}
		if before, ok := last[u.code]; ok && before.to != u.from {
			t.Errorf("%s: one period ends on %s, the next begins on %s", u.code, before.to, u.from)
		}
		last[u.code] = u
	}
}

func TestPostcodeNamesTwoUnitsAtOnce(t *testing.T) {
	type use struct {
		unit string
		postcode
	}
	seen := map[string][]use{}
	for _, u := range all(t) {
		for _, p := range u.postcodes {
			if !isDay(p.from) || !isDay(p.to) || p.from >= p.to {
				t.Errorf("%s: postcode %s from %s to %s", u.code, p.code, p.from, p.to)
			}
			for _, other := range seen[p.code] {
				if p.from < other.to && other.from < p.to {
					t.Errorf("postcode %s names %s and %s at once", p.code, other.unit, u.code)
				}
			}
			seen[p.code] = append(seen[p.code], use{u.code, p})
		}
	}
}

func TestPostcodeHasTheWrongLengthOrNone(t *testing.T) {
	digits := map[string]int{"province": 2, "district": 3, "commune": 5}
	for _, u := range all(t) {
		if u.code == "79" {
			continue // its postcode is in neither decision that is shipped
		}
		if len(u.postcodes) != 1 || len(u.postcodes[0].code) != digits[u.level] || !strings.HasPrefix(u.postcodes[0].code, "75") {
			t.Errorf("%s %s: postcodes %v", u.code, u.fullName, u.postcodes)
		}
	}
}

func TestPostcodesReusedIn2025(t *testing.T) {
	before := map[string]bool{}
	for _, u := range onDay(read(t, "binhduong_2022.csv"), "2025-06-30") {
		before[u.postcodes[0].code] = true
	}
	reused := 0
	for _, u := range read(t, "binhduong_2025.csv") {
		if len(u.postcodes) > 0 && before[u.postcodes[0].code] {
			reused++
		}
	}
	if reused != 22 {
		t.Errorf("%d postcodes are re-used, want 22", reused)
	}
}

func TestCodesThatBelongedToAnotherName(t *testing.T) {
	before := map[string]unit{}
	for _, u := range onDay(read(t, "binhduong_2022.csv"), "2025-06-30") {
		before[u.code] = u
	}
	existed, other := 0, 0
	for _, u := range read(t, "binhduong_2025.csv") {
		old, ok := before[u.code]
		if !ok {
			continue
		}
		existed++
		if text.Fold(old.bareName()) != text.Fold(u.bareName()) {
			other++
		}
	}
	if existed != 36 || other != 23 {
		t.Errorf("%d codes existed before and %d of them under another name, want 36 and 23", existed, other)
	}
}

func TestParentIsMissing(t *testing.T) {
	above := map[string]string{"commune": "district", "district": "province"}
	for _, f := range Files() {
		seen := map[string]string{}
		for _, u := range parse(t, f) {
			want := above[u.level]
			if f.Name == "binhduong_2025.csv" && u.level == "commune" {
				want = "province"
			}
			if seen[u.parent] != want {
				t.Errorf("%s: %s %s: parent %q is a %q above it, want a %s", f.Name, u.code, u.fullName, u.parent, seen[u.parent], want)
			}
			seen[u.code] = u.level
		}
	}
}

func TestNameDoesNotBeginWithItsKind(t *testing.T) {
	kinds := map[string][]string{
		"province": {"Tỉnh", "Thành phố"},
		"district": {"Thành phố", "Thị xã", "Huyện"},
		"commune":  {"Phường", "Xã", "Thị trấn"},
	}
	for _, u := range all(t) {
		if !slices.Contains(kinds[u.level], u.kind) || !strings.HasPrefix(u.fullName, u.kind+" ") {
			t.Errorf("%s: %q is a %s of kind %q", u.code, u.fullName, u.level, u.kind)
		}
		if _, err := text.Clean(u.fullName, 100); err != nil {
			t.Errorf("%s: %v", u.code, err)
		}
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

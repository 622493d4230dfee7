package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// thuDauMotCode is the code of the design's first place, a point of tests.
const thuDauMotCode = "28XMJ25Q66"

func resolve(t *testing.T, s *models.Store, q models.Query) *models.Resolution {
	t.Helper()
	r, err := s.Resolve(t.Context(), q)
	if err != nil {
		t.Fatalf("resolve %q: %v", q.Input, err)
	}
	return r
}

// registered are House 0 on the design's point, a shop behind it, and a farm.
func registered(t *testing.T, s *models.Store) (house, shop, farm geo.Code) {
	t.Helper()
	r := storetest.House(0)
	r.Commune, r.AsOf, r.DiaChiSo = "25747", "2022-10-01", "7510600001"
	house = storetest.Register(t, s, r).Code
	r.Kind, r.Name, r.Parent, r.ConfirmDistinct, r.DiaChiSo = "shop", "Tạp hóa Ví Dụ", &house, true, "7510600002"
	shop = storetest.Register(t, s, r).Code
	farm = storetest.Register(t, s, storetest.Farm("Vườn bưởi Ánh Dương")).Code
	return house, shop, farm
}

func TestLineOfCodesIsNotResolved(t *testing.T) {
	near := storetest.Metres(storetest.ThuDauMot, 900, 900)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
		house, shop, farm := registered(t, s)
		db.Exec(t, "INSERT INTO identifiers (address_id, scheme, source, value) VALUES (?, 'dinh_danh', 'x', '123456789012')", farm.ID())
		both := []geo.Code{house, shop}
		unit := shop.String()
		cases := []struct {
			name       string
			query      models.Query
			scheme     geo.Scheme
			want       []geo.Code
			normalized bool
		}{
			{"a code", models.Query{Input: thuDauMotCode}, geo.SchemeCode, both[:1], false},
			{"lower case with dashes", models.Query{Input: " 28xm-j25-q66 "}, geo.SchemeCode, both[:1], false},
			{"in groups", models.Query{Input: "28XM J25 Q66"}, geo.SchemeCode, both[:1], false},
			{"full width", models.Query{Input: "２８ＸＭＪ２５Ｑ６６"}, geo.SchemeCode, both[:1], true},
			{"letters for digits", models.Query{Input: "ZBXMJZSQ66"}, geo.SchemeCode, both[:1], true},
			{"a unit", models.Query{Input: unit}, geo.SchemeCode, both[1:], false},
			{"a Plus Code", models.Query{Input: "7P28XMJ2+5Q6"}, geo.SchemePlusCode, both, false},
			{"a Plus Code of ten digits", models.Query{Input: "7P28XMJ2+5Q"}, geo.SchemePlusCode, both, false},
			{"a Plus Code without +", models.Query{Input: "7P28XMJ25Q6"}, geo.SchemePlusCode, both, false},
			{"a short Plus Code near a point", models.Query{Input: "XMJ2+5Q6", Near: &near}, geo.SchemePlusCode, both, false},
			{"a short Plus Code in a commune", models.Query{Input: "XMJ2+5Q6", Commune: "Phường Thủ Dầu Một"}, geo.SchemePlusCode, both, false},
			{"a position", models.Query{Input: "10.9804, 106.6519"}, geo.SchemePosition, both, false},
			{"the Vpostcode of today", models.Query{Input: "75123XMJ25Q6"}, geo.SchemeVpostcode, both, false},
			{"the Vpostcode of before", models.Query{Input: "75106-XMJ2+5Q6"}, "", nil, false},
			{"the Vpostcode of before without +", models.Query{Input: "75106 XMJ2 5Q6"}, geo.SchemeVpostcode, both, false},
			{"a Vpostcode of another commune", models.Query{Input: "75110XMJ25Q6"}, geo.SchemeVpostcode, nil, false},
			{"a địa chỉ số", models.Query{Input: "7510600002"}, geo.SchemeDiaChiSo, both[1:], false},
			{"a mã định danh", models.Query{Input: "123 456 789 012"}, geo.SchemeDinhDanh, []geo.Code{farm}, false},
			{"a địa chỉ số nobody has", models.Query{Input: "7510600009"}, geo.SchemeDiaChiSo, nil, false},
		}
		for _, c := range cases {
			r := resolve(t, s, c.query)
			if diff := cmp.Diff(c.want, codesOf(r.Matches)); diff != "" && len(c.want)+len(r.Matches) > 0 {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
			for _, m := range r.Matches {
				if m.Scheme != c.scheme {
					t.Errorf("%s: scheme %s, want %s", c.name, m.Scheme, c.scheme)
				}
			}
			if (r.Problem == nil) != (len(c.want) > 0) {
				t.Errorf("%s: problem %v", c.name, r.Problem)
			}
			if r.Readings.Normalized != c.normalized {
				t.Errorf("%s: normalized %v", c.name, r.Readings.Normalized)
			}
		}
	})
}

func TestInputWithoutMatchIsNotExplained(t *testing.T) {
	cases := []struct {
		input, code string
		kind        models.Kind
	}{
		{"", "empty-input", models.Invalid},
		{" - ", "empty-input", models.Invalid},
		{strings.Repeat("2", 65), "too-long", models.Invalid},
		{"xin chào", "unreadable", models.Invalid},
		{"\xff", "invalid-utf8", models.Invalid},
		{"XMJ2+5Q6", "near-needed", models.Invalid},
		{"+", "bad-plus-code", models.Invalid},
		{"48.1, 11.5", "outside-window", models.Invalid},
		{"106.6519, 10.9804", "swapped", models.Invalid},
		{"H72VH2FVP6", "code-not-found", models.NotFound},
		{"H72VH2FVP7", "check-failed", models.NotFound},
		{"11.0, 107.0", "code-not-found", models.NotFound},
		{"75106XMJ25Q9", "code-not-found", models.NotFound},
	}
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		for _, c := range cases {
			r := resolve(t, s, models.Query{Input: c.input})
			if codeOf(r.Problem) != c.code || kindOf(r.Problem) != c.kind {
				t.Errorf("%.20q: %q kind %d (%v), want %q kind %d", c.input, codeOf(r.Problem), kindOf(r.Problem), r.Problem, c.code, c.kind)
			}
			if len(r.Matches)+len(r.Candidates) > 0 {
				t.Errorf("%.20q: an empty registry answers %v %v", c.input, r.Matches, r.Candidates)
			}
		}
		r := resolve(t, s, models.Query{Input: "H72VH2FVP6"})
		if !r.HasCode || r.Code.String() != "H72VH2FVP6" {
			t.Errorf("the cell of a free code is not told: %+v", r)
		}
	})
}

func TestUnregisteredUnitHidesItsDoor(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		house, _, _ := registered(t, s)
		r := resolve(t, s, models.Query{Input: unit(t, house, 77).String()})
		if codeOf(r.Problem) != "code-not-found" || len(r.Candidates) != 1 || r.Candidates[0].Address.Code != house || r.Candidates[0].Repair.Op != geo.OpDoor {
			t.Errorf("%v, candidates %+v", r.Problem, r.Candidates)
		}
		broken := []byte(unit(t, house, 77).String())
		broken[12] = 'X'
		r = resolve(t, s, models.Query{Input: string(broken)})
		if !slices.ContainsFunc(r.Candidates, func(c models.Candidate) bool { return c.Address.Code == house && c.Repair.Op == geo.OpDoor }) {
			t.Errorf("%s: %v, candidates %+v", broken, r.Problem, r.Candidates)
		}
	})
}

func TestNeighbourOfAnEmptyPointIsHidden(t *testing.T) {
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		house, _, _ := registered(t, s)
		p := storetest.Metres(storetest.ThuDauMot, 30, 0)
		r := resolve(t, s, models.Query{Input: geo.FormatE7(p.Lat) + "," + geo.FormatE7(p.Lng)})
		if len(r.Candidates) != 2 || r.Candidates[0].Address.Code != house || r.Candidates[0].DistanceM < 29.9 || r.Candidates[0].DistanceM > 30.1 {
			t.Errorf("%v, candidates %+v", r.Problem, r.Candidates)
		}
		if !r.HasCode || r.Code != doorAt(t, p) {
			t.Errorf("the cell of the point is %v", r.Code)
		}
	})
}

// candidateCodes are the codes of candidates in order.
func candidateCodes(r *models.Resolution) []geo.Code {
	var codes []geo.Code
	for _, c := range r.Candidates {
		codes = append(codes, c.Address.Code)
	}
	return codes
}

func TestRepairNamesWhatNobodyHas(t *testing.T) {
	slips := map[string]string{
		geo.OpSubstitute: "28XMJ25Q76",
		geo.OpSwap:       "28MXJ25Q66",
		geo.OpInsert:     "28XMJ2Q66",
		geo.OpDelete:     "28XMJ225Q66",
	}
	mapped.Each(t, func(t *testing.T, s *models.Store) {
		house, _, _ := registered(t, s)
		for op, typed := range slips {
			r := resolve(t, s, models.Query{Input: typed})
			if len(r.Matches) > 0 || len(r.Candidates) != 1 || r.Candidates[0].Address.Code != house || r.Candidates[0].Repair.Op != op {
				t.Errorf("%s: matches %v, candidates %+v", typed, r.Matches, r.Candidates)
			}
		}
	})
}

func TestRepairsAreRankedWrong(t *testing.T) {
	typed := "28XMJ25Q76" // 66 was meant
	var repairs []geo.Code
	var lookAlike []bool
	for _, r := range geo.Repairs(typed) {
		repairs = append(repairs, r.Code)
		lookAlike = append(lookAlike, r.LookAlike)
	}
	if len(repairs) < 5 {
		t.Fatalf("only %d repairs", len(repairs))
	}
	order := func(first ...int) []geo.Code {
		var codes []geo.Code
		for _, i := range first {
			codes = append(codes, repairs[i])
		}
		for _, alike := range []bool{true, false} {
			for i, code := range repairs {
				if lookAlike[i] == alike && !slices.Contains(first, i) {
					codes = append(codes, code)
				}
			}
		}
		return codes
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		farm := storetest.Register(t, s, storetest.Farm("Vườn bưởi")).Code
		for _, code := range repairs {
			copyRow(t, db, farm, fmt.Sprintf("SELECT %d AS id", code.ID()))
		}
		if diff := cmp.Diff(order(), candidateCodes(resolve(t, s, models.Query{Input: typed}))); diff != "" {
			t.Errorf("without a hint (-want +got):\n%s", diff)
		}
		last := slices.Index(lookAlike, false)
		db.Exec(t, "UPDATE addresses SET commune_id = (SELECT id FROM admin_units WHERE code = '25777' AND valid_to IS NULL) WHERE id = ?", repairs[last].ID())
		if diff := cmp.Diff(order(last), candidateCodes(resolve(t, s, models.Query{Input: typed, Commune: "25777"}))); diff != "" {
			t.Errorf("with a commune (-want +got):\n%s", diff)
		}
		near := storetest.DauTieng
		far := slices.Index(lookAlike[last+1:], false) + last + 1
		db.Exec(t, "UPDATE addresses SET lat = ?, lng = ? WHERE id = ?", near.Lat, near.Lng, repairs[far].ID())
		got := candidateCodes(resolve(t, s, models.Query{Input: typed, Near: &near}))
		plain := slices.DeleteFunc(slices.Clone(got), func(c geo.Code) bool { return lookAlike[slices.Index(repairs, c)] })
		if len(got) != len(repairs) || plain[0] != repairs[far] {
			t.Errorf("the nearest to the hint is not the first of those that are no look-alikes: %v, want %v", plain, repairs[far])
		}
		db.Exec(t, "DELETE FROM addresses WHERE id <> ? AND id <> ?", repairs[0].ID(), farm.ID())
		if diff := cmp.Diff(repairs[:1], candidateCodes(resolve(t, s, models.Query{Input: typed}))); diff != "" {
			t.Errorf("filtered by what is registered (-want +got):\n%s", diff)
		}
	})
}

func TestRetiredCodeLeadsNowhere(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")})
		var codes []geo.Code
		for n := range 6 {
			codes = append(codes, storetest.Register(t, s, storetest.House(n)).Code)
		}
		retire := func(n int, reason string, successors ...int) {
			db.Exec(t, "UPDATE addresses SET status = 'retired', valid_to = '2025-12-31', version = 2 WHERE id = ?", codes[n].ID())
			db.Exec(t, "INSERT INTO changes (at, op, address_id, version, actor, reason) SELECT at, 'retire', address_id, 2, 'x', ? FROM changes WHERE address_id = ?",
				reason, codes[n].ID())
			for _, next := range successors {
				db.Exec(t, "INSERT INTO address_successions (address_id, successor_id) VALUES (?, ?)", codes[n].ID(), codes[next].ID())
			}
		}
		retire(0, "split", 1, 4)
		retire(1, "moved", 2)
		retire(2, "merged", 3, 0) // and back: a circle
		retire(5, "demolished")
		cases := []struct {
			n                     int
			status, reason        string
			successors, supersede []geo.Code
		}{
			{0, "retired", "split", []geo.Code{codes[3], codes[4]}, []geo.Code{codes[2]}},
			{1, "retired", "moved", []geo.Code{codes[3], codes[4]}, []geo.Code{codes[0]}},
			{2, "retired", "merged", []geo.Code{codes[3], codes[4]}, []geo.Code{codes[1]}},
			{3, "current", "", nil, []geo.Code{codes[2]}},
			{5, "retired", "demolished", nil, nil},
		}
		for _, c := range cases {
			r := resolve(t, s, models.Query{Input: codes[c.n].String()})
			if len(r.Matches) != 1 {
				t.Errorf("%d: matches %v", c.n, r.Matches)
				continue
			}
			a := r.Matches[0].Address
			got := []any{a.Status, a.Reason, sorted(a.Successors), sorted(a.Supersedes)}
			if diff := cmp.Diff([]any{c.status, c.reason, sorted(c.successors), sorted(c.supersede)}, got); diff != "" {
				t.Errorf("%d (-want +got):\n%s", c.n, diff)
			}
			one, err := s.Address(t.Context(), codes[c.n])
			if diff := cmp.Diff(a, one, cmp.AllowUnexported(models.Address{})); err != nil || diff != "" {
				t.Errorf("%d by code: %v (-resolve +address):\n%s", c.n, err, diff)
			}
		}
		p := storetest.House(5).Point
		if r := resolve(t, s, models.Query{Input: geo.FormatE7(p.Lat) + "," + geo.FormatE7(p.Lng)}); len(r.Matches) > 0 {
			t.Errorf("a retired address still stands at its point: %v", codesOf(r.Matches))
		}
	})
}

func sorted(codes []geo.Code) []geo.Code { return slices.Sorted(slices.Values(codes)) }

func TestManyAtOnePointAreCutSilently(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, mapped)
		first := storetest.Register(t, s, storetest.Flat("A.01")).Code
		copyRow(t, db, first, unitsBehind(first.Door(), 2, 50))
		for input, truncated := range map[string]bool{first.Door().String(): false, first.Door().Plus(): false} {
			if r := resolve(t, s, models.Query{Input: input}); len(r.Matches) != 50 || r.Truncated != truncated {
				t.Errorf("%s: %d matches, truncated %v", input, len(r.Matches), r.Truncated)
			}
		}
		copyRow(t, db, first, unitsBehind(first.Door(), 51, 51))
		db.Exec(t, "INSERT INTO identifiers (address_id, scheme, source, value) SELECT id, 'dia_chi_so', '', '75106' || (id % 8192 + 10000) FROM addresses")
		for _, input := range []string{first.Door().String(), first.Door().Plus()} {
			if r := resolve(t, s, models.Query{Input: input}); len(r.Matches) != 50 || !r.Truncated {
				t.Errorf("%s: %d matches, truncated %v", input, len(r.Matches), r.Truncated)
			}
		}
	})
}

func TestUnknownCodeIsAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		_, err := s.Address(t.Context(), 0)
		wantCode(t, err, "code-not-found")
		if kindOf(err) != models.NotFound {
			t.Errorf("kind %d", kindOf(err))
		}
	})
}

package models_test

import (
	"errors"
	"slices"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// door is an address by its parts, written short.
func door(number, alley, street, hamlet string) models.Parts {
	return models.Parts{HouseNumber: number, Alley: alley, Street: street, Hamlet: hamlet}
}

func TestAlong(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		inOrder := []models.Parts{ // as one walks
			door("3", "", "Đường Hòa Bình", "Khu phố 1"), door("12", "", "Đường Hòa Bình", "Khu phố 2"), door("12/3", "", "Đường Hòa Bình", "Khu phố 2"),
			door("100", "", "Đường Hòa Bình", "Khu phố 2"), door("1", "Hẻm 5", "Đường Hòa Bình", "Khu phố 2"),
			door("2", "", "Đường Hóa Bình", "Khu phố 1"), door("", "", "", "Ấp Thanh An"), door("", "", "", "Ấp Thạnh An"),
		}
		codes := make([]geo.Code, len(inOrder))
		for _, i := range []int{7, 2, 0, 6, 5, 3, 1, 4} {
			r := storetest.House(i)
			r.Parts, r.ConfirmDistinct = inOrder[i], true
			if i == 3 {
				r.Kind = "shop"
			}
			codes[i] = storetest.Register(t, s, r).Code
		}
		elsewhere := storetest.Farm("Vườn Ổi")
		elsewhere.Parts.Street = "Đường Hòa Bình"
		storetest.Register(t, s, elsewhere)
		gone := storetest.House(20)
		gone.Parts.Street = "Đường Hòa Bình"
		retired := storetest.Register(t, s, gone)
		desk := models.Caller{Role: models.RoleAdmin, Name: "test admin", KeyID: 1}
		if _, err := s.Retire(t.Context(), models.Edit{Code: retired.Code, Caller: desk}, models.Retirement{Reason: models.ReasonGone}); err != nil {
			t.Fatal(err)
		}
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		commune := units.At("25747", s.Today())
		for _, c := range []struct {
			name  string
			of    models.Stretch
			want  []int
			count int
		}{
			{"a street", models.Stretch{Street: "Đường Hòa Bình", Most: 9}, []int{0, 1, 2, 3, 4}, 5},
			{"the same with the tone elsewhere", models.Stretch{Street: "ĐƯỜNG  HOÀ BÌNH", Most: 5}, []int{0, 1, 2, 3, 4}, 5},
			{"a hamlet", models.Stretch{Hamlet: "khu phố 1", Most: 9}, []int{0, 5}, 2},
			{"a street in a hamlet", models.Stretch{Street: "Đường Hòa Bình", Hamlet: "Khu phố 2", Most: 9}, []int{1, 2, 3, 4}, 4},
			{"a kind", models.Stretch{Kind: "shop", Most: 9}, []int{3}, 1},
			{"a hamlet without its tone", models.Stretch{Hamlet: "Ấp Thanh An", Most: 9}, []int{6}, 1},
			{"a street without its tones", models.Stretch{Street: "Duong Hoa Binh", Most: 9}, nil, 0},
			{"more than asked for", models.Stretch{Street: "Đường Hòa Bình", Most: 4}, nil, 5},
		} {
			c.of.Commune = commune
			list, all, err := s.Along(t.Context(), c.of)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []geo.Code
			for _, a := range list {
				got = append(got, a.Code)
			}
			for _, i := range c.want {
				want = append(want, codes[i])
			}
			if !slices.Equal(got, want) || all != c.count {
				t.Errorf("%s: %v of %d, want %v of %d", c.name, got, all, want, c.count)
			}
		}
		if list, all, err := s.Along(t.Context(), models.Stretch{Commune: commune, Most: 99}); err != nil || all != 8 || len(list) != 8 {
			t.Errorf("the whole commune: %d of %d, %v", len(list), all, err)
		}
		list, err := s.Addresses(t.Context(), []geo.Code{codes[5], retired.Code, codes[0]})
		if err != nil || list[0].Code != codes[5] || list[1].Status != models.StatusRetired || list[2].Code != codes[0] {
			t.Errorf("by codes: %v", err)
		}
		_, err = s.Addresses(t.Context(), []geo.Code{codes[5], codes[5] + 77})
		if e, ok := errors.AsType[*models.Error](err); !ok || e.Kind != models.NotFound || e.Code != "code-not-found" {
			t.Errorf("an unknown code: %v", err)
		}
	})
}

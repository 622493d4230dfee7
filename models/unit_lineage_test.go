package models_test

import (
	"strings"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// What is held of a unit must be what is found anew on every day, those before
// and after it included.
func TestLineageIsOfAnotherDay(t *testing.T) {
	const closed = "level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors\n" +
		"province,91,,Tỉnh Cũ,Tỉnh,2020-01-01,2022-01-01,,\n" +
		"province,91,,Thành phố Mới,Thành phố,2022-01-01,,,\n" +
		"district,911,91,Huyện Một,Huyện,2020-01-01,,,\n" +
		"commune,91001,911,Xã Một,Xã,2020-06-01,,,\n"
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		if _, err := s.ImportUnits(t.Context(), strings.NewReader(closed)); err != nil {
			t.Fatal(err)
		}
		units := unitsOf(t, s)
		days := map[models.Date]bool{"2000-01-01": true, "2030-01-01": true}
		for _, u := range units.List(models.UnitFilter{}) {
			for _, d := range []models.Date{u.ValidFrom, u.ValidTo} {
				if d != "" {
					days[d], days[models.DateOf(d.End().AddDate(0, 0, -2))] = true, true
				}
			}
		}
		if len(days) < 10 {
			t.Fatalf("only %d days", len(days))
		}
		for _, u := range units.List(models.UnitFilter{}) {
			for day := range days {
				want, province := u.FullName, (*models.AdminUnit)(nil)
				for _, above := range units.Above(u, day) {
					want, province = want+", "+above.FullName, nil
					if above.Level == models.LevelProvince {
						province = above
					}
				}
				p := units.Public(&models.Address{CommuneID: u.ID}, day)
				if p.Text != want || units.Province(u, day) != province {
					t.Errorf("%s of %s on %s: %q, want %q", u.Code, u.ValidFrom, day, p.Text, want)
				}
			}
		}
	})
}

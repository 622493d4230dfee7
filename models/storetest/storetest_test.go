package storetest_test

import (
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestBuildersAreRefused(t *testing.T) {
	storetest.Options{Boundaries: true, Now: storetest.Noon("2026-01-15")}.Each(t, func(t *testing.T, s *models.Store) {
		if s.Today() != "2026-01-15" {
			t.Errorf("the clock stands at %s", s.Today())
		}
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for r, commune := range map[*models.Registration]string{
			ref(storetest.House(1)): "25747", ref(storetest.House(2)): "25747",
			ref(storetest.Flat("A.01")): "25747", ref(storetest.Farm("Vườn bưởi Ông Năm")): "25920",
		} {
			a := storetest.Register(t, s, *r)
			if got := units.Public(a, s.Today()).Commune.Code; got != commune {
				t.Errorf("%+v lies in %s, want %s", r.Parts, got, commune)
			}
		}
		if got := units.CommuneAt(storetest.DauTieng, s.Today()); got == nil || got.Code != "25777" {
			t.Errorf("DauTieng lies in %+v", got)
		}
	})
}

func ref(r models.Registration) *models.Registration { return &r }

func TestDatabasesAreNotTheStoresOwn(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true})
		if s.Database() != db.Kind {
			t.Errorf("the store says %s on %s", s.Database(), db.Kind)
		}
		db.Exec(t, "UPDATE registry SET units_epoch = ? WHERE id = ?", 77, 1)
		if got := db.Count(t, "SELECT units_epoch FROM registry"); got != 77 {
			t.Errorf("epoch is %d, want 77", got)
		}
		if got := db.Count(t, "SELECT count(*) FROM admin_units"); got != 0 {
			t.Errorf("%d units in a store without units", got)
		}
	})
}

package models_test

import (
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestConfidenceNeverAges(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		start := now
		defer func() { now = start }()
		s := db.Open(t, storetest.Options{Now: func() time.Time { return now }})
		a := storetest.Register(t, s, inThuDauMot(1))
		for day := range 10 {
			now = start.AddDate(0, 0, day)
			got, isNew, err := s.Confirm(t.Context(), aCourier, models.Confirmation{Code: a.Code})
			want := map[bool]string{day < 2: "low", day >= 2 && day < 9: "medium", day == 9: "high"}[true]
			if err != nil || !isNew || got.Confidence != want || got.Delivered != day+1 {
				t.Fatalf("day %d: %+v, %v, %v; want %s", day, got, isNew, err, want)
			}
		}
		for _, c := range []struct {
			at        time.Time
			level     string
			delivered int
		}{
			{start.AddDate(1, 0, 8), "high", 10}, {start.AddDate(1, 0, 9), "low", 10},
			{start.AddDate(2, 0, 4), "low", 5}, {start.AddDate(2, 0, 9), "none", 0},
		} {
			now = c.at
			if err := s.Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := s.Confidence(t.Context(), a.Code, anAdmin)
			if err != nil || got.Confidence != c.level || got.Delivered != c.delivered {
				t.Errorf("at %s: %+v, %v; want %s of %d", now, got, err, c.level, c.delivered)
			}
		}
		if n := db.Count(t, "SELECT count(*) FROM confirmations"); n != 0 {
			t.Errorf("%d confirmations are kept for ever", n)
		}
	})
}

// What a mark was made of must be gone with the day: nobody may find out later
// whose confirmation it is, not with the whole database in the hand.
func TestOldMarksCanBeComputedAgain(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		start := now
		defer func() { now = start }()
		s := db.Open(t, storetest.Options{Now: func() time.Time { return now }})
		a := storetest.Register(t, s, inThuDauMot(1))
		confirm := func(isNew bool) string {
			t.Helper()
			if _, got, err := s.Confirm(t.Context(), aCourier, models.Confirmation{Code: a.Code}); err != nil || got != isNew {
				t.Fatalf("new: %v, %v; want %v", got, err, isNew)
			}
			return db.Texts(t, "SELECT mark_secret FROM registry")[0][0]
		}
		first := confirm(true)
		if again := confirm(false); again != first || len(first) < 32 {
			t.Errorf("the secret of a day of %d bytes changes within it", len(first))
		}
		now = now.AddDate(0, 0, 1)
		if next := confirm(true); next == first {
			t.Error("the next day has the same secret")
		}
	})
}

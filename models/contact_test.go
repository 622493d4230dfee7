package models_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

var (
	anAdmin   = models.Caller{Role: models.RoleAdmin, Name: "desk"}
	aCourier  = models.Caller{Role: models.RoleCourier, Name: "post office"}
	theirs    = "Trần Thị Ví Dụ"
	theirsToo = "0900 000 001"
)

// withContact registers a house with a contact.
func withContact(t *testing.T, s *models.Store, n int) *models.Address {
	t.Helper()
	r := inThuDauMot(n)
	r.Contact = &models.Contact{Name: theirs, Phone: theirsToo, Consent: true}
	return storetest.Register(t, s, r)
}

// A reading that can't be stored must not be answered.
func TestContactIsReadWithoutTrace(t *testing.T) {
	refused := func(t *testing.T, s *models.Store, a *models.Address) {
		t.Helper()
		if c, err := s.Contact(t.Context(), a.Code, aCourier, models.PurposeDelivery); c != nil || codeOf(err) != "read-only" {
			t.Errorf("%v, %v; want no contact and read-only", c, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		s := storetest.SQLite(t).Open(t, storetest.Options{})
		a := withContact(t, s, 1)
		s.SetQueryOnly(t, true)
		refused(t, s, a)
		s.SetQueryOnly(t, false)
		if c, err := s.Contact(t.Context(), a.Code, aCourier, models.PurposeDelivery); err != nil || c.Name != theirs {
			t.Errorf("%v, %v", c, err)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		db := storetest.Postgres(t)
		a := withContact(t, db.Open(t, storetest.Options{}), 1)
		db.Exec(t, "ALTER DATABASE "+db.Name()+" SET default_transaction_read_only = on")
		refused(t, db.Open(t, storetest.Options{}), a)
	})
}

func TestContactIsReadWhereReadingsAreLost(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		a := withContact(t, s, 1)
		db.Exec(t, "ALTER TABLE contact_reads RENAME TO gone")
		if c, err := s.Contact(t.Context(), a.Code, anAdmin, models.PurposeReview); c != nil || err == nil {
			t.Errorf("%v, %v; want no contact where there is no place for the reading", c, err)
		}
	})
}

func TestReadingsAreForgottenTooEarlyOrNever(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	storetest.Options{Now: func() time.Time { return now }}.Each(t, func(t *testing.T, s *models.Store) {
		start := now
		defer func() { now = start }()
		a := withContact(t, s, 1)
		for _, month := range []int{0, 5, 11} {
			now = start.AddDate(0, month, 0)
			if _, err := s.Contact(t.Context(), a.Code, aCourier, models.PurposeDelivery); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			at   time.Time
			left int
		}{{start.AddDate(1, 0, 0).Add(-time.Second), 3}, {start.AddDate(1, 0, 0), 2}, {start.AddDate(1, 6, 0), 1}, {start.AddDate(3, 0, 0), 0}} {
			now = c.at
			list, more, err := s.ContactReads(t.Context(), a.Code, anAdmin)
			if err != nil || more || len(list) != c.left {
				t.Errorf("before the job at %s: %d readings, %v, %v; want %d", now, len(list), more, err, c.left)
			}
			if err := s.Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if list, _, err := s.ContactReads(t.Context(), a.Code, anAdmin); err != nil || len(list) != c.left {
				t.Errorf("after the job at %s: %d readings, %v; want %d", now, len(list), err, c.left)
			}
		}
	})
}

func TestPrintedContactHoldsPersonalData(t *testing.T) {
	c := models.Contact{Name: theirs, Phone: theirsToo}
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%v %+v %s", c, &c, c)} {
		if strings.Contains(text, theirs) || strings.Contains(text, theirsToo) {
			t.Errorf("printed as %q", text)
		}
	}
	r := models.Registration{Contact: &c}
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, theirs) {
		t.Errorf("a registration prints %q", text)
	}
}

func TestRefusedContactIsRepeated(t *testing.T) {
	for _, c := range []models.Contact{
		{Name: strings.Repeat("Bí Mật ", 60), Consent: true}, {Phone: "Bí Mật", Consent: true}, {Email: "Bí Mật", Consent: true},
		{DeliveryNotes: "Bí Mật", Phone: "Bí Mật"}, {Name: "Bí Mật\u202e", Consent: true},
	} {
		errs := c.Check()
		if len(errs) == 0 {
			t.Errorf("%q %q %q is accepted", c.Name, c.Phone, c.Email)
		}
		if text := errs.Error() + errs.Vietnamese(); strings.Contains(text, "Bí Mật") {
			t.Errorf("the error repeats what it refuses: %s", text)
		}
	}
}

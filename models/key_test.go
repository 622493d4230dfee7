package models_test

import (
	"strings"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestKeyOpensWhatItMustNot(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true, Now: func() time.Time { return now }})
		forever, err := s.CreateKey(t.Context(), "ops", models.RoleAdmin, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		brief, err := s.CreateKey(t.Context(), "brief", models.RoleAdmin, now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(forever, "dcs_") || len(forever) < 40 || forever == brief {
			t.Errorf("keys %q and %q", forever, brief)
		}
		for _, row := range db.Texts(t, "SELECT name, role, hash FROM api_keys") {
			for _, cell := range row {
				if strings.Contains(cell, forever) || strings.Contains(cell, forever[4:]) {
					t.Errorf("the key is stored in clear: %q", cell)
				}
			}
		}
		key, err := s.Authenticate(t.Context(), forever)
		if err != nil || key.Name != "ops" || key.Role != models.RoleAdmin {
			t.Errorf("%+v, %v", key, err)
		}
		for _, wrong := range []string{"", "dcs_", forever[:len(forever)-1], forever + "A", strings.ToUpper(forever), "' OR 1=1 --"} {
			_, err := s.Authenticate(t.Context(), wrong)
			if codeOf(err) != "bad-key" || kindOf(err) != models.Forbidden {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if _, err := s.Authenticate(t.Context(), brief); err != nil {
			t.Errorf("before it expires: %v", err)
		}
		now = now.Add(time.Hour)
		_, err = s.Authenticate(t.Context(), brief)
		wantCode(t, err, "bad-key")
		if _, err := s.Authenticate(t.Context(), forever); err != nil {
			t.Errorf("a key without expiry after an hour: %v", err)
		}
	})
}

func TestLastUseOfAKeyIsForgotten(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true, Now: func() time.Time { return now }})
		key, err := s.CreateKey(t.Context(), "ops", models.RoleAdmin, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		lastUse := func() string { return db.Texts(t, "SELECT last_used_at FROM api_keys")[0][0] }
		use := func() string {
			t.Helper()
			if _, err := s.Authenticate(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			return lastUse()
		}
		if lastUse() != "" {
			t.Error("a new key was used")
		}
		first := use()
		now = now.Add(30 * time.Second)
		if again := use(); first == "" || again != first {
			t.Errorf("last use %q, half a minute later %q", first, again)
		}
		now = now.Add(time.Minute)
		if later := use(); later == first {
			t.Errorf("last use is still %q", later)
		}
	})
}

func TestKeyWithoutNameOrRole(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true})
		for _, c := range []struct{ name, role, code string }{
			{"", models.RoleAdmin, "bad-name"}, {" ", models.RoleAdmin, "bad-name"}, {strings.Repeat("x", 101), models.RoleAdmin, "bad-name"},
			{"a\x00b", models.RoleAdmin, "bad-name"}, {"ops", "", "required"}, {"ops", "king", "unknown-value"},
		} {
			_, err := s.CreateKey(t.Context(), c.name, c.role, time.Time{})
			if codeOf(err) != c.code {
				t.Errorf("%.10q %q: %v, want %s", c.name, c.role, err, c.code)
			}
		}
		if n := db.Count(t, "SELECT count(*) FROM api_keys"); n != 0 {
			t.Errorf("%d keys", n)
		}
	})
}

func TestRevokedOrRotatedKeyStillOpens(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true})
		create := func(name string) (string, int64) {
			t.Helper()
			text, err := s.CreateKey(t.Context(), name, models.RoleAdmin, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			key, err := s.Authenticate(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			return text, key.ID
		}
		lost, lostID := create("lost")
		kept, keptID := create("kept")
		if key, err := s.RevokeKey(t.Context(), lostID); err != nil || key.Name != "lost" {
			t.Fatalf("%+v, %v", key, err)
		}
		_, err := s.Authenticate(t.Context(), lost)
		wantCode(t, err, "bad-key")
		renewed, key, err := s.RotateKey(t.Context(), keptID)
		if err != nil || key.Name != "kept" || renewed == kept {
			t.Fatalf("%+v, %v", key, err)
		}
		_, err = s.Authenticate(t.Context(), kept)
		wantCode(t, err, "bad-key")
		if key, err := s.Authenticate(t.Context(), renewed); err != nil || key.ID != keptID {
			t.Errorf("the new text: %+v, %v", key, err)
		}
		_, err = s.RevokeKey(t.Context(), lostID)
		wantCode(t, err, "key-closed")
		_, _, err = s.RotateKey(t.Context(), lostID)
		wantCode(t, err, "key-closed")
		_, err = s.RevokeKey(t.Context(), 999)
		wantCode(t, err, "unknown-key")
		list, err := s.Keys(t.Context())
		if err != nil || len(list) != 2 || list[0].Name != "lost" || list[0].RevokedAt.IsZero() || !list[1].RevokedAt.IsZero() || list[1].LastUsedAt.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

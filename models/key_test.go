package models_test

import (
	"strings"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestKeyOpensWhatItMustNot(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
		s := db.Open(t, storetest.Options{WithoutUnits: true, Now: func() time.Time { return now }})
		forever, _, err := s.CreateKey(t.Context(), models.KeyRequest{Name: "ops", Role: models.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		brief, _, err := s.CreateKey(t.Context(), models.KeyRequest{Name: "brief", Role: models.RoleAdmin, LastDay: "2026-01-15"})
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
		now = models.Date("2026-01-15").End()
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
		key, _, err := s.CreateKey(t.Context(), models.KeyRequest{Name: "ops", Role: models.RoleAdmin})
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
			_, _, err := s.CreateKey(t.Context(), models.KeyRequest{Name: c.name, Role: c.role})
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
			text, _, err := s.CreateKey(t.Context(), models.KeyRequest{Name: name, Role: models.RoleAdmin})
			if err != nil {
				t.Fatal(err)
			}
			key, err := s.Authenticate(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			return text, key.KeyID
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
		if key, err := s.Authenticate(t.Context(), renewed); err != nil || key.KeyID != keptID {
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

func TestOfficerWritesElsewhere(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		for _, c := range []struct {
			request models.KeyRequest
			code    string
		}{
			{models.KeyRequest{Name: "desk", Role: models.RoleOfficer}, "required"},
			{models.KeyRequest{Name: "desk", Role: models.RoleOfficer, Communes: []string{"99999"}}, "unknown-commune"},
			{models.KeyRequest{Name: "desk", Role: models.RoleOfficer, Communes: []string{"25747", "Xã Không Có"}}, "unknown-commune"},
			{models.KeyRequest{Name: "desk", Role: models.RoleCourier, Communes: []string{"25747"}}, "not-an-officer"},
			{models.KeyRequest{Name: "desk", Role: models.RoleAdmin, LastDay: "2020-01-01"}, "over"},
		} {
			if _, _, err := s.CreateKey(t.Context(), c.request); codeOf(err) != c.code {
				t.Errorf("%+v: %v, want %s", c.request, err, c.code)
			}
		}
		text, key, err := s.CreateKey(t.Context(), models.KeyRequest{Name: "desk", Role: models.RoleOfficer,
			Communes: []string{"25747", "Phường Thủ Dầu Một", "25920"}})
		if err != nil || len(key.Communes) != 2 {
			t.Fatalf("%+v, %v", key, err)
		}
		officer, err := s.Authenticate(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Register(t.Context(), storetest.House(1), officer.Actor(models.VerificationDeclared)); err != nil {
			t.Errorf("in a commune of the key: %v", err)
		}
		far := storetest.House(2)
		far.Point = storetest.DauTieng
		_, err = s.Register(t.Context(), far, officer.Actor(models.VerificationDeclared))
		wantCode(t, err, "outside-communes")
		_, err = s.Register(t.Context(), far, models.Caller{Role: models.RoleCourier}.Actor(models.VerificationDeclared))
		wantCode(t, err, "not-allowed")
	})
}

func TestFirstStartsMakeSeveralKeys(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{WithoutUnits: true})
		keys := make(chan string, 8)
		for range cap(keys) {
			go func() {
				key, err := s.FirstKey(t.Context())
				if err != nil {
					t.Error(err)
				}
				keys <- key
			}()
		}
		made := 0
		for range cap(keys) {
			if key := <-keys; key != "" {
				made++
				if caller, err := s.Authenticate(t.Context(), key); err != nil || caller.Role != models.RoleAdmin {
					t.Errorf("%+v, %v", caller, err)
				}
			}
		}
		if made != 1 {
			t.Errorf("%d first keys", made)
		}
	})
}

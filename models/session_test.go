package models_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

func eachSession(t *testing.T, run func(t *testing.T, s *models.Store, db storetest.Database, c *clock)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		c := &clock{at: time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)}
		run(t, db.Open(t, storetest.Options{Now: c.now}), db, c)
	})
}

func newKey(t *testing.T, s *models.Store, r models.KeyRequest) (string, models.Key) {
	t.Helper()
	text, key, err := s.CreateKey(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return text, key
}

// signIn signs in with a key in a browser of its own.
func signIn(t *testing.T, s *models.Store, key string) string {
	t.Helper()
	secret, _, err := s.SignIn(t.Context(), key, models.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// officerAt is an officer of a provider.
func officerAt(communes ...string) models.Identity {
	return models.Identity{Issuer: "https://id.example", Subject: "u-17", Name: "Trần Thị Mẫu", Role: models.RoleOfficer, Communes: communes}
}

func TestSessionIsNotItsKey(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		key, _ := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleOfficer, Communes: []string{"25747"}})
		secret, who, err := s.SignIn(t.Context(), key, models.Caller{})
		if err != nil || who.Role != models.RoleOfficer || who.Name != "desk" || len(who.Communes) != 1 || who.Communes[0].Code != "25747" || who.Until != c.now().Add(15*time.Minute) {
			t.Errorf("%+v, %v", who, err)
		}
		byKey, err := s.Authenticate(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		bySession, err := s.SignedIn(t.Context(), secret)
		if err != nil || bySession.SessionID == 0 {
			t.Errorf("%+v, %v", bySession, err)
		}
		bySession.SessionID = 0
		if diff := cmp.Diff(byKey, bySession); diff != "" {
			t.Errorf("the session is somebody else than the key:\n%s", diff)
		}
		for _, row := range db.Texts(t, "SELECT * FROM sessions") {
			for _, cell := range row {
				if strings.Contains(cell, secret) || strings.Contains(cell, secret[4:]) || strings.Contains(cell, key) {
					t.Errorf("a secret is stored in clear: %q", cell)
				}
			}
		}
		_, err = s.Authenticate(t.Context(), secret)
		wantCode(t, err, "bad-key")
		for _, wrong := range []string{"", key, secret + "A", strings.ToUpper(secret), "' OR 1=1 --"} {
			_, err := s.SignedIn(t.Context(), wrong)
			wantCode(t, err, "session-ended")
		}
	})
}

func TestWrongKeySignsIn(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		revoked, key := newKey(t, s, models.KeyRequest{Name: "gone", Role: models.RoleAdmin})
		if _, err := s.RevokeKey(t.Context(), key.ID); err != nil {
			t.Fatal(err)
		}
		for wrong, code := range map[string]string{"dcs_guess": "bad-key", "": "bad-key", revoked: "bad-key", "dco_token": "owner-token"} {
			_, _, err := s.SignIn(t.Context(), wrong, models.Caller{})
			wantCode(t, err, code)
		}
		if n := db.Count(t, "SELECT count(*) FROM sessions"); n != 0 {
			t.Errorf("%d sessions were opened", n)
		}
	})
}

func TestSessionOutlives(t *testing.T) {
	for name, end := range map[string]struct {
		last models.Date // of the key
		live []time.Duration
		dead time.Duration
	}{
		"15 minutes without a request":  {"", []time.Duration{14 * time.Minute, 14 * time.Minute}, 15 * time.Minute},
		"twelve hours of requests":      {"", steps(10*time.Minute, 71), 10 * time.Minute},
		"the key's last day":            {"2026-01-15", steps(10*time.Minute, 71)[:1], models.Date("2026-01-15").End().Sub(time.Date(2026, 1, 15, 5, 10, 0, 0, time.UTC))},
		"15 minutes from the first one": {"", nil, 15 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
				key, _ := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleCourier, LastDay: end.last})
				secret := signIn(t, s, key)
				for _, step := range end.live {
					c.pass(step)
					if _, err := s.SignedIn(t.Context(), secret); err != nil {
						t.Fatalf("ended at %s: %v", c.now(), err)
					}
				}
				c.pass(end.dead)
				_, err := s.SignedIn(t.Context(), secret)
				wantCode(t, err, "session-ended")
			})
		})
	}
}

// steps repeats a step of time.
func steps(step time.Duration, times int) []time.Duration {
	list := make([]time.Duration, times)
	for i := range list {
		list[i] = step
	}
	return list
}

// What a person is told about the end is true, also near it.
func TestEndIsPromisedWrongly(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		start := c.now()
		key, _ := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleCourier, LastDay: "2026-01-15"})
		secret := signIn(t, s, key)
		for _, step := range []struct{ at, until time.Duration }{
			{0, 15 * time.Minute},
			{50 * time.Second, 15 * time.Minute}, // not written yet: the row is at most a minute behind
			{2 * time.Minute, 17 * time.Minute},
		} {
			c.pass(start.Add(step.at).Sub(c.now()))
			caller, err := s.SignedIn(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			if who, err := s.Person(t.Context(), caller); err != nil || who.Until != start.Add(step.until) {
				t.Errorf("after %s: until %s, %v; want %s", step.at, who.Until, err, start.Add(step.until))
			}
		}
		c.pass(models.Date("2026-01-15").End().Add(-5 * time.Minute).Sub(c.now()))
		if _, who, err := s.SignIn(t.Context(), key, models.Caller{}); err != nil || who.Until != models.Date("2026-01-15").End() {
			t.Errorf("before the end of the key: %s, %v", who.Until, err)
		}
	})
}

func TestEndOfAKeyLeavesItsSessions(t *testing.T) {
	for name, end := range map[string]func(s *models.Store, ctx context.Context, id int64) error{
		"revoked": func(s *models.Store, ctx context.Context, id int64) error { _, err := s.RevokeKey(ctx, id); return err },
		"rotated": func(s *models.Store, ctx context.Context, id int64) error {
			_, _, err := s.RotateKey(ctx, id)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
				text, key := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleAdmin})
				secret := signIn(t, s, text)
				caller, err := s.SignedIn(t.Context(), secret)
				if err != nil {
					t.Fatal(err)
				}
				if err := end(s, t.Context(), key.ID); err != nil {
					t.Fatal(err)
				}
				_, err = s.SignedIn(t.Context(), secret)
				wantCode(t, err, "session-ended")
				_, err = s.Person(t.Context(), caller)
				wantCode(t, err, "session-ended")
			})
		})
	}
}

func TestSigningOutEndsTooLittleOrTooMuch(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		mine, _ := newKey(t, s, models.KeyRequest{Name: "mine", Role: models.RoleAdmin})
		other, _ := newKey(t, s, models.KeyRequest{Name: "other", Role: models.RoleAdmin})
		as := func(who models.Identity) string {
			secret, _, err := s.SignInAs(t.Context(), who, models.Caller{})
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		stranger := officerAt("25747")
		stranger.Subject = "u-18"
		secrets := map[string]string{
			"key here": signIn(t, s, mine), "key there": signIn(t, s, mine), "another key": signIn(t, s, other),
			"person here": as(officerAt("25747")), "person there": as(officerAt("25747")), "another person": as(stranger),
		}
		open := func() map[string]models.Caller {
			callers := map[string]models.Caller{}
			for name, secret := range secrets {
				if caller, err := s.SignedIn(t.Context(), secret); err == nil {
					callers[name] = caller
				}
			}
			return callers
		}
		all := open()
		for _, step := range []struct {
			end  func(context.Context, models.Caller) error
			who  string
			gone []string
		}{
			{s.SignOut, "key here", []string{"key here"}},
			{s.SignOut, "person here", []string{"person here"}},
			{s.SignOutEverywhere, "key there", []string{"key there"}},
			{s.SignOutEverywhere, "person there", []string{"person there"}},
		} {
			before := open()
			if err := step.end(t.Context(), all[step.who]); err != nil {
				t.Fatal(err)
			}
			for _, name := range step.gone {
				delete(before, name)
			}
			if diff := cmp.Diff(before, open()); diff != "" {
				t.Errorf("after %s signed out:\n%s", step.who, diff)
			}
		}
		secrets = map[string]string{"key a": signIn(t, s, mine), "key b": signIn(t, s, mine), "person a": as(officerAt("25747")), "person b": as(officerAt("25747"))}
		both := open()
		for _, who := range []string{"key a", "person b"} {
			if err := s.SignOutEverywhere(t.Context(), both[who]); err != nil {
				t.Fatal(err)
			}
		}
		if left := open(); len(left) > 0 {
			t.Errorf("still signed in somewhere: %v", left)
		}
		if err := s.SignOut(t.Context(), models.Caller{}); err != nil {
			t.Errorf("signing out nobody: %v", err)
		}
		if n := db.Count(t, "SELECT count(*) FROM sessions"); n != 2 {
			t.Errorf("%d sessions are left, want those of the others", n)
		}
	})
}

func TestSessionIsKeptOverASignIn(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		key, _ := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleCourier})
		first := signIn(t, s, key)
		before, err := s.SignedIn(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		second, _, err := s.SignIn(t.Context(), key, before)
		if err != nil || second == first {
			t.Fatalf("the same secret again, or %v", err)
		}
		_, err = s.SignedIn(t.Context(), first)
		wantCode(t, err, "session-ended")
		if _, err := s.SignedIn(t.Context(), second); err != nil {
			t.Error(err)
		}
	})
}

func TestEndedSessionsPileUp(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		key, _ := newKey(t, s, models.KeyRequest{Name: "desk", Role: models.RoleCourier})
		if _, _, err := s.SignInAs(t.Context(), officerAt("25747", "25920"), models.Caller{}); err != nil {
			t.Fatal(err)
		}
		signIn(t, s, key)
		c.pass(10 * time.Minute)
		live := signIn(t, s, key)
		c.pass(5 * time.Minute)
		if err := s.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := db.Count(t, "SELECT count(*) FROM sessions"); n != 1 {
			t.Errorf("%d sessions are stored, want 1", n)
		}
		if n := db.Count(t, "SELECT count(*) FROM session_communes") + db.Count(t, "SELECT count(*) FROM sessions WHERE name <> ''"); n != 0 {
			t.Errorf("%d traces of a person are left", n)
		}
		if _, err := s.SignedIn(t.Context(), live); err != nil {
			t.Error(err)
		}
	})
}

func TestProvidersWordIsMistaken(t *testing.T) {
	eachSession(t, func(t *testing.T, s *models.Store, db storetest.Database, c *clock) {
		secret, who, err := s.SignInAs(t.Context(), officerAt("25747", "99999", "25747", "25920"), models.Caller{})
		if err != nil || who.Name != "Trần Thị Mẫu" || len(who.Communes) != 2 {
			t.Fatalf("%+v, %v", who, err)
		}
		caller, err := s.SignedIn(t.Context(), secret)
		if err != nil || caller.Role != models.RoleOfficer || len(caller.Communes) != 2 || caller.KeyID != 0 {
			t.Errorf("%+v, %v", caller, err)
		}
		if name := caller.Name; !strings.HasPrefix(name, "sso:") || len(name) != 16 || strings.Contains(name, "Mẫu") || strings.Contains(name, "u-17") {
			t.Errorf("the change log would call the person %q", name)
		}
		t.Run("the same subject of another provider", func(t *testing.T) {
			elsewhere := officerAt("25747")
			elsewhere.Issuer = "https://other.example"
			secret, _, err := s.SignInAs(t.Context(), elsewhere, models.Caller{})
			if err != nil {
				t.Fatal(err)
			}
			if other, err := s.SignedIn(t.Context(), secret); err != nil || other.Name == caller.Name {
				t.Errorf("%s, %v", other.Name, err)
			}
		})
		t.Run("an officer of nowhere", func(t *testing.T) {
			for _, communes := range [][]string{nil, {"99999"}, {""}} {
				_, _, err := s.SignInAs(t.Context(), officerAt(communes...), models.Caller{})
				wantCode(t, err, "no-communes")
			}
		})
		t.Run("an admin with communes", func(t *testing.T) {
			boss := officerAt("25747")
			boss.Role = models.RoleAdmin
			if _, who, err := s.SignInAs(t.Context(), boss, models.Caller{}); err != nil || len(who.Communes) != 0 {
				t.Errorf("%+v, %v", who, err)
			}
		})
		t.Run("no role of a key", func(t *testing.T) {
			for _, role := range []string{"", models.RoleOwner, "king"} {
				someone := officerAt("25747")
				someone.Role = role
				if _, _, err := s.SignInAs(t.Context(), someone, models.Caller{}); err == nil {
					t.Errorf("%q signs in", role)
				}
			}
		})
		t.Run("a name that is none", func(t *testing.T) {
			odd := officerAt("25747")
			odd.Name = "a\x00b"
			if _, who, err := s.SignInAs(t.Context(), odd, models.Caller{}); err != nil || who.Name != "" {
				t.Errorf("%+v, %v", who, err)
			}
		})
	})
}

package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"diachiso/models/storetest"
)

func TestServeKeepsWhatIsOver(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Open(t, storetest.Options{})
		commandOn(t, db, "key", "create", "--role", "admin", "--name", "desk").expect(t, exitDone, "dcs_", "")
		db.Exec(t, "INSERT INTO idempotency_keys (created_at, hash, request) VALUES (?, ?, ?)", time.Now().UTC().Add(-25*time.Hour), []byte("old"), []byte("x"))
		db.Exec(t, "INSERT INTO idempotency_keys (created_at, hash, request) VALUES (?, ?, ?)", time.Now().UTC(), []byte("new"), []byte("x"))
		serving(t, db, isEmpty)
		for end := time.Now().Add(20 * time.Second); db.Count(t, "SELECT count(*) FROM idempotency_keys") != 1; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("what is over is kept")
			}
		}
	})
}

// The limits that the documentation names hold without any setting, and those
// that are set hold as set.
func TestServeForgetsItsLimits(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		policy := func(t *testing.T, s *server, forwarded string) string {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.address+"/version", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Forwarded-For", forwarded)
			w, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Body.Close()
			return w.Header.Get("RateLimit-Policy") + " " + w.Header.Get("RateLimit")
		}
		t.Run("unset", func(t *testing.T) {
			s := serving(t, db, isEmpty)
			for _, left := range []string{"599", "598"} {
				if got := policy(t, s, "203.0.113."+left[2:]); !strings.HasPrefix(got, `"default";q=600;w=60 "default";r=`+left) {
					t.Errorf("the limit is %s", got)
				}
			}
		})
		t.Run("set", func(t *testing.T) {
			t.Setenv("DIACHISO_RATE_LIMIT", "7")
			t.Setenv("DIACHISO_TRUSTED_PROXIES", "127.0.0.0/8, ::1")
			s := serving(t, db, isEmpty)
			for _, client := range []string{"203.0.113.1", "203.0.113.2"} {
				if got := policy(t, s, client); !strings.HasPrefix(got, `"default";q=7;w=60 "default";r=6`) {
					t.Errorf("the limit is %s", got)
				}
			}
		})
		t.Run("off", func(t *testing.T) {
			t.Setenv("DIACHISO_RATE_LIMIT", "0")
			if got := policy(t, serving(t, db, isEmpty), ""); got != " " {
				t.Errorf("the limit is %s", got)
			}
		})
		t.Run("everybody is a proxy", func(t *testing.T) {
			commandOn(t, db, "serve", "--trusted-proxies", "0.0.0.0/0").expect(t, exitUsage, "", "let everybody choose the address")
		})
	})
}

package models_test

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func attempt(key, request byte) models.Attempt {
	return models.Attempt{Hash: bytes.Repeat([]byte{key}, 32), Request: bytes.Repeat([]byte{request}, 32)}
}

// begin compares what an attempt is answered, or the code of why it is not.
func begin(t *testing.T, s *models.Store, a models.Attempt, want string) {
	t.Helper()
	answer, err := s.BeginOnce(t.Context(), a)
	got := string(answer)
	if e, ok := errors.AsType[*models.Error](err); ok {
		got = e.Code
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}

func TestAttemptIsMadeTwice(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		at := storetest.Noon("2026-01-15")()
		s := db.Open(t, storetest.Options{Now: func() time.Time { return at }})
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		first := attempt(1, 1)
		begin(t, s, first, "")
		begin(t, s, first, "idempotency-running")
		begin(t, s, attempt(1, 2), "idempotency-mismatch")
		begin(t, s, attempt(2, 1), "")
		do(s.KeepAnswer(t.Context(), first.Hash, []byte("done")))
		begin(t, s, first, "done")
		begin(t, s, attempt(1, 2), "idempotency-mismatch")
		do(s.Release(t.Context(), first.Hash)) // is no claim any more
		begin(t, s, first, "done")
		do(s.Release(t.Context(), attempt(2, 1).Hash))
		begin(t, s, attempt(2, 9), "")
		begin(t, s, attempt(3, 1), "")
		do(s.GiveUp(t.Context(), attempt(3, 1).Hash))
		begin(t, s, attempt(3, 1), "idempotency-unknown")
		do(s.GiveUp(t.Context(), first.Hash)) // has an answer
		begin(t, s, first, "done")
		earlier := func(a models.Attempt, want string) {
			t.Helper()
			if answer, err := s.EarlierAnswer(t.Context(), a); string(answer) != want || err != nil {
				t.Errorf("earlier %q, %v, want %q", answer, err, want)
			}
		}
		earlier(first, "done")
		earlier(attempt(4, 1), "")

		at = at.Add(3 * time.Minute) // whoever claimed it has died
		begin(t, s, attempt(2, 9), "idempotency-unknown")
		begin(t, s, first, "done")
		at = at.Add(24*time.Hour - 4*time.Minute)
		begin(t, s, first, "done")
		at = at.Add(time.Minute)
		earlier(first, "")
		begin(t, s, first, "")
		begin(t, s, first, "idempotency-running")

		do(s.Housekeep(t.Context()))
		if n := db.Count(t, "SELECT count(*) FROM idempotency_keys"); n != 1 {
			t.Errorf("%d attempts are kept, want 1", n)
		}
		at = at.Add(24 * time.Hour)
		do(s.Housekeep(t.Context()))
		if n := db.Count(t, "SELECT count(*) FROM idempotency_keys"); n != 0 {
			t.Errorf("%d attempts are kept for ever", n)
		}
	})
}

func TestAttemptIsClaimedByTwo(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Now: storetest.Noon("2026-01-15")})
		for round := range byte(5) {
			var claimed, running atomic.Int64
			var group sync.WaitGroup
			for range 32 {
				group.Go(func() {
					answer, err := s.BeginOnce(t.Context(), attempt(round, 1))
					e, conflict := errors.AsType[*models.Error](err)
					switch {
					case err == nil && answer == nil:
						claimed.Add(1)
					case conflict && e.Code == "idempotency-running":
						running.Add(1)
					}
				})
			}
			group.Wait()
			if claimed.Load() != 1 || running.Load() != 31 {
				t.Errorf("%d claimed it and %d saw that it runs", claimed.Load(), running.Load())
			}
		}
	})
}

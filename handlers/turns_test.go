package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTurnsAreTakenTogether(t *testing.T) {
	turns := newTurns(2)
	var group sync.WaitGroup
	var now, most atomic.Int64
	for range 20 {
		group.Go(func() {
			leave, err := turns.take(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(2 * time.Millisecond)
			now.Add(-1)
			leave()
		})
	}
	group.Wait()
	if most.Load() != 2 {
		t.Errorf("%d at a time, want 2", most.Load())
	}
}

func TestTurnNeverComes(t *testing.T) {
	turns := newTurns(1)
	leave, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := turns.take(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second turn beside the first: %v", err)
	}
	leave()
	if _, err := turns.take(t.Context()); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// Whoever waits too long for a turn is told so; who needs none does not wait.
func TestCostlyPagesStopTheOthers(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		a := newAPI(s.store, Options{Timeout: 700 * time.Millisecond})
		for range scansAtOnce {
			a.scanning <- struct{}{}
		}
		for range drawnAtOnce {
			a.drawing <- struct{}{}
		}
		listening := httptest.NewServer(a.router())
		t.Cleanup(listening.Close)
		s.url = listening.URL
		timeout := []string{"/problems/timeout"}
		for _, path := range []string{"/ogc/collections/addresses/items?bbox=106,10,107,12", "/ogc/collections/addresses/items?datetime=2025-01-01",
			"/v1/addresses?bbox=106,10,107,12", "/v1/addresses/" + code + "/plate.png"} {
			s.play(t, scenario{path: path, status: http.StatusServiceUnavailable, want: timeout})
		}
		for _, path := range []string{"/ogc/collections/addresses/items?kind=household", "/ogc/collections/addresses/items?bbox=-180,-90,180,90", "/v1/addresses", fmt.Sprintf("/v1/addresses/%s", code)} {
			s.play(t, scenario{path: path, status: 200})
		}
		s.play(t, scenario{method: http.MethodHead, path: "/v1/addresses/" + code + "/plate.png", status: 200})
	})
}

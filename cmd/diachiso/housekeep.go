package main

import (
	"context"
	"log/slog"
	"time"

	"diachiso/models"
)

// housekeepEvery is how often a server does what time demands.
const housekeepEvery = time.Hour

// keepHouse does what time demands, now and every hour until stop is called,
// which waits for the end of what is under way.
func keepHouse(ctx context.Context, store *models.Store, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if err := store.Housekeep(ctx); err != nil && ctx.Err() == nil {
				log.Error("housekeeping", "error", err.Error())
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(housekeepEvery):
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

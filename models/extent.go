package models

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"gorm.io/gorm"
)

// Extent is a box that all addresses lie in, and the first day of the oldest.
// Since is empty where there are no addresses.
type Extent struct {
	Box   Box
	Since Date
}

// extentWatch remembers the extent at a position of the change feed.
type extentWatch struct {
	mu    sync.Mutex
	known Extent
	at    FeedPosition
}

// Extent goes through all addresses the first time it is asked, and through the
// changes since then later: it grows with them, and shrinks with no move.
func (s *Store) Extent(ctx context.Context) (Extent, error) {
	w := &s.extent
	w.mu.Lock()
	defer w.mu.Unlock()
	err := s.atOneMoment(ctx, func(tx *gorm.DB) error {
		end, err := feedEnd(tx)
		if err != nil || end == w.at {
			return err
		}
		follows := end.Epoch == w.at.Epoch && end.Seq > w.at.Seq && w.known.Since != ""
		if !follows {
			w.at, w.known = FeedPosition{}, Extent{}
		}
		news, err := extentSince(tx, w.at.Seq, follows)
		if err == nil {
			w.at, w.known = end, w.known.with(news)
		}
		return err
	})
	if err != nil {
		return Extent{}, fmt.Errorf("read the extent of the addresses: %w", err)
	}
	return w.known, nil
}

// extentSince is the extent of what was changed since a change, or of
// everything.
func extentSince(tx *gorm.DB, seq int64, changed bool) (e Extent, err error) {
	from, args := "addresses a", []any{}
	if changed {
		from, args = "changes c JOIN addresses a ON a.id = c.address_id WHERE c.seq > ?", []any{seq}
	}
	var west, south, east, north sql.NullInt64
	err = first(tx.Raw("SELECT min(a.lng), min(a.lat), max(a.lng), max(a.lat), min(a.valid_from) FROM "+from, args...)).
		Scan(&west, &south, &east, &north, &e.Since)
	e.Box = Box{west.Int64, south.Int64, east.Int64, north.Int64}
	return e, err
}

// with is the extent of both.
func (e Extent) with(other Extent) Extent {
	switch {
	case other.Since == "":
		return e
	case e.Since == "":
		return other
	}
	return Extent{
		Box: Box{min(e.Box.West, other.Box.West), min(e.Box.South, other.Box.South),
			max(e.Box.East, other.Box.East), max(e.Box.North, other.Box.North)},
		Since: min(e.Since, other.Since),
	}
}

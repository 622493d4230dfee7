package models

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"gorm.io/gorm"
)

// Extent is a box that all of something lies in, and the first day of the
// oldest; an empty box where nothing has a place, no day where there is nothing.
type Extent struct {
	Box   Box
	Since Date
}

// noBox is empty.
var noBox = Box{West: 1, East: -1}

// Empty reports whether no point lies in the box.
func (b Box) Empty() bool { return b.West > b.East || b.South > b.North }

// with is the box around both.
func (b Box) with(other Box) Box {
	switch {
	case other.Empty():
		return b
	case b.Empty():
		return other
	}
	return Box{min(b.West, other.West), min(b.South, other.South), max(b.East, other.East), max(b.North, other.North)}
}

// with is the extent of both.
func (e Extent) with(other Extent) Extent {
	if e.Since == "" || other.Since != "" && other.Since < e.Since {
		e.Since = other.Since
	}
	e.Box = e.Box.with(other.Box)
	return e
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
			w.at, w.known = FeedPosition{}, Extent{Box: noBox}
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
	if e.Box = noBox; west.Valid {
		e.Box = Box{west.Int64, south.Int64, east.Int64, north.Int64}
	}
	return e, err
}

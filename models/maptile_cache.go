package models

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"gorm.io/gorm"

	"diachiso/geo"
)

const (
	// tileCacheBytes bounds the memory of all tiles that are kept.
	tileCacheBytes = 64 << 20

	// tilesMaxAge is how long tiles may be used before the database is asked
	// whether another process changed something in them.
	tilesMaxAge = time.Second

	// maxTileChanges is from how many changes on it is cheaper to begin anew.
	maxTileChanges = 2_000
)

// tileName tells the tiles that are kept apart. Those of units differ by the
// epoch of the units and the era of the day; those of addresses follow the
// change log.
type tileName struct {
	layer string
	tile  geo.Tile
	epoch int64
	era   Date
}

// tileCache holds tiles that were drawn. A tile is never older than the last
// look into the change log: what changed since then is thrown out, and a tile
// that was being drawn at that moment is drawn again.
type tileCache struct {
	refresh  chan struct{} // full while somebody asks the database
	checked  time.Time     // when it was last known to be complete; under refresh
	seen     FeedPosition  // up to where changes were looked at; under refresh
	outdated atomic.Bool

	kept atomic.Pointer[otter.Cache[tileName, *MapTile]]
}

func newTileCache() *tileCache {
	c := &tileCache{refresh: make(chan struct{}, 1)}
	c.clear()
	return c
}

// clear forgets all tiles. What is being drawn goes into the old cache, which
// nobody asks any more.
func (c *tileCache) clear() {
	c.kept.Store(otter.Must(&otter.Options[tileName, *MapTile]{
		MaximumWeight: tileCacheBytes,
		Weigher:       func(_ tileName, t *MapTile) uint32 { return t.weight() },
	}))
}

// outdate makes the next request ask the database for changes.
func (c *tileCache) outdate() { c.outdated.Store(true) }

// load answers a tile, which is drawn once where several ask for it.
func (c *tileCache) load(ctx context.Context, name tileName, draw func(context.Context) ([]byte, error)) (*MapTile, error) {
	return c.kept.Load().Get(ctx, name, otter.LoaderFunc[tileName, *MapTile](func(ctx context.Context, _ tileName) (*MapTile, error) {
		raw, err := draw(ctx)
		if err != nil {
			return nil, err
		}
		return newMapTile(raw), nil
	}))
}

// refreshTiles throws out the tiles in which something changed: at once what
// this process wrote, within a second what others did.
func (s *Store) refreshTiles(ctx context.Context) error {
	c := s.tiles
	select {
	case c.refresh <- struct{}{}:
		defer func() { <-c.refresh }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !c.outdated.Load() && time.Since(c.checked) < tilesMaxAge {
		return nil
	}
	c.outdated.Store(false)
	checked := time.Now()
	if err := s.followTiles(ctx); err != nil {
		c.outdate()
		return fmt.Errorf("look for changes in tiles: %w", s.translate(err))
	}
	c.checked = checked
	return nil
}

func (s *Store) followTiles(ctx context.Context) error {
	c := s.tiles
	var end FeedPosition
	var touched []geo.Point
	complete := false
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if end, err = feedEnd(tx); err != nil || end == c.seen {
			return err
		}
		if complete = c.seen.Epoch == end.Epoch && c.seen.Seq < end.Seq && end.Seq-c.seen.Seq <= maxTileChanges; complete {
			touched, err = pointsTouched(tx, c.seen.Seq)
		}
		return err
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	switch {
	case err != nil || end == c.seen:
		return err
	case complete:
		c.forget(touched)
	default:
		c.clear()
	}
	c.seen = end
	return nil
}

// pointsTouched are where changes after a number took place: where the
// addresses are now and where they were before each of the changes. A change
// keeps only the coordinate that differed, so they are gone through backwards.
func pointsTouched(tx *gorm.DB, after int64) ([]geo.Point, error) {
	rows, err := tx.Raw(`SELECT a.id, a.lng, a.lat, CAST(c.before ->> 'lng' AS integer), CAST(c.before ->> 'lat' AS integer)
		FROM changes c JOIN addresses a ON a.id = c.address_id WHERE c.seq > ? ORDER BY a.id, c.seq DESC`, after).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var points []geo.Point
	var at geo.Point // of the address, before the changes that were gone through
	for last := int64(-1); rows.Next(); {
		var id int64
		var now geo.Point
		var lng, lat sql.NullInt32
		if err := rows.Scan(&id, &now.Lng, &now.Lat, &lng, &lat); err != nil {
			return nil, err
		}
		if id != last {
			last, at = id, now
			points = append(points, at)
		}
		if lng.Valid {
			at.Lng = lng.Int32
		}
		if lat.Valid {
			at.Lat = lat.Int32
		}
		points = append(points, at)
	}
	return points, rows.Err()
}

// forget throws out the tiles of addresses that hold one of the points.
func (c *tileCache) forget(points []geo.Point) {
	kept, done := c.kept.Load(), map[geo.Tile]bool{}
	for _, p := range points {
		world := p.World()
		for zoom := range uint32(geo.MaxZoom + 1) {
			if t := world.Tile(zoom); !done[t] {
				done[t] = true
				kept.Invalidate(tileName{layer: LayerAddresses, tile: t})
			}
		}
	}
}

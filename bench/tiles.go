package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // to ask PostGIS itself

	"diachiso/geo"
	"diachiso/handlers"
	"diachiso/models"
)

// tileZoom is the first that shows points.
const tileZoom = models.PointZoom

// tilesOf are the tiles that hold one of the points, in a mixed order.
func tilesOf(points []geo.Point) []geo.Tile {
	found := map[geo.Tile]bool{}
	for _, p := range points {
		found[geo.TileAt(p, tileZoom)] = true
	}
	tiles := slices.SortedFunc(maps.Keys(found), func(a, b geo.Tile) int { return int(a.Number() - b.Number()) })
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(tiles), func(i, j int) { tiles[i], tiles[j] = tiles[j], tiles[i] })
	return tiles
}

// tilePaths are the paths of tiles below a prefix.
func tilePaths(prefix, ending string, tiles []geo.Tile) []request {
	paths := make([]string, len(tiles))
	for i, t := range tiles {
		paths[i] = fmt.Sprintf("%d/%d/%d%s", t.Z, t.X, t.Y, ending)
	}
	return gets(prefix, paths)
}

// compareTiles compares tiles that nobody has drawn yet, each asked for once of
// a server that has just started, with what other programs make of the same
// tables: PostGIS alone on PostgreSQL, and tegola where it runs.
func compareTiles(ctx context.Context, s settings, d drawn, out io.Writer) error {
	tiles := tilesOf(d.points)
	w := work{name: "tile z14, first", clients: s.clients, requests: tilePaths("/tiles/addresses/", ".mvt", tiles), round: len(tiles), rows: 1}
	var rounds, peers, alone []result
	size := 0
	for range s.rounds {
		r, bytes, err := firstTiles(ctx, s, w)
		if err != nil {
			return err
		}
		rounds, size = append(rounds, r), bytes
		if s.tegola != "" {
			host, path, _ := strings.Cut(strings.TrimPrefix(s.tegola, "http://"), "/")
			if r, err = load(host, s.clients, tilePaths("/"+path+"/", ".pbf", tiles)); err != nil {
				return fmt.Errorf("tegola: %w", err)
			}
			peers = append(peers, r)
		}
		if strings.HasPrefix(s.url, "postgres") {
			if r, err = loadPostGIS(ctx, s, tiles); err != nil {
				return fmt.Errorf("PostGIS: %w", err)
			}
			alone = append(alone, r)
		}
	}
	r := middle(rounds)
	fmt.Fprintf(out, "%-20s %d client%-1s %7.0f/s   p50 %6.2f ms   p99 %6.2f ms", w.name, w.clients, plural(w.clients),
		r.rate, milliseconds(r.quantile(0.5)), milliseconds(r.quantile(0.99)))
	for _, peer := range []struct {
		name   string
		rounds []result
	}{{"tegola", peers}, {"ST_AsMVT alone", alone}} {
		if len(peer.rounds) > 0 {
			p := middle(peer.rounds)
			fmt.Fprintf(out, "   %s %7.0f/s   ratio %.2g", peer.name, p.rate, r.rate/p.rate)
		}
	}
	fmt.Fprintf(out, "   (%d tiles, the largest answer %d bytes)\n", len(tiles), size)
	return nil
}

// firstTiles asks a new server for each tile once, and answers how many bytes
// the largest has.
func firstTiles(ctx context.Context, s settings, w work) (r result, largest int, err error) {
	store, err := models.Open(ctx, models.Options{URL: s.url})
	if err != nil {
		return r, 0, err
	}
	defer store.Close()
	address, stop, err := serve(handlers.New(store, handlers.Options{Logger: slog.New(slog.NewJSONHandler(io.Discard, nil))}))
	if err != nil {
		return r, 0, err
	}
	defer stop()
	if r, err = load(address, w.clients, w.requests); err != nil {
		return r, 0, err
	}
	for _, q := range w.requests {
		n, err := bodySize(address, q)
		if err != nil {
			return r, 0, err
		}
		largest = max(largest, n)
	}
	return r, largest, nil
}

// asMVT makes the same tile by PostGIS alone.
const asMVT = `WITH edge AS (SELECT ST_TileEnvelope($1, $2, $3) AS box)
	SELECT ST_AsMVT(f, 'addresses', 4096, 'geom', 'id') FROM (
		SELECT a.id, a.code, a.kind, ST_AsMVTGeom(ST_Transform(a.geom, 3857), edge.box, 4096, 0) AS geom
		FROM addresses a, edge WHERE a.geom && ST_Transform(edge.box, 4326) AND a.status = 'current') f`

// loadPostGIS asks the database for each tile once, over so many connections.
func loadPostGIS(ctx context.Context, s settings, tiles []geo.Tile) (result, error) {
	pool, err := sql.Open("pgx", s.url)
	if err != nil {
		return result{}, err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(s.clients)
	pool.SetMaxIdleConns(s.clients)
	if err := pool.PingContext(ctx); err != nil {
		return result{}, err
	}
	return shareOut(len(tiles), s.clients, func(first int, took []time.Duration) error {
		for i := first; i < len(tiles); i += s.clients {
			begun := time.Now()
			var tile []byte
			if err := pool.QueryRowContext(ctx, asMVT, tiles[i].Z, tiles[i].X, tiles[i].Y).Scan(&tile); err != nil {
				return err
			}
			took[i] = time.Since(begun)
		}
		return nil
	})
}

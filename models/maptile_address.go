package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/paulmach/orb/geojson"

	"diachiso/geo"
)

// Zoom levels of the tiles of addresses.
const (
	PointZoom  = 14 // from here on points, before counted clusters
	NumberZoom = 17 // from here on with house numbers
)

// A cluster stands for the addresses in one of 16 x 16 parts of a tile.
const clusterZooms = 4

// drawAddressTile draws the current addresses in a tile.
func (s *Store) drawAddressTile(db *gorm.DB, t geo.Tile) ([]byte, error) {
	if t.Z < PointZoom {
		return s.drawClusters(db, t)
	}
	points, err := s.tilePoints(db, t)
	if err != nil {
		return nil, err
	}
	return drawPoints(t, points)
}

// drawClusters draws a coarse tile from the counts of finer ones.
func (s *Store) drawClusters(db *gorm.DB, t geo.Tile) ([]byte, error) {
	parts := t.Z + clusterZooms
	counted := tileZooms[slices.IndexFunc(tileZooms[:], func(zoom uint32) bool { return zoom >= parts })]
	low, high := t.Within(counted)
	rows, err := db.Raw(`SELECT CAST(sum(addresses) AS bigint), CAST(sum(lng_sum) AS bigint), CAST(sum(lat_sum) AS bigint)
		FROM address_tiles WHERE zoom = ? AND tile >= ? AND tile < ? AND addresses > 0 GROUP BY tile / ? ORDER BY min(tile)`,
		counted, low, high, int64(1)<<(2*(counted-parts))).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the counts of a tile: %w", err)
	}
	defer rows.Close()
	layer := newLayer(LayerClusters)
	for rows.Next() {
		var sum tileSum
		if err := rows.Scan(&sum.addresses, &sum.lngSum, &sum.latSum); err != nil {
			return nil, err
		}
		layer.Features = append(layer.Features, newFeature(0, localPoint(sum.middle(), t), geojson.Properties{"count": sum.addresses}))
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return encodeTile(layer)
}

// middle is the mean position.
func (t tileSum) middle() geo.Point {
	return geo.Point{Lat: int32(t.latSum / t.addresses), Lng: int32(t.lngSum / t.addresses)}
}

// tilePoint is an address in a tile, and where in steps of it.
type tilePoint struct {
	code         geo.Code
	kind, number string
	at           geo.Point
	x, y         uint32
}

// tilePoints reads the current addresses in a tile by code.
func (s *Store) tilePoints(db *gorm.DB, t geo.Tile) ([]tilePoint, error) {
	southWest, northEast := t.Corners()
	box := Box{West: int64(southWest.Lng), South: int64(southWest.Lat), East: int64(northEast.Lng), North: int64(northEast.Lat)}
	rows, err := db.Raw("SELECT a.id, a.kind, a.house_number, a.lng, a.lat FROM addresses a WHERE "+s.dialect.inBox+
		" AND a.status = 'current' ORDER BY a.id", s.dialect.boxArgs(box)...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the addresses in a tile: %w", err)
	}
	defer rows.Close()
	var points []tilePoint
	for rows.Next() {
		var p tilePoint
		var id int64
		if err := rows.Scan(&id, &p.kind, &p.number, &p.at.Lng, &p.at.Lat); err != nil {
			return nil, err
		}
		if world := p.at.World(); world.Tile(t.Z) == t { // the box is a little larger
			p.code = geo.Code(id)
			p.x, p.y = world.Local(t)
			points = append(points, p)
		}
	}
	return points, rows.Err()
}

// mergeSteps are, as powers of two in steps of a tile, the squares whose
// addresses are drawn as one where a tile would become too large: 1/256 of its
// side and coarser. The last leaves 32 x 32 features.
var mergeSteps = [...]uint{0, 4, 5, 6, 7}

// mostPoints is how many addresses may fit in a tile one by one.
const mostPoints = 8_000

// drawPoints draws each address by itself or, where that is too much for a
// tile, those that are close together as a cluster.
func drawPoints(t geo.Tile, points []tilePoint) (raw []byte, err error) {
	for _, step := range mergeSteps {
		if step == 0 && len(points) > mostPoints {
			continue
		}
		if raw, err = drawMerged(t, points, step); err != nil || len(raw) <= maxTileBytes {
			return raw, err
		}
	}
	return raw, nil
}

// drawMerged draws the addresses of each square of so many steps as one.
func drawMerged(t geo.Tile, points []tilePoint, step uint) ([]byte, error) {
	addresses, clusters := newLayer(LayerAddresses), newLayer(LayerClusters)
	for _, square := range squares(points, step) {
		if len(square) == 1 {
			addresses.Features = append(addresses.Features, square[0].feature(t))
			continue
		}
		var sum tileSum
		for _, p := range square {
			sum = tileSum{sum.addresses + 1, sum.lngSum + int64(p.at.Lng), sum.latSum + int64(p.at.Lat)}
		}
		clusters.Features = append(clusters.Features, newFeature(0, localPoint(sum.middle(), t), geojson.Properties{"count": sum.addresses}))
	}
	return encodeTile(addresses, clusters)
}

// squares shares points out among squares; without a step each is alone.
func squares(points []tilePoint, step uint) [][]tilePoint {
	if step > 0 {
		points = slices.Clone(points)
		slices.SortStableFunc(points, func(a, b tilePoint) int {
			return cmp.Or(cmp.Compare(a.y>>step, b.y>>step), cmp.Compare(a.x>>step, b.x>>step))
		})
	}
	var list [][]tilePoint
	for begin, i := 0, 1; i <= len(points); i++ {
		if i == len(points) || step == 0 || points[i].x>>step != points[begin].x>>step || points[i].y>>step != points[begin].y>>step {
			list = append(list, points[begin:i])
			begin = i
		}
	}
	return list
}

// feature is an address by itself; its id is its code as a number.
func (p tilePoint) feature(t geo.Tile) *geojson.Feature {
	properties := geojson.Properties{"code": p.code.String(), "kind": p.kind}
	if t.Z >= NumberZoom && p.number != "" {
		properties["house_number"] = p.number
	}
	return newFeature(p.code.ID(), localPoint(p.at, t), properties)
}

// AddressTile answers a tile of the current addresses.
func (s *Store) AddressTile(ctx context.Context, t geo.Tile) (*MapTile, error) {
	if err := s.refreshTiles(ctx); err != nil {
		return nil, err
	}
	tile, err := s.tiles.load(ctx, tileName{layer: LayerAddresses, tile: t}, func(ctx context.Context) ([]byte, error) {
		raw, err := s.drawAddressTile(s.read.WithContext(ctx), t)
		return raw, s.translate(err)
	})
	if err != nil {
		return nil, fmt.Errorf("draw a tile: %w", err)
	}
	return tile, nil
}

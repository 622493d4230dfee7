package models

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"

	"diachiso/geo"
)

// How units are drawn, in steps of a tile (8 steps are a pixel on a map of 512
// pixels a tile).
const (
	unitBuffer    = 128 // beyond the edge, so that outlines don't show it
	unitTolerance = 4   // how far a simplified line may be from the border
	smallestUnit  = 16  // height or width from which on a unit is drawn
	labelledUnit  = 8   // times as much is needed for a name
)

// UnitTile answers a tile of the units in force on a day: polygons of those
// that have a boundary, and points for their names.
func (s *Store) UnitTile(ctx context.Context, t geo.Tile, day Date) (*MapTile, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	name := tileName{layer: LayerUnits, tile: t, epoch: units.epoch, era: units.Era(day)}
	tile, err := s.tiles.load(ctx, name, func(ctx context.Context) ([]byte, error) { return units.drawTile(ctx, t, day) })
	if err != nil {
		return nil, fmt.Errorf("draw a tile: %w", err)
	}
	return tile, nil
}

// drawTile draws the units that can be seen; where they make a tile too large,
// the smallest are left to deeper ones.
func (u *Units) drawTile(ctx context.Context, t geo.Tile, day Date) ([]byte, error) {
	for smallest := uint32(smallestUnit); ; smallest *= 2 {
		raw, err := u.drawUnits(ctx, t, day, smallest)
		if err != nil || len(raw) <= maxTileBytes {
			return raw, err
		}
	}
}

// drawUnits draws the units from a size on, the wider ones first, so that the
// borders of the others lie above them.
func (u *Units) drawUnits(ctx context.Context, t geo.Tile, day Date, smallest uint32) ([]byte, error) {
	polygons, labels := newLayer(LayerUnits), newLayer(LayerUnitLabels)
	area := newDrawnArea(t)
	for _, index := range []*geo.BoundaryIndex{u.wider, u.boundaries} {
		for _, ref := range index.Overlapping(area.southWest, area.northEast) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			unit, size := u.byID[ref.ID], sizeOnMap(index, ref.ID, t)
			if !unit.InForce(day) || size < smallest {
				continue
			}
			if drawn := area.draw(index.Area(ref.ID)); len(drawn) > 0 {
				polygons.Features = append(polygons.Features, unit.feature(drawn))
			}
			if p, ok := index.LabelPoint(ref.ID); ok && size >= labelledUnit*smallest && geo.TileAt(p, t.Z) == t {
				labels.Features = append(labels.Features, unit.feature(localPoint(p, t)))
			}
		}
	}
	return encodeTile(polygons, labels)
}

// sizeOnMap is the greater of the width and the height of a unit, in steps of a
// tile.
func sizeOnMap(index *geo.BoundaryIndex, id int64, t geo.Tile) uint32 {
	southWest, northEast, _ := index.Corners(id)
	a, b := southWest.World(), northEast.World()
	return max(b.X-a.X, a.Y-b.Y) >> (geo.MaxZoom - t.Z)
}

// feature is the unit on a map; its id is its code as a number.
func (u *AdminUnit) feature(g orb.Geometry) *geojson.Feature {
	id, _ := strconv.ParseInt(u.Code, 10, 64)
	return newFeature(id, g, geojson.Properties{"code": u.Code, "name": u.FullName, "level": u.Level, "valid_from": string(u.ValidFrom)})
}

// drawnArea is a tile with what is drawn around it.
type drawnArea struct {
	tile                 geo.Tile
	southWest, northEast geo.Point // of all that matters: half a tile more on each side
	frame, wide          orb.Bound // the tile and its buffer in steps; all that matters in 1e-7 degree
}

func newDrawnArea(t geo.Tile) drawnArea {
	const most = 180e7
	a := drawnArea{tile: t, frame: orb.Bound{Min: orb.Point{-unitBuffer, -unitBuffer}, Max: orb.Point{geo.TileExtent + unitBuffer, geo.TileExtent + unitBuffer}}}
	southWest, northEast := t.Corners()
	lng, lat := int64(northEast.Lng)-int64(southWest.Lng), int64(northEast.Lat)-int64(southWest.Lat)
	a.southWest = geo.Point{Lat: int32(max(int64(southWest.Lat)-lat/2, -most)), Lng: int32(max(int64(southWest.Lng)-lng/2, -most))}
	a.northEast = geo.Point{Lat: int32(min(int64(northEast.Lat)+lat/2, most)), Lng: int32(min(int64(northEast.Lng)+lng/2, most))}
	a.wide = orb.Bound{Min: orb.Point{float64(a.southWest.Lng), float64(a.southWest.Lat)}, Max: orb.Point{float64(a.northEast.Lng), float64(a.northEast.Lat)}}
	return a
}

// draw takes polygons to steps of the tile, with as many corners as can be
// seen there.
func (a drawnArea) draw(area [][][]geo.Point) orb.MultiPolygon {
	var drawn orb.MultiPolygon
	for _, rings := range area {
		var part orb.Polygon
		for i, points := range rings {
			ring := a.drawRing(points)
			if ring == nil && i == 0 {
				break
			}
			if ring == nil {
				continue
			}
			if want := [...]orb.Orientation{orb.CCW, orb.CW}[min(i, 1)]; ring.Orientation() != want { // MVT 2.1, 4.3.3.3; y points down
				ring.Reverse()
			}
			part = append(part, ring)
		}
		if len(part) > 0 {
			drawn = append(drawn, part)
		}
	}
	return drawn
}

// drawRing is nil where nothing of the ring can be seen. What is far away is cut
// off first: a province has many corners, and a deep tile few of them.
func (a drawnArea) drawRing(points []geo.Point) orb.Ring {
	near := make(orb.Ring, len(points))
	for i, p := range points {
		near[i] = orb.Point{float64(p.Lng), float64(p.Lat)}
	}
	near = clip.Ring(a.wide, near)
	ring, scale := make(orb.Ring, len(near)), float64(uint32(1)<<(geo.MaxZoom-a.tile.Z))
	for i, p := range near {
		w := geo.Point{Lng: int32(p[0]), Lat: int32(p[1])}.World()
		ring[i] = orb.Point{float64(w.X)/scale - float64(a.tile.X)*geo.TileExtent, float64(w.Y)/scale - float64(a.tile.Y)*geo.TileExtent}
	}
	if len(ring) > 0 {
		ring = clip.Ring(a.frame, simplify.DouglasPeucker(unitTolerance).Ring(ring))
	}
	for i, p := range ring {
		ring[i] = orb.Point{math.Floor(p[0]), math.Floor(p[1])}
	}
	if len(ring) < 4 || planar.Area(ring) == 0 {
		return nil
	}
	return ring
}

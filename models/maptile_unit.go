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
	smallestArea  = 256 // smaller parts are left out
)

// UnitTile answers a tile of the units in force on a day: polygons of those
// that have a boundary, and points for their names.
func (s *Store) UnitTile(ctx context.Context, t geo.Tile, day Date) (*MapTile, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	name := tileName{layer: LayerUnits, tile: t, epoch: units.epoch, era: units.Era(day)}
	tile, err := s.tiles.load(ctx, name, func(context.Context) ([]byte, error) { return units.drawTile(t, day) })
	if err != nil {
		return nil, fmt.Errorf("draw a tile: %w", err)
	}
	return tile, nil
}

// drawTile draws the larger units first, so that the borders of the smaller
// ones lie above them.
func (u *Units) drawTile(t geo.Tile, day Date) ([]byte, error) {
	polygons, labels := newLayer(LayerUnits), newLayer(LayerUnitLabels)
	southWest, northEast := t.Corners()
	marginLat, marginLng := (northEast.Lat-southWest.Lat)/16, (northEast.Lng-southWest.Lng)/16 // more than unitBuffer
	southWest = geo.Point{Lat: southWest.Lat - marginLat, Lng: max(southWest.Lng-marginLng, -1_800_000_000)}
	northEast = geo.Point{Lat: northEast.Lat + marginLat, Lng: min(northEast.Lng+marginLng, 1_800_000_000)}
	for _, index := range []*geo.BoundaryIndex{u.wider, u.boundaries} {
		for _, ref := range index.Overlapping(southWest, northEast) {
			unit := u.byID[ref.ID]
			if !unit.InForce(day) {
				continue
			}
			if area := drawArea(index.Area(ref.ID), t); len(area) > 0 {
				polygons.Features = append(polygons.Features, unit.feature(area))
			}
			if p, ok := index.LabelPoint(ref.ID); ok && geo.TileAt(p, t.Z) == t {
				labels.Features = append(labels.Features, unit.feature(localPoint(p, t)))
			}
		}
	}
	return encodeTile(polygons, labels)
}

// feature is the unit on a map; its id is its code as a number.
func (u *AdminUnit) feature(g orb.Geometry) *geojson.Feature {
	id, _ := strconv.ParseInt(u.Code, 10, 64)
	return newFeature(id, g, geojson.Properties{"code": u.Code, "name": u.FullName, "level": u.Level, "valid_from": string(u.ValidFrom)})
}

// drawArea takes polygons to steps of a tile, with as many corners as can be
// seen there.
func drawArea(area [][][]geo.Point, t geo.Tile) orb.MultiPolygon {
	var drawn orb.MultiPolygon
	frame := orb.Bound{Min: orb.Point{-unitBuffer, -unitBuffer}, Max: orb.Point{geo.TileExtent + unitBuffer, geo.TileExtent + unitBuffer}}
	for _, rings := range area {
		var part orb.Polygon
		for i, points := range rings {
			ring := drawRing(points, t, frame)
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

// drawRing is nil where nothing of the ring can be seen.
func drawRing(points []geo.Point, t geo.Tile, frame orb.Bound) orb.Ring {
	ring := make(orb.Ring, len(points))
	scale := float64(uint32(1) << (geo.MaxZoom - t.Z))
	for i, p := range points {
		w := p.World()
		ring[i] = orb.Point{float64(w.X)/scale - float64(t.X)*geo.TileExtent, float64(w.Y)/scale - float64(t.Y)*geo.TileExtent}
	}
	ring = clip.Ring(frame, simplify.DouglasPeucker(unitTolerance).Ring(ring))
	for i, p := range ring {
		ring[i] = orb.Point{math.Floor(p[0]), math.Floor(p[1])}
	}
	if len(ring) < 4 || math.Abs(planar.Area(ring)) < smallestArea {
		return nil
	}
	return ring
}

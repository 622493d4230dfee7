package geo

import (
	"math"
	"strconv"
)

// MaxZoom is the deepest zoom level of tiles: one is some 150 m wide there.
const MaxZoom = 18

// TileExtent is the number of steps on a side of a tile (MVT 2.1, 4.3).
const TileExtent = 4096

// worldBits is the precision of World: a step of a tile of MaxZoom.
const worldBits = 30

// Tile is a square of the Web Mercator map (EPSG:3857): of 2^Z by 2^Z tiles
// the X-th from the west and the Y-th from the north.
type Tile struct{ Z, X, Y uint32 }

// ParseTile reads the numbers of a tile, plain decimal digits. An *Error names
// z, x or y, and what it may be.
func ParseTile(z, x, y string) (Tile, error) {
	zoom, ok := parseTileNumber(z)
	if !ok || zoom > MaxZoom {
		return Tile{}, errorf("no-tile", "%q is no zoom level: they go from 0 to %d",
			"%q không phải mức thu phóng: các mức từ 0 đến %d", shown(z), MaxZoom).in("z")
	}
	column, okX := parseTileNumber(x)
	if !okX || column >= 1<<zoom {
		return Tile{}, noTileNumber("x", x, zoom)
	}
	row, okY := parseTileNumber(y)
	if !okY || row >= 1<<zoom {
		return Tile{}, noTileNumber("y", y, zoom)
	}
	return Tile{zoom, column, row}, nil
}

func noTileNumber(field, text string, zoom uint32) error {
	return errorf("no-tile", "%q is no number of a tile at zoom %d: they go from 0 to %d",
		"%q không phải số ô bản đồ ở mức %d: các số từ 0 đến %d", shown(text), zoom, uint32(1)<<zoom-1).in(field)
}

// parseTileNumber reads digits alone, without a zero in front, so that each
// tile has one address.
func parseTileNumber(text string) (uint32, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil && strconv.FormatUint(n, 10) == text
}

// TileAt is the tile of a zoom level that holds a point.
func TileAt(p Point, zoom uint32) Tile { return p.World().Tile(zoom) }

// World is a place on the Web Mercator map in steps of a tile of MaxZoom from
// its north-west corner.
type World struct{ X, Y uint32 }

// World is where a point lies on the map: its column is exact.
func (p Point) World() World {
	x := (int64(p.Lng) + 180*1e7) << worldBits / (360 * 1e7)
	y := (0.5 - math.Asinh(math.Tan(float64(p.Lat)*(math.Pi/180/1e7)))/(2*math.Pi)) * (1 << worldBits)
	return World{uint32(x), uint32(min(max(y, 0), 1<<worldBits-1))}
}

// Tile is the tile of a zoom level that holds the place.
func (w World) Tile(zoom uint32) Tile {
	shift := worldBits - zoom
	return Tile{zoom, w.X >> shift, w.Y >> shift}
}

// Local is where the place lies in a tile that holds it, in steps from its
// north-west corner: 0 to TileExtent - 1.
func (w World) Local(t Tile) (x, y uint32) {
	shift := MaxZoom - t.Z
	return w.X>>shift - t.X*TileExtent, w.Y>>shift - t.Y*TileExtent
}

// Number orders the tiles of one zoom level so that those within a larger tile
// follow each other: the bits of Y and X take turns, Y first.
func (t Tile) Number() int64 { return int64(spread(t.Y)<<1 | spread(t.X)) }

// Within are the numbers, from low to before high, of the tiles of a deeper
// zoom level that lie in the tile.
func (t Tile) Within(zoom uint32) (low, high int64) {
	shift := 2 * (zoom - t.Z)
	return t.Number() << shift, (t.Number() + 1) << shift
}

// spread puts a zero in front of each bit.
func spread(n uint32) uint64 {
	v := uint64(n)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// Corners are the south-west and north-east corner of a box that holds the
// tile, and at most 1e-7 degree more on a side.
func (t Tile) Corners() (southWest, northEast Point) {
	const whole = 360 * 1e7
	west := int64(t.X)*whole>>t.Z - whole/2
	east := int64(t.X+1)*whole>>t.Z - whole/2
	return Point{Lat: int32(math.Floor(t.latitude(t.Y + 1))), Lng: int32(west)},
		Point{Lat: int32(math.Ceil(t.latitude(t.Y))), Lng: int32(east)}
}

// latitude is that of the northern edge of a row, in 1e-7 degree.
func (t Tile) latitude(row uint32) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*float64(row)/float64(uint32(1)<<t.Z)))) * (180 / math.Pi * 1e7)
}

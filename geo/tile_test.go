package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"diachiso/geo"
)

func drawPoint(t *rapid.T) geo.Point {
	return geo.Point{
		Lat: rapid.Int32Range(40_000_000, 239_999_999).Draw(t, "lat"),
		Lng: rapid.Int32Range(1_000_000_000, 1_199_999_999).Draw(t, "lng"),
	}
}

// orb's map tiles are found by other arithmetic.
func TestTileIsAnotherThanOrbs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, zoom := drawPoint(t), rapid.Uint32Range(0, geo.MaxZoom).Draw(t, "zoom")
		at := orb.Point{float64(p.Lng) / 1e7, float64(p.Lat) / 1e7}
		got, fraction := geo.TileAt(p, zoom), maptile.Fraction(at, maptile.Zoom(zoom))
		const step = 1e-6 // of a tile: where two roundings may differ
		if math.Abs(fraction[0]-float64(got.X)-0.5) > 0.5+step || math.Abs(fraction[1]-float64(got.Y)-0.5) > 0.5+step {
			t.Fatalf("%v at zoom %d: %v, orb says %v", p, zoom, got, fraction)
		}
	})
}

func TestTileLosesItsPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, zoom := drawPoint(t), rapid.Uint32Range(0, geo.MaxZoom).Draw(t, "zoom")
		tile := geo.TileAt(p, zoom)
		sw, ne := tile.Corners()
		if p.Lng < sw.Lng || p.Lng > ne.Lng || p.Lat < sw.Lat || p.Lat > ne.Lat {
			t.Fatalf("%v lies outside its tile %v: %v to %v", p, tile, sw, ne)
		}
		if x, y := p.World().Local(tile); x >= geo.TileExtent || y >= geo.TileExtent {
			t.Fatalf("%v in %v: %d, %d", p, tile, x, y)
		}
		deeper := rapid.Uint32Range(zoom, geo.MaxZoom).Draw(t, "deeper")
		low, high := tile.Within(deeper)
		if n := geo.TileAt(p, deeper).Number(); n < low || n >= high {
			t.Fatalf("tile %v of %v at zoom %d is %d, not from %d to %d", tile, p, deeper, n, low, high)
		}
	})
}

// The tiles within a tile are all of its range, each once.
func TestTileNumbersCollide(t *testing.T) {
	parent := geo.Tile{Z: 3, X: 6, Y: 3}
	low, high := parent.Within(6)
	seen := map[int64]bool{}
	for x := parent.X << 3; x < (parent.X+1)<<3; x++ {
		for y := parent.Y << 3; y < (parent.Y+1)<<3; y++ {
			n := geo.Tile{Z: 6, X: x, Y: y}.Number()
			if n < low || n >= high || seen[n] {
				t.Errorf("%d,%d has the number %d", x, y, n)
			}
			seen[n] = true
		}
	}
	if len(seen) != 64 || high-low != 64 {
		t.Errorf("%d numbers from %d to %d", len(seen), low, high)
	}
}

func ExampleTileAt() {
	p, _ := geo.ParsePoint("10.9804", "106.6519")
	tile := geo.TileAt(p, 14)
	x, y := p.World().Local(tile)
	fmt.Printf("%d/%d/%d, %d steps from the west, %d from the north\n", tile.Z, tile.X, tile.Y, x, y)
	// Output: 14/13045/7689, 3467 steps from the west, 747 from the north
}

func TestParseTile(t *testing.T) {
	for _, c := range []struct{ z, x, y, field string }{
		{"0", "0", "0", ""}, {"18", "262143", "262143", ""}, {"14", "13045", "7688", ""},
		{"19", "0", "0", "z"}, {"30", "1", "1", "z"}, {"-1", "0", "0", "z"}, {"x", "0", "0", "z"}, {"1.5", "0", "0", "z"}, {"", "0", "0", "z"},
		{"01", "0", "0", "z"}, {"+1", "0", "0", "z"}, {"99999999999", "0", "0", "z"},
		{"1", "2", "0", "x"}, {"1", "-1", "0", "x"}, {"1", "a", "0", "x"}, {"0", "1", "0", "x"}, {"1", "4294967296", "0", "x"}, {"1", "NaN", "0", "x"},
		{"1", "0", "2", "y"}, {"1", "0", "-1", "y"}, {"1", "0", "1e0", "y"}, {"1", "0", "٣", "y"},
	} {
		_, err := geo.ParseTile(c.z, c.x, c.y)
		e, _ := errors.AsType[*geo.Error](err)
		if c.field == "" && err != nil || c.field != "" && (e == nil || e.Field != c.field || e.Code != "no-tile") {
			t.Errorf("%s/%s/%s: %v, want an error about %q", c.z, c.x, c.y, err, c.field)
		}
	}
}

package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"diachiso/geo"
)

// Layers of map tiles.
const (
	LayerAddresses  = "addresses"   // points
	LayerClusters   = "clusters"    // points that stand for several addresses
	LayerUnits      = "units"       // polygons
	LayerUnitLabels = "unit_labels" // points
)

// maxTileBytes bounds a tile before it is compressed.
const maxTileBytes = 250_000

// MapTile is a vector tile (MVT 2.1). Its Tag is made of its bytes: two tiles
// have the same tag where they are the same, on any machine.
type MapTile struct {
	Raw []byte
	Tag string

	gzip, zstd func() []byte
}

func newMapTile(raw []byte) *MapTile {
	hash := sha256.Sum256(raw)
	return &MapTile{Raw: raw, Tag: hex.EncodeToString(hash[:12]),
		gzip: sync.OnceValue(func() []byte { return gzipped(raw) }),
		zstd: sync.OnceValue(func() []byte { return zstdEncoder().EncodeAll(raw, nil) })}
}

// Gzip is the tile compressed by gzip, once for everybody.
func (t *MapTile) Gzip() []byte { return t.gzip() }

// Zstd is the tile compressed by Zstandard, once for everybody.
func (t *MapTile) Zstd() []byte { return t.zstd() }

// weight bounds the memory of the tile in all its forms, in bytes.
func (t *MapTile) weight() uint32 {
	const overhead = 1024
	return uint32(3*len(t.Raw) + overhead)
}

func gzipped(raw []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(raw) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// zstdEncoder is shared: EncodeAll may be called by many at a time.
var zstdEncoder = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // the options are constants: only a broken build gets here
	}
	return e
})

// encodeTile writes layers whose geometries are in steps of a tile; those
// without features are left out.
func encodeTile(layers ...*mvt.Layer) ([]byte, error) {
	filled := make(mvt.Layers, 0, len(layers))
	for _, l := range layers {
		if len(l.Features) > 0 {
			filled = append(filled, l)
		}
	}
	raw, err := mvt.Marshal(filled)
	if err != nil {
		return nil, fmt.Errorf("encode a tile: %w", err)
	}
	return raw, nil
}

func newLayer(name string) *mvt.Layer {
	return &mvt.Layer{Name: name, Version: 2, Extent: geo.TileExtent}
}

// localPoint is a place in steps of a tile that holds it.
func localPoint(p geo.Point, t geo.Tile) orb.Point {
	x, y := p.World().Local(t)
	return orb.Point{float64(x), float64(y)}
}

func newFeature(id int64, g orb.Geometry, properties geojson.Properties) *geojson.Feature {
	f := &geojson.Feature{Geometry: g, Properties: properties}
	if id > 0 {
		f.ID = id
	}
	return f
}

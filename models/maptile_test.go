package models_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// countIn is how many addresses a tile stands for.
func countIn(t rapid.TB, raw []byte) (alone, counted int) {
	t.Helper()
	layers, err := mvt.Unmarshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			if l.Name == models.LayerAddresses {
				alone++
			} else {
				counted += int(f.Properties["count"].(float64))
			}
		}
	}
	return alone, counted
}

// However many addresses and however close together: a tile stays small and
// stands for all of them.
func TestCrowdedTile(t *testing.T) {
	at := geo.TileAt(storetest.ThuDauMot, 17)
	southWest, northEast := at.Corners()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.SampledFrom([]int{1, 100, 4_000, 8_001, 30_000}).Draw(r, "addresses")
		spread := rapid.SampledFrom([]int32{1, 16, 256, 4096}).Draw(r, "places a side")
		seed := rapid.Uint32().Draw(r, "seed")
		points := make([]geo.Point, n)
		for i := range points {
			seed = seed*1664525 + 1013904223
			x, y := int32(seed>>8)%spread, int32(seed>>20)%spread
			points[i] = geo.Point{Lat: southWest.Lat + 2 + (northEast.Lat-southWest.Lat-4)/spread*y, Lng: southWest.Lng + 2 + (northEast.Lng-southWest.Lng-4)/spread*x}
		}
		raw, err := models.DrawPoints(at, points)
		if err != nil || len(raw) > 250_000 {
			r.Fatalf("%d bytes, %v", len(raw), err)
		}
		if alone, counted := countIn(r, raw); alone+counted != n || n <= 100 && counted > 0 {
			r.Fatalf("%d alone and %d counted, want %d", alone, counted, n)
		}
	})
}

// Many who ask for one tile at a time have it drawn once.
func TestTileIsDrawnAgain(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		storetest.Register(t, s, storetest.House(1))
		at := geo.TileAt(storetest.ThuDauMot, 14)
		asked := s.CountQuestions(t)
		var group sync.WaitGroup
		for range 64 {
			group.Go(func() {
				if _, err := s.AddressTile(t.Context(), at); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := asked.Load(); n > 20 { // a tile, the epoch of the units and the end of the change log, which are asked for again after a second
			t.Errorf("%d questions to the database", n)
		}
	})
}

// Who has written something finds it in the tile, whoever else reads meanwhile.
func TestTileForgetsWhatWasJustWritten(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var group sync.WaitGroup
		var read atomic.Int64
		for range 4 {
			group.Go(func() {
				for ctx.Err() == nil {
					for _, zoom := range []uint32{3, 13, 15} {
						_, _ = s.AddressTile(ctx, geo.TileAt(storetest.ThuDauMot, zoom))
						read.Add(1)
					}
				}
			})
		}
		for n := 1; n <= 60; n++ {
			house := storetest.House(n)
			house.Point = storetest.Metres(storetest.ThuDauMot, float64(n/8)*4, float64(n%8)*4)
			storetest.Register(t, s, house)
			for _, zoom := range []uint32{3, 13, 15} {
				tile, err := s.AddressTile(t.Context(), geo.TileAt(storetest.ThuDauMot, zoom))
				if err != nil {
					t.Fatal(err)
				}
				if alone, counted := countIn(t, tile.Raw); alone+counted != n {
					t.Fatalf("zoom %d: %d alone and %d counted after house %d", zoom, alone, counted, n)
				}
			}
		}
		stop()
		group.Wait()
		if read.Load() < 300 {
			t.Errorf("only %d tiles were read meanwhile", read.Load())
		}
	})
}

// The real boundaries are finer than the demo's.
func TestUnitTileOfRealBoundaries(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", "binhduong_wards_2025.geojson"))
	if err != nil {
		t.Skip("the real boundaries may not be committed")
	}
	defer file.Close()
	s := storetest.SQLite(t).Open(t, storetest.Options{})
	if _, _, err := s.ImportBoundaries(t.Context(), file, "2025-07-01"); err != nil {
		t.Fatal(err)
	}
	for zoom := range uint32(geo.MaxZoom + 1) {
		tile, err := s.UnitTile(t.Context(), geo.TileAt(storetest.ThuDauMot, zoom), "2026-01-15")
		if err != nil || len(tile.Raw) > 250_000 {
			t.Errorf("zoom %d: %v", zoom, err)
			continue
		}
		if layers, err := mvt.Unmarshal(tile.Raw); err != nil || zoom >= 7 && len(layers[0].Features) == 0 {
			t.Errorf("zoom %d: %d bytes, %v", zoom, len(tile.Raw), err)
		}
	}
}

// Two small moves, one coordinate each, lead around the corner of a tile: what
// it was in before both must not show the address any more.
func TestTileKeepsWhatWentAroundItsCorner(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		at := geo.TileAt(storetest.ThuDauMot, 18)
		corner, _ := at.Corners() // in the south-west
		house := storetest.House(1)
		house.Point = storetest.Metres(corner, 2, 2)
		a := storetest.Register(t, s, house)
		if tile, err := s.AddressTile(t.Context(), at); err != nil || len(tile.Raw) == 0 {
			t.Fatalf("the address is not in its tile: %v", err)
		}
		west, south := storetest.Metres(house.Point, 0, -4), storetest.Metres(house.Point, -4, -4)
		for _, p := range []geo.Point{west, south} {
			e := models.Edit{Code: a.Code, Caller: models.Caller{Role: models.RoleAdmin, Name: "test"}}
			if _, err := s.Amend(t.Context(), e, models.Amendment{Point: &p}); err != nil {
				t.Fatal(err)
			}
		}
		if tile, err := s.AddressTile(t.Context(), at); err != nil || len(tile.Raw) > 0 {
			t.Errorf("it is still in the tile that it has left: %v", err)
		}
	})
}

// country is GeoJSON of so many communes, each with a border of 24 corners, and
// the file of their units.
func country(rows, columns int) (units, boundaries string) {
	var list, polygons strings.Builder
	list.WriteString("level,code,parent,full_name,kind,valid_from,valid_to,postcode,successors\nprovince,99,,Tỉnh Thử Nghiệm,Tỉnh,2000-01-01,,,\n")
	for n := range rows * columns {
		code := strconv.Itoa(50_000 + n)
		fmt.Fprintf(&list, "commune,%s,99,Xã Có Tên Khá Dài Số %d,Xã,2000-01-01,,,\n", code, n)
		lng, lat := 102.2+0.14*float64(n%columns), 8.6+0.14*float64(n/columns)
		if polygons.Len() > 0 {
			polygons.WriteString(",")
		}
		fmt.Fprintf(&polygons, `{"type":"Feature","properties":{"code":"%s"},"geometry":{"type":"Polygon","coordinates":[[`, code)
		for corner := range 25 {
			angle := 2 * math.Pi * float64(corner%24) / 24
			if corner > 0 {
				polygons.WriteString(",")
			}
			fmt.Fprintf(&polygons, "[%.6f,%.6f]", lng+0.068*math.Cos(angle), lat+0.068*math.Sin(angle))
		}
		polygons.WriteString("]]}}")
	}
	return list.String(), `{"type":"FeatureCollection","features":[` + polygons.String() + "]}"
}

// A country has a hundred times as many communes as the demo.
func TestUnitTilesOfACountry(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{WithoutUnits: true})
	units, boundaries := country(100, 50)
	if _, err := s.ImportUnits(t.Context(), strings.NewReader(units)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ImportBoundaries(t.Context(), strings.NewReader(boundaries), "2025-07-01"); err != nil {
		t.Fatal(err)
	}
	middle := geo.Point{Lat: 150_400_000, Lng: 1_057_000_000} // of a commune
	for zoom := range uint32(geo.MaxZoom + 1) {
		tile, err := s.UnitTile(t.Context(), geo.TileAt(middle, zoom), "2026-01-15")
		if err != nil || len(tile.Raw) > 250_000 {
			t.Errorf("zoom %d: %d bytes, %v", zoom, len(tile.Raw), err)
			continue
		}
		layers, err := mvt.Unmarshal(tile.Raw)
		if err != nil || zoom >= 7 && len(layers) == 0 {
			t.Errorf("zoom %d: %d layers, %v", zoom, len(layers), err)
		}
	}
}

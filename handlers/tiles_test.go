package handlers

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// tileMatrix is who may see maps and statistics: everybody.
func tileMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET " + addressTilePattern: open("/tiles/addresses/18/208709/122981.mvt"),
		"GET " + unitTilePattern:    open("/tiles/units/12/3261/1921.mvt"),
		"GET /tiles/addresses.json": open("/tiles/addresses.json"),
		"GET /tiles/units.json":     open("/tiles/units.json"),
		"GET /v1/stats":             open("/v1/stats?by=commune,kind,status,verification,day"),
	}
}

func TestTileOfNowhere(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		list := []scenario{
			{name: "nothing there", path: "/tiles/addresses/0/0/0.mvt", status: 200, header: []string{"Content-Type: application/vnd.mapbox-vector-tile", "Content-Length: 0", "ETag: *", "Cache-Control: public, max-age=60"}},
			{name: "deepest", path: "/tiles/addresses/18/262143/262143.mvt", status: 200},
			{name: "a parameter", path: "/tiles/addresses/0/0/0.mvt?as_of=2025-01-01", status: 400, want: []string{`"parameter":"as_of","code":"unknown"`}},
			{name: "no day", path: "/tiles/units/0/0/0.mvt?as_of=2025-13-01", status: 400, want: []string{`"parameter":"as_of"`}},
			{name: "no day of the description", path: "/tiles/units.json?as_of=x", status: 400, want: []string{`"parameter":"as_of"`}},
			{name: "as a page", path: "/tiles/addresses/0/0/0.mvt", headers: []string{"Accept: text/html"}, status: 406},
			{name: "as older programs ask", path: "/tiles/addresses/0/0/0.mvt", headers: []string{"Accept: application/x-protobuf"}, status: 200, header: []string{"Content-Type: application/x-protobuf"}},
			{name: "another ending", path: "/tiles/addresses/0/0/0.pbf", status: 404},
			{name: "no ending", path: "/tiles/addresses/0/0/0", status: 404},
			{name: "other tiles", path: "/tiles/streets/0/0/0.mvt", status: 404},
			{name: "head", method: "HEAD", path: "/tiles/addresses/0/0/0.mvt", status: 200, header: []string{"ETag: *"}},
			{name: "post", method: "POST", path: "/tiles/addresses/0/0/0.mvt", status: 405},
			{name: "page of others", path: "/tiles/addresses/0/0/0.mvt", headers: []string{"Origin: https://maps.example"}, status: 200, header: []string{"Access-Control-Allow-Origin: *"}},
		}
		for _, bad := range []struct{ tile, parameter string }{
			{"19/0/0", "z"}, {"30/0/0", "z"}, {"-1/0/0", "z"}, {"x/0/0", "z"}, {"1.5/0/0", "z"}, {"01/0/0", "z"}, {"%2b1/0/0", "z"},
			{"1/2/0", "x"}, {"1/-1/0", "x"}, {"1/a/0", "x"}, {"1/0/2", "y"}, {"1/0/-1", "y"}, {"1/0/1e0", "y"}, {"1/0/4294967296", "y"},
		} {
			for _, of := range []string{"addresses", "units"} {
				list = append(list, scenario{name: of + " " + bad.tile, path: "/tiles/" + of + "/" + bad.tile + ".mvt", status: 400,
					want: []string{"/problems/no-tile", `"parameter":"` + bad.parameter + `"`}})
			}
		}
		s.run(t, list)
	})
}

func TestTileJSON(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "addresses", path: "/tiles/addresses.json", status: 200, want: []string{`"tilejson":"3.0.0"`, `"tiles":["` + s.url + `/tiles/addresses/{z}/{x}/{y}.mvt"]`, `"maxzoom":18`, `"id":"clusters"`}},
			{name: "units", path: "/tiles/units.json", status: 200, want: []string{`"tiles":["` + s.url + `/tiles/units/{z}/{x}/{y}.mvt"]`, "in force on " + today}},
			{name: "units of then", path: "/tiles/units.json?as_of=2022-10-01", status: 200, want: []string{`{y}.mvt?as_of=2022-10-01"]`, "in force on 2022-10-01"}},
			{name: "behind a proxy", path: "/tiles/addresses.json", headers: []string{"X-Forwarded-Proto: https"}, status: 200, want: []string{`"tiles":["http://`}},
		})
	})
}

// tile is the raw tile of a layer and its tag.
func (s *server) tile(t *testing.T, layer string, at geo.Tile) (raw, tag string) {
	t.Helper()
	w, body := s.play(t, scenario{path: fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, at.Z, at.X, at.Y), status: 200})
	return body, w.Header.Get("ETag")
}

// features are the features of a tile's layers, on earth.
func features(t *testing.T, raw string, at geo.Tile) map[string][]map[string]any {
	t.Helper()
	layers, err := mvt.Unmarshal([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	layers.ProjectToWGS84(maptile.New(at.X, at.Y, maptile.Zoom(at.Z)))
	found := map[string][]map[string]any{}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != 4096 {
			t.Errorf("layer %s has version %d and extent %d", l.Name, l.Version, l.Extent)
		}
		for _, f := range l.Features {
			p := maps.Clone(map[string]any(f.Properties))
			p["geometry"], p["id"] = f.Geometry, f.ID
			found[l.Name] = append(found[l.Name], p)
		}
	}
	return found
}

// Every address is in exactly one tile of each zoom, alone or counted.
func TestTilesLoseAnAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 300)
		gone := storetest.House(7)
		gone.Point = storetest.Metres(storetest.ThuDauMot, 3000, 0)
		a := storetest.Register(t, s.store, gone)
		if _, err := s.store.Retire(t.Context(), models.Edit{Code: a.Code, Caller: models.Caller{Role: models.RoleAdmin}}, models.Retirement{Reason: models.ReasonGone}); err != nil {
			t.Fatal(err)
		}
		rows := s.database.Texts(t, "SELECT code, lng, lat, house_number, kind, id FROM addresses WHERE status = 'current'")
		for zoom := range uint32(geo.MaxZoom + 1) {
			counted, alone := 0, map[string]bool{}
			for _, at := range tilesOf(t, rows, zoom) {
				raw, _ := s.tile(t, "addresses", at)
				if len(raw) > 250_000 {
					t.Errorf("%v has %d bytes", at, len(raw))
				}
				layers := features(t, raw, at)
				for _, f := range layers["clusters"] {
					counted += int(f["count"].(float64))
				}
				for _, f := range layers["addresses"] {
					alone[fmt.Sprint(f["code"], f["kind"], f["house_number"])] = true
				}
			}
			if counted+len(alone) != len(rows) || zoom < 14 && len(alone) > 0 || zoom >= 14 && counted > 0 {
				t.Errorf("zoom %d: %d in clusters and %d alone, want %d", zoom, counted, len(alone), len(rows))
			}
			for _, r := range rows {
				number := any(nil)
				if zoom >= 17 {
					number = r[3]
				}
				if key := fmt.Sprint(r[0], r[4], number); zoom >= 14 && !alone[key] {
					t.Fatalf("zoom %d lacks %s", zoom, key)
				}
			}
		}
	})
}

// pointOf reads coordinates of a row.
func pointOf(t *testing.T, lng, lat string) (p geo.Point) {
	t.Helper()
	if _, err := fmt.Sscan(lng+" "+lat, &p.Lng, &p.Lat); err != nil {
		t.Fatal(err)
	}
	return p
}

// tilesOf are the tiles of a zoom that hold one of the rows.
func tilesOf(t *testing.T, rows [][]string, zoom uint32) []geo.Tile {
	t.Helper()
	found := map[geo.Tile]bool{}
	for _, r := range rows {
		found[geo.TileAt(pointOf(t, r[1], r[2]), zoom)] = true
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b geo.Tile) int { return int(a.Number() - b.Number()) })
}

// GDAL's reader of vector tiles is nobody's relative: points must be where the
// database says, to half a step of the tile.
func TestGDALReadsAnotherTile(t *testing.T) {
	ogr2ogr := storetest.Program(t, "ogr2ogr")
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 200)
		rows := s.database.Texts(t, "SELECT code, lng, lat FROM addresses")
		want := map[string]geo.Point{}
		for _, r := range rows {
			want[r[0]] = pointOf(t, r[1], r[2])
		}
		got := map[string]geo.Point{}
		for _, at := range tilesOf(t, rows, 16) {
			raw, _ := s.tile(t, "addresses", at)
			for code, p := range readByGDAL(t, ogr2ogr, raw, at) {
				got[code] = p
			}
		}
		const step = 360e7 / (1 << 28) // of zoom 16, in 1e-7 degree
		for code, p := range want {
			if g, there := got[code]; !there || math.Abs(float64(g.Lng-p.Lng)) > step || math.Abs(float64(g.Lat-p.Lat)) > step {
				t.Errorf("%s lies at %v, GDAL reads %v", code, p, g)
			}
		}
		if len(got) != len(want) {
			t.Errorf("GDAL reads %d addresses, want %d", len(got), len(want))
		}
	})
}

// readByGDAL reads the layer addresses of a tile.
func readByGDAL(t *testing.T, ogr2ogr, raw string, at geo.Tile) map[string]geo.Point {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "tile.mvt")
	if err := os.WriteFile(file, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), ogr2ogr, "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9",
		"-oo", fmt.Sprintf("Z=%d", at.Z), "-oo", fmt.Sprintf("X=%d", at.X), "-oo", fmt.Sprintf("Y=%d", at.Y), "/vsistdout/", file, "addresses").Output()
	if err != nil {
		t.Fatalf("ogr2ogr: %v", err)
	}
	var collection struct {
		Features []struct {
			Geometry   struct{ Coordinates [2]float64 }
			Properties struct{ Code string }
		}
	}
	if err := json.Unmarshal(out, &collection); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	found := map[string]geo.Point{}
	for _, f := range collection.Features {
		c := f.Geometry.Coordinates
		found[f.Properties.Code] = geo.Point{Lng: int32(math.Round(c[0] * 1e7)), Lat: int32(math.Round(c[1] * 1e7))}
	}
	return found
}

// pyramid are the tags of the tiles above some points and of all their
// neighbours, those first.
func (s *server) pyramid(t *testing.T, points ...geo.Point) (above, beside map[geo.Tile]string) {
	t.Helper()
	above, beside = map[geo.Tile]string{}, map[geo.Tile]string{}
	for zoom := range uint32(geo.MaxZoom + 1) {
		for _, p := range points {
			at := geo.TileAt(p, zoom)
			_, above[at] = s.tile(t, "addresses", at)
		}
		for _, p := range points {
			at := geo.TileAt(p, zoom)
			for _, d := range [][2]int{{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}} {
				x, y := int(at.X)+d[0], int(at.Y)+d[1]
				next := geo.Tile{Z: zoom, X: uint32(x), Y: uint32(y)}
				if _, is := above[next]; !is && x >= 0 && y >= 0 && x < 1<<zoom && y < 1<<zoom {
					_, beside[next] = s.tile(t, "addresses", next)
				}
			}
		}
	}
	return above, beside
}

// changedZooms are the zooms with another tag.
func changedZooms(before, after map[geo.Tile]string) []uint32 {
	zooms := map[uint32]bool{}
	for at, tag := range after {
		if tag != before[at] {
			zooms[at.Z] = true
		}
	}
	return slices.Sorted(maps.Keys(zooms))
}

func zooms(first, last uint32) []uint32 {
	list := []uint32{}
	for z := first; z <= last; z++ {
		list = append(list, z)
	}
	return list
}

// A tag changes exactly when something in the tile does.
func TestTagOfTile(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 120)
		a := storetest.House(9)
		a.Point = storetest.Metres(storetest.ThuDauMot, -300, 400)
		code := storetest.Register(t, s.store, a).Code
		to := storetest.Metres(a.Point, 5_000, 5_000)
		desk := models.Caller{Role: models.RoleAdmin, Name: "test"}
		edit := func(m models.Amendment) func(t *testing.T) {
			return func(t *testing.T) {
				moved, err := s.store.Amend(t.Context(), models.Edit{Code: code, Caller: desk}, m)
				if err != nil {
					t.Fatal(err)
				}
				code = moved.Code
			}
		}
		number, hamlet, business := "9 bis", "Khu phố 7", "business"
		for _, c := range []struct {
			name   string
			change func(t *testing.T)
			zooms  []uint32
		}{
			{"nothing", func(*testing.T) {}, zooms(1, 0)},
			{"what no tile shows", edit(models.Amendment{Hamlet: &hamlet}), zooms(1, 0)},
			{"another number", edit(models.Amendment{HouseNumber: &number}), zooms(17, 18)},
			{"another kind", edit(models.Amendment{Kind: &business}), zooms(14, 18)},
			{"a move of 7 km", edit(models.Amendment{Point: &to}), zooms(0, 18)},
			{"retired", func(t *testing.T) {
				if _, err := s.store.Retire(t.Context(), models.Edit{Code: code, Caller: desk}, models.Retirement{Reason: models.ReasonGone}); err != nil {
					t.Fatal(err)
				}
			}, zooms(0, 18)},
			{"restored", func(t *testing.T) {
				if _, err := s.store.Restore(t.Context(), models.Edit{Code: code, Caller: desk}, models.Restoration{}); err != nil {
					t.Fatal(err)
				}
			}, zooms(0, 18)},
		} {
			t.Run(c.name, func(t *testing.T) {
				above, beside := s.pyramid(t, a.Point, to)
				c.change(t)
				aboveAfter, besideAfter := s.pyramid(t, a.Point, to)
				got := changedZooms(above, aboveAfter)
				if got == nil {
					got = []uint32{}
				}
				if diff := cmp.Diff(c.zooms, got); diff != "" && c.name != "a move of 7 km" {
					t.Errorf("zooms that changed (-want +got):\n%s", diff)
				}
				if c.name == "a move of 7 km" && !slices.Equal(got[max(0, len(got)-10):], zooms(9, 18)) {
					t.Errorf("zooms that changed: %v", got) // farther out the middle may stay on its step
				}
				if other := changedZooms(beside, besideAfter); len(other) > 0 {
					t.Errorf("neighbours changed too, at zooms %v", other)
				}
			})
		}
	})
}

func TestTileInItsForms(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 200)
		at := geo.TileAt(storetest.Metres(storetest.ThuDauMot, -590, 300), 15)
		path := fmt.Sprintf("/tiles/addresses/15/%d/%d.mvt", at.X, at.Y)
		raw, tag := s.tile(t, "addresses", at)
		if len(raw) < minCompressed {
			t.Fatalf("only %d bytes", len(raw))
		}
		s.play(t, scenario{path: path, headers: []string{"If-None-Match: " + tag}, status: 304, header: []string{"ETag: " + tag}})
		for encoding, read := range map[string]func(io.Reader) (io.Reader, error){
			"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) },
		} {
			w, body := s.play(t, scenario{path: path, headers: []string{"Accept-Encoding: br, " + encoding}, status: 200, header: []string{"Content-Encoding: " + encoding, "Vary: Accept-Encoding"}})
			unpacked, err := read(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if all, err := io.ReadAll(unpacked); err != nil || string(all) != raw || len(body) >= len(raw) {
				t.Errorf("%s: %d bytes unpack to another tile (%v)", encoding, len(body), err)
			}
			own := w.Header.Get("ETag")
			if own == tag {
				t.Errorf("%s has the tag of the raw tile", encoding)
			}
			s.play(t, scenario{path: path, headers: []string{"Accept-Encoding: " + encoding, "If-None-Match: " + own}, status: 304})
			s.play(t, scenario{method: "HEAD", path: path, headers: []string{"Accept-Encoding: " + encoding}, status: 200, header: []string{"ETag: " + own, fmt.Sprintf("Content-Length: %d", len(body))}})
		}
		s.play(t, scenario{path: path, headers: []string{"Accept-Encoding: gzip;q=0, zstd;q=0"}, status: 200, header: []string{"Content-Encoding:", "ETag: " + tag}})
	})
}

// What another process writes shows within a second.
func TestTileIsOld(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		at := geo.TileAt(storetest.ThuDauMot, 14)
		s.tile(t, "addresses", at)
		other := s.database.Open(t, storetest.Options{Boundaries: true, Now: storetest.Noon(today)})
		written := time.Now()
		storetest.Register(t, other, storetest.House(1))
		s.eventually(t, func() bool {
			raw, _ := s.tile(t, "addresses", at)
			return len(features(t, raw, at)["addresses"]) == 1
		})
		if late := time.Since(written); late > 5*time.Second { // on a machine with other work too
			t.Errorf("it showed after %v", late)
		}
	})
}

func TestUnitTiles(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		units, err := s.store.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		center := geo.TileAt(storetest.ThuDauMot, 11)
		for x := center.X - 3; x <= center.X+3; x++ {
			for y := center.Y - 4; y <= center.Y+3; y++ {
				at := geo.Tile{Z: 11, X: x, Y: y}
				raw, _ := s.tile(t, "units", at)
				layers := features(t, raw, at)
				for _, f := range layers["unit_labels"] {
					p := f["geometry"].(orb.Point)
					label := geo.Point{Lng: int32(p[0] * 1e7), Lat: int32(p[1] * 1e7)}
					if unit := units.CommuneAt(label, today); names[f["name"].(string)] || unit == nil || unit.FullName != f["name"] || unit.Code != f["code"] {
						t.Errorf("the label of %v stands in %v, or there are two", f["name"], unit)
					}
					names[f["name"].(string)] = true
				}
				s.comparePlaces(t, units, at, layers["units"])
			}
		}
		if len(names) != 36 {
			t.Errorf("%d labels, want 36", len(names))
		}
		before, _ := s.play(t, scenario{path: "/tiles/units/9/407/240.mvt?as_of=2025-06-30", status: 200, header: []string{"Content-Length: 0"}}) // no boundaries of then
		after, _ := s.play(t, scenario{path: "/tiles/units/9/407/240.mvt?as_of=2025-07-01", status: 200})
		if before.Header.Get("ETag") == after.Header.Get("ETag") {
			t.Error("two eras have one tile")
		}
	})
}

// comparePlaces compares places all over a tile: the polygons that they lie in
// must be those of the registry, but close to borders, which are simplified.
func (s *server) comparePlaces(t *testing.T, units *models.Units, at geo.Tile, polygons []map[string]any) {
	t.Helper()
	southWest, northEast := at.Corners()
	const n = 12
	for i := range int32(n) {
		for j := range int32(n) {
			p := geo.Point{Lat: southWest.Lat + (northEast.Lat-southWest.Lat)/n*i, Lng: southWest.Lng + (northEast.Lng-southWest.Lng)/n*j}
			want := ""
			if unit := units.CommuneAt(p, today); unit != nil {
				want = unit.Code
			}
			near := false
			for _, d := range []float64{-150, 150} { // metres: four steps of the tile and more
				for _, q := range []geo.Point{storetest.Metres(p, d, 0), storetest.Metres(p, 0, d)} {
					unit := units.CommuneAt(q, today)
					near = near || (unit == nil) != (want == "") || unit != nil && unit.Code != want
				}
			}
			got := ""
			for _, f := range polygons {
				if holds(f["geometry"].(orb.Geometry), orb.Point{float64(p.Lng) / 1e7, float64(p.Lat) / 1e7}) {
					got += f["code"].(string)
				}
			}
			if got != want && !near {
				t.Fatalf("%v lies in %q, the tile %v says %q", p, want, at, got)
			}
		}
	}
}

func holds(g orb.Geometry, p orb.Point) bool {
	switch g := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(g, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(g, p)
	}
	return false
}

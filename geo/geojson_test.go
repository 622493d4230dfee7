package geo

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// file makes a FeatureCollection of features.
func file(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func polygonFeature(code, rings string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}`, code, rings)
}

func multiFeature(code, polygons string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"MultiPolygon","coordinates":[%s]}}`, code, polygons)
}

const (
	plain = `[[106,11],[106.1,11],[106.1,11.1],[106,11.1],[106,11]]`
	inner = `[[106.02,11.02],[106.02,11.04],[106.04,11.04],[106.04,11.02],[106.02,11.02]]`
)

func TestReadBoundaries(t *testing.T) {
	square := orb.Ring{{106, 11}, {106.1, 11}, {106.1, 11.1}, {106, 11.1}, {106, 11}}
	hole := orb.Ring{{106.02, 11.02}, {106.02, 11.04}, {106.04, 11.04}, {106.04, 11.02}, {106.02, 11.02}}
	tests := []struct {
		name, in string
		want     orb.MultiPolygon
	}{
		{"polygon", file(polygonFeature("25747", plain)), orb.MultiPolygon{{square}}},
		{"polygon with a hole", file(polygonFeature("25747", plain+","+inner)), orb.MultiPolygon{{square, hole}}},
		{"island in a hole", file(multiFeature("25747", "["+plain+","+inner+"],["+inner+"]")), orb.MultiPolygon{{square, hole}, {hole}}},
		{"heights", file(polygonFeature("25747", `[[106,11,5],[106.1,11,5],[106.1,11.1,5],[106,11.1,5.5],[106,11,5]]`)), orb.MultiPolygon{{square}}},
		{"more than seven decimals", file(polygonFeature("25747", `[[106.00000004,10.99999996],[106.1,11],[106.1,11.1],[106,11.1],[106.00000004,10.99999996]]`)), orb.MultiPolygon{{square}}},
		{"repeated corners", file(polygonFeature("25747", `[[106,11],[106,11],[106.1,11],[106.1,11.1],[106.1,11.1],[106,11.1],[106,11]]`)), orb.MultiPolygon{{square}}},
		{"exponents and white space", file(polygonFeature("25747", "[ [ 1.06e2 ,\n11 ],[106.1,11],[106.1,11.1],[106,11.1],[106,11]]")), orb.MultiPolygon{{square}}},
		{"byte order mark", "\ufeff" + file(polygonFeature("25747", plain)) + "\n", orb.MultiPolygon{{square}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warnings, err := ReadBoundaries(strings.NewReader(tt.in))
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			if diff := cmp.Diff([]Boundary{{Code: "25747", Shape: Shape{tt.want}}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadBoundariesOfSeveralUnits(t *testing.T) {
	in := file(polygonFeature("25750", plain), polygonFeature("25747", plain))
	got, _, err := ReadBoundaries(strings.NewReader(in))
	if err != nil || len(got) != 2 || got[0].Code != "25750" || got[1].Code != "25747" {
		t.Errorf("got %v, %v, want both in the order of the file", got, err)
	}
}

func TestReadBoundariesRefuses(t *testing.T) {
	withCRS := func(crs string) string {
		return strings.Replace(file(polygonFeature("25747", plain)), `"features"`, `"crs":`+crs+`,"features"`, 1)
	}
	named := func(name string) string { return withCRS(`{"type":"name","properties":{"name":"` + name + `"}}`) }
	properties := func(p string) string {
		return strings.Replace(file(polygonFeature("25747", plain)), `{"code":"25747"}`, p, 1)
	}
	geometry := func(g string) string {
		return file(`{"type":"Feature","properties":{"code":"25747"},"geometry":` + g + `}`)
	}
	tests := []struct{ name, in, code, names string }{
		{"empty file", "", "boundary-not-json", "no JSON"},
		{"only white space", " \n", "boundary-not-json", "no JSON"},
		{"CSV", "code,name\n25747,x\n", "boundary-not-json", "no JSON"},
		{"two documents", file(polygonFeature("25747", plain)) + "{}", "boundary-not-json", "no JSON"},
		{"truncated", file(polygonFeature("25747", plain))[:150], "boundary-truncated", "150 bytes"},
		{"single feature", polygonFeature("25747", plain), "boundary-not-collection", `"Feature"`},
		{"bare geometry", `{"type":"Polygon","coordinates":[` + plain + `]}`, "boundary-not-collection", `"Polygon"`},
		{"list", `[1,2]`, "boundary-not-collection", "array"},
		{"null", `null`, "boundary-not-collection", `""`},
		{"features no list", `{"type":"FeatureCollection","features":{}}`, "boundary-not-collection", "object"},
		{"something else in the list", file(`{"type":"Thing","properties":{"code":"25747"}}`), "boundary-not-collection", "25747"},
		{"no features", file(), "boundary-no-features", "no features"},
		{"VN-2000", named("urn:ogc:def:crs:EPSG::9210"), "boundary-crs", "urn:ogc:def:crs:EPSG::9210"},
		{"web mercator", named("EPSG:3857"), "boundary-crs", "EPSG:3857"},
		{"another authority's 4326", named("urn:ogc:def:crs:FOO::4326"), "boundary-crs", "FOO"},
		{"name only resembles", named("EPSG:14326"), "boundary-crs", "14326"},
		{"name of separators", named("://"), "boundary-crs", "://"},
		{"linked reference system", withCRS(`{"type":"link","properties":{"href":"http://example.com/crs/26"}}`), "boundary-crs", "example.com"},
		{"reference system as text", withCRS(`"EPSG:9210"`), "boundary-crs", "EPSG:9210"},
		{"no properties", properties("null"), "boundary-no-code", "Feature 1"},
		{"no code", properties(`{"CODE":"25747"}`), "boundary-no-code", "Feature 1"},
		{"null code", properties(`{"code":null}`), "boundary-no-code", "Feature 1"},
		{"blank code", properties(`{"code":" "}`), "boundary-no-code", `" "`},
		{"number as code", properties(`{"code":25747}`), "boundary-no-code", "25747"},
		{"one code twice", file(polygonFeature("25750", plain), polygonFeature("25747", plain), polygonFeature("25747", plain)), "boundary-duplicate-code", "features 2 and 3"},
		{"point", geometry(`{"type":"Point","coordinates":[106,11]}`), "boundary-geometry-type", "Point"},
		{"line", geometry(`{"type":"LineString","coordinates":` + plain + `}`), "boundary-geometry-type", "LineString"},
		{"geometry collection", geometry(`{"type":"GeometryCollection","geometries":[]}`), "boundary-geometry-type", "GeometryCollection"},
		{"null geometry", geometry(`null`), "boundary-geometry-type", "null"},
		{"no coordinates", geometry(`{"type":"Polygon"}`), "boundary-empty", "25747"},
		{"empty coordinates", geometry(`{"type":"MultiPolygon","coordinates":[]}`), "boundary-empty", "25747"},
		{"polygon nested like a line", geometry(`{"type":"Polygon","coordinates":` + plain + `}`), "boundary-coordinates", "at 106"},
		{"multipolygon nested like a polygon", geometry(`{"type":"MultiPolygon","coordinates":[` + plain + `]}`), "boundary-coordinates", "at 106"},
		{"polygon nested like a multipolygon", geometry(`{"type":"Polygon","coordinates":[[` + plain + `]]}`), "boundary-coordinates", "at [["},
		{"coordinates as text", geometry(`{"type":"Polygon","coordinates":"106 11"}`), "boundary-coordinates", "string"},
		{"number as text", file(polygonFeature("25747", `[["106",11],[106.1,11],[106.1,11.1],["106",11]]`)), "boundary-coordinates", `["106",11]`},
		{"null as number", file(polygonFeature("25747", `[[106,null],[106.1,11],[106.1,11.1],[106,null]]`)), "boundary-coordinates", "[106,null]"},
		{"null as position", file(polygonFeature("25747", `[null,[106.1,11],[106.1,11.1],null]`)), "boundary-coordinates", "null"},
		{"position of one number", file(polygonFeature("25747", `[[106],[106.1,11],[106.1,11.1],[106]]`)), "boundary-coordinates", "[106]"},
		{"1e400", file(polygonFeature("25747", `[[1e400,11],[106.1,11],[106.1,11.1],[1e400,11]]`)), "boundary-coordinates", "1e400"},
		{"lat before lng", file(polygonFeature("25747", `[[11,106],[11,106.1],[11.1,106.1],[11,106]]`)), "boundary-swapped", "[11, 106]"},
		{"metres of a projection", file(polygonFeature("25747", `[[602345.1,1213456.2],[602445,1213456],[602445,1213556],[602345.1,1213456.2]]`)), "boundary-projected", "602345.1"},
		{"lng over 180", file(polygonFeature("25747", `[[186,11],[186.1,11],[186.1,11.1],[186,11]]`)), "boundary-out-of-range", "[186, 11]"},
		{"both over 90", file(polygonFeature("25747", `[[106,110],[106.1,110],[106.1,111],[106,110]]`)), "boundary-out-of-range", "[106, 110]"},
		{"unclosed ring", file(polygonFeature("25747", plain+`,[[106.02,11.02],[106.04,11.02],[106.04,11.04]]`)), "boundary-unclosed-ring", "ring 2 of part 1"},
		{"bow tie", file(polygonFeature("25747", `[[106,11],[106.1,11.1],[106.1,11],[106,11.1],[106,11]]`)), "boundary-crossing", "latitude 11"},
		{"hole crosses its shell", file(polygonFeature("25747", plain+`,[[106.05,11.05],[106.15,11.05],[106.15,11.06],[106.05,11.06],[106.05,11.05]]`)), "boundary-crossing", "25747"},
		{"parts cross", file(multiFeature("25747", "["+plain+"],[[[106.05,11.05],[106.15,11.05],[106.15,11.06],[106.05,11.06],[106.05,11.05]]]")), "boundary-crossing", "25747"},
		{"hole outside its shell", file(polygonFeature("25747", inner+","+plain)), "boundary-hole-outside", "latitude 11, longitude 106;"},
		{"only a line", file(polygonFeature("25747", `[[106,11],[106.1,11],[106,11]]`)), "boundary-empty", "25747"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := ReadBoundaries(strings.NewReader(tt.in))
			var bad *Error
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, %v, want an error", got, err)
			}
			if bad.Code != tt.code || !strings.Contains(bad.En, tt.names) {
				t.Errorf("%s: %s\nwant %s naming %q", bad.Code, bad.En, tt.code, tt.names)
			}
			if bad.Vi == bad.En || strings.Contains(bad.Vi+bad.En, "%!") || strings.Contains(bad.En, "geo.") {
				t.Errorf("sentences: %s / %s", bad.En, bad.Vi)
			}
			if got != nil {
				t.Errorf("%v came with an error", got)
			}
		})
	}
}

func TestReadBoundariesKnowsTheNamesOfWGS84(t *testing.T) {
	for _, crs := range []string{
		`null`,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}`,
		`{"type":"name","properties":{"name":"EPSG:4326"}}`,
		`{"type":"name","properties":{"name":"epsg:4326"}}`,
		`{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}`,
		`{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/4326"}}`,
	} {
		in := strings.Replace(file(polygonFeature("25747", plain)), `"features"`, `"crs":`+crs+`,"features"`, 1)
		if _, _, err := ReadBoundaries(strings.NewReader(in)); err != nil {
			t.Errorf("%s: %v", crs, err)
		}
	}
}

func TestReadBoundariesDropsRingsWithoutArea(t *testing.T) {
	twoPoints := `[[106.05,11.05],[106.06,11.05],[106.05,11.05],[106.05,11.05]]`
	tests := []struct {
		name, in, warning string
		parts, rings      int
	}{
		{"hole of two points", polygonFeature("25807", plain+","+twoPoints), "ring 2 of part 1", 1, 1},
		{"hole of one point", polygonFeature("25807", plain+",[[106,11],[106,11],[106,11],[106,11]]"), "ring 2 of part 1", 1, 1},
		{"hole without points", polygonFeature("25807", plain+",[]"), "ring 2 of part 1", 1, 1},
		{"hole on one line", polygonFeature("25807", plain+",[[106,11],[106.02,11.02],[106.01,11.01],[106,11]]"), "ring 2 of part 1", 1, 1},
		{"points one after snapping", polygonFeature("25807", plain+",[[106.05,11.05],[106.05000001,11.05],[106.05,11.05000001],[106.05,11.05]]"), "ring 2 of part 1", 1, 1},
		{"part of two points", multiFeature("25807", "["+twoPoints+"],["+plain+"]"), "ring 1 of part 1", 1, 1},
		{"part of two points with its hole", multiFeature("25807", "["+plain+"],["+twoPoints+","+inner+"]"), "ring 1 of part 2", 1, 1},
		{"hole before a good hole", polygonFeature("25807", plain+","+twoPoints+","+inner), "ring 2 of part 1", 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warnings, err := ReadBoundaries(strings.NewReader(file(tt.in)))
			if err != nil {
				t.Fatal(err)
			}
			if len(warnings) != 1 || warnings[0].Code != "boundary-degenerate-ring" ||
				!strings.HasPrefix(warnings[0].En, "Unit 25807: "+tt.warning) || !strings.HasPrefix(warnings[0].Vi, "Đơn vị 25807: ") {
				t.Errorf("warnings %v, want one for %s", warnings, tt.warning)
			}
			area := got[0].Shape.MultiPolygon
			if len(area) != tt.parts || len(area[0]) != tt.rings {
				t.Errorf("kept %v, want %d parts, the first of %d rings", area, tt.parts, tt.rings)
			}
		})
	}
}

func TestReadBoundariesPassesOnWhatTheReaderSays(t *testing.T) {
	broken := io.MultiReader(strings.NewReader(`{"type":`), iotest.ErrReader(io.ErrClosedPipe))
	if _, _, err := ReadBoundaries(broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want %v", err, io.ErrClosedPipe)
	}
}

func TestPointsAndDegrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Int32Range(-90e7, 90e7).Draw(t, "lat"), rapid.Int32Range(-180e7, 180e7).Draw(t, "lng")}
		if back, ok := pointOf(p.Orb()); !ok || back != p {
			t.Fatalf("%v becomes %v", p, back)
		}
	})
}

func FuzzReadBoundaries(f *testing.F) {
	f.Add([]byte(file(polygonFeature("25747", plain+","+inner))))
	f.Add([]byte(file(multiFeature("1", "["+plain+"]"), polygonFeature("2", `[[0,0],[1,1],[1,0],[0,1],[0,0]]`))))
	f.Add([]byte(`{"type":"FeatureCollection","crs":{"properties":{"name":"x"}},"features":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		boundaries, _, err := ReadBoundaries(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for i := range boundaries {
			boundaries[i].ID = int64(i)
		}
		x, err := NewBoundaryIndex(boundaries)
		if err != nil {
			t.Fatalf("what was read can't be indexed: %v", err)
		}
		for _, b := range boundaries {
			corner, _ := pointOf(b.Shape.MultiPolygon[0][0][0])
			if d := x.DistanceTo(b.ID, corner); d != 0 {
				t.Fatalf("unit %s is %v m from its own corner", b.Code, d)
			}
		}
	})
}

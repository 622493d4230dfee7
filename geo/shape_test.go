package geo

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"pgregory.net/rapid"
)

var (
	_ driver.Valuer = Shape{}
	_ sql.Scanner   = (*Shape)(nil)
)

// square has its south-west corner at lng, lat and sides in degrees.
func square(lng, lat, side float64) orb.Ring {
	return orb.Ring{{lng, lat}, {lng + side, lat}, {lng + side, lat + side}, {lng, lat + side}, {lng, lat}}
}

// A triangle in EWKB by hand: little endian, MultiPolygon with SRID 4326, one
// polygon, one ring, four points.
const triangleHex = "0106000020E6100000" + "01000000" +
	"0103000000" + "01000000" + "04000000" +
	"0000000000405A40" + "0000000000002640" +
	"0000000000805A40" + "0000000000002640" +
	"0000000000405A40" + "0000000000002840" +
	"0000000000405A40" + "0000000000002640"

var triangle = orb.MultiPolygon{{{{105, 11}, {106, 11}, {105, 12}, {105, 11}}}}

func TestShapeValue(t *testing.T) {
	got, err := Shape{triangle}.Value()
	if err != nil {
		t.Fatal(err)
	}
	text, ok := got.(string)
	if !ok {
		t.Fatalf("Value is a %T; EWKB bytes fail in pgx", got)
	}
	if !strings.EqualFold(text, triangleHex) {
		t.Errorf("Value = %s, want %s", text, triangleHex)
	}
}

func TestShapeWithoutPolygonsIsNull(t *testing.T) {
	for name, s := range map[string]Shape{"zero": {}, "empty": {orb.MultiPolygon{}}} {
		if got, err := s.Value(); got != nil || err != nil {
			t.Errorf("%s: Value = %v, %v, want nil", name, got, err)
		}
	}
	s := Shape{triangle}
	if err := s.Scan(nil); err != nil || s.MultiPolygon != nil {
		t.Errorf("Scan(nil) = %v, leaves %v", err, s)
	}
}

func TestShapeScan(t *testing.T) {
	polygon, err := ewkb.MarshalToHex(triangle[0], 4326)
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]any{
		"text":             triangleHex,
		"bytes":            []byte(triangleHex),
		"lower case":       strings.ToLower(triangleHex),
		"a single polygon": polygon,
	} {
		t.Run(name, func(t *testing.T) {
			var s Shape
			if err := s.Scan(src); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(triangle, s.MultiPolygon); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShapeScanRefuses(t *testing.T) {
	inSRID := func(g orb.Geometry, srid int) string {
		text, err := ewkb.MarshalToHex(g, srid)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, src := range map[string]any{
		"another type":     17,
		"no hexadecimal":   "POLYGON((105 11))",
		"truncated EWKB":   triangleHex[:80],
		"empty text":       "",
		"another SRID":     inSRID(triangle, 3857),
		"no SRID":          inSRID(triangle, 0),
		"another geometry": inSRID(orb.Point{105, 11}, 4326),
	} {
		t.Run(name, func(t *testing.T) {
			s := Shape{triangle}
			err := s.Scan(src)
			if err == nil || !strings.HasPrefix(err.Error(), "scan shape: ") {
				t.Errorf("Scan(%v) = %v, want an error", src, err)
			}
			if diff := cmp.Diff(triangle, s.MultiPolygon); diff != "" {
				t.Errorf("a failed scan changed the shape: %s", diff)
			}
		})
	}
}

func TestShapeGoesThroughTheDatabaseUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var area orb.MultiPolygon
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			lng := rapid.Float64Range(-179, 179).Draw(t, "lng")
			lat := rapid.Float64Range(-89, 89).Draw(t, "lat")
			area = append(area, orb.Polygon{square(lng, lat, 1), square(lng, lat, 0.5)})
		}
		value, err := Shape{area}.Value()
		if err != nil {
			t.Fatal(err)
		}
		var back Shape
		if err := back.Scan(value); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(area, back.MultiPolygon); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzShapeScan(f *testing.F) {
	f.Add([]byte{})
	data, _ := hex.DecodeString(triangleHex)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Shape
		if s.Scan(hex.EncodeToString(data)) != nil {
			return
		}
		// What was read can be written, and read again.
		value, err := s.Value()
		if err != nil {
			t.Fatal(err)
		}
		if err := new(Shape).Scan(value); err != nil {
			t.Fatal(err)
		}
	})
}

func TestShapeTellsGormItsType(t *testing.T) {
	if got := (Shape{}).GormDataType(); got != "geometry" {
		t.Errorf("GormDataType = %q", got)
	}
}

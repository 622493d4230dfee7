package geo

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// sridWGS84 is the spatial reference of everything the registry stores.
const sridWGS84 = 4326

// Shape is the area of an admin unit on WGS 84, lng before lat, in degrees. It
// is stored in both databases as EWKB with SRID 4326 in hexadecimal, the text
// form of a PostGIS geometry; without polygons it is NULL.
type Shape struct{ orb.MultiPolygon }

// GormDataType names the column type to GORM, which can't see that a Valuer is
// no string.
func (Shape) GormDataType() string { return "geometry" }

// Value gives hexadecimal text: pgx would send EWKB bytes as bytea, which
// PostgreSQL doesn't turn into a geometry.
func (s Shape) Value() (driver.Value, error) {
	if len(s.MultiPolygon) == 0 {
		return nil, nil
	}
	return ewkb.MarshalToHex(s.MultiPolygon, sridWGS84)
}

// Scan reads hexadecimal EWKB of a Polygon or MultiPolygon with SRID 4326, as
// string or bytes, or NULL.
func (s *Shape) Scan(src any) error {
	var text string
	switch v := src.(type) {
	case nil:
		s.MultiPolygon = nil
		return nil
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Errorf("scan shape: %T is no hexadecimal EWKB", src)
	}
	area, err := decodeEWKB(text)
	if err != nil {
		return fmt.Errorf("scan shape: %w", err)
	}
	s.MultiPolygon = area
	return nil
}

func decodeEWKB(text string) (orb.MultiPolygon, error) {
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, err
	}
	g, srid, err := ewkb.Unmarshal(data)
	if err != nil {
		return nil, err
	}
	if srid != sridWGS84 {
		return nil, fmt.Errorf("SRID is %d, want %d", srid, sridWGS84)
	}
	switch g := g.(type) {
	case orb.MultiPolygon:
		return g, nil
	case orb.Polygon:
		return orb.MultiPolygon{g}, nil
	}
	return nil, fmt.Errorf("geometry is a %s, want a Polygon or MultiPolygon", g.GeoJSONType())
}

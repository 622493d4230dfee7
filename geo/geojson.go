package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// ReadBoundaries reads a GeoJSON FeatureCollection (RFC 7946) of admin units on
// WGS 84: the property "code" names the unit, the geometry is a Polygon or a
// MultiPolygon. Corners are taken to the nearest 1e-7 degree, and corners equal
// to the one before are left out.
//
// A ring without area (fewer than three distinct corners, or all on one line) is
// dropped with a warning, and a shell with its holes. A ring may touch itself or
// another ring and have spikes; rings that cross are an error, as is everything
// else that would put addresses into a wrong unit. Warnings and the error are
// *Error and name the unit; an error of the reader is wrapped.
func ReadBoundaries(r io.Reader) (boundaries []Boundary, warnings []*Error, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("read boundaries: %w", err)
	}
	features, bad := decodeCollection(data)
	if bad != nil {
		return nil, nil, bad
	}
	seen := make(map[string]int, len(features))
	for i, f := range features {
		u, bad := f.unit(i+1, seen)
		if bad != nil {
			return nil, nil, bad
		}
		shape, dropped, bad := u.shape(f.Geometry)
		if bad != nil {
			return nil, nil, bad
		}
		warnings = append(warnings, dropped...)
		boundaries = append(boundaries, Boundary{Code: u.code, Shape: shape})
	}
	return boundaries, warnings, nil
}

type collection struct {
	Type     string          `json:"type"`
	CRS      json.RawMessage `json:"crs"`
	Features []feature       `json:"features"`
}

type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *geometry                  `json:"geometry"`
}

type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

func decodeCollection(data []byte) ([]feature, *Error) {
	c, bad := decodeJSON(data)
	if bad != nil {
		return nil, bad
	}
	if c.Type != "FeatureCollection" {
		return nil, errorf("boundary-not-collection",
			"The file is no GeoJSON FeatureCollection (its type is %q); save the units as a FeatureCollection.",
			"Tệp không phải là FeatureCollection của GeoJSON (kiểu là %q); hãy lưu các đơn vị thành một FeatureCollection.",
			c.Type)
	}
	if bad := checkCRS(c.CRS); bad != nil {
		return nil, bad
	}
	if len(c.Features) == 0 {
		return nil, errorf("boundary-no-features",
			"The FeatureCollection has no features; there is nothing to load.",
			"FeatureCollection không có đối tượng nào; không có gì để nạp.")
	}
	return c.Features, nil
}

func decodeJSON(data []byte) (c collection, bad *Error) {
	// RFC 8259 section 8.1 lets a reader pass over a byte order mark.
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	err := decoder.Decode(&c)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return c, errorf("boundary-not-collection",
			"The file is no GeoJSON FeatureCollection: at byte %d there is a JSON %s where GeoJSON has none; save the units as a FeatureCollection.",
			"Tệp không phải là FeatureCollection của GeoJSON: tại byte %d có kiểu JSON %s không đúng chuẩn GeoJSON; hãy lưu các đơn vị thành một FeatureCollection.",
			wrongType.Offset, wrongType.Value)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return c, errorf("boundary-truncated",
			"The file ends in the middle, after %d bytes; copy or download it again.",
			"Tệp bị cắt ngang sau %d byte; hãy sao chép hoặc tải lại tệp.", len(data))
	}
	if err == nil {
		_, err = decoder.Token()
	}
	if !errors.Is(err, io.EOF) || decoder.InputOffset() == 0 {
		return c, errorf("boundary-not-json",
			"The file is no JSON (after byte %d); give a GeoJSON file.",
			"Tệp không phải là JSON (sau byte %d); hãy dùng tệp GeoJSON.", decoder.InputOffset())
	}
	return c, nil
}

// checkCRS accepts the names under which GDAL, QGIS and others write WGS 84 into
// the "crs" member of the GeoJSON of 2008. RFC 7946 has no other system.
func checkCRS(raw json.RawMessage) *Error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	name := string(raw)
	if json.Unmarshal(raw, &crs) == nil && crs.Properties.Name != "" {
		name = crs.Properties.Name
	}
	if isWGS84(name) {
		return nil
	}
	return errorf("boundary-crs",
		"The file uses the reference system %s, not WGS 84 (OGC CRS84 or EPSG:4326); reproject it, for example with ogr2ogr -t_srs EPSG:4326.",
		"Tệp dùng hệ quy chiếu %s, không phải WGS 84 (OGC CRS84 hoặc EPSG:4326); hãy chuyển hệ tọa độ, ví dụ bằng ogr2ogr -t_srs EPSG:4326.",
		name)
}

// isWGS84 knows the URN, URI and short forms of OGC CRS84 and EPSG 4326.
func isWGS84(name string) bool {
	parts := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == ':' || r == '/' })
	if len(parts) == 0 {
		return false
	}
	switch last := parts[len(parts)-1]; last {
	case "CRS84":
		return true
	case "4326":
		return strings.Contains(strings.ToUpper(name), "EPSG")
	}
	return false
}

// unit is a unit while it is read, for messages that name it.
type unit struct{ code string }

func (u unit) errorf(code, en, vi string, args ...any) *Error {
	args = append([]any{u.code}, args...)
	return errorf(code, "Unit %s: "+en, "Đơn vị %s: "+vi, args...)
}

// unit finds out whose feature number n this is; seen has the feature of each
// code so far.
func (f feature) unit(n int, seen map[string]int) (unit, *Error) {
	raw, given := f.Properties["code"]
	if !given || string(raw) == "null" {
		return unit{}, errorf("boundary-no-code",
			`Feature %d has no property "code"; give each feature the code of its unit.`,
			`Đối tượng thứ %d không có thuộc tính "code"; hãy ghi mã đơn vị cho từng đối tượng.`, n)
	}
	var code string
	if json.Unmarshal(raw, &code) != nil || strings.TrimSpace(code) == "" {
		return unit{}, errorf("boundary-no-code",
			`Feature %d: the property "code" is %s; it must be the unit's code as text in quotes.`,
			`Đối tượng thứ %d: thuộc tính "code" là %s; giá trị phải là mã đơn vị dạng chuỗi trong dấu ngoặc kép.`, n, raw)
	}
	u := unit{code}
	if first, twice := seen[code]; twice {
		return unit{}, u.errorf("boundary-duplicate-code",
			"features %d and %d both have this code; merge them into one MultiPolygon or correct the code.",
			"đối tượng thứ %d và thứ %d có cùng mã này; hãy gộp thành một MultiPolygon hoặc sửa lại mã.", first, n)
	}
	seen[code] = n
	if f.Type != "Feature" {
		return unit{}, u.errorf("boundary-not-collection",
			"the type of feature %d is %q, not \"Feature\"; save the units as a FeatureCollection.",
			"kiểu của đối tượng thứ %d là %q, không phải \"Feature\"; hãy lưu các đơn vị thành một FeatureCollection.", n, f.Type)
	}
	return u, nil
}

// rings decodes the polygons of a geometry.
func (u unit) rings(g *geometry) ([][][]position, *Error) {
	if g == nil {
		g = &geometry{Type: "null"}
	}
	if len(g.Coordinates) == 0 {
		g.Coordinates = json.RawMessage("[]")
	}
	var polygons [][][]position
	var err error
	switch g.Type {
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	case "Polygon":
		polygons = make([][][]position, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	default:
		return nil, u.errorf("boundary-geometry-type",
			"its geometry is a %s; only Polygon and MultiPolygon are areas.",
			"hình học là %s; chỉ Polygon và MultiPolygon mới là vùng.", g.Type)
	}
	if err != nil {
		return nil, u.errorf("boundary-coordinates",
			"its coordinates can't be read at %s; a position is [lng, lat] in degrees, a Polygon a list of rings, a MultiPolygon a list of Polygons.",
			"không đọc được tọa độ tại %s; một vị trí là [kinh độ, vĩ độ] tính bằng độ, Polygon là danh sách các vòng, MultiPolygon là danh sách các Polygon.", faultOf(err))
	}
	return polygons, nil
}

// faultOf is the JSON at which decoding coordinates stopped.
func faultOf(err error) string {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return fmt.Sprintf("%s (byte %d)", wrongType.Value, wrongType.Offset)
	}
	return err.Error()
}

// position is lng, lat in degrees; a height after them is not read.
type position orb.Point

// UnmarshalJSON refuses what a plain array of floats would take as 0: null and
// missing numbers. Its error is the JSON at fault.
func (p *position) UnmarshalJSON(data []byte) error {
	list, isList := bytes.CutPrefix(data, []byte("["))
	parts := bytes.Split(bytes.TrimSuffix(list, []byte("]")), []byte(","))
	if !isList || len(parts) < len(p) {
		return fmt.Errorf("%.40s", data)
	}
	for i := range p {
		v, err := strconv.ParseFloat(string(bytes.TrimSpace(parts[i])), 64)
		if err != nil {
			return fmt.Errorf("%.40s", data)
		}
		p[i] = v
	}
	return nil
}

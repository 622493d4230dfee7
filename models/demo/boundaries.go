package demo

import (
	"slices"

	"diachiso/geo"
)

// Boundary is the synthetic border of one of today's communes: a closed ring,
// counter-clockwise, without holes, on the grid of 1e-7 degree. Neighbours
// have the corners of their common border in common.
type Boundary struct {
	Code string
	Ring []geo.Point
}

// Boundaries returns the 36 communes of the demo, by code. They are not the
// real ones: each is what is nearer to the middle of its town, given to a
// hundredth of a degree, than to any other, within a rough outline.
func Boundaries() []Boundary {
	towns := towns()
	sites := make([]vec, len(towns))
	for i, t := range towns {
		sites[i] = project(t.middle)
	}
	var corners corners
	list := make([]Boundary, len(towns))
	for i, cell := range cells(outline(), sites) {
		list[i] = Boundary{Code: towns[i].code, Ring: corners.ring(cell)}
	}
	return list
}

// GeoJSON returns the boundaries as a FeatureCollection (RFC 7946), each
// feature with the property code.
func GeoJSON() []byte {
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for i, boundary := range Boundaries() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n"+`{"type":"Feature","properties":{"code":"`...)
		b = append(b, boundary.Code...)
		b = append(b, `"},"geometry":{"type":"Polygon","coordinates":[[`...)
		b = appendRing(b, boundary.Ring)
		b = append(b, `]]}}`...)
	}
	return append(b, "\n]}\n"...)
}

func appendRing(b []byte, ring []geo.Point) []byte {
	for i, p := range ring {
		if i > 0 {
			b = append(b, ',')
		}
		b = geo.AppendE7(append(b, '['), p.Lng)
		b = geo.AppendE7(append(b, ','), p.Lat)
		b = append(b, ']')
	}
	return b
}

// sameCorner in 1e-7 degree: cells that meet in a corner compute it in
// different orders, so their results may round to neighbouring grid points.
const sameCorner = 2

// corners remembers every corner handed out, so that two cells that meet get
// the same one.
type corners struct{ known []geo.Point }

func (c *corners) ring(cell polygon) []geo.Point {
	ring := make([]geo.Point, 0, len(cell)+1)
	for _, v := range cell {
		ring = append(ring, c.at(v.point()))
	}
	ring = append(ring, ring[0])
	return slices.Compact(ring)
}

func (c *corners) at(p geo.Point) geo.Point {
	for _, known := range c.known {
		if abs(known.Lat-p.Lat) <= sameCorner && abs(known.Lng-p.Lng) <= sameCorner {
			return known
		}
	}
	c.known = append(c.known, p)
	return p
}

func abs(v int32) int32 { return max(v, -v) }

// outline is the demo's province: a rough, convex shape drawn by hand.
func outline() polygon {
	hundredths := [][2]int32{ // lat, lng
		{1142, 10634}, {1130, 10633}, {1117, 10640}, {1101, 10655}, {1090, 10666}, {1086, 10672}, {1086, 10682},
		{1093, 10687}, {1108, 10696}, {1125, 10697}, {1138, 10692}, {1148, 10680}, {1151, 10660}, {1150, 10642},
	}
	p := make(polygon, len(hundredths))
	for i, h := range hundredths {
		p[i] = project(geo.Point{Lat: h[0] * hundredthE7, Lng: h[1] * hundredthE7})
	}
	return p
}

const hundredthE7 = 100_000

// town is where a commune of today has its middle, to 0.01 degree.
type town struct {
	code   string
	middle geo.Point
}

func towns() []town {
	hundredths := []struct {
		code     string
		lat, lng int32
	}{
		{"25747", 1097, 10666}, {"25750", 1099, 10668}, {"25760", 1105, 10669}, {"25768", 1105, 10660},
		{"25771", 1101, 10664}, {"25777", 1134, 10639}, {"25780", 1145, 10647}, {"25792", 1133, 10651},
		{"25807", 1124, 10644}, {"25813", 1121, 10663}, {"25819", 1135, 10658}, {"25822", 1129, 10662},
		{"25837", 1118, 10667}, {"25840", 1119, 10656}, {"25843", 1115, 10651}, {"25846", 1110, 10662},
		{"25849", 1108, 10665}, {"25858", 1131, 10686}, {"25864", 1139, 10676}, {"25867", 1133, 10670},
		{"25882", 1124, 10677}, {"25888", 1109, 10681}, {"25891", 1100, 10675}, {"25906", 1117, 10687},
		{"25909", 1110, 10691}, {"25912", 1115, 10670}, {"25915", 1115, 10676}, {"25920", 1106, 10675},
		{"25942", 1090, 10676}, {"25945", 1094, 10677}, {"25951", 1089, 10680}, {"25966", 1091, 10670},
		{"25969", 1096, 10671}, {"25975", 1096, 10674}, {"25978", 1094, 10668}, {"25987", 1090, 10672},
	}
	list := make([]town, len(hundredths))
	for i, h := range hundredths {
		list[i] = town{h.code, geo.Point{Lat: h.lat * hundredthE7, Lng: h.lng * hundredthE7}}
	}
	return list
}

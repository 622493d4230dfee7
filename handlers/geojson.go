package handlers

import (
	"math"

	"diachiso/geo"
	"diachiso/models"
)

// polygon is a GeoJSON geometry (RFC 7946): lng before lat, at most seven
// decimals.
type polygon struct {
	Type        string           `json:"type"`
	Coordinates [][][2]models.E7 `json:"coordinates"`
}

// pointGeometry is a GeoJSON point.
type pointGeometry struct {
	Type        string       `json:"type"`
	Coordinates [2]models.E7 `json:"coordinates"`
}

// addressFeature is an address on a map.
type addressFeature struct {
	Type       string               `json:"type"`
	ID         geo.Code             `json:"id"`
	Geometry   pointGeometry        `json:"geometry"`
	Properties models.PublicAddress `json:"properties"`
}

func featureOf(p models.PublicAddress) addressFeature {
	return addressFeature{"Feature", p.Code, pointGeometry{"Point", [2]models.E7{p.Position.Lng, p.Position.Lat}}, p}
}

func (f addressFeature) appendJSON(b []byte) []byte { return f.Properties.AppendFeature(b) }

// cell is the place of about 2.8 x 3.4 m that a code decodes to.
type cell struct {
	Code     geo.Code `json:"code"`
	PlusCode string   `json:"plus_code"`
	Polygon  polygon  `json:"polygon"`
}

func cellOf(code geo.Code) cell { return cell{code, code.Plus(), outline(code)} }

// outline is the edge of a code's cell, to the nearest 1e-7 degree.
func outline(code geo.Code) polygon {
	ring := code.Ring()
	corners := make([][2]models.E7, len(ring))
	for i, corner := range ring {
		corners[i] = [2]models.E7{nearestE7(corner[0]), nearestE7(corner[1])}
	}
	return polygon{"Polygon", [][][2]models.E7{corners}}
}

// nearestE7 rounds degrees, for drawing only.
func nearestE7(degrees float64) models.E7 { return models.E7(math.Round(degrees * 1e7)) }

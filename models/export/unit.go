package export

import (
	"encoding/json"
	"io"

	"github.com/paulmach/orb"

	"diachiso/geo"
	"diachiso/models"
)

// unitRow is a unit with its polygons, where those are written.
type unitRow struct {
	models.PublicUnit
	shape geo.Shape
}

// newUnitWriter writes units to out; a table has the postcodes of a day.
func newUnitWriter(out io.Writer, o Options, day models.Date) *Writer[unitRow] {
	return newWriter(out, o, form[unitRow]{
		header: unitHeader,
		cells: func(u *unitRow) []string {
			return []string{u.Level, u.Code, u.Name, u.Kind, u.Parent, string(u.ValidFrom), string(u.ValidTo), u.PostcodeOn(day)}
		},
		object:  func(b []byte, u *unitRow) []byte { return append(b, marshaled(u.PublicUnit)...) },
		feature: func(b []byte, u *unitRow) []byte { return append(b, marshaled(featureOf(u))...) },
	})
}

var unitHeader = []string{"level", "code", "name", "kind", "parent", "valid_from", "valid_to", "postcode"}

// unitFeature is a unit on a map (RFC 7946).
type unitFeature struct {
	Type       string            `json:"type"`
	ID         string            `json:"id"`
	Geometry   *geometry         `json:"geometry"` // null: no boundary is loaded
	Properties models.PublicUnit `json:"properties"`
}

type geometry struct {
	Type        string           `json:"type"`
	Coordinates orb.MultiPolygon `json:"coordinates"`
}

func featureOf(u *unitRow) unitFeature {
	f := unitFeature{Type: "Feature", ID: u.Code, Properties: u.PublicUnit}
	if len(u.shape.MultiPolygon) > 0 {
		f.Geometry = &geometry{"MultiPolygon", u.shape.MultiPolygon}
	}
	return f
}

func marshaled(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and the finite numbers of a boundary
	}
	return text
}

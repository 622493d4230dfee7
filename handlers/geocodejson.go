package handlers

import (
	"diachiso/geo"
	"diachiso/models"
)

// geocodeJSONVersion is the version of the GeocodeJSON specification that
// searches are answered in.
const geocodeJSONVersion = "0.1.0"

// geocodeCollection is a GeoJSON collection with the namespace of GeocodeJSON.
type geocodeCollection struct {
	Type      string         `json:"type"`
	Geocoding geocodingQuery `json:"geocoding"`
	Features  []foundFeature `json:"features"`
}

type geocodingQuery struct {
	Version string `json:"version"`
	Query   string `json:"query"`
}

// foundFeature is an address on a map that a text may mean.
type foundFeature struct {
	Type       string        `json:"type"`
	ID         geo.Code      `json:"id"`
	Geometry   pointGeometry `json:"geometry"`
	Properties foundAddress  `json:"properties"`
}

type foundAddress struct {
	models.PublicAddress
	Match     models.Fit `json:"match"`
	Geocoding geocoding  `json:"geocoding"`
}

// geocoding is an address in the words of GeocodeJSON: a city is the commune,
// a state the province.
type geocoding struct {
	Type        string  `json:"type"`
	Accuracy    float64 `json:"accuracy,omitempty"` // metres
	Label       string  `json:"label"`
	Name        string  `json:"name,omitempty"`
	HouseNumber string  `json:"housenumber,omitempty"`
	Street      string  `json:"street,omitempty"`
	Locality    string  `json:"locality,omitempty"`
	Postcode    string  `json:"postcode,omitempty"`
	City        string  `json:"city"`
	State       string  `json:"state,omitempty"`
	Country     string  `json:"country"`
}

// foundFeatures are the public forms of what was found, in its order.
func foundFeatures(units *models.Units, found []models.Found, day models.Date) []foundFeature {
	features := make([]foundFeature, len(found))
	for i, f := range found {
		public := units.Public(f.Address, day)
		feature := featureOf(public)
		postcode, _ := units.PostcodeOn(f.Address, day)
		features[i] = foundFeature{feature.Type, feature.ID, feature.Geometry,
			foundAddress{public, withLists(f.Match), geocodingOf(public, postcode.Code)}}
	}
	return features
}

// withLists has empty lists where there is nothing to list.
func withLists(f models.Fit) models.Fit {
	if f.Differences == nil {
		f.Differences = []models.Difference{}
	}
	if f.Ignored == nil {
		f.Ignored = []string{}
	}
	return f
}

func geocodingOf(p models.PublicAddress, postcode string) geocoding {
	g := geocoding{
		Type: "house", Accuracy: p.Position.AccuracyM, Label: p.Text, Name: p.Name,
		HouseNumber: p.Parts.HouseNumber, Street: p.Parts.Street, Locality: p.Parts.Hamlet,
		Postcode: postcode, City: p.Commune.Name, State: p.Province.Name, Country: "Việt Nam",
	}
	if p.Name != "" {
		g.Label = p.Name + ", " + p.Text
	}
	return g
}

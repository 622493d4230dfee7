package handlers

import (
	"encoding/json"
	"testing"
	"time"

	"diachiso/geo"
	"diachiso/models"
)

// What is written without encoding/json must be what that writes.
func TestAppendedAnswersDifferFromEncodingJSON(t *testing.T) {
	code, err := geo.Parse("28XMJ25Q66")
	if err != nil {
		t.Fatal(err)
	}
	p := models.PublicAddress{Code: code, Text: `12/3 "Đường" Yersin`, Supersedes: []geo.Code{}, Successors: []geo.Code{code},
		Province: models.UnitRef{Code: "79"}, Position: models.Position{Lat: 109804000, Lng: 1066519000, AccuracyM: 5}, UpdatedAt: time.Unix(0, 1e6).UTC()}
	list := []models.PublicAddress{p, p}
	matches := []match{{geo.SchemePlusCode, p}, {geo.SchemeVpostcode, p}}
	for name, value := range map[string]any{
		"an address":            p,
		"a feature":             featureOf(p),
		"a list":                addressList{list, "/v1/addresses?cursor=a&limit=2"},
		"the last page":         addressList{list[:1], ""},
		"an empty list":         addressList{[]models.PublicAddress{}, ""},
		"a collection":          page{list, "/v1/addresses?cursor=a&limit=2"}.collection(),
		"the last collection":   page{list, ""}.collection(),
		"an empty collection":   page{}.collection(),
		"a resolution":          resolution{Input: "<28XM> \u2028", Scheme: geo.SchemePlusCode, Matches: matches[:1]},
		"a truncated one":       resolution{Normalized: true, Matches: matches, Truncated: true, Next: "/v1/addresses?bbox=1,2,3,4"},
		"one without an answer": resolution{Matches: []match{}},
		"anything else":         cellOf(code),
	} {
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got, err := bodyOf(value)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
		}
	}
}

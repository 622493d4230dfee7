package models_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diachiso/geo"
	"diachiso/models"
)

// drawPublic is any address that a registry could hold, and some that it can't.
var drawPublic = rapid.Custom(func(t *rapid.T) models.PublicAddress {
	return models.PublicAddress{
		Code: drawCode.Draw(t, "code"), Formatted: drawText.Draw(t, "formatted"), Kind: drawText.Draw(t, "kind"), Status: drawText.Draw(t, "status"),
		Verification: models.Verification{Level: drawText.Draw(t, "level"), At: drawTime.Draw(t, "verified")},
		Name:         drawText.Draw(t, "name"), Text: drawText.Draw(t, "text"), Formerly: drawText.Draw(t, "formerly"),
		Parts: models.Parts{UnitLabel: drawText.Draw(t, "unit label"), Building: drawText.Draw(t, "building"), HouseNumber: drawText.Draw(t, "number"),
			Alley: drawText.Draw(t, "alley"), Street: drawText.Draw(t, "street"), Group: drawText.Draw(t, "group"), Hamlet: drawText.Draw(t, "hamlet")},
		Reason: drawText.Draw(t, "reason"), Supersedes: drawCodes.Draw(t, "supersedes"), Successors: drawCodes.Draw(t, "successors"),
		Commune: drawUnit.Draw(t, "commune"), Province: drawUnit.Draw(t, "province"),
		Position: models.Position{Lat: drawE7.Draw(t, "lat"), Lng: drawE7.Draw(t, "lng"), AccuracyM: drawMetres.Draw(t, "accuracy"),
			Kind: drawText.Draw(t, "position kind"), Method: drawText.Draw(t, "method")},
		Anchor:      models.Anchor{Lat: drawE7.Draw(t, "anchor lat"), Lng: drawE7.Draw(t, "anchor lng"), OffsetM: drawMetres.Draw(t, "offset")},
		Identifiers: rapid.OneOf(rapid.Just[[]models.Identifier](nil), rapid.SliceOfN(drawIdentifier, 0, 3)).Draw(t, "identifiers"),
		Version:     rapid.Int64().Draw(t, "version"), ValidFrom: models.Date(drawText.Draw(t, "from")), ValidTo: models.Date(drawText.Draw(t, "to")),
		UpdatedAt: drawTime.Draw(t, "updated"),
		Links:     models.Links{Self: drawText.Draw(t, "self"), Map: drawText.Draw(t, "map"), Geo: drawText.Draw(t, "geo")},
	}
})

var (
	drawCode = rapid.Custom(func(t *rapid.T) geo.Code {
		door, err := geo.Encode(geo.Point{Lat: rapid.Int32Range(4e7, 24e7-1).Draw(t, "lat"), Lng: rapid.Int32Range(100e7, 120e7-1).Draw(t, "lng")})
		if err != nil {
			t.Fatal(err)
		}
		code, err := door.WithUnit(rapid.IntRange(0, geo.MaxUnit).Draw(t, "unit"))
		if err != nil {
			t.Fatal(err)
		}
		return code
	})
	drawCodes = rapid.OneOf(rapid.Just[[]geo.Code](nil), rapid.SliceOfN(drawCode, 0, 3))
	// Texts of people, of those who mean harm, and of no character at all.
	drawText = rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{"12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một", "Hẻm 5 – “Chợ”",
		`a "b" \ c`, "<script>&amp;</script>", "tab\tline\nfeed\x00\x1f\x7f", "\u2028\u2029", "\xff\xfe", "chữ\xc3", "🏠", "\ufeff", "\ufffd"}),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	drawE7     = rapid.Map(rapid.Int32(), func(v int32) models.E7 { return models.E7(v) })
	drawMetres = rapid.OneOf(rapid.SampledFrom([]float64{0, 0.1, 5, 1.7, 1e-7, 1e21, 1e20, 123456789, 1e6, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)}), rapid.Float64())
	drawTime   = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")).UTC()
	})
	drawUnit = rapid.Custom(func(t *rapid.T) models.UnitRef {
		return models.UnitRef{Code: drawText.Draw(t, "code"), Name: drawText.Draw(t, "name"), ValidFrom: models.Date(drawText.Draw(t, "from"))}
	})
	drawIdentifier = rapid.Custom(func(t *rapid.T) models.Identifier {
		return models.Identifier{Scheme: drawText.Draw(t, "scheme"), Value: drawText.Draw(t, "value"), Source: drawText.Draw(t, "source"),
			ValidFrom: models.Date(drawText.Draw(t, "from")), ValidTo: models.Date(drawText.Draw(t, "to"))}
	})
)

// There is one form of an address in JSON: what AppendJSON writes is what
// encoding/json makes of the same struct.
func TestAppendJSONDiffersFromEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPublic.Draw(t, "address")
		want, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.AppendJSON([]byte("before")); string(got) != "before"+string(want) {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

// A member that the struct gets some day must not be forgotten, empty or not.
func TestAppendJSONForgetsAMember(t *testing.T) {
	var p models.PublicAddress
	fill(t, reflect.ValueOf(&p).Elem())
	want, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.AppendJSON(nil); string(got) != string(want) {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// fill gives every field a value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch kind := v.Kind(); {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1, 0).UTC()))
	case kind == reflect.String:
		v.SetString("x")
	case kind == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	case v.CanFloat():
		v.SetFloat(1.5)
	case kind == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case kind == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a %s can't be filled", v.Type())
	}
}

func TestAppendFeatureDiffersFromEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPublic.Draw(t, "address")
		type point struct {
			Type        string       `json:"type"`
			Coordinates [2]models.E7 `json:"coordinates"`
		}
		want, err := json.Marshal(struct {
			Type       string               `json:"type"`
			ID         geo.Code             `json:"id"`
			Geometry   point                `json:"geometry"`
			Properties models.PublicAddress `json:"properties"`
		}{"Feature", p.Code, point{"Point", [2]models.E7{p.Position.Lng, p.Position.Lat}}, p})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.AppendFeature(nil); string(got) != string(want) {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	p := models.PublicAddress{Text: "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", Supersedes: []geo.Code{}, Successors: []geo.Code{},
		Formerly: "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương", UpdatedAt: time.Now().UTC(), Position: models.Position{Lat: 109804000, Lng: 1066519000}}
	b.Run("append", func(b *testing.B) {
		var text []byte
		for b.Loop() {
			text = p.AppendJSON(text[:0])
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package models

import (
	"fmt"
	"math"
	"strings"
	"time"

	"diachiso/geo"
)

// E7 is a coordinate in integers of 1e-7 degree, written as an exact decimal
// number of degrees.
type E7 int32

// MarshalJSON writes degrees with at most seven decimals.
func (e E7) MarshalJSON() ([]byte, error) { return geo.AppendE7(nil, int32(e)), nil }

// UnmarshalJSON reads degrees; more than seven decimals are floored.
func (e *E7) UnmarshalJSON(text []byte) error {
	v, err := geo.ParseE7(string(text))
	if err == nil && int64(int32(v)) != v {
		err = fmt.Errorf("%s is no degree", text)
	}
	*e = E7(v)
	return err
}

// PublicAddress is what anybody may see of an address: the shape of every
// public answer. Absent members are left out.
type PublicAddress struct {
	Code         geo.Code     `json:"code"`
	Formatted    string       `json:"formatted"`
	Kind         string       `json:"kind"`
	Status       string       `json:"status"`
	Verification Verification `json:"verification"`
	Name         string       `json:"name,omitempty"` // only where name_public
	Text         string       `json:"text"`
	Formerly     string       `json:"formerly,omitempty"`
	Parts        Parts        `json:"parts"`
	Reason       string       `json:"reason,omitempty"` // of a retired address
	Supersedes   []geo.Code   `json:"supersedes"`
	Successors   []geo.Code   `json:"successors"` // chains followed to the current ones
	Commune      UnitRef      `json:"commune"`
	Province     UnitRef      `json:"province,omitzero"`
	Position     Position     `json:"position"`
	Anchor       Anchor       `json:"anchor"`
	Identifiers  []Identifier `json:"identifiers"`
	Version      int64        `json:"version"`
	ValidFrom    Date         `json:"valid_from"`
	ValidTo      Date         `json:"valid_to,omitempty"`
	UpdatedAt    time.Time    `json:"updated_at"`
	Links        Links        `json:"links"`
}

// Verification is how far an address is vouched for, and since when.
type Verification struct {
	Level string    `json:"level"`
	At    time.Time `json:"at"`
}

// UnitRef names an admin unit; ValidFrom tells it from its namesakes.
type UnitRef struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	ValidFrom Date   `json:"valid_from,omitempty"`
}

// Position is where the object is known to be.
type Position struct {
	Lat       E7      `json:"lat"`
	Lng       E7      `json:"lng"`
	AccuracyM float64 `json:"accuracy_m,omitempty"`
	Kind      string  `json:"kind,omitempty"`
	Method    string  `json:"method,omitempty"`
}

// Anchor is the centre of the cell that the code decodes to, and how far the
// position is from it in metres.
type Anchor struct {
	Lat     E7      `json:"lat"`
	Lng     E7      `json:"lng"`
	OffsetM float64 `json:"offset_m"`
}

// Links are where to go from an address.
type Links struct {
	Self string `json:"self"`
	Map  string `json:"map"` // the page for people, to which the QR code of the plate leads
	Geo  string `json:"geo"` // RFC 5870
}

// Public is the public form of an address with units, postcode and texts of a
// day (today for the present).
func (u *Units) Public(a *Address, day Date) PublicAddress {
	commune := u.communeOn(a, day)
	centre := a.Code.Centre()
	p := PublicAddress{
		Code: a.Code, Formatted: a.Code.Grouped(), Kind: a.Kind, Status: a.Status,
		Verification: Verification{a.Verification, a.VerifiedAt},
		Text:         u.text(a, commune, day), Parts: a.Parts,
		Reason: a.Reason, Supersedes: notNil(a.Supersedes), Successors: notNil(a.Successors),
		Commune: UnitRef{commune.Code, commune.FullName, commune.ValidFrom},
		Position: Position{Lat: E7(a.Point.Lat), Lng: E7(a.Point.Lng), AccuracyM: a.AccuracyM,
			Kind: a.PositionKind, Method: a.PositionMethod},
		Anchor:      Anchor{E7(centre.Lat), E7(centre.Lng), math.Round(a.drift()*10) / 10},
		Identifiers: u.publicIdentifiers(a, day),
		Version:     a.Version, ValidFrom: a.ValidFrom, ValidTo: a.ValidTo, UpdatedAt: a.UpdatedAt,
		Links: Links{Self: "/v1/addresses/" + a.Code.String(), Map: "/a/" + a.Code.String(),
			Geo: "geo:" + geo.FormatE7(a.Point.Lat) + "," + geo.FormatE7(a.Point.Lng)},
	}
	if a.NamePublic {
		p.Name = a.Name
	}
	if province := u.Province(commune, day); province != nil {
		p.Province = UnitRef{Code: province.Code, Name: province.FullName}
	}
	if former := u.byID[a.FormerCommuneID]; former != nil && commune.ID == a.CommuneID {
		p.Formerly = textOf(a, former, u.lineages[former.ID].above)
	}
	return p
}

func notNil(codes []geo.Code) []geo.Code {
	if codes == nil {
		return []geo.Code{}
	}
	return codes
}

// communeOn is the commune of an address on a day: its present one, or
// before that began the former one in its period of then.
func (u *Units) communeOn(a *Address, day Date) *AdminUnit {
	commune, former := u.byID[a.CommuneID], u.byID[a.FormerCommuneID]
	if former == nil || day >= commune.ValidFrom {
		return commune
	}
	for _, period := range u.byCode[former.Code] {
		if period.InForce(day) && period.ValidTo <= former.ValidTo {
			return period
		}
	}
	return former
}

// text writes an address from the smallest part to the province, as in force
// on a day.
func (u *Units) text(a *Address, commune *AdminUnit, day Date) string {
	return textOf(a, commune, u.lineageOf(commune, day).above)
}

// textOf writes an address with what stands above its commune.
func textOf(a *Address, commune *AdminUnit, above string) string {
	var b strings.Builder
	b.Grow(160)
	for _, part := range [...]string{a.Parts.UnitLabel, a.Parts.Building, a.Parts.doorText(), a.Parts.streetText(),
		a.Parts.Group, a.Parts.Hamlet, commune.FullName} {
		if part != "" {
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(part)
		}
	}
	b.WriteString(above)
	return b.String()
}

// fullText is a commune with the units above it on a day.
func (u *Units) fullText(commune *AdminUnit, day Date) string {
	return u.text(&Address{}, commune, day)
}

// doorText is the house number with the alley, or else the street, that it
// counts along: "12 Hẻm 5", "12/3 Đường Yersin".
func (p Parts) doorText() string {
	along := p.Alley
	if along == "" {
		along = p.Street
	}
	return strings.TrimSpace(p.HouseNumber + " " + along)
}

// streetText is the street where doorText does not say it already.
func (p Parts) streetText() string {
	if p.Alley == "" {
		return ""
	}
	return p.Street
}

// publicIdentifiers are the computed codes and the allotted ones; a ref is the
// importer's own key and stays with the importer.
func (u *Units) publicIdentifiers(a *Address, day Date) []Identifier {
	list := []Identifier{{Scheme: string(geo.SchemePlusCode), Value: a.Code.Plus()}}
	if p, ok := u.PostcodeOn(a, day); ok {
		list = append(list, Identifier{Scheme: string(geo.SchemeVpostcode), Value: a.Code.Vpostcode(p.Code),
			ValidFrom: p.ValidFrom, ValidTo: p.ValidTo})
	}
	for _, i := range a.Identifiers {
		if i.Scheme != "ref" {
			list = append(list, i)
		}
	}
	return list
}

// Identifier is the identifier of a scheme, or empty where there is none.
func (p *PublicAddress) Identifier(scheme geo.Scheme) string {
	for _, i := range p.Identifiers {
		if i.Scheme == string(scheme) {
			return i.Value
		}
	}
	return ""
}

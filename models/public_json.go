package models

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"diachiso/geo"
)

// AppendJSON appends the address as encoding/json writes it, byte for byte, in
// a fifth of the time. There is no MarshalJSON: encoding/json would read all of
// its text again, and a struct that embeds an address would become one.
func (p *PublicAddress) AppendJSON(b []byte) []byte {
	b = appendCode(append(b, `{"code":`...), p.Code)
	b = appendText(b, `,"formatted":`, p.Formatted)
	b = appendText(b, `,"kind":`, p.Kind)
	b = appendText(b, `,"status":`, p.Status)
	b = appendText(b, `,"verification":{"level":`, p.Verification.Level)
	b = append(appendTime(b, `,"at":`, p.Verification.At), '}')
	b = appendKnown(b, `,"name":`, p.Name)
	b = appendText(b, `,"text":`, p.Text)
	b = appendKnown(b, `,"formerly":`, p.Formerly)
	b = p.Parts.appendJSON(append(b, `,"parts":`...))
	b = appendKnown(b, `,"reason":`, p.Reason)
	b = appendCodes(b, `,"supersedes":`, p.Supersedes)
	b = appendCodes(b, `,"successors":`, p.Successors)
	b = p.Commune.appendJSON(append(b, `,"commune":`...))
	if p.Province != (UnitRef{}) {
		b = p.Province.appendJSON(append(b, `,"province":`...))
	}
	b = p.Position.appendJSON(append(b, `,"position":`...))
	b = p.Anchor.appendJSON(append(b, `,"anchor":`...))
	b = appendIdentifiers(append(b, `,"identifiers":`...), p.Identifiers)
	b = strconv.AppendInt(append(b, `,"version":`...), p.Version, 10)
	b = appendText(b, `,"valid_from":`, string(p.ValidFrom))
	b = appendKnown(b, `,"valid_to":`, string(p.ValidTo))
	b = appendTime(b, `,"updated_at":`, p.UpdatedAt)
	b = appendText(b, `,"links":{"self":`, p.Links.Self)
	b = appendText(b, `,"map":`, p.Links.Map)
	return append(appendText(b, `,"geo":`, p.Links.Geo), "}}"...)
}

// AppendFeature appends the address as a GeoJSON feature (RFC 7946): the code
// is its id and the position its geometry.
func (p *PublicAddress) AppendFeature(b []byte) []byte {
	b = appendCode(append(b, `{"type":"Feature","id":`...), p.Code)
	b = append(b, `,"geometry":{"type":"Point","coordinates":[`...)
	b = append(geo.AppendE7(b, int32(p.Position.Lng)), ',')
	b = append(geo.AppendE7(b, int32(p.Position.Lat)), `]},"properties":`...)
	return append(p.AppendJSON(b), '}')
}

func (p *Parts) appendJSON(b []byte) []byte {
	start := len(b)
	b = appendKnown(b, `,"unit_label":`, p.UnitLabel)
	b = appendKnown(b, `,"building":`, p.Building)
	b = appendKnown(b, `,"house_number":`, p.HouseNumber)
	b = appendKnown(b, `,"alley":`, p.Alley)
	b = appendKnown(b, `,"street":`, p.Street)
	b = appendKnown(b, `,"group":`, p.Group)
	b = appendKnown(b, `,"hamlet":`, p.Hamlet)
	if len(b) == start {
		return append(b, "{}"...)
	}
	b[start] = '{' // in the place of the first comma
	return append(b, '}')
}

func (u *UnitRef) appendJSON(b []byte) []byte {
	b = appendText(b, `{"code":`, u.Code)
	b = appendText(b, `,"name":`, u.Name)
	return append(appendKnown(b, `,"valid_from":`, string(u.ValidFrom)), '}')
}

func (p *Position) appendJSON(b []byte) []byte {
	b = appendPoint(b, p.Lat, p.Lng)
	if p.AccuracyM != 0 {
		b = appendNumber(append(b, `,"accuracy_m":`...), p.AccuracyM)
	}
	b = appendKnown(b, `,"kind":`, p.Kind)
	return append(appendKnown(b, `,"method":`, p.Method), '}')
}

func (a *Anchor) appendJSON(b []byte) []byte {
	b = append(appendPoint(b, a.Lat, a.Lng), `,"offset_m":`...)
	return append(appendNumber(b, a.OffsetM), '}')
}

// appendPoint opens an object with a point.
func appendPoint(b []byte, lat, lng E7) []byte {
	b = geo.AppendE7(append(b, `{"lat":`...), int32(lat))
	return geo.AppendE7(append(b, `,"lng":`...), int32(lng))
}

func appendIdentifiers(b []byte, list []Identifier) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for n, i := range list {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendText(b, `{"scheme":`, i.Scheme)
		b = appendText(b, `,"value":`, i.Value)
		b = appendKnown(b, `,"valid_from":`, string(i.ValidFrom))
		b = append(appendKnown(b, `,"valid_to":`, string(i.ValidTo)), '}')
	}
	return append(b, ']')
}

func appendCodes(b []byte, name string, codes []geo.Code) []byte {
	b = append(b, name...)
	if codes == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for n, code := range codes {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendCode(b, code)
	}
	return append(b, ']')
}

func appendCode(b []byte, code geo.Code) []byte {
	return append(code.AppendTo(append(b, '"')), '"')
}

func appendTime(b []byte, name string, at time.Time) []byte {
	b = append(append(b, name...), '"')
	return append(at.AppendFormat(b, time.RFC3339Nano), '"')
}

// appendKnown appends a member, or nothing where it is empty.
func appendKnown(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendText(b, name, value)
}

// appendText appends a member, given its name with what stands around it.
func appendText(b []byte, name, value string) []byte {
	b = append(b, name...)
	if !plainText(value) {
		return append(b, marshaled(value)...)
	}
	return append(append(append(b, '"'), value...), '"')
}

// plainText tells the texts, nearly all, in which encoding/json escapes nothing.
func plainText(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
			if c == 0xE2 { // what line separators begin with
				return false
			}
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return ascii || utf8.ValidString(s)
}

// appendNumber appends a number of metres.
func appendNumber(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'g', -1, 64)
	if strings.ContainsAny(string(b[start:]), "eIN") {
		return append(b[:start], marshaled(v)...)
	}
	return b
}

func marshaled(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers of metres, which the database keeps finite
	}
	return text
}

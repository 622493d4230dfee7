package handlers

import (
	"encoding/json"
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
)

func (a *API) codeRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/codes/encode", anyone, a.encode, []string{"lat", "lng"}},
		{http.MethodGet, "/v1/codes/:code", anyone, a.decode, nil},
	}
}

// codeFacts are what arithmetic alone tells of a code, registered or not.
type codeFacts struct {
	Code      geo.Code    `json:"code"`
	Formatted string      `json:"formatted"`
	Door      geo.Code    `json:"door"`
	Unit      int         `json:"unit,omitempty"` // serial from 1; absent: the door
	Check     string      `json:"check"`
	UnitCheck string      `json:"unit_check,omitempty"`
	PlusCode  string      `json:"plus_code"`
	Centre    coordinates `json:"centre"`
	Bounds    bounds      `json:"bounds"`
	Cell      polygon     `json:"cell"`
	SizeM     sizeM       `json:"size_m"`
}

// bounds are the exact edges of a cell in degrees; south and west belong to it.
type bounds struct {
	South json.Number `json:"south"`
	West  json.Number `json:"west"`
	North json.Number `json:"north"`
	East  json.Number `json:"east"`
}

// sizeM is the size of a cell in metres.
type sizeM struct {
	Height float64 `json:"height"`
	Width  float64 `json:"width"`
}

// arithmetic may be kept by clients for long: it never changes.
const arithmetic = "public, max-age=86400"

func (a *API) encode(c *gin.Context) error {
	q := queryOf(c)
	at := q.point()
	if err := q.err(); err != nil {
		return err
	}
	code, err := geo.Encode(at)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", arithmetic)
	return answerJSON(c, "", factsOf(code))
}

func (a *API) decode(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", arithmetic)
	return answerJSON(c, "", factsOf(code))
}

func factsOf(code geo.Code) codeFacts {
	south, west, north, east := code.Bounds()
	text := code.String()
	facts := codeFacts{
		Code: code, Formatted: code.Grouped(), Door: code.Door(), Unit: code.Unit(),
		Check: text[geo.DoorLength-1 : geo.DoorLength], PlusCode: code.Plus(),
		Centre: coordinatesOf(code.Centre()),
		Bounds: bounds{json.Number(south), json.Number(west), json.Number(north), json.Number(east)},
		Cell:   outline(code), SizeM: sizeOf(code),
	}
	if !code.IsDoor() {
		facts.UnitCheck = text[geo.UnitLength-1:]
	}
	return facts
}

// sizeOf measures a cell along its south and west edges, to a centimetre.
func sizeOf(code geo.Code) sizeM {
	corner := func(i int) geo.Point {
		at := code.Ring()[i]
		return geo.Point{Lng: int32(nearestE7(at[0])), Lat: int32(nearestE7(at[1]))}
	}
	centimetres := func(metres float64) float64 { return math.Round(metres*100) / 100 }
	return sizeM{
		Height: centimetres(geo.Distance(corner(0), corner(3))),
		Width:  centimetres(geo.Distance(corner(0), corner(1))),
	}
}

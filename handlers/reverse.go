package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// Limits of a search around a point.
const (
	reverseLimit, reverseMaxLimit   = 5, 50
	reverseRadius, reverseMaxRadius = 500, 5000 // metres
)

func (a *API) reverseRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/reverse", anyone, a.reverse, []string{"lat", "lng", "limit", "radius"}},
	}
}

// reversed answers what is at a point: the code it would have, its commune
// and the addresses around it, nearest first.
type reversed struct {
	Query    coordinates     `json:"query"`
	Code     geo.Code        `json:"code"`
	PlusCode string          `json:"plus_code"`
	Cell     polygon         `json:"cell"`
	Commune  *models.UnitRef `json:"commune,omitempty"`
	Matches  []nearMatch     `json:"matches"`
}

// coordinates are a position by name, in degrees.
type coordinates struct {
	Lat models.E7 `json:"lat"`
	Lng models.E7 `json:"lng"`
}

func coordinatesOf(p geo.Point) coordinates { return coordinates{models.E7(p.Lat), models.E7(p.Lng)} }

type nearMatch struct {
	DistanceM float64              `json:"distance_m"`
	Address   models.PublicAddress `json:"address"`
}

func (a *API) reverse(c *gin.Context) error {
	q := queryOf(c)
	at := q.point()
	filter := models.NearFilter{
		Limit:   q.whole("limit", reverseLimit, 1, reverseMaxLimit),
		RadiusM: float64(q.whole("radius", reverseRadius, 1, reverseMaxRadius)),
	}
	if err := q.err(); err != nil {
		return err
	}
	code, err := geo.Encode(at)
	if err != nil {
		return err
	}
	near, err := a.store.Nearest(c.Request.Context(), at, filter)
	if err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	today := a.store.Today()
	answer := reversed{Query: coordinatesOf(at), Code: code, PlusCode: code.Plus(), Cell: outline(code), Matches: make([]nearMatch, len(near))}
	if commune := units.CommuneAt(at, today); commune != nil {
		answer.Commune = &models.UnitRef{Code: commune.Code, Name: commune.FullName, ValidFrom: commune.ValidFrom}
	}
	for i, n := range near {
		answer.Matches[i] = nearMatch{*tenths(n.DistanceM), units.Public(n.Address, today)}
	}
	return answerJSON(c, "", answer)
}

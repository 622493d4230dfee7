package handlers

import (
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

func (a *API) resolveRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/resolve", anyone, a.resolveQuery, []string{"q", "near", "commune"}},
		{http.MethodGet, "/v1/resolve/:input", anyone, a.resolvePath, []string{"near", "commune"}},
	}
}

// resolution answers a text that names registered addresses.
type resolution struct {
	Input      string     `json:"input"`
	Normalized bool       `json:"normalized"`
	Scheme     geo.Scheme `json:"scheme,omitempty"` // where all matches share one
	Matches    []match    `json:"matches"`
	Truncated  bool       `json:"truncated,omitempty"`
	Next       string     `json:"next,omitempty"` // where the others are, when truncated
}

func (r resolution) appendJSON(b []byte) []byte {
	b = appendMember(b, `{"input":`, r.Input)
	b = appendMember(b, `,"normalized":`, r.Normalized)
	if r.Scheme != "" {
		b = appendMember(b, `,"scheme":`, r.Scheme)
	}
	b = appendList(append(b, `,"matches":`...), r.Matches, func(b []byte, m *match) []byte { return m.appendJSON(b) })
	if r.Truncated {
		b = append(b, `,"truncated":true`...)
	}
	if r.Next != "" {
		b = appendMember(b, `,"next":`, r.Next)
	}
	return append(b, '}')
}

// match is an address and the line of codes in which the text names it.
type match struct {
	Scheme geo.Scheme `json:"scheme"`
	models.PublicAddress
}

func (m *match) appendJSON(b []byte) []byte {
	b = appendMember(b, `{"scheme":`, m.Scheme)
	start := len(b)
	b = m.AppendJSON(b)
	b[start] = ',' // its members go on this object
	return b
}

// candidate is an address that a text without a match may have meant.
type candidate struct {
	Code      geo.Code             `json:"code"`
	Edit      *edit                `json:"edit,omitempty"` // absent: it only stands nearby
	DistanceM *float64             `json:"distance_m,omitempty"`
	Address   models.PublicAddress `json:"address"`
}

type edit struct {
	Op       string `json:"op"`
	Position int    `json:"position"` // from 1
}

func (a *API) resolveQuery(c *gin.Context) error {
	q := queryOf(c)
	return a.resolve(c, q, q.required("q"), "q")
}

func (a *API) resolvePath(c *gin.Context) error {
	input, err := pathText(c, "input")
	if err != nil {
		return err
	}
	return a.resolve(c, queryOf(c), input, "input")
}

func (a *API) resolve(c *gin.Context, q *query, input, parameter string) error {
	asked := models.Query{Input: input, Near: q.near(), Commune: q.text("commune")}
	if err := q.err(); err != nil {
		return err
	}
	r, err := a.store.Resolve(c.Request.Context(), asked)
	if err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	if len(r.Matches) == 0 {
		return a.unresolved(units, r, parameter)
	}
	answer, addresses := resolution{Input: input, Normalized: r.Readings.Normalized, Truncated: r.Truncated,
		Scheme: r.Matches[0].Scheme, Matches: make([]match, len(r.Matches))}, make([]*models.Address, len(r.Matches))
	if r.Truncated && r.HasCode {
		south, west, north, east := r.Code.Bounds()
		if reading := r.Readings.All[0]; !isOneCell(reading) {
			area, err := geo.PlusDecode(reading.Value)
			if err != nil {
				return err
			}
			south, west, north, east = area.South.String(), area.West.String(), area.North.String(), area.East.String()
		}
		answer.Next = "/v1/addresses?bbox=" + west + "," + south + "," + east + "," + north
	}
	today := a.store.Today()
	for i, m := range r.Matches {
		answer.Matches[i] = match{m.Scheme, units.Public(m.Address, today)}
		addresses[i] = m.Address
		if m.Scheme != answer.Scheme {
			answer.Scheme = ""
		}
	}
	return answerJSON(c, a.addressTag(units, today, formatJSON, addresses...), answer)
}

// unresolved is the problem of a text without a match, with what it may have
// meant.
func (a *API) unresolved(units *models.Units, r *models.Resolution, parameter string) error {
	problem := &detailed{error: renamed(r.Problem, "q", parameter)}
	list := make([]candidate, 0, len(r.Candidates))
	for _, found := range r.Candidates {
		c := candidate{Code: found.Address.Code, Address: units.Public(found.Address, a.store.Today())}
		if found.Repair.Op != "" {
			c.Edit = &edit{found.Repair.Op, found.Repair.Position}
		}
		if found.DistanceM >= 0 {
			c.DistanceM = tenths(found.DistanceM)
		}
		list = append(list, c)
	}
	if len(list) > 0 {
		problem.Candidates = list
	}
	if r.HasCode && isOneCell(r.Readings.All[0]) {
		cell := cellOf(r.Code)
		problem.Cell = &cell
	}
	return problem
}

// isOneCell tells a code or a full position from a Plus Code of an area.
func isOneCell(r geo.Reading) bool { return r.Lo.Door() == r.Hi.Door() }

// tenths rounds metres to what a position can mean.
func tenths(metres float64) *float64 {
	rounded := math.Round(metres*10) / 10
	return &rounded
}

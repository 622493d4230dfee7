package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

func (a *API) unitRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/units", anyone, a.listUnits, []string{"level", "parent", "as_of"}},
		{http.MethodGet, "/v1/units/at", anyone, a.unitsAt, []string{"lat", "lng", "as_of"}},
		{http.MethodGet, "/v1/units/:code", anyone, a.unit, []string{"as_of"}},
		{http.MethodGet, "/v1/units/:code/boundary", anyone, a.boundary, []string{"as_of"}},
		{http.MethodGet, "/v1/units/:code/successors", anyone, a.successors, []string{"as_of"}},
	}
}

var levels = []string{models.LevelProvince, models.LevelDistrict, models.LevelCommune}

func shapesOf(list []*models.AdminUnit) []models.PublicUnit {
	shapes := make([]models.PublicUnit, len(list))
	for i, u := range list {
		shapes[i] = u.Public()
	}
	return shapes
}

type unitList struct {
	AsOf  models.Date         `json:"as_of"`
	Units []models.PublicUnit `json:"units"`
}

// unitAnswer is a unit with those above it that day, and the other periods of
// its code, so that a re-used code explains itself.
type unitAnswer struct {
	models.PublicUnit
	Above   []models.PublicUnit `json:"above"`
	Periods []models.PublicUnit `json:"periods"`
}

// listUnits answers all units of a day in one answer: a country has a few
// thousand.
func (a *API) listUnits(c *gin.Context) error {
	units, day, err := a.unitsOf(c)
	if err != nil {
		return err
	}
	q := queryOf(c)
	filter := models.UnitFilter{Level: q.oneOf("level", levels), Parent: q.text("parent"), Day: day}
	if err := q.err(); err != nil {
		return err
	}
	return answerJSON(c, unitTag(units, day), unitList{day, shapesOf(units.List(filter))})
}

// unitsOf are the units and the day of a request.
func (a *API) unitsOf(c *gin.Context) (*models.Units, models.Date, error) {
	units, err := a.store.Units(c.Request.Context())
	return units, queryOf(c).day("as_of", a.store.Today()), err
}

// unitOf is the unit of the path that was in force on the day of a request.
func (a *API) unitOf(c *gin.Context) (*models.Units, *models.AdminUnit, models.Date, error) {
	units, day, err := a.unitsOf(c)
	if err != nil {
		return nil, nil, "", err
	}
	if err := queryOf(c).err(); err != nil {
		return nil, nil, "", err
	}
	code, err := pathText(c, "code")
	if err != nil {
		return nil, nil, "", err
	}
	unit := units.At(code, day)
	if unit == nil {
		return nil, nil, "", notInForce(code, day, units.Periods(code))
	}
	return units, unit, day, nil
}

func notInForce(code string, day models.Date, periods []*models.AdminUnit) error {
	if len(periods) == 0 {
		return notFound("unknown-unit", "No unit ever had the code %q: /v1/units lists them.",
			"Chưa từng có đơn vị hành chính nào mang mã %q: xem danh sách tại /v1/units.", shown(code))
	}
	return &detailed{
		error: notFound("not-in-force", "No unit had the code %s on %s; it was in force in other periods: name a day of one with as_of.",
			"Không có đơn vị hành chính nào mang mã %s vào ngày %s; mã có hiệu lực trong thời kỳ khác: hãy nêu ngày bằng as_of.", code, day),
		extras: extras{Periods: shapesOf(periods)},
	}
}

func (a *API) unit(c *gin.Context) error {
	units, unit, day, err := a.unitOf(c)
	if err != nil {
		return err
	}
	answer := unitAnswer{PublicUnit: unit.Public(), Above: shapesOf(units.Above(unit, day)), Periods: []models.PublicUnit{}}
	for _, other := range units.Periods(unit.Code) {
		if other != unit {
			answer.Periods = append(answer.Periods, other.Public())
		}
	}
	return answerJSON(c, unitTag(units, day), answer)
}

type successorsAnswer struct {
	Unit         models.PublicUnit   `json:"unit"`
	Successors   []successor         `json:"successors"`   // the default first
	Predecessors []models.PublicUnit `json:"predecessors"` // by code
}

// successor is a unit that took over; the default is the one to assume where
// the position is not known.
type successor struct {
	models.PublicUnit
	Default bool `json:"default"`
}

func (a *API) successors(c *gin.Context) error {
	units, unit, day, err := a.unitOf(c)
	if err != nil {
		return err
	}
	answer := successorsAnswer{Unit: unit.Public(), Successors: []successor{}, Predecessors: shapesOf(units.Predecessors(unit))}
	for i, next := range units.Successors(unit) {
		answer.Successors = append(answer.Successors, successor{next.Public(), i == 0})
	}
	return answerJSON(c, unitTag(units, day), answer)
}

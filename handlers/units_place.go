package handlers

import (
	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"diachiso/geo"
	"diachiso/models"
)

// unitFeature is a unit with its polygons (RFC 7946).
type unitFeature struct {
	Type       string            `json:"type"`
	ID         string            `json:"id"`
	Geometry   multiPolygon      `json:"geometry"`
	Properties models.PublicUnit `json:"properties"`
}

type multiPolygon struct {
	Type        string           `json:"type"`
	Coordinates orb.MultiPolygon `json:"coordinates"`
}

func (a *API) boundary(c *gin.Context) error {
	units, unit, day, err := a.unitOf(c)
	if err != nil {
		return err
	}
	shape, err := a.store.Boundary(c.Request.Context(), unit)
	if err != nil {
		return err
	}
	if len(shape.MultiPolygon) == 0 {
		return notFound("no-boundary", "No boundary of %s (%s) is loaded: units import --boundaries loads them.",
			"Chưa nạp ranh giới của %s (%s): dùng units import --boundaries để nạp.", unit.FullName, unit.Code)
	}
	f, err := negotiate(c, formatGeoJSON, formatJSON)
	if err != nil {
		return err
	}
	return answer(c, f.mediaType, unitTag(units, day),
		unitFeature{"Feature", unit.Code, multiPolygon{"MultiPolygon", shape.MultiPolygon}, unit.Public()})
}

type placeAnswer struct {
	Query    coordinates        `json:"query"`
	AsOf     models.Date        `json:"as_of"`
	Commune  models.PublicUnit  `json:"commune"`
	District *models.PublicUnit `json:"district,omitempty"`
	Province *models.PublicUnit `json:"province,omitempty"`
}

// unitsAt answers the commune of a point on a day, and the units above it.
func (a *API) unitsAt(c *gin.Context) error {
	units, day, err := a.unitsOf(c)
	if err != nil {
		return err
	}
	q := queryOf(c)
	at := q.point()
	if err := q.err(); err != nil {
		return err
	}
	commune := units.CommuneAt(at, day)
	if commune == nil {
		return a.noCommune(units, at, day)
	}
	answer := placeAnswer{Query: coordinatesOf(at), AsOf: day, Commune: commune.Public()}
	for _, above := range units.Above(commune, day) {
		shape := above.Public()
		switch above.Level {
		case models.LevelDistrict:
			answer.District = &shape
		case models.LevelProvince:
			answer.Province = &shape
		}
	}
	return answerJSON(c, unitTag(units, day), answer)
}

// noCommune tells a point outside all boundaries from a day of which none is
// loaded; then today's commune and what it was made of are all that is known.
func (a *API) noCommune(units *models.Units, at geo.Point, day models.Date) error {
	for _, unit := range units.List(models.UnitFilter{Level: models.LevelCommune, Day: day}) {
		if unit.HasBoundary {
			return notFound("no-commune", "The point lies in no commune whose boundary is loaded, nor within 50 m of one.",
				"Điểm không nằm trong xã/phường nào đã có ranh giới, cũng không cách ranh giới nào dưới 50 m.")
		}
	}
	problem := &detailed{error: notFound("no-boundary", "No boundary of a commune in force on %s is loaded; the units that today's commune was made of are candidates.",
		"Chưa nạp ranh giới xã/phường nào có hiệu lực vào ngày %s; các đơn vị đã hợp thành xã/phường hiện nay được nêu để tham khảo.", day)}
	if now := units.CommuneAt(at, a.store.Today()); now != nil {
		shape := now.Public()
		problem.Commune = &shape
		problem.Candidates = shapesOf(units.PredecessorsOn(now, day))
	}
	return problem
}

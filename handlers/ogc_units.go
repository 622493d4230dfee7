package handlers

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// flatUnit is an admin unit in one of its periods.
type flatUnit struct {
	Code      string       `json:"code"`
	Level     string       `json:"level"`
	Name      string       `json:"name"`
	Kind      string       `json:"kind"`
	Parent    *string      `json:"parent"`
	Postcode  *string      `json:"postcode"` // the last it had
	ValidFrom models.Date  `json:"valid_from"`
	ValidTo   *models.Date `json:"valid_to"`
}

type unitItem = ogcFeature[*unitArea, flatUnit]

// unitArea is a boundary as point in polygon has it, to 1e-7 degree.
type unitArea struct {
	Type        string             `json:"type"`
	Coordinates [][][][2]models.E7 `json:"coordinates"`
}

// areaOf is null where no boundary is loaded.
func areaOf(polygons [][][]geo.Point) *unitArea {
	if len(polygons) == 0 {
		return nil
	}
	area := &unitArea{"MultiPolygon", make([][][][2]models.E7, len(polygons))}
	for i, rings := range polygons {
		for _, ring := range rings {
			line := make([][2]models.E7, len(ring))
			for j, p := range ring {
				line[j] = [2]models.E7{models.E7(p.Lng), models.E7(p.Lat)}
			}
			area.Coordinates[i] = append(area.Coordinates[i], line)
		}
	}
	return area
}

// itemID names a unit in its period: codes were given out again.
func itemID(u *models.AdminUnit) string { return u.Code + "_" + string(u.ValidFrom) }

func unitItemOf(units *models.Units, u *models.AdminUnit) unitItem {
	item := unitItem{Type: "Feature", ID: itemID(u), Geometry: areaOf(units.Area(u)), Properties: flatUnit{
		Code: u.Code, Level: u.Level, Name: u.FullName, Kind: u.Kind, Parent: orNull(u.ParentCode),
		ValidFrom: u.ValidFrom, ValidTo: orNull(u.ValidTo),
	}}
	if n := len(u.Postcodes); n > 0 {
		item.Properties.Postcode = &u.Postcodes[n-1].Code
	}
	return item
}

// ogcUnits answers units by level, code and period.
func (a *API) ogcUnits(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q := queryOf(c)
	filter := models.UnitFilter{Boxes: q.boxes("bbox"), Days: q.days("datetime"), Level: q.oneOf("level", levels), Parent: q.text("parent")}
	limit, after := q.atMost("limit", ogcLimit, ogcMaxLimit), q.unitCursor("cursor", units)
	base, err := a.featuresBase(c, q)
	if err != nil {
		return err
	}
	leave, err := a.seatFor(c, limit)
	if err != nil {
		return err
	}
	defer leave()
	list := units.List(filter)
	matched := len(list)
	if after != nil {
		list = slices.DeleteFunc(list, func(u *models.AdminUnit) bool { return u.Compare(after) <= 0 })
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = unitCursorAfter(list[limit-1])
	}
	page := newFeaturePage(c, base+"/collections/units", next, limit)
	page.NumberMatched, page.NumberReturned = int64(matched), len(list)
	return page.write(c, func(i int) any { return unitItemOf(units, list[i]) })
}

const unitCursorForm = "u1"

func unitCursorAfter(u *models.AdminUnit) string {
	return base64.RawURLEncoding.EncodeToString([]byte(unitCursorForm + itemID(u)))
}

// unitCursor is the last unit of the page before, or nil where the list begins.
func (q *query) unitCursor(name string, units *models.Units) *models.AdminUnit {
	if !q.has(name) {
		return nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(q.text(name))
	id, ours := strings.CutPrefix(string(raw), unitCursorForm)
	unit := unitOfItem(units, id)
	if err != nil || !ours || unit == nil {
		q.add(badCursor(name))
	}
	return unit
}

// unitOfItem is the unit that an id names, or nil.
func unitOfItem(units *models.Units, id string) *models.AdminUnit {
	code, from, _ := strings.Cut(id, "_")
	for _, unit := range units.Periods(code) {
		if string(unit.ValidFrom) == from {
			return unit
		}
	}
	return nil
}

func (a *API) ogcUnit(c *gin.Context) error {
	base, err := a.featuresBase(c, queryOf(c))
	if err != nil {
		return err
	}
	id, err := pathText(c, "unit")
	if err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	unit := unitOfItem(units, id)
	if unit == nil {
		return noFeature(id)
	}
	item := unitItemOf(units, unit)
	item.Links = featureLinks(base+"/collections/units", item.ID)
	return answer(c, formatFeatures.mediaType, unitTag(units, a.store.Today()), item)
}

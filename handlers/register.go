package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// registrationMembers are all that a registration may say.
var registrationMembers = []string{
	"kind", "lat", "lng", "accuracy_m", "position_kind", "name", "name_public",
	"unit_label", "building", "house_number", "alley", "street", "group", "hamlet",
	"parent", "commune", "as_of", "ref", "confirm_distinct", "contact",
}

func (a *API) createAddress(c *gin.Context) error {
	caller := callerOf(c)
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, registrationMembers)
	if err != nil {
		return err
	}
	r, err := o.registration(caller.Name)
	if err != nil {
		return err
	}
	// The body had its own time to arrive. What is being written is answered
	// also when the client is gone: it stands in the log then.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), a.timeout)
	defer cancel()
	created, err := a.store.Register(ctx, r, caller.Actor(models.VerificationDeclared))
	if err != nil {
		return err
	}
	return a.answerCreated(ctx, c, created)
}

func (a *API) answerCreated(ctx context.Context, c *gin.Context, created *models.Address) error {
	units, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	today := a.store.Today()
	public := units.Public(created, today)
	body, err := json.Marshal(public)
	if err != nil {
		return err
	}
	c.Header("Location", public.Links.Self)
	c.Header("ETag", a.addressTag(units, today, formatJSON, created))
	write(c, http.StatusCreated, formatJSON.mediaType, body)
	return nil
}

// registration reads the members of a registration and reports everything
// that can be told to be wrong without the registry.
func (o *object) registration(source string) (models.Registration, error) {
	r := models.Registration{
		Kind: o.text("kind"), Name: o.text("name"), NamePublic: o.flag("name_public"),
		Parts: models.Parts{
			UnitLabel: o.text("unit_label"), Building: o.text("building"), HouseNumber: o.text("house_number"),
			Alley: o.text("alley"), Street: o.text("street"), Group: o.text("group"), Hamlet: o.text("hamlet"),
		},
		AccuracyM: o.accuracy("accuracy_m"), PositionKind: o.text("position_kind"),
		Commune: o.text("commune"), AsOf: o.day("as_of"), Source: source, Ref: o.text("ref"),
		Contact: o.contact(),
	}
	if distinct := o.flag("confirm_distinct"); distinct != nil {
		r.ConfirmDistinct = *distinct
	}
	located := o.point(&r.Point)
	if o.has("parent") {
		parent := o.code("parent")
		if located {
			r.Parent = &parent
		}
	}
	for _, e := range r.Check() {
		if !o.failed(e.Path()) {
			o.add(e)
		}
	}
	if len(o.errs) > 0 {
		return r, o.errs
	}
	return r, nil
}

// point reads the members lat and lng from the texts of their numbers; false
// where there is no position.
func (o *object) point(into *geo.Point) bool {
	lat, lng := o.number("lat"), o.number("lng")
	for _, name := range []string{"lat", "lng"} {
		if !o.has(name) && !o.failed(name) {
			o.add(invalid(name, "required", "It is missing: a position has lat and lng.", "Thiếu giá trị: vị trí gồm lat và lng."))
		}
	}
	// One without the other is looked at beside a half that is right, so that
	// every fault is named.
	p, err := geo.ParsePoint(cmp.Or(lat, "16"), cmp.Or(lng, "108"))
	if e := fromGeo(err, ""); e != nil {
		o.add(e)
		return false
	}
	if lat == "" || lng == "" {
		return false
	}
	*into = p
	return true
}

// accuracy is a number of metres, more than 0; models knows the most.
func (o *object) accuracy(name string) float64 {
	text := o.number(name)
	if text == "" {
		return 0
	}
	metres, err := strconv.ParseFloat(text, 64)
	if err != nil || metres <= 0 {
		return math.NaN()
	}
	return metres
}

// day is a calendar day, or empty where it is absent.
func (o *object) day(name string) models.Date {
	text := o.text(name)
	if text == "" {
		return ""
	}
	day, err := models.ParseDate(text)
	if err != nil {
		o.add(badDay(name, text))
	}
	return day
}

// code is an address code, or 0 where it is absent.
func (o *object) code(name string) geo.Code {
	text := o.text(name)
	if text == "" {
		return 0
	}
	symbols, _ := geo.Normalize(text)
	code, err := geo.Parse(symbols)
	if e := fromGeo(err, name); e != nil {
		o.add(e)
	}
	return code
}

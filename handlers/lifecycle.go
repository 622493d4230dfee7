package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

func (a *API) lifecycleRoutes() []route {
	const address = "/v1/addresses/:code"
	return []route{
		{http.MethodPatch, address, writers.and(owners), a.amendAddress, nil},
		{http.MethodPost, address + "/verify", writers, a.verifyAddress, nil},
		{http.MethodPost, address + "/retire", writers, a.retireAddress, nil},
		{http.MethodPost, address + "/restore", writers, a.restoreAddress, nil},
		{http.MethodGet, address + "/history", anyone, a.history, []string{"limit", "cursor"}},
	}
}

// Members of the bodies.
var (
	amendmentMembers = []string{
		"kind", "lat", "lng", "accuracy_m", "position_kind", "name", "name_public",
		"unit_label", "building", "house_number", "alley", "street", "group", "hamlet", "valid_from", "confirm_distinct",
	}
	verifyMembers  = []string{"level"}
	retireMembers  = []string{"reason", "successors", "with_units"}
	restoreMembers = []string{"with_units", "confirm_distinct"}
)

// amendAddress changes an address by a merge patch. A position too far from
// the anchor of its code moves it: that is a new address.
func (a *API) amendAddress(c *gin.Context) error {
	e, err := editOf(c)
	if err != nil {
		return err
	}
	o, err := a.readPatch(c, amendmentMembers)
	if err != nil {
		return err
	}
	m, err := o.amendment()
	if err != nil {
		return err
	}
	return a.answerEdited(c, e.Code, func(ctx context.Context) (*models.Address, error) { return a.store.Amend(ctx, e, m) })
}

func (a *API) verifyAddress(c *gin.Context) error {
	e, o, err := a.readEdit(c, verifyMembers)
	if err != nil {
		return err
	}
	level := o.text("level")
	if len(o.errs) > 0 {
		return o.errs
	}
	return a.answerEdited(c, e.Code, func(ctx context.Context) (*models.Address, error) { return a.store.Verify(ctx, e, level) })
}

func (a *API) retireAddress(c *gin.Context) error {
	e, o, err := a.readEdit(c, retireMembers)
	if err != nil {
		return err
	}
	why := models.Retirement{Reason: o.text("reason"), Successors: o.codes("successors"), WithUnits: o.isTrue("with_units")}
	if len(o.errs) > 0 {
		return o.errs
	}
	return a.answerEdited(c, e.Code, func(ctx context.Context) (*models.Address, error) { return a.store.Retire(ctx, e, why) })
}

func (a *API) restoreAddress(c *gin.Context) error {
	e, o, err := a.readEdit(c, restoreMembers)
	if err != nil {
		return err
	}
	how := models.Restoration{WithUnits: o.isTrue("with_units"), ConfirmDistinct: o.isTrue("confirm_distinct")}
	if len(o.errs) > 0 {
		return o.errs
	}
	return a.answerEdited(c, e.Code, func(ctx context.Context) (*models.Address, error) { return a.store.Restore(ctx, e, how) })
}

// editOf reads which address is to be changed, in which versions, by whom.
func editOf(c *gin.Context) (models.Edit, error) {
	code, err := pathCode(c)
	if err != nil {
		return models.Edit{}, err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return models.Edit{}, err
	}
	versions, err := requiredVersions(c)
	return models.Edit{Code: code, Versions: versions, Caller: callerOf(c)}, err
}

// readEdit reads an edit and the body that says what it is.
func (a *API) readEdit(c *gin.Context, members []string) (models.Edit, *object, error) {
	e, err := editOf(c)
	if err != nil {
		return e, nil, err
	}
	o, err := a.readObject(c, members)
	return e, o, err
}

// answerEdited does what was asked and answers the address: 201 where it has
// another code now. What is being written is answered also when the client is
// gone: it stands in the log then.
func (a *API) answerEdited(c *gin.Context, code geo.Code, work func(context.Context) (*models.Address, error)) error {
	ctx, cancel := a.writing(c)
	defer cancel()
	edited, err := work(ctx)
	if err != nil {
		return err
	}
	if edited.Code != code {
		return a.answerCreated(ctx, c, edited)
	}
	units, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	today := a.store.Today()
	c.Header("ETag", a.addressTag(units, today, formatJSON, edited))
	return answer(c, formatJSON.mediaType, "", units.Public(edited, today))
}

// amendment reads the members of a merge patch; null empties a field.
func (o *object) amendment() (models.Amendment, error) {
	m := models.Amendment{
		Kind: o.patched("kind"), PositionKind: o.patched("position_kind"), Name: o.patched("name"),
		UnitLabel: o.patched("unit_label"), Building: o.patched("building"), HouseNumber: o.patched("house_number"),
		Alley: o.patched("alley"), Street: o.patched("street"), Group: o.patched("group"), Hamlet: o.patched("hamlet"),
		NamePublic: o.flag("name_public"), ConfirmDistinct: o.isTrue("confirm_distinct"),
	}
	if o.empties("name_public") {
		m.NamePublic = new(bool)
	}
	if _, there := o.members["accuracy_m"]; there {
		metres := o.accuracy("accuracy_m")
		m.AccuracyM = &metres
	}
	if _, there := o.members["valid_from"]; there {
		o.needed("valid_from")
		day := o.day("valid_from")
		m.ValidFrom = &day
	}
	m.Point = o.patchedPoint()
	if len(o.errs) > 0 {
		return m, o.errs
	}
	return m, nil
}

// empties tells whether a member is null.
func (o *object) empties(name string) bool {
	_, there := o.members[name]
	return there && !o.has(name)
}

// needed refuses to empty or leave out a member.
func (o *object) needed(name string) {
	if !o.has(name) && !o.failed(name) {
		o.add(invalid(name, "required", "It can't be left empty.", "Không được để trống."))
	}
}

// patchedPoint is where an address is moved to, or nil where it is not: a
// position is lat and lng together.
func (o *object) patchedPoint() *geo.Point {
	_, lat := o.members["lat"]
	_, lng := o.members["lng"]
	if !lat && !lng {
		return nil
	}
	o.needed("lat")
	o.needed("lng")
	var p geo.Point
	if o.failed("lat") || o.failed("lng") || !o.point(&p) {
		return nil
	}
	return &p
}

// isTrue is a flag that is false where it is absent.
func (o *object) isTrue(name string) bool {
	flag := o.flag(name)
	return flag != nil && *flag
}

// codes is a list of address codes, or nil where it is absent.
func (o *object) codes(name string) []geo.Code {
	var codes []geo.Code
	for _, text := range o.texts(name) {
		symbols, _ := geo.Normalize(text)
		code, err := geo.Parse(symbols)
		if e := fromGeo(err, name); e != nil {
			o.add(e)
			return nil
		}
		codes = append(codes, code)
	}
	return codes
}

package handlers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

func (a *API) reportRoutes() []route {
	return []route{
		{http.MethodPost, "/v1/addresses/:code/reports", anyone, a.createReport, nil},
		{http.MethodGet, "/v1/reports/:number", anyone, a.report, nil},
		{http.MethodPost, "/v1/reports/:number/accept", writers, a.decideReport(models.ReportAccepted), nil},
		{http.MethodPost, "/v1/reports/:number/dismiss", writers, a.decideReport(models.ReportDismissed), nil},
	}
}

// filedShape is all that whoever reports learns.
type filedShape struct {
	Number string `json:"number"`
	Status string `json:"status"`
}

func (a *API) createReport(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, []string{"claim", "note", "lat", "lng", "other"})
	if err != nil {
		return err
	}
	r := models.Report{Code: code, Claim: o.text("claim"), Note: o.text("note"), Point: o.optionalPoint()}
	if o.has("other") {
		other := o.code("other")
		r.Other = &other
	}
	if len(o.errs) > 0 {
		return o.errs
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	filed, isNew, err := a.store.Report(ctx, callerOf(c), r)
	if err != nil {
		return err
	}
	return answerSecret(c, createdOr(isNew), filedShape{filed.Number, filed.Status})
}

// createdOr is 201 for what is new and 200 for what was there.
func createdOr(isNew bool) int {
	if isNew {
		return http.StatusCreated
	}
	return http.StatusOK
}

// optionalPoint is the position of the members lat and lng, both or none.
func (o *object) optionalPoint() *geo.Point {
	if !o.has("lat") && !o.has("lng") {
		return nil
	}
	var p geo.Point
	if !o.point(&p) {
		return nil
	}
	return &p
}

// reportShape is a report as officers see it.
type reportShape struct {
	Number    string    `json:"number"`
	Code      geo.Code  `json:"code"`
	Claim     string    `json:"claim"`
	Note      string    `json:"note,omitempty"`
	Position  *place    `json:"position,omitempty"`
	Other     *geo.Code `json:"other,omitempty"`
	Status    string    `json:"status"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	DecidedBy string    `json:"decided_by,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// place is a position without more.
type place struct {
	Lat models.E7 `json:"lat"`
	Lng models.E7 `json:"lng"`
}

func placeOf(p *geo.Point) *place {
	if p == nil {
		return nil
	}
	return &place{models.E7(p.Lat), models.E7(p.Lng)}
}

// reportTag is what the ETag of a report says behind the version.
const reportTag = "report"

func answerReport(c *gin.Context, r *models.Report) error {
	c.Header("ETag", versionTag(r.Version, reportTag))
	return answerSecret(c, http.StatusOK, reportShape{
		Number: r.Number, Code: r.Code, Claim: r.Claim, Note: r.Note, Position: placeOf(r.Point), Other: r.Other, Status: r.Status,
		Version: r.Version, CreatedAt: r.CreatedAt, DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy, Reason: r.Reason,
	})
}

func (a *API) report(c *gin.Context) error {
	number, err := pathText(c, "number")
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	r, err := a.store.ReportOf(c.Request.Context(), number, callerOf(c))
	if err != nil {
		return err
	}
	return answerReport(c, r)
}

// decideReport closes a report as accepted or dismissed.
func (a *API) decideReport(status string) func(c *gin.Context) error {
	return func(c *gin.Context) error {
		number, err := pathText(c, "number")
		if err != nil {
			return err
		}
		versions, err := requiredVersions(c, reportTag)
		if err != nil {
			return err
		}
		o, err := a.readObject(c, []string{"reason"})
		if err != nil {
			return err
		}
		reason := o.text("reason")
		if len(o.errs) > 0 {
			return o.errs
		}
		ctx, cancel := a.writing(c)
		defer cancel()
		r, err := a.store.DecideReport(ctx, number, callerOf(c), versions, status, reason)
		if err != nil {
			return err
		}
		return answerReport(c, r)
	}
}

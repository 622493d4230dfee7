package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

func (a *API) addressRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/addresses", anyone, a.listAddresses,
			[]string{"bbox", "commune", "kind", "status", "updated_since", "limit", "cursor", "f"}},
		{http.MethodPost, "/v1/addresses", writers, a.createAddress, nil},
		{http.MethodGet, "/v1/addresses/:code", anyone, a.address, []string{"as_of", "f"}},
	}
}

// address answers one address, today's or as of a day.
func (a *API) address(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	q, today := queryOf(c), a.store.Today()
	day := q.day("as_of", today)
	q.oneOf("f", []string{formatJSON.name, formatGeoJSON.name})
	if err := q.err(); err != nil {
		return err
	}
	f, err := negotiate(c, formatJSON, formatGeoJSON)
	if err != nil {
		return err
	}
	found, err := a.lookUp(c.Request.Context(), code, day, q.has("as_of"))
	if err != nil {
		return withCell(code, err)
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	tag := a.addressTag(units, day, f, found)
	if f == formatGeoJSON {
		return answer(c, f.mediaType, tag, featureOf(units.Public(found, day)))
	}
	return answer(c, f.mediaType, tag, units.Public(found, day))
}

func (a *API) lookUp(ctx context.Context, code geo.Code, day models.Date, then bool) (*models.Address, error) {
	if then {
		return a.store.AddressOn(ctx, code, day)
	}
	return a.store.Address(ctx, code)
}

// withCell shows, with the error that nobody has a code, the place it names.
func withCell(code geo.Code, err error) error {
	if e, ok := errors.AsType[*models.Error](err); !ok || e.Kind != models.NotFound {
		return err
	}
	cell := cellOf(code)
	return &detailed{error: err, extras: extras{Cell: &cell}}
}

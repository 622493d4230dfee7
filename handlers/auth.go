package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// Where a request keeps who asks, and the name of its key for the log.
const (
	callerName = "caller"
	keyName    = "key"
)

// Challenges of RFC 6750: without a key, and with one that does not hold.
const (
	challenge         = `Bearer realm="diachiso"`
	challengeBadToken = challenge + `, error="invalid_token"`
)

// access says who may make a call: the roles, or nobody in particular. What a
// role may do to which address is a rule of models.
type access []string

// The accesses of routes.
var (
	anyone   = access{models.RoleAnyone, models.RoleOwner, models.RoleCourier, models.RoleOfficer, models.RoleAdmin}
	writers  = access{models.RoleOfficer, models.RoleAdmin}
	carriers = access{models.RoleCourier, models.RoleOfficer, models.RoleAdmin}
	admins   = access{models.RoleAdmin}
	owners   = access{models.RoleOwner}
)

// and joins two accesses.
func (a access) and(b access) access { return slices.Concat(a, b) }

// recognise finds out who asks, and counts the request. A key that does not
// hold is refused with 401, on open routes too.
func (a *API) recognise(c *gin.Context) error {
	caller, err := a.identifyCaller(c)
	if limited := a.charge(c, caller); limited != nil {
		return limited
	}
	if err != nil {
		return err
	}
	c.Set(callerName, caller)
	if caller.KeyID != 0 {
		c.Set(keyName, caller.Name)
	}
	return nil
}

// admit refuses whoever may not: 401 where a key is needed, 403 where it is of
// another role.
func admit(c *gin.Context, to access) error {
	caller := callerOf(c)
	switch {
	case slices.Contains(to, caller.Role):
		return nil
	case caller.Role == models.RoleAnyone:
		return unauthorized(whyNobody(c, to), challenge)
	}
	return models.NotAllowed(caller.Role, to)
}

// whyNobody says why a request is that of nobody in particular.
func whyNobody(c *gin.Context, to access) *models.Error {
	if slices.Equal(to, owners) {
		return models.NewError(models.Forbidden, "", "token-required",
			"This call needs an owner token: send it as Authorization: Bearer dco_…; it is in the link of the slip, behind #.",
			"Cần có mã chủ sở hữu để thực hiện việc này: hãy gửi trong Authorization: Bearer dco_…; mã nằm trong liên kết trên phiếu, sau dấu #.")
	}
	if ended, ok := c.Value(sessionEnded).(*models.Error); ok {
		return ended
	}
	return models.NewError(models.Forbidden, "", "key-required",
		"This call needs a key: send it as Authorization: Bearer … or as X-API-Key.",
		"Cần có khóa để thực hiện việc này: hãy gửi trong Authorization: Bearer … hoặc X-API-Key.")
}

// callerOf is who asks, as recognise found it.
func callerOf(c *gin.Context) models.Caller {
	caller, _ := c.Value(callerName).(models.Caller)
	return caller
}

// identifyCaller reads the key or owner token of a request, or without one the
// cookie of somebody signed in.
func (a *API) identifyCaller(c *gin.Context) (models.Caller, error) {
	secret, err := presentedSecret(c.Request.Header)
	if err != nil {
		return models.Caller{}, err
	}
	if secret == "" {
		return a.callerSignedIn(c)
	}
	if err := a.mayGuess(c); err != nil {
		return models.Caller{}, err
	}
	caller, err := a.store.Authenticate(c.Request.Context(), secret)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.Forbidden {
		a.guessed(c)
		return models.Caller{}, unauthorized(e, challengeBadToken)
	}
	return caller, err
}

// presentedSecret is the key or owner token of "Authorization: Bearer" or of
// "X-API-Key"; empty: none. One in the URL is never read: URLs end up in logs.
func presentedSecret(h http.Header) (string, error) {
	authorization, own := h["Authorization"], h["X-Api-Key"]
	switch {
	case len(authorization)+len(own) == 0:
		return "", nil
	case len(authorization)+len(own) > 1:
		return "", invalid("", "two-keys", "Send the key once, in Authorization or in X-API-Key.",
			"Chỉ gửi khóa một lần, trong Authorization hoặc X-API-Key.")
	case len(own) == 1:
		return notEmpty(own[0])
	}
	scheme, secret, _ := strings.Cut(authorization[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return notEmpty("")
	}
	return notEmpty(secret)
}

// notEmpty refuses a header that is there without a key.
func notEmpty(secret string) (string, error) {
	if secret = strings.TrimSpace(secret); secret != "" {
		return secret, nil
	}
	return "", unauthorized(models.NewError(models.Forbidden, "", "key-required",
		"The header is there without a key: send Authorization: Bearer, a space and the key, or X-API-Key.",
		"Có tiêu đề nhưng thiếu khóa: hãy gửi Authorization: Bearer, dấu cách và khóa, hoặc X-API-Key."), challenge)
}

func unauthorized(e *models.Error, challenge string) error {
	return &statusError{sentences: e, status: http.StatusUnauthorized, challenge: challenge}
}

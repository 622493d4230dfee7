package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

func (a *API) sessionRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/session", anyone, a.whoAmI, nil},
		{http.MethodPost, "/v1/session", anyone, a.signIn, nil},
		{http.MethodDelete, "/v1/session", anyone, a.signOut, nil},
		{http.MethodDelete, "/v1/sessions", carriers, a.signOutEverywhere, nil},
	}
}

// personShape is who asks. Without a role it is nobody in particular.
type personShape struct {
	SignIn    string           `json:"sign_in"` // how people sign in here: with a "key" or a "provider"
	Role      string           `json:"role,omitempty"`
	Name      string           `json:"name,omitempty"`
	Communes  []models.UnitRef `json:"communes,omitempty"`
	ExpiresAt time.Time        `json:"expires_at,omitzero"` // of the session
}

// whoAmI answers who the caller is; that nobody is signed in is no error.
func (a *API) whoAmI(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	who, err := a.store.Person(c.Request.Context(), callerOf(c))
	if err != nil {
		return err
	}
	return a.answerPerson(c, http.StatusOK, who)
}

// signIn makes a session of a key.
func (a *API) signIn(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	if err := a.checkOrigin(c); err != nil {
		return err
	}
	if a.provider != nil {
		return models.NewError(models.Forbidden, "", "provider-only", "People sign in here with the provider: begin at /auth/login. Programs send their key with every call.",
			"Tại đây người dùng đăng nhập qua nhà cung cấp: hãy bắt đầu tại /auth/login. Chương trình gửi khóa kèm mỗi yêu cầu.")
	}
	o, err := a.readObject(c, []string{"key"})
	if err != nil {
		return err
	}
	key := o.text("key")
	if key == "" && !o.failed("key") {
		o.add(invalid("key", "required", "It is missing: a key begins with dcs_.", "Thiếu khóa: khóa bắt đầu bằng dcs_."))
	}
	if len(o.errs) > 0 {
		return o.errs
	}
	if err := a.mayGuess(c); err != nil {
		return err
	}
	secret, who, err := a.store.SignIn(c.Request.Context(), key, callerOf(c))
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.Forbidden {
		a.guessed(c)
		return unauthorized(e, challengeBadToken)
	}
	if err != nil {
		return err
	}
	a.setSession(c, secret)
	c.Header("Location", "/v1/session")
	return a.answerPerson(c, http.StatusCreated, who)
}

func (a *API) signOut(c *gin.Context) error {
	if err := a.endSession(c); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (a *API) signOutEverywhere(c *gin.Context) error {
	ctx, cancel := a.writing(c)
	defer cancel()
	if err := a.store.SignOutEverywhere(ctx, callerOf(c)); err != nil {
		return err
	}
	if err := a.endSession(c); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// endSession ends the session of the cookie and takes that back, also where a
// key came with it.
func (a *API) endSession(c *gin.Context) error {
	caller := callerOf(c)
	if caller.SessionID == 0 {
		var err error
		if caller, err = a.callerSignedIn(c); err != nil {
			return err
		}
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	if err := a.store.SignOut(ctx, caller); err != nil {
		return err
	}
	a.clearSession(c)
	return nil
}

func (a *API) answerPerson(c *gin.Context, status int, who models.Person) error {
	shape := personShape{SignIn: a.signInWith(), Role: who.Role, Name: who.Name, ExpiresAt: who.Until}
	for _, unit := range who.Communes {
		shape.Communes = append(shape.Communes, models.UnitRef{Code: unit.Code, Name: unit.FullName, ValidFrom: unit.ValidFrom})
	}
	return answerSecret(c, status, shape)
}

// signInWith says how people sign in here.
func (a *API) signInWith() string {
	if a.provider != nil {
		return "provider"
	}
	return "key"
}

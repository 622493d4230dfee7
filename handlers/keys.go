package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

func (a *API) keyRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/keys", admins, a.listKeys, nil},
		{http.MethodPost, "/v1/keys", admins, a.createKey, nil},
		{http.MethodPost, "/v1/keys/:number/rotate", admins, a.rotateKey, nil},
		{http.MethodPost, "/v1/keys/:number/revoke", admins, a.revokeKey, nil},
	}
}

// keyShape is a key as an admin sees it; its text is there once only, in the
// answer that makes it.
type keyShape struct {
	Key        string           `json:"key,omitempty"`
	Number     int64            `json:"number"`
	Name       string           `json:"name"`
	Role       string           `json:"role"`
	Communes   []models.UnitRef `json:"communes,omitempty"`
	CreatedAt  time.Time        `json:"created_at"`
	ExpiresAt  time.Time        `json:"expires_at,omitzero"`
	LastUsedAt time.Time        `json:"last_used_at,omitzero"` // to the minute
	RevokedAt  time.Time        `json:"revoked_at,omitzero"`
}

// keyShape words a key.
func (a *API) keyShape(units *models.Units, k models.Key, text string) keyShape {
	shape := keyShape{
		Key: text, Number: k.ID, Name: k.Name, Role: k.Role,
		CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, LastUsedAt: k.LastUsedAt, RevokedAt: k.RevokedAt,
	}
	for _, unit := range units.CommunesOf(k) {
		shape.Communes = append(shape.Communes, models.UnitRef{Code: unit.Code, Name: unit.FullName, ValidFrom: unit.ValidFrom})
	}
	return shape
}

func (a *API) listKeys(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	keys, err := a.store.Keys(c.Request.Context())
	if err != nil {
		return err
	}
	list := make([]keyShape, len(keys))
	for i, k := range keys {
		list[i] = a.keyShape(units, k, "")
	}
	return answerSecret(c, http.StatusOK, gin.H{"keys": list})
}

func (a *API) createKey(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, []string{"name", "role", "communes", "expires"})
	if err != nil {
		return err
	}
	r := models.KeyRequest{Name: o.text("name"), Role: o.text("role"), Communes: o.texts("communes"), LastDay: o.day("expires")}
	if len(o.errs) > 0 {
		return o.errs
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	text, key, err := a.store.CreateKey(ctx, r)
	if err != nil {
		return err
	}
	return a.answerKey(c, http.StatusCreated, key, text)
}

func (a *API) rotateKey(c *gin.Context) error {
	number, err := keyNumber(c)
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	text, key, err := a.store.RotateKey(ctx, number)
	if err != nil {
		return err
	}
	return a.answerKey(c, http.StatusOK, key, text)
}

func (a *API) revokeKey(c *gin.Context) error {
	number, err := keyNumber(c)
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	key, err := a.store.RevokeKey(ctx, number)
	if err != nil {
		return err
	}
	return a.answerKey(c, http.StatusOK, key, "")
}

// keyNumber is the number of a key in a path that is answered as JSON.
func keyNumber(c *gin.Context) (int64, error) {
	if _, err := negotiate(c, formatJSON); err != nil {
		return 0, err
	}
	number, err := strconv.ParseInt(c.Param("number"), 10, 64)
	if err != nil {
		return 0, notFound("unknown-key", "A key is named by its number, as the list of keys shows it.",
			"Khóa được gọi bằng số của nó, như trong danh sách khóa.")
	}
	return number, nil
}

func (a *API) answerKey(c *gin.Context, status int, key models.Key, text string) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	return answerSecret(c, status, a.keyShape(units, key, text))
}

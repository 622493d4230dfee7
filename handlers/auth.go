package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// keyName is where a request keeps the name of its key, for the log.
const keyName = "key"

// Challenges of RFC 6750: without a key, and with one that does not hold.
const (
	challenge         = `Bearer realm="diachiso"`
	challengeBadToken = challenge + `, error="invalid_token"`
)

// admin is the key of a request that may write everything. 401 where there is
// none or an unknown one, 403 where it is of another role.
func (a *API) admin(c *gin.Context) (models.Key, error) {
	text, err := presentedKey(c.Request.Header)
	if err != nil {
		return models.Key{}, err
	}
	key, err := a.store.Authenticate(c.Request.Context(), text)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.Forbidden {
		return models.Key{}, unauthorized(e, challengeBadToken)
	}
	if err != nil {
		return models.Key{}, err
	}
	c.Set(keyName, key.Name)
	if key.Role != models.RoleAdmin {
		return models.Key{}, models.NewError(models.Forbidden, "", "not-allowed", "This key may not write addresses.",
			"Khóa này không được phép ghi địa chỉ.")
	}
	return key, nil
}

// presentedKey is the key of "Authorization: Bearer" or of "X-API-Key". A key
// in the URL is never read: URLs end up in logs.
func presentedKey(h http.Header) (string, error) {
	authorization, own := h.Get("Authorization"), strings.TrimSpace(h.Get("X-API-Key"))
	if authorization == "" && own == "" {
		return "", unauthorized(models.NewError(models.Forbidden, "", "key-required",
			"Writing needs a key: send it as Authorization: Bearer … or as X-API-Key.",
			"Cần có khóa để ghi dữ liệu: hãy gửi trong Authorization: Bearer … hoặc X-API-Key."), challenge)
	}
	if len(h.Values("Authorization"))+len(h.Values("X-API-Key")) > 1 {
		return "", invalid("", "two-keys", "Send the key once, in Authorization or in X-API-Key.",
			"Chỉ gửi khóa một lần, trong Authorization hoặc X-API-Key.")
	}
	if own != "" {
		return own, nil
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(token) == "" {
		return "", unauthorized(models.NewError(models.Forbidden, "", "key-required",
			"The Authorization header must be: Bearer, a space and the key.",
			"Tiêu đề Authorization phải là: Bearer, dấu cách và khóa."), challenge)
	}
	return strings.TrimSpace(token), nil
}

func unauthorized(e *models.Error, challenge string) error {
	return &statusError{sentences: e, status: http.StatusUnauthorized, challenge: challenge}
}

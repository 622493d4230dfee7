package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// sessionCookie is the name of the cookie that holds the secret of a session.
const sessionCookie = "diachiso_session"

// sessionEnded marks a request whose cookie opens nothing any more.
const sessionEnded = "session-ended"

// cookieName is the name of a cookie on this connection. Where it is encrypted,
// the prefix keeps other hosts of the domain from setting one of that name (RFC
// 6265bis).
func (a *API) cookieName(c *gin.Context, name string) string {
	if a.encrypted(c) {
		return "__Host-" + name
	}
	return name
}

// encrypted reports whether browsers reach the program by TLS.
func (a *API) encrypted(c *gin.Context) bool {
	return a.secure(c) || strings.HasPrefix(a.publicURL, "https://")
}

// setCookie hands out a cookie for some seconds: 0 for as long as the browser
// runs, below 0 to take it back.
func (a *API) setCookie(c *gin.Context, name, value string, site http.SameSite, seconds int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: a.cookieName(c, name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: a.encrypted(c), SameSite: site,
	})
}

// cookie is the value of a cookie, empty where there is none. Of two of one
// name neither counts: one was put there by somebody else.
func (a *API) cookie(c *gin.Context, name string) string {
	found := c.Request.CookiesNamed(a.cookieName(c, name))
	if len(found) != 1 {
		return ""
	}
	return found[0].Value
}

func (a *API) setSession(c *gin.Context, secret string) {
	// A dead cookie of the same name may have been taken back already.
	h, own := c.Writer.Header(), a.cookieName(c, sessionCookie)+"="
	h["Set-Cookie"] = slices.DeleteFunc(h["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, own) })
	a.setCookie(c, sessionCookie, secret, http.SameSiteStrictMode, 0)
}

func (a *API) clearSession(c *gin.Context) {
	a.setCookie(c, sessionCookie, "", http.SameSiteStrictMode, -1)
}

// callerSignedIn is whose session a request brings; anybody without one. A
// cookie that opens nothing any more is taken back.
func (a *API) callerSignedIn(c *gin.Context) (models.Caller, error) {
	secret := a.cookie(c, sessionCookie)
	if secret == "" {
		return models.Caller{}, nil
	}
	caller, err := a.store.SignedIn(c.Request.Context(), secret)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.Forbidden {
		a.clearSession(c)
		c.Set(sessionEnded, e)
		return models.Caller{}, nil
	}
	if err != nil {
		return models.Caller{}, err
	}
	return caller, a.checkOrigin(c)
}

// checkOrigin refuses what a page of another site makes a browser send that
// changes something: the browser adds the cookie by itself.
func (a *API) checkOrigin(c *gin.Context) error {
	if a.sameOrigin.Check(c.Request) == nil {
		return nil
	}
	return models.NewError(models.Forbidden, "", "cross-origin",
		"The request comes from a page of another site: whoever is signed in changes things on the pages of this one only.",
		"Yêu cầu đến từ trang web khác: người đã đăng nhập chỉ thay đổi được dữ liệu từ các trang của hệ thống này.")
}

// sameOrigin recognises requests that come from pages of a public URL, besides
// those of the host that is asked.
func sameOrigin(publicURL string) *http.CrossOriginProtection {
	check := http.NewCrossOriginProtection()
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		_ = check.AddTrustedOrigin(u.Scheme + "://" + u.Host) // fails only without the two
	}
	return check
}

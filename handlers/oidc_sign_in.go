package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"
)

// callbackPath is where the provider sends people back.
const callbackPath = "/auth/callback"

func (a *API) oidcRoutes() []route {
	return []route{
		{http.MethodGet, "/auth/login", anyone, a.forPeople(a.beginSignIn), []string{"return_to"}},
		{http.MethodGet, callbackPath, anyone, a.forPeople(a.finishSignIn), []string{"code", "error", "iss", "state"}},
	}
}

// attemptCookie is the name of the cookie of a sign-in under way, and
// attemptFor how long one may take.
const (
	attemptCookie = "diachiso_attempt"
	attemptFor    = 10 * time.Minute
)

// attempt is the text of that cookie: a random secret, when it began, and the
// path to go to. Everything that the provider is told is derived from the whole
// text, so that nothing need be stored, and a changed text fits no state.
type attempt string

// What is derived from an attempt.
const (
	forState    = "state"
	forNonce    = "nonce"
	forVerifier = "verifier" // of PKCE (RFC 7636)
)

func newAttempt(returnTo string, now time.Time) attempt {
	return attempt(rand.Text() + rand.Text() + "." + strconv.FormatInt(now.Unix(), 10) + "." + base64.RawURLEncoding.EncodeToString([]byte(returnTo)))
}

// derive is 43 characters that tell nothing about the attempt.
func (t attempt) derive(use string) string {
	sum := sha256.Sum256([]byte(use + "\n" + string(t)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// returnTo is the path to go to; false where the attempt is none or over.
func (t attempt) returnTo(now time.Time) (string, bool) {
	parts := strings.Split(string(t), ".")
	if len(parts) != 3 {
		return "", false
	}
	began, err := strconv.ParseInt(parts[1], 10, 64)
	age := now.Sub(time.Unix(began, 0))
	to, bad := base64.RawURLEncoding.DecodeString(parts[2])
	return string(to), err == nil && bad == nil && age < attemptFor && age > -time.Minute && isLocal(string(to))
}

// isLocal accepts nothing but a path of this server: what any browser might
// take for the name of another host leads there.
func isLocal(to string) bool {
	if len(to) == 0 || len(to) > 500 || to[0] != '/' || strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return false
	}
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && u.Fragment == "" && path.Clean(u.Path) == u.Path && !strings.HasPrefix(to, "//")
}

// beginSignIn sends the browser to the provider.
func (a *API) beginSignIn(c *gin.Context) error {
	if a.provider == nil {
		return noProvider()
	}
	to := c.Request.URL.Query().Get("return_to")
	if to == "" {
		to = signInPath
	}
	if !isLocal(to) {
		return invalid("return_to", "not-local", "It must be a path of this server, such as /sign-in.", "Giá trị phải là đường dẫn của máy chủ này, ví dụ /sign-in.")
	}
	known, err := a.provider.discover(c.Request.Context())
	if err != nil {
		return err
	}
	t := newAttempt(to, time.Now())
	a.setCookie(c, attemptCookie, string(t), http.SameSiteLaxMode, int(attemptFor.Seconds()))
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusFound, known.oauth.AuthCodeURL(t.derive(forState), oidc.Nonce(t.derive(forNonce)), oauth2.S256ChallengeOption(t.derive(forVerifier))))
	return nil
}

func noProvider() error {
	return notFound("no-provider", "People sign in here with a key, on /sign-in.", "Tại đây người dùng đăng nhập bằng khóa, ở trang /sign-in.")
}

// finishSignIn takes what the provider sends with the browser.
func (a *API) finishSignIn(c *gin.Context) error {
	if a.provider == nil {
		return noProvider()
	}
	c.Header("Cache-Control", "no-store")
	t, q := attempt(a.cookie(c, attemptCookie)), c.Request.URL.Query()
	a.setCookie(c, attemptCookie, "", http.SameSiteLaxMode, -1)
	to, live := t.returnTo(time.Now())
	if !live || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(t.derive(forState))) != 1 {
		return status(http.StatusBadRequest, "sign-in-lost", "This sign-in was not begun in this browser, or more than ten minutes ago: begin again.",
			"Lần đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã quá mười phút: hãy bắt đầu lại.")
	}
	if err := a.provider.refused(q); err != nil {
		return err
	}
	who, err := a.provider.identify(c.Request.Context(), q.Get("code"), t)
	if err != nil {
		return err
	}
	secret, _, err := a.store.SignInAs(c.Request.Context(), who, callerOf(c))
	if err != nil {
		return err
	}
	a.setSession(c, secret)
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// refused words what the provider says instead of giving a code.
func (p *provider) refused(q url.Values) error {
	switch issuer := q.Get("iss"); {
	case issuer != "" && issuer != p.Issuer:
		return status(http.StatusBadRequest, "other-provider", "The answer comes from another provider than the one that was asked: begin again.",
			"Câu trả lời đến từ nhà cung cấp khác với nơi đã hỏi: hãy bắt đầu lại.")
	case q.Get("error") == "access_denied":
		return status(http.StatusForbidden, "access-denied", "The sign-in was broken off at the provider, or this account may not use this program.",
			"Việc đăng nhập đã bị dừng tại nhà cung cấp, hoặc tài khoản này không được dùng hệ thống.")
	case q.Get("error") == "temporarily_unavailable", q.Get("error") == "server_error":
		return providerDown(errors.New("it says so itself"))
	case q.Has("error"):
		return notBelieved(fmt.Errorf("it answers the error %q", shown(q.Get("error"))))
	case q.Get("code") == "":
		return status(http.StatusBadRequest, "no-code", "The answer of the provider has no code: begin again.", "Câu trả lời của nhà cung cấp không có mã: hãy bắt đầu lại.")
	}
	return nil
}

package handlers

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"regexp"

	"github.com/gin-gonic/gin"
)

//go:embed pages/sign-in.html
var signInHTML []byte

func (a *API) signInPageRoutes() []route {
	return []route{{http.MethodGet, "/sign-in", anyone, a.signInPage, nil}}
}

func (a *API) signInPage(c *gin.Context) error {
	protectPage(c, policyOf(signInHTML))
	write(c, http.StatusOK, "text/html; charset=utf-8", signInHTML)
	return nil
}

// inlined finds the script and the style of a page that has one of each in it.
var inlined = regexp.MustCompile(`(?s)<(script|style)>(.*?)</`)

// policyOf lets a page run the script and the style that are written in it,
// ask its own server, and nothing else.
func policyOf(html []byte) string {
	policy := "default-src 'none'; connect-src 'self'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for _, found := range inlined.FindAllSubmatch(html, -1) {
		sum := sha256.Sum256(found[2])
		policy += "; " + string(found[1]) + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return policy
}

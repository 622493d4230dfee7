package handlers

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed pages/sign-in.html
var signInHTML []byte

// signInPath is the page on which people sign in and out.
const signInPath = "/sign-in"

func (a *API) signInPageRoutes() []route {
	return []route{{http.MethodGet, signInPath, anyone, a.signInPage, nil}}
}

func (a *API) signInPage(c *gin.Context) error {
	writePage(c, http.StatusOK, signInHTML)
	return nil
}

// writePage writes a page under the policy that lets it run.
func writePage(c *gin.Context, status int, page []byte) {
	protectPage(c, policyOf(page))
	write(c, status, "text/html; charset=utf-8", page)
}

// noMessage is the place in the page where it says what was refused.
const noMessage = `<p id="message" role="alert" hidden></p>`

// forPeople shows browsers what was refused on the page where they begin
// again; programs get a problem.
func (a *API) forPeople(handle func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		err := handle(c)
		if err == nil || c.Request.Context().Err() != nil || !prefersHTML(c.Request.Header["Accept"]) {
			return err
		}
		vi, en := problemOf(err, false, true), problemOf(err, false, false)
		if en.Status >= http.StatusInternalServerError {
			a.logError(c, err)
		}
		said := `<p id="message" role="alert"><span lang="vi">` + html.EscapeString(vi.Detail) + `</span><span lang="en">` + html.EscapeString(en.Detail) + `</span></p>`
		c.Header("Cache-Control", "no-store")
		writePage(c, en.Status, bytes.Replace(signInHTML, []byte(noMessage), []byte(said), 1))
		return nil
	}
}

// prefersHTML tells browsers from programs.
func prefersHTML(accept []string) bool {
	ranges := mediaRanges(strings.Join(accept, ","))
	return qualityOf("text/html", ranges) > qualityOf(formatJSON.mediaType, ranges)
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

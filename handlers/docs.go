package handlers

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"
	"github.com/swaggest/swgui/v5emb"

	"diachiso"
)

func (a *API) documentRoutes() []route {
	return []route{
		{http.MethodGet, "/openapi.json", anyone, a.openAPI, nil},
		{http.MethodGet, "/docs", anyone, a.docs, nil},
		{http.MethodGet, "/docs/:asset", anyone, a.docsAsset, nil},
		{http.MethodGet, "/", anyone, toDocs, nil},
	}
}

// contractJSON is openapi.yaml as JSON.
func contractJSON() ([]byte, error) {
	body, err := yaml.YAMLToJSON(diachiso.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("convert openapi.yaml: %w", err)
	}
	return body, nil
}

func (a *API) openAPI(c *gin.Context) error {
	body, err := a.contract()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	if revalidated(c, `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`) {
		return nil
	}
	write(c, http.StatusOK, formatJSON.mediaType, body)
	return nil
}

// console is Swagger UI from embedded files: its page, the policy under which
// the page runs, and everything else it is made of.
type console struct {
	page   []byte
	policy string
	assets http.Handler
}

var inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// newConsole renders the page once and allows just its own scripts by their
// hashes; Swagger UI writes style attributes, so styles can't be so strict.
func newConsole() (console, error) {
	ui := v5emb.New("Diachiso", "/openapi.json", "/docs/")
	page := rendered{header: http.Header{}}
	ui.ServeHTTP(&page, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/docs"}})
	scripts := ""
	for _, script := range inlineScript.FindAllSubmatch(page.Bytes(), -1) {
		sum := sha256.Sum256(script[1])
		scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	if scripts == "" {
		return console{}, fmt.Errorf("the page of the console has no script")
	}
	return console{
		page: page.Bytes(),
		policy: "default-src 'none'; script-src 'self'" + scripts +
			"; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		assets: ui,
	}, nil
}

// rendered keeps what a handler writes.
type rendered struct {
	bytes.Buffer
	header http.Header
}

// Header and WriteHeader make it an http.ResponseWriter.
func (r *rendered) Header() http.Header { return r.header }
func (r *rendered) WriteHeader(int)     {}

func (a *API) docs(c *gin.Context) error {
	ui, err := a.console()
	if err != nil {
		return err
	}
	protectPage(c, ui.policy)
	write(c, http.StatusOK, "text/html; charset=utf-8", ui.page)
	return nil
}

func (a *API) docsAsset(c *gin.Context) error {
	ui, err := a.console()
	if err != nil {
		return err
	}
	ui.assets.ServeHTTP(c.Writer, c.Request)
	return nil
}

// toDocs sends visitors to the console until there is a map to show.
func toDocs(c *gin.Context) error {
	c.Redirect(http.StatusFound, "/docs")
	return nil
}

package handlers

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

//go:embed pages/a.html
var addressPageText string

var addressPageTemplate = template.Must(template.New("address").Parse(addressPageText))

func (a *API) addressPageRoutes() []route {
	return []route{{http.MethodGet, "/a/:code", anyone, a.addressPage, nil}}
}

// addressPagePath is where people see an address: the QR code of its plate leads
// there.
func addressPagePath(code geo.Code) string { return "/a/" + code.String() }

// addressContent is what the page of an address says.
type addressContent struct {
	Address                *models.PublicAddress // nil: Refusal says why there is none
	Refusal                string
	Kind, Reason, Position string
	Retired                bool
	Successors             []addressLink
	Geo                    template.URL
}

// addressLink leads to the page of an address.
type addressLink struct{ Path, Formatted string }

// addressPage shows an address to people. A code that is written otherwise
// leads to the one way it is written in links.
func (a *API) addressPage(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return refuseAddressPage(c, err)
	}
	if path := addressPagePath(code); c.Request.URL.EscapedPath() != path {
		c.Header("Location", path)
		c.Status(http.StatusPermanentRedirect)
		return nil
	}
	address, err := a.store.Address(c.Request.Context(), code)
	if err != nil {
		return refuseAddressPage(c, err)
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	return writeAddressPage(c, http.StatusOK, newAddressContent(units.Public(address, a.store.Today())))
}

func newAddressContent(p models.PublicAddress) addressContent {
	content := addressContent{
		Address: &p, Kind: kindNames[p.Kind], Reason: models.Vietnamese(p.Reason), Retired: p.Status == models.StatusRetired,
		Position: geo.FormatE7(int32(p.Position.Lat)) + ", " + geo.FormatE7(int32(p.Position.Lng)),
		Geo:      template.URL(p.Links.Geo), // two numbers; html/template knows no geo:
	}
	for _, code := range p.Successors {
		content.Successors = append(content.Successors, addressLink{addressPagePath(code), code.Grouped()})
	}
	return content
}

// refuseAddressPage says in words why there is no such address; other errors
// are problems.
func refuseAddressPage(c *gin.Context, err error) error {
	first := errorsIn(err)[0]
	if first.Kind != models.NotFound && first.Kind != models.Invalid {
		return err
	}
	return writeAddressPage(c, http.StatusNotFound, addressContent{Refusal: strings.TrimSuffix(first.Vi, ".") + "."})
}

func writeAddressPage(c *gin.Context, status int, content addressContent) error {
	var page bytes.Buffer
	if err := addressPageTemplate.Execute(&page, content); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	writePage(c, status, page.Bytes())
	return nil
}

package handlers

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

//go:embed pages/ogc.html
var ogcHTML string

var ogcTemplate = template.Must(template.New("ogc").Funcs(template.FuncMap{
	"day":     vietnameseDay,
	"degrees": func(e models.E7) string { return geo.FormatE7(int32(e)) },
}).Parse(ogcHTML))

// ogcPage is a document of OGC API Features for people; what is empty is left
// out.
type ogcPage struct {
	Title, Text bilingual
	Address     string // for programs
	Classes     []string
	Collections []collection
	Links       []link
	Home        string
}

func (p ogcPage) write(c *gin.Context, base string) error {
	p.Home = base + "/?f=" + formatHTML.name
	var page bytes.Buffer
	if err := ogcTemplate.Execute(&page, p); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	writePage(c, http.StatusOK, page.Bytes())
	return nil
}

package handlers

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image/color"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/handlers/paper"
	"diachiso/models"
)

var (
	formatPNG = format{"png", "image/png"}
	formatPDF = format{"pdf", "application/pdf"}
)

// Widths of a plate as a picture, in pixels: one that can just be read, 300 and
// 600 dots an inch.
const (
	leastPlateWidth = 400
	plateWidth      = 1748
	mostPlateWidth  = 3496
)

func (a *API) plateRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/addresses/:code/plate.svg", anyone, a.plateAs(formatSVG), []string{"text"}},
		{http.MethodGet, "/v1/addresses/:code/plate.png", anyone, a.plateAs(formatPNG), []string{"text", "width"}},
		{http.MethodGet, "/v1/addresses/:code/plate.pdf", anyone, a.plateAs(formatPDF), []string{"text"}},
		{http.MethodGet, "/v1/addresses/:code/qr.svg", anyone, a.addressQR, nil},
		{http.MethodPost, platesPattern, writers, a.plates, nil},
	}
}

// kindColours are the colours of plates. White letters can be read on all of
// them, and each kind is also named.
var kindColours = map[string]color.RGBA{
	"household": {0x1f, 0x4e, 0x9e, 0xff}, "business": {0x6a, 0x2c, 0x91, 0xff}, "farm": {0x1e, 0x6b, 0x32, 0xff},
	"shop": {0x9c, 0x43, 0x00, 0xff}, "public": {0xb0, 0x1e, 0x23, 0xff}, "landmark": {0x00, 0x62, 0x6b, 0xff},
}

// plateAs answers the plate of an address in a format.
func (a *API) plateAs(f format) func(*gin.Context) error {
	return func(c *gin.Context) error {
		q := queryOf(c)
		withText := q.oneOf("text", []string{"true", "false"}) != "false"
		width := q.whole("width", plateWidth, leastPlateWidth, mostPlateWidth)
		if err := q.err(); err != nil {
			return err
		}
		address, p, err := a.toPrint(c, f)
		if err != nil {
			return err
		}
		plate := p.plate(address, withText)
		return a.answerPrint(c, p, address, f, fmt.Sprintf("plate.%s-%t-%d", f.name, withText, width), func(w *bytes.Buffer) error {
			page, err := plate.Page()
			switch {
			case err != nil:
				return err
			case f == formatSVG:
				return page.WriteSVG(w, plate.Code, plate.Words())
			case f == formatPNG:
				return page.WritePNG(w, width)
			}
			return paper.Document{Title: plate.Code, At: address.UpdatedAt, Pages: []*paper.Page{page}}.WritePDF(c.Request.Context(), w)
		})
	}
}

// addressQR answers the share link of an address as a QR code alone.
func (a *API) addressQR(c *gin.Context) error {
	address, p, err := a.toPrint(c, formatSVG)
	if err != nil {
		return err
	}
	return a.answerPrint(c, p, address, formatSVG, "qr.svg", func(w *bytes.Buffer) error {
		code, err := paper.NewQR(p.link(address.Code), paper.Quartile)
		if err == nil {
			w.WriteString(code.SVG())
		}
		return err
	})
}

// printer is what plates have in common: where their links lead, and what is in
// force today.
type printer struct {
	base  string
	units *models.Units
	today models.Date
}

func (a *API) printer(c *gin.Context) (printer, error) {
	base, err := a.baseURL(c)
	if err != nil {
		return printer{}, err
	}
	units, err := a.store.Units(c.Request.Context())
	return printer{base, units, a.store.Today()}, err
}

// link is the share link of a code.
func (p printer) link(code geo.Code) string { return p.base + addressPagePath(code) }

// plate is what the plate of an address says, with or without a name and the
// written address.
func (p printer) plate(address *models.Address, withText bool) paper.Plate {
	shown := p.units.Public(address, p.today)
	plate := paper.Plate{Code: shown.Formatted, Kind: kindNames[shown.Kind], Colour: kindColours[shown.Kind],
		Plus: address.Code.Plus(), Link: p.link(address.Code)}
	if withText {
		plate.Name, plate.Text = shown.Name, shown.Text
	}
	return plate
}

// toPrint is the address of a path, where there is something to print for it.
func (a *API) toPrint(c *gin.Context, f format) (*models.Address, printer, error) {
	code, err := pathCode(c)
	if err != nil {
		return nil, printer{}, err
	}
	if _, err := negotiate(c, f); err != nil {
		return nil, printer{}, err
	}
	address, err := a.store.Address(c.Request.Context(), code)
	if err != nil {
		return nil, printer{}, withCell(code, err)
	}
	if err := refuseRetired(address); err != nil {
		return nil, printer{}, err
	}
	p, err := a.printer(c)
	return address, p, err
}

// answerPrint answers what is drawn for an address. Its tag also changes with
// the link in it and with the program, which may draw otherwise.
func (a *API) answerPrint(c *gin.Context, p printer, address *models.Address, f format, variant string, draw func(*bytes.Buffer) error) error {
	h := fnv.New32a()
	h.Write([]byte(a.version + " " + p.base))
	tag := a.addressTag(p.units, p.today, format{name: fmt.Sprintf("%s-%x", variant, h.Sum32())}, address)
	if revalidated(c, tag) {
		return nil
	}
	c.Header("Content-Disposition", `inline; filename="`+address.Code.String()+"."+f.name+`"`)
	return a.sendDrawn(c, f, draw)
}

// drawnAtOnce is how many pages of one address are drawn at a time: a large
// picture takes 20 MB.
const drawnAtOnce = 2

// sendDrawn sends what is drawn when it is its turn; for HEAD nothing is drawn.
func (a *API) sendDrawn(c *gin.Context, f format, draw func(*bytes.Buffer) error) error {
	if c.Request.Method == http.MethodHead {
		c.Header("Content-Type", f.mediaType)
		c.Status(http.StatusOK)
		return nil
	}
	leave, err := a.drawing.take(c.Request.Context())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = draw(&b)
	if leave(); err != nil {
		return err
	}
	write(c, http.StatusOK, f.mediaType, b.Bytes())
	return nil
}

package handlers

import (
	"bytes"
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/export"
)

// Lengths of a page.
const (
	listLimit    = 100
	listMaxLimit = 1000
)

// page is one page of a list, with the path of the next where there is one.
type page struct {
	addresses []models.PublicAddress
	next      string
}

func (a *API) listAddresses(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q := queryOf(c)
	filter := listFilter(q, units, a.store.Today())
	q.oneOf("f", []string{formatJSON.name, formatGeoJSON.name, formatCSV.name, formatNDJSON.name})
	if err := q.err(); err != nil {
		return err
	}
	f, err := negotiate(c, formatJSON, formatGeoJSON, formatCSV, formatNDJSON)
	if err != nil {
		return err
	}
	ctx, more := c.Request.Context(), false
	var list []*models.Address
	err = a.inTurn(ctx, filter, func() (err error) {
		list, more, err = a.store.List(ctx, filter)
		return err
	})
	if err != nil {
		return err
	}
	p := page{addresses: make([]models.PublicAddress, len(list))}
	for i, found := range list {
		p.addresses[i] = units.Public(found, a.store.Today())
	}
	if more {
		p.next = withParameter(c.Request.URL.Path, q.values, "cursor", cursorAfter(list[len(list)-1].Code))
		c.Header("Link", "<"+p.next+`>; rel="next"`)
	}
	return p.write(c, f)
}

// scansAtOnce is how many pages are read at a time that no index leads to:
// others need the database too.
const scansAtOnce = 2

// inTurn reads a page of a filter, where it may scan when it is its turn.
func (a *API) inTurn(ctx context.Context, f models.ListFilter, read func() error) error {
	if f.Scans() {
		leave, err := a.scanning.take(ctx)
		if err != nil {
			return err
		}
		defer leave()
	}
	return read()
}

// addressFilters are the parameters of addressFilter.
var addressFilters = []string{"bbox", "commune", "kind", "status", "updated_since"}

// addressFilter reads which addresses are meant; what is wrong stays with the
// query.
func addressFilter(q *query, units *models.Units, today models.Date) models.ListFilter {
	return models.ListFilter{
		Boxes:        q.box("bbox"),
		Commune:      q.commune("commune", units, today),
		Kind:         q.oneOf("kind", models.Kinds[:]),
		Status:       q.oneOf("status", models.Statuses[:]),
		UpdatedSince: q.instant("updated_since"),
	}
}

// listFilter is addressFilter with the page.
func listFilter(q *query, units *models.Units, today models.Date) models.ListFilter {
	f := addressFilter(q, units, today)
	f.Limit, f.After = q.whole("limit", listLimit, 1, listMaxLimit), q.cursor("cursor")
	return f
}

// commune is the commune that a code names, or nil where it is not given.
func (q *query) commune(name string, units *models.Units, today models.Date) *models.AdminUnit {
	if !q.has(name) {
		return nil
	}
	unit, unknown := communeOf(name, q.text(name), units, today)
	if unknown != nil {
		q.add(unknown)
	}
	return unit
}

// communeOf is the commune in force today that bears a code or, where there is
// none, the last that bore it; the error is about the field.
func communeOf(field, code string, units *models.Units, today models.Date) (*models.AdminUnit, *models.Error) {
	unit := units.At(code, today)
	if periods := units.Periods(code); unit == nil && len(periods) > 0 {
		unit = periods[len(periods)-1]
	}
	if unit == nil || unit.Level != models.LevelCommune {
		return nil, invalid(field, "unknown-commune", "%q is no commune's code: /v1/units?level=commune lists them.",
			"%q không phải mã xã/phường: xem danh sách tại /v1/units?level=commune.", shown(code))
	}
	return unit, nil
}

// A cursor is opaque: the version of its form and the last code of a page.
const cursorForm = "a1"

func cursorAfter(code geo.Code) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorForm + code.String()))
}

// cursor is where a page begins, or nil where the list does.
func (q *query) cursor(name string) *geo.Code {
	if !q.has(name) {
		return nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(q.text(name))
	text, ours := strings.CutPrefix(string(raw), cursorForm)
	code, parseErr := geo.Parse(text)
	if err != nil || !ours || parseErr != nil {
		q.add(badCursor(name))
		return nil
	}
	return &code
}

func badCursor(name string) *models.Error {
	return invalid(name, "bad-cursor", "It is no cursor of this list: follow the link to the next page, or begin again without it.",
		"Đây không phải con trỏ của danh sách này: hãy theo liên kết trang tiếp theo hoặc bắt đầu lại.")
}

// withParameter is the path of the same call with another value of one
// parameter.
func withParameter(path string, values url.Values, name, value string) string {
	changed := url.Values{}
	maps.Copy(changed, values)
	changed.Set(name, value)
	return path + "?" + changed.Encode()
}

func (p page) write(c *gin.Context, f format) error {
	switch f {
	case formatGeoJSON:
		return answer(c, f.mediaType, "", p.collection())
	case formatCSV, formatNDJSON:
		return p.writeTable(c, f)
	}
	return answer(c, f.mediaType, "", addressList{p.addresses, p.next})
}

// writeTable writes a page as an export is written.
func (p page) writeTable(c *gin.Context, f format) error {
	var b bytes.Buffer
	rows := export.NewAddressWriter(&b, export.Options{Format: export.Format(f.name)})
	for i := range p.addresses {
		if err := rows.Write(&p.addresses[i]); err != nil {
			return err
		}
	}
	if err := rows.Close(); err != nil {
		return err
	}
	write(c, http.StatusOK, f.contentType(), b.Bytes())
	return nil
}

type addressList struct {
	Addresses []models.PublicAddress `json:"addresses"`
	Next      string                 `json:"next,omitempty"`
}

func (l addressList) appendJSON(b []byte) []byte {
	b = appendList(append(b, `{"addresses":`...), l.Addresses, func(b []byte, p *models.PublicAddress) []byte { return p.AppendJSON(b) })
	if l.Next != "" {
		b = appendMember(b, `,"next":`, l.Next)
	}
	return append(b, '}')
}

type featureCollection struct {
	Type     string           `json:"type"`
	Features []addressFeature `json:"features"`
	Links    []link           `json:"links,omitempty"`
}

func (f featureCollection) appendJSON(b []byte) []byte {
	b = appendMember(b, `{"type":`, f.Type)
	b = appendList(append(b, `,"features":`...), f.Features, func(b []byte, f *addressFeature) []byte { return f.Properties.AppendFeature(b) })
	if len(f.Links) > 0 {
		b = appendMember(b, `,"links":`, f.Links)
	}
	return append(b, '}')
}

type link struct {
	Rel   string    `json:"rel"`
	Href  string    `json:"href"`
	Type  string    `json:"type"`
	Title bilingual `json:"title,omitzero"`
}

func (p page) collection() featureCollection {
	collection := featureCollection{Type: "FeatureCollection", Features: make([]addressFeature, len(p.addresses))}
	for i, address := range p.addresses {
		collection.Features[i] = featureOf(address)
	}
	if p.next != "" {
		collection.Links = []link{{Rel: "next", Href: p.next, Type: formatGeoJSON.mediaType}}
	}
	return collection
}

package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// ogcFeature is a feature whose properties lie side by side, as map programs
// want them: every column is there, null where it has no value, because they
// take the columns of all from the first ones they see.
type ogcFeature[G, P any] struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Geometry   G      `json:"geometry"`
	Properties P      `json:"properties"`
	Links      []link `json:"links,omitempty"` // of one that was asked for
}

// featurePage is what stands before the features of a page; NumberMatched
// counts those on all pages.
type featurePage struct {
	Type           string    `json:"type"`
	NumberMatched  int64     `json:"numberMatched"`
	NumberReturned int       `json:"numberReturned"`
	TimeStamp      time.Time `json:"timeStamp"`
	Links          []link    `json:"links"`
}

// flatAddress has the columns of a table of addresses but for the position.
type flatAddress struct {
	Code         geo.Code     `json:"code"`
	Kind         string       `json:"kind"`
	Status       string       `json:"status"`
	Verification string       `json:"verification"`
	Name         *string      `json:"name"`
	Text         string       `json:"text"`
	Formerly     *string      `json:"formerly"`
	UnitLabel    *string      `json:"unit_label"`
	Building     *string      `json:"building"`
	HouseNumber  *string      `json:"house_number"`
	Alley        *string      `json:"alley"`
	Street       *string      `json:"street"`
	Group        *string      `json:"group"`
	Hamlet       *string      `json:"hamlet"`
	Commune      string       `json:"commune"`
	CommuneName  string       `json:"commune_name"`
	Province     *string      `json:"province"`
	ProvinceName *string      `json:"province_name"`
	AccuracyM    *fraction    `json:"accuracy_m"`
	PlusCode     string       `json:"plus_code"`
	Vpostcode    *string      `json:"vpostcode"`
	ValidFrom    models.Date  `json:"valid_from"`
	ValidTo      *models.Date `json:"valid_to"`
	Version      int64        `json:"version"`
	UpdatedAt    time.Time    `json:"updated_at"`
}

// fraction is a number with a decimal point even where it is whole: GDAL would
// take the column for one of whole numbers and cut the others off.
type fraction float64

// MarshalJSON writes the number with at least one decimal.
func (f fraction) MarshalJSON() ([]byte, error) {
	b := strconv.AppendFloat(nil, float64(f), 'f', -1, 64)
	if !bytes.ContainsRune(b, '.') {
		b = append(b, ".0"...)
	}
	return b, nil
}

// orNull is a value, or null where it is absent.
func orNull[T comparable](v T) *T {
	var absent T
	if v == absent {
		return nil
	}
	return &v
}

func flatten(p models.PublicAddress) *ogcFeature[pointGeometry, flatAddress] {
	return &ogcFeature[pointGeometry, flatAddress]{
		Type: "Feature", ID: p.Code.String(), Geometry: featureOf(p).Geometry,
		Properties: flatAddress{
			Code: p.Code, Kind: p.Kind, Status: p.Status, Verification: p.Verification.Level,
			Name: orNull(p.Name), Text: p.Text, Formerly: orNull(p.Formerly),
			UnitLabel: orNull(p.Parts.UnitLabel), Building: orNull(p.Parts.Building), HouseNumber: orNull(p.Parts.HouseNumber),
			Alley: orNull(p.Parts.Alley), Street: orNull(p.Parts.Street), Group: orNull(p.Parts.Group), Hamlet: orNull(p.Parts.Hamlet),
			Commune: p.Commune.Code, CommuneName: p.Commune.Name, Province: orNull(p.Province.Code), ProvinceName: orNull(p.Province.Name),
			AccuracyM: orNull(fraction(p.Position.AccuracyM)), PlusCode: p.Identifier(geo.SchemePlusCode),
			Vpostcode: orNull(p.Identifier(geo.SchemeVpostcode)),
			ValidFrom: p.ValidFrom, ValidTo: orNull(p.ValidTo), Version: p.Version, UpdatedAt: p.UpdatedAt,
		},
	}
}

func (a *API) ogcAddresses(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q := queryOf(c)
	filter := models.ListFilter{
		Boxes: q.boxes("bbox"), Days: q.days("datetime"), Commune: q.commune("commune", units, a.store.Today()),
		Kind: q.oneOf("kind", models.Kinds[:]), Status: q.oneOf("status", models.Statuses[:]),
		Verification: q.oneOf("verification", models.Verifications[:]),
		Limit:        q.atMost("limit", ogcLimit, ogcMaxLimit), After: q.cursor("cursor"),
	}
	base, err := a.featuresBase(c, q)
	if err != nil {
		return err
	}
	leave, err := a.seatFor(c, filter.Limit)
	if err != nil {
		return err
	}
	defer leave()
	var found models.Page
	err = a.inTurn(c.Request.Context(), filter, func() (err error) {
		found, err = a.store.Page(c.Request.Context(), filter)
		return err
	})
	if err != nil {
		return err
	}
	today, next := a.store.Today(), ""
	if found.More {
		next = cursorAfter(found.Addresses[len(found.Addresses)-1].Code)
	}
	page := newFeaturePage(c, base+"/collections/addresses", next, filter.Limit)
	page.NumberMatched, page.NumberReturned = found.Matched, len(found.Addresses)
	return page.write(c, func(i int) any { return flatten(units.Public(found.Addresses[i], today)) })
}

// featuresBase checks what all pages of features and all features have in
// common and is the address of /ogc.
func (a *API) featuresBase(c *gin.Context, q *query) (base string, err error) {
	q.oneOf("f", []string{formatFeatures.name})
	if err := q.err(); err != nil {
		return "", err
	}
	if _, err := negotiate(c, formatFeatures); err != nil {
		return "", err
	}
	return a.ogcBase(c)
}

// seatFor is a place for a large page, so that those who read slowly don't
// fill the memory with theirs.
func (a *API) seatFor(c *gin.Context, limit int) (leave func(), err error) {
	if limit <= listMaxLimit {
		return func() {}, nil
	}
	if leave, err = a.pages.take(a.clientNetwork(c)); err != nil {
		c.Header("Retry-After", strconv.Itoa(retryAfter))
	}
	return leave, err
}

// newFeaturePage is a page of a collection with its links; next is the cursor of
// the page after it, empty on the last. What was asked for above the limit shows
// in its link.
func newFeaturePage(c *gin.Context, collection, next string, limit int) featurePage {
	asked := queryOf(c).values
	p := featurePage{Type: "FeatureCollection", TimeStamp: time.Now().UTC().Truncate(time.Second), Links: []link{
		{"self", withQuery(collection+"/items", asked), formatFeatures.mediaType, bilingual{"Trang này", "This page"}},
		{"collection", collection, formatJSON.mediaType, bilingual{"Bộ dữ liệu", "The collection"}},
	}}
	if next != "" {
		after := url.Values{}
		maps.Copy(after, asked)
		after.Set("cursor", next)
		after.Set("limit", strconv.Itoa(limit))
		href := withQuery(collection+"/items", after)
		p.Links = append(p.Links, link{"next", href, formatFeatures.mediaType, bilingual{"Trang tiếp theo", "Next page"}})
		c.Header("Link", "<"+href+`>; rel="next"`)
	}
	return p
}

// featureSize is about how many bytes an address takes.
const featureSize = 1000

// write makes one feature after the other, so that a large page is in memory
// only as what is sent.
func (p featurePage) write(c *gin.Context, feature func(i int) any) error {
	head, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write a page of features: %w", err)
	}
	var body bytes.Buffer
	body.Grow(len(head) + featureSize*p.NumberReturned)
	body.Write(bytes.TrimSuffix(head, []byte("}")))
	body.WriteString(`,"features":[`)
	lines := json.NewEncoder(&body)
	for i := range p.NumberReturned {
		if i > 0 {
			body.WriteByte(',')
		}
		if err := lines.Encode(feature(i)); err != nil {
			return fmt.Errorf("write a feature: %w", err)
		}
	}
	body.WriteString("]}")
	write(c, http.StatusOK, formatFeatures.mediaType, body.Bytes())
	return nil
}

func withQuery(href string, values url.Values) string {
	if len(values) == 0 {
		return href
	}
	return href + "?" + values.Encode()
}

// featureLinks lead from one feature.
func featureLinks(collection, id string) []link {
	return []link{
		{"self", collection + "/items/" + id, formatFeatures.mediaType, bilingual{"Đối tượng này", "This feature"}},
		{"collection", collection, formatJSON.mediaType, bilingual{"Bộ dữ liệu", "The collection"}},
	}
}

func (a *API) ogcAddress(c *gin.Context) error {
	base, err := a.featuresBase(c, queryOf(c))
	if err != nil {
		return err
	}
	text, err := pathText(c, "code")
	if err != nil {
		return err
	}
	code, err := geo.Parse(text)
	if err != nil {
		return noFeature(text)
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	address, err := a.store.Address(c.Request.Context(), code)
	if err != nil {
		return err
	}
	feature := flatten(units.Public(address, a.store.Today()))
	feature.Links = featureLinks(base+"/collections/addresses", feature.ID)
	return answer(c, formatFeatures.mediaType, a.addressTag(units, a.store.Today(), formatFeatures, address), feature)
}

func noFeature(id string) error {
	return status(http.StatusNotFound, "no-such-feature", "There is no feature %q in this collection.", "Bộ dữ liệu không có đối tượng %q.", shown(id))
}

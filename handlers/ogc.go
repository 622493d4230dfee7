package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// ogcPattern is where OGC API Features begins (OGC 17-069r4); with and without
// a slash at the end it is the same page, because people write both.
const (
	ogcPattern       = "/ogc"
	ogcCollections   = ogcPattern + "/collections"
	addressesPattern = ogcCollections + "/addresses"
	unitsPattern     = ogcCollections + "/units"
)

func (a *API) ogcRoutes() []route {
	form := []string{"f"}
	return []route{
		{http.MethodGet, ogcPattern, anyone, a.ogcLanding, form},
		{http.MethodGet, ogcPattern + "/", anyone, a.ogcLanding, form},
		{http.MethodGet, ogcPattern + "/conformance", anyone, a.ogcConformance, form},
		{http.MethodGet, ogcPattern + "/api", anyone, a.ogcAPI, form},
		{http.MethodGet, ogcCollections, anyone, a.ogcCollections, form},
		{http.MethodGet, addressesPattern, anyone, a.ogcCollection, form},
		{http.MethodGet, addressesPattern + "/items", anyone, a.ogcAddresses,
			[]string{"bbox", "datetime", "limit", "cursor", "kind", "status", "verification", "commune", "f"}},
		{http.MethodGet, addressesPattern + "/items/:code", anyone, a.ogcAddress, form},
		{http.MethodGet, unitsPattern, anyone, a.ogcCollection, form},
		{http.MethodGet, unitsPattern + "/items", anyone, a.ogcUnits,
			[]string{"bbox", "datetime", "limit", "cursor", "level", "parent", "f"}},
		{http.MethodGet, unitsPattern + "/items/:unit", anyone, a.ogcUnit, form},
	}
}

// bilingual is a text for people. Programs show it as it is, so that both
// languages stand in it.
type bilingual struct{ Vi, En string }

// MarshalText joins the languages, Vietnamese first.
func (b bilingual) MarshalText() ([]byte, error) { return []byte(b.Vi + " · " + b.En), nil }

// The conformance classes that hold. HTML is none of them: pages of features
// have no form for people to read.
var conformanceClasses = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
}

type landing struct {
	Title       bilingual `json:"title"`
	Description bilingual `json:"description"`
	Links       []link    `json:"links"`
}

type conformance struct {
	ConformsTo []string `json:"conformsTo"`
}

var (
	landingTitle = bilingual{"Sổ địa chỉ số", "Digital address registry"}
	landingText  = bilingual{"Địa chỉ và đơn vị hành chính để xem trong QGIS, GDAL và các chương trình bản đồ khác (OGC API - Features).",
		"Addresses and administrative units for QGIS, GDAL and other map programs (OGC API - Features)."}
)

func (a *API) ogcLanding(c *gin.Context) error {
	return a.ogcDocument(c, func(base string, self []link) (any, ogcPage, error) {
		doc := landing{landingTitle, landingText, append(self,
			link{"service-desc", base + "/api", formatOpenAPI.contentType(), bilingual{"Mô tả giao diện", "Description of the interface"}},
			link{"service-doc", hostOf(base) + "/docs", formatHTML.mediaType, bilingual{"Tài liệu giao diện", "Documentation of the interface"}},
			link{"conformance", base + "/conformance", formatJSON.mediaType, bilingual{"Các lớp tuân thủ", "Conformance classes"}},
			link{"data", base + "/collections", formatJSON.mediaType, bilingual{"Các bộ dữ liệu", "Collections"}})}
		return doc, ogcPage{Title: doc.Title, Text: doc.Description, Address: base, Links: doc.Links}, nil
	})
}

func (a *API) ogcConformance(c *gin.Context) error {
	return a.ogcDocument(c, func(_ string, self []link) (any, ogcPage, error) {
		return conformance{conformanceClasses}, ogcPage{Title: bilingual{"Các lớp tuân thủ", "Conformance classes"},
			Classes: conformanceClasses, Links: self}, nil
	})
}

// ogcBase is the whole address of /ogc.
func (a *API) ogcBase(c *gin.Context) (string, error) {
	base, err := a.baseURL(c)
	return base + ogcPattern, err
}

// hostOf cuts the path off that ogcBase has put on.
func hostOf(base string) string { return base[:len(base)-len(ogcPattern)] }

// ogcDocument answers what has a form for programs and one for people. It
// hands the address of /ogc and the links to the document itself to what makes
// the two.
func (a *API) ogcDocument(c *gin.Context, compose func(base string, self []link) (any, ogcPage, error)) error {
	q := queryOf(c)
	q.oneOf("f", []string{formatJSON.name, formatHTML.name})
	if err := q.err(); err != nil {
		return err
	}
	f, err := negotiate(c, formatJSON, formatHTML)
	if err != nil {
		return err
	}
	base, err := a.ogcBase(c)
	if err != nil {
		return err
	}
	doc, page, err := compose(base, selfLinks(hostOf(base)+c.Request.URL.Path, f, formatJSON, formatHTML))
	if err != nil {
		return err
	}
	if f == formatHTML {
		return page.write(c, base)
	}
	return answer(c, f.mediaType, "", doc)
}

// selfLinks lead to a document in the form that is answered and in its others.
func selfLinks(href string, answered format, offers ...format) []link {
	links := []link{{"self", href + "?f=" + answered.name, answered.mediaType, bilingual{"Tài liệu này", "This document"}}}
	for _, f := range offers {
		if f != answered {
			links = append(links, link{"alternate", href + "?f=" + f.name, f.mediaType, bilingual{"Tài liệu này dạng " + f.name, "This document as " + f.name}})
		}
	}
	return links
}

// ogcAPI describes the interface in OpenAPI 3.0, which the standard and its
// clients ask for.
func (a *API) ogcAPI(c *gin.Context) error {
	q := queryOf(c)
	q.oneOf("f", []string{formatOpenAPI.name})
	if err := q.err(); err != nil {
		return err
	}
	if _, err := negotiate(c, formatOpenAPI); err != nil {
		return err
	}
	base, err := a.ogcBase(c)
	if err != nil {
		return err
	}
	document, err := a.features()
	if err != nil {
		return err
	}
	body, err := withServer(document, base)
	if err != nil {
		return err
	}
	sendByContent(c, formatOpenAPI.contentType(), body)
	return nil
}

// Pages of features.
const (
	ogcLimit    = 100
	ogcMaxLimit = 10_000
)

// Large pages under way: each is held in memory until it has arrived.
const (
	pagesAtOnce         = 8
	pagesOfClientAtOnce = 3
)

func newPageSeats() *seats {
	return &seats{all: pagesAtOnce, ofClient: pagesOfClientAtOnce,
		full: models.NewError(models.Unavailable, "", "pages-busy",
			"As many pages of more than 1000 features as this server gives at a time are under way: try again in a few seconds, or with a lower limit.",
			"Máy chủ đang trả số trang trên 1000 đối tượng tối đa: hãy thử lại sau vài giây hoặc giảm limit."),
		greedy: models.NewError(models.TooMany, "", "too-many-pages",
			"Three pages of more than 1000 features are on their way to you: wait until one has arrived, or ask for a lower limit.",
			"Bạn đang tải ba trang trên 1000 đối tượng: hãy chờ tải xong hoặc giảm limit.")}
}

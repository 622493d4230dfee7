package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

const (
	addressTilePattern = "/tiles/addresses/:z/:x/:y.mvt"
	unitTilePattern    = "/tiles/units/:z/:x/:y.mvt"
)

func (a *API) tileRoutes() []route {
	return []route{
		{http.MethodGet, addressTilePattern, anyone, a.addressTile, nil},
		{http.MethodGet, unitTilePattern, anyone, a.unitTile, []string{"as_of"}},
		{http.MethodGet, "/tiles/addresses.json", anyone, a.describeAddressTiles, nil},
		{http.MethodGet, "/tiles/units.json", anyone, a.describeUnitTiles, []string{"as_of"}},
	}
}

// formatTile is a vector tile, formatProtobuf what older programs call one.
var (
	formatTile     = format{"mvt", "application/vnd.mapbox-vector-tile"}
	formatProtobuf = format{"mvt", "application/x-protobuf"}
)

// tilesCacheControl lets maps keep tiles for a minute.
const tilesCacheControl = "public, max-age=60"

func (a *API) addressTile(c *gin.Context) error {
	t, err := pathTile(c)
	if err != nil {
		return err
	}
	tile, err := a.store.AddressTile(c.Request.Context(), t)
	if err != nil {
		return err
	}
	return writeTile(c, tile)
}

func (a *API) unitTile(c *gin.Context) error {
	t, err := pathTile(c)
	if err != nil {
		return err
	}
	q := queryOf(c)
	day := q.day("as_of", a.store.Today())
	if err := q.err(); err != nil {
		return err
	}
	tile, err := a.store.UnitTile(c.Request.Context(), t, day)
	if err != nil {
		return err
	}
	return writeTile(c, tile)
}

// pathTile is the tile of a path z/x/y.mvt.
func pathTile(c *gin.Context) (geo.Tile, error) {
	row, ok := strings.CutSuffix(c.Param("y.mvt"), ".mvt")
	if !ok {
		return geo.Tile{}, noRoute()
	}
	t, err := geo.ParseTile(c.Param("z"), c.Param("x"), row)
	if e := fromGeo(err, ""); e != nil {
		return geo.Tile{}, e
	}
	return t, nil
}

// writeTile sends a tile in the best form that the client takes. All forms are
// made once, so the middleware has nothing left to compress.
func writeTile(c *gin.Context, tile *models.MapTile) error {
	f, err := negotiate(c, formatTile, formatProtobuf)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", tilesCacheControl)
	encoding, suffix := tileEncoding(c.Request.Header, len(tile.Raw))
	if revalidated(c, `"`+tile.Tag+suffix+`"`) {
		return nil
	}
	body := tile.Raw
	switch encoding {
	case "zstd":
		body = tile.Zstd()
	case "gzip":
		body = tile.Gzip()
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	writeMade(c, f.mediaType, body)
	return nil
}

// tileEncoding chooses a compression, and the ending that it gives to tags.
func tileEncoding(h http.Header, size int) (encoding, suffix string) {
	if size < minCompressed {
		return "", ""
	}
	accepted := mediaRanges(strings.Join(h["Accept-Encoding"], ","))
	takes := func(name string) bool {
		return slices.ContainsFunc(accepted, func(r mediaRange) bool { return r.mediaType == name && r.quality > 0 })
	}
	switch {
	case takes("zstd"):
		return "zstd", zstdSuffix
	case takes("gzip"):
		return "gzip", gzipSuffix
	}
	return "", ""
}

// writeMade sends a body whose length is the same for HEAD.
func writeMade(c *gin.Context, mediaType string, body []byte) {
	h := c.Writer.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Writer.WriteHeader(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(body) // a client that hung up has nobody to tell
}

// tileJSON describes tiles to maps (TileJSON 3.0.0).
type tileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	VectorLayers []vectorLayer `json:"vector_layers"`
}

type vectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// windowBounds is the area of the registry, in degrees.
var windowBounds = [4]float64{windowW / degree, windowS / degree, windowE / degree, windowN / degree}

func (a *API) describeAddressTiles(c *gin.Context) error {
	base, err := a.baseURL(c)
	if err != nil {
		return err
	}
	return answerByContent(c, formatJSON.mediaType, tileJSON{
		TileJSON: "3.0.0", Name: "Diachiso addresses", Description: "The current addresses: counted clusters, from zoom 14 on points.",
		Scheme: "xyz", Tiles: []string{base + "/tiles/addresses/{z}/{x}/{y}.mvt"}, MaxZoom: geo.MaxZoom, Bounds: windowBounds,
		VectorLayers: []vectorLayer{
			{models.LayerAddresses, "One address; its id is its code as a number.", models.PointZoom, geo.MaxZoom, map[string]string{
				"code": "The address code.", "kind": "household, business, farm, shop, public or landmark.",
				"house_number": "The house number, from zoom 17 on; absent where there is none."}},
			{models.LayerClusters, "Several addresses, in their middle; from zoom 14 on only where they are too many to be drawn one by one.", 0, geo.MaxZoom,
				map[string]string{"count": "How many addresses."}},
		},
	})
}

func (a *API) describeUnitTiles(c *gin.Context) error {
	q := queryOf(c)
	day := q.day("as_of", a.store.Today())
	if err := q.err(); err != nil {
		return err
	}
	base, err := a.baseURL(c)
	if err != nil {
		return err
	}
	tiles := base + "/tiles/units/{z}/{x}/{y}.mvt"
	if q.has("as_of") {
		tiles += "?as_of=" + string(day)
	}
	fields := map[string]string{"code": "The unit's code.", "name": "Its full name.", "level": "province, district or commune.", "valid_from": "The first day of its period."}
	return answerByContent(c, formatJSON.mediaType, tileJSON{
		TileJSON: "3.0.0", Name: "Diachiso units", Description: "The administrative units in force on " + string(day) + " whose boundaries are loaded.",
		Scheme: "xyz", Tiles: []string{tiles}, MaxZoom: geo.MaxZoom, Bounds: windowBounds,
		VectorLayers: []vectorLayer{
			{models.LayerUnits, "The area of a unit.", 0, geo.MaxZoom, fields},
			{models.LayerUnitLabels, "A point in each unit for its name.", 0, geo.MaxZoom, fields},
		},
	})
}

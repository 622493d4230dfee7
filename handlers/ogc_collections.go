package handlers

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// crs84 is WGS 84 with the longitude first.
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// collection describes features of one kind.
type collection struct {
	ID          string    `json:"id"`
	Title       bilingual `json:"title"`
	Description bilingual `json:"description"`
	Links       []link    `json:"links"`
	Extent      extent    `json:"extent"`
	ItemType    string    `json:"itemType"`
	CRS         []string  `json:"crs"`
}

type extent struct {
	Spatial  *spatialExtent `json:"spatial,omitempty"` // where there is anything
	Temporal temporalExtent `json:"temporal"`
}

type spatialExtent struct {
	BBox [][4]models.E7 `json:"bbox"`
	CRS  string         `json:"crs"`
}

// temporalExtent is half-open: what is valid now has no end.
type temporalExtent struct {
	Interval [][2]*time.Time `json:"interval"`
	TRS      string          `json:"trs"`
}

type collections struct {
	Links       []link       `json:"links"`
	Collections []collection `json:"collections"`
}

func extentOf(found models.Extent) extent {
	e := extent{Temporal: temporalExtent{[][2]*time.Time{{}}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}}
	if b := found.Box; !b.Empty() {
		e.Spatial = &spatialExtent{[][4]models.E7{{models.E7(b.West), models.E7(b.South), models.E7(b.East), models.E7(b.North)}}, crs84}
	}
	if found.Since != "" {
		begin := found.Since.End().AddDate(0, 0, -1)
		e.Temporal.Interval[0][0] = &begin
	}
	return e
}

func (a *API) addressCollection(ctx context.Context, base string) (collection, error) {
	found, err := a.store.Extent(ctx)
	if err != nil {
		return collection{}, err
	}
	return collectionOf("addresses", base, found, bilingual{"Địa chỉ", "Addresses"},
		bilingual{"Mỗi điểm là một hộ gia đình, cơ sở kinh doanh, trang trại, cửa hàng, cơ quan hoặc địa danh có mã địa chỉ, kể cả mã đã ngừng dùng (status=retired).",
			"Each point is a household, business, farm, shop, public body or landmark with an address code, retired ones among them (status=retired)."}), nil
}

func (a *API) unitCollection(ctx context.Context, base string) (collection, error) {
	units, err := a.store.Units(ctx)
	if err != nil {
		return collection{}, err
	}
	return collectionOf("units", base, units.Extent(), bilingual{"Đơn vị hành chính", "Administrative units"},
		bilingual{"Tỉnh, huyện và xã trong từng thời kỳ có hiệu lực; ranh giới chỉ có khi đã được nạp.",
			"Provinces, districts and communes, each in its period; with a boundary where one is loaded."}), nil
}

func collectionOf(id, base string, found models.Extent, title, description bilingual) collection {
	self := base + "/collections/" + id
	return collection{ID: id, Title: title, Description: description, Extent: extentOf(found), ItemType: "feature", CRS: []string{crs84},
		Links: append(selfLinks(self, formatJSON, formatJSON, formatHTML),
			link{"items", self + "/items", formatFeatures.mediaType, bilingual{"Các đối tượng", "Features"}})}
}

// collectionsOf are all collections there are, in their order.
func (a *API) collectionsOf(ctx context.Context, base string) (list []collection, err error) {
	for _, describe := range []func(context.Context, string) (collection, error){a.addressCollection, a.unitCollection} {
		described, err := describe(ctx, base)
		if err != nil {
			return nil, err
		}
		list = append(list, described)
	}
	return list, nil
}

func (a *API) ogcCollections(c *gin.Context) error {
	return a.ogcDocument(c, func(base string, self []link) (any, ogcPage, error) {
		list, err := a.collectionsOf(c.Request.Context(), base)
		return collections{self, list}, ogcPage{Title: bilingual{"Các bộ dữ liệu", "Collections"}, Collections: list, Links: self}, err
	})
}

func (a *API) ogcCollection(c *gin.Context) error {
	return a.ogcDocument(c, func(base string, self []link) (any, ogcPage, error) {
		describe := a.addressCollection
		if c.FullPath() == unitsPattern {
			describe = a.unitCollection
		}
		described, err := describe(c.Request.Context(), base)
		if err != nil {
			return nil, ogcPage{}, err
		}
		described.Links = append(self, described.Links[len(self):]...)
		return described, ogcPage{Title: described.Title, Text: described.Description, Collections: []collection{described}, Links: described.Links}, nil
	})
}

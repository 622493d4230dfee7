package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

const washPattern = "/v1/wash"

// Numbers of answers.
const (
	searchLimit, searchMaxLimit   = 10, 50
	suggestLimit, suggestMaxLimit = 8, 20
)

func (a *API) searchRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/search", anyone, a.search, []string{"q", "near", "commune", "kind", "limit"}},
		{http.MethodGet, "/v1/suggest", anyone, a.suggest, []string{"q", "near", "commune", "limit"}},
		{http.MethodPost, washPattern, anyone, a.wash, nil},
	}
}

// search answers the addresses that a text may mean, as GeocodeJSON. A text
// that means none is answered too: with no feature.
func (a *API) search(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q, today := queryOf(c), a.store.Today()
	asked := models.SearchQuery{
		Text: q.required("q"), Near: q.near(), Commune: q.commune("commune", units, today),
		Kind: q.oneOf("kind", models.Kinds[:]), Limit: q.whole("limit", searchLimit, 1, searchMaxLimit),
	}
	if err := q.err(); err != nil {
		return err
	}
	f, err := negotiate(c, formatGeoJSON, formatJSON)
	if err != nil {
		return err
	}
	found, err := a.store.Search(c.Request.Context(), asked)
	if err != nil {
		return err
	}
	return answer(c, f.mediaType, "", geocodeCollection{
		Type: "FeatureCollection", Geocoding: geocodingQuery{geocodeJSONVersion, asked.Text}, Features: foundFeatures(units, found, today),
	})
}

type suggestions struct {
	Suggestions []suggestion `json:"suggestions"`
}

// suggestion is what a text that is being typed may become.
type suggestion struct {
	Text  string    `json:"text"`
	Label string    `json:"label"`
	Type  string    `json:"type"`
	Code  *geo.Code `json:"code,omitempty"` // of an address or a shop
	Caret int       `json:"caret"`          // in characters of Text, from 0
	Next  string    `json:"next,omitempty"` // absent: there is nothing to add
}

// suggest answers what a text may become, each with the call that goes on
// from there.
func (a *API) suggest(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q := queryOf(c)
	asked := models.SuggestQuery{
		Text: q.required("q"), Near: q.near(), Commune: q.commune("commune", units, a.store.Today()),
		Limit: q.whole("limit", suggestLimit, 1, suggestMaxLimit),
	}
	if err := q.err(); err != nil {
		return err
	}
	list, err := a.store.Suggest(c.Request.Context(), asked)
	if err != nil {
		return err
	}
	answer := suggestions{make([]suggestion, len(list))}
	for i, found := range list {
		answer.Suggestions[i] = suggestionOf(found)
		if !found.Whole {
			answer.Suggestions[i].Next = withParameter(c.Request.URL.Path, q.values, "q", found.Text)
		}
	}
	return answerJSON(c, "", answer)
}

func suggestionOf(found models.Suggestion) suggestion {
	s := suggestion{Text: found.Text, Label: found.Label, Type: found.Type, Caret: found.Caret}
	if found.Type == models.SuggestAddress || found.Type == models.SuggestShop {
		s.Code = &found.Code
	}
	return s
}

package handlers

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

const changesPattern = "/v1/changes"

// Lengths of a page of changes.
const (
	changesLimit    = 100
	changesMaxLimit = 1000
)

func (a *API) changeRoutes() []route {
	return []route{
		{http.MethodGet, changesPattern, anyone, a.changes, []string{"since", "limit"}},
	}
}

// changePage is a page of the change feed.
type changePage struct {
	Epoch   string         `json:"epoch"`
	Changes []publicChange `json:"changes"`
	Next    string         `json:"next"` // there always is one: it may be empty for now
	More    bool           `json:"more"`
}

// publicChange is one change as anybody may know it.
type publicChange struct {
	Seq     int64                `json:"seq"`
	At      time.Time            `json:"at"`
	Op      string               `json:"op"`
	Code    geo.Code             `json:"code"`
	Version int64                `json:"version"`
	Reason  string               `json:"reason,omitempty"`
	After   models.PublicAddress `json:"after"`
	Related []relatedAddress     `json:"related,omitempty"`
}

// relatedAddress is another address whose successions a change may have
// altered, with those that it has now.
type relatedAddress struct {
	Code       geo.Code   `json:"code"`
	Supersedes []geo.Code `json:"supersedes"`
	Successors []geo.Code `json:"successors"`
}

// changes answers a page of the change feed or, by Accept, all of it as it
// comes.
func (a *API) changes(c *gin.Context) error {
	f, err := negotiate(c, formatJSON, formatEvents)
	if err != nil {
		return err
	}
	q := queryOf(c)
	since, limit := q.feedPosition("since"), q.whole("limit", changesLimit, 1, changesMaxLimit)
	if f == formatEvents {
		since = q.lastEvent(c.Request.Header, since)
	}
	if err := q.err(); err != nil {
		return err
	}
	if f == formatEvents {
		return a.streamChanges(c, since)
	}
	page, err := a.store.Changes(c.Request.Context(), since, limit)
	if err != nil {
		return resync(c, err)
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	next := withParameter(changesPattern, q.values, "since", page.Next.String())
	c.Header("Link", "<"+next+`>; rel="next"`)
	return answerByContent(c, formatJSON.mediaType, changePage{
		Epoch: page.Next.Epoch, Changes: publicChanges(units, page.Changes, a.store.Today()), Next: next, More: page.More,
	})
}

func publicChanges(units *models.Units, list []models.Change, today models.Date) []publicChange {
	changes := make([]publicChange, len(list))
	for i, c := range list {
		changes[i] = publicChange{Seq: c.Seq, At: c.At, Op: c.Op, Code: c.Code, Version: c.Version, Reason: c.Reason,
			After: units.Public(c.After, today)}
		for _, r := range c.Related {
			p := units.Public(r, today)
			changes[i].Related = append(changes[i].Related, relatedAddress{p.Code, p.Supersedes, p.Successors})
		}
	}
	return changes
}

// feedPosition is a position in the change feed, or its beginning.
func (q *query) feedPosition(name string) models.FeedPosition {
	if !q.has(name) {
		return models.FeedPosition{}
	}
	return q.readPosition(name, q.text(name))
}

func (q *query) readPosition(name, text string) models.FeedPosition {
	position, ok := models.ParseFeedPosition(text)
	if !ok {
		q.add(invalid(name, "bad-position", "%q is no position of the change feed: take it from next, from an event's id or from the header Snapshot, or write 0 for the beginning.",
			"%q không phải vị trí trong luồng thay đổi: hãy lấy từ next, từ id của sự kiện hoặc từ tiêu đề Snapshot, hoặc ghi 0 để đọc từ đầu.", shown(text)))
	}
	return position
}

// resync adds to the word that a reader must begin again where to do so.
func resync(c *gin.Context, err error) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != models.Gone {
		return err
	}
	c.Header("Link", "<"+exportPattern+`>; rel="alternate"; type="`+formatNDJSON.mediaType+`"`)
	return &detailed{error: err, extras: extras{Snapshot: exportPattern}}
}

// answerByContent is answer with a tag made from the answer itself, for what
// depends on too much to name it all.
func answerByContent(c *gin.Context, mediaType string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	sendByContent(c, mediaType, body)
	return nil
}

// sendByContent sends a body with a tag made from it.
func sendByContent(c *gin.Context, mediaType string, body []byte) {
	hash := sha256.Sum256(body)
	if !revalidated(c, fmt.Sprintf(`"%x"`, hash[:12])) {
		write(c, http.StatusOK, mediaType, body)
	}
}

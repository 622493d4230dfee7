package handlers

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// Lengths of a page of history.
const (
	historyLimit    = 50
	historyMaxLimit = 200
)

// historyLine is one version of an address.
type historyLine struct {
	Version int64                `json:"version"`
	At      time.Time            `json:"at"`
	Op      string               `json:"op"`
	Reason  string               `json:"reason,omitempty"`
	Changed []string             `json:"changed,omitempty"`
	Address models.PublicAddress `json:"address"`
}

type historyPage struct {
	History []historyLine `json:"history"`
	Next    string        `json:"next,omitempty"`
}

// history answers the versions of an address, newest first.
func (a *API) history(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	q := queryOf(c)
	before, limit := q.versionCursor("cursor"), q.whole("limit", historyLimit, 1, historyMaxLimit)
	if err := q.err(); err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	lines, more, err := a.store.History(c.Request.Context(), code, before, limit)
	if err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	page := historyPage{History: make([]historyLine, len(lines))}
	for i, l := range lines {
		page.History[i] = historyLine{l.Version, l.At, l.Op, l.Reason, l.Changed, units.Public(l.Address, models.DateOf(l.At))}
	}
	if more {
		page.Next = withParameter(c.Request.URL.Path, q.values, "cursor", versionCursor(lines[len(lines)-1].Version))
		c.Header("Link", "<"+page.Next+`>; rel="next"`)
	}
	return answer(c, formatJSON.mediaType, "", page)
}

// A cursor of a history is opaque: the version of its form and the oldest
// version of a page.
const historyCursorForm = "h1"

func versionCursor(version int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(historyCursorForm + strconv.FormatInt(version, 10)))
}

// versionCursor is the version before which a page begins, or 0 where the
// history does.
func (q *query) versionCursor(name string) int64 {
	if !q.has(name) {
		return 0
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(q.text(name))
	text, ours := strings.CutPrefix(string(raw), historyCursorForm)
	version, parseErr := strconv.ParseInt(text, 10, 64)
	if err != nil || !ours || parseErr != nil || version < 1 {
		q.add(invalid(name, "bad-cursor", "It is no cursor of this history: follow the link to the next page, or begin again without it.",
			"Đây không phải con trỏ của lịch sử này: hãy theo liên kết trang tiếp theo hoặc bắt đầu lại."))
		return 0
	}
	return version
}

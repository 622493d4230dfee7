package handlers

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// Lengths of a page of the queue; each of its proposals asks for what stands near.
const (
	reviewLimit    = 20
	reviewMaxLimit = 100
)

// review is one thing that waits for an officer; text and position are those
// of the proposal, or of the report's address. Contacts have a call of their own.
type review struct {
	Type      string          `json:"type"`
	Number    string          `json:"number"`
	CreatedAt time.Time       `json:"created_at"`
	Kind      string          `json:"kind"`
	Text      string          `json:"text"`
	Position  models.Position `json:"position"`
	Commune   models.UnitRef  `json:"commune"`
	Version   int64           `json:"version"`
	Links     reviewLinks     `json:"links"`

	// Of a proposal.
	ExpectedCode   string          `json:"expected_code,omitempty"`
	ExpiresAt      time.Time       `json:"expires_at,omitzero"`
	Asked          *models.Asked   `json:"asked,omitempty"`
	NearDuplicates []nearDuplicate `json:"near_duplicates,omitempty"`

	// Of a report.
	Claim      string                `json:"claim,omitempty"`
	Note       string                `json:"note,omitempty"`
	ClaimedAt  *coordinates          `json:"claimed_position,omitempty"`
	Duplicates *geo.Code             `json:"duplicates,omitempty"` // the code it is said to repeat
	Address    *models.PublicAddress `json:"address,omitempty"`
}

type reviewLinks struct {
	Self    string `json:"self"`
	Contact string `json:"contact,omitempty"` // asks for a purpose, and is remembered
}

// nearDuplicate is an address that a proposal may repeat.
type nearDuplicate struct {
	DistanceM float64              `json:"distance_m"`
	Reasons   []string             `json:"reasons"`
	Address   models.PublicAddress `json:"address"`
}

type reviewPage struct {
	Reviews []review `json:"reviews"`
	Next    string   `json:"next,omitempty"`
}

func (a *API) reviews(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	q := queryOf(c)
	filter := models.ReviewFilter{
		Type: q.oneOf("type", models.ReviewTypes[:]), Limit: q.whole("limit", reviewLimit, 1, reviewMaxLimit), After: q.reviewMark("cursor"),
	}
	if err := q.err(); err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	list, more, err := a.store.Reviews(c.Request.Context(), callerOf(c), filter)
	if err != nil {
		return err
	}
	page := reviewPage{Reviews: make([]review, len(list))}
	for i, r := range list {
		page.Reviews[i] = reviewOf(units, r, a.store.Today())
	}
	if more {
		page.Next = withParameter(c.Request.URL.Path, q.values, "cursor", cursorBehind(list[len(list)-1].Mark))
		c.Header("Link", "<"+page.Next+`>; rel="next"`)
	}
	return answerSecret(c, http.StatusOK, page)
}

// reviewOf words one thing of the queue.
func reviewOf(units *models.Units, r models.Review, today models.Date) review {
	if r.Report != nil {
		return reportReview(units, r, today)
	}
	p := units.Proposal(r.Proposal, today)
	shown := review{
		Type: r.Mark.Type, Number: p.Number, CreatedAt: p.CreatedAt, Kind: p.Asked.Kind, Text: p.Text, Position: r.Proposal.Position(),
		Commune: p.Commune, Version: p.Version, ExpectedCode: p.ExpectedCode, ExpiresAt: p.ExpiresAt, Asked: &p.Asked,
		Links: reviewLinks{Self: p.Links.Self, Contact: p.Links.Self + "/contact"},
	}
	for _, n := range r.Near {
		reasons := []string{}
		if n.DistanceM <= models.NearReviewMeters {
			reasons = append(reasons, "near")
		}
		if n.Repeats {
			reasons = append(reasons, "same-address")
		}
		shown.NearDuplicates = append(shown.NearDuplicates,
			nearDuplicate{math.Round(n.DistanceM*10) / 10, reasons, units.Public(n.Address, today)})
	}
	return shown
}

func reportReview(units *models.Units, r models.Review, today models.Date) review {
	address := units.Public(r.Address, today)
	shown := review{
		Type: r.Mark.Type, Number: r.Report.Number, CreatedAt: r.Mark.At, Kind: address.Kind, Text: address.Text, Position: address.Position,
		Commune: address.Commune, Version: r.Report.Version, Links: reviewLinks{Self: "/v1/reports/" + r.Report.Number},
		Claim: r.Report.Claim, Note: r.Report.Note, Duplicates: r.Report.Other, Address: &address,
	}
	if p := r.Report.Point; p != nil {
		shown.ClaimedAt = &coordinates{models.E7(p.Lat), models.E7(p.Lng)}
	}
	return shown
}

// A cursor of the queue is opaque: the version of its form and where the page
// ended.
const reviewCursorForm = "r1 %d %s %d"

func cursorBehind(m models.ReviewMark) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, reviewCursorForm, m.At.UnixMilli(), m.Type, m.ID))
}

// reviewMark is where a page of the queue begins.
func (q *query) reviewMark(name string) (m models.ReviewMark) {
	if !q.has(name) {
		return m
	}
	var ms int64
	raw, err := base64.RawURLEncoding.Strict().DecodeString(q.text(name))
	if err == nil {
		_, err = fmt.Sscanf(string(raw), reviewCursorForm, &ms, &m.Type, &m.ID)
	}
	m.At = time.UnixMilli(ms).UTC()
	if err != nil || !slices.Contains(models.ReviewTypes[:], m.Type) || cursorBehind(m) != q.text(name) {
		q.add(badCursor(name))
		return models.ReviewMark{}
	}
	return m
}

package models

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Types of what waits for an officer, in the order of the queue where they
// came at the same instant.
const (
	ReviewProposal = "proposal"
	ReviewReport   = "report"
)

// ReviewTypes lists them.
var ReviewTypes = [...]string{ReviewProposal, ReviewReport}

// NearReviewMeters is how near an address must stand to be shown beside a
// proposal.
const NearReviewMeters = 30

// nearReviewMost is how many of them are shown at most.
const nearReviewMost = 5

// ReviewFilter narrows the queue; empty means any.
type ReviewFilter struct {
	Type  string
	After ReviewMark // the last of the page before
	Limit int
}

// ReviewMark is a place in the queue; the zero value is its beginning.
type ReviewMark struct {
	At   time.Time
	Type string
	ID   int64
}

// Review is one thing that waits for an officer: a proposal, or a report with
// its address.
type Review struct {
	Mark     ReviewMark
	Proposal *Proposal
	Near     []NearReview // addresses that the proposal may repeat, nearest first
	Report   *Report
	Address  *Address // of the report
}

// NearReview is an address beside a proposal.
type NearReview struct {
	Near
	Repeats bool // it has the same written door, or the same name nearby
}

// Reviews answers a page of what waits in the communes of a caller, the
// oldest first, and whether more follows.
func (s *Store) Reviews(ctx context.Context, caller Caller, f ReviewFilter) (page []Review, more bool, err error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, false, err
	}
	db, scope := s.read.WithContext(ctx), caller.scopeOf()
	if f.Type != ReviewReport {
		if page, err = s.waitingProposals(db, scope, f); err != nil {
			return nil, false, fmt.Errorf("read the queue of proposals: %w", s.translate(err))
		}
	}
	if f.Type != ReviewProposal {
		reports, err := s.waitingReports(db, scope, f)
		if err != nil {
			return nil, false, fmt.Errorf("read the queue of reports: %w", s.translate(err))
		}
		page = append(page, reports...)
	}
	slices.SortFunc(page, func(a, b Review) int { return a.Mark.compare(b.Mark) })
	if more = len(page) > f.Limit; more {
		page = page[:f.Limit]
	}
	return page, more, s.translate(s.completeReviews(db, units, page))
}

func (m ReviewMark) compare(n ReviewMark) int {
	return cmp.Or(m.At.Compare(n.At), cmp.Compare(m.Type, n.Type), cmp.Compare(m.ID, n.ID))
}

// idAfter is the id that the things of a type must be over where they came at
// the instant of the mark.
func (m ReviewMark) idAfter(kind string) int64 {
	switch {
	case m.Type == kind:
		return m.ID
	case m.Type < kind:
		return 0
	}
	return math.MaxInt64
}

// within is a condition on a column that holds for the communes of a scope,
// with its arguments.
func (s *Store) within(scope Scope, column string) (string, []any) {
	if scope == nil {
		return "1 = 1", nil
	}
	return column + " IN (SELECT d.value FROM " + s.dialect.list("d", "bigint") + ")", []any{s.dialect.bind([]int64(scope))}
}

func (s *Store) waitingProposals(db *gorm.DB, scope Scope, f ReviewFilter) ([]Review, error) {
	inScope, args := s.within(scope, "p.commune_id")
	args = append(args, s.now(), f.After.At, f.After.idAfter(ReviewProposal), f.Limit+1)
	list, err := scanProposals(db.Raw(selectProposals+"WHERE p.status = 'proposed' AND "+inScope+` AND p.expires_at > ?
		AND (p.created_at, p.id) > (?, ?) ORDER BY p.created_at, p.id LIMIT ?`, args...).Rows())
	reviews := make([]Review, len(list))
	for i, p := range list {
		reviews[i] = Review{Mark: ReviewMark{p.CreatedAt, ReviewProposal, p.id}, Proposal: p}
	}
	return reviews, err
}

func (s *Store) waitingReports(db *gorm.DB, scope Scope, f ReviewFilter) ([]Review, error) {
	inScope, args := s.within(scope, "a.commune_id")
	args = append(args, f.After.At, f.After.idAfter(ReviewReport), f.Limit+1)
	rows, err := db.Raw(selectReports+"WHERE r.status = 'open' AND "+inScope+`
		AND (r.created_at, r.id) > (?, ?) ORDER BY r.created_at, r.id LIMIT ?`, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var reviews []Review
	for rows.Next() {
		r, err := readReport(rows)
		if err != nil {
			return nil, err
		}
		reviews = append(reviews, Review{Mark: ReviewMark{r.CreatedAt, ReviewReport, r.id}, Report: r})
	}
	return reviews, rows.Err()
}

// completeReviews reads the addresses of reports and those beside proposals.
func (s *Store) completeReviews(db *gorm.DB, units *Units, page []Review) error {
	var ids []int64
	for i := range page {
		if page[i].Report != nil {
			ids = append(ids, page[i].Report.Code.ID())
			continue
		}
		near, err := s.besideProposal(db, units, page[i].Proposal)
		if err != nil {
			return fmt.Errorf("look what stands near a proposal: %w", err)
		}
		page[i].Near = near
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := s.byIDs(db, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return fmt.Errorf("read the addresses of reports: %w", err)
	}
	byCode := map[geo.Code]*Address{}
	for _, a := range list {
		byCode[a.Code] = a
	}
	for i := range page {
		if r := page[i].Report; r != nil {
			page[i].Address = byCode[r.Code]
		}
	}
	return nil
}

// besideProposal are the current addresses within 30 m of a proposal and those
// it repeats, the nearest first.
func (s *Store) besideProposal(db *gorm.DB, units *Units, p *Proposal) ([]NearReview, error) {
	r, err := p.Asked.registration()
	if err != nil {
		return nil, err
	}
	near, err := s.nearest(db, r.Point, NearFilter{Limit: nearReviewMost, RadiusM: NearReviewMeters})
	if err != nil {
		return nil, err
	}
	var repeated []*Address
	if d := newDraft(r, Actor{}, units, s.Today()); d.err == nil && d.unlocated == nil {
		if repeated, err = s.duplicatesOf(db, d); err != nil {
			return nil, err
		}
	}
	beside := make([]NearReview, 0, len(near)+len(repeated))
	for _, a := range repeated {
		beside = append(beside, NearReview{Near{a, geo.Distance(r.Point, a.Point)}, true})
	}
	for _, n := range near {
		if !slices.ContainsFunc(repeated, func(a *Address) bool { return a.Code == n.Address.Code }) {
			beside = append(beside, NearReview{n, false})
		}
	}
	slices.SortStableFunc(beside, func(a, b NearReview) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	return beside, nil
}

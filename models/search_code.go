package models

import (
	"context"
	"errors"
	"strings"

	"diachiso/geo"
	"diachiso/geo/written"
)

// searchCode answers a text that is a code of any line, a Plus Code (short ones
// with a place behind them, as maps show them) or a position. isCode is false
// where the text is nothing of the kind.
func (s *Store) searchCode(ctx context.Context, q SearchQuery) (found []Found, isCode bool, err error) {
	asked := Query{Input: q.Text, Near: q.Near}
	if q.Commune != nil && q.Near == nil {
		units, err := s.Units(ctx)
		if err != nil {
			return nil, false, err
		}
		asked.Near = units.middleOf(units.current(q.Commune, s.Today()))
	}
	if code, place, short := cutPlusCode(q.Text); short && asked.Near == nil {
		if asked.Input = code; place != "" {
			if asked.Near, err = s.middleOfPlace(ctx, place); err != nil {
				return nil, false, err
			}
		}
	}
	readings, err := geo.Read(asked.Input, asked.Near)
	problem := readingProblem(err)
	mendable := problem == "check-failed"
	switch {
	case problem == "swapped" || problem == "outside-window":
		return nil, true, FromGeo(err, "q")
	case len(readings.All) == 0 && !mendable:
		return nil, false, nil
	}
	r, err := s.Resolve(ctx, asked)
	if err != nil {
		return nil, false, err
	}
	run := &search{s: s, q: q}
	for _, m := range r.Matches {
		found = run.admit(found, m.Address, Fit{Class: ClassExact, Score: 1})
	}
	for _, c := range r.Candidates {
		found = run.admit(found, c.Address, candidateFit(asked.Input, c))
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
	}
	if len(found) > 1 {
		for i := range found {
			found[i].Match.Class = ClassUncertain
		}
	}
	return found, !mendable || len(found) > 0, nil
}

func (run *search) admit(found []Found, a *Address, fit Fit) []Found {
	if run.isFilteredOut(a) {
		return found
	}
	if fit.Differences == nil {
		fit.Differences = []Difference{}
	}
	fit.Ignored = []string{}
	return append(found, Found{a, fit})
}

// Scores of what a code that names nobody may have meant.
const (
	scoreRepaired = 0.6 // one slip away
	scoreNearby   = 0.5 // within nearbyMeters of the point
)

func candidateFit(input string, c Candidate) Fit {
	if c.Repair.Op == "" {
		found := geo.FormatE7(c.Address.Point.Lat) + "," + geo.FormatE7(c.Address.Point.Lng)
		return Fit{Class: ClassUncertain, Score: scoreNearby, Differences: []Difference{{"position", strings.TrimSpace(input), found}}}
	}
	return Fit{Class: ClassUncertain, Score: scoreRepaired, Differences: []Difference{{"code", strings.TrimSpace(input), c.Address.Code.String()}}}
}

// readingProblem is the code of what geo.Read said; empty: nothing.
func readingProblem(err error) string {
	var e *Error
	if errors.As(FromGeo(err, "q"), &e) {
		return e.Code
	}
	return ""
}

// cutPlusCode cuts "XMJ2+5Q6 Thủ Dầu Một" into a Plus Code and a place.
func cutPlusCode(s string) (code, place string, found bool) {
	fields := strings.Fields(strings.ReplaceAll(s, ",", " "))
	for i, f := range fields {
		if at := strings.IndexByte(f, '+'); at > 0 && strings.Count(s, "+") == 1 {
			return f, strings.Join(append(fields[:i:i], fields[i+1:]...), " "), true
		}
	}
	return "", "", false
}

// middleOfPlace is a point of the first commune that a text names, or nil.
func (s *Store) middleOfPlace(ctx context.Context, place string) (*geo.Point, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.refreshVocabulary(ctx, units); err != nil {
		return nil, err
	}
	v := s.vocabulary
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, reading := range written.Parse(place, v.units.gazetteer, v.named, written.Options{}) {
		for _, id := range sortedIDs(v.units.holding(&reading)) {
			if middle, ok := units.boundaries.Middle(id); ok {
				return &middle, nil
			}
		}
	}
	return nil, nil
}

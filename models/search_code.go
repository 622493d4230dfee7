package models

import (
	"context"
	"errors"
	"strings"

	"diachiso/geo"
	"diachiso/geo/written"
)

// searchCode answers a text that is a code of any line, a Plus Code (short ones
// with a place behind them, as maps show them) or a position, or that holds an
// address code among other words. isCode is false where the text is nothing of
// the kind.
func (s *Store) searchCode(ctx context.Context, q SearchQuery) (found []Found, isCode bool, err error) {
	asked := Query{Input: q.Text, Near: q.Near}
	units, err := s.Units(ctx)
	if err != nil {
		return nil, false, err
	}
	if q.Commune != nil && q.Near == nil {
		asked.Near = units.middleOf(units.current(q.Commune, s.Today()))
	}
	code, rest, short := cutPlusCode(q.Text)
	if short && rest != "" {
		if asked.Input = code; asked.Near == nil {
			if asked.Near, err = s.middleOfPlace(ctx, units, rest); err != nil {
				return nil, false, err
			}
		}
	}
	readings, err := geo.Read(asked.Input, asked.Near)
	switch problem := readingProblem(err); {
	case problem == "swapped" || problem == "outside-window" || problem == "near-needed" && rest == "":
		return nil, true, FromGeo(err, "q")
	case problem == "check-failed":
		found, err = s.resolved(ctx, q, asked, "")
		return found, len(found) > 0, err
	case len(readings.All) > 0:
		beside := rest
		if strings.IndexByte(code, '+') < fullPlusCode { // a short one needs the place
			beside = ""
		}
		found, err = s.resolved(ctx, q, asked, beside)
		return found, len(found) > 0 || rest == "", err
	}
	if code, rest = cutCode(q.Text); code == "" {
		return nil, false, nil
	}
	asked.Input = code
	found, err = s.resolved(ctx, q, asked, rest)
	return found, len(found) > 0, err
}

// fullPlusCode is where a full Plus Code has its "+".
const fullPlusCode = 8

// resolved are the addresses that a code names or may have meant, with the words
// that stand beside it.
func (s *Store) resolved(ctx context.Context, q SearchQuery, asked Query, beside string) ([]Found, error) {
	r, err := s.Resolve(ctx, asked)
	if err != nil {
		return nil, err
	}
	fit := Fit{Class: ClassExact, Score: 1, Differences: []Difference{}, Ignored: []string{}}
	if beside != "" {
		fit.Class, fit.Score, fit.Ignored = ClassCertain, scoreBeside, []string{beside}
	}
	var found []Found
	add := func(a *Address, fit Fit) {
		if len(found) < q.Limit && !q.leavesOut(a) {
			found = append(found, Found{a, fit})
		}
	}
	for _, m := range r.Matches {
		add(m.Address, fit)
	}
	for _, c := range r.Candidates {
		add(c.Address, candidateFit(asked.Input, c))
	}
	if len(found) > 1 {
		for i := range found {
			found[i].Match.Class = ClassUncertain
		}
	}
	return found, nil
}

// leavesOut reports whether the filters of a query leave an address out.
func (q SearchQuery) leavesOut(a *Address) bool {
	if q.Kind != "" && a.Kind != q.Kind {
		return true
	}
	return q.Commune != nil && a.CommuneID != q.Commune.ID && a.FormerCommuneID != q.Commune.ID
}

// Scores of what a code names or, where it names nobody, may have meant.
const (
	scoreBeside   = 0.9 // the code of one, with other words beside it
	scoreRepaired = 0.6 // one slip away
	scoreNearby   = 0.5 // within nearbyMeters of the point
)

func candidateFit(input string, c Candidate) Fit {
	if c.Repair.Op == "" {
		found := geo.FormatE7(c.Address.Point.Lat) + "," + geo.FormatE7(c.Address.Point.Lng)
		return uncertain(scoreNearby, Difference{"position", strings.TrimSpace(input), found})
	}
	return uncertain(scoreRepaired, Difference{"code", strings.TrimSpace(input), c.Address.Code.String()})
}

func uncertain(score float64, d Difference) Fit {
	return Fit{Class: ClassUncertain, Score: score, Differences: []Difference{d}, Ignored: []string{}}
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

// cutCode cuts the first address code with right check symbols out of a text.
func cutCode(s string) (code, rest string) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n,;:#()", r) })
	for i, f := range fields {
		if _, err := geo.Parse(f); err == nil {
			return f, strings.Join(append(fields[:i:i], fields[i+1:]...), " ")
		}
	}
	return "", ""
}

// middleOfPlace is a point of the first commune that a text names, or nil.
func (s *Store) middleOfPlace(ctx context.Context, units *Units, place string) (*geo.Point, error) {
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

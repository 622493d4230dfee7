package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
	"diachiso/geo/written"
)

// Bounds of a text to search for: letters and digits at least, characters at
// most.
const (
	minSearchText = 2
	maxSearchText = 300
)

// Search answers the current addresses that a text may mean, the likeliest
// first, at most Limit of them. The text may be a written address of either
// era, a public name, or a code of any line. A text that can't be searched is
// Invalid.
func (s *Store) Search(ctx context.Context, q SearchQuery) ([]Found, error) {
	if err := checkSearchText(q.Text); err != nil {
		return nil, err
	}
	if found, isCode, err := s.searchCode(ctx, q); isCode || err != nil {
		return found, err
	}
	run, err := s.search(ctx, q)
	if err != nil {
		return nil, err
	}
	return run.results()
}

// checkSearchText refuses what no address can be read from.
func checkSearchText(s string) error {
	if !utf8.ValidString(s) {
		return invalid("q", "invalid-utf8", "It is not valid UTF-8.", "Giá trị không đúng UTF-8.")
	}
	if n := utf8.RuneCountInString(s); n > maxSearchText {
		return invalid("q", "text-too-long", "It has %d characters; at most %d can be searched: leave out what is not the address.",
			"Văn bản dài %d ký tự; chỉ tìm được tối đa %d ký tự: hãy bỏ phần không phải địa chỉ.", n, maxSearchText)
	}
	symbols := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			symbols++
		}
	}
	switch {
	case symbols == 0:
		return invalid("q", "nothing-to-search", "There is no letter and no digit in it: write an address, a name or a code.",
			"Không có chữ cái hay chữ số nào: hãy ghi địa chỉ, tên hoặc mã.")
	case symbols < minSearchText:
		return invalid("q", "text-too-short", "Write at least %d letters or digits.", "Hãy ghi ít nhất %d chữ cái hoặc chữ số.", minSearchText)
	}
	return nil
}

// search is one search under way.
type search struct {
	s       *Store
	db      *gorm.DB
	q       SearchQuery
	names   *unitNames
	allowed map[int64]bool // the communes that the query leaves; nil: all
	asked   []*asked
	found   map[geo.Code]*candidate
}

// candidate is an address that the text may mean.
type candidate struct {
	address *Address
	fit     verdict
	reading *asked  // that it fits best
	meters  float64 // from the point that q.Near is
}

// leastScore is the score of the poorest match that is worth an answer.
const leastScore = 0.3

// mostReadings bounds the ways of reading a text that are looked up.
const mostReadings = 5

// search reads a text and looks its readings up.
func (s *Store) search(ctx context.Context, q SearchQuery) (*search, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.refreshVocabulary(ctx, units); err != nil {
		return nil, err
	}
	run := &search{s: s, db: s.read.WithContext(ctx), q: q, found: map[geo.Code]*candidate{}}
	run.read(written.Options{})
	for _, look := range []func() error{run.lookUpDoors, run.lookUpNames, run.lookUpStreets, run.lookUpWords} {
		if err := look(); err != nil {
			return nil, fmt.Errorf("search: %w", s.translate(err))
		}
		if run.settled() {
			break
		}
	}
	return run, nil
}

// read takes the text apart with the vocabulary.
func (run *search) read(o written.Options) {
	v := run.s.vocabulary
	v.mu.RLock()
	defer v.mu.RUnlock()
	run.names = v.units
	if run.q.Commune != nil {
		run.allowed = v.units.communes[run.q.Commune.ID]
	}
	folded := " " + text.Fold(run.q.Text)
	readings := written.Parse(run.q.Text, v.units.gazetteer, v.named, o)
	for i := range readings[:min(len(readings), mostReadings)] {
		k := v.asked(&readings[i], run.allowed)
		k.folded = folded
		run.asked = append(run.asked, k)
	}
}

// consider compares addresses with readings of the text.
func (run *search) consider(readings []*asked, list []*Address) {
	for _, a := range list {
		c := run.found[a.Code]
		if c == nil {
			c = &candidate{address: a, meters: run.metersTo(a.Point)}
			run.found[a.Code] = c
		}
		for _, k := range readings {
			if v := k.fit(a, run.names); c.fit.Class == "" || v.better(c.fit) {
				c.fit, c.reading = v, k
			}
		}
	}
}

// metersTo is how far a point is from the one the query is near; 0 without one.
func (run *search) metersTo(p geo.Point) float64 {
	if run.q.Near == nil {
		return 0
	}
	return geo.Distance(*run.q.Near, p)
}

// filter is what the query asks of addresses a, as a condition to be added.
func (run *search) filter() (condition string, args []any) {
	if run.q.Kind != "" {
		condition, args = " AND a.kind = ?", append(args, run.q.Kind)
	}
	if c := run.q.Commune; c != nil {
		condition, args = condition+" AND (a.commune_id = ? OR a.former_commune_id = ?)", append(args, c.ID, c.ID)
	}
	return condition, args
}

// settled reports whether an address was found that needs no further looking.
func (run *search) settled() bool {
	for _, c := range run.found {
		if c.fit.certain() {
			return true
		}
	}
	return false
}

// ranked are the candidates, the best first.
func (run *search) ranked() []*candidate {
	list := make([]*candidate, 0, len(run.found))
	for _, c := range run.found {
		if c.fit.Score >= leastScore {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(a.fit.compare(b.fit), cmp.Compare(a.meters, b.meters),
			compareNumbers(a.address.Parts.HouseNumber, b.address.Parts.HouseNumber), cmp.Compare(a.address.Code, b.address.Code))
	})
	return list
}

// results are the best candidates with their classes.
func (run *search) results() ([]Found, error) {
	list := run.ranked()
	rivalled := isRivalled(list)
	list = list[:min(len(list), run.q.Limit)]
	found, addresses := make([]Found, len(list)), make([]*Address, len(list))
	for i, c := range list {
		found[i], addresses[i] = Found{c.address, c.fit.Fit}, c.address
		if i > 0 || rivalled {
			found[i].Match.Class = ClassUncertain
		}
	}
	return found, run.s.translate(run.s.completeSuccessions(run.db, addresses))
}

// rivalScore is how near to the score of a match that is not exact another
// must come to make it uncertain.
const rivalScore = 0.02

// isRivalled reports whether another candidate fits as well as the first.
func isRivalled(list []*candidate) bool {
	if len(list) < 2 {
		return false
	}
	first, second := list[0].fit, list[1].fit
	return first.Score == second.Score && first.gap == second.gap || len(first.Differences) > 0 && second.certain() && first.Score-second.Score < rivalScore
}

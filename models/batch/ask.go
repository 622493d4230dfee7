package batch

import (
	"context"
	"errors"
	"strings"

	"diachiso/geo"
	"diachiso/models"
)

const (
	searchLimit   = 5   // addresses that one text is compared with
	reverseRadius = 500 // metres
)

// asker asks a store for rows. It is safe for concurrent use.
type asker struct {
	store   *models.Store
	options Options
	say     language
}

// ask answers one row. An error means that the store can't answer now; what
// is wrong with the row, or not there, is the answer.
func (k *asker) ask(ctx context.Context, r row) (answer, error) {
	if k.options.RowTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, k.options.RowTimeout)
		defer cancel()
	}
	a, err := k.answer(ctx, r)
	if status, about := ofRow(err); about != nil {
		return answer{status: status, distance: -1, message: k.say.sentence(about)}, nil
	}
	if err != nil || a.address == nil {
		return a, err
	}
	units, err := k.store.Units(ctx)
	if err != nil {
		return a, err
	}
	a.text = units.Public(a.address, k.store.Today()).Text
	return a, nil
}

// ofRow tells what is wrong with a row, or not there, from what is wrong with
// the store.
func ofRow(err error) (Status, *models.Error) {
	about, ok := errors.AsType[*models.Error](err)
	if _, whole := errors.AsType[*storeError](err); whole || !ok {
		return "", nil
	}
	switch about.Kind {
	case models.Invalid:
		return Invalid, about
	case models.NotFound:
		return NotFound, about
	}
	return "", nil
}

func (k *asker) answer(ctx context.Context, r row) (answer, error) {
	switch {
	case r.fault != nil:
		return answer{}, r.fault
	case k.options.Call == CallReverse:
		return k.reverse(ctx, r)
	case strings.TrimSpace(r.asked[0]) == "":
		return answer{}, emptyCell()
	case k.options.Call == CallResolve:
		return k.resolve(ctx, r.asked[0])
	}
	return k.search(ctx, r.asked[0])
}

func emptyCell() *models.Error {
	return invalid("empty-cell", "The cell is empty.", "Ô trống.")
}

func (k *asker) search(ctx context.Context, text string) (answer, error) {
	found, err := k.store.Search(ctx, models.SearchQuery{Text: text, Near: k.options.Near, Commune: k.options.Commune, Limit: searchLimit})
	if err != nil {
		return answer{}, err
	}
	if len(found) == 0 {
		return answer{status: NotFound, distance: -1, message: k.say.nobody(k.scheme(text))}, nil
	}
	best := found[0]
	a := answer{status: Uncertain, class: best.Match.Class, score: best.Match.Score, address: best.Address, distance: -1}
	if a.class == models.ClassExact || a.class == models.ClassCertain {
		a.status = Found
	}
	for a.matches < len(found) && found[a.matches].Match.Class == a.class {
		a.matches++
	}
	a.message = sentences(k.say.retired(best.Address), k.say.fit(best), k.say.others(found[1:a.matches]))
	if a.status == Uncertain && a.message == "" {
		a.message = k.say.of("The text does not say enough to be sure.", "Nội dung chưa đủ để chắc chắn.")
	}
	if from, ok := askedPoint(best.Match); ok {
		a.distance = geo.Distance(from, best.Address.Point)
	}
	return a, nil
}

// scheme is the line of codes that a text is of; empty: of none.
func (k *asker) scheme(text string) geo.Scheme {
	readings, err := geo.Read(text, k.options.Near)
	if err != nil || len(readings.All) == 0 {
		return ""
	}
	return readings.All[0].Scheme
}

// askedPoint is the position that a text gives where nobody stands.
func askedPoint(f models.Fit) (geo.Point, bool) {
	for _, d := range f.Differences {
		if d.Part == partPosition {
			p, err := geo.ParsePair(d.Given)
			return p, err == nil
		}
	}
	return geo.Point{}, false
}

func (k *asker) resolve(ctx context.Context, text string) (answer, error) {
	r, err := k.store.Resolve(ctx, models.Query{Input: text, Near: k.options.Near, Commune: k.hint()})
	if err != nil {
		return answer{}, &storeError{err}
	}
	list := distinct(r.Matches)
	switch {
	case len(list) == 1:
		return answer{status: Found, address: list[0], distance: -1, matches: 1, message: k.say.retired(list[0])}, nil
	case len(list) > 1:
		return answer{status: Uncertain, address: list[0], distance: -1, matches: len(list), message: k.say.several(list, r.Truncated)}, nil
	case len(r.Candidates) > 0:
		best := r.Candidates[0]
		return answer{status: Uncertain, address: best.Address, distance: best.DistanceM, message: k.say.meant(r)}, nil
	}
	return answer{}, unreadable(r.Problem, text)
}

// unreadable says of a text that is no code what was written, not what was
// left of it.
func unreadable(problem error, text string) error {
	if e, ok := errors.AsType[*models.Error](problem); !ok || e.Code != "unreadable" {
		return problem
	}
	return invalid("unreadable", "%q is no code that is known here; written addresses are for search.", "%q không phải là loại mã nào được biết; địa chỉ viết bằng chữ cần tra bằng search.", shown(strings.TrimSpace(text)))
}

// hint names the commune for Resolve, which reads codes as of both eras.
func (k *asker) hint() string {
	if k.options.Commune == nil {
		return ""
	}
	return k.options.Commune.FullName
}

// distinct are the addresses of matches, each once: two lines of codes may
// name one address.
func distinct(matches []models.Match) []*models.Address {
	var list []*models.Address
	seen := map[geo.Code]bool{}
	for _, m := range matches {
		if !seen[m.Address.Code] {
			seen[m.Address.Code] = true
			list = append(list, m.Address)
		}
	}
	return list
}

func (k *asker) reverse(ctx context.Context, r row) (answer, error) {
	at, err := k.point(r)
	if err != nil {
		return answer{}, models.FromGeo(err, "")
	}
	near, err := k.store.Nearest(ctx, at, models.NearFilter{Limit: 1, RadiusM: reverseRadius})
	if err != nil {
		return answer{}, &storeError{err}
	}
	if len(near) == 0 {
		return answer{status: NotFound, distance: -1, message: k.say.of("No address is registered within %d m.", "Không có địa chỉ nào đăng ký trong vòng %d m.", reverseRadius)}, nil
	}
	return answer{status: Found, address: near[0].Address, distance: near[0].DistanceM, matches: 1}, nil
}

func (k *asker) point(r row) (geo.Point, error) {
	if k.options.Column != "" {
		if strings.TrimSpace(r.asked[0]) == "" {
			return geo.Point{}, emptyCell()
		}
		return geo.ParsePair(r.asked[0])
	}
	lat, lng := strings.TrimSpace(r.asked[0]), strings.TrimSpace(r.asked[1])
	if lat == "" || lng == "" {
		return geo.Point{}, emptyCell()
	}
	return geo.ParsePoint(lat, lng)
}

// storeError keeps an error of the store from being taken for one of the row.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

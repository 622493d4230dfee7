package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"diachiso/geo"
	"diachiso/geo/written"
)

// Suggest answers what a text of at least two letters or digits may become:
// doors where it has a number, else streets, then communes, hamlets and public
// names. The text is read as unfinished.
func (s *Store) Suggest(ctx context.Context, q SuggestQuery) ([]Suggestion, error) {
	if err := checkSearchText(q.Text); err != nil {
		return nil, err
	}
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	query := SearchQuery{Text: q.Text, Near: q.Near, Commune: q.Commune, Limit: q.Limit}
	if found, isCode, err := s.searchCode(ctx, query); isCode {
		return suggestFound(units, s.Today(), found), err
	}
	if err := s.refreshVocabulary(ctx, units); err != nil {
		return nil, err
	}
	run := &suggesting{search: search{s: s, db: s.read.WithContext(ctx), q: query, found: map[geo.Code]*candidate{}}, seen: map[string]bool{}}
	run.read(written.Options{Unfinished: true})
	return run.suggest()
}

// suggest asks for each type in its turn. Each may fill a share of the list, in
// eighths, so that a street of every commune leaves room for the others.
func (run *suggesting) suggest() ([]Suggestion, error) {
	all := run.asked
	run.asked = slices.DeleteFunc(slices.Clone(all), func(k *asked) bool {
		return len(k.text.Ignored) > 0 || k.text.Score < all[0].text.Score-unlikely
	})
	poor := func() error { run.asked = all; return run.streets() } // with words that no part explains
	for _, step := range []struct {
		share int
		add   func() error
	}{{8, run.doors}, {5, run.streets}, {8, run.streetsOfCommune}, {2, run.communes}, {2, run.buildings}, {2, run.hamlets}, {3, run.named}, {8, run.streets}, {8, poor}} {
		if len(run.list) >= run.q.Limit || run.settled() {
			break
		}
		run.most = min(run.q.Limit, len(run.list)+max(1, run.q.Limit*step.share/8))
		if err := step.add(); err != nil {
			return nil, fmt.Errorf("suggest: %w", run.s.translate(err))
		}
	}
	return run.list[:min(len(run.list), run.q.Limit)], nil
}

// unlikely is how far below the score of the likeliest reading another one is
// only of use where nothing else is found.
const unlikely = 0.15

// suggesting is a search for what may be meant by a text that is being typed.
type suggesting struct {
	search
	list []Suggestion
	most int             // length of the list that the present type of suggestion may fill
	seen map[string]bool // texts
}

func (run *suggesting) add(list ...Suggestion) {
	for _, s := range list {
		if key := s.Type + s.Text + s.Code.String(); !run.seen[key] {
			run.seen[key] = true
			run.list = append(run.list, s)
		}
	}
}

func suggestFound(units *Units, today Date, found []Found) []Suggestion {
	list := make([]Suggestion, len(found))
	for i, f := range found {
		list[i] = suggestAddress(units, today, f.Address)
	}
	return list
}

// suggestAddress is a suggestion with nothing to add.
func suggestAddress(units *Units, today Date, a *Address) Suggestion {
	written := units.text(a, units.communeOn(a, today), today)
	s := Suggestion{Text: written, Type: SuggestAddress, Code: a.Code, Whole: true}
	if name := a.publicName(); name != "" {
		s.Text = name + ", " + written
		if a.Kind != "public" && a.Kind != "landmark" {
			s.Type = SuggestShop
		}
	}
	s.Label, s.Caret = s.Text, utf8.RuneCountInString(s.Text)
	return s
}

// beforeIt makes a suggestion of a place that a number, or more, is typed in
// front of: hence the space, and the caret before it, after what is typed already.
func beforeIt(kind, number, label string) Suggestion {
	return Suggestion{Text: number + " " + label, Label: strings.TrimSpace(number + " " + label), Type: kind, Caret: utf8.RuneCountInString(number)}
}

// doors suggests addresses: those with the number typed, then those whose
// numbers begin so, then the nearest; without a number the first ones of a
// street, hamlet or building that is spelled out with its commune.
func (run *suggesting) doors() error {
	looks := []func() error{run.lookUpDoorsNamed, run.lookUpDoorsElsewhere, run.lookUpLongerNumbers, run.lookUpWholePlace}
	if slices.ContainsFunc(run.asked, (*asked).namesWholeCommune) { // who chose a commune wants no other
		looks = []func() error{run.lookUpDoorsNamed, run.lookUpLongerNumbers, run.lookUpWholePlace, run.lookUpNearestNumbers}
	}
	if slices.ContainsFunc(run.asked, func(k *asked) bool { return k.unit != "" }) {
		looks = append(looks, run.lookUpBuildings)
	}
	for _, look := range looks {
		if err := look(); err != nil {
			return err
		}
		if run.settled() {
			break
		}
	}
	list := run.ranked()
	list = list[:min(len(list), run.q.Limit)]
	for _, c := range list {
		run.add(suggestAddress(run.names.of, run.names.day, c.address))
	}
	return nil
}

// lookUpNearestNumbers compares, where no number begins as the one typed, the
// nearest ones.
func (run *suggesting) lookUpNearestNumbers() error {
	if len(run.found) > 0 || !slices.ContainsFunc(run.asked, func(k *asked) bool { return k.number != "" }) {
		return nil
	}
	return run.lookUpNumbers((*asked).streetRanges)
}

// lookUpLongerNumbers compares the doors whose numbers begin with the one typed.
func (run *suggesting) lookUpLongerNumbers() error {
	return run.lookUpNumbers(func(k *asked) []textRange {
		ranges := k.doorRanges()
		for i, r := range ranges {
			ranges[i] = withPrefix(r.communeID, r.low[:len(r.low)-1])
		}
		return ranges
	})
}

func (run *suggesting) lookUpWholePlace() error {
	for _, k := range run.asked {
		switch {
		case k.number != "" || !k.namesWholeCommune():
			continue
		case isWhole(k.text.Building):
			return run.lookUpBuildings()
		case k.text.Street.Given == "" && isWhole(k.text.Hamlet):
			return run.lookUpHamlet(k)
		case !isWhole(k.text.Street):
			continue
		}
		return run.lookUpNumbers(func(other *asked) []textRange {
			if other != k {
				return nil
			}
			return k.streetRanges()
		})
	}
	return nil
}

// isWhole reports whether a name is typed to its end.
func isWhole(c written.Component) bool { return len(c.Names) > 0 && c.Names[0].Rest == 0 }

// namesWholeCommune reports whether the name of a commune is typed to its end.
func (k *asked) namesWholeCommune() bool {
	commune := k.text.Unit(written.Commune)
	return commune != nil && len(commune.Units) > 0 && commune.Units[0].Rest == 0
}

// suggestedPlace is a street or hamlet that a text may become.
type suggestedPlace struct {
	term
	number string // typed in front of it
	match  written.Match
	inside bool // in the communes that the text or the query names
	meters float64
	again  int // how many better ones have its name
}

// places are the terms that a part of the readings may mean, the best first.
func (run *suggesting) places(of func(*asked) (map[string]written.Match, []term)) []suggestedPlace {
	var list []suggestedPlace
	for _, k := range run.asked {
		known, terms := of(k)
		for _, t := range terms {
			if run.q.Commune != nil && t.communeID != run.q.Commune.ID && t.formerCommuneID != run.q.Commune.ID {
				continue
			}
			list = append(list, suggestedPlace{term: t, number: k.text.HouseNumber.Text, match: known[t.name],
				inside: k.within == nil || k.within[t.communeID], meters: run.metersTo(t.at)})
		}
	}
	slices.SortStableFunc(list, suggestedPlace.compare)
	if run.q.Near == nil { // another name is worth more than another place of the same
		better := map[string]int{}
		for i, p := range list {
			list[i].again = better[p.name]
			better[p.name]++
		}
		slices.SortStableFunc(list, suggestedPlace.compare)
	}
	return list
}

func (p suggestedPlace) compare(q suggestedPlace) int {
	return cmp.Or(
		compareBools([2]bool{p.inside, q.inside}, [2]bool{p.match.Edits < q.match.Edits, q.match.Edits < p.match.Edits},
			[2]bool{p.match.Accents, q.match.Accents}, [2]bool{p.match.Rest == 0, q.match.Rest == 0}),
		cmp.Compare(p.again, q.again), cmp.Compare(p.meters, q.meters), cmp.Compare(p.match.Rest, q.match.Rest), cmp.Compare(p.name, q.name))
}

func (run *suggesting) streets() error {
	places := run.places(func(k *asked) (map[string]written.Match, []term) {
		if k.number != "" && len(run.list) > 0 {
			return nil, nil
		}
		return k.streets, k.streetTerms
	})
	return run.addPlaces(SuggestStreet, places)
}

// streetsOfCommune suggests the streets of a commune that is spelled out and
// of which nothing more is typed.
func (run *suggesting) streetsOfCommune() error {
	if len(run.asked) == 0 {
		return nil
	}
	k := run.asked[0]
	if k.number != "" || k.text.Street.Given != "" || k.text.Hamlet.Given != "" || !k.namesWholeCommune() || len(k.within) > 1 {
		return nil
	}
	var places []suggestedPlace
	for _, t := range run.s.vocabulary.streetsIn(k.within) {
		places = append(places, suggestedPlace{term: t, meters: run.metersTo(t.at)})
	}
	slices.SortFunc(places, func(a, b suggestedPlace) int {
		return cmp.Or(cmp.Compare(a.meters, b.meters), cmp.Compare(a.name, b.name))
	})
	return run.addPlaces(SuggestStreet, places)
}

func (run *suggesting) buildings() error {
	places := run.places(func(k *asked) (map[string]written.Match, []term) { return k.buildings, k.buildingTerms })
	return run.addPlaces(SuggestBuilding, places)
}

func (run *suggesting) hamlets() error {
	places := run.places(func(k *asked) (map[string]written.Match, []term) { return k.hamlets, k.hamletTerms })
	return run.addPlaces(SuggestHamlet, places)
}

// addPlaces suggests the places that have addresses, until there are enough.
func (run *suggesting) addPlaces(kind string, places []suggestedPlace) error {
	var wanted []suggestedPlace // with another text each
	asked := map[string]bool{}
	for _, p := range places {
		if commune := run.names.of.byID[p.communeID]; commune != nil && !asked[p.text(commune)] {
			asked[p.text(commune)] = true
			wanted = append(wanted, p)
		}
	}
	for some := range slices.Chunk(wanted, max(1, run.q.Limit)) {
		if len(run.list) >= run.most {
			break
		}
		has, err := run.withAddresses(some)
		if err != nil {
			return err
		}
		for _, p := range some {
			if len(run.list) < run.most && has[p.key()] {
				run.add(beforeIt(kind, p.number, p.text(run.names.of.byID[p.communeID])))
			}
		}
	}
	return nil
}

func (p suggestedPlace) text(commune *AdminUnit) string { return p.name + ", " + commune.FullName }

// key is a place as a range: of doors, or of a name alone.
func (p suggestedPlace) key() textRange {
	if p.part == termStreet {
		return withPrefix(p.communeID, streetPrefix(p.name))
	}
	return textRange{p.communeID, p.name, p.name}
}

// withAddresses are the keys of the places, all of one part, that some current
// address still has.
func (run *search) withAddresses(places []suggestedPlace) (map[textRange]bool, error) {
	has := map[textRange]bool{}
	ranges := make([]textRange, len(places))
	for i, p := range places {
		ranges[i] = p.key()
	}
	condition := map[string]string{
		termStreet:   inRange,
		termBuilding: "a.building = d.low AND a.commune_id = d.commune AND a.building <> ''",
		termHamlet:   "a.commune_id = d.commune AND a.hamlet = d.low AND a.hamlet <> ''",
	}[places[0].part]
	if err := run.existing(has, ranges, condition); err != nil || places[0].part != termStreet {
		return has, err
	}
	return has, run.withNumberless(has, places)
}

// withNumberless marks the streets of which only addresses without a number are
// left.
func (run *search) withNumberless(has map[textRange]bool, streets []suggestedPlace) error {
	var rest []textRange
	for _, p := range streets {
		if !has[p.key()] {
			rest = append(rest, textRange{p.communeID, p.name, p.name})
		}
	}
	if len(rest) == 0 {
		return nil
	}
	numberless := map[textRange]bool{}
	err := run.existing(numberless, rest, "a.commune_id = d.commune AND a.street = d.low AND a.street <> '' AND a.door_key = ''")
	for _, p := range streets {
		if numberless[textRange{p.communeID, p.name, p.name}] {
			has[p.key()] = true
		}
	}
	return err
}

// existing marks the ranges for which a current address meets a condition.
func (run *search) existing(has map[textRange]bool, ranges []textRange, condition string) error {
	// A scalar question is asked range by range; EXISTS might be joined.
	rows, err := run.db.Raw("SELECT d.commune, d.low, d.high FROM "+run.s.dialect.ranges+" WHERE (SELECT 1 FROM addresses a WHERE "+
		condition+" AND a.status = 'current' LIMIT 1) IS NOT NULL", run.s.dialect.bindRanges(ranges)...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r textRange
		if err := rows.Scan(&r.communeID, &r.low, &r.high); err != nil {
			return err
		}
		has[r] = true
	}
	return rows.Err()
}

// communes suggests the communes of today that the text may mean, by their
// names of either era or by that of their district.
func (run *suggesting) communes() error {
	for _, k := range run.asked {
		mention := k.text.Unit(written.Commune)
		if mention == nil {
			mention = k.text.Unit(written.District)
		}
		if mention == nil || k.text.Street.Given != "" || k.text.Hamlet.Given != "" || k.number != "" {
			continue
		}
		for _, m := range mention.Units {
			for _, id := range sortedIDs(run.names.communes[m.ID]) {
				s := beforeIt(SuggestCommune, "", run.names.of.fullText(run.names.of.byID[id], run.names.day))
				if len(run.list) < run.most && s.Label != strings.TrimSpace(run.q.Text) {
					run.add(s)
				}
			}
		}
	}
	return nil
}

// named suggests the addresses whose public names the text may be the
// beginning of.
func (run *suggesting) named() error {
	if slices.ContainsFunc(run.asked, func(k *asked) bool { return k.number != "" && (len(run.list) > 0 || k.text.Street.Given == "") }) {
		return nil // a number stands before streets
	}
	run.found = map[geo.Code]*candidate{}
	if err := run.lookUpNamesOf(true, nameBounds{names: 8, rows: 20}); err != nil {
		return err
	}
	for _, c := range run.ranked() {
		if len(run.list) < run.most && c.fit.named {
			run.add(suggestAddress(run.names.of, run.names.day, c.address))
		}
	}
	return nil
}

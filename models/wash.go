package models

import (
	"context"
	"strings"

	"diachiso/geo/written"
)

// washMatches is how many addresses a washed one is compared with.
const washMatches = 5

// Wash takes a written address apart and finds the address it means. Its class
// is that of the best match, ClassUncertain where there is none.
func (s *Store) Wash(ctx context.Context, text string) (*Washed, error) {
	if err := checkSearchText(text); err != nil {
		return nil, err
	}
	q := SearchQuery{Text: text, Limit: washMatches}
	if found, isCode, err := s.searchCode(ctx, q); isCode || err != nil {
		return s.washedCode(ctx, found, err)
	}
	run, err := s.search(ctx, q)
	if err != nil {
		return nil, err
	}
	w := &Washed{Class: ClassUncertain, Parsed: Parsed{Units: []ParsedUnit{}}}
	if w.Matches, err = run.results(); err != nil {
		return nil, err
	}
	reading := run.bestReading()
	if reading == nil {
		return w, nil
	}
	w.Parsed = run.names.parsed(reading.text)
	if len(w.Matches) > 0 {
		w.Class = w.Matches[0].Match.Class
	}
	w.Commune = run.decidedCommune(w, reading)
	w.CurrentText = run.currentText(w)
	return w, nil
}

// washedCode is a text that is a code, which has no parts.
func (s *Store) washedCode(ctx context.Context, found []Found, err error) (*Washed, error) {
	if err != nil {
		return nil, err
	}
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	w := &Washed{Class: ClassUncertain, Parsed: Parsed{Units: []ParsedUnit{}}, Matches: found}
	if len(found) > 0 && found[0].Match.Class != ClassUncertain {
		w.Class, w.Commune = found[0].Match.Class, units.byID[found[0].Address.CommuneID]
		w.CurrentText = units.text(found[0].Address, w.Commune, s.Today())
	}
	return w, nil
}

// bestReading is the reading that a match that is certain fits, or else the
// likeliest.
func (run *search) bestReading() *asked {
	if list := run.ranked(); len(list) > 0 && list[0].fit.certain() {
		return list[0].reading
	}
	if len(run.asked) > 0 {
		return run.asked[0]
	}
	return nil
}

// parsed is a reading in the words of the registry.
func (n *unitNames) parsed(a *written.Address) Parsed {
	p := Parsed{
		Parts: Parts{UnitLabel: a.UnitLabel.Text, Building: a.Building.Text, HouseNumber: a.HouseNumber.Text, Alley: a.Alley.Text,
			Street: a.Street.Text, Group: a.Group.Text, Hamlet: a.Hamlet.Text},
		Units: []ParsedUnit{},
	}
	for _, mention := range a.Units {
		for _, unit := range n.best(mention) {
			p.Units = append(p.Units, ParsedUnit{unit.Level, unit.Code, unit.ValidFrom, unit.FullName, mention.Given})
		}
	}
	for _, pair := range a.Contradictions {
		p.Contradictions = append(p.Contradictions, [2]string{string(pair[0]), string(pair[1])})
	}
	return p
}

// best are the units that a mention means as well as any.
func (n *unitNames) best(mention written.Mention) []*AdminUnit {
	var list []*AdminUnit
	for _, m := range mention.Units {
		if first := mention.Units[0]; m.Edits == first.Edits && m.Accents == first.Accents {
			list = append(list, n.of.byID[m.ID])
		}
	}
	return list
}

// decidedCommune is today's commune: that of a match that is certain, else the
// only one that the units in the text leave.
func (run *search) decidedCommune(w *Washed, k *asked) *AdminUnit {
	if w.Class != ClassUncertain {
		return run.names.of.byID[w.Matches[0].Address.CommuneID]
	}
	if len(k.within) != 1 {
		return nil
	}
	return run.names.of.byID[sortedIDs(k.within)[0]]
}

// currentText is the address as it is written today: that of a certain match,
// else the parts that were read, in today's commune.
func (run *search) currentText(w *Washed) string {
	if w.Commune == nil {
		return ""
	}
	a := &Address{Parts: w.Parsed.Parts, CommuneID: w.Commune.ID}
	if w.Class != ClassUncertain {
		a = w.Matches[0].Address
	}
	return strings.TrimPrefix(run.names.of.text(a, w.Commune, run.names.day), ", ")
}

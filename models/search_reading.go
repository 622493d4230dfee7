package models

import (
	"diachiso/geo/lexicon"
	"diachiso/geo/written"
)

// asked is one reading of a text with what the vocabulary knows of its names.
type asked struct {
	text         *written.Address
	number       string // written.NumberKey
	unit         string // written.UnitKey
	alley        string // the digits of the alley
	folded       string // the whole text
	name         *askedName
	namesCommune bool
	within       map[int64]bool // today's communes that the units named hold something of; nil: any

	// The names that a part may mean, as addresses have them, and where they are.
	streets, hamlets, buildings             map[string]written.Match
	streetTerms, hamletTerms, buildingTerms []term
}

// askedName is a public name that words of the text may mean.
type askedName struct {
	hit   lexicon.Hit
	key   string // folded
	given string // the words
}

// mostTerms bounds the places of the names of one part that are looked up.
const mostTerms = 400

// asked prepares a reading for a search in some communes (nil: in all); the
// vocabulary must be locked.
func (v *vocabulary) asked(reading *written.Address, allowed map[int64]bool) *asked {
	k := &asked{text: reading, number: written.NumberKey(reading.HouseNumber.Text), unit: written.UnitKey(reading.UnitLabel.Text),
		alley: digitsOf(reading.Alley.Text)}
	k.namesCommune = reading.Unit(written.Commune) != nil
	k.within = both(v.units.holding(reading), allowed)
	k.streets, k.streetTerms = v.meant(written.Street, reading.Street, allowed)
	k.hamlets, k.hamletTerms = v.meant(written.Hamlet, reading.Hamlet, allowed)
	k.buildings, k.buildingTerms = v.meant(written.Building, reading.Building, allowed)
	return k
}

// both are the communes that are in two sets, nil being the set of all; where
// none is, those of the second.
func both(named, allowed map[int64]bool) map[int64]bool {
	switch {
	case named == nil:
		return allowed
	case allowed == nil:
		return named
	}
	common := map[int64]bool{}
	for id := range named {
		if allowed[id] {
			common[id] = true
		}
	}
	if len(common) == 0 {
		return allowed
	}
	return common
}

// meant are the names that a part may mean, as addresses have them, and their
// places in the communes allowed.
func (v *vocabulary) meant(part written.Part, c written.Component, allowed map[int64]bool) (map[string]written.Match, []term) {
	if len(c.Names) == 0 {
		return nil, nil
	}
	known := make(map[string]written.Match, len(c.Names))
	var terms []term
	for _, m := range c.Names {
		places := v.places[part][m.ID]
		for _, t := range places {
			known[t.name] = m
			if len(terms) < mostTerms && (allowed == nil || allowed[t.communeID]) {
				terms = append(terms, t)
			}
		}
	}
	return known, terms
}

// holding are today's communes that hold something of the smallest unit that
// the text names; nil where it names none that is known.
func (n *unitNames) holding(reading *written.Address) map[int64]bool {
	for _, level := range [...]written.Part{written.Commune, written.District} {
		mention := reading.Unit(level)
		if mention == nil || len(mention.Units) == 0 {
			continue
		}
		communes := map[int64]bool{}
		for _, m := range mention.Units {
			for id := range n.communes[m.ID] {
				communes[id] = true
			}
		}
		return communes
	}
	return nil
}

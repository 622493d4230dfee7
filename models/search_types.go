package models

import "diachiso/geo"

// SearchQuery is a written address, a name or a code to look for. Nil and
// empty members mean any.
type SearchQuery struct {
	Text    string
	Near    *geo.Point // what is nearer is listed before its equals
	Commune *AdminUnit // today's commune, or a former one
	Kind    string
	Limit   int
}

// Classes of matches, as address washing has them.
const (
	ClassExact     = "A" // every part given is that of one address
	ClassCertain   = "B" // one address fits, but not to the letter
	ClassUncertain = "C" // several fit, or a part contradicts
)

// Found is an address that a text may mean, and how well it fits.
type Found struct {
	Address *Address
	Match   Fit
}

// Fit says how an address fits a text. Score is 1 where nothing differs; above
// 0 always.
type Fit struct {
	Class       string       `json:"class"`
	Score       float64      `json:"score"`
	Differences []Difference `json:"differences"`
	Ignored     []string     `json:"ignored"` // words of the text that no part of the address explains
}

// Difference is a part that differs between the text and the address; Given
// is empty where the text lacks it, Found where the address does.
type Difference struct {
	Part  string `json:"part"`
	Given string `json:"given,omitempty"`
	Found string `json:"found,omitempty"`
}

// SuggestQuery is a text that is still being typed.
type SuggestQuery struct {
	Text    string
	Near    *geo.Point
	Commune *AdminUnit
	Limit   int
}

// Types of suggestions.
const (
	SuggestAddress  = "address"
	SuggestStreet   = "street"
	SuggestBuilding = "building"
	SuggestHamlet   = "hamlet"
	SuggestCommune  = "commune"
	SuggestShop     = "shop"
)

// Suggestion is what a text that is being typed may become.
type Suggestion struct {
	Text  string   // to put in place of what was typed
	Label string   // to show in the list
	Type  string   // SuggestAddress and so on
	Code  geo.Code // of an address or shop
	Whole bool     // an address: there is nothing to add
	Caret int      // where to go on typing, in characters of Text from 0
}

// Washed is one written address, taken apart and compared with the registry.
type Washed struct {
	Class       string
	Parsed      Parsed
	Commune     *AdminUnit // today's, when the text decides it
	Matches     []Found
	CurrentText string // as it is written today; empty where the text is too poor
}

// Parsed is what a text says, part by part, in the forms that the registry writes.
type Parsed struct {
	Parts
	Units          []ParsedUnit `json:"units"`
	Contradictions [][2]string  `json:"contradictions,omitempty"` // pairs of parts that can't both be true
}

// ParsedUnit is an admin unit, of either era, that a text names.
type ParsedUnit struct {
	Level     string `json:"level"`
	Code      string `json:"code"`
	ValidFrom Date   `json:"valid_from"`
	Name      string `json:"name"`
	Given     string `json:"given"`
}

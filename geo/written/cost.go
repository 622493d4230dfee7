package written

import "strings"

// Costs of what is not as it is mostly written, in tenths of a point. The
// reading with the lowest sum is the likeliest. An atom that no part explains
// costs much more than any oddity of order or spelling.
const (
	costIgnoredWord      = 100
	costIgnoredLetter    = 60
	costIgnoredNumber    = 80
	costIgnoredMarker    = 150 // a marker with its name, more than a word
	costIgnoredDoor      = 80  // a number right before a street, more than another
	costUnfinishedMarker = 32
	costBegunMarker      = 18 // a word before names that is still typed

	costTypingError    = 30
	costInitials       = 12
	costForeignAccents = 40 // accents typed that a word hasn't
	costWrongAccents   = 8
	costWrongKind      = 20
	costWeakSpaced     = 3 // "p phu hoa" is a little less sure than "p. phu hoa"
	costWeakUnknown    = 20
	costCommaInside    = 40
	costShortMarker    = 30
	costUnfinished     = 6

	costUnmarkedStreet = 20
	costUnmarkedShort  = 32 // D1, N3: much else is written so
	costUnmarkedHamlet = 24
	costUnknownName    = 45
	costUnknownWord    = 20
	costUnknownNumber  = 14
	costEndLeftOut     = 16
	costNumberedStreet = 48
	costShortMisspelt  = 25

	costBareLabel  = 24 // without a word before it
	costLoneLabel  = 40 // and no building behind it
	costWardAsRoom = 92

	costSecondUnit    = 90
	costNumberOfUnit  = 60 // a house number right behind a unit, no street behind it
	costContradiction = 80
	costInversion     = 25
	costLoneNumber    = 25 // a house number that no street follows
	costGluedBorder   = 15
	costSpacedBorder  = 2
)

func (r *reading) costOfIgnoring(at int) int32 {
	a := &r.atoms[at]
	for _, c := range r.candidates[r.first[at]:] {
		if c.marker != nil && c.known && c.cost < costWeakSpaced+1 {
			return costIgnoredWord + costIgnoredMarker
		}
	}
	switch {
	case r.options.Unfinished && at == len(r.atoms)-1 && !a.digits && beginsMarker(a.fold):
		return costUnfinishedMarker
	case a.digits:
		return costIgnoredNumber
	case len(a.fold) == 1:
		return costIgnoredLetter
	}
	return costIgnoredWord
}

// beginsMarker reports whether a word may become a marker.
func beginsMarker(word string) bool {
	for _, m := range markers.long {
		if len(word) < len(m.key) && m.key[:len(word)] == word {
			return true
		}
	}
	return false
}

// costOfName is what it costs to take a name of the vocabulary for a
// candidate's; negative where it can't be.
func (r *reading) costOfName(c *candidate, f *lookup, e *entry) int32 {
	cost := r.costOfSpelling(f)
	if c.marker == nil {
		unmarked := costUnmarked(c.slot, e)
		if unmarked < 0 || f.initials && f.to == c.name+1 && (len(r.atoms[c.name].fold) < 3 || isWord(r.atoms[c.name].fold)) {
			return -1
		}
		if f.edits > 0 && len(e.bare) < 7 {
			unmarked += costShortMisspelt
		}
		return cost + unmarked
	}
	switch {
	case c.marker.kind == e.kind:
	case c.slot == slotStreet && (c.marker.kind == generic || e.kind == generic):
		cost += costWrongKind
	case c.slot != slotStreet && e.kind != generic && !hasLetters(e.bare, 3):
		return -1
	case c.slot == slotStreet:
		return -1
	default:
		cost += costWrongKind
	}
	return cost
}

// isWord reports whether short initials may be a word: nha, anh, chi.
func isWord(initials string) bool {
	return len(initials) < 4 && strings.ContainsAny(initials, "aeiouy")
}

func (r *reading) costOfSpelling(f *lookup) int32 {
	cost := int32(f.edits) * costTypingError
	if f.initials {
		cost += costInitials
	}
	if !f.accents {
		cost += costWrongAccents
	}
	if f.rest > 0 {
		cost += costUnfinished + min(int32(f.rest), 10)
	}
	return cost
}

// costUnmarked is what a name costs that no marker announces; negative where
// it must be announced.
func costUnmarked(s slot, e *entry) int32 {
	switch {
	case s == slotStreet && e.kind != generic, s == slotBuilding && e.kind == market:
		return -1
	case s == slotStreet && isDate(e.bare):
		return costUnmarkedStreet
	case !hasLetters(e.bare, 1):
		return -1
	case !hasLetters(e.bare, 4):
		return costUnmarkedShort
	case s == slotStreet:
		return costUnmarkedStreet
	}
	return costUnmarkedHamlet
}

func hasLetters(key string, n int) bool {
	for i := range len(key) {
		if !isDigit(key[i]) && key[i] != '/' {
			n--
		}
	}
	return n <= 0
}

// isDate reports whether a key is a day of the year: 30/4.
func isDate(key string) bool {
	digits, slashes := 0, 0
	for i := range len(key) {
		switch {
		case isDigit(key[i]):
			digits++
		case key[i] == '/':
			slashes++
		default:
			return false
		}
	}
	return slashes == 1 && digits >= 2 && digits <= 4
}

func costOfNumberName(s slot) int32 {
	switch s {
	case slotGroup, slotAlley:
		return 4
	case slotHamlet:
		return costUnknownNumber
	}
	return 2 * costUnknownNumber
}

// oneEdit reports whether two words differ by one typing error.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return false
	}
	return a[i+1:] == b[i+1:] ||
		i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

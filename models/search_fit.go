package models

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"diachiso/geo/text"
	"diachiso/geo/written"
)

// What a part of a written address weighs when an address is compared with it.
const (
	weightName     = 35
	weightNumber   = 30
	weightStreet   = 25
	weightCommune  = 20
	weightUnit     = 15
	weightBuilding = 12
	weightHamlet   = 8
	weightAlley    = 6
	weightDistrict = 6
	weightGroup    = 4
	weightProvince = 3
	weightIgnored  = 3 // each word
)

// Shares of a weight that a typing error and accents other than those typed
// cost, and that a number reaches for being the next one.
const (
	costOfEdit    = 0.1
	costOfAccents = 0.03
	shareOfNext   = 0.2
)

// leastCertain is the score that a match which is certain has at least: with
// less, most of the text says something else.
const leastCertain = 0.75

// verdict is how an address fits one reading of a text.
type verdict struct {
	Fit
	hard    int  // parts that must agree and do not
	gap     int  // how far the house number is from the one given
	unasked int  // parts that the address has and the text leaves out
	exact   int  // words that are given with the very accents
	named   bool // its name is in the text
}

// certain reports whether nothing that matters differs.
func (v verdict) certain() bool { return v.hard == 0 && v.Class != ClassUncertain }

// compare orders verdicts, the better first.
func (v verdict) compare(w verdict) int {
	return cmp.Or(-cmp.Compare(v.Score, w.Score), cmp.Compare(v.Class, w.Class), cmp.Compare(v.gap, w.gap),
		cmp.Compare(v.unasked, w.unasked), -cmp.Compare(v.exact, w.exact))
}

func (v verdict) better(w verdict) bool { return v.compare(w) < 0 }

// tally sums up the comparison of an address with a reading.
type tally struct {
	verdict
	total, reached float64
	placed         bool // the text says enough to name one door
}

// agree counts a part that is as given, but for typing errors and accents.
func (t *tally) agree(part written.Part, weight float64, edits int, given, found string) {
	share := 1 - costOfEdit*float64(edits)
	exact, wrong := compareAccents(given, found)
	if wrong > 0 {
		share -= costOfAccents
	}
	t.exact += exact
	t.total += weight
	t.reached += weight * share
	if share < 1 {
		t.differ(part, given, found)
	}
}

// miss counts a part that is not as given. What counts for more than half a
// door is hard: an address that differs in it is another one.
func (t *tally) miss(part written.Part, weight, share float64, hard bool, given, found string) {
	t.total += weight
	t.reached += weight * share
	if hard {
		t.hard++
	}
	t.differ(part, given, found)
}

func (t *tally) differ(part written.Part, given, found string) {
	t.Differences = append(t.Differences, Difference{string(part), given, found})
}

// compareAccents counts the words that are in both texts with the same accents
// and those whose accents differ. Who types no accents at all makes no error.
func compareAccents(given, found string) (exact, wrong int) {
	accented := text.Accented(given)
	typed := accented != text.Fold(given)
	words := strings.Fields(text.Accented(found))
	for word := range strings.FieldsSeq(accented) {
		folded := text.Fold(word)
		for _, w := range words {
			switch {
			case w == word:
				exact++
			case typed && text.Fold(w) == folded && !slices.Contains(words, word):
				wrong++
			default:
				continue
			}
			break
		}
	}
	return exact, wrong
}

// fit compares an address with a reading.
func (k *asked) fit(a *Address, names *unitNames) verdict {
	t := &tally{}
	t.Differences, t.Ignored = []Difference{}, []string{}
	k.fitName(t, a)
	k.fitUnit(t, a)
	k.fitNumber(t, a)
	k.fitStreet(t, a)
	k.fitRest(t, a)
	k.fitUnits(t, a, names)
	k.fitIgnored(t, a)
	return t.decide(k)
}

// decide sums up. A needs a commune in the text: a bare number and street may
// be that of a place the registry does not hold.
func (t *tally) decide(k *asked) verdict {
	if t.total > 0 {
		t.Score = math.Round(1000*t.reached/t.total) / 1000
	}
	switch {
	case t.hard > 0 || !t.placed || t.Score < leastCertain:
		t.Class = ClassUncertain
	case len(t.Differences) == 0 && len(t.Ignored) == 0 && k.namesCommune:
		t.Class = ClassExact
	default:
		t.Class = ClassCertain
	}
	return t.verdict
}

func (k *asked) fitStreet(t *tally, a *Address) {
	given, found := k.text.Street.Given, a.Parts.Street
	switch {
	case given == "" && found == "":
	case given == "":
		t.unasked++
		if k.number != "" && k.text.Building.Given == "" {
			t.placed = false // a number means something only along a street
		}
	default:
		if m, same := k.streets[found]; same {
			t.agree(written.Street, weightStreet, m.Edits, given, found)
			return
		}
		t.miss(written.Street, weightStreet, 0, true, given, found)
	}
}

// fitUnit compares the flat, stall or room and the building it is in.
func (k *asked) fitUnit(t *tally, a *Address) {
	given, found := k.text.UnitLabel.Given, a.Parts.UnitLabel
	switch {
	case given == "" && found == "":
	case given == "":
		t.miss(written.UnitLabel, weightUnit/3., 0, true, "", found)
	case found == "": // the floor of a house
		t.miss(written.UnitLabel, weightUnit/3., 0, false, given, "")
	case k.unit == written.UnitKey(found):
		t.placed = t.placed || k.isBuilding(a)
		t.agree(written.UnitLabel, weightUnit, 0, "", "")
	default:
		t.gap = numberGap(digitsOf(given), digitsOf(found))
		t.miss(written.UnitLabel, weightUnit, 0, true, given, found)
	}
	k.fitNamed(t, written.Building, weightBuilding, k.text.Building, a.Parts.Building, k.buildings)
}

// isBuilding reports whether an address is in the building that the text names.
func (k *asked) isBuilding(a *Address) bool {
	_, same := k.buildings[a.Parts.Building]
	return same
}

// fitRest compares the parts that help to find a door but seldom decide: only
// where no street says along what the numbers count.
func (k *asked) fitRest(t *tally, a *Address) {
	k.fitNamed(t, written.Hamlet, weightHamlet, k.text.Hamlet, a.Parts.Hamlet, k.hamlets)
	k.fitNamed(t, written.Group, weightGroup, k.text.Group, a.Parts.Group, nil)
	if a.Parts.Street == "" && a.Parts.Building == "" && k.number != "" {
		k.fitAlone(t, written.Hamlet, k.text.Hamlet, a.Parts.Hamlet)
		k.fitAlone(t, written.Group, k.text.Group, a.Parts.Group)
	}
	k.fitAlley(t, a.Parts)
}

// fitAlone is for a number that counts within a group or hamlet: it is another
// door where that is not the one given.
func (k *asked) fitAlone(t *tally, part written.Part, given written.Component, found string) {
	if found == "" {
		return
	}
	_, known := k.hamlets[found]
	if given.Given == "" {
		t.differ(part, "", found)
		t.hard++
	} else if !known && !isSameLabel(given.Text, found) {
		t.hard++
	}
}

// fitAlley compares alleys, by their numbers where they have any. A number in
// an alley is another door than the same number along the street; 12/3 says
// that it is in alley 12.
func (k *asked) fitAlley(t *tally, p Parts) {
	given := k.text.Alley
	first, _, within := strings.Cut(written.NumberKey(p.HouseNumber), "/")
	typed, _, _ := strings.Cut(k.number, "/")
	switch {
	case given.Given == "" && p.Alley == "":
	case given.Given == "" && (typed == digitsOf(p.Alley) || k.number == ""):
		t.unasked++
	case given.Given == "":
		t.miss(written.Alley, weightAlley, 0, true, "", p.Alley)
	case p.Alley != "" && (k.alley != "" && k.alley == digitsOf(p.Alley) || written.AlleyKey(given.Text) == written.AlleyKey(p.Alley)):
		t.agree(written.Alley, weightAlley, 0, "", "")
	case p.Alley == "" && within && k.alley == first:
		t.agree(written.Alley, weightAlley, 0, "", "")
	default:
		t.miss(written.Alley, weightAlley, 0, true, given.Given, p.Alley)
	}
}

// isSameLabel compares names without a vocabulary: "Tổ 5" and "tổ 05".
func isSameLabel(given, found string) bool {
	if given == found {
		return true
	}
	return strings.ContainsAny(found, "123456789") && written.HamletKey(given) == written.HamletKey(found)
}

// fitNamed compares a part by the names that the text may mean, or by its
// label. Another building is another place; other hamlets and groups are
// mistaken often.
func (k *asked) fitNamed(t *tally, part written.Part, weight float64, given written.Component, found string, known map[string]written.Match) {
	m, same := known[found]
	switch {
	case given.Given == "" && found == "":
	case given.Given == "":
		if part == written.Building {
			t.unasked++
		}
	case same:
		t.agree(part, weight, m.Edits, given.Given, found)
	case isSameLabel(given.Text, found):
		t.agree(part, weight, 0, given.Given, found)
	default:
		t.miss(part, weight, 0, part == written.Building && found != "", given.Given, found)
	}
}

// wholeName is the share of the letters of a name from which on it, and no
// longer one, is meant.
const wholeName = 0.9

// fitName compares the public name with the words of the text that name it.
func (k *asked) fitName(t *tally, a *Address) {
	if k.name == nil {
		return
	}
	if text.Fold(a.publicName()) != k.name.key {
		t.miss(partName, weightName, 0, true, k.name.given, a.publicName())
		return
	}
	t.named = true
	if k.name.hit.Covered < wholeName {
		t.hard++
	} else {
		t.placed = true
	}
	share := k.name.hit.Covered - costOfEdit*float64(k.name.hit.Edits)
	t.total += weightName
	t.reached += weightName * share
	if share < 1 {
		t.differ(partName, k.name.given, a.publicName())
	}
}

// partName is how a difference in the name is called.
const partName = written.Part("name")

// isInName reports whether the public name of an address has the words.
func isInName(a *Address, words string) bool {
	return a.NamePublic && strings.Contains(" "+text.Fold(a.Name)+" ", " "+text.Fold(words)+" ")
}

// fitIgnored counts words that no part explains, unless they are in the name.
// Digits among them, words that say "beside it", and words behind the last
// part (which may be a place elsewhere) leave nothing certain.
func (k *asked) fitIgnored(t *tally, a *Address) {
	for _, words := range k.text.Ignored {
		folded := text.Fold(words)
		if folded == "" {
			continue
		}
		if isInName(a, words) {
			t.total += weightIgnored
			t.reached += weightIgnored
			continue
		}
		t.total += weightIgnored * float64(1+strings.Count(folded, " "))
		t.Ignored = append(t.Ignored, words)
		if strings.ContainsAny(folded, "0123456789") || strings.HasSuffix(k.folded, " "+folded) || saysBeside(folded) {
			t.hard++
		}
	}
}

// saysBeside reports whether folded words tell of a place by another one.
func saysBeside(folded string) bool {
	padded := " " + folded + " "
	for _, word := range [...]string{" gan ", " doi dien ", " canh ", " ke ", " sau lung ", " khong phai "} {
		if strings.Contains(padded, word) {
			return true
		}
	}
	return false
}

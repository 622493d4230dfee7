// Package written takes a written Vietnamese address apart: "15 duong 30/4 kp3
// p phu hoa tdm BD" is house number 15, Đường 30/4, Khu phố 3, Phường Phú Hòa,
// Thành phố Thủ Dầu Một, Tỉnh Bình Dương. It knows how addresses are written
// and which names are in use; which address is meant is for the registry to
// find. Units of any era are told apart by what they lay in.
package written

// Part names a part of an address, as the public JSON does.
type Part string

// The parts of an address from the smallest to the largest, in the order in
// which they are written. The last three are levels of admin units.
const (
	UnitLabel   Part = "unit_label"
	Building    Part = "building"
	HouseNumber Part = "house_number"
	Alley       Part = "alley"
	Street      Part = "street"
	Group       Part = "group"
	Hamlet      Part = "hamlet"
	Commune     Part = "commune"
	District    Part = "district"
	Province    Part = "province"
)

// Unit is an admin unit in one period of its life.
type Unit struct {
	ID    int64
	Level Part   // Commune, District or Province
	Kind  string // "Phường"
	Name  string // "Phú Cường", with its accents, without the kind
	// Within are the IDs of all districts and provinces, of any era, that it
	// ever stood under: itself, or by its successors and predecessors.
	Within []int64
}

// Options say how a text is to be read.
type Options struct {
	// Unfinished: the text is still being typed, so that a part that reaches its
	// end may be the beginning of a name.
	Unfinished bool
}

// Match is a name of the vocabulary that a part of a text may mean.
type Match struct {
	ID      int32 // as Lexicon.Add gave it
	Edits   int   // typing errors
	Rest    int   // letters of the name that the text lacks: still to be typed, or of a building left out
	Accents bool  // the accents typed are those of the name, or none were typed
}

// Component is one of the seven parts below the commune. It is zero where the
// text lacks it.
type Component struct {
	Given string  // as typed, in NFC
	Text  string  // as the registry writes it: "Đường 30/4", "Khu phố 3", "12/3A"
	Names []Match // of Street, Hamlet and Building: best first, at most MaxNames
}

// MaxNames is the largest number of names that a Component lists.
const MaxNames = 50

// UnitMatch is a unit that a Mention may mean.
type UnitMatch struct {
	ID      int64
	Edits   int
	Rest    int // letters of the name still to be typed; 0 unless Options.Unfinished
	Accents bool
}

// Mention is a unit that a text names. Units is empty for a name that the
// gazetteer lacks.
type Mention struct {
	Level Part
	Given string
	Units []UnitMatch // best first
}

// Address is one way to read a text.
type Address struct {
	UnitLabel   Component
	Building    Component
	HouseNumber Component
	Alley       Component
	Street      Component
	Group       Component
	Hamlet      Component

	Units          []Mention // in the order of the text
	Ignored        []string  // what no part explains, in NFC, in the order of the text
	Contradictions [][2]Part // parts that can't both be true, the smaller first
	Score          float64   // above 0; 1 where everything is explained without a doubt
}

// Component returns a part below the commune; nil for the levels of units.
func (a *Address) Component(part Part) *Component {
	switch part {
	case UnitLabel:
		return &a.UnitLabel
	case Building:
		return &a.Building
	case HouseNumber:
		return &a.HouseNumber
	case Alley:
		return &a.Alley
	case Street:
		return &a.Street
	case Group:
		return &a.Group
	case Hamlet:
		return &a.Hamlet
	}
	return nil
}

// Unit returns the mention of a level; nil where the text names none.
func (a *Address) Unit(level Part) *Mention {
	for i := range a.Units {
		if a.Units[i].Level == level {
			return &a.Units[i]
		}
	}
	return nil
}

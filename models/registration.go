package models

import (
	"slices"
	"strings"
	"unicode/utf8"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Registration is what somebody asks to have registered. Texts may come as
// they were typed; empty means absent.
type Registration struct {
	Kind         string
	Name         string
	NamePublic   *bool // nil: public bodies and landmarks only
	Parts        Parts
	Point        geo.Point
	AccuracyM    float64   // metres, 0: unknown
	PositionKind string    // one of PositionKinds
	Parent       *geo.Code // the door (or a unit of it) that the object stands behind; nil: none
	Commune      string    // code or name; empty: found by the point
	District     string    // name or code; says that Commune is of before the reform
	AsOf         Date      // the day Commune is read on
	ValidFrom    Date      // empty: today
	Source       string    // whose Ref it is
	Ref          string    // the importer's own key
	DiaChiSo     string    // ten digits allotted by the post
	Contact      *Contact  `json:"-"` // personal data, kept apart; nil: none

	// ConfirmDistinct registers also what looks like a duplicate.
	ConfirmDistinct bool
}

// Actor is who makes a change, as it stands in the change log: the name of a
// key or of a command, never a person's.
type Actor struct {
	Name         string
	Verification string // the level that what it brings in has
	Method       string // how its positions were found; empty: unknown
	Scope        Scope  // the communes it may write in; nil: everywhere
}

// draft is a registration on its way to become an address.
type draft struct {
	Registration
	address   *Address
	err       error     // why it can't become one
	unlocated error     // why the commune is not known; the address of its ref may know it
	leavesOut columnSet // columns that its file lacks
	known     *Address  // what the row's ref names already; nil: nothing
	same      *draft    // an earlier draft of the same chunk that it repeats

	// Of a unit that moves with its door; 0: none.
	serial  int // that it has had
	highest int // that any of those that move together has had
}

// Greatest lengths in characters, the bounds of an accuracy in metres and of
// the day an address is valid from.
const (
	maxName     = 200
	maxPart     = 100
	maxRef      = 100
	minAccuracy = 0.01
	maxAccuracy = 1000
	earliestDay = Date("1900-01-01")
)

// Errors is several errors about one input, in the order of its members.
type Errors []*Error

// Error joins the English sentences.
func (list Errors) Error() string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.Error()
	}
	return strings.Join(texts, " ")
}

// Vietnamese joins the Vietnamese sentences.
func (list Errors) Vietnamese() string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.Vi
		if path := e.Path(); path != "" {
			texts[i] = path + ": " + e.Vi
		}
	}
	return strings.Join(texts, " ")
}

// Unwrap gives each error.
func (list Errors) Unwrap() []error {
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errs
}

// newDraft checks a registration and finds its commune.
func newDraft(r Registration, actor Actor, units *Units, today Date) *draft {
	d := &draft{Registration: r}
	if errs := d.Check(); len(errs) > 0 {
		d.err = errs
		return d
	}
	if err := d.checkDay(today); err != nil {
		d.err = err
		return d
	}
	where, err := units.locate(d.Point, d.AccuracyM, communeClaim{d.Commune, d.District, d.AsOf}, today)
	if err != nil && d.Commune == "" && d.Ref != "" {
		d.unlocated, where.commune = err, &AdminUnit{} // what its ref names may know the commune
	} else if err != nil {
		d.err = err
		return d
	}
	if err == nil {
		if d.err = actor.Scope.check(units, where.commune.ID); d.err != nil {
			return d
		}
	}
	d.address = d.newAddress(actor, where, today)
	return d
}

// Check reports everything about a registration that can be told to be wrong
// without the registry, and brings its texts into the form they are kept in.
func (r *Registration) Check() Errors {
	var errs Errors
	check := func(e *Error) {
		if e != nil {
			errs = append(errs, e)
		}
	}
	for _, t := range r.texts() {
		clean, err := text.Clean(*t.value, t.limit)
		*t.value = clean
		check(textError(t.field, err))
	}
	check(oneOf("kind", r.Kind, Kinds[:]))
	if r.PositionKind != "" {
		check(oneOf("position_kind", r.PositionKind, PositionKinds[:]))
	}
	check(r.checkName())
	check(r.checkAccuracy())
	check(r.checkDiaChiSo())
	check(r.checkParent())
	if r.Contact != nil {
		errs = append(errs, r.Contact.Check().within("contact")...)
	}
	return errs
}

// field is a text of a registration with its name and greatest length.
type field struct {
	field string
	value *string
	limit int
}

func (r *Registration) texts() []field {
	return []field{
		{"name", &r.Name, maxName},
		{"unit_label", &r.Parts.UnitLabel, maxPart}, {"building", &r.Parts.Building, maxPart},
		{"house_number", &r.Parts.HouseNumber, maxPart}, {"alley", &r.Parts.Alley, maxPart},
		{"street", &r.Parts.Street, maxPart}, {"group", &r.Parts.Group, maxPart}, {"hamlet", &r.Parts.Hamlet, maxPart},
		{"commune", &r.Commune, maxPart}, {"district", &r.District, maxPart},
		{"ref", &r.Ref, maxRef}, {"kind", &r.Kind, maxPart}, {"position_kind", &r.PositionKind, maxPart},
		{"dia_chi_so", &r.DiaChiSo, maxPart},
	}
}

func textError(field string, err error) *Error {
	v, bad := err.(*text.Violation)
	if !bad {
		return nil
	}
	return &Error{Kind: Invalid, Field: field, Code: v.Code, En: sentence(v.En), Vi: sentence(v.Vi)}
}

// oneOf refuses a word that is not in a closed list.
func oneOf(field, word string, words []string) *Error {
	if slices.Contains(words, word) {
		return nil
	}
	list := strings.Join(words, ", ")
	if word == "" {
		return invalid(field, "required", "It is missing; write one of: %s.", "Thiếu giá trị; hãy ghi một trong: %s.", list)
	}
	if utf8.RuneCountInString(word) > 40 {
		word = string([]rune(word)[:40]) + "…"
	}
	return invalid(field, "unknown-value", "%q is none of: %s.", "%q không thuộc: %s.", word, list)
}

func (r *Registration) checkName() *Error {
	if r.Kind == "household" && r.Name != "" {
		return invalid("name", "household-name",
			"A household has no name of its own: the name of its head is personal data and belongs to the contact.",
			"Hộ gia đình không có tên riêng: tên chủ hộ là dữ liệu cá nhân, thuộc phần liên hệ.")
	}
	return nil
}

func (r *Registration) checkAccuracy() *Error {
	if r.AccuracyM == 0 || r.AccuracyM >= minAccuracy && r.AccuracyM <= maxAccuracy { // NaN is neither
		return nil
	}
	return invalid("accuracy_m", "out-of-range", "The accuracy must be from %v to %v metres; leave it out where it is unknown.",
		"Sai số phải từ %v đến %v mét; bỏ trống nếu không biết.", minAccuracy, maxAccuracy)
}

// checkDay refuses days that can only be slips.
func (r *Registration) checkDay(today Date) error {
	latest := DateOf(today.End().AddDate(1, 0, 0))
	if r.ValidFrom == "" || r.ValidFrom >= earliestDay && r.ValidFrom <= latest {
		return nil
	}
	return invalid("valid_from", "out-of-range", "%s is no day an address can be valid from: write one from %s to %s.",
		"%s không thể là ngày hiệu lực của địa chỉ: hãy ghi ngày từ %s đến %s.", r.ValidFrom, earliestDay, latest)
}

func (r *Registration) checkDiaChiSo() *Error {
	if r.DiaChiSo == "" || len(r.DiaChiSo) == 10 && isUnitCode(r.DiaChiSo) {
		return nil
	}
	return invalid("dia_chi_so", "bad-dia-chi-so", "A địa chỉ số has ten digits.", "Địa chỉ số gồm mười chữ số.")
}

func (r *Registration) checkParent() *Error {
	if r.Parent == nil {
		return nil
	}
	if far := geo.Distance(r.Parent.Centre(), r.Point); far > maxDrift {
		return invalid("parent", "too-far-from-parent", "The point is %.0f m from door %s; a unit lies within %d m of its door.",
			"Điểm cách cửa %[2]s %.0[1]f m; đơn vị sau cửa phải trong vòng %[3]d m.", far, r.Parent.Door(), maxDrift)
	}
	return nil
}

// newAddress is the row of a checked draft, still without a code.
func (r *Registration) newAddress(actor Actor, where located, today Date) *Address {
	a := &Address{
		Kind: r.Kind, Status: StatusCurrent, Verification: actor.Verification, VerifiedBy: actor.Name,
		Name: r.Name, NamePublic: r.Kind == "public" || r.Kind == "landmark",
		Parts: r.Parts, CommuneID: where.commune.ID, Point: r.Point, AccuracyM: r.AccuracyM,
		PositionKind: r.PositionKind, PositionMethod: actor.Method, ValidFrom: r.ValidFrom, Version: 1,
	}
	if where.former != nil {
		a.FormerCommuneID = where.former.ID
	}
	if r.NamePublic != nil {
		a.NamePublic = *r.NamePublic
	}
	a.NamePublic = a.NamePublic && a.Name != ""
	if a.ValidFrom == "" {
		a.ValidFrom = today
	}
	if r.Ref != "" {
		a.Identifiers = append(a.Identifiers, Identifier{Scheme: "ref", Source: r.Source, Value: r.Ref})
	}
	if r.DiaChiSo != "" {
		a.Identifiers = append(a.Identifiers, Identifier{Scheme: "dia_chi_so", Source: r.Source, Value: r.DiaChiSo, ValidFrom: a.ValidFrom})
	}
	return a
}

package models

import (
	"database/sql"
	"time"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Kinds of addresses, statuses, levels of verification and kinds of
// positions, as in the database and in JSON.
const (
	StatusCurrent = "current"
	StatusRetired = "retired"

	VerificationDeclared  = "declared"
	VerificationImported  = "imported"
	VerificationField     = "field"
	VerificationCertified = "certified"
)

// Kinds lists what an address can be.
var Kinds = [...]string{"household", "business", "farm", "shop", "public", "landmark"}

// Statuses lists the states of an address.
var Statuses = [...]string{StatusCurrent, StatusRetired}

// Verifications lists how far an address can be vouched for, the least first.
var Verifications = [...]string{VerificationDeclared, VerificationImported, VerificationField, VerificationCertified}

// PositionKinds lists what the point of an address can mark.
var PositionKinds = [...]string{"entrance", "building", "gate", "parcel", "stall"}

// Parts are the written parts of an address below its commune, from the
// smallest to the largest; empty means absent.
type Parts struct {
	UnitLabel   string `json:"unit_label,omitempty"`   // block, floor, room
	Building    string `json:"building,omitempty"`     // tòa nhà
	HouseNumber string `json:"house_number,omitempty"` // số nhà
	Alley       string `json:"alley,omitempty"`        // hẻm, ngõ, ngách, kiệt
	Street      string `json:"street,omitempty"`       // đường
	Group       string `json:"group,omitempty"`        // tổ
	Hamlet      string `json:"hamlet,omitempty"`       // khu phố, ấp, thôn
}

// Address is one row of addresses with its stored identifiers.
type Address struct {
	Code            geo.Code
	Kind            string
	Status          string
	Verification    string
	VerifiedBy      string
	VerifiedAt      time.Time
	Name            string // of a business, farm, shop, public body or landmark; a household has none
	NamePublic      bool
	Parts           Parts
	CommuneID       int64
	FormerCommuneID int64 // before the last reform; 0: unknown
	Point           geo.Point
	AccuracyM       float64 // metres; 0: unknown
	PositionKind    string
	PositionMethod  string
	ValidFrom       Date
	ValidTo         Date
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time

	Identifiers []Identifier

	// Of the succession table and the change log; see completeSuccession.
	Reason     string
	Supersedes []geo.Code
	Successors []geo.Code
	related    bool // has rows in the succession table, or is retired
}

// Identifier is another code of the same address.
type Identifier struct {
	Scheme    string `json:"scheme"`
	Value     string `json:"value"`
	Source    string `json:"-"`
	ValidFrom Date   `json:"valid_from,omitempty"`
	ValidTo   Date   `json:"valid_to,omitempty"`
}

// maxDrift is how far, in metres, a position may be from the anchor of its code.
const maxDrift = 30

// drift is the distance in metres from the anchor to the position.
func (a *Address) drift() float64 { return geo.Distance(a.Code.Centre(), a.Point) }

// doorKey is the folded key by which two addresses of a commune stand at the
// same door: street, number, alley and building; a number without a street or
// a building means something only within its group and hamlet. Empty where
// neither a number nor a building is known. The numbers of a street are a range.
func (p Parts) doorKey() string {
	if p.HouseNumber == "" && p.Building == "" {
		return ""
	}
	key := doorPrefix(p.Street, p.HouseNumber) + text.Fold(p.Alley) + "|" + text.Fold(p.Building)
	if p.Street == "" && p.Building == "" {
		key += "|" + text.Fold(p.Group) + "|" + text.Fold(p.Hamlet)
	}
	return key
}

// doorPrefix is what the keys of all doors of one number of a street begin with.
func doorPrefix(street, number string) string {
	return streetPrefix(street) + text.Fold(number) + "|"
}

// streetPrefix is what the keys of all doors of a street begin with.
func streetPrefix(street string) string { return text.Fold(street) + "|" }

// addressColumns are the columns of addresses that the program writes, in the
// order of addressValue.
var addressColumns = []bulkColumn{
	{"id", "bigint"}, {"code", "text"}, {"kind", "text"}, {"status", "text"},
	{"verification", "text"}, {"verified_by", "text"}, {"verified_at", "timestamptz"},
	{"name", "text"}, {"name_public", "boolean"},
	{"unit_label", "text"}, {"building", "text"}, {"house_number", "text"}, {"alley", "text"},
	{"street", "text"}, {"group_name", "text"}, {"hamlet", "text"},
	{"commune_id", "bigint"}, {"former_commune_id", "bigint"},
	{"lng", "integer"}, {"lat", "integer"}, {"accuracy_m", "double precision"},
	{"position_kind", "text"}, {"position_method", "text"}, {"door_key", "text"}, {"unit_key", "text"}, {"name_key", "text"},
	{"valid_from", "date"}, {"valid_to", "date"}, {"version", "bigint"},
	{"created_at", "timestamptz"}, {"updated_at", "timestamptz"},
}

// values are the row of a in the order of addressColumns.
func (a *Address) values() []any {
	return []any{
		a.Code.ID(), a.Code.String(), a.Kind, a.Status,
		a.Verification, a.VerifiedBy, a.VerifiedAt,
		a.Name, a.NamePublic,
		a.Parts.UnitLabel, a.Parts.Building, a.Parts.HouseNumber, a.Parts.Alley,
		a.Parts.Street, a.Parts.Group, a.Parts.Hamlet,
		a.CommuneID, nullIfZero(a.FormerCommuneID),
		a.Point.Lng, a.Point.Lat, nullIfZero(a.AccuracyM),
		a.PositionKind, a.PositionMethod, a.Parts.doorKey(), text.Fold(a.Parts.UnitLabel), text.Fold(a.Name),
		a.ValidFrom, a.ValidTo, a.Version,
		a.CreatedAt, a.UpdatedAt,
	}
}

func nullIfZero[T int64 | float64](v T) any {
	if v == 0 {
		return nil
	}
	return v
}

// selectAddress reads addresses a with their identifiers, one row an
// identifier (or one where there is none), so that a look-up is one question.
const selectAddress = addressResult + "FROM addresses a" + withIdentifiers

// selectListed is selectAddress for the addresses that belong to the values
// of a bound list d. The list is asked first: CROSS JOIN keeps SQLite's
// planner from going through all addresses instead.
func (d dialect) selectListed(elem string) string {
	return addressResult + "FROM " + d.list("d", elem) + " CROSS JOIN addresses a" + withIdentifiers
}

const (
	addressFields = `SELECT a.id, a.kind, a.status, a.verification, a.verified_by, a.verified_at, a.name, a.name_public,
 a.unit_label, a.building, a.house_number, a.alley, a.street, a.group_name, a.hamlet,
 a.commune_id, a.former_commune_id, a.lng, a.lat, a.accuracy_m, a.position_kind, a.position_method,
 a.valid_from, a.valid_to, a.version, a.created_at, a.updated_at`
	addressResult = addressFields + `,
 i.scheme, i.value, i.source, i.valid_from, i.valid_to,
 a.status = 'retired' OR EXISTS (SELECT 1 FROM address_successions s WHERE s.successor_id = a.id) `
	withIdentifiers = " LEFT JOIN identifiers i ON i.address_id = a.id "
)

// scanAddresses reads all rows of a selectAddress whose rows of one address
// follow each other.
func scanAddresses(rows *sql.Rows, err error) ([]*Address, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Address
	for row := newAddressRow(); rows.Next(); {
		if err := rows.Scan(row.fields...); err != nil {
			return nil, err
		}
		if len(list) == 0 || list[len(list)-1].Code != geo.Code(row.id) {
			list = append(list, new(row.address()))
		}
		if row.scheme.Valid {
			last := list[len(list)-1]
			last.Identifiers = append(last.Identifiers, row.identifier())
		}
	}
	return list, rows.Err()
}

// addressRow is what rows are read into, one after the other.
type addressRow struct {
	fields                []any // of addressResult
	id                    int64
	a                     Address
	former                sql.NullInt64
	accuracy              sql.NullFloat64
	scheme, value, source sql.NullString
	from, to              Date
}

func newAddressRow() *addressRow {
	r := &addressRow{}
	a := &r.a
	r.fields = []any{&r.id, &a.Kind, &a.Status, &a.Verification, &a.VerifiedBy, &a.VerifiedAt, &a.Name, &a.NamePublic,
		&a.Parts.UnitLabel, &a.Parts.Building, &a.Parts.HouseNumber, &a.Parts.Alley, &a.Parts.Street, &a.Parts.Group, &a.Parts.Hamlet,
		&a.CommuneID, &r.former, &a.Point.Lng, &a.Point.Lat, &r.accuracy, &a.PositionKind, &a.PositionMethod,
		&a.ValidFrom, &a.ValidTo, &a.Version, &a.CreatedAt, &a.UpdatedAt,
		&r.scheme, &r.value, &r.source, &r.from, &r.to, &a.related}
	return r
}

// plain are the fields of addressFields.
func (r *addressRow) plain() []any { return r.fields[:27] }

// address is the address of the row last read.
func (r *addressRow) address() Address {
	a := r.a
	a.Code = geo.Code(r.id)
	a.FormerCommuneID, a.AccuracyM = r.former.Int64, r.accuracy.Float64
	a.VerifiedAt, a.CreatedAt, a.UpdatedAt = a.VerifiedAt.UTC(), a.CreatedAt.UTC(), a.UpdatedAt.UTC()
	return a
}

// identifier is the identifier of the row last read.
func (r *addressRow) identifier() Identifier {
	return Identifier{Scheme: r.scheme.String, Value: r.value.String, Source: r.source.String, ValidFrom: r.from, ValidTo: r.to}
}

package models

import (
	"cmp"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Parts of a written address whose names are kept as terms, as in the database.
const (
	termStreet   = "street"
	termHamlet   = "hamlet"
	termBuilding = "building"
	termName     = "name"
)

// term is a name in use: of a street, hamlet or building of a commune, or the
// public name of an address (without a commune). A term may outlive its last
// address, so whoever uses one asks for addresses.
type term struct {
	part            string
	communeID       int64
	formerCommuneID int64 // 0: unknown
	name            string
	at              geo.Point // of an address that has it
}

var termColumns = []bulkColumn{
	{"part", "text"}, {"commune_id", "bigint"}, {"former_commune_id", "bigint"}, {"name", "text"}, {"lng", "integer"}, {"lat", "integer"},
}

func (t term) values() []any {
	return []any{t.part, t.communeID, t.formerCommuneID, t.name, t.at.Lng, t.at.Lat}
}

// terms are the names in an address that may be searched.
func (a *Address) terms() []term {
	var list []term
	for _, t := range [...]term{
		{termStreet, a.CommuneID, a.FormerCommuneID, a.Parts.Street, a.Point},
		{termHamlet, a.CommuneID, a.FormerCommuneID, a.Parts.Hamlet, a.Point},
		{termBuilding, a.CommuneID, a.FormerCommuneID, a.Parts.Building, a.Point},
		{termName, 0, 0, a.publicName(), a.Point},
	} {
		if t.name != "" {
			list = append(list, t)
		}
	}
	return list
}

// publicName is the name that anybody may know, or empty.
func (a *Address) publicName() string {
	if a.NamePublic {
		return a.Name
	}
	return ""
}

// keepTerms adds the names of addresses that are new. It needs the lock of the
// change log: readers follow the terms by their numbers.
func (s *Store) keepTerms(tx *gorm.DB, addresses []*Address) error {
	var list []term
	seen := map[term]bool{}
	for _, a := range addresses {
		for _, t := range a.terms() {
			key := t
			key.at = geo.Point{}
			if !seen[key] {
				seen[key] = true
				list = append(list, t)
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b term) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.communeID, b.communeID),
			cmp.Compare(a.formerCommuneID, b.formerCommuneID), cmp.Compare(a.name, b.name))
	})
	_, err := s.dialect.bulkInsert(tx.Statement.Context, tx, bulk{
		table: "terms", columns: termColumns, rows: valuesOf(list), conflict: "ON CONFLICT DO NOTHING",
	})
	if err != nil {
		return fmt.Errorf("keep the names for searching: %w", err)
	}
	return nil
}

// forgetName removes a public name that no current address shows any more: it
// may be a person's.
func (s *Store) forgetName(tx *gorm.DB, name string) error {
	err := tx.Exec(`DELETE FROM terms WHERE part = 'name' AND commune_id = 0 AND former_commune_id = 0 AND name = ?
		AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.name_key = ? AND a.name_key <> '' AND a.name = ? AND a.name_public AND a.status = 'current')`,
		name, text.Fold(name), name).Error
	if err != nil {
		return fmt.Errorf("forget a name that is no longer public: %w", err)
	}
	return nil
}

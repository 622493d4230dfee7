package models

import (
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// identifierRow is a row of identifiers.
type identifierRow struct {
	code geo.Code
	Identifier
}

var identifierColumns = []bulkColumn{
	{"address_id", "bigint"}, {"scheme", "text"}, {"source", "text"}, {"value", "text"}, {"valid_from", "date"}, {"valid_to", "date"},
}

func (r identifierRow) values() []any {
	return []any{r.code.ID(), r.Scheme, r.Source, r.Value, r.ValidFrom, r.ValidTo}
}

func (s *Store) insertIdentifiers(tx *gorm.DB, rows []identifierRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := s.dialect.bulkInsert(tx.Statement.Context, tx, bulk{
		table: "identifiers", columns: identifierColumns, rows: valuesOf(rows),
	})
	if err != nil {
		return fmt.Errorf("insert identifiers: %w", err)
	}
	return nil
}

// identifierList is the public identifiers of an address as JSON, so that two
// lists can be compared; empty: none.
type identifierList string

func identifierListOf(all []Identifier) identifierList {
	public := slices.DeleteFunc(slices.Clone(all), func(i Identifier) bool { return i.Scheme == "ref" })
	if len(public) == 0 {
		return ""
	}
	text, err := json.Marshal(public)
	if err != nil {
		panic(err) // texts alone
	}
	return identifierList(text)
}

// list reads the identifiers.
func (l identifierList) list() []Identifier {
	var list []Identifier
	if l == "" || json.Unmarshal([]byte(l), &list) != nil {
		return nil
	}
	return list
}

// MarshalJSON writes the list itself.
func (l identifierList) MarshalJSON() ([]byte, error) {
	if l == "" {
		return []byte("[]"), nil
	}
	return []byte(l), nil
}

// UnmarshalJSON reads a list in any form of the same JSON.
func (l *identifierList) UnmarshalJSON(text []byte) error {
	var list []Identifier
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*l = identifierListOf(list)
	return nil
}

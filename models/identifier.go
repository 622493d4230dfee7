package models

import (
	"fmt"

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

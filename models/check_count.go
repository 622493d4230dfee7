package models

import (
	"fmt"
	"strings"
)

// checkCounts proves that the tables of counts say what the addresses do that
// were just gone through.
func (c *checker) checkCounts() error {
	for _, table := range []bulk{c.counts.allRows(), c.counts.dayRows(), c.counts.tileRows()} {
		if err := c.checkCountsOf(table); err != nil {
			return fmt.Errorf("%s: %w", table.table, err)
		}
	}
	return nil
}

// checkCountsOf compares a table of counts, as texts, with the rows that it
// should have; one that has come down to 0 may be there or not.
func (c *checker) checkCountsOf(should bulk) error {
	missing := make(map[string]bool, len(should.rows))
	for _, row := range should.rows {
		missing[strings.TrimSuffix(fmt.Sprintln(row...), "\n")] = true
	}
	columns := make([]string, len(should.columns))
	for i, column := range should.columns {
		columns[i] = "CAST(" + column.name + " AS text)"
	}
	rows, err := c.tx.Raw("SELECT " + strings.Join(columns, " || ' ' || ") + " FROM " + should.table + " WHERE addresses <> 0").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	wrong := 0
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return err
		}
		if !missing[row] {
			wrong++
		}
		delete(missing, row)
	}
	if wrong = max(wrong, len(missing)); wrong > 0 {
		c.violation("counts", "", "%d rows of %s are wrong: diachiso migrate recount counts anew.", wrong, should.table)
	}
	return rows.Err()
}

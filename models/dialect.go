package models

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
)

//go:embed migrations
var migrationFiles embed.FS

// dialect is what the two databases say differently; everything else is
// shared SQL. Its two values are postgres and sqlite.
type dialect struct {
	name  string
	goose goose.Dialect

	// open connects for reading and for writing.
	open func(ctx context.Context, o Options) (read, write *gorm.DB, err error)

	// list is a table expression over one bound slice of the PostgreSQL type
	// elem, named by its alias, whose column is "value"; bind makes the argument.
	list func(alias, elem string) string
	bind func(slice any) any

	// ranges is a table expression d over a bound list of ranges of texts in
	// communes, with the columns "commune", "low" and "high" (half-open);
	// bindRanges makes the arguments. doorsInRanges is what follows FROM for the
	// current addresses a whose door_key is in one, up to an open condition.
	ranges        string
	bindRanges    func([]textRange) []any
	doorsInRanges string

	// inBox is a condition on addresses a that four bound numbers (west,
	// south, east, north in 1e-7 degree, borders included) narrow by the
	// spatial index; boxArgs repeats the numbers as it needs them.
	inBox   string
	boxArgs func(b Box) []any

	// countBox counts the points in a box, with the arguments of boxArgs, by the
	// spatial index alone; empty where the planner knows by itself when the index
	// does not pay.
	countBox string

	// bulkInsert inserts rows and answers the values of the column returning
	// (when that is not empty) of those that went in; conflict is the ON
	// CONFLICT clause.
	bulkInsert func(ctx context.Context, tx *gorm.DB, in bulk) ([]int64, error)

	// lockChanges makes this transaction the only one that may append to the
	// change log until it ends; empty where writers take turns anyway.
	lockChanges string

	// lockRows ends a SELECT of addresses a so that nobody else changes them
	// until the transaction ends; empty where writers take turns anyway.
	lockRows string

	// shareRows is lockRows for rows that others may hold as well.
	shareRows string

	// snapshot makes all questions of one transaction see the same rows.
	snapshot sql.IsolationLevel

	// declare and fetch read a question's rows by a cursor, where otherwise all of
	// them must be read before the next question; empty where they need not.
	declare, fetch string

	// boundaryColumn reads admin_units.boundary as EWKB in hexadecimal.
	boundaryColumn string

	// chunk prepares a transaction that goes through thousands of rows.
	chunk string

	// analyze renews the planner's statistics of a table that has grown; empty
	// where the planner needs none.
	analyze string

	// checks are the invariants of this database's own structures.
	checks []checkQuestion

	// translate turns a driver's error into an *Error where there is a
	// sentence for it.
	translate func(err error) error
}

// inRange is the condition on current addresses a that their door_key is in a
// range d, as the index on it can answer.
const inRange = `a.commune_id = d.commune AND a.door_key >= d.low AND a.door_key < d.high AND a.door_key <> '' AND a.status = 'current'`

// textRange is the texts of a commune from low to before high.
type textRange struct {
	communeID int64
	low, high string
}

// bulk is one statement's worth of rows for a table.
type bulk struct {
	table     string
	columns   []bulkColumn
	rows      [][]any
	conflict  string
	returning string
}

// bulkColumn names a column and its PostgreSQL type.
type bulkColumn struct{ name, postgresType string }

// valuesOf gives each row of a table its values in the order of its columns.
func valuesOf[T interface{ values() []any }](rows []T) [][]any {
	all := make([][]any, len(rows))
	for i, r := range rows {
		all[i] = r.values()
	}
	return all
}

// names lists the columns with commas.
func (b bulk) names() string {
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// tail is what follows the rows: the conflict clause and what is returned.
func (b bulk) tail() string {
	tail := ""
	if b.conflict != "" {
		tail += " " + b.conflict
	}
	if b.returning != "" {
		tail += " RETURNING " + b.returning
	}
	return tail
}

// dialectOf chooses by the form of the setting: a URL of PostgreSQL, or else
// the path of a SQLite file.
func dialectOf(url string) dialect {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return postgres
	}
	return sqlite
}

func (d dialect) migrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations/"+d.name)
	if err != nil {
		panic(err) // the folder is embedded: only a broken build gets here
	}
	return sub
}

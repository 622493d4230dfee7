package models

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// maxAttempts is how often a transaction is begun that others keep undoing.
const maxAttempts = 5

// collided reports whether the database undid a transaction because it and
// another one waited for each other, or wrote the same unique key at once:
// begun again it sees what the other one wrote. SQLite has one writer at a
// time and knows no such thing.
func collided(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	switch pg.Code { // PostgreSQL's appendix A
	case "40P01", "40001", "23505":
		return true
	}
	return false
}

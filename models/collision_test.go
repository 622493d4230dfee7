package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

func sqlState(code string) error { return fmt.Errorf("insert: %w", &pgconn.PgError{Code: code}) }

func TestDriversWordsReachPeople(t *testing.T) {
	other := errors.New("other")
	cases := []struct {
		err  error
		code string // empty: passes unchanged
	}{
		{sqlState("25006"), "read-only"},
		{sqlState("53100"), "storage-full"},
		{sqlState("53300"), "database-unavailable"}, // too many connections
		{sqlState("57P01"), "database-unavailable"}, // the operator shuts it down
		{sqlState("57P03"), "database-unavailable"}, // it is starting
		{sqlState("08006"), "database-unavailable"},
		{sqlState("42P01"), ""},
		{sqlState("40P01"), ""},
		{fmt.Errorf("ask: %w", driver.ErrBadConn), "database-unavailable"},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, "database-unavailable"},
		{other, ""},
	}
	for _, c := range cases {
		got := translatePostgres(c.err)
		var e *Error
		if errors.As(got, &e) != (c.code != "") || e != nil && (e.Code != c.code || e.Kind != Unavailable || e.En == "" || e.Vi == "") {
			t.Errorf("%v becomes %v, want %q", c.err, got, c.code)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%v: the driver's error is lost for the log", c.err)
		}
	}
	if got := translateSQLite(other); got != other {
		t.Errorf("%v", got)
	}
}

func TestTransactionIsNotBegunAgain(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: filepath.Join(t.TempDir(), "x.db"), WithoutUnits: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, c := range map[string]struct {
		fails    int
		with     error
		attempts int
	}{
		"no error":         {0, nil, 1},
		"two deadlocks":    {2, sqlState("40P01"), 3},
		"a key taken once": {1, sqlState("23505"), 2},
		"not serialisable": {1, sqlState("40001"), 2},
		"deadlocks always": {99, sqlState("40P01"), maxAttempts},
		"another error":    {99, sqlState("42P01"), 1},
		"cancelled":        {99, context.Canceled, 1},
	} {
		attempts := 0
		err := s.transaction(t.Context(), func(tx *gorm.DB) error {
			if attempts++; attempts <= c.fails {
				return c.with
			}
			return tx.Exec("UPDATE registry SET units_epoch = units_epoch + 1").Error
		})
		if attempts != c.attempts || (err != nil) != (c.fails >= attempts) {
			t.Errorf("%s: %d attempts, %v; want %d", name, attempts, err, c.attempts)
		}
	}
	var epoch int
	if err := s.read.Raw("SELECT units_epoch FROM registry").Row().Scan(&epoch); err != nil || epoch != 1+4 {
		t.Errorf("epoch %d, %v: what failed was written, or what succeeded was not", epoch, err)
	}
}

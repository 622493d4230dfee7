package models

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

// GORM's Row panics here: it has no row to give when the question can't be
// prepared.
func TestQuestionAfterTheEndOfItsContextPanics(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: filepath.Join(t.TempDir(), "registry.db"), WithoutUnits: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	var n int
	if err := first(s.read.WithContext(over).Raw("SELECT 1 + ?", 1)).Scan(&n); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := first(s.read.WithContext(t.Context()).Raw("SELECT 1 + ?", 1)).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
	if err := first(s.read.WithContext(t.Context()).Raw("SELECT 1 WHERE 1 = ?", 2)).Scan(&n); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
}

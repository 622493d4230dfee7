package models

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"

	"diachiso/geo"
)

// SetQueryOnly makes the writing connection of a SQLite store refuse to write,
// as a file system that became read-only does.
func (s *Store) SetQueryOnly(t *testing.T, on bool) {
	t.Helper()
	s.pragma(t, fmt.Sprintf("query_only(%v)", on))
}

// SetMaxPages bounds the size of a SQLite file, as a full disk does; it can't
// go below what the file has.
func (s *Store) SetMaxPages(t *testing.T, pages int) {
	t.Helper()
	s.pragma(t, fmt.Sprintf("max_page_count(%d)", pages))
}

// CheckAfter runs statements with the constraints off, checks the database
// and takes everything back. Where recount says so the addresses are counted
// anew before, so that the counts are no violation too.
func (s *Store) CheckAfter(t *testing.T, statements string, recount bool) []Violation {
	t.Helper()
	off := "SET LOCAL session_replication_role = replica; "
	if s.dialect.name == sqlite.name {
		off = "PRAGMA defer_foreign_keys = 1; PRAGMA ignore_check_constraints = 1; "
		defer s.pragma(t, "ignore_check_constraints = 0")
	}
	tx := s.write.WithContext(t.Context()).Begin()
	defer tx.Rollback()
	if err := tx.Exec(off + statements).Error; err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
	if recount {
		if err := s.recount(tx); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.check(tx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// SetWideBox is from how many addresses on a box counts as wide.
func (s *Store) SetWideBox(addresses int64) { s.wideBox = addresses }

// CountQuestions counts the questions to the database that come after it.
func (s *Store) CountQuestions(t *testing.T) *atomic.Int64 {
	t.Helper()
	var asked atomic.Int64
	count := func(*gorm.DB) { asked.Add(1) }
	callbacks := s.read.Callback()
	if err := errors.Join(callbacks.Row().Before("gorm:row").Register("count", count), callbacks.Query().Before("gorm:query").Register("count", count)); err != nil {
		t.Fatal(err)
	}
	return &asked
}

func (s *Store) pragma(t *testing.T, text string) {
	t.Helper()
	if err := s.write.WithContext(t.Context()).Exec("PRAGMA " + text).Error; err != nil {
		t.Fatal(err)
	}
}

// DrawPoints draws a tile of doors without a number at points in it.
func DrawPoints(at geo.Tile, points []geo.Point) ([]byte, error) {
	list := make([]tilePoint, len(points))
	for i, p := range points {
		x, y := p.World().Local(at)
		list[i] = tilePoint{code: geo.Code(i * 8192), kind: "household", number: "123/45/6", at: p, x: x, y: y}
	}
	return drawPoints(at, list)
}

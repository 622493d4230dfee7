package models

import (
	"fmt"
	"testing"
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

func (s *Store) pragma(t *testing.T, text string) {
	t.Helper()
	if err := s.write.WithContext(t.Context()).Exec("PRAGMA " + text).Error; err != nil {
		t.Fatal(err)
	}
}

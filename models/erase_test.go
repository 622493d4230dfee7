package models_test

import (
	"bytes"
	"os"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// TestErasedContactStaysInTheFile looks for the words themselves: SQLite would
// leave what was deleted in its free pages.
func TestErasedContactStaysInTheFile(t *testing.T) {
	db := storetest.SQLite(t)
	s := db.Open(t, storetest.Options{Boundaries: true})
	r := storetest.House(1)
	const name, phone = "Trịnh Thị Vắng Mặt", "+84900000123"
	r.Contact = &models.Contact{Name: name, Phone: phone, Consent: true}
	house := storetest.Register(t, s, r)
	if !fileHolds(t, db, name) || !fileHolds(t, db, phone) {
		t.Fatal("the file does not hold the contact, so nothing is proved")
	}
	admin := models.Caller{Role: models.RoleAdmin, Name: "test desk"}
	if err := s.EraseContact(t.Context(), house.Code, admin); err != nil {
		t.Fatal(err)
	}
	if fileHolds(t, db, name) || fileHolds(t, db, phone) {
		t.Error("the file still holds what was erased")
	}
}

// fileHolds empties the write-ahead log into the file and searches it.
func fileHolds(t *testing.T, db storetest.Database, words string) bool {
	t.Helper()
	db.Texts(t, "PRAGMA wal_checkpoint(TRUNCATE)")
	file, err := os.ReadFile(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(file, []byte(words))
}

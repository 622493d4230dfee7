package models

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"diachiso/models/importfile"
)

// contactOf reads the contact of a row, kept on the legal basis of the import;
// nil where the row has none or they are left out.
func (o ImportOptions) contactOf(record *importfile.Record) (*Contact, Errors) {
	c := &Contact{Name: record.Cell(importfile.OwnerName), Phone: record.Cell(importfile.Phone), LegalBasis: o.LegalBasis}
	if o.WithoutContacts || c.Name+c.Phone == "" {
		return nil, nil
	}
	errs := c.Check()
	for i, e := range errs {
		if e.Field == "name" {
			renamed := *e
			renamed.Field, errs[i] = importfile.OwnerName.String(), &renamed
		}
	}
	return c, errs
}

// importContacts keeps the contacts of the drafts of a chunk. An address that
// was there before gets none by an import, so that an erased one does not come
// back, and one that the person consented to is not written over.
func (s *Store) importContacts(tx *gorm.DB, fresh, drafts []*draft) error {
	if err := s.insertContacts(tx, fresh); err != nil {
		return err
	}
	known := map[int64]*draft{}
	var ids []int64
	for _, d := range drafts {
		if d.err == nil && d.known != nil && d.Contact != nil {
			known[d.known.Code.ID()] = d
			ids = append(ids, d.known.Code.ID())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	kept, err := s.importedContacts(tx, ids)
	if err != nil {
		return fmt.Errorf("read the contacts of imported addresses: %w", err)
	}
	for id, old := range kept {
		if c := known[id].mergedContact(old); *c != *old {
			c.Version, c.UpdatedAt = old.Version+1, s.now()
			var faster *Error // somebody changed it by hand meanwhile: that stands
			if err := updateContact(tx, c, holder{"address_id", id}); err != nil && !errors.As(err, &faster) {
				return err
			}
		}
	}
	return nil
}

var contactColumns = []bulkColumn{
	{"address_id", "bigint"}, {"name", "text"}, {"phone", "text"}, {"email", "text"}, {"delivery_notes", "text"},
	{"legal_basis", "text"}, {"version", "bigint"}, {"updated_at", "timestamptz"},
}

func (s *Store) insertContacts(tx *gorm.DB, fresh []*draft) error {
	now := s.now()
	var rows [][]any
	for _, d := range fresh {
		if c := d.Contact; c != nil && d.err == nil {
			rows = append(rows, []any{d.address.Code.ID(), c.Name, c.Phone, "", "", c.LegalBasis, int64(1), now})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := s.dialect.bulkInsert(tx.Statement.Context, tx, bulk{table: "contacts", columns: contactColumns, rows: rows}); err != nil {
		return fmt.Errorf("store the contacts of an import: %w", err)
	}
	return nil
}

// importedContacts are those of addresses that nobody consented to.
func (s *Store) importedContacts(tx *gorm.DB, ids []int64) (map[int64]*Contact, error) {
	rows, err := tx.Raw("SELECT c.address_id, c.name, c.phone, c.email, c.delivery_notes, c.legal_basis, c.version, c.updated_at FROM "+
		s.dialect.list("d", "bigint")+" CROSS JOIN contacts c WHERE c.address_id = d.value AND c.consent_at IS NULL", s.dialect.bind(ids)).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[int64]*Contact{}
	for rows.Next() {
		var id int64
		var c Contact
		if err := rows.Scan(&id, &c.Name, &c.Phone, &c.Email, &c.DeliveryNotes, &c.LegalBasis, &c.Version, &c.UpdatedAt); err != nil {
			return nil, err
		}
		list[id] = &c
	}
	return list, rows.Err()
}

// mergedContact is a contact with what the row has columns for.
func (d *draft) mergedContact(old *Contact) *Contact {
	c := *old
	if !d.leavesOut.has(importfile.OwnerName) {
		c.Name = d.Contact.Name
	}
	if !d.leavesOut.has(importfile.Phone) {
		c.Phone = d.Contact.Phone
	}
	c.LegalBasis = d.Contact.LegalBasis
	return &c
}

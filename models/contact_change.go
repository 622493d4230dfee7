package models

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// ContactChange is what shall be different about a contact: nil leaves a text
// as it is, an empty one removes it.
type ContactChange struct {
	Name, Phone, Email, DeliveryNotes *string

	Consent bool // the person agrees; needed for a first contact
}

// apply answers a contact with the change, checked.
func (c ContactChange) apply(to Contact) (*Contact, error) {
	for _, change := range []struct {
		text *string
		into *string
	}{{c.Name, &to.Name}, {c.Phone, &to.Phone}, {c.Email, &to.Email}, {c.DeliveryNotes, &to.DeliveryNotes}} {
		if change.text != nil {
			*change.into = *change.text
		}
	}
	to.Consent = to.Consent || c.Consent
	if errs := to.Check(); len(errs) > 0 {
		return nil, errs
	}
	return &to, nil
}

// ChangeContact changes the contact of an address, by its owner, an officer of
// its commune or an admin, and answers the new one. It must be one of
// the versions (nil: any), of which 0 is none yet; a first contact needs consent. What others than the owner see by this is stored as a reading for
// correction.
func (s *Store) ChangeContact(ctx context.Context, code geo.Code, by Caller, versions []int64, change ContactChange) (*Contact, error) {
	if err := by.mustBe(RoleOwner, RoleOfficer, RoleAdmin); err != nil {
		return nil, err
	}
	if err := s.mayReadContact(ctx, code, by); err != nil {
		return nil, err
	}
	var c *Contact
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if c, err = s.changeContact(tx, ofAddress(code), versions, change); err != nil || by.Role == RoleOwner {
			return err
		}
		return s.keepRead(tx, ofAddress(code), by, PurposeCorrection)
	})
	if err != nil {
		return nil, fmt.Errorf("change a contact: %w", err)
	}
	return c, nil
}

func (s *Store) changeContact(tx *gorm.DB, of holder, versions []int64, change ContactChange) (*Contact, error) {
	old, err := contactOf(tx, of)
	switch {
	case err != nil:
		return nil, err
	case old == nil && !slices.Contains(versions, 0):
		return nil, noContact()
	case old == nil:
		old = &Contact{}
	case versions != nil && !slices.Contains(versions, old.Version):
		return nil, staleContact()
	}
	c, err := change.apply(*old)
	if err != nil {
		return nil, err
	}
	if old.Version == 0 {
		return c, s.addContact(tx, c, of)
	}
	if c.Version, c.UpdatedAt = old.Version+1, s.now(); change.Consent {
		c.ConsentAt = c.UpdatedAt
	}
	return c, updateContact(tx, c, of)
}

func updateContact(tx *gorm.DB, c *Contact, of holder) error {
	done := tx.Exec("UPDATE contacts SET name = ?, phone = ?, email = ?, delivery_notes = ?, consent_at = ?, legal_basis = ?, version = ?, updated_at = ?"+
		" WHERE "+of.column+" = ? AND version = ?",
		c.Name, c.Phone, c.Email, c.DeliveryNotes, nullIfNever(c.ConsentAt), c.LegalBasis, c.Version, c.UpdatedAt, of.id, c.Version-1)
	if done.Error != nil {
		return fmt.Errorf("update a contact: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return staleContact()
	}
	return nil
}

// EraseContact withdraws consent: the contact of an address is deleted, and so
// are the notes that its owner wrote in requests. The code stays. Its owner
// and an admin may do so.
func (s *Store) EraseContact(ctx context.Context, code geo.Code, by Caller) error {
	if err := by.mustBe(RoleOwner, RoleAdmin); err != nil {
		return err
	}
	if err := s.mayReadContact(ctx, code, by); err != nil {
		return err
	}
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		there, err := eraseContact(tx, ofAddress(code))
		if err != nil {
			return err
		}
		notes := tx.Exec("UPDATE reports SET note = '', version = version + 1 WHERE address_id = ? AND claim = 'retirement' AND note <> ''", code.ID())
		if notes.Error == nil && !there && notes.RowsAffected == 0 {
			return noContact()
		}
		return notes.Error
	})
	if err != nil {
		return fmt.Errorf("erase the personal data of an address: %w", err)
	}
	return nil
}

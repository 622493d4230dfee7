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
// its commune or an admin, and answers the new one. It must be one of the
// versions (nil: any), of which 0 is none yet; a first contact needs consent.
// What others than the owner see by this is stored as a reading for correction.
func (s *Store) ChangeContact(ctx context.Context, code geo.Code, by Caller, versions []int64, change ContactChange) (c *Contact, err error) {
	if err := by.mustBe(RoleOwner, RoleOfficer, RoleAdmin); err != nil {
		return nil, err
	}
	err = s.withContactOf(ctx, code, by, func(r *revision, a *Address) (err error) {
		if err := r.refuseMoved(a); err != nil {
			return err
		}
		if c, err = s.changeContact(r.tx, ofAddress(code), versions, change); err != nil || by.Role == RoleOwner {
			return err
		}
		return s.keepRead(r.tx, ofAddress(code), by, PurposeCorrection)
	})
	if err != nil {
		return nil, fmt.Errorf("change a contact: %w", err)
	}
	return c, nil
}

// withContactOf works on the contact of an address in one transaction, for
// somebody who may read it. The address is held: where it moved meanwhile, a
// contact would be left behind.
func (s *Store) withContactOf(ctx context.Context, code geo.Code, by Caller, work func(*revision, *Address) error) error {
	units, err := s.Units(ctx)
	if err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		r := &revision{s: s, tx: tx, units: units, caller: by, now: s.now(), today: s.Today()}
		held, err := r.hold([]geo.Code{code})
		if err != nil {
			return err
		}
		a := held[code]
		if a == nil {
			return codeNotFound(code)
		}
		if err := by.mayReadContactOf(units, a); err != nil {
			return err
		}
		if err := work(r, a); err != nil {
			return err
		}
		return s.appendChanges(tx, r.changes)
	})
}

// refuseMoved tells whoever would change the contact of an address that moved
// where it is now.
func (r *revision) refuseMoved(a *Address) error {
	last, err := r.lastPlace(a)
	if err != nil || last == a {
		return err
	}
	return conflict("", "retired", "The address %s moved to %s, and its contact with it: change it there.",
		"Địa chỉ %s đã chuyển sang mã %s cùng với thông tin liên hệ: hãy sửa ở mã mới.", a.Code, last.Code)
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

package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Purposes of reading a contact.
const (
	PurposeDelivery   = "delivery"
	PurposeReview     = "review"
	PurposeCorrection = "correction"
	purposeExport     = "export"   // of all personal data, by an admin
	purposeHandover   = "handover" // an owner token was made by somebody else than the owner
)

// Purposes lists what somebody may say that a contact is read for.
var Purposes = [...]string{PurposeDelivery, PurposeReview, PurposeCorrection}

// purposesOf are what a role may read contacts for.
func purposesOf(role string) []string {
	switch role {
	case RoleCourier:
		return []string{PurposeDelivery}
	case RoleOfficer:
		return []string{PurposeReview, PurposeCorrection}
	case RoleAdmin:
		return Purposes[:]
	}
	return nil
}

// checkPurpose refuses a reader without a purpose, and one with a purpose of others.
func (c Caller) checkPurpose(purpose string) error {
	allowed := purposesOf(c.Role)
	list := strings.Join(allowed, ", ")
	switch {
	case len(allowed) == 0:
		return NewError(Forbidden, "", "not-allowed", "This role reads no contacts.", "Vai trò này không được xem thông tin liên hệ.")
	case purpose == "":
		return invalid("purpose", "required", "Say what the contact is read for: %s. The reading is kept and shown to the owner.",
			"Hãy nêu mục đích xem thông tin liên hệ: %s. Lượt xem được lưu lại và chủ sở hữu thấy được.", list)
	case !slices.Contains(allowed, purpose):
		return NewError(Forbidden, "", "purpose-not-allowed", "The role %[1]s reads contacts for these purposes only: %[2]s.",
			"Vai trò %[3]s chỉ được xem thông tin liên hệ với mục đích: %[2]s.", c.Role, list, InVietnamese(c.Role))
	}
	return nil
}

// Contact answers the contact of an address. Its owner may read it; a courier
// of a current address, an officer of one in the communes of the key and an
// admin may with a purpose: their reading is stored first, and where it can't
// be there is no answer.
func (s *Store) Contact(ctx context.Context, code geo.Code, by Caller, purpose string) (*Contact, error) {
	if by.Role != RoleOwner {
		if err := by.checkPurpose(purpose); err != nil {
			return nil, err
		}
	}
	if err := s.mayReadContact(ctx, code, by); err != nil {
		return nil, err
	}
	return s.readContact(ctx, ofAddress(code), by, purpose)
}

// mayReadContact refuses who has no business with the contact of an address,
// whether there is one or not.
func (s *Store) mayReadContact(ctx context.Context, code geo.Code, by Caller) error {
	units, err := s.Units(ctx)
	if err != nil {
		return err
	}
	a, err := s.Address(ctx, code)
	if err != nil {
		return err
	}
	return by.mayReadContactOf(units, a)
}

func (c Caller) mayReadContactOf(units *Units, a *Address) error {
	switch {
	case c.Role == RoleOwner && !c.owns(a.Code):
		return c.notTheOwner(a)
	case c.Role == RoleCourier && a.Status != StatusCurrent:
		return conflict("", "retired", "The address %s is retired: nothing is delivered there. Ask for its successors.",
			"Địa chỉ %s đã ngừng sử dụng: không giao hàng tới đó nữa. Hãy xem địa chỉ kế thừa.", a.Code)
	case c.Role == RoleOfficer:
		return c.scopeOf().check(units, a.CommuneID)
	}
	return nil
}

// mustBe refuses the roles that a call is not for.
func (c Caller) mustBe(roles ...string) error {
	if slices.Contains(roles, c.Role) {
		return nil
	}
	return NotAllowed(c.Role, roles)
}

func noContact() *Error {
	return notFound("", "no-contact", "There is no contact here: none was given, or it was erased.",
		"Không có thông tin liên hệ: chưa được cung cấp hoặc đã xóa.")
}

// readContact answers a contact to whoever may read it, and stores the reading
// of anybody but the owner first.
func (s *Store) readContact(ctx context.Context, of holder, by Caller, purpose string) (c *Contact, err error) {
	if by.Role == RoleOwner {
		c, err = contactOf(s.read.WithContext(ctx), of)
		if c == nil && err == nil {
			err = noContact()
		}
		return c, s.translate(err)
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if c, err = contactOf(tx, of); err != nil {
			return err
		}
		if c == nil {
			return noContact()
		}
		return s.keepRead(tx, of, by, purpose)
	})
	if err != nil {
		return nil, fmt.Errorf("read a contact: %w", err)
	}
	return c, nil
}

// keepRead stores that somebody reads a contact, or gets what reads it.
func (s *Store) keepRead(tx *gorm.DB, of holder, by Caller, purpose string) error {
	err := tx.Exec("INSERT INTO contact_reads ("+of.column+", at, reader, role, purpose) VALUES (?, ?, ?, ?, ?)",
		of.id, s.now(), by.Name, by.Role, purpose).Error
	if err != nil {
		return fmt.Errorf("store the reading of a contact: %w", err)
	}
	return nil
}

// ContactRead is that somebody read a contact.
type ContactRead struct {
	At      time.Time `json:"at"`
	Reader  string    `json:"reader"` // the name of the key
	Role    string    `json:"role"`
	Purpose string    `json:"purpose"`
}

// readMonths is how long it is kept who read a contact.
const readMonths = 12

// maxReads is how many readings one list holds.
const maxReads = 1000

// ContactReads lists who read the contact of an address in the last twelve
// months, the newest first; more reports that only the newest thousand are
// listed. The list outlives the contact.
func (s *Store) ContactReads(ctx context.Context, code geo.Code, by Caller) (list []ContactRead, more bool, err error) {
	if err := by.mustBe(RoleOwner, RoleAdmin); err != nil {
		return nil, false, err
	}
	if err := s.mayReadContact(ctx, code, by); err != nil {
		return nil, false, err
	}
	list, err = s.readsOf(s.read.WithContext(ctx), ofAddress(code), maxReads+1)
	if err != nil {
		return nil, false, fmt.Errorf("list the readings of a contact: %w", s.translate(err))
	}
	if more = len(list) > maxReads; more {
		list = list[:maxReads]
	}
	return list, more, nil
}

func (s *Store) readsOf(db *gorm.DB, of holder, most int) ([]ContactRead, error) {
	rows, err := db.Raw("SELECT at, reader, role, purpose FROM contact_reads WHERE "+of.column+" = ? AND at > ? ORDER BY at DESC, id DESC LIMIT ?",
		of.id, s.oldestRead(), most).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return scanReads(rows)
}

func scanReads(rows *sql.Rows) ([]ContactRead, error) {
	list := []ContactRead{}
	for rows.Next() {
		var r ContactRead
		if err := rows.Scan(&r.At, &r.Reader, &r.Role, &r.Purpose); err != nil {
			return nil, err
		}
		r.At = r.At.UTC()
		list = append(list, r)
	}
	return list, rows.Err()
}

// oldestRead is the time before which readings are forgotten.
func (s *Store) oldestRead() time.Time { return s.now().AddDate(0, -readMonths, 0) }

// forgetReads deletes readings that are older than twelve months.
func (s *Store) forgetReads(ctx context.Context) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM contact_reads WHERE at <= ?", s.oldestRead()).Error
	})
	if err != nil {
		return fmt.Errorf("forget who read contacts: %w", err)
	}
	return nil
}

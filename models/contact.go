package models

import (
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Greatest lengths of a contact's texts, in characters.
const (
	maxEmail         = 254 // RFC 5321
	maxDeliveryNotes = 500
	maxLegalBasis    = 200
)

// Contact is the personal data of an address or a proposal; empty means
// absent. It is kept apart from both and only ever given by the calls for it.
type Contact struct {
	Name          string    `json:"name,omitempty"`           // of the owner or the head of the household
	Phone         string    `json:"phone,omitempty"`          // see normalPhone
	Email         string    `json:"email,omitempty"`          //
	DeliveryNotes string    `json:"delivery_notes,omitempty"` // what a courier should know
	ConsentAt     time.Time `json:"consent_at,omitzero"`      // when the person agreed that it is kept
	LegalBasis    string    `json:"legal_basis,omitempty"`    // why it is kept where nobody was asked
	Version       int64     `json:"version"`
	UpdatedAt     time.Time `json:"updated_at"`

	Consent bool `json:"-"` // of a contact that is being written: the person agrees
}

// String keeps personal data out of whatever prints a contact.
func (Contact) String() string { return "a contact" }

// Check reports everything that is wrong with a contact that is to be kept, and
// brings its texts into the form they are kept in. Fields are members of the
// contact; the errors repeat nothing of it.
func (c *Contact) Check() Errors {
	errs := c.checkTexts()
	if c.Name+c.Phone+c.Email+c.DeliveryNotes == "" && len(errs) == 0 {
		errs = append(errs, invalid("", "empty-contact", "The contact is empty: give a name, a telephone number, an e-mail address or delivery notes.",
			"Thông tin liên hệ trống: hãy ghi họ tên, số điện thoại, thư điện tử hoặc ghi chú giao hàng."))
	}
	if !c.Consent && c.LegalBasis == "" {
		errs = append(errs, invalid("consent", "consent-needed", "Personal data is kept only with the person's consent: ask, and send \"consent\":true.",
			"Chỉ lưu dữ liệu cá nhân khi người đó đồng ý: hãy hỏi ý kiến và gửi \"consent\":true."))
	}
	return errs
}

// checkTexts is Check without the questions of consent and emptiness.
func (c *Contact) checkTexts() Errors {
	var errs Errors
	c.DeliveryNotes = oneLine(c.DeliveryNotes)
	for _, t := range []field{
		{"name", &c.Name, maxName}, {"phone", &c.Phone, maxPart}, {"email", &c.Email, maxEmail},
		{"delivery_notes", &c.DeliveryNotes, maxDeliveryNotes}, {"legal_basis", &c.LegalBasis, maxLegalBasis},
	} {
		clean, err := text.Clean(*t.value, t.limit)
		*t.value = clean
		if e := textError(t.field, err); e != nil {
			errs = append(errs, e)
		}
	}
	if number, ok := normalPhone(c.Phone); ok {
		c.Phone = number
	} else {
		errs = append(errs, invalid("phone", "bad-phone",
			"It is no telephone number: write a Vietnamese one of ten or eleven digits, such as 0900 000 000, or another that begins with + and the code of its country.",
			"Không phải số điện thoại: hãy ghi số Việt Nam gồm mười hoặc mười một chữ số, ví dụ 0900 000 000, hoặc số nước ngoài bắt đầu bằng + và mã quốc gia."))
	}
	if c.Email != "" && !isEmail(c.Email) {
		errs = append(errs, invalid("email", "bad-email", "It is no e-mail address: write one such as ten@example.vn, without a name around it.",
			"Không phải địa chỉ thư điện tử: hãy ghi như ten@example.vn, không kèm họ tên."))
	}
	return errs
}

// oneLine writes the lines of a note behind each other.
func oneLine(note string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(note)
}

// isEmail accepts a bare address with a domain of two labels or more.
func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return false
	}
	domain := text[strings.LastIndexByte(text, '@')+1:]
	return strings.Contains(domain, ".") && !strings.ContainsAny(text, "\"[] ")
}

// holder is what a contact or the reading of one belongs to.
type holder struct {
	column string // proposal_id or address_id
	id     int64
}

func ofProposal(id int64) holder { return holder{"proposal_id", id} }

func ofAddress(code geo.Code) holder { return holder{"address_id", code.ID()} }

// insertContact keeps the contact of a proposal; it must have passed Check.
func (s *Store) insertContact(tx *gorm.DB, c *Contact, proposalID int64) error {
	return s.addContact(tx, c, ofProposal(proposalID))
}

// addContact keeps the first contact of a holder. Who has one already is Stale.
func (s *Store) addContact(tx *gorm.DB, c *Contact, of holder) error {
	c.Version, c.UpdatedAt = 1, s.now()
	if c.Consent {
		c.ConsentAt = c.UpdatedAt
	}
	done := tx.Exec("INSERT INTO contacts ("+of.column+", name, phone, email, delivery_notes, consent_at, legal_basis, version, updated_at)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		of.id, c.Name, c.Phone, c.Email, c.DeliveryNotes, nullIfNever(c.ConsentAt), c.LegalBasis, c.Version, c.UpdatedAt)
	if done.Error != nil {
		return fmt.Errorf("store a contact: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return staleContact()
	}
	return nil
}

func nullIfNever(at time.Time) sql.NullTime { return sql.NullTime{Time: at, Valid: !at.IsZero()} }

func staleContact() *Error {
	return NewError(Stale, "", "stale", "The contact was changed by somebody else meanwhile: read it again.",
		"Thông tin liên hệ vừa được người khác thay đổi: hãy đọc lại.")
}

// passContact gives the contact of one holder to another, and with it the list
// of who read it: that of a proposal to the address it became, that of an
// address to the one it moved to. Whoever has none passes none.
func passContact(tx *gorm.DB, from, to holder) error {
	for _, table := range []string{"contacts", "contact_reads"} {
		set := to.column + " = ?"
		if table == "contacts" && from.column != to.column {
			set += ", " + from.column + " = NULL"
		}
		if err := tx.Exec("UPDATE "+table+" SET "+set+" WHERE "+from.column+" = ?", to.id, from.id).Error; err != nil {
			return fmt.Errorf("pass a contact on: %w", err)
		}
	}
	return nil
}

// eraseContact deletes the contact of a holder and reports whether there was
// one. Who read it stays in the list of reads, which names readers only.
func eraseContact(tx *gorm.DB, of holder) (bool, error) {
	done := tx.Exec("DELETE FROM contacts WHERE "+of.column+" = ?", of.id)
	if done.Error != nil {
		return false, fmt.Errorf("erase a contact: %w", done.Error)
	}
	return done.RowsAffected > 0, nil
}

// contactOf reads the contact of a holder; nil where there is none.
func contactOf(db *gorm.DB, of holder) (*Contact, error) {
	var c Contact
	var consent sql.NullTime
	err := first(db.Raw("SELECT name, phone, email, delivery_notes, consent_at, legal_basis, version, updated_at FROM contacts WHERE "+of.column+" = ?", of.id)).
		Scan(&c.Name, &c.Phone, &c.Email, &c.DeliveryNotes, &consent, &c.LegalBasis, &c.Version, &c.UpdatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a contact: %w", err)
	}
	c.ConsentAt, c.UpdatedAt = consent.Time.UTC(), c.UpdatedAt.UTC()
	c.Consent = consent.Valid
	return &c, nil
}

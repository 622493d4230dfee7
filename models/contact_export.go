package models

import (
	"context"
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// PersonalData is everything the registry keeps about whoever owns an address.
type PersonalData struct {
	Address   PublicAddress   `json:"address"`
	Name      string          `json:"name,omitempty"` // of the address, where it is not public
	Contact   *Contact        `json:"contact,omitempty"`
	Reads     []ContactRead   `json:"reads"` // of the contact, newest first
	Proposals []KeptProposal  `json:"proposals"`
	Requests  []KeptRequest   `json:"requests"` // for retirement
	OwnerKeys []KeptOwnership `json:"owner_tokens"`
}

// KeptProposal is what stays of a proposal.
type KeptProposal struct {
	Number    string    `json:"number"`
	Status    string    `json:"status"`
	Asked     Asked     `json:"asked"`
	CreatedAt time.Time `json:"created_at"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Reason    string    `json:"reason,omitempty"`
}

// KeptRequest is a request of the owner.
type KeptRequest struct {
	Number    string    `json:"number"`
	Status    string    `json:"status"`
	Note      string    `json:"note,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Reason    string    `json:"reason,omitempty"`
}

// KeptOwnership is that there is an owner token; its text is kept nowhere.
type KeptOwnership struct {
	CreatedAt time.Time `json:"created_at"`
}

// PersonalData answers everything that is kept about the owner of an address,
// to the owner or an admin. An admin's reading of the contact is stored first.
func (s *Store) PersonalData(ctx context.Context, code geo.Code, by Caller) (*PersonalData, error) {
	if err := by.mustBe(RoleOwner, RoleAdmin); err != nil {
		return nil, err
	}
	if err := s.mayReadContact(ctx, code, by); err != nil {
		return nil, err
	}
	data, err := s.publicData(ctx, code)
	if err != nil {
		return nil, err
	}
	collect := func(tx *gorm.DB) error { return s.collect(tx, code, by, data) }
	if by.Role == RoleOwner {
		err = s.translate(collect(s.read.WithContext(ctx)))
	} else {
		err = s.transaction(ctx, collect)
	}
	if err != nil {
		return nil, fmt.Errorf("collect the personal data of an address: %w", err)
	}
	return data, nil
}

func (s *Store) publicData(ctx context.Context, code geo.Code) (*PersonalData, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	a, err := s.Address(ctx, code)
	if err != nil {
		return nil, err
	}
	data := &PersonalData{Address: units.Public(a, s.Today())}
	if !a.NamePublic {
		data.Name = a.Name
	}
	return data, nil
}

// collect reads what is not public.
func (s *Store) collect(db *gorm.DB, code geo.Code, by Caller, data *PersonalData) (err error) {
	if data.Contact, err = contactOf(db, ofAddress(code)); err != nil {
		return err
	}
	if data.Contact != nil && by.Role != RoleOwner {
		if err := s.keepRead(db, ofAddress(code), by, purposeExport); err != nil {
			return err
		}
	}
	if data.Reads, err = s.readsOf(db, ofAddress(code), math.MaxInt32); err != nil {
		return err
	}
	if data.Proposals, err = keptProposals(db, code); err != nil {
		return err
	}
	if data.Requests, err = keptRequests(db, code); err != nil {
		return err
	}
	data.OwnerKeys, err = keptOwnerships(db, code)
	return err
}

func keptOwnerships(db *gorm.DB, code geo.Code) ([]KeptOwnership, error) {
	kept := []KeptOwnership{}
	err := db.Raw("SELECT created_at FROM owner_tokens WHERE address_id = ? ORDER BY id", code.ID()).Scan(&kept).Error
	for i := range kept {
		kept[i].CreatedAt = kept[i].CreatedAt.UTC()
	}
	return kept, err
}

func keptProposals(db *gorm.DB, code geo.Code) ([]KeptProposal, error) {
	list, err := scanProposals(db.Raw(selectProposals+`WHERE p.address_id = ? OR p.id IN (SELECT proposal_id FROM owner_tokens
		WHERE address_id = ? AND proposal_id IS NOT NULL) ORDER BY p.id`, code.ID(), code.ID()).Rows())
	kept := make([]KeptProposal, len(list))
	for i, p := range list {
		kept[i] = KeptProposal{p.Number, p.Status, p.Asked, p.CreatedAt, p.DecidedAt, p.Reason}
	}
	return kept, err
}

func keptRequests(db *gorm.DB, code geo.Code) ([]KeptRequest, error) {
	rows, err := db.Raw(selectReports+"WHERE r.address_id = ? AND r.claim = 'retirement' ORDER BY r.id", code.ID()).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kept := []KeptRequest{}
	for rows.Next() {
		r, err := readReport(rows)
		if err != nil {
			return nil, err
		}
		kept = append(kept, KeptRequest{r.Number, r.Status, r.Note, r.CreatedAt, r.DecidedAt, r.Reason})
	}
	return kept, rows.Err()
}

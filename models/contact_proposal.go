package models

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
)

// ProposalContact answers the contact of a proposal to its owner, and for a
// purpose to the officers of its commune and admins, whose reading is stored
// first. Once there is an address, it is that of the address and its rules
// hold: it may have moved away from the commune of the proposal.
func (s *Store) ProposalContact(ctx context.Context, number string, by Caller, purpose string) (*Contact, error) {
	if by.Role != RoleOwner {
		if err := by.checkPurpose(purpose); err != nil {
			return nil, err
		}
	}
	p, err := s.findProposal(s.read.WithContext(ctx), by, number)
	if err != nil {
		return nil, s.translate(err)
	}
	if p.Address != nil {
		return s.Contact(ctx, *p.Address, by, purpose)
	}
	return s.readContact(ctx, ofProposal(p.id), by, purpose)
}

// ChangeProposalContact is ChangeContact for the contact of a proposal, by its
// owner, while it is open or once it is an address.
func (s *Store) ChangeProposalContact(ctx context.Context, number string, by Caller, versions []int64, change ContactChange) (c *Contact, err error) {
	became, err := s.withContactOfProposal(ctx, number, by, func(tx *gorm.DB, of holder) (err error) {
		c, err = s.changeContact(tx, of, versions, change)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("change the contact of a proposal: %w", err)
	case became != nil:
		by.Owns = became // also where that happened since the token was read
		return s.ChangeContact(ctx, *became, by, versions, change)
	}
	return c, nil
}

// EraseProposalContact is EraseContact for the contact of a proposal, by its
// owner, while it is open or once it is an address. A name that it asks for
// goes when it is withdrawn.
func (s *Store) EraseProposalContact(ctx context.Context, number string, by Caller) error {
	became, err := s.withContactOfProposal(ctx, number, by, func(tx *gorm.DB, of holder) error {
		there, err := eraseContact(tx, of)
		if err == nil && !there {
			err = noContact()
		}
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("erase the contact of a proposal: %w", err)
	case became != nil:
		by.Owns = became
		return s.EraseContact(ctx, *became, by)
	}
	return nil
}

// withContactOfProposal works on the contact of an open proposal for its
// owner; nobody decides about the proposal meanwhile. Where it became an
// address it answers the code, and there is nothing to work on.
func (s *Store) withContactOfProposal(ctx context.Context, number string, by Caller, work func(*gorm.DB, holder) error) (became *geo.Code, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		p, err := s.findProposal(tx, by, number)
		if err != nil {
			return err
		}
		if became = p.Address; became != nil {
			return ownersOnly(by)
		}
		if err := cmp.Or(ownersOnly(by), p.isOpen(nil)); err != nil {
			return err
		}
		held := tx.Exec("UPDATE proposals SET status = status WHERE id = ? AND version = ?", p.id, p.Version)
		switch {
		case held.Error != nil:
			return held.Error
		case held.RowsAffected == 0:
			return p.stale()
		}
		return work(tx, ofProposal(p.id))
	})
	return became, err
}

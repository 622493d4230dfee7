package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Holdings are what an owner token is for: a proposal, the address it became,
// or both.
type Holdings struct {
	Proposal *Proposal // nil: none
	Address  *Address  // nil: not registered yet
}

// Holdings answers what the caller's owner token is for.
func (s *Store) Holdings(ctx context.Context, caller Caller) (h Holdings, err error) {
	if caller.Role != RoleOwner {
		return h, ownersOnly(caller)
	}
	if caller.Owns != nil {
		if h.Address, err = s.Address(ctx, *caller.Owns); err != nil {
			return h, err
		}
	}
	if caller.ProposalID == 0 {
		return h, nil
	}
	list, err := scanProposals(s.read.WithContext(ctx).Raw(selectProposals+"WHERE p.id = ?", caller.ProposalID).Rows())
	if err != nil {
		return h, fmt.Errorf("read an owner's proposal: %w", s.translate(err))
	}
	for _, p := range list {
		p.expire(s.now())
		h.Proposal = p
	}
	return h, nil
}

// RotateProposalToken gives the owner of a proposal another token and answers
// it; the old one opens nothing from now on.
func (s *Store) RotateProposalToken(ctx context.Context, caller Caller, number string) (string, error) {
	token, hash := newSecret(ownerPrefix)
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		p, err := s.findProposal(tx, caller, number)
		if err != nil {
			return err
		}
		if err := ownersOnly(caller); err != nil {
			return err
		}
		return tx.Exec("UPDATE owner_tokens SET hash = ?, created_at = ? WHERE proposal_id = ?", hash, s.now(), p.id).Error
	})
	if err != nil {
		return "", fmt.Errorf("rotate the owner token of a proposal: %w", err)
	}
	return token, nil
}

// RotateAddressToken gives an address another owner token and answers it; all
// older ones open nothing from now on. Its owner may do so, and the officers of
// its commune for an owner who lost the token or never had one: that is stored
// in the list of who read the contact first.
func (s *Store) RotateAddressToken(ctx context.Context, caller Caller, code geo.Code) (string, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return "", err
	}
	token, hash := newSecret(ownerPrefix)
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := checkHolder(tx, units, caller, code); err != nil {
			return err
		}
		if !caller.owns(code) { // who has the token reads the contact without leaving a trace
			if err := s.keepRead(tx, ofAddress(code), caller, purposeHandover); err != nil {
				return err
			}
		}
		return s.replaceToken(tx, code, hash)
	})
	if err != nil {
		return "", fmt.Errorf("rotate the owner token of an address: %w", err)
	}
	return token, nil
}

// checkHolder refuses who is neither the owner of an address nor an officer of
// its commune.
func checkHolder(tx *gorm.DB, units *Units, caller Caller, code geo.Code) error {
	var communes []int64
	if err := tx.Raw("SELECT commune_id FROM addresses WHERE id = ?", code.ID()).Scan(&communes).Error; err != nil {
		return err
	}
	switch {
	case len(communes) == 0:
		return codeNotFound(code)
	case caller.owns(code):
		return nil
	case caller.Role == RoleOwner:
		return caller.notTheOwner(&Address{Code: code})
	}
	return caller.scopeOf().check(units, communes[0])
}

// replaceToken leaves an address one token: that of its proposal, if it has
// one, under another hash.
func (s *Store) replaceToken(tx *gorm.DB, code geo.Code, hash []byte) error {
	err := tx.Exec(`DELETE FROM owner_tokens WHERE address_id = ? AND id <> (SELECT min(t.id) FROM owner_tokens t WHERE t.address_id = ?)`,
		code.ID(), code.ID()).Error
	if err != nil {
		return err
	}
	done := tx.Exec("UPDATE owner_tokens SET hash = ?, created_at = ? WHERE address_id = ?", hash, s.now(), code.ID())
	if done.Error != nil || done.RowsAffected > 0 {
		return done.Error
	}
	return tx.Exec("INSERT INTO owner_tokens (address_id, hash, created_at) VALUES (?, ?, ?)", code.ID(), hash, s.now()).Error
}

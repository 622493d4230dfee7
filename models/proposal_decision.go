package models

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo/text"
)

// maxReason is the greatest length of the reason of a rejection, in characters.
const maxReason = 500

// proposalLevels are the levels of verification that an officer can give.
var proposalLevels = [...]string{VerificationDeclared, "field", "certified"}

// Decision is what an officer decides about a proposal.
type Decision struct {
	Versions        []int64 // those that the caller has read; nil: any
	Level           string  // of a verification; empty: declared
	ConfirmDistinct bool    // verify also what looks like a duplicate
	Reason          string  // of a rejection; the owner reads it
}

// VerifyProposal issues the code of a proposal in one transaction: the contact
// and the owner's token go over to the address. What looks like an address
// that is there already is a Conflict, unless ConfirmDistinct.
func (s *Store) VerifyProposal(ctx context.Context, caller Caller, number string, by Decision) (*Address, error) {
	if by.Level == "" {
		by.Level = VerificationDeclared
	}
	if e := oneOf("level", by.Level, proposalLevels[:]); e != nil {
		return nil, e
	}
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	var issued *Address
	err = s.changeProposal(ctx, caller, number, by.Versions, officersOnly, func(tx *gorm.DB, p *Proposal) (err error) {
		issued, err = s.issueProposed(tx, units, p, caller.Actor(by.Level), by.ConfirmDistinct)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("verify a proposal: %w", err)
	}
	return issued, nil
}

// issueProposed makes a proposal an address.
func (s *Store) issueProposed(tx *gorm.DB, units *Units, p *Proposal, actor Actor, distinct bool) (*Address, error) {
	r, err := p.Asked.registration()
	if err != nil {
		return nil, err
	}
	d := newDraft(r, actor, units, s.Today())
	if err := cmp.Or(d.err, d.unlocated); err != nil {
		return nil, err
	}
	if !distinct {
		if err := s.refuseDuplicate(tx, units, d); err != nil {
			return nil, err
		}
	}
	changes, err := s.insert(tx, []*draft{d}, actor)
	if err := cmp.Or(err, d.err); err != nil {
		return nil, err
	}
	code := d.address.Code
	p.Status, p.Address = ProposalVerified, &code
	if err := s.endProposal(tx, p, actor.Name); err != nil {
		return nil, err
	}
	if err := passContact(tx, ofProposal(p.id), ofAddress(code)); err != nil {
		return nil, err
	}
	if err := tx.Exec("UPDATE owner_tokens SET address_id = ? WHERE proposal_id = ?", code.ID(), p.id).Error; err != nil {
		return nil, fmt.Errorf("pass an owner token on: %w", err)
	}
	return d.address, s.appendChanges(tx, changes)
}

// RejectProposal ends a proposal with a reason for its owner, and erases the
// contact.
func (s *Store) RejectProposal(ctx context.Context, caller Caller, number string, by Decision) (*Proposal, error) {
	reason, err := text.Clean(by.Reason, maxReason)
	if e := textError("reason", err); e != nil {
		return nil, e
	}
	if reason == "" {
		return nil, invalid("reason", "required", "A rejection needs a reason, which the owner reads.", "Từ chối phải có lý do để chủ sở hữu biết.")
	}
	return s.closeProposal(ctx, caller, number, by.Versions, officersOnly, func(p *Proposal) { p.Status, p.Reason = ProposalRejected, reason })
}

// WithdrawProposal ends a proposal by its owner, and erases the contact.
func (s *Store) WithdrawProposal(ctx context.Context, caller Caller, number string, versions []int64) (*Proposal, error) {
	return s.closeProposal(ctx, caller, number, versions, ownersOnly, func(p *Proposal) { p.Status = ProposalWithdrawn })
}

// closeProposal ends a proposal without an address.
func (s *Store) closeProposal(ctx context.Context, caller Caller, number string, versions []int64, may func(Caller) error, end func(*Proposal)) (closed *Proposal, err error) {
	err = s.changeProposal(ctx, caller, number, versions, may, func(tx *gorm.DB, p *Proposal) error {
		end(p)
		closed = p
		return s.endProposal(tx, p, caller.Name)
	})
	if err != nil {
		return nil, fmt.Errorf("close a proposal: %w", err)
	}
	return closed, nil
}

// errUnchanged takes back a transaction that would change nothing.
var errUnchanged = errors.New("nothing changes")

// CorrectProposal puts another registration in the place of what a proposal
// asks, by its owner or an officer, who may not move it out of the own
// communes. The expected code is found anew; what changes nothing makes no new
// version.
func (s *Store) CorrectProposal(ctx context.Context, caller Caller, number string, versions []int64, r Registration) (*Proposal, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	by := Actor{} // an owner, anywhere
	if caller.Role != RoleOwner {
		by = caller.Actor("")
	}
	var corrected *Proposal
	err = s.changeProposal(ctx, caller, number, versions, anybodyWhoSees, func(tx *gorm.DB, p *Proposal) error {
		asks, err := s.draftProposal(tx, units, r, by)
		if err != nil {
			return err
		}
		if reflect.DeepEqual(asks.Asked, p.Asked) {
			p.Version, p.LooksLike = p.Version-1, asks.LooksLike
			corrected = p
			return errUnchanged
		}
		p.Asked, p.CommuneID, p.Expected, p.LooksLike = asks.Asked, asks.CommuneID, asks.Expected, asks.LooksLike
		corrected = p
		asked, err := json.Marshal(p.Asked)
		if err != nil {
			return err
		}
		return tx.Exec("UPDATE proposals SET registration = ?, commune_id = ?, expected_id = ? WHERE id = ?",
			string(asked), p.CommuneID, p.Expected.ID(), p.id).Error
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return nil, fmt.Errorf("correct a proposal: %w", err)
	}
	return corrected, nil
}

// changeProposal runs work on an open proposal in a transaction, in which it
// has its next version already: of several who try at once one succeeds, the
// others are Stale.
func (s *Store) changeProposal(ctx context.Context, caller Caller, number string, versions []int64, may func(Caller) error, work func(tx *gorm.DB, p *Proposal) error) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		p, err := s.findProposal(tx, caller, number)
		if err != nil {
			return err
		}
		if err := cmp.Or(may(caller), p.isOpen(versions)); err != nil {
			return err
		}
		done := tx.Exec("UPDATE proposals SET version = version + 1 WHERE id = ? AND version = ? AND status = 'proposed'", p.id, p.Version)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return p.stale()
		}
		p.Version++
		return work(tx, p)
	})
}

// isOpen refuses to change a version that was not read, or what has ended.
func (p *Proposal) isOpen(versions []int64) error {
	if versions != nil && !slices.Contains(versions, p.Version) {
		return p.stale()
	}
	if p.Status == ProposalProposed {
		return nil
	}
	return conflict("", "proposal-closed", "The proposal %[1]s is %[2]s already: nothing about it can be changed any more.",
		"Đề nghị %[1]s đã kết thúc, %[3]s: không thể thay đổi nữa.", grouped(p.Number), p.Status, InVietnamese(p.Status))
}

func (p *Proposal) stale() error {
	return NewError(Stale, "", "stale", "The proposal %s was changed or decided by somebody else meanwhile: read it again.",
		"Đề nghị %s vừa được người khác thay đổi hoặc xử lý: hãy đọc lại.", grouped(p.Number))
}

// endProposal writes the end of a proposal and erases what is of a person.
func (s *Store) endProposal(tx *gorm.DB, p *Proposal, by string) error {
	if p.DecidedAt.IsZero() {
		p.DecidedAt = s.now()
	}
	p.Asked = p.Asked.withoutPerson()
	asked, err := json.Marshal(p.Asked)
	if err != nil {
		return err
	}
	var address any
	if p.Address != nil {
		address = p.Address.ID()
	}
	err = tx.Exec("UPDATE proposals SET status = ?, registration = ?, decided_at = ?, decided_by = ?, reason = ?, address_id = ? WHERE id = ?",
		p.Status, string(asked), p.DecidedAt, by, p.Reason, address, p.id).Error
	if err != nil || p.Address != nil {
		return err
	}
	_, err = eraseContact(tx, ofProposal(p.id))
	return err
}

// Who of those that see a proposal may do something about it.
func anybodyWhoSees(Caller) error { return nil }

func officersOnly(c Caller) error {
	if c.Role == RoleOfficer || c.Role == RoleAdmin {
		return nil
	}
	return NewError(Forbidden, "", "officers-only", "Only an officer of the commune decides about a proposal.",
		"Chỉ cán bộ của xã/phường được xử lý đề nghị.")
}

func ownersOnly(c Caller) error {
	if c.Role == RoleOwner {
		return nil
	}
	return NewError(Forbidden, "", "owners-only", "Only the owner may do this, with the owner token.",
		"Chỉ chủ sở hữu được làm việc này, bằng mã chủ sở hữu.")
}

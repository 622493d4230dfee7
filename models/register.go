package models

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"
)

// Register issues a code for one object and answers the new address. What
// looks like an address that is there already is a Conflict with the
// candidates, unless ConfirmDistinct.
func (s *Store) Register(ctx context.Context, r Registration, actor Actor) (*Address, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	d := newDraft(r, actor, units, s.Today())
	if err := cmp.Or(d.err, d.unlocated); err != nil {
		return nil, err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.refuseTakenRef(tx, d); err != nil {
			return err
		}
		if !d.ConfirmDistinct {
			if err := s.refuseDuplicate(tx, units, d); err != nil {
				return err
			}
		}
		changes, err := s.insert(tx, []*draft{d}, actor)
		if err := cmp.Or(err, d.err); err != nil {
			return err
		}
		if d.Contact != nil {
			if err := s.addContact(tx, d.Contact, ofAddress(d.address.Code)); err != nil {
				return err
			}
		}
		return s.appendChanges(tx, changes)
	})
	if err != nil {
		return nil, err
	}
	return d.address, nil
}

// refuseTakenRef keeps a ref for the one address it names.
func (s *Store) refuseTakenRef(tx *gorm.DB, d *draft) error {
	if err := s.findRefs(tx, []*draft{d}); err != nil || d.known == nil {
		return err
	}
	return conflict("ref", "ref-taken", "The ref names %s already: give this object a ref of its own.",
		"Mã hồ sơ đã thuộc về %s: hãy cấp mã hồ sơ khác cho đối tượng này.", d.known.Code)
}

func (s *Store) refuseDuplicate(tx *gorm.DB, units *Units, d *draft) error {
	repeated, err := s.duplicatesOf(tx, d)
	if err != nil || len(repeated) == 0 {
		return err
	}
	candidates := make([]PublicAddress, len(repeated))
	for i, a := range repeated {
		candidates[i] = units.Public(a, s.Today())
	}
	refusal := conflict("", "duplicate",
		"It looks like %s, which is registered already: use that code, or say that this is another object (confirm_distinct).",
		"Có vẻ trùng với %s đã đăng ký: hãy dùng mã đó, hoặc xác nhận đây là đối tượng khác (confirm_distinct).", candidates[0].Code)
	refusal.Candidates = candidates
	return refusal
}

// duplicatesOf are the current addresses that a draft repeats.
func (s *Store) duplicatesOf(tx *gorm.DB, d *draft) ([]*Address, error) {
	alike, err := s.alike(tx, []*draft{d})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(alike[d], func(a *Address) bool { return !d.duplicates(a) }), nil
}

// shownDuplicatesOf are the current addresses that a draft repeats in what
// anybody may know of them: otherwise whoever asks could try out names until
// one is that of a neighbour.
func (s *Store) shownDuplicatesOf(tx *gorm.DB, d *draft) ([]*Address, error) {
	alike, err := s.alike(tx, []*draft{d})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(alike[d], func(a *Address) bool { return !d.duplicates(a.shown()) }), nil
}

// insert issues codes for drafts and writes their rows and identifiers; it
// answers the changes to append. Drafts that can't have a code keep their error.
func (s *Store) insert(tx *gorm.DB, drafts []*draft, actor Actor) (changes []change, err error) {
	now := s.now()
	for _, d := range drafts {
		d.address.CreatedAt, d.address.UpdatedAt, d.address.VerifiedAt = now, now, now
	}
	if err := s.issue(tx, drafts); err != nil {
		return nil, err
	}
	var identifiers []identifierRow
	for _, d := range drafts {
		if d.err != nil {
			continue
		}
		for _, i := range d.address.Identifiers {
			identifiers = append(identifiers, identifierRow{d.address.Code, i})
		}
		changes = append(changes, change{at: now, op: "insert", code: d.address.Code, version: 1, actor: actor.Name, address: d.address})
	}
	return changes, s.insertIdentifiers(tx, identifiers)
}

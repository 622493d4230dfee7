package models

import (
	"fmt"
	"slices"

	"diachiso/geo"
)

// move gives an object that is no longer near its anchor a new code, and with
// a door its units; the old codes are retired with the new ones as successors.
func (r *revision) move(old, new *Address) (geo.Code, error) {
	units, err := r.unitsBehind(old.Code)
	if err != nil {
		return 0, err
	}
	for _, unit := range units {
		if err := r.checkScope(unit.CommuneID); err != nil {
			return 0, err
		}
	}
	door, err := r.issueMoved([]*draft{{address: r.fresh(new)}})
	if err != nil {
		return 0, err
	}
	behind := make([]*draft, len(units))
	for i, unit := range units {
		if behind[i], err = r.follower(unit, old, door[0].address); err != nil {
			return 0, err
		}
		behind[i].highest = units[len(units)-1].Code.Unit()
	}
	if behind, err = r.issueMoved(behind); err != nil {
		return 0, err
	}
	for i, a := range append([]*Address{old}, units...) {
		if err := r.handOver(a, append(door, behind...)[i].address); err != nil {
			return 0, err
		}
	}
	return door[0].address.Code, nil
}

// fresh is an address as it begins at a new place: what was vouched for is the
// old one.
func (r *revision) fresh(a *Address) *Address {
	f := *a
	f.Code, f.Version, f.ValidTo = 0, 1, ""
	f.Supersedes, f.Successors, f.Identifiers = nil, nil, nil
	f.Verification, f.VerifiedBy = VerificationDeclared, r.caller.Name
	f.CreatedAt, f.UpdatedAt, f.VerifiedAt = r.now, r.now, r.now
	return &f
}

// follower is the draft of a unit that moves with its door: it keeps its place
// beside it.
func (r *revision) follower(unit, from, to *Address) (*draft, error) {
	a := r.fresh(unit)
	a.ValidFrom = to.ValidFrom
	a.Point = geo.Point{Lat: unit.Point.Lat + to.Point.Lat - from.Point.Lat, Lng: unit.Point.Lng + to.Point.Lng - from.Point.Lng}
	if geo.Distance(to.Code.Centre(), a.Point) > maxDrift {
		a.Point = to.Point
	}
	commune, err := r.communeOf(a)
	if err != nil {
		return nil, err
	}
	if a.CommuneID != commune.ID {
		a.CommuneID, a.FormerCommuneID = commune.ID, 0
	}
	return &draft{Registration: Registration{Parent: &to.Code}, address: a, serial: unit.Code.Unit()}, r.checkScope(commune.ID)
}

// issueMoved issues the codes of moved addresses.
func (r *revision) issueMoved(drafts []*draft) ([]*draft, error) {
	for _, d := range drafts {
		d.Point = d.address.Point
	}
	if err := r.s.issue(r.tx, drafts); err != nil {
		return nil, err
	}
	for _, d := range drafts {
		if d.err != nil {
			return nil, d.err
		}
	}
	return drafts, nil
}

// handOver retires an address for the one that its object has now, with all
// that belongs to the object rather than to the place. The name is one of
// these: whoever takes it back at the new code must not find it at the old one.
func (r *revision) handOver(from, to *Address) error {
	left := *from
	left.Reason, left.Name, left.NamePublic, left.Identifiers = ReasonMoved, "", false, nil
	for _, i := range from.Identifiers {
		if i.ValidTo != "" {
			left.Identifiers = append(left.Identifiers, i)
		} else {
			to.Identifiers = append(to.Identifiers, i)
		}
	}
	r.changes = append(r.changes, change{at: r.now, op: "insert", code: to.Code, version: 1, actor: r.caller.Name, address: to})
	if err := r.retire(from, &left, "move", []geo.Code{to.Code}); err != nil {
		return err
	}
	return r.follow(from.Code, to.Code)
}

// follow gives one address what belongs to the object of another: identifiers
// in force, owner tokens, the proposal, the contact with the list of who read
// it, and reports. Confirmations were of the place and stay.
func (r *revision) follow(from, to geo.Code) error {
	for _, statement := range []string{
		"UPDATE identifiers SET address_id = ? WHERE address_id = ? AND valid_to IS NULL",
		"UPDATE owner_tokens SET address_id = ? WHERE address_id = ?",
		"UPDATE proposals SET address_id = ? WHERE address_id = ?",
		"UPDATE reports SET address_id = ? WHERE address_id = ?",
	} {
		if err := r.tx.Exec(statement, to.ID(), from.ID()).Error; err != nil {
			return fmt.Errorf("hand over what belongs to %s: %w", from, err)
		}
	}
	if kept, err := contactOf(r.tx, ofAddress(to)); err != nil || kept != nil {
		return err // whoever comes back finds a contact that was given since
	}
	return passContact(r.tx, ofAddress(from), ofAddress(to))
}

// comeBack takes back, for an address that is restored, what had followed its
// object to where it was last, which is retired too.
func (r *revision) comeBack(a, back *Address) error {
	last, err := r.lastPlace(a)
	if err != nil || last == a {
		return err
	}
	if err := r.checkScope(last.CommuneID); err != nil {
		return err
	}
	poorer := *last
	if back.Kind != "household" {
		back.Name, back.NamePublic = last.Name, last.NamePublic
		poorer.Name, poorer.NamePublic = "", false
	}
	poorer.Identifiers = nil
	back.Identifiers = slices.Clone(a.Identifiers)
	for _, i := range last.Identifiers {
		if i.ValidTo != "" {
			poorer.Identifiers = append(poorer.Identifiers, i)
		} else {
			back.Identifiers = append(back.Identifiers, i)
		}
	}
	if poorer.state() != last.state() || poorer.Name != last.Name {
		if err := r.write(last, &poorer, "update"); err != nil {
			return err
		}
	}
	return r.follow(last.Code, a.Code)
}

// lastPlace follows an object through its moves and holds its last address.
func (r *revision) lastPlace(a *Address) (*Address, error) {
	for a.Reason == ReasonMoved {
		codes, err := scanCodes(r.tx, "SELECT successor_id FROM address_successions WHERE address_id = ? AND until IS NULL", a.Code.ID())
		if err != nil || len(codes) != 1 {
			return a, err
		}
		held, err := r.hold(codes)
		if err != nil {
			return nil, err
		}
		a = held[codes[0]]
	}
	return a, nil
}

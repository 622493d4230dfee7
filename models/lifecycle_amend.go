package models

import (
	"context"

	"diachiso/geo"
)

// Amendment is what somebody wants to have changed of an address: nil leaves
// a field as it is, an empty value empties it.
type Amendment struct {
	Kind         *string
	Name         *string
	NamePublic   *bool
	UnitLabel    *string
	Building     *string
	HouseNumber  *string
	Alley        *string
	Street       *string
	Group        *string
	Hamlet       *string
	Point        *geo.Point
	AccuracyM    *float64 // metres, 0: unknown; of another point nil is that too
	PositionKind *string
	ValidFrom    *Date

	// ConfirmDistinct changes also what then looks like a duplicate.
	ConfirmDistinct bool
}

// Amend changes an address. An owner changes the own text only, which nobody
// has vouched for then: it is declared. A position
// farther than 30 m from the anchor moves the address: the answer is a new
// address with a new code, the old one is retired with it as successor, and a
// door takes its current units along. What changes nothing writes nothing.
// What would then look like another current address is a Conflict with the
// candidates, unless ConfirmDistinct. Of a retired address only the name can
// be hidden.
func (s *Store) Amend(ctx context.Context, e Edit, m Amendment) (*Address, error) {
	e.byOwner = true
	return s.revise(ctx, e, nil, func(r *revision, old *Address) (geo.Code, error) {
		if err := r.refuseRetired(old); err != nil && !m.onlyHidesName() {
			return 0, err
		}
		new, err := r.amended(old, m)
		if err != nil || new.state() == old.state() && new.Name == old.Name {
			return old.Code, err
		}
		if err := r.mayAmend(old, new); err != nil {
			return 0, err
		}
		if r.caller.owns(old.Code) && (new.Parts != old.Parts || new.Name != old.Name) {
			new.Verification, new.VerifiedBy, new.VerifiedAt = VerificationDeclared, r.caller.Name, r.now
		}
		if !m.ConfirmDistinct {
			if err := r.refuseDuplicate(old, new); err != nil {
				return 0, err
			}
		}
		if new.Point == old.Point || new.drift() <= maxDrift {
			return old.Code, r.write(old, new, "update")
		}
		if m.ValidFrom == nil {
			new.ValidFrom = r.today
		}
		return r.move(old, new)
	})
}

// onlyHidesName tells whether an amendment asks for nothing but a name that is
// no longer public.
func (m Amendment) onlyHidesName() bool {
	hides := m.NamePublic != nil && !*m.NamePublic
	m.NamePublic = nil
	return hides && m == Amendment{}
}

// amended is an address with what an amendment changes.
func (r *revision) amended(old *Address, m Amendment) (*Address, error) {
	asked := m.over(old)
	if errs := asked.Check(); len(errs) > 0 {
		return nil, errs
	}
	if err := asked.checkDay(r.today); m.ValidFrom != nil && err != nil {
		return nil, err
	}
	new := *old
	new.Kind, new.Name, new.Parts = asked.Kind, asked.Name, asked.Parts
	new.Point, new.AccuracyM, new.PositionKind, new.ValidFrom = asked.Point, asked.AccuracyM, asked.PositionKind, asked.ValidFrom
	new.NamePublic = m.namePublic(old, new.Kind) && new.Name != ""
	if new.Point == old.Point {
		return &new, nil
	}
	new.PositionMethod = ""
	commune, err := r.communeOf(&new)
	if err != nil {
		return nil, err
	}
	if commune.ID != old.CommuneID {
		new.CommuneID, new.FormerCommuneID = commune.ID, 0
	}
	return &new, nil
}

// over is the registration that an address with an amendment would have. Who
// becomes a household loses the name unless one is given, which is refused.
func (m Amendment) over(a *Address) *Registration {
	r := &Registration{Kind: a.Kind, Name: a.Name, Parts: a.Parts, Point: a.Point, AccuracyM: a.AccuracyM,
		PositionKind: a.PositionKind, ValidFrom: a.ValidFrom}
	for _, f := range []struct{ into, from *string }{
		{&r.Kind, m.Kind}, {&r.Name, m.Name}, {&r.PositionKind, m.PositionKind},
		{&r.Parts.UnitLabel, m.UnitLabel}, {&r.Parts.Building, m.Building}, {&r.Parts.HouseNumber, m.HouseNumber},
		{&r.Parts.Alley, m.Alley}, {&r.Parts.Street, m.Street}, {&r.Parts.Group, m.Group}, {&r.Parts.Hamlet, m.Hamlet},
	} {
		if f.from != nil {
			*f.into = *f.from
		}
	}
	if m.Point != nil && *m.Point != a.Point {
		r.Point, r.AccuracyM = *m.Point, 0 // it was that of the other point
	}
	if m.AccuracyM != nil {
		r.AccuracyM = *m.AccuracyM
	}
	if m.ValidFrom != nil {
		r.ValidFrom = *m.ValidFrom
	}
	if r.Kind == "household" && m.Name == nil {
		r.Name = ""
	}
	return r
}

// namePublic says whether the name is public after an amendment: as asked, or
// as it was, or where there was none, as at registration.
func (m Amendment) namePublic(old *Address, kind string) bool {
	switch {
	case m.NamePublic != nil:
		return *m.NamePublic
	case old.Name == "":
		return kind == "public" || kind == "landmark"
	}
	return old.NamePublic
}

// mayAmend refuses what the caller may not change: an owner anything but the
// own text, an officer what lies in a commune of others.
func (r *revision) mayAmend(old, new *Address) error {
	if r.caller.owns(old.Code) {
		text := *old
		text.Name, text.NamePublic, text.Parts = new.Name, new.NamePublic, new.Parts
		if text.state() == new.state() {
			return nil
		}
		return NewError(Forbidden, "", "owner-text-only",
			"An owner changes the name and the written parts only: report a wrong place (POST /v1/addresses/%s/reports) or ask the commune's officer.",
			"Chủ sở hữu chỉ được sửa tên và các phần của địa chỉ viết: hãy báo sai vị trí (POST /v1/addresses/%s/reports) hoặc nhờ cán bộ xã/phường.", old.Code)
	}
	return r.checkScope(new.CommuneID)
}

// communeOf is today's commune of the point of an address. Where no boundary
// says otherwise it is still the one it had, or what that became.
func (r *revision) communeOf(a *Address) (*AdminUnit, error) {
	if found := r.units.CommuneAt(a.Point, r.today); found != nil {
		return found, nil
	}
	if became := r.units.current(r.units.byID[a.CommuneID], r.today); len(became) > 0 && !became[0].HasBoundary {
		return became[0], nil
	}
	return nil, invalid("lat", "no-commune", "The point lies in no commune whose boundary is loaded: correct the position.",
		"Điểm không nằm trong xã/phường nào đã có ranh giới: hãy sửa vị trí.")
}

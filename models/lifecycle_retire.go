package models

import (
	"context"
	"fmt"
	"slices"

	"diachiso/geo"
)

// maxSuccessors is how many successors one retirement can name.
const maxSuccessors = 100

// Retirement says why an address is no longer in use and what took its place.
type Retirement struct {
	Reason     string     // one of RetireReasons
	Successors []geo.Code // current addresses; needed for duplicate, merged and divided
	WithUnits  bool       // a door's current units go with it, with the same reason and successors
}

// Retire takes an address out of use. Its code stays and answers with the
// reason and the successors; nothing is deleted. Merging is retiring several
// addresses with one successor, dividing is retiring one with several.
func (s *Store) Retire(ctx context.Context, e Edit, o Retirement) (*Address, error) {
	if err := o.check(e.Code); err != nil {
		return nil, err
	}
	return s.revise(ctx, e, o.Successors, func(r *revision, a *Address) (geo.Code, error) {
		if err := r.refuseRetired(a); err != nil {
			return 0, err
		}
		if err := r.checkSuccessors(o.Successors); err != nil {
			return 0, err
		}
		units, err := r.unitsBehind(a.Code)
		if err != nil {
			return 0, err
		}
		if err := r.refuseUnits(a, units, o); err != nil {
			return 0, err
		}
		for _, gone := range append([]*Address{a}, units...) {
			left := *gone
			left.Reason = o.Reason
			if err := r.retire(gone, &left, "retire", o.Successors); err != nil {
				return 0, err
			}
			if err := r.settleReports(gone.Code); err != nil {
				return 0, err
			}
		}
		return a.Code, nil
	})
}

// check reports what can be told to be wrong without the registry, and brings
// the successors into order.
func (o *Retirement) check(code geo.Code) error {
	if err := oneOf("reason", o.Reason, RetireReasons[:]); err != nil {
		return err
	}
	slices.Sort(o.Successors)
	o.Successors = slices.Compact(o.Successors)
	needed := o.Reason == ReasonDuplicate || o.Reason == ReasonMerged || o.Reason == ReasonDivided
	switch {
	case needed && len(o.Successors) == 0:
		return invalid("successors", "required", "The reason %[1]s needs the codes of the successors.", "Lý do %[2]s cần có mã kế tiếp.",
			o.Reason, InVietnamese(o.Reason))
	case len(o.Successors) > maxSuccessors:
		return invalid("successors", "too-many", "There are %d successors; at most %d are taken.", "Có %d mã kế tiếp; tối đa là %d.", len(o.Successors), maxSuccessors)
	case slices.Contains(o.Successors, code):
		return invalid("successors", "successor-itself", "An address can't be its own successor: leave %s out.", "Một địa chỉ không thể kế tiếp chính nó: hãy bỏ %s.", code)
	}
	return nil
}

// checkSuccessors refuses successors that are not current. As a current
// address has no successors itself, no circle can come about.
func (r *revision) checkSuccessors(successors []geo.Code) error {
	held, err := r.hold(successors)
	if err != nil {
		return err
	}
	for _, code := range successors {
		switch a := held[code]; {
		case a == nil:
			return invalid("successors", "unknown-successor", "Nothing is registered under %s: register the successor first.",
				"Chưa có địa chỉ nào mang mã %s: hãy đăng ký mã kế tiếp trước.", code)
		case a.Status != StatusCurrent:
			return conflict("successors", "successor-retired", "The successor %s is retired itself: name a current address.",
				"Mã kế tiếp %s cũng đã ngừng dùng: hãy nêu địa chỉ hiện hành.", code)
		}
	}
	return nil
}

// unitsBehind holds the current units of a door.
func (r *revision) unitsBehind(door geo.Code) ([]*Address, error) {
	if !door.IsDoor() {
		return nil, nil
	}
	codes, err := scanCodes(r.tx, "SELECT a.id FROM addresses a WHERE a.id > ? AND a.id <= ? AND a.status = 'current' ORDER BY a.id",
		door.ID(), door.ID()+geo.MaxUnit)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	held, err := r.hold(codes)
	if err != nil {
		return nil, err
	}
	units := make([]*Address, 0, len(codes))
	for _, code := range codes {
		if unit := held[code]; unit.Status == StatusCurrent {
			units = append(units, unit)
		}
	}
	return units, nil
}

// refuseUnits refuses to retire a door with units that may not go with it.
func (r *revision) refuseUnits(door *Address, units []*Address, o Retirement) error {
	if len(units) > 0 && !o.WithUnits {
		return conflict("", "has-units", "Behind the door %s there are %d current units: retire them first, or with it (with_units).",
			"Sau cửa %s còn %d đơn vị hiện hành: hãy ngừng dùng các đơn vị đó trước hoặc cùng lúc (with_units).", door.Code, len(units))
	}
	for _, unit := range units {
		if slices.Contains(o.Successors, unit.Code) {
			return conflict("successors", "successor-retired", "The successor %s is a unit that would be retired with its door: retire the units one by one.",
				"Mã kế tiếp %s là đơn vị sẽ ngừng dùng cùng cửa: hãy ngừng dùng từng đơn vị.", unit.Code)
		}
		if err := r.checkScope(unit.CommuneID); err != nil {
			return err
		}
	}
	return nil
}

// retire takes an address out of use; left is what is left of it, with the
// reason.
func (r *revision) retire(a, left *Address, op string, successors []geo.Code) error {
	left.Status, left.ValidTo = StatusRetired, max(r.today, a.ValidFrom)
	if err := r.write(a, left, op); err != nil {
		return err
	}
	return r.s.succeed(r.tx, left, successors)
}

// settleReports accepts what waits to be decided about an address that is
// retired: there is nothing more to decide.
func (r *revision) settleReports(code geo.Code) error {
	err := r.tx.Exec("UPDATE reports SET status = ?, decided_at = ?, decided_by = ?, version = version + 1 WHERE address_id = ? AND status = ?",
		ReportAccepted, r.now, r.caller.Name, code.ID(), ReportOpen).Error
	if err != nil {
		return fmt.Errorf("settle the reports about an address: %w", err)
	}
	return nil
}

package models

import (
	"context"
	"fmt"

	"diachiso/geo"
)

// Restoration says how a retired address comes back.
type Restoration struct {
	WithUnits       bool // with a door the units that were retired or moved with it
	ConfirmDistinct bool // also what then looks like another current address
}

// Restore takes a retired address into use again, while none of its
// successors is current. What would then look like another current address is
// a Conflict with the candidates, unless ConfirmDistinct.
func (s *Store) Restore(ctx context.Context, e Edit, o Restoration) (*Address, error) {
	// Of a unit the door is held too, so that this doesn't retire unseen meanwhile.
	return s.revise(ctx, e, []geo.Code{e.Code.Door()}, func(r *revision, a *Address) (geo.Code, error) {
		back := []*Address{a}
		if o.WithUnits && a.Status == StatusRetired {
			units, err := r.unitsGoneWith(a.Code)
			if err != nil {
				return 0, err
			}
			back = append(back, units...)
		}
		for _, gone := range back {
			if err := r.restore(gone, o.ConfirmDistinct); err != nil {
				return 0, err
			}
		}
		return a.Code, nil
	})
}

// unitsGoneWith holds the retired units of a door that left with it: in one
// transaction, and so at the same instant.
func (r *revision) unitsGoneWith(door geo.Code) ([]*Address, error) {
	if !door.IsDoor() {
		return nil, nil
	}
	const newest = "(SELECT max(seq) FROM changes WHERE address_id = %s AND op IN ('retire', 'move'))"
	codes, err := scanCodes(r.tx, `SELECT a.id FROM addresses a JOIN changes c ON c.seq = `+fmt.Sprintf(newest, "a.id")+`
		JOIN changes d ON d.seq = `+fmt.Sprintf(newest, "?")+`
		WHERE a.id > ? AND a.id <= ? AND a.status = 'retired' AND c.at = d.at AND c.op = d.op AND c.reason = d.reason ORDER BY a.id`,
		door.ID(), door.ID(), door.ID()+geo.MaxUnit)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	held, err := r.hold(codes)
	units := make([]*Address, len(codes))
	for i, code := range codes {
		units[i] = held[code]
	}
	return units, err
}

// restore takes one address into use again.
func (r *revision) restore(a *Address, distinct bool) error {
	switch {
	case a.Status == StatusCurrent:
		return conflict("", "not-retired", "The address %s is in use: there is nothing to restore.", "Địa chỉ %s đang được dùng: không có gì để khôi phục.", a.Code)
	case len(a.Successors) > 0:
		return conflict("", "has-successor", "The address %s can't be restored while %s stands in its place: retire that first.",
			"Không thể khôi phục %s khi mã kế tiếp %s còn hiện hành: hãy ngừng dùng mã đó trước.", a.Code, listCodes(a.Successors))
	}
	back, err := r.restored(a)
	if err != nil {
		return err
	}
	if !distinct {
		if err := r.refuseDuplicate(nil, back); err != nil {
			return err
		}
	}
	if err := r.write(a, back, "restore"); err != nil {
		return err
	}
	return r.s.endSuccessions(r.tx, back)
}

// restored is a retired address in use again, with what had followed it when
// it moved.
func (r *revision) restored(a *Address) (*Address, error) {
	back := *a
	back.Status, back.Reason, back.ValidTo = StatusCurrent, "", ""
	if !r.units.byID[a.CommuneID].InForce(r.today) {
		commune, err := r.communeOf(&back)
		if err != nil {
			return nil, err
		}
		back.CommuneID, back.FormerCommuneID = commune.ID, a.CommuneID
	}
	if err := r.checkScope(back.CommuneID); err != nil {
		return nil, err
	}
	if a.Reason != ReasonMoved {
		return &back, nil
	}
	if err := r.comeBack(a, &back); err != nil {
		return nil, fmt.Errorf("take back what had moved: %w", err)
	}
	return &back, nil
}

package models

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// importPlan is what is to be done with the drafts of a chunk; those in none
// of its lists have an error or repeat an earlier draft.
type importPlan struct {
	fresh     []*draft // to be registered
	updates   []*draft // to change the address their ref names
	unchanged int
}

// planImport compares the drafts of a chunk with the registry and with each
// other.
func (s *Store) planImport(tx *gorm.DB, drafts []*draft) (importPlan, error) {
	var plan importPlan
	for _, d := range drafts { // what a transaction that was undone found out
		d.known, d.same, d.err = nil, nil, nil
	}
	if err := s.findRefs(tx, drafts); err != nil {
		return plan, err
	}
	var unknown []*draft
	for _, d := range drafts {
		if d.unlocated != nil && d.known != nil {
			d.address.CommuneID = d.known.CommuneID
		}
		switch {
		case d.known == nil && d.unlocated != nil:
			d.err = d.unlocated
		case d.known == nil:
			unknown = append(unknown, d)
		case d.refuseUpdate():
		case d.isUnchanged(d.known):
			plan.unchanged++
		default:
			plan.updates = append(plan.updates, d)
		}
	}
	alike, err := s.alike(tx, unknown)
	if err != nil {
		return plan, err
	}
	seen := newSeen()
	for _, d := range unknown {
		switch same := seen.before(d); {
		case plan.known(d, alike[d]):
		case same == nil:
			seen.add(d)
			plan.fresh = append(plan.fresh, d)
		case d.equals(same):
			plan.unchanged++
		default:
			d.same = same
		}
	}
	return plan, nil
}

// findRefs looks up the addresses that the refs of drafts name.
func (s *Store) findRefs(tx *gorm.DB, drafts []*draft) error {
	refs, by := keyed(drafts, func(d *draft) string { return d.Ref })
	if len(refs) == 0 {
		return nil
	}
	rows, err := tx.Raw("SELECT i.value, i.address_id FROM "+s.dialect.list("d", "text")+` CROSS JOIN identifiers i
		WHERE i.source = ? AND i.value = d.value AND i.scheme = 'ref'`, s.dialect.bind(refs), drafts[0].Source).Rows()
	if err != nil {
		return fmt.Errorf("look up refs: %w", err)
	}
	defer rows.Close()
	owner := map[int64]*draft{}
	var ids []int64
	for rows.Next() {
		var ref string
		var id int64
		if err := rows.Scan(&ref, &id); err != nil {
			return err
		}
		owner[id] = by[ref][0]
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil || len(ids) == 0 {
		return err
	}
	list, err := s.byIDs(tx, ids)
	for _, a := range list {
		owner[a.Code.ID()].known = a
	}
	return err
}

// refuseUpdate reports, in the draft, why the address its ref names can't be
// changed by an import.
func (d *draft) refuseUpdate() bool {
	if d.known.Status == StatusRetired {
		d.err = conflict("ref", "retired", "The ref names %s, which is retired: give the row a ref of its own.",
			"Mã hồ sơ thuộc về %s đã ngừng dùng: hãy cấp mã hồ sơ khác cho dòng này.", d.known.Code)
		return true
	}
	if far := geo.Distance(d.known.Code.Centre(), d.Point); far > maxDrift {
		d.err = conflict("lat", "moved-too-far",
			"The point is %.0f m from the anchor of %s: a position may be corrected within %d m. An object that moved gets a new code: register it under another ref and retire the old one.",
			"Điểm cách điểm neo của mã %[2]s %.0[1]f m: chỉ được hiệu chỉnh vị trí trong vòng %[3]d m. Đối tượng chuyển chỗ cần mã mới: hãy đăng ký với mã hồ sơ khác và ngừng dùng mã cũ.",
			far, d.known.Code, maxDrift)
		return true
	}
	return false
}

// known reports whether a draft is in the registry already: counted as
// unchanged, or rejected as a duplicate with the code.
func (plan *importPlan) known(d *draft, alike []*Address) bool {
	if d.Ref == "" && slices.ContainsFunc(alike, d.isUnchanged) {
		plan.unchanged++
		return true
	}
	for _, a := range alike {
		if d.address.repeats(a) {
			d.err = repeatedRow(a.Code)
			return true
		}
	}
	return false
}

func repeatedRow(code geo.Code) *Error {
	return conflict("", "duplicate",
		"It looks like %s, which is registered already: take the row out, or, where it is another object, tell them apart by house number, unit label (unit_label) or name.",
		"Có vẻ trùng với %s đã đăng ký: hãy bỏ dòng này, hoặc nếu là đối tượng khác thì phân biệt bằng số nhà, căn hộ hoặc tên.", code)
}

// seen remembers the drafts of a chunk by what could make another repeat them.
type seen struct {
	doors  map[doorUnit]*draft
	names  map[string][]*draft
	points map[geo.Point]*draft
}

// doorUnit is a written door and unit of a commune.
type doorUnit struct {
	place
	unitKey string
}

func newSeen() seen {
	return seen{map[doorUnit]*draft{}, map[string][]*draft{}, map[geo.Point]*draft{}}
}

func doorUnitOf(d *draft) doorUnit {
	return doorUnit{d.address.place(), text.Fold(d.address.Parts.UnitLabel)}
}

// before finds an earlier draft that d repeats or equals.
func (k seen) before(d *draft) *draft {
	key := doorUnitOf(d)
	if key.doorKey != "" {
		if same := k.doors[key]; same != nil && (d.address.repeats(same.address) || d.equals(same)) {
			return same
		}
	}
	for _, same := range k.names[text.Fold(d.address.Name)] {
		if d.address.repeats(same.address) {
			return same
		}
	}
	if same := k.points[d.Point]; same != nil && d.equals(same) {
		return same
	}
	return nil
}

// equals reports whether a row without a ref says the same as an earlier one;
// a ref of its own makes it another object.
func (d *draft) equals(earlier *draft) bool { return d.Ref == "" && d.isUnchanged(earlier.address) }

func (k seen) add(d *draft) {
	if key := doorUnitOf(d); key.doorKey != "" {
		k.doors[key] = d
	}
	if d.address.Name != "" && d.address.Parts.HouseNumber == "" {
		name := text.Fold(d.address.Name)
		k.names[name] = append(k.names[name], d)
	}
	k.points[d.Point] = d
}

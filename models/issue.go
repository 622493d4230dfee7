package models

import (
	"cmp"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// finePositionMeters is the accuracy below which a position is trusted to lie
// in its own cell, so that no neighbouring cell may stand for it.
const finePositionMeters = 3

// place is a door of a commune by its folded written parts.
type place struct {
	communeID int64
	doorKey   string
}

// door is what is known of one cell: whether its own code was ever issued,
// which units were, and who stands there now.
type door struct {
	issued  bool
	highest int // serial of the highest unit; 0: none
	serials map[int]bool
	current map[place]bool
	anyone  bool // a current address, the door's own or a unit's
}

func (a *Address) place() place { return place{a.CommuneID, a.Parts.doorKey()} }

// occupancy is what a transaction knows of the doors it issues codes at.
type occupancy struct {
	tx    *gorm.DB
	s     *Store
	doors map[geo.Code]*door
	held  map[geo.Code]bool // doors that nobody else can retire or move
}

// issue gives every draft its code and inserts its row. Candidates are tried
// in the order of the design until one goes in; another transaction that was
// faster costs a draft its candidate, never its turn. A draft that can't have
// a code gets an error; only the database can fail the whole.
func (s *Store) issue(tx *gorm.DB, drafts []*draft) error {
	occ := &occupancy{tx: tx, s: s, doors: map[geo.Code]*door{}, held: map[geo.Code]bool{}}
	for pending := drafts; len(pending) > 0; {
		if err := occ.settle(pending); err != nil {
			return err
		}
		chosen, err := occ.choose(pending)
		if err != nil {
			return err
		}
		inserted, err := s.insertAddresses(tx, chosen)
		if err != nil {
			return err
		}
		pending = slices.DeleteFunc(chosen, func(d *draft) bool { return inserted[d.address.Code] })
		for _, d := range pending {
			clear(occ.doors) // what others committed meanwhile must be read anew
			d.address.Code = 0
		}
	}
	return nil
}

// insertAddresses inserts the rows whose codes are still free.
func (s *Store) insertAddresses(tx *gorm.DB, drafts []*draft) (map[geo.Code]bool, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	// All writers take the cells in one order, so that they seldom block each other.
	ordered := slices.SortedFunc(slices.Values(drafts), func(a, b *draft) int { return cmp.Compare(a.address.Code, b.address.Code) })
	rows := make([][]any, len(drafts))
	for i, d := range ordered {
		rows[i] = d.address.values()
	}
	ids, err := s.dialect.bulkInsert(tx.Statement.Context, tx, bulk{
		table: "addresses", columns: addressColumns, rows: rows,
		conflict: "ON CONFLICT (id) DO NOTHING", returning: "id",
	})
	if err != nil {
		return nil, fmt.Errorf("insert addresses: %w", err)
	}
	inserted := make(map[geo.Code]bool, len(ids))
	for _, id := range ids {
		inserted[geo.Code(id)] = true
	}
	return inserted, nil
}

// choose picks a candidate for every draft, as if the ones before it had
// been issued already.
func (o *occupancy) choose(drafts []*draft) ([]*draft, error) {
	chosen := make([]*draft, 0, len(drafts))
	for _, d := range drafts {
		code, err := o.candidate(d)
		if err != nil {
			return nil, err
		}
		if d.err != nil {
			continue
		}
		d.address.Code = code
		o.doors[code.Door()].add(code, d.address.Status, d.address.place())
		chosen = append(chosen, d)
	}
	return chosen, nil
}

// candidate is the first code of section 3's order that is free for a draft.
func (o *occupancy) candidate(d *draft) (geo.Code, error) {
	home := d.home()
	at := o.doors[home]
	if d.Parent != nil && !at.anyone {
		d.err = notFound("parent", "unknown-parent", "No current address has the code %s or stands behind it.",
			"Không có địa chỉ hiện hành nào mang mã %s hoặc ở sau cửa đó.", d.Parent.Door())
		return 0, nil
	}
	key := d.address.place()
	behind := d.Parent != nil || d.address.Parts.UnitLabel != "" || key.doorKey != "" && at.current[key]
	if behind {
		return d.nextUnit(home, at), nil
	}
	if !at.issued {
		return home, nil
	}
	if d.address.AccuracyM == 0 || d.address.AccuracyM >= finePositionMeters {
		neighbours := geo.Neighbours(d.address.Point)
		if err := o.load(neighbours); err != nil {
			return 0, err
		}
		for _, n := range neighbours {
			if !o.doors[n].issued {
				return n, nil
			}
		}
	}
	return d.nextUnit(home, at), nil
}

// home is the door a draft is issued at: its parent's, or that of its cell.
func (d *draft) home() geo.Code {
	if d.Parent != nil {
		return d.Parent.Door()
	}
	home, err := geo.Encode(d.address.Point)
	if err != nil {
		panic(err) // a geo.Point comes from geo.ParsePoint, which checks the window
	}
	return home
}

// nextUnit is the unit after the door's highest; when the last serial is used
// (a move may have brought it), the lowest gap. A unit that moves with its door
// keeps its serial where that is free, and takes none that others would keep.
func (d *draft) nextUnit(home geo.Code, at *door) geo.Code {
	serial := max(at.highest, d.highest) + 1
	if d.serial > 0 && !at.serials[d.serial] {
		serial = d.serial
	}
	for gap := 1; serial > geo.MaxUnit && gap <= geo.MaxUnit; gap++ {
		if !at.serials[gap] {
			serial = gap
		}
	}
	code, err := home.WithUnit(serial)
	if err != nil {
		d.err = conflict("", "door-full", "All 8,000 units behind door %s are in use: register at another point.",
			"Cả 8.000 số sau cửa %s đã dùng hết: hãy đăng ký ở điểm khác.", home)
	}
	return code
}

// add counts an address that has, or is about to have, a code at the door.
func (at *door) add(code geo.Code, status string, key place) {
	if code.IsDoor() {
		at.issued = true
	} else {
		at.highest = max(at.highest, code.Unit())
		at.serials[code.Unit()] = true
	}
	if status == StatusCurrent {
		at.anyone = true
		at.current[key] = true
	}
}

// settle loads what drafts will need, and holds the doors that they may stand
// behind: who retires or moves one of these meanwhile must find its new units.
func (o *occupancy) settle(drafts []*draft) error {
	for {
		if err := o.loadFor(drafts); err != nil {
			return err
		}
		waited, err := o.holdDoors(drafts)
		if err != nil || !waited {
			return err
		}
		clear(o.doors) // they may have changed while they were waited for
	}
}

// holdDoors holds the doors of drafts that are there and not held yet; it
// answers whether there were any. Writers that take turns need it not.
func (o *occupancy) holdDoors(drafts []*draft) (bool, error) {
	if o.s.dialect.shareRows == "" {
		return false, nil
	}
	var codes []geo.Code
	for _, d := range drafts {
		if home := d.home(); o.doors[home].issued && !o.held[home] {
			o.held[home] = true
			codes = append(codes, home)
		}
	}
	if len(codes) == 0 {
		return false, nil
	}
	err := o.tx.Exec("SELECT a.id FROM addresses a WHERE a.id = ANY(?) ORDER BY a.id "+o.s.dialect.shareRows, o.s.dialect.bind(distinctIDs(codes))).Error
	if err != nil {
		return false, fmt.Errorf("hold the doors: %w", err)
	}
	return true, nil
}

// loadFor loads in two questions what most drafts will need: their own doors,
// and the neighbours of doors that are taken or wanted twice.
func (o *occupancy) loadFor(drafts []*draft) error {
	homes := make([]geo.Code, len(drafts))
	wanted := map[geo.Code]int{}
	for i, d := range drafts {
		homes[i] = d.home()
		wanted[homes[i]]++
	}
	if err := o.load(homes); err != nil {
		return err
	}
	var neighbours []geo.Code
	for i, d := range drafts {
		if o.doors[homes[i]].issued || wanted[homes[i]] > 1 && d.address.Parts.UnitLabel == "" {
			neighbours = append(neighbours, geo.Neighbours(d.address.Point)...)
		}
	}
	return o.load(neighbours)
}

// load reads the doors that are not known yet.
func (o *occupancy) load(codes []geo.Code) error {
	var ids []int64
	for _, c := range codes {
		if o.doors[c] == nil {
			o.doors[c] = &door{serials: map[int]bool{}, current: map[place]bool{}}
			ids = append(ids, c.ID())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := o.tx.Raw(`SELECT a.id, a.status, a.commune_id, a.door_key FROM `+o.s.dialect.list("d", "bigint")+`
		CROSS JOIN addresses a WHERE a.id BETWEEN d.value AND d.value + 8191`, o.s.dialect.bind(ids)).Rows()
	if err != nil {
		return fmt.Errorf("look who stands at the doors: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, communeID int64
		var status, key string
		if err := rows.Scan(&id, &status, &communeID, &key); err != nil {
			return err
		}
		o.doors[geo.Code(id).Door()].add(geo.Code(id), status, place{communeID, key})
	}
	return rows.Err()
}

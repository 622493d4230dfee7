package models

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// changeRow is one line of the change log as it is read.
type changeRow struct {
	seq     int64
	at      time.Time
	op      string
	code    geo.Code
	version int64
	reason  string
	before  string // JSON object of the old values; empty: none
}

// selectChanges reads changes c for scanChanges.
const selectChanges = "SELECT c.seq, c.at, c.op, c.address_id, c.version, c.reason, c.before FROM "

// scanChanges reads all rows of a selectChanges.
func scanChanges(db *gorm.DB, sql string, args ...any) ([]changeRow, error) {
	rows, err := db.Raw(sql, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []changeRow
	for rows.Next() {
		var c changeRow
		var id int64
		var before *string
		if err := rows.Scan(&c.seq, &c.at, &c.op, &id, &c.version, &c.reason, &before); err != nil {
			return nil, err
		}
		if c.code, c.at = geo.Code(id), c.at.UTC(); before != nil {
			c.before = *before
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// statesAfter answers, by number, the address of each of a page of changes as
// it was just after the change: with its version, reason, identifiers,
// successors and what it superseded of then. A name that is not public today
// is not shown.
func (s *Store) statesAfter(db *gorm.DB, page []changeRow) (map[int64]*Address, error) {
	states := make(map[int64]*Address, len(page))
	if len(page) == 0 {
		return states, nil
	}
	presents, err := s.presentsOf(db, page)
	if err != nil {
		return nil, err
	}
	later, err := s.changesSince(db, page)
	if err != nil {
		return nil, err
	}
	wanted := make(map[int64]bool, len(page))
	for _, c := range page {
		wanted[c.seq] = true
	}
	for code, present := range presents {
		then := newRollback(present)
		for _, c := range later[code] {
			if wanted[c.seq] {
				states[c.seq] = then.after(c)
			}
			if err := then.undo(c); err != nil {
				return nil, err
			}
		}
	}
	var moments []moment
	for _, c := range page {
		if a := states[c.seq]; a != nil && (a.related || a.Status == StatusRetired) {
			moments = append(moments, moment{a, c.at})
		}
	}
	return states, s.completeAt(db, moments)
}

// presentsOf reads the addresses of changes as they are.
func (s *Store) presentsOf(db *gorm.DB, page []changeRow) (map[geo.Code]*Address, error) {
	present := map[geo.Code]*Address{}
	var ids []int64
	for _, c := range page {
		if _, known := present[c.code]; !known {
			present[c.code] = nil
			ids = append(ids, c.code.ID())
		}
	}
	list, err := s.byIDs(db, ids)
	for _, a := range list {
		present[a.Code] = a
	}
	for code, a := range present {
		if a == nil {
			delete(present, code)
		}
	}
	return present, err
}

// changesSince reads, for each address of a page of changes, the changes from
// the first of the page on, newest first.
func (s *Store) changesSince(db *gorm.DB, page []changeRow) (map[geo.Code][]changeRow, error) {
	first := map[geo.Code]int64{}
	oldest := page[0].seq
	var ids []int64
	for _, c := range page {
		if seq, known := first[c.code]; !known {
			first[c.code] = c.seq
			ids = append(ids, c.code.ID())
		} else {
			first[c.code] = min(seq, c.seq)
		}
		oldest = min(oldest, c.seq)
	}
	list, err := scanChanges(db, selectChanges+s.dialect.list("d", "bigint")+` CROSS JOIN changes c
		WHERE c.address_id = d.value AND c.seq >= ? ORDER BY c.seq DESC`, s.dialect.bind(ids), oldest)
	if err != nil {
		return nil, fmt.Errorf("read later changes: %w", err)
	}
	later := map[geo.Code][]changeRow{}
	for _, c := range list {
		if c.seq >= first[c.code] {
			later[c.code] = append(later[c.code], c)
		}
	}
	return later, nil
}

// rollback goes back through the changes of one address.
type rollback struct {
	address Address
	shown   string // its public name today
	newest  int64  // the version it was read in; newer changes came in between
}

func newRollback(present *Address) *rollback {
	return &rollback{*present, present.publicName(), present.Version}
}

// after is the address as it was just after a change, when all later ones are
// undone. It keeps to itself a name that is not public today.
func (r *rollback) after(c changeRow) *Address {
	a := r.address
	a.Version, a.UpdatedAt = c.version, c.at
	a.hideName(r.shown)
	return &a
}

// hideName takes away a name other than the one that is public today: whoever
// took a name back did not mean only from then on.
func (a *Address) hideName(shown string) {
	if a.publicName() != shown {
		a.Name, a.NamePublic = "", false
	}
}

// undo puts back what a change changed.
func (r *rollback) undo(c changeRow) error {
	if c.before == "" || c.version > r.newest {
		return nil
	}
	was := r.address.state()
	if err := json.Unmarshal([]byte(c.before), &was); err != nil {
		return fmt.Errorf("read what change %d changed: %w", c.seq, err)
	}
	r.address.restore(was)
	return nil
}

// AddressOn answers an address as it was at the end of a day: before its
// first record, as first recorded; before its valid_from, a NotFound.
func (s *Store) AddressOn(ctx context.Context, code geo.Code, day Date) (*Address, error) {
	present, err := s.Address(ctx, code)
	if err != nil {
		return nil, err
	}
	a, err := s.addressAt(s.read.WithContext(ctx), present, day.End().Add(-time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("read the history of a code: %w", s.translate(err))
	}
	if day < a.ValidFrom {
		return nil, notFound("as_of", "not-yet", "On %s the code %s was not yet in use: it is valid from %s.",
			"Ngày %s mã %s chưa được dùng: mã có hiệu lực từ %s.", day, code.Grouped(), a.ValidFrom)
	}
	return a, nil
}

// addressAt undoes the changes after an instant, but for the first.
func (s *Store) addressAt(db *gorm.DB, present *Address, at time.Time) (*Address, error) {
	changes, err := scanChanges(db, selectChanges+"changes c WHERE c.address_id = ? ORDER BY c.seq DESC", present.Code.ID())
	if err != nil {
		return nil, err
	}
	a, err := asOf(present, changes, at)
	if err != nil || !a.related && a.Status != StatusRetired {
		return a, err
	}
	if a.CreatedAt.After(at) {
		at = a.CreatedAt
	}
	return a, s.completeAt(db, []moment{{a, at}})
}

// asOf undoes all changes of an address, newest first, that came after an
// instant, but for the first of its life.
func asOf(present *Address, changes []changeRow, at time.Time) (*Address, error) {
	then := newRollback(present)
	for i, c := range changes {
		switch first := c.op == "insert" || i == len(changes)-1; {
		case i == 0 && (first || !c.at.After(at)):
			return present, nil
		case first || !c.at.After(at):
			return then.after(c), nil
		}
		if err := then.undo(c); err != nil {
			return nil, err
		}
	}
	return present, nil
}

// HistoryLine is one version of an address: what happened and how the address
// was just after it, with units and texts of that day.
type HistoryLine struct {
	Version int64
	At      time.Time
	Op      string
	Reason  string   // of a retirement
	Changed []string // members that had another value before, in order
	Address *Address
}

// History answers the versions of an address, newest first, that are older
// than one (0: all), and whether more follow. A name that is not public today
// is not shown in any of them.
func (s *Store) History(ctx context.Context, code geo.Code, before int64, limit int) (lines []HistoryLine, more bool, err error) {
	if _, err := s.Address(ctx, code); err != nil {
		return nil, false, err
	}
	if before == 0 {
		before = math.MaxInt64
	}
	db := s.read.WithContext(ctx)
	page, err := scanChanges(db, selectChanges+"changes c WHERE c.address_id = ? AND c.version < ? ORDER BY c.seq DESC LIMIT ?",
		code.ID(), before, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("read the history of a code: %w", s.translate(err))
	}
	if more = len(page) > limit; more {
		page = page[:limit]
	}
	states, err := s.statesAfter(db, page)
	if err != nil {
		return nil, false, fmt.Errorf("read the history of a code: %w", s.translate(err))
	}
	for _, c := range page {
		changed, err := c.changed()
		if err != nil {
			return nil, false, err
		}
		lines = append(lines, HistoryLine{c.version, c.at, c.op, c.reason, changed, states[c.seq]})
	}
	return lines, more, nil
}

// changed names the members that a change changed, as a registration or an
// address has them.
func (c changeRow) changed() ([]string, error) {
	if c.before == "" {
		return nil, nil
	}
	var was map[string]json.RawMessage
	if err := json.Unmarshal([]byte(c.before), &was); err != nil {
		return nil, fmt.Errorf("read what change %d changed: %w", c.seq, err)
	}
	names := map[string]bool{}
	for name := range was {
		switch name {
		case "commune_id":
			name = "commune"
		case "former_commune_id":
			name = "formerly"
		case "verified_at":
			name = "verification"
		}
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names)), nil
}

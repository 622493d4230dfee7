package models

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Stretch is a part of a commune that somebody walks along: its current
// addresses in a hamlet, on a street or of a kind. Empty means any. Names are
// compared with their accents: case, separators and the place of a tone don't
// matter.
type Stretch struct {
	Commune *AdminUnit // today's commune, or a former one
	Hamlet  string
	Street  string
	Kind    string
	Most    int // more are only counted
}

// Along answers the addresses of a stretch in the order in which one walks: by
// street (without one by hamlet and group), alley, house number and code; and
// how many there are. Of more than asked for it answers none. It goes through
// the whole commune.
func (s *Store) Along(ctx context.Context, of Stretch) (list []*Address, all int, err error) {
	err = s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		stops, err := s.stops(tx, of)
		if all = len(stops); err != nil || all > of.Most {
			return err
		}
		codes := make([]geo.Code, all)
		for i, stop := range stops {
			codes[i] = stop.code
		}
		list, err = s.inOrder(tx, codes)
		return err
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	if err != nil {
		return nil, 0, fmt.Errorf("walk along a stretch: %w", s.translate(err))
	}
	return list, all, nil
}

// Addresses answers the addresses of codes, current or retired, in the order of
// the codes. A code that nobody has is an error that names it.
func (s *Store) Addresses(ctx context.Context, codes []geo.Code) ([]*Address, error) {
	list, err := s.inOrder(s.read.WithContext(ctx), codes)
	return list, s.translate(err)
}

// inOrder is Addresses on a connection or in a transaction.
func (s *Store) inOrder(db *gorm.DB, codes []geo.Code) ([]*Address, error) {
	ids := make([]int64, len(codes))
	for i, code := range codes {
		ids[i] = code.ID()
	}
	found, err := scanAddresses(db.Raw(s.dialect.selectListed("bigint")+"WHERE a.id = d.value ORDER BY a.id, i.id", s.dialect.bind(ids)).Rows())
	if err != nil {
		return nil, fmt.Errorf("look up codes: %w", err)
	}
	byCode := make(map[geo.Code]*Address, len(found))
	for _, a := range found {
		byCode[a.Code] = a
	}
	list := make([]*Address, len(codes))
	for i, code := range codes {
		if list[i] = byCode[code]; list[i] == nil {
			return nil, codeNotFound(code)
		}
	}
	return list, s.completeSuccessions(db, list)
}

// stop is an address on a stretch, before it is read whole.
type stop struct {
	code                  geo.Code
	street, alley, number string
}

// stops are the addresses of a stretch as one comes to them.
func (s *Store) stops(tx *gorm.DB, of Stretch) ([]stop, error) {
	where, args := s.conditions(ListFilter{Commune: of.Commune, Kind: of.Kind, Status: StatusCurrent})
	rows, err := tx.Raw("SELECT a.id, a.house_number, a.alley, a.street, a.group_name, a.hamlet FROM addresses a WHERE "+where, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []stop
	for rows.Next() {
		var id int64
		var p Parts
		if err := rows.Scan(&id, &p.HouseNumber, &p.Alley, &p.Street, &p.Group, &p.Hamlet); err != nil {
			return nil, err
		}
		if isNamed(of.Hamlet, p.Hamlet) && isNamed(of.Street, p.Street) {
			list = append(list, newStop(geo.Code(id), p))
		}
	}
	slices.SortFunc(list, func(a, b stop) int {
		return cmp.Or(cmp.Compare(a.street, b.street), cmp.Compare(a.alley, b.alley), compareNumbers(a.number, b.number), cmp.Compare(a.code, b.code))
	})
	return list, rows.Err()
}

// isNamed tells whether a name is the one wanted; any is where none is.
func isNamed(wanted, name string) bool {
	return wanted == "" || wanted == name || text.Accented(wanted) == text.Accented(name)
}

func newStop(code geo.Code, p Parts) stop {
	street := p.Street
	if street == "" {
		street = p.Hamlet + " " + p.Group
	}
	return stop{code, text.Accented(street), text.Accented(p.Alley), p.HouseNumber}
}

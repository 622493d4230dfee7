package models

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// snapshotRows is how many addresses of a snapshot are read at a time; three
// times as many are in memory.
const snapshotRows = 1000

// Snapshot gives the addresses of a filter (its page apart) of one moment, as
// anybody may see them: begin is told the position in the change feed that the
// moment is, then each some of the addresses at a time, by code. All changes up
// to the position are in, and none after it. An error of begin or each ends
// the snapshot and is answered. While each has some, the next are read.
//
// The newest number says exactly which changes are in: a writer takes the lock
// of the change log before it gets a number and keeps it until its commit can
// be seen, so who sees a change sees all with lower numbers, and no writer
// commits addresses without their changes. The addresses and the number come
// out of one snapshot of the database, for as long as which a reading connection
// is taken: the caller bounds it by ctx. When Snapshot returns, it is given back.
func (s *Store) Snapshot(ctx context.Context, f ListFilter, begin func(FeedPosition) error, each func([]*Address) error) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	parts, ended := make(chan snapshotPart), make(chan error, 1)
	go s.readSnapshot(reading, f, parts, ended)
	var refused error // by begin or each: not the database's
	for p := range parts {
		switch {
		case refused != nil:
		case p.list == nil:
			refused = begin(p.position)
		default:
			refused = each(p.list)
		}
		if refused != nil {
			stop()
		}
	}
	err := <-ended
	if c, ok := errors.AsType[*crash](err); ok {
		panic(c) // where the caller can see it
	}
	if refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("take a snapshot: %w", s.translate(err))
	}
	return nil
}

// snapshotPart is the position of a snapshot, which comes first, or some of its
// addresses.
type snapshotPart struct {
	position FeedPosition
	list     []*Address
}

// crash is a panic of another goroutine.
type crash struct {
	fault any
	stack []byte
}

// Error is what a panic says, with where it was.
func (c *crash) Error() string { return fmt.Sprintf("%v\n%s", c.fault, c.stack) }

// readSnapshot reads the parts in one transaction; ended gets its error.
func (s *Store) readSnapshot(ctx context.Context, f ListFilter, parts chan<- snapshotPart, ended chan<- error) {
	defer func() {
		if fault := recover(); fault != nil {
			ended <- &crash{fault, debug.Stack()}
		}
		close(parts)
	}()
	give := func(p snapshotPart) error {
		select {
		case parts <- p:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	ended <- s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.prepareChunks(tx); err != nil {
			return err
		}
		end, err := feedEnd(tx)
		if err != nil {
			return err
		}
		if err := give(snapshotPart{position: end}); err != nil {
			return err
		}
		return s.inParts(tx, f, func(list []*Address) error { return give(snapshotPart{list: list}) })
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
}

// inParts reads the addresses of a filter by one question: asked again for
// every part, it would find all of a box or of a time again.
func (s *Store) inParts(tx *gorm.DB, f ListFilter, each func([]*Address) error) error {
	f.After = nil
	f, err := s.weighed(tx, f)
	if err != nil {
		return err
	}
	where, args := s.conditions(f)
	c, err := s.openCursor(tx, addressFields+" FROM addresses a WHERE "+where+" ORDER BY a.id", args)
	if err != nil {
		return err
	}
	defer c.close()
	for row := newAddressRow(); ; {
		list, err := c.next(row)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := s.completePart(tx, list); err != nil {
			return err
		}
		if err := each(list); err != nil {
			return err
		}
	}
}

// cursor is the rows of a question that are read some at a time, with other
// questions between.
type cursor struct {
	tx    *gorm.DB
	open  *sql.Rows // where a question may stay open
	fetch string    // else: what asks for the next rows
}

func (s *Store) openCursor(tx *gorm.DB, question string, args []any) (*cursor, error) {
	if s.dialect.fetch != "" {
		return &cursor{tx: tx, fetch: s.dialect.fetch}, tx.Exec(s.dialect.declare+question, args...).Error
	}
	rows, err := tx.Raw(question, args...).Rows()
	return &cursor{open: rows}, err
}

// next are the next addresses, none at the end.
func (c *cursor) next(row *addressRow) ([]*Address, error) {
	if c.open != nil {
		return row.some(c.open)
	}
	rows, err := c.tx.Raw(c.fetch).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return row.some(rows)
}

func (c *cursor) close() {
	if c.open != nil {
		c.open.Close()
	}
}

// some reads snapshotRows rows of addressFields, or those that are left.
func (r *addressRow) some(rows *sql.Rows) ([]*Address, error) {
	block, list := make([]Address, snapshotRows), make([]*Address, 0, snapshotRows)
	for plain := r.plain(); len(list) < snapshotRows && rows.Next(); {
		if err := rows.Scan(plain...); err != nil {
			return nil, err
		}
		block[len(list)] = r.address()
		list = append(list, &block[len(list)])
	}
	return list, rows.Err()
}

// completePart reads the public identifiers and the successions of addresses
// that follow each other by code. It asks for all between the first and the
// last: parts do not overlap, so all of them together read a table once.
func (s *Store) completePart(tx *gorm.DB, list []*Address) error {
	if err := readIdentifiers(tx, list); err != nil {
		return fmt.Errorf("read identifiers: %w", err)
	}
	if err := markRelated(tx, list); err != nil {
		return fmt.Errorf("read successors: %w", err)
	}
	return s.completeSuccessions(tx, list)
}

func readIdentifiers(tx *gorm.DB, list []*Address) error {
	// An expression, so that none but the index by address is read.
	rows, err := tx.Raw(`SELECT i.address_id, i.scheme, i.value, i.source, i.valid_from, i.valid_to FROM identifiers i
		WHERE i.address_id BETWEEN ? AND ? AND i.scheme || '' <> 'ref' ORDER BY i.address_id, i.id`, idsBetween(list)...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var i Identifier
		if err := rows.Scan(&id, &i.Scheme, &i.Value, &i.Source, &i.ValidFrom, &i.ValidTo); err != nil {
			return err
		}
		if a := addressAmong(list, id); a != nil {
			a.Identifiers = append(a.Identifiers, i)
		}
	}
	return rows.Err()
}

// markRelated tells the addresses that have rows in the succession table.
func markRelated(tx *gorm.DB, list []*Address) error {
	for _, a := range list {
		a.related = a.Status == StatusRetired
	}
	rows, err := tx.Raw("SELECT DISTINCT s.successor_id FROM address_successions s WHERE s.successor_id BETWEEN ? AND ?", idsBetween(list)...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if a := addressAmong(list, id); a != nil {
			a.related = true
		}
	}
	return rows.Err()
}

func idsBetween(list []*Address) []any {
	return []any{list[0].Code.ID(), list[len(list)-1].Code.ID()}
}

// addressAmong is an address of a list by code, or nil.
func addressAmong(list []*Address, id int64) *Address {
	i, found := slices.BinarySearchFunc(list, geo.Code(id), func(a *Address, code geo.Code) int { return cmp.Compare(a.Code, code) })
	if !found {
		return nil
	}
	return list[i]
}

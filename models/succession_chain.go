package models

import (
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// chains are rows of the succession table by the code on one of their
// sides.
type chains map[geo.Code][]link

// link names the code on the other side and when it held.
type link struct {
	code  geo.Code
	since time.Time
	until sql.NullTime // not valid: it holds still
}

func (l link) holds(at time.Time) bool {
	return !l.since.After(at) && (!l.until.Valid || l.until.Time.After(at))
}

// at are the codes that stood on the other side at an instant, in order.
func (list chains) at(code geo.Code, at time.Time) []geo.Code {
	var codes []geo.Code
	for _, l := range list[code] {
		if l.holds(at) {
			codes = append(codes, l.code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// codes are those on the other sides.
func (list chains) codes() []geo.Code {
	var codes []geo.Code
	for _, of := range list {
		for _, l := range of {
			codes = append(codes, l.code)
		}
	}
	return codes
}

// follow goes along the chains of a code as they were at an instant and
// answers those on the way that were current then, in order. What was seen is
// not gone along again, which ends circles.
func (list chains) follow(code geo.Code, at time.Time, lives map[geo.Code]life) []geo.Code {
	seen := map[geo.Code]bool{}
	var current []geo.Code
	for next := list.at(code, at); len(next) > 0; {
		code, next = next[0], next[1:]
		if seen[code] {
			continue
		}
		seen[code] = true
		if lives[code].current(at) {
			current = append(current, code)
		}
		next = append(next, list.at(code, at)...)
	}
	slices.Sort(current)
	return current
}

// successionsTo reads what led to codes at an instant or since.
func (s *Store) successionsTo(db *gorm.DB, codes []geo.Code, since time.Time) (chains, error) {
	return scanSuccessions(db, "SELECT s.successor_id, s.address_id, s.since, s.until FROM "+s.dialect.list("d", "bigint")+`
		CROSS JOIN address_successions s WHERE s.successor_id = d.value AND (s.until IS NULL OR s.until > ?)`,
		s.dialect.bind(distinctIDs(codes)), since)
}

// successionsFrom reads the chains of codes as they were at an instant or since.
func (s *Store) successionsFrom(db *gorm.DB, codes []geo.Code, since time.Time) (chains, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return scanSuccessions(db, "WITH RECURSIVE chain(id) AS (SELECT d.value FROM "+s.dialect.list("d", "bigint")+`
		UNION SELECT s.successor_id FROM chain JOIN address_successions s ON s.address_id = chain.id AND (s.until IS NULL OR s.until > ?))
		SELECT s.address_id, s.successor_id, s.since, s.until FROM chain
		CROSS JOIN address_successions s WHERE s.address_id = chain.id AND (s.until IS NULL OR s.until > ?)`,
		s.dialect.bind(distinctIDs(codes)), since, since)
}

func scanSuccessions(db *gorm.DB, sql string, args ...any) (chains, error) {
	rows, err := db.Raw(sql, args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read successions: %w", err)
	}
	defer rows.Close()
	list := chains{}
	for rows.Next() {
		var id, other int64
		var l link
		if err := rows.Scan(&id, &other, &l.since, &l.until); err != nil {
			return nil, err
		}
		l.code = geo.Code(other)
		list[geo.Code(id)] = append(list[geo.Code(id)], l)
	}
	return list, rows.Err()
}

// life is the status of an address with its changes, oldest first.
type life struct {
	status string
	turns  []turn
}

// turn is when an address was retired, moved or restored.
type turn struct {
	op string
	at time.Time
}

// current tells whether an address was current at an instant: what became of
// it next tells what it was.
func (l life) current(at time.Time) bool {
	for _, t := range l.turns {
		if t.at.After(at) {
			return t.op != "restore"
		}
	}
	return l.status == StatusCurrent
}

// livesSince reads the lives of codes after an instant.
func (s *Store) livesSince(db *gorm.DB, codes []geo.Code, since time.Time) (map[geo.Code]life, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	rows, err := db.Raw("SELECT a.id, a.status, c.op, c.at FROM "+s.dialect.list("d", "bigint")+` CROSS JOIN addresses a
		LEFT JOIN changes c ON c.address_id = a.id AND c.op IN ('retire', 'restore', 'move') AND c.at > ?
		WHERE a.id = d.value ORDER BY a.id, c.seq`, s.dialect.bind(distinctIDs(codes)), since).Rows()
	if err != nil {
		return nil, fmt.Errorf("read what became of successors: %w", err)
	}
	defer rows.Close()
	lives := map[geo.Code]life{}
	for rows.Next() {
		var id int64
		var status string
		var op sql.NullString
		var at sql.NullTime
		if err := rows.Scan(&id, &status, &op, &at); err != nil {
			return nil, err
		}
		l := lives[geo.Code(id)]
		if l.status = status; op.Valid {
			l.turns = append(l.turns, turn{op.String, at.Time})
		}
		lives[geo.Code(id)] = l
	}
	return lives, rows.Err()
}

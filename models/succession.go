package models

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// endOfTime is after every instant: what holds then is what holds now.
func endOfTime() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// completeSuccessions reads what addresses supersede, and for retired ones
// the reason and the current successors at the end of every chain. The number
// of questions does not grow with the list.
func (s *Store) completeSuccessions(db *gorm.DB, list []*Address) error {
	var moments []moment
	for _, a := range list {
		if a.related {
			moments = append(moments, moment{a, endOfTime()})
		}
	}
	if err := s.readReasons(db, moments); err != nil {
		return err
	}
	return s.completeAt(db, moments)
}

// moment is an address as it was at an instant.
type moment struct {
	address *Address
	at      time.Time
}

// codesOf are the codes of addresses, all or the retired ones.
func codesOf(moments []moment, retired bool) []geo.Code {
	var codes []geo.Code
	for _, m := range moments {
		if !retired || m.address.Status == StatusRetired {
			codes = append(codes, m.address.Code)
		}
	}
	return codes
}

// readReasons reads why retired addresses were retired the last time.
func (s *Store) readReasons(db *gorm.DB, moments []moment) error {
	retired := codesOf(moments, true)
	if len(retired) == 0 {
		return nil
	}
	rows, err := db.Raw("SELECT c.address_id, c.reason FROM "+s.dialect.list("d", "bigint")+` CROSS JOIN changes c
		WHERE c.address_id = d.value AND c.op IN ('retire', 'move') ORDER BY c.seq`, s.dialect.bind(distinctIDs(retired))).Rows()
	if err != nil {
		return fmt.Errorf("read why addresses were retired: %w", err)
	}
	defer rows.Close()
	reasons := map[int64]string{}
	for rows.Next() {
		var id int64
		var reason string
		if err := rows.Scan(&id, &reason); err != nil {
			return err
		}
		reasons[id] = reason
	}
	for _, m := range moments {
		if m.address.Status == StatusRetired {
			m.address.Reason = reasons[m.address.Code.ID()]
		}
	}
	return rows.Err()
}

// completeAt reads what addresses superseded at an instant and, where they
// were retired then, the successors that were current then.
func (s *Store) completeAt(db *gorm.DB, moments []moment) error {
	if len(moments) == 0 {
		return nil
	}
	since := slices.MinFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) }).at
	before, err := s.successionsTo(db, codesOf(moments, false), since)
	if err != nil {
		return err
	}
	after, err := s.successionsFrom(db, codesOf(moments, true), since)
	if err != nil {
		return err
	}
	lives, err := s.livesSince(db, after.codes(), since)
	if err != nil {
		return err
	}
	for _, m := range moments {
		m.address.Supersedes, m.address.Successors = before.at(m.address.Code, m.at), nil
		if m.address.Status == StatusRetired {
			m.address.Successors = after.follow(m.address.Code, m.at, lives)
		}
	}
	return nil
}

// succeed writes the successors that an address, as it is now retired, has.
func (s *Store) succeed(tx *gorm.DB, a *Address, successors []geo.Code) error {
	for _, successor := range successors {
		err := tx.Exec("INSERT INTO address_successions (address_id, successor_id, version, since) VALUES (?, ?, ?, ?)",
			a.Code.ID(), successor.ID(), a.Version, a.UpdatedAt).Error
		if err != nil {
			return fmt.Errorf("write a succession: %w", err)
		}
	}
	return nil
}

// endSuccessions ends the successions of an address that is current again.
func (s *Store) endSuccessions(tx *gorm.DB, a *Address) error {
	err := tx.Exec("UPDATE address_successions SET until = ? WHERE address_id = ? AND until IS NULL", a.UpdatedAt, a.Code.ID()).Error
	if err != nil {
		return fmt.Errorf("end a succession: %w", err)
	}
	return nil
}

package models

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// endOfTime is after every instant: what holds then is what holds now.
func endOfTime() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// completeSuccessions reads what addresses supersede, and for retired ones
// the reason and the current successors at the end of every chain.
func completeSuccessions(db *gorm.DB, list []*Address) error {
	for _, a := range list {
		if !a.related {
			continue
		}
		if err := readReason(db, a); err != nil {
			return err
		}
		if err := completeAt(db, a, endOfTime()); err != nil {
			return err
		}
	}
	return nil
}

// readReason reads why a retired address was retired.
func readReason(db *gorm.DB, a *Address) error {
	if a.Status != StatusRetired {
		return nil
	}
	return db.Raw("SELECT reason FROM changes WHERE address_id = ? AND op IN ('retire', 'move') ORDER BY seq DESC LIMIT 1", a.Code.ID()).
		Scan(&a.Reason).Error
}

// completeAt reads what an address superseded at an instant and, where it was
// retired then, the successors that were current then.
func completeAt(db *gorm.DB, a *Address, at time.Time) (err error) {
	a.Supersedes, err = scanCodes(db, `SELECT address_id FROM address_successions
		WHERE successor_id = ? AND since <= ? AND (until IS NULL OR until > ?) ORDER BY 1`, a.Code.ID(), at, at)
	if err != nil || a.Status != StatusRetired {
		a.Successors = nil
		return err
	}
	a.Successors, err = scanCodes(db, currentSuccessors, a.Code.ID(), at, at, at, at, at)
	return err
}

// currentSuccessors follows the chains of one address at an instant; UNION
// ends circles. What becomes of an address after the instant tells what it was.
const currentSuccessors = `WITH RECURSIVE chain(id) AS (
	SELECT successor_id FROM address_successions WHERE address_id = ? AND since <= ? AND (until IS NULL OR until > ?)
	UNION SELECT s.successor_id FROM chain JOIN address_successions s ON s.address_id = chain.id
		AND s.since <= ? AND (s.until IS NULL OR s.until > ?))
	SELECT a.id FROM chain JOIN addresses a ON a.id = chain.id
	WHERE COALESCE((SELECT CASE c.op WHEN 'restore' THEN 'retired' ELSE 'current' END FROM changes c
		WHERE c.address_id = a.id AND c.op IN ('retire', 'restore', 'move') AND c.at > ? ORDER BY c.seq LIMIT 1), a.status) = 'current'
	ORDER BY a.id`

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

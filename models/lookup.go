package models

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Address answers the address of a code, current or retired, with its
// successions.
func (s *Store) Address(ctx context.Context, code geo.Code) (*Address, error) {
	db := s.read.WithContext(ctx)
	list, err := scanAddresses(db.Raw(selectAddress+"WHERE a.id = ?", code.ID()).Rows())
	if err != nil {
		return nil, fmt.Errorf("look up a code: %w", s.translate(err))
	}
	if len(list) == 0 {
		return nil, codeNotFound(code)
	}
	return list[0], s.translate(completeSuccessions(db, list))
}

func codeNotFound(code geo.Code) *Error {
	return notFound("", "code-not-found", "The code %s is well formed, but nothing is registered under it.",
		"Mã %s đúng cấu trúc nhưng chưa có địa chỉ nào mang mã này.", code.Grouped())
}

// AddressOn answers an address as it was at the end of a day: before its
// first record, as first recorded; before its valid_from, a NotFound.
func (s *Store) AddressOn(ctx context.Context, code geo.Code, day Date) (*Address, error) {
	a, err := s.Address(ctx, code)
	if err != nil {
		return nil, err
	}
	if err := undoSince(s.read.WithContext(ctx), a, day); err != nil {
		return nil, fmt.Errorf("read the history of a code: %w", s.translate(err))
	}
	if day < a.ValidFrom {
		return nil, notFound("as_of", "not-yet", "On %s the code %s was not yet in use: it is valid from %s.",
			"Ngày %s mã %s chưa được dùng: mã có hiệu lực từ %s.", day, code.Grouped(), a.ValidFrom)
	}
	return a, nil
}

// undoSince puts back what updates after a day changed, newest first.
func undoSince(db *gorm.DB, a *Address, day Date) error {
	rows, err := db.Raw(`SELECT before FROM changes WHERE address_id = ? AND at >= ? AND op = 'update' AND before IS NOT NULL
		ORDER BY seq DESC`, a.Code.ID(), day.End()).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	was := a.state()
	for rows.Next() {
		var before string
		if err := rows.Scan(&before); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(before), &was); err != nil {
			return err
		}
		a.restore(was)
	}
	return rows.Err()
}

// completeSuccessions reads what addresses supersede, and for retired ones
// the reason and the current successors at the end of every chain.
func completeSuccessions(db *gorm.DB, list []*Address) error {
	for _, a := range list {
		if !a.related {
			continue
		}
		var err error
		if a.Supersedes, err = scanCodes(db, "SELECT address_id FROM address_successions WHERE successor_id = ? ORDER BY 1", a.Code.ID()); err != nil {
			return err
		}
		if a.Status != StatusRetired {
			continue
		}
		if a.Successors, err = scanCodes(db, currentSuccessors, a.Code.ID()); err != nil {
			return err
		}
		err = db.Raw("SELECT reason FROM changes WHERE address_id = ? AND op IN ('retire', 'move') ORDER BY seq DESC LIMIT 1", a.Code.ID()).
			Scan(&a.Reason).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// currentSuccessors follows the chains of one address; UNION ends circles.
const currentSuccessors = `WITH RECURSIVE chain(id) AS (
	SELECT successor_id FROM address_successions WHERE address_id = ?
	UNION SELECT s.successor_id FROM chain JOIN address_successions s ON s.address_id = chain.id)
	SELECT a.id FROM chain JOIN addresses a ON a.id = chain.id WHERE a.status = 'current' ORDER BY a.id`

func scanCodes(db *gorm.DB, sql string, args ...any) ([]geo.Code, error) {
	var ids []int64
	if err := db.Raw(sql, args...).Scan(&ids).Error; err != nil {
		return nil, err
	}
	codes := make([]geo.Code, len(ids))
	for i, id := range ids {
		codes[i] = geo.Code(id)
	}
	return codes, nil
}

package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Address answers the address of a code, current or retired, with its
// successions.
func (s *Store) Address(ctx context.Context, code geo.Code) (*Address, error) {
	a, err := s.addressIn(s.read.WithContext(ctx), code)
	return a, s.translate(err)
}

// addressIn is Address inside a transaction.
func (s *Store) addressIn(db *gorm.DB, code geo.Code) (*Address, error) {
	list, err := scanAddresses(db.Raw(selectAddress+"WHERE a.id = ?", code.ID()).Rows())
	if err != nil {
		return nil, fmt.Errorf("look up a code: %w", err)
	}
	if len(list) == 0 {
		return nil, codeNotFound(code)
	}
	return list[0], s.completeSuccessions(db, list)
}

func codeNotFound(code geo.Code) *Error {
	return notFound("", "code-not-found", "The code %s is well formed, but nothing is registered under it.",
		"Mã %s đúng cấu trúc nhưng chưa có địa chỉ nào mang mã này.", code.Grouped())
}

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

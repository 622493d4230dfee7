package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// expireChunk is how many proposals one transaction ends.
const expireChunk = 500

// ExpireProposals ends the proposals that waited 90 days for an officer and
// erases their contacts; it may run at any time and on several machines.
func (s *Store) ExpireProposals(ctx context.Context) error {
	for {
		ended := 0
		err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
			ended, err = s.expireSome(tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("expire proposals: %w", err)
		}
		if ended < expireChunk {
			return nil
		}
	}
}

func (s *Store) expireSome(tx *gorm.DB) (int, error) {
	now := s.now()
	list, err := scanProposals(tx.Raw(selectProposals+"WHERE p.status = 'proposed' AND p.expires_at <= ? ORDER BY p.id LIMIT ?", now, expireChunk).Rows())
	if err != nil {
		return 0, err
	}
	for _, p := range list {
		done := tx.Exec("UPDATE proposals SET version = version + 1 WHERE id = ? AND version = ? AND status = 'proposed'", p.id, p.Version)
		if done.Error != nil {
			return 0, done.Error
		}
		if done.RowsAffected == 0 {
			continue // decided or expired by another meanwhile
		}
		p.expire(now)
		if err := s.endProposal(tx, p, ""); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

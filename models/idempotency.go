package models

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// How long requests under an Idempotency-Key are kept.
const (
	attemptKept  = 24 * time.Hour
	attemptLease = 2 * time.Minute // longer than any request takes; not answered by then: nobody knows
)

// Attempt is a request under an Idempotency-Key. Whoever can read both hashes
// must learn nothing of the request from them.
type Attempt struct {
	Hash    []byte // of the caller's secret and the key
	Request []byte // of what is asked
}

// BeginOnce claims an attempt: nil means that the caller shall do it now and
// then call KeepAnswer, Release or GiveUp. Otherwise it was done, and this is what
// KeepAnswer kept. A Conflict is "idempotency-mismatch" (another request had
// this key), "idempotency-running" or "idempotency-unknown": it was begun and
// nobody knows whether it was done.
func (s *Store) BeginOnce(ctx context.Context, a Attempt) (answer []byte, err error) {
	now := s.now()
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		claimed := tx.Exec(`INSERT INTO idempotency_keys (created_at, hash, request) VALUES (?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET request = excluded.request, answer = NULL, created_at = excluded.created_at
			WHERE idempotency_keys.created_at <= ?`, now, a.Hash, a.Request, now.Add(-attemptKept)) // a []byte behind "(" GORM takes apart
		if claimed.Error != nil || claimed.RowsAffected == 1 {
			answer = nil
			return claimed.Error
		}
		if answer, err = earlierAnswer(tx, a, now); errors.Is(err, sql.ErrNoRows) { // released since
			return attemptRunning()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim an idempotency key: %w", err)
	}
	return answer, nil
}

// EarlierAnswer is what BeginOnce would answer to an attempt that was claimed,
// and nil where it was not: it claims nothing.
func (s *Store) EarlierAnswer(ctx context.Context, a Attempt) ([]byte, error) {
	answer, err := earlierAnswer(s.read.WithContext(ctx), a, s.now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look an idempotency key up: %w", s.translate(err))
	}
	return answer, nil
}

// earlierAnswer is what was answered to an attempt that was claimed before,
// sql.ErrNoRows where none was.
func earlierAnswer(tx *gorm.DB, a Attempt, now time.Time) ([]byte, error) {
	var request, answer []byte
	var begun time.Time
	err := first(tx.Raw("SELECT request, answer, created_at FROM idempotency_keys WHERE hash = ? AND created_at > ?",
		a.Hash, now.Add(-attemptKept))).Scan(&request, &answer, &begun)
	switch {
	case err != nil:
		return nil, err
	case !bytes.Equal(request, a.Request):
		return nil, conflict("", "idempotency-mismatch", "Another request had this Idempotency-Key: take a new one for a new request.",
			"Idempotency-Key này đã dùng cho một yêu cầu khác: hãy dùng Idempotency-Key mới cho yêu cầu mới.")
	case answer != nil:
		return answer, nil
	case now.Sub(begun) < attemptLease:
		return nil, attemptRunning()
	}
	return nil, conflict("", "idempotency-unknown", "This request was begun and broken off: look whether it was done; if not, send it with a new Idempotency-Key.",
		"Yêu cầu này đã bắt đầu nhưng bị đứt giữa chừng: hãy kiểm tra xem đã thực hiện chưa; nếu chưa, gửi lại với Idempotency-Key mới.")
}

func attemptRunning() *Error {
	return conflict("", "idempotency-running", "The same request is under way: ask again in a moment for its answer.",
		"Yêu cầu giống hệt đang được xử lý: hãy gửi lại sau giây lát để nhận kết quả.")
}

// KeepAnswer keeps what BeginOnce answers from now on for 24 hours after it
// was claimed.
func (s *Store) KeepAnswer(ctx context.Context, hash, answer []byte) error {
	return s.changeAttempt(ctx, "UPDATE idempotency_keys SET answer = ? WHERE hash = ?", answer, hash)
}

// GiveUp ends the work on an attempt of which nobody knows what it has changed:
// from now on it is "idempotency-unknown".
func (s *Store) GiveUp(ctx context.Context, hash []byte) error {
	return s.changeAttempt(ctx, "UPDATE idempotency_keys SET created_at = ? WHERE hash = ? AND answer IS NULL", s.now().Add(-attemptLease), hash)
}

// Release takes a claim back, of an attempt that has changed nothing.
func (s *Store) Release(ctx context.Context, hash []byte) error {
	return s.changeAttempt(ctx, "DELETE FROM idempotency_keys WHERE hash = ? AND answer IS NULL", hash)
}

// forgetAttempts deletes what need not be kept any longer.
func (s *Store) forgetAttempts(ctx context.Context) error {
	return s.changeAttempt(ctx, "DELETE FROM idempotency_keys WHERE created_at <= ?", s.now().Add(-attemptKept))
}

func (s *Store) changeAttempt(ctx context.Context, change string, args ...any) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error { return tx.Exec(change, args...).Error })
	if err != nil {
		return fmt.Errorf("keep idempotency keys: %w", err)
	}
	return nil
}

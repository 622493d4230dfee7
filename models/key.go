package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo/text"
)

// RoleAdmin may write everything.
const RoleAdmin = "admin"

// keyPrefix makes a key recognisable, also to programs that look for secrets
// in places where none should be.
const keyPrefix = "dcs_"

// Key is what a request may do, and in whose name. Its times are in UTC; one
// that is zero means never.
type Key struct {
	ID         int64
	Name       string
	Role       string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // to the minute
	RevokedAt  time.Time
}

// Open reports whether the key opens anything at an instant.
func (k Key) Open(at time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || at.Before(k.ExpiresAt))
}

const keyColumns = "id, name, role, created_at, expires_at, last_used_at, revoked_at"

// scanKey reads the keyColumns of a row.
func scanKey(row interface{ Scan(...any) error }) (Key, error) {
	var k Key
	var expires, used, revoked sql.NullTime
	err := row.Scan(&k.ID, &k.Name, &k.Role, &k.CreatedAt, &expires, &used, &revoked)
	k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt = k.CreatedAt.UTC(), expires.Time.UTC(), used.Time.UTC(), revoked.Time.UTC()
	return k, err
}

// CreateKey makes a key and answers its text, which is kept nowhere: the
// database has its SHA-256. An expiry that is zero means never.
func (s *Store) CreateKey(ctx context.Context, name, role string, expires time.Time) (string, error) {
	name, err := text.Clean(name, 100)
	if err != nil || name == "" {
		return "", invalid("name", "bad-name", "A key needs a name of at most 100 characters that says who uses it.",
			"Khóa cần có tên không quá 100 ký tự cho biết ai sử dụng.")
	}
	if e := oneOf("role", role, []string{RoleAdmin}); e != nil {
		return "", e
	}
	key, hash := newSecret()
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO api_keys (name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
			name, role, hash, s.now(), sql.NullTime{Time: expires.UTC(), Valid: !expires.IsZero()}).Error
	})
	if err != nil {
		return "", fmt.Errorf("store a key: %w", err)
	}
	return key, nil
}

// newSecret is the text of a new key and its SHA-256.
func newSecret() (key string, hash []byte) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(key))
	return key, sum[:]
}

// Keys lists all keys, the oldest first, also those that open nothing any more.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	rows, err := s.read.WithContext(ctx).Raw("SELECT " + keyColumns + " FROM api_keys ORDER BY id").Rows()
	if err != nil {
		return nil, fmt.Errorf("list the keys: %w", s.translate(err))
	}
	defer rows.Close()
	var list []Key
	for rows.Next() {
		k, err := scanKey(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, s.translate(rows.Err())
}

// RevokeKey makes a key open nothing from now on, for good. The key stays in the
// list, because its name stands in the change log.
func (s *Store) RevokeKey(ctx context.Context, id int64) (Key, error) {
	return s.changeKey(ctx, id, "UPDATE api_keys SET revoked_at = ? WHERE id = ?", s.now(), id)
}

// RotateKey gives a key another text and answers it; the old one opens nothing
// from now on. Name, role and expiry stay.
func (s *Store) RotateKey(ctx context.Context, id int64) (string, Key, error) {
	text, hash := newSecret()
	key, err := s.changeKey(ctx, id, "UPDATE api_keys SET hash = ? WHERE id = ?", hash, id)
	return text, key, err
}

// changeKey changes a key that opens something.
func (s *Store) changeKey(ctx context.Context, id int64, change string, args ...any) (key Key, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		key, err = scanKey(tx.Raw("SELECT "+keyColumns+" FROM api_keys WHERE id = ?", id).Row())
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return notFound("id", "unknown-key", "There is no key number %d: key list shows them.", "Không có khóa số %d: xem danh sách bằng key list.", id)
		case err != nil:
			return err
		case !key.Open(s.now()):
			return conflict("id", "key-closed", "The key number %d (%s) is revoked or has expired already: make a new one.",
				"Khóa số %d (%s) đã bị thu hồi hoặc đã hết hạn: hãy tạo khóa mới.", id, key.Name)
		}
		return tx.Exec(change, args...).Error
	})
	if err != nil {
		return Key{}, fmt.Errorf("change a key: %w", err)
	}
	return key, nil
}

// Authenticate answers whose key a text is; unknown, revoked and expired ones
// are Forbidden alike. A look-up by hash leaks nothing about the key by its time.
func (s *Store) Authenticate(ctx context.Context, key string) (Key, error) {
	hash := sha256.Sum256([]byte(key))
	found, err := scanKey(s.read.WithContext(ctx).Raw("SELECT "+keyColumns+" FROM api_keys WHERE hash = ?", hash[:]).Row())
	now := s.now()
	if errors.Is(err, sql.ErrNoRows) || err == nil && !found.Open(now) {
		return Key{}, NewError(Forbidden, "", "bad-key", "The key is unknown, revoked or has expired: ask the operator for another.",
			"Khóa không đúng, đã bị thu hồi hoặc đã hết hạn: hãy đề nghị người vận hành cấp khóa khác.")
	}
	if err != nil {
		return Key{}, fmt.Errorf("look up a key: %w", s.translate(err))
	}
	if now.Sub(found.LastUsedAt) > time.Minute {
		err = s.transaction(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE api_keys SET last_used_at = ? WHERE id = ?", now, found.ID).Error
		})
	}
	return found, err
}

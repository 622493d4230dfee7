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

// Key is what a request may do, and in whose name.
type Key struct {
	ID   int64
	Name string
	Role string
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
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	key := keyPrefix + base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(key))
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO api_keys (name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
			name, role, hash[:], s.now(), sql.NullTime{Time: expires.UTC(), Valid: !expires.IsZero()}).Error
	})
	if err != nil {
		return "", fmt.Errorf("store a key: %w", err)
	}
	return key, nil
}

// Authenticate answers whose key a text is; unknown and expired ones are
// Forbidden alike. A look-up by hash leaks nothing about the key by its time.
func (s *Store) Authenticate(ctx context.Context, key string) (Key, error) {
	hash := sha256.Sum256([]byte(key))
	var found Key
	var expires, used sql.NullTime
	err := s.read.WithContext(ctx).Raw("SELECT id, name, role, expires_at, last_used_at FROM api_keys WHERE hash = ?", hash[:]).
		Row().Scan(&found.ID, &found.Name, &found.Role, &expires, &used)
	now := s.now()
	if errors.Is(err, sql.ErrNoRows) || err == nil && expires.Valid && !now.Before(expires.Time) {
		return Key{}, NewError(Forbidden, "", "bad-key", "The key is unknown or has expired: ask the operator for another.",
			"Khóa không đúng hoặc đã hết hạn: hãy đề nghị người vận hành cấp khóa khác.")
	}
	if err != nil {
		return Key{}, fmt.Errorf("look up a key: %w", s.translate(err))
	}
	if !used.Valid || now.Sub(used.Time) > time.Minute {
		err = s.transaction(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE api_keys SET last_used_at = ? WHERE id = ?", now, found.ID).Error
		})
	}
	return found, err
}

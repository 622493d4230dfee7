package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo/text"
)

// keyPrefix makes a key recognisable, also to programs that look for secrets
// in places where none should be.
const keyPrefix = "dcs_"

// Key is what a request may do, and in whose name. Its times are in UTC; one
// that is zero means never.
type Key struct {
	ID         int64
	Name       string
	Role       string
	Communes   Scope // of an officer
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // to the minute
	RevokedAt  time.Time
}

// Open reports whether the key opens anything at an instant.
func (k Key) Open(at time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || at.Before(k.ExpiresAt))
}

// CommunesOf are the communes that a key writes in; none for a key that is no officer's.
func (u *Units) CommunesOf(k Key) []*AdminUnit {
	list := make([]*AdminUnit, 0, len(k.Communes))
	for _, id := range k.Communes {
		if unit := u.byID[id]; unit != nil {
			list = append(list, unit)
		}
	}
	return list
}

// caller is who presents the key.
func (k Key) caller() Caller {
	return Caller{Role: k.Role, Name: k.Name, KeyID: k.ID, Communes: k.Communes}
}

// selectKeys reads keys k with their communes, one row a commune (or one where
// there is none).
const selectKeys = `SELECT k.id, k.name, k.role, k.created_at, k.expires_at, k.last_used_at, k.revoked_at, c.unit_id
	FROM api_keys k LEFT JOIN api_key_communes c ON c.key_id = k.id `

// scanKeys reads all rows of a selectKeys that is ordered by key.
func scanKeys(rows *sql.Rows, err error) ([]Key, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Key
	for rows.Next() {
		var k Key
		var expires, used, revoked sql.NullTime
		var commune sql.NullInt64
		if err := rows.Scan(&k.ID, &k.Name, &k.Role, &k.CreatedAt, &expires, &used, &revoked, &commune); err != nil {
			return nil, err
		}
		k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt = k.CreatedAt.UTC(), expires.Time.UTC(), used.Time.UTC(), revoked.Time.UTC()
		if len(list) == 0 || list[len(list)-1].ID != k.ID {
			list = append(list, k)
		}
		if commune.Valid {
			last := &list[len(list)-1]
			last.Communes = append(last.Communes, commune.Int64)
		}
	}
	return list, rows.Err()
}

// KeyRequest is what a new key shall be.
type KeyRequest struct {
	Name     string   // who uses it: a desk or a program, no person; it stands in the change log
	Role     string   // one of KeyRoles
	Communes []string // where an officer writes: codes or names of today's communes
	LastDay  Date     // empty: no end
}

// CreateKey makes a key and answers its text, which is kept nowhere: the
// database has its SHA-256.
func (s *Store) CreateKey(ctx context.Context, r KeyRequest) (string, Key, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return "", Key{}, err
	}
	communes, err := s.checkKey(units, &r)
	if err != nil {
		return "", Key{}, err
	}
	text, hash := newSecret(keyPrefix)
	key := Key{Name: r.Name, Role: r.Role, Communes: communes, CreatedAt: s.now()}
	if r.LastDay != "" {
		key.ExpiresAt = r.LastDay.End()
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error { return insertKey(tx, &key, hash) })
	if err != nil {
		return "", Key{}, fmt.Errorf("store a key: %w", err)
	}
	return text, key, nil
}

func insertKey(tx *gorm.DB, key *Key, hash []byte) error {
	err := first(tx.Raw("INSERT INTO api_keys (name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		key.Name, key.Role, hash, key.CreatedAt, sql.NullTime{Time: key.ExpiresAt, Valid: !key.ExpiresAt.IsZero()})).Scan(&key.ID)
	if err != nil {
		return err
	}
	for _, id := range key.Communes {
		if err := tx.Exec("INSERT INTO api_key_communes (key_id, unit_id) VALUES (?, ?)", key.ID, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// FirstKey makes an admin key for a registry that never had any key, and
// answers its text; empty where there is one already. Of several programs that
// start at once, one gets it.
func (s *Store) FirstKey(ctx context.Context) (string, error) {
	text, hash := newSecret(keyPrefix)
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		var keys int64
		if err := tx.Exec("UPDATE registry SET units_epoch = units_epoch WHERE id = 1").Error; err != nil { // waits for others that start
			return err
		}
		if err := first(tx.Raw("SELECT count(*) FROM api_keys")).Scan(&keys); err != nil {
			return err
		}
		if keys > 0 {
			text = ""
			return nil
		}
		return insertKey(tx, &Key{Name: "first start", Role: RoleAdmin, CreatedAt: s.now()}, hash)
	})
	if err != nil {
		return "", fmt.Errorf("make the first key: %w", err)
	}
	return text, nil
}

// checkKey reports everything that is wrong with a request for a key, and
// finds its communes.
func (s *Store) checkKey(units *Units, r *KeyRequest) (Scope, error) {
	var errs Errors
	name, err := text.Clean(r.Name, 100)
	if r.Name = name; err != nil || name == "" {
		errs = append(errs, invalid("name", "bad-name", "A key needs a name of at most 100 characters that says who uses it.",
			"Khóa cần có tên không quá 100 ký tự cho biết ai sử dụng."))
	}
	if e := oneOf("role", r.Role, KeyRoles[:]); e != nil {
		errs = append(errs, e)
	}
	if r.LastDay != "" && r.LastDay < s.Today() {
		errs = append(errs, invalid("expires", "over", "%s is over: write a day to come, or leave it out for a key without end.",
			"Ngày %s đã qua: hãy ghi một ngày sắp tới, hoặc bỏ trống nếu khóa không có thời hạn.", r.LastDay))
	}
	communes, e := s.scopeNamed(units, r)
	if e != nil {
		errs = append(errs, e)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return communes, nil
}

// scopeNamed finds the communes of an officer; a key of another role has none.
func (s *Store) scopeNamed(units *Units, r *KeyRequest) (Scope, *Error) {
	switch {
	case r.Role != RoleOfficer && len(r.Communes) > 0:
		return nil, invalid("communes", "not-an-officer", "Only the key of an officer is bound to communes.",
			"Chỉ khóa của cán bộ (officer) mới gắn với xã/phường.")
	case r.Role == RoleOfficer && len(r.Communes) == 0:
		return nil, invalid("communes", "required", "An officer's key names the communes it writes in.",
			"Khóa của cán bộ phải nêu các xã/phường được phép ghi.")
	}
	var scope Scope
	for _, named := range r.Communes {
		found := units.communesNamed(named, s.Today())
		if len(found) != 1 {
			return nil, invalid("communes", "unknown-commune", "No single commune of today is called %q: write its five-digit code.",
				"Không có đúng một xã/phường hiện nay tên %q: hãy ghi mã năm chữ số.", named)
		}
		if !slices.Contains(scope, found[0].ID) {
			scope = append(scope, found[0].ID)
		}
	}
	return scope, nil
}

// newSecret is the text of a new key or token and its SHA-256.
func newSecret(prefix string) (key string, hash []byte) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	key = prefix + base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(key))
	return key, sum[:]
}

// Keys lists all keys, the oldest first, also those that open nothing any more.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	list, err := scanKeys(s.read.WithContext(ctx).Raw(selectKeys + "ORDER BY k.id, c.unit_id").Rows())
	if err != nil {
		return nil, fmt.Errorf("list the keys: %w", s.translate(err))
	}
	return list, nil
}

// RevokeKey makes a key open nothing from now on, for good. The key stays in the
// list, because its name stands in the change log.
func (s *Store) RevokeKey(ctx context.Context, id int64) (Key, error) {
	now := s.now()
	key, err := s.changeKey(ctx, id, "UPDATE api_keys SET revoked_at = ? WHERE id = ?", now, id)
	if err == nil {
		key.RevokedAt = now
	}
	return key, err
}

// RotateKey gives a key another text and answers it; the old one opens nothing
// from now on. Name, role and expiry stay.
func (s *Store) RotateKey(ctx context.Context, id int64) (string, Key, error) {
	text, hash := newSecret(keyPrefix)
	key, err := s.changeKey(ctx, id, "UPDATE api_keys SET hash = ? WHERE id = ?", hash, id)
	return text, key, err
}

// changeKey changes a key that opens something.
func (s *Store) changeKey(ctx context.Context, id int64, change string, args ...any) (key Key, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		list, err := scanKeys(tx.Raw(selectKeys+"WHERE k.id = ? ORDER BY c.unit_id", id).Rows())
		switch {
		case err != nil:
			return err
		case len(list) == 0:
			return notFound("number", "unknown-key", "There is no key number %d: the list of keys shows them.", "Không có khóa số %d: xem danh sách khóa.", id)
		}
		if key = list[0]; !key.Open(s.now()) {
			return conflict("number", "key-closed", "The key number %d (%s) is revoked or has expired already: make a new one.",
				"Khóa số %d (%s) đã bị thu hồi hoặc đã hết hạn: hãy tạo khóa mới.", id, key.Name)
		}
		return tx.Exec(change, args...).Error
	})
	if err != nil {
		return Key{}, fmt.Errorf("change a key: %w", err)
	}
	return key, nil
}

// Authenticate answers whose key or owner token a text is; unknown, revoked
// and expired ones are Forbidden alike. A look-up by hash leaks nothing about
// the key by its time.
func (s *Store) Authenticate(ctx context.Context, secret string) (Caller, error) {
	if strings.HasPrefix(secret, ownerPrefix) {
		return s.authenticateOwner(ctx, secret)
	}
	hash := sha256.Sum256([]byte(secret))
	list, err := scanKeys(s.read.WithContext(ctx).Raw(selectKeys+"WHERE k.hash = ? ORDER BY c.unit_id", hash[:]).Rows())
	if err != nil {
		return Caller{}, fmt.Errorf("look up a key: %w", s.translate(err))
	}
	now := s.now()
	if len(list) == 0 || !list[0].Open(now) {
		return Caller{}, NewError(Forbidden, "", "bad-key", "The key is unknown, revoked or has expired: ask the operator for another.",
			"Khóa không đúng, đã bị thu hồi hoặc đã hết hạn: hãy đề nghị người vận hành cấp khóa khác.")
	}
	if now.Sub(list[0].LastUsedAt) > time.Minute {
		err = s.transaction(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE api_keys SET last_used_at = ? WHERE id = ?", now, list[0].ID).Error
		})
	}
	return list[0].caller(), err
}

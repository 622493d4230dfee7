package models

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo/text"
)

// CertificateKey is a public key that certificates are or were signed with.
// Its times are in UTC.
type CertificateKey struct {
	ID        string            // the thumbprint of RFC 7638, as JWS and JWKS name it
	Public    ed25519.PublicKey // 32 bytes
	CreatedAt time.Time         // when a server first used it
	RevokedAt time.Time         // from when on it proves nothing; zero: it holds
	Reason    string            // of revoking, for the operator; empty: it holds
}

// maxRevokeReason is the greatest length of a reason in characters.
const maxRevokeReason = 200

const selectCertificateKeys = "SELECT kid, public_key, created_at, revoked_at, reason FROM certificate_keys "

// CertificateKeys lists all keys, the oldest first, also those that are revoked.
func (s *Store) CertificateKeys(ctx context.Context) ([]CertificateKey, error) {
	list, err := scanCertificateKeys(s.read.WithContext(ctx).Raw(selectCertificateKeys + "ORDER BY created_at, kid").Rows())
	if err != nil {
		return nil, fmt.Errorf("list the keys of certificates: %w", s.translate(err))
	}
	return list, nil
}

func scanCertificateKeys(rows *sql.Rows, err error) ([]CertificateKey, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []CertificateKey
	for rows.Next() {
		var k CertificateKey
		var revoked sql.NullTime
		var reason sql.NullString
		if err := rows.Scan(&k.ID, (*[]byte)(&k.Public), &k.CreatedAt, &revoked, &reason); err != nil {
			return nil, err
		}
		k.CreatedAt, k.RevokedAt, k.Reason = k.CreatedAt.UTC(), revoked.Time.UTC(), reason.String
		list = append(list, k)
	}
	return list, rows.Err()
}

// AddCertificateKey makes a key one that certificates are signed with from now
// on; once it is there nothing changes. One that is revoked is a Conflict.
func (s *Store) AddCertificateKey(ctx context.Context, id string, public ed25519.PublicKey) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		err := tx.Exec("INSERT INTO certificate_keys (kid, public_key, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			id, []byte(public), s.now()).Error
		if err != nil {
			return err
		}
		key, err := certificateKey(tx, id)
		if err == nil && !key.RevokedAt.IsZero() {
			return revokedKey(key)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the key of certificates: %w", err)
	}
	return nil
}

// certificateKey is a key by its id.
func certificateKey(tx *gorm.DB, id string) (CertificateKey, error) {
	list, err := scanCertificateKeys(tx.Raw(selectCertificateKeys+"WHERE kid = ?", id).Rows())
	if err != nil {
		return CertificateKey{}, err
	}
	if len(list) == 0 {
		return CertificateKey{}, notFound("kid", "unknown-key", "No certificate was ever signed here with the key %q.",
			"Chưa có giấy xác nhận nào được ký bằng khóa %q.", id)
	}
	return list[0], nil
}

func revokedKey(k CertificateKey) *Error {
	return conflict("kid", "key-revoked", "The key %s was revoked on %s already, for good: certificates need another one (diachiso certificate new-key).",
		"Khóa %s đã bị thu hồi vĩnh viễn từ ngày %s: giấy xác nhận cần một khóa khác (diachiso certificate new-key).", k.ID, DateOf(k.RevokedAt))
}

// RevokeCertificateKey makes a key prove nothing from now on, for good; the
// certificates signed with it are worth nothing then.
func (s *Store) RevokeCertificateKey(ctx context.Context, id, reason string) (key CertificateKey, err error) {
	reason, bad := text.Clean(reason, maxRevokeReason)
	if bad != nil || reason == "" {
		return key, invalid("reason", "bad-reason", "Say in 1 to %d characters why the key is revoked.",
			"Hãy ghi lý do thu hồi khóa, từ 1 đến %d ký tự.", maxRevokeReason)
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		var err error
		if key, err = certificateKey(tx, id); err != nil {
			return err
		}
		if !key.RevokedAt.IsZero() {
			return revokedKey(key)
		}
		key.RevokedAt, key.Reason = s.now(), reason
		return tx.Exec("UPDATE certificate_keys SET revoked_at = ?, reason = ? WHERE kid = ? AND revoked_at IS NULL", key.RevokedAt, reason, id).Error
	})
	if err != nil {
		return CertificateKey{}, fmt.Errorf("revoke a key of certificates: %w", err)
	}
	return key, nil
}

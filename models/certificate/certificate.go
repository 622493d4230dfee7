// Package certificate states what the registry holds about an address in a
// text that anybody can verify without the registry: a JWS in its compact form
// (RFC 7515), signed with EdDSA over Ed25519 (RFC 8037), short enough for a QR
// code on paper.
package certificate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"diachiso/geo"
	"diachiso/models"
)

const (
	// MaxLength is how many symbols a certificate has at most: as many as a QR
	// code of version 30 holds at error correction M. Finer ones are not read
	// reliably from paper.
	MaxLength = 1370

	// tokenType tells our texts from all others that the same key might sign.
	tokenType = "address+jwt"

	// yearsValid is how long a certificate is good for: as long as papers about
	// a home are commonly accepted, and no longer, because whoever verifies
	// offline does not see what has changed since.
	yearsValid = 1
)

// Claims are what a certificate says: public facts alone. Where they were too
// long for the QR code, digests of the text and the name stand in their place.
type Claims struct {
	Issuer       string      `json:"iss,omitempty"` // the URL of the registry; absent where it has none
	IssuedAt     int64       `json:"iat"`           // seconds since 1970
	Expires      int64       `json:"exp"`           // the first second at which it is worth nothing
	Code         geo.Code    `json:"code"`
	Kind         string      `json:"kind"`
	Name         string      `json:"name,omitempty"`
	NameSHA256   string      `json:"name_sha256,omitempty"` // of the UTF-8 text, in hexadecimal
	Text         string      `json:"text,omitempty"`
	TextSHA256   string      `json:"text_sha256,omitempty"` // of the UTF-8 text, in hexadecimal
	Lat          models.E7   `json:"lat"`
	Lng          models.E7   `json:"lng"`
	Commune      string      `json:"commune"` // its code on the day of issue
	Verification string      `json:"verification"`
	VerifiedOn   models.Date `json:"verified_on"`
	Version      int64       `json:"version"`
	ValidFrom    models.Date `json:"valid_from"`
}

// claimsOf are the claims about an address as the public sees it.
func claimsOf(a models.PublicAddress) Claims {
	return Claims{
		Code: a.Code, Kind: a.Kind, Name: a.Name, Text: a.Text, Lat: a.Position.Lat, Lng: a.Position.Lng, Commune: a.Commune.Code,
		Verification: a.Verification.Level, VerifiedOn: models.DateOf(a.Verification.At), Version: a.Version, ValidFrom: a.ValidFrom,
	}
}

// digested are the claims with digests in place of the longest.
func (c Claims) digested() Claims {
	c.TextSHA256, c.Text = digest(c.Text), ""
	if c.Name != "" {
		c.NameSHA256, c.Name = digest(c.Name), ""
	}
	return c
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// IssuedOn is the Vietnamese day of issue.
func (c Claims) IssuedOn() models.Date { return models.DateOf(time.Unix(c.IssuedAt, 0)) }

// LastDay is the last Vietnamese day on which the certificate is good.
func (c Claims) LastDay() models.Date { return models.DateOf(time.Unix(c.Expires-1, 0)) }

// Issued is a certificate with what it is about.
type Issued struct {
	Text    string // the JWS
	KeyID   string
	Claims  Claims
	Address models.PublicAddress
}

// Issue certifies an address, which is in use, as it is. Issuer is the URL of the
// registry; empty: it has none.
func Issue(ctx context.Context, store *models.Store, key *Key, issuer string, address *models.Address) (*Issued, error) {
	if err := checkKey(ctx, store, key); err != nil {
		return nil, err
	}
	units, err := store.Units(ctx)
	if err != nil {
		return nil, err
	}
	now := store.Now()
	issued := &Issued{KeyID: key.id, Address: units.Public(address, models.DateOf(now))}
	issued.Claims = claimsOf(issued.Address)
	issued.Claims.Issuer, issued.Claims.IssuedAt = issuer, now.Unix()
	issued.Claims.Expires = models.DateOf(now.AddDate(yearsValid, 0, 0)).End().Unix()
	if issued.Text, err = key.sign(issued.Claims); err == nil && len(issued.Text) > MaxLength {
		issued.Claims = issued.Claims.digested()
		issued.Text, err = key.sign(issued.Claims)
	}
	if err == nil && len(issued.Text) > MaxLength {
		err = fmt.Errorf("a certificate has %d symbols: at most %d fit in its QR code", len(issued.Text), MaxLength)
	}
	return issued, err
}

// checkKey refuses to sign with a key whose signatures nobody believes.
func checkKey(ctx context.Context, store *models.Store, key *Key) error {
	keys, err := store.CertificateKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.ID == key.id && k.RevokedAt.IsZero() {
			return nil
		}
	}
	return models.NewError(models.Unavailable, "", "certificate-key-revoked",
		"The key that this server signs certificates with is revoked: its operator must give it a new one.",
		"Khóa ký giấy xác nhận của máy chủ này đã bị thu hồi: người vận hành cần cấp khóa mới.")
}

// sign writes claims as a JWS. The same claims always give the same text.
func (k *Key) sign(c Claims) (string, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write the claims of a certificate: %w", err)
	}
	signed, err := k.signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign a certificate: %w", err)
	}
	return signed.CompactSerialize()
}

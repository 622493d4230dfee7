package certificate

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"diachiso/geo"
	"diachiso/models"
)

// Reasons why a certificate is not valid.
const (
	ReasonSignature  = "signature"   // something in it was changed
	ReasonKeyUnknown = "key-unknown" // signed by somebody else
	ReasonKeyRevoked = "key-revoked" // anybody might have signed it
	ReasonNotYet     = "not-yet"     // issued in the future
	ReasonExpired    = "expired"
)

const (
	// maxText bounds what is taken for a certificate, in bytes.
	maxText = 4096

	// clockSkew is how far the clocks of who signs and who verifies may differ.
	clockSkew = 2 * time.Minute
)

// StatusUnknown says that the registry does not have the address of a
// certificate: it is that of a copy from before.
const StatusUnknown = "unknown"

// Verdict says whether a certificate is one of the registry and in force. It
// has claims only where the signature proves them.
type Verdict struct {
	Valid   bool     `json:"valid"`
	Reason  string   `json:"reason,omitempty"` // one of the reasons; empty: it is valid
	KeyID   string   `json:"kid,omitempty"`    // as the certificate says
	Claims  *Claims  `json:"claims,omitempty"`
	Current *Current `json:"current,omitempty"` // nil: the registry was not asked
}

// Current is how the registry sees the address of a certificate now.
type Current struct {
	Status     string     `json:"status"` // current, retired or unknown
	Same       bool       `json:"same"`   // it is in use, and all that is certified is so still
	Version    int64      `json:"version,omitempty"`
	Changed    []string   `json:"changed"` // the claims that are answered otherwise now
	Successors []geo.Code `json:"successors,omitempty"`
}

// Check verifies a certificate by the keys of a registry, and says how the
// registry sees its address now. What is no certificate at all is Invalid.
func Check(ctx context.Context, store *models.Store, text string) (*Verdict, error) {
	keys, err := store.CertificateKeys(ctx)
	if err != nil {
		return nil, err
	}
	v, err := Verify(text, keys, store.Now())
	if err != nil || v.Claims == nil {
		return v, err
	}
	v.Current, err = currentOf(ctx, store, v.Claims)
	return v, err
}

func currentOf(ctx context.Context, store *models.Store, c *Claims) (*Current, error) {
	address, err := store.Address(ctx, c.Code)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.NotFound {
		return &Current{Status: StatusUnknown, Changed: []string{}}, nil
	}
	if err != nil {
		return nil, err
	}
	units, err := store.Units(ctx)
	if err != nil {
		return nil, err
	}
	public := units.Public(address, store.Today())
	now := &Current{Status: public.Status, Version: public.Version, Changed: c.changed(public)}
	now.Same = public.Status == models.StatusCurrent && len(now.Changed) == 0
	if public.Status == models.StatusRetired {
		now.Successors = public.Successors
	}
	return now, nil
}

// changed names the claims that are otherwise now. The version is none of
// them: it also rises with what is not certified.
func (c *Claims) changed(a models.PublicAddress) []string {
	now := claimsOf(a)
	changed := []string{}
	for _, claim := range []struct {
		name string
		same bool
	}{
		{"kind", c.Kind == now.Kind},
		{"name", c.Name == now.Name && c.NameSHA256 == "" || now.Name != "" && c.NameSHA256 == digest(now.Name)},
		{"text", c.Text == now.Text || c.TextSHA256 == digest(now.Text)},
		{"lat", c.Lat == now.Lat},
		{"lng", c.Lng == now.Lng},
		{"commune", c.Commune == now.Commune},
		{"verification", c.Verification == now.Verification},
		{"verified_on", c.VerifiedOn == now.VerifiedOn},
		{"valid_from", c.ValidFrom == now.ValidFrom},
	} {
		if !claim.same {
			changed = append(changed, claim.name)
		}
	}
	return changed
}

// Verify verifies a certificate by public keys alone. White space in the text
// does not matter. What is no certificate at all is Invalid.
func Verify(text string, keys []models.CertificateKey, now time.Time) (*Verdict, error) {
	signed, err := read(text)
	if err != nil {
		return nil, err
	}
	v := &Verdict{KeyID: signed.Signatures[0].Protected.KeyID}
	key, ok := keyOf(v.KeyID, keys)
	if !ok {
		v.Reason = ReasonKeyUnknown
		return v, nil
	}
	payload, err := signed.Verify(key.Public)
	switch {
	case err != nil:
		v.Reason = ReasonSignature
		return v, nil
	case !key.RevokedAt.IsZero(): // its signature proves nothing any more
		v.Reason = ReasonKeyRevoked
		return v, nil
	}
	v.Claims = &Claims{}
	if err := json.Unmarshal(payload, v.Claims); err != nil {
		return nil, notACertificate()
	}
	v.Reason = v.Claims.reason(now)
	v.Valid = v.Reason == ""
	return v, nil
}

// reason says why claims are not in force at an instant; empty: they are.
func (c *Claims) reason(now time.Time) string {
	switch {
	case now.Unix() >= c.Expires:
		return ReasonExpired
	case now.Add(clockSkew).Unix() < c.IssuedAt:
		return ReasonNotYet
	}
	return ""
}

func keyOf(id string, keys []models.CertificateKey) (models.CertificateKey, bool) {
	for _, k := range keys {
		if k.ID == id {
			return k, true
		}
	}
	return models.CertificateKey{}, false
}

// read takes a text apart that looks like a certificate. The library decodes
// loosely: of the last symbol of a part it leaves bits out that nobody signed.
func read(text string) (*jose.JSONWebSignature, error) {
	text = strings.Join(strings.Fields(text), "")
	if len(text) > maxText {
		return nil, notACertificate()
	}
	for part := range strings.SplitSeq(text, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return nil, notACertificate()
		}
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil || signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType] != tokenType {
		return nil, notACertificate()
	}
	return signed, nil
}

func notACertificate() *models.Error {
	return models.NewError(models.Invalid, "certificate", "not-a-certificate",
		"This is no certificate of an address: the text of its QR code begins with eyJ, has three parts with points between them and is signed with EdDSA. Scan it again, all of it.",
		"Đây không phải là giấy xác nhận địa chỉ: nội dung mã QR bắt đầu bằng eyJ, gồm ba phần cách nhau bằng dấu chấm và được ký bằng EdDSA. Hãy quét lại toàn bộ mã.")
}

package certificate

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"diachiso/models"
)

// pemType is what the lines around a private key call it (PKCS#8, RFC 5958).
const pemType = "PRIVATE KEY"

// Key is a private key that certificates are signed with.
type Key struct {
	id     string
	public ed25519.PublicKey
	signer jose.Signer
}

// NewKey makes a private key and answers it as a PEM text. Its id does not begin
// with a dash, because a command would take that for a flag.
func NewKey() ([]byte, error) {
	private, id := ed25519.PrivateKey(nil), "-"
	for strings.HasPrefix(id, "-") {
		public, made, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		if id, err = idOf(public); err != nil {
			return nil, err
		}
		private = made
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

// ReadKey reads the PEM text of one private key; its errors never hold any of it.
func ReadKey(text []byte) (*Key, error) {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != pemType || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New(`it must hold one private key between "-----BEGIN PRIVATE KEY-----" and "-----END PRIVATE KEY-----" (PKCS#8)`)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key in it is damaged, or of a kind that this program does not know: it must be an Ed25519 key")
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the private key in it is a %T: it must be an Ed25519 key", parsed)
	}
	return newKey(private)
}

func newKey(private ed25519.PrivateKey) (*Key, error) {
	k := &Key{public: private.Public().(ed25519.PublicKey)}
	var err error
	if k.id, err = idOf(k.public); err != nil {
		return nil, err
	}
	k.signer, err = jose.NewSigner(
		jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: private, KeyID: k.id}},
		(&jose.SignerOptions{}).WithType(tokenType))
	return k, err
}

// idOf is the thumbprint of a public key (RFC 7638).
func idOf(public ed25519.PublicKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(sum), err
}

// ID is the thumbprint of the public key (RFC 7638), by which certificates name it.
func (k *Key) ID() string { return k.id }

// Public is the key that verifies what this one signs.
func (k *Key) Public() ed25519.PublicKey { return k.public }

// PublicSet are the keys that prove something, as a JWK set (RFC 7517, 8037):
// also those that sign no more, but none that is revoked.
func PublicSet(keys []models.CertificateKey) jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range keys {
		if k.RevokedAt.IsZero() {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Public, KeyID: k.ID, Algorithm: string(jose.EdDSA), Use: "sig"})
		}
	}
	return set
}

// ReadSet reads the Ed25519 keys of a JWK set, such as a server publishes; keys
// of other kinds may stand beside them (RFC 7517, 5).
func ReadSet(text []byte) ([]models.CertificateKey, error) {
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errors.New(`it is no JWK set, such as {"keys":[{"kty":"OKP",…}]}`)
	}
	var keys []models.CertificateKey
	for _, text := range set.Keys {
		var k jose.JSONWebKey
		if err := json.Unmarshal(text, &k); err != nil {
			continue
		}
		if public, ok := k.Key.(ed25519.PublicKey); ok {
			keys = append(keys, models.CertificateKey{ID: k.KeyID, Public: public})
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no public Ed25519 key in it")
	}
	return keys, nil
}

package handlers

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
)

// keptAnswer is an answer as it is sent again.
type keptAnswer struct {
	Status   int
	Header   http.Header
	Body     []byte
	TooLarge bool // its body is not here
}

// keptHeaders are of the answer itself; all others are of one exchange, and
// cookies of one browser.
var keptHeaders = [...]string{"Cache-Control", "Content-Language", "Content-Type", "Cross-Origin-Resource-Policy", "Etag", "Link", "Location"}

// heldAnswer holds an answer back until it is kept.
type heldAnswer struct {
	gin.ResponseWriter
	body bytes.Buffer
}

// Write holds.
func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

// WriteString holds.
func (h *heldAnswer) WriteString(s string) (int, error) { return h.body.WriteString(s) }

// WriteHeaderNow does nothing: the status waits with the rest.
func (h *heldAnswer) WriteHeaderNow() {}

// Flush does nothing, as WriteHeaderNow.
func (h *heldAnswer) Flush() {}

// Unwrap gives http.ResponseController the connection's deadlines.
func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func (h *heldAnswer) answer() keptAnswer {
	answer := keptAnswer{Status: h.Status(), Body: h.body.Bytes(), Header: http.Header{}}
	for _, name := range keptHeaders {
		if values := h.Header()[name]; len(values) > 0 {
			answer.Header[name] = values
		}
	}
	if len(answer.Body) > maxKeptAnswer {
		answer.Body, answer.TooLarge = nil, true
	}
	return answer
}

// send writes an answer whose headers are set.
func send(w gin.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	w.WriteHeaderNow()
	if len(body) > 0 {
		_, _ = w.Write(body) // a client that hung up has nobody to tell
	}
}

// envelope closes answers so that only the client opens them: they may hold an
// owner token or a key. What it is sealed by comes from the Idempotency-Key and
// the secret of the request and is kept nowhere.
type envelope struct {
	hash            []byte // names the attempt in the database
	sealing, asking []byte // keys of AES-256 and of HMAC
}

func newEnvelope(key, secret string) envelope {
	hash := sha256.Sum256(framed(secret, key))
	derive := func(purpose string) []byte {
		derived, err := hkdf.Key(sha256.New, framed(key, secret), hash[:], "diachiso idempotency "+purpose, 32)
		if err != nil {
			panic(err) // 32 bytes are never too many
		}
		return derived
	}
	return envelope{hash: hash[:], sealing: derive("answer"), asking: derive("request")}
}

// framed joins texts so that no two lists of texts are alike.
func framed(texts ...string) []byte {
	var b []byte
	for _, text := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

// digest is a hash of a request that tells nothing to others.
func (e envelope) digest(parts ...string) []byte {
	mac := hmac.New(sha256.New, e.asking)
	mac.Write(framed(parts...))
	return mac.Sum(nil)
}

func (e envelope) aead() cipher.AEAD {
	block, err := aes.NewCipher(e.sealing)
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return aead
}

func (e envelope) seal(answer keptAnswer) []byte {
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // texts and a number
	}
	return e.aead().Seal(nil, nil, text, e.hash)
}

func (e envelope) open(sealed []byte) (answer keptAnswer, err error) {
	text, err := e.aead().Open(nil, nil, sealed, e.hash)
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil {
		return keptAnswer{}, fmt.Errorf("open a kept answer: %w", err)
	}
	return answer, nil
}

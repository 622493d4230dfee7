package handlers

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotent-Replayed"
)

// Limits of requests under an Idempotency-Key.
const (
	maxIdempotencyKey = 255      // characters
	maxKeptAnswer     = 64 << 10 // bytes
)

// writesByPost tells the calls that an Idempotency-Key makes repeatable: those
// that a client who saw no answer would otherwise do twice. Signing in is for
// one browser, and printing changes nothing.
func writesByPost(method, pattern string) bool {
	return method == http.MethodPost && strings.HasPrefix(pattern, "/v1/") && !asksByPost(pattern) && pattern != "/v1/session" && pattern != platesPattern
}

// once does a request under an Idempotency-Key at most once: an equal one gets
// the kept answer again. Whatever was refused has changed nothing and may be
// sent again, corrected or not.
func (a *API) once(handle func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if len(c.Request.Header[idempotencyHeader]) == 0 {
			return handle(c)
		}
		attempt, envelope, err := a.attemptOf(c, a.secretInUse(c))
		if err != nil {
			return err
		}
		kept, err := a.earlier(c, attempt, a.store.BeginOnce)
		if err != nil {
			return err
		}
		if kept != nil {
			return replay(c, envelope, kept)
		}
		return a.attempt(c, handle, attempt, envelope)
	}
}

// secretInUse is the secret that opens this request: a key, an owner token or
// that of a session; empty for strangers.
func (a *API) secretInUse(c *gin.Context) string {
	if caller := callerOf(c); caller.SessionID != 0 {
		return a.cookie(c, sessionCookie)
	}
	secret, _ := presentedSecret(c.Request.Header) // one that is wrong was refused before
	return secret
}

// secretOver is a secret that opens nothing, as identifyCaller found; empty:
// there is none.
func (a *API) secretOver(c *gin.Context, refused error) string {
	if _, ended := c.Get(sessionEnded); ended && refused == nil {
		return a.cookie(c, sessionCookie)
	}
	if e, ok := errors.AsType[*statusError](refused); ok && e.challenge == challengeBadToken {
		secret, _ := presentedSecret(c.Request.Header)
		return secret
	}
	return ""
}

// answerLate gives whoever has a secret that opens nothing any more what was
// answered when it did: the request itself may have ended it, by making a new
// one or revoking it. It reports whether that is all there is to say.
func (a *API) answerLate(c *gin.Context, refused error) (bool, error) {
	secret := a.secretOver(c, refused)
	if secret == "" || len(c.Request.Header[idempotencyHeader]) == 0 {
		return false, refused
	}
	attempt, envelope, err := a.attemptOf(c, secret)
	if err != nil {
		return false, cmp.Or(refused, err)
	}
	kept, err := a.earlier(c, attempt, a.store.EarlierAnswer)
	if err != nil {
		return false, err
	}
	if kept == nil {
		return false, refused
	}
	return true, replay(c, envelope, kept)
}

// attemptOf reads the key and the body of a request, which the handler can
// read again.
func (a *API) attemptOf(c *gin.Context, secret string) (models.Attempt, envelope, error) {
	key, err := idempotencyKey(c.Request.Header[idempotencyHeader], secret != "" && !makesSecret(c.FullPath()))
	if err != nil {
		return models.Attempt{}, envelope{}, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, a.maxBody))
	if err != nil {
		return models.Attempt{}, envelope{}, unreadBody(err)
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	e := newEnvelope(key, secret)
	r := c.Request
	return models.Attempt{Hash: e.hash, Request: e.digest(r.Method, r.URL.RequestURI(), mediaTypeOf(r.Header), string(body))}, e, nil
}

var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$`)

// idempotencyKey reads the header, as a text or in the quotation marks of a
// structured field. Whoever has no secret needs a key that nobody else has.
func idempotencyKey(values []string, secret bool) (string, error) {
	key := values[0]
	if len(key) > 1 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	printable := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) < 0
	switch {
	case len(values) > 1:
		return "", badIdempotencyKey("The header Idempotency-Key is there twice: send it once.", "Tiêu đề Idempotency-Key bị lặp: chỉ gửi một lần.")
	case key == "" || len(key) > maxIdempotencyKey || !printable:
		return "", badIdempotencyKey("An Idempotency-Key has 1 to %d printable ASCII characters without quotation marks and backslashes: take a UUID.",
			"Idempotency-Key gồm 1 đến %d ký tự ASCII in được, không có dấu nháy kép và dấu gạch chéo ngược: hãy dùng UUID.", maxIdempotencyKey)
	case !secret && !uuid.MatchString(key):
		return "", badIdempotencyKey("Without a key of the registry, and where a new key or token is the answer, an Idempotency-Key must be a UUID, a new one for each request.",
			"Khi không có khóa truy cập, hoặc khi câu trả lời là khóa hay mã mới, Idempotency-Key phải là UUID, mỗi yêu cầu một UUID mới.")
	}
	return key, nil
}

// makesSecret tells the calls that answer a new key or token, also again to
// whoever presents the one that it replaced: that must not be guessed.
func makesSecret(pattern string) bool {
	return strings.HasPrefix(pattern, "/v1/keys") || strings.HasSuffix(pattern, "/owner-token")
}

func badIdempotencyKey(en, vi string, args ...any) error {
	return invalid("", "bad-idempotency-key", en, vi, args...)
}

// earlier asks for what was kept of an attempt.
func (a *API) earlier(c *gin.Context, attempt models.Attempt, ask func(context.Context, models.Attempt) ([]byte, error)) ([]byte, error) {
	ctx, cancel := a.writing(c)
	defer cancel()
	kept, err := ask(ctx, attempt)
	e, ok := errors.AsType[*models.Error](err)
	switch {
	case ok && e.Code == "idempotency-mismatch":
		return nil, &statusError{sentences: e, status: http.StatusUnprocessableEntity}
	case ok && e.Code == "idempotency-running":
		c.Header("Retry-After", "1")
	}
	return kept, err
}

// attempt does the work, whether the client waits for it or not, keeps the
// answer and only then sends it. Where the work failed (also by a panic) nobody
// knows what was done: a database may have committed and not been able to say
// so. Then the claim stays. A refusal is another matter: it comes before
// anything is written, and takes the claim back.
func (a *API) attempt(c *gin.Context, handle func(*gin.Context) error, attempt models.Attempt, e envelope) error {
	held := &heldAnswer{ResponseWriter: c.Writer}
	err := a.perform(c, handle, held)
	ctx, cancel := a.writing(c)
	defer cancel()
	var kept error
	switch {
	case err == nil:
		kept = a.store.KeepAnswer(ctx, attempt.Hash, e.seal(held.answer()))
	case isForClient(err):
		kept = a.store.Release(ctx, attempt.Hash)
	default:
		kept = a.store.GiveUp(ctx, attempt.Hash)
	}
	if kept != nil { // what was done is answered all the same
		a.log.LogAttrs(ctx, slog.LevelError, "idempotency key", slog.String("request_id", requestID(c)), slog.Any("error", kept))
	}
	if err != nil {
		return err
	}
	send(held.ResponseWriter, held.Status(), held.body.Bytes())
	return nil
}

// perform runs a handler that writes into a held answer and doesn't stop when
// the client is gone.
func (a *API) perform(c *gin.Context, handle func(*gin.Context) error, held *heldAnswer) error {
	writer, request := c.Writer, c.Request
	defer func() { c.Writer, c.Request = writer, request }() // also for whoever answers a panic
	ctx, cancel := a.writing(c)
	defer cancel()
	c.Writer, c.Request = held, request.WithContext(ctx)
	return handle(c)
}

// replay answers what was answered before.
func replay(c *gin.Context, e envelope, kept []byte) error {
	answer, err := e.open(kept)
	if err != nil {
		return err
	}
	if answer.TooLarge {
		return models.NewError(models.Conflict, "", "idempotency-not-kept", "This request was done; its answer was too large to be kept: look it up.",
			"Yêu cầu này đã được thực hiện; kết quả quá lớn nên không được lưu lại: hãy tra cứu.")
	}
	h := c.Writer.Header()
	for name, values := range answer.Header {
		h[name] = values
	}
	h.Set(replayedHeader, "true")
	send(c.Writer, answer.Status, answer.Body)
	return nil
}

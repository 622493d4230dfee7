package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
// one browser.
func writesByPost(method, pattern string) bool {
	return method == http.MethodPost && strings.HasPrefix(pattern, "/v1/") && !asksByPost(pattern) && pattern != "/v1/session"
}

// once does a request under an Idempotency-Key at most once: an equal one gets
// the kept answer again. Only what was done is kept; whatever was refused has
// changed nothing and may be sent again, corrected or not.
func (a *API) once(handle func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if len(c.Request.Header[idempotencyHeader]) == 0 {
			return handle(c)
		}
		attempt, envelope, err := a.attemptOf(c)
		if err != nil {
			return err
		}
		kept, err := a.begin(c, attempt)
		if err != nil {
			return err
		}
		if kept != nil {
			return replay(c, envelope, kept)
		}
		return a.attempt(c, handle, attempt, envelope)
	}
}

// attemptOf reads the key and the body of a request, which the handler can
// read again.
func (a *API) attemptOf(c *gin.Context) (models.Attempt, envelope, error) {
	secret, err := presentedSecret(c.Request.Header)
	if err != nil {
		return models.Attempt{}, envelope{}, err
	}
	key, err := idempotencyKey(c.Request.Header[idempotencyHeader], secret != "")
	if err != nil {
		return models.Attempt{}, envelope{}, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, a.maxBody))
	if err != nil {
		return models.Attempt{}, envelope{}, unreadBody(err)
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	e := newEnvelope(identityOf(callerOf(c)), key, secret)
	r := c.Request
	return models.Attempt{Hash: e.hash, Request: e.digest(r.Method, r.URL.RequestURI(), mediaTypeOf(r.Header), string(body))}, e, nil
}

// identityOf is whose keys are whose: two callers may use the same one.
func identityOf(caller models.Caller) string {
	switch {
	case caller.KeyID != 0:
		return fmt.Sprint("key ", caller.KeyID)
	case caller.TokenID != 0:
		return fmt.Sprint("owner ", caller.TokenID)
	case caller.SessionID != 0:
		return fmt.Sprint("session ", caller.SessionID)
	}
	return caller.Role
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
		return "", badIdempotencyKey("Without a key of the registry an Idempotency-Key must be a UUID, a new one for each request.",
			"Khi không có khóa truy cập, Idempotency-Key phải là UUID, mỗi yêu cầu một UUID mới.")
	}
	return key, nil
}

func badIdempotencyKey(en, vi string, args ...any) error {
	return invalid("", "bad-idempotency-key", en, vi, args...)
}

// begin claims an attempt, or answers what was kept of it.
func (a *API) begin(c *gin.Context, attempt models.Attempt) ([]byte, error) {
	ctx, cancel := a.lasting(c)
	defer cancel()
	kept, err := a.store.BeginOnce(ctx, attempt)
	e, ok := errors.AsType[*models.Error](err)
	switch {
	case ok && e.Code == "idempotency-mismatch":
		return nil, &statusError{sentences: e, status: http.StatusUnprocessableEntity}
	case ok && e.Code == "idempotency-running":
		c.Header("Retry-After", "1")
	}
	return kept, err
}

// lasting is a context for what must be written also when the client is gone
// or the body took long.
func (a *API) lasting(c *gin.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.Request.Context()), a.timeout)
}

// attempt does the work, keeps its answer and only then sends it. After a
// panic the claim stays: nobody knows what was done.
func (a *API) attempt(c *gin.Context, handle func(*gin.Context) error, attempt models.Attempt, e envelope) error {
	held := &heldAnswer{ResponseWriter: c.Writer, cookies: len(c.Writer.Header()["Set-Cookie"])}
	err := held.during(c, handle)
	ctx, cancel := a.lasting(c)
	defer cancel()
	var kept error
	if answer := held.answer(); err == nil && answer.worthKeeping() {
		kept = a.store.KeepAnswer(ctx, attempt.Hash, e.seal(answer))
	} else {
		kept = a.store.Release(ctx, attempt.Hash)
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

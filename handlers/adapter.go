package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// statusClientClosed is what the log shows for a client that hung up; nobody
// receives it.
const statusClientClosed = 499

// adapt makes a handler one of Gin. It is the only place that writes errors.
func (a *API) adapt(r route) gin.HandlerFunc {
	strict := isStrict(r.pattern)
	handle := r.handle
	if isScarce(r.method, r.pattern) {
		handle = a.scarcely(handle)
	}
	repeatable := writesByPost(r.method, r.pattern)
	if repeatable {
		handle = a.once(handle)
	}
	return func(c *gin.Context) {
		err := a.recognise(c)
		if repeatable {
			var answered bool
			if answered, err = a.answerLate(c, err); answered && err == nil {
				return
			}
		}
		if err == nil && strict && c.Request.URL.RawQuery != "" {
			err = readQuery(c, r.parameters)
		}
		if err == nil {
			err = admit(c, r.access)
		}
		if err == nil {
			err = handle(c)
		}
		if err != nil {
			a.refuse(c, err)
		}
	}
}

// isStrict tells the paths that take no unknown parameter; links to pages get
// decorated by those who share them.
func isStrict(pattern string) bool {
	return strings.HasPrefix(pattern, "/v1/") || pattern == ogcPattern || strings.HasPrefix(pattern, ogcPattern+"/") || strings.HasPrefix(pattern, "/tiles/")
}

// stray answers a request that no route takes.
func (a *API) stray(c *gin.Context, err error) {
	if limited := a.charge(c, models.Caller{}); limited != nil {
		err = limited
	}
	a.refuse(c, err)
}

// refuse answers an error as a problem (RFC 9457).
func (a *API) refuse(c *gin.Context, err error) {
	ctx := c.Request.Context()
	switch {
	case c.Writer.Written():
		a.logError(c, err)
		return
	case isForClient(err): // said before the time was up, or the client gone
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = timedOut()
	case errors.Is(ctx.Err(), context.Canceled):
		c.Status(statusClientClosed)
		return
	}
	vietnamese := prefersVietnamese(c.Request.Header["Accept-Language"])
	p := problemOf(err, hasBody(c.Request.Method), vietnamese)
	if p.Status >= http.StatusInternalServerError {
		a.logError(c, err)
	}
	p.Instance = requestID(c)
	p.write(c, vietnamese, challengeOf(err))
}

// hasBody tells the methods whose fields are members of a body.
func hasBody(method string) bool { return method == http.MethodPost || method == http.MethodPatch }

func timedOut() error {
	return models.NewError(models.Unavailable, "", "timeout",
		"The answer took too long and was given up: ask for less, or try again later.",
		"Yêu cầu xử lý quá lâu nên đã dừng: hãy hỏi ít hơn hoặc thử lại sau.")
}

// isForClient tells an error about the request from one that a deadline or a
// client that hung up may have caused.
func isForClient(err error) bool {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.status < http.StatusInternalServerError
	}
	if _, ok := errors.AsType[models.Errors](err); ok {
		return true
	}
	e, ok := errors.AsType[*models.Error](err)
	return ok && e.Kind != models.Unavailable
}

func (a *API) logError(c *gin.Context, err error) {
	a.log.LogAttrs(c.Request.Context(), slog.LevelError, "request failed",
		slog.String("request_id", requestID(c)), slog.String("route", c.FullPath()), slog.Any("error", err))
}

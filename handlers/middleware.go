package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
)

const requestIDHeader = "X-Request-Id"

// identify gives the request an id, the client's own where it is sane, and
// logs one line when it is done: the pattern of the route, never the path or
// the query, which may hold an address.
func (a *API) identify(c *gin.Context) {
	start := time.Now()
	id := c.Request.Header.Get(requestIDHeader)
	if !isSaneID(id) {
		id = strconv.FormatUint(rand.Uint64(), 36)
	}
	c.Writer.Header().Set(requestIDHeader, id)
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	attrs := []slog.Attr{
		slog.String("request_id", id), slog.String("method", shown(c.Request.Method)), slog.String("route", route),
		slog.Int("status", c.Writer.Status()), slog.Int("bytes", max(c.Writer.Size(), 0)),
		slog.Float64("ms", float64(time.Since(start).Microseconds())/1000),
	}
	if key := c.GetString(keyName); key != "" {
		attrs = append(attrs, slog.String("key", key))
	}
	a.log.LogAttrs(context.WithoutCancel(c.Request.Context()), slog.LevelInfo, "request", attrs...)
}

// isSaneID accepts ids that can't break a log or a header.
func isSaneID(id string) bool {
	const symbols = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_."
	return id != "" && len(id) <= 64 && strings.Trim(id, symbols) == ""
}

func requestID(c *gin.Context) string { return c.Writer.Header().Get(requestIDHeader) }

// recoverPanic answers a panic with 500 and logs where it happened. An answer
// that has begun is broken off.
func (a *API) recoverPanic(c *gin.Context) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		if reason == http.ErrAbortHandler {
			panic(reason)
		}
		a.log.LogAttrs(c.Request.Context(), slog.LevelError, "panic",
			slog.String("request_id", requestID(c)), slog.String("stack", string(debug.Stack())))
		begun := c.Writer.Written()
		a.refuse(c, fmt.Errorf("panic: %v", reason))
		if begun {
			panic(http.ErrAbortHandler)
		}
		c.Abort()
	}()
	c.Next()
}

// limitTime gives the database a deadline; batches, exports and streams keep
// their own.
func (a *API) limitTime(c *gin.Context) {
	if isBatch(c.FullPath()) || isExport(c.FullPath()) || wantsStream(c) {
		c.Next()
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.timeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// maxURI bounds the address of a request, in bytes: the longest text that can
// be searched for fits in.
const maxURI = 8 << 10

// limitURI refuses addresses that no call needs.
func (a *API) limitURI(c *gin.Context) {
	if len(c.Request.RequestURI) <= maxURI {
		return
	}
	a.refuse(c, status(http.StatusRequestURITooLong, "uri-too-long", "The address of the request is longer than %d bytes.",
		"Địa chỉ của yêu cầu dài hơn %d byte.", maxURI))
	c.Abort()
}

// protect forbids browsers to guess media types, to tell other sites where
// they came from, and to run anything that an answer might contain. Whoever
// ends TLS says how long browsers must keep to it (Strict-Transport-Security).
func protect(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // maps and pages of others show what is public
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept, Origin")
	c.Next()
}

// protectPage is protect for a page for people, which runs what its policy says
// and is no part of other people's pages.
func protectPage(c *gin.Context, policy string) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()")
}

// openReads lets pages of any origin read, and ask by POST what changes
// nothing; writing needs a key, which has no place in other people's pages.
func openReads() gin.HandlerFunc {
	reading := cors.Config{
		AllowAllOrigins: true,
		AllowMethods:    []string{http.MethodGet, http.MethodHead},
		AllowHeaders:    []string{"If-None-Match", "Last-Event-ID", requestIDHeader},
		ExposeHeaders:   []string{"ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", replayedHeader, "Retry-After", snapshotHeader, requestIDHeader},
		MaxAge:          24 * time.Hour,
	}
	asking := reading
	asking.AllowMethods = []string{http.MethodPost}
	asking.AllowHeaders = []string{"Content-Type", requestIDHeader}
	read, ask := cors.New(reading), cors.New(asking)
	return func(c *gin.Context) {
		if asksByPost(c.FullPath()) {
			ask(c)
		} else {
			read(c)
		}
	}
}

// asksByPost tells a path whose POST is a question that anybody may ask.
func asksByPost(pattern string) bool {
	return pattern == washPattern || pattern == verifyPattern || isBatch(pattern)
}

func isBatch(pattern string) bool { return strings.HasPrefix(pattern, batchPrefix) }

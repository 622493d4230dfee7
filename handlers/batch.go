package handlers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
	"diachiso/models/batch"
)

const batchPrefix = "/v1/batch/"

// Limits of batches.
const (
	batchMaxRows  = 50_000
	batchMaxBody  = 16 << 20 // bytes
	batchesAtOnce = 4        // each keeps its body in memory
)

func (a *API) batchRoutes() []route {
	return []route{
		{http.MethodPost, batchPrefix + "resolve", a.batchOf(batch.CallResolve), []string{"column", "near", "commune"}},
		{http.MethodPost, batchPrefix + "search", a.batchOf(batch.CallSearch), []string{"column", "near", "commune"}},
		{http.MethodPost, batchPrefix + "reverse", a.batchOf(batch.CallReverse), []string{"column"}},
	}
}

// batchOf answers a table of rows by one call, in the format in which it came.
func (a *API) batchOf(call batch.Call) func(*gin.Context) error {
	return func(c *gin.Context) error {
		until := time.Now().Add(a.pace.whole)
		body := a.arrivalOf(c, until)
		defer body.close()
		f, err := batchFormat(c)
		if err != nil {
			return err
		}
		o, err := a.batchOptions(c, call, f)
		if err != nil {
			return err
		}
		leave, err := a.enterBatch()
		if err != nil {
			return err
		}
		defer leave()
		rows, err := readBatch(body, c.Request.ContentLength)
		if err != nil {
			return err
		}
		b, err := batch.Open(bytes.NewReader(rows), o)
		if err != nil {
			return refusedBatch(err)
		}
		ctx, cancel := context.WithDeadline(c.Request.Context(), until)
		defer cancel()
		c.Header("Content-Type", f.contentType())
		c.Header("Content-Language", languageTag(o.Vietnamese))
		return a.writeBatch(ctx, c, b)
	}
}

// batchOptions are what the parameters of a request say.
func (a *API) batchOptions(c *gin.Context, call batch.Call, f format) (batch.Options, error) {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return batch.Options{}, err
	}
	q := queryOf(c)
	return batch.Options{
		Call: call, Format: batch.Format(f.name),
		Column: q.text("column"), Near: q.near(), Commune: q.commune("commune", units, a.store.Today()),
		Most: batchMaxRows, RowTimeout: a.timeout, Vietnamese: prefersVietnamese(c.Request.Header["Accept-Language"]),
	}, q.err()
}

// batchFormat is the format of a body by its media type, in which it is
// answered too.
func batchFormat(c *gin.Context) (format, error) {
	if err := checkCoding(c.Request.Header); err != nil {
		return format{}, err
	}
	formats := []format{formatCSV, formatNDJSON, formatJSON}
	mediaType := mediaTypeOf(c.Request.Header)
	i := slices.IndexFunc(formats, func(f format) bool { return f.mediaType == mediaType })
	if i < 0 {
		return format{}, status(http.StatusUnsupportedMediaType, "unsupported-media-type",
			"The body must be rows in UTF-8: send Content-Type text/csv, application/x-ndjson or application/json.",
			"Nội dung phải là các dòng dữ liệu mã UTF-8: hãy gửi Content-Type là text/csv, application/x-ndjson hoặc application/json.")
	}
	return negotiate(c, formats[i])
}

// enterBatch takes one of the places for batches; leave gives it back.
func (a *API) enterBatch() (leave func(), err error) {
	select {
	case a.batches <- struct{}{}:
		return func() { <-a.batches }, nil
	default:
		return nil, models.NewError(models.Unavailable, "", "batches-busy",
			"As many batches as this server answers at a time are under way: try again in a few seconds.",
			"Máy chủ đang xử lý số lô tối đa cùng lúc: hãy thử lại sau vài giây.")
	}
}

// readBatch reads a whole body, of a length that is negative where it is not
// known: what is wrong with it is to be said before anything is answered.
func readBatch(body io.Reader, length int64) ([]byte, error) {
	if length > batchMaxBody {
		return nil, bodyTooLarge(batchMaxBody)
	}
	var rows bytes.Buffer
	rows.Grow(int(max(length, 0)) + bytes.MinRead)
	n, err := rows.ReadFrom(io.LimitReader(body, batchMaxBody+1))
	switch {
	case err != nil:
		return nil, unreadBody(err)
	case n > batchMaxBody:
		return nil, bodyTooLarge(batchMaxBody)
	}
	return rows.Bytes(), nil
}

// refusedBatch words what is wrong with the rows as a whole.
func refusedBatch(err error) error {
	e, ok := errors.AsType[*models.Error](err)
	switch {
	case !ok:
		return err
	case e.Code == "too-many-rows":
		return &statusError{sentences: e, status: http.StatusRequestEntityTooLarge}
	case e.Field == "column":
		return parameterErrors{models.Errors{e}}
	}
	return e
}

// writeBatch answers the rows. Once the answer has begun, a failure breaks the
// connection off: a short answer must not look like a whole one.
func (a *API) writeBatch(ctx context.Context, c *gin.Context, b *batch.Batch) error {
	leaving := &departure{w: c.Writer, control: http.NewResponseController(c.Writer), still: a.pace.still}
	out := bufio.NewWriterSize(leaving, 32<<10)
	_, err := b.Write(ctx, a.store, out, nil)
	if err == nil {
		err = out.Flush()
	}
	switch {
	case err == nil:
		return nil
	case c.Writer.Written():
		a.breakOff(c, err, leaving.err != nil)
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut()
	}
	return err
}

// breakOff closes the connection in the middle of an answer. That the client
// is gone or does not read is no failure of ours.
func (a *API) breakOff(c *gin.Context, err error, unread bool) {
	level := slog.LevelError
	if unread || c.Request.Context().Err() != nil {
		level = slog.LevelInfo
	}
	a.log.LogAttrs(context.WithoutCancel(c.Request.Context()), level, "answer broken off",
		slog.String("request_id", requestID(c)), slog.String("route", c.FullPath()), slog.Int("bytes", c.Writer.Size()), slog.Any("error", err))
	panic(http.ErrAbortHandler)
}

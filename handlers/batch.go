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
	batchMaxRows = 50_000
	batchMaxBody = 16 << 20 // bytes
)

func (a *API) batchRoutes() []route {
	return []route{
		{http.MethodPost, batchPrefix + "resolve", anyone, a.batchOf(batch.CallResolve), []string{"column", "near", "commune"}},
		{http.MethodPost, batchPrefix + "search", anyone, a.batchOf(batch.CallSearch), []string{"column", "near", "commune"}},
		{http.MethodPost, batchPrefix + "reverse", anyone, a.batchOf(batch.CallReverse), []string{"column"}},
	}
}

// batchOf answers a table of rows by one call, in the format in which it came.
func (a *API) batchOf(call batch.Call) func(*gin.Context) error {
	return func(c *gin.Context) error {
		until := time.Now().Add(a.pace.whole)
		body := a.arrivalOf(c, a.pace.bodyUntil(until))
		defer body.close()
		f, err := batchFormat(c)
		if err != nil {
			return err
		}
		o, err := a.batchOptions(c, call, f)
		if err != nil {
			return err
		}
		rows, err := a.receiveBatch(c, body)
		if err != nil {
			return err
		}
		leave, err := a.places.answer()
		if err != nil {
			return err
		}
		defer leave()
		b, err := batch.Open(bytes.NewReader(rows), o)
		if err != nil {
			return refusedBatch(err)
		}
		a.chargeRows(c, b.Rows())
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
		Most: batchMaxRows, Places: a.places.rows, RowTimeout: a.timeout, Vietnamese: prefersVietnamese(c.Request.Header["Accept-Language"]),
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

// receiveBatch reads the body of a batch as one of the few that may arrive.
func (a *API) receiveBatch(c *gin.Context, body io.Reader) ([]byte, error) {
	leave, err := a.places.arrive(a.clientNetwork(c))
	if err != nil {
		return nil, err
	}
	defer leave()
	return readBatch(body, c.Request.ContentLength)
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

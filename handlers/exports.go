package handlers

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// snapshotHeader names the position in the change feed that a snapshot is of.
const snapshotHeader = "Snapshot"

// Snapshots under way: each holds a reading connection.
const (
	exportsAtOnce         = 2
	exportsOfClientAtOnce = 1
)

func newExportSeats() *seats {
	return &seats{all: exportsAtOnce, ofClient: exportsOfClientAtOnce,
		full: models.NewError(models.Unavailable, "", "exports-busy",
			"As many exports as this server gives at a time are under way: try again in a minute.",
			"Máy chủ đang xuất dữ liệu cho số người tối đa: hãy thử lại sau một phút."),
		greedy: models.NewError(models.TooMany, "", "too-many-exports",
			"An export of yours is under way already: wait until it has arrived.",
			"Bạn đang tải một bản xuất: hãy chờ tải xong.")}
}

// exportAddresses answers all addresses of one moment, one as JSON a line. Once
// the answer has begun, a failure breaks the connection off: a short answer
// must not look like a whole one.
func (a *API) exportAddresses(c *gin.Context) error {
	if _, err := negotiate(c, formatNDJSON); err != nil {
		return err
	}
	leave, err := a.exports.take(a.clientNetwork(c))
	if err != nil {
		c.Header("Retry-After", strconv.Itoa(retryAfter))
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.pace.whole)
	defer cancel()
	units, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	leaving := &departure{w: c.Writer, control: http.NewResponseController(c.Writer), still: a.pace.still}
	out := bufio.NewWriterSize(leaving, 32<<10)
	today := a.store.Today()
	var line []byte
	err = a.store.Snapshot(ctx, models.ListFilter{}, func(p models.FeedPosition) error {
		return beginExport(c, p)
	}, func(list []*models.Address) error {
		for _, address := range list {
			p := units.Public(address, today)
			line = append(p.AppendJSON(line[:0]), '\n')
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = out.Flush()
	}
	switch {
	case err == nil, errors.Is(err, errHeadOnly):
		return nil
	case c.Writer.Written():
		a.breakOff(c, err, leaving.err != nil)
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut()
	}
	return err
}

// errHeadOnly ends the export of a request that asks for the head alone.
var errHeadOnly = errors.New("only the head is asked for")

// beginExport says which moment follows.
func beginExport(c *gin.Context, p models.FeedPosition) error {
	c.Header("Content-Type", formatNDJSON.mediaType)
	c.Header(snapshotHeader, p.String())
	c.Header("Link", "<"+changesPattern+"?since="+p.String()+`>; rel="monitor"`) // RFC 5989
	if c.Request.Method == http.MethodHead {
		c.Status(http.StatusOK)
		c.Writer.WriteHeaderNow()
		return errHeadOnly
	}
	return nil
}

package handlers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
	"diachiso/models/export"
)

const (
	exportPrefix  = "/v1/exports/"
	exportPattern = exportPrefix + "addresses.ndjson" // the snapshot of those who keep a copy
)

// snapshotHeader names the position in the change feed that a snapshot is of.
const snapshotHeader = "Snapshot"

// markParameter asks for the byte order mark of a CSV.
const markParameter = "bom"

func (a *API) exportRoutes() []route {
	addresses, units := exportPrefix+"addresses.", exportPrefix+"units."
	ofUnits := []string{"level", "as_of"}
	return []route{
		{http.MethodGet, exportPattern, anyone, a.exportAs(formatNDJSON, a.askAddresses), addressFilters},
		{http.MethodGet, addresses + "geojson", anyone, a.exportAs(formatGeoJSON, a.askAddresses), addressFilters},
		{http.MethodGet, addresses + "csv", anyone, a.exportAs(formatCSV, a.askAddresses), withMark(addressFilters)},
		{http.MethodGet, units + "ndjson", anyone, a.exportAs(formatNDJSON, a.askUnits), ofUnits},
		{http.MethodGet, units + "geojson", anyone, a.exportAs(formatGeoJSON, a.askUnits), ofUnits},
		{http.MethodGet, units + "csv", anyone, a.exportAs(formatCSV, a.askUnits), withMark(ofUnits)},
	}
}

func withMark(parameters []string) []string { return append(slices.Clone(parameters), markParameter) }

func isExport(pattern string) bool { return strings.HasPrefix(pattern, exportPrefix) }

// Exports under way: each holds a reading connection.
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

// exporter writes what an export is of, and answers how many rows.
type exporter func(ctx context.Context, o export.Options, out io.Writer) (rows int, err error)

// askAddresses reads which addresses are asked for.
func (a *API) askAddresses(ctx context.Context, q *query) (exporter, error) {
	units, err := a.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	filter := addressFilter(q, units, a.store.Today())
	return func(ctx context.Context, o export.Options, out io.Writer) (int, error) {
		return export.Addresses(ctx, a.store, filter, o, out)
	}, nil
}

// AddressFilter reads which addresses are meant from parameters as those of an
// export, for whoever asks the store itself. What is wrong with them is a
// models.Errors.
func AddressFilter(ctx context.Context, store *models.Store, parameters url.Values) (models.ListFilter, error) {
	units, err := store.Units(ctx)
	if err != nil {
		return models.ListFilter{}, err
	}
	q := &query{values: parameters}
	f := addressFilter(q, units, store.Today())
	if len(q.errs) > 0 {
		return f, q.errs
	}
	return f, nil
}

// askUnits reads which units are asked for.
func (a *API) askUnits(_ context.Context, q *query) (exporter, error) {
	filter := models.UnitFilter{Level: q.oneOf("level", levels), Day: q.day("as_of", a.store.Today())}
	return func(ctx context.Context, o export.Options, out io.Writer) (int, error) {
		return export.Units(ctx, a.store, filter, o, out)
	}, nil
}

// exportAs answers all that ask reads out of the query, of one moment. Once the
// answer has begun, a failure breaks the connection off: a short answer must
// not look like a whole one.
func (a *API) exportAs(f format, ask func(context.Context, *query) (exporter, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if _, err := negotiate(c, f); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(c.Request.Context(), a.pace.whole)
		defer cancel()
		q := queryOf(c)
		write, err := ask(ctx, q)
		if err != nil {
			return err
		}
		mark := q.oneOf(markParameter, []string{"true", "false"}) == "true"
		if err := q.err(); err != nil {
			return err
		}
		leave, err := a.exports.take(a.clientNetwork(c))
		if err != nil {
			c.Header("Retry-After", strconv.Itoa(retryAfter))
			return err
		}
		defer leave()
		return a.writeExport(ctx, c, write, export.Options{Format: export.Format(f.name), Mark: mark,
			Begin: func(p models.FeedPosition) error { return beginExport(c, f, p) }})
	}
}

func (a *API) writeExport(ctx context.Context, c *gin.Context, write exporter, o export.Options) error {
	leaving := &departure{w: c.Writer, control: http.NewResponseController(c.Writer), still: a.pace.still}
	_, err := write(ctx, o, leaving)
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
func beginExport(c *gin.Context, f format, p models.FeedPosition) error {
	c.Header("Content-Type", f.contentType())
	c.Header(snapshotHeader, p.String())
	c.Header("Link", "<"+changesPattern+"?since="+p.String()+`>; rel="monitor"`) // RFC 5989
	if c.Request.Method == http.MethodHead {
		c.Status(http.StatusOK)
		c.Writer.WriteHeaderNow()
		return errHeadOnly
	}
	return nil
}

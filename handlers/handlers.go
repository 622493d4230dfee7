// Package handlers is the HTTP interface of the registry, as openapi.yaml
// describes it. A handler reads the request, asks the store once and writes
// the answer; rules about addresses live in models, about codes in geo.
package handlers

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"diachiso/models"
	"diachiso/models/certificate"
)

// Limits that hold where Options say nothing.
const (
	DefaultMaxBody = 1 << 20 // bytes
	DefaultTimeout = 15 * time.Second
)

// minCompressed is the size in bytes from which compression is worth its time.
const minCompressed = 1024

// Options say how the interface behaves. The zero value serves.
type Options struct {
	Version string        // of the program, as /version tells it
	Logger  *slog.Logger  // one line a request; nil: none
	MaxBody int64         // bytes of a request's body; 0: DefaultMaxBody
	Timeout time.Duration // of one request; 0: DefaultTimeout

	RateLimit     int    // requests a minute of a key, or of a network without one; 0: any number
	ProposalLimit int    // proposals and reports an hour of a network without a key; 0: any number
	PublicURL     string // where people reach the program: https://… without a path; empty: not known
	SignIn        SignIn // with what people sign in; it needs PublicURL

	CertificateKey *certificate.Key // signs certificates of addresses; nil: there are none

	Stopping <-chan struct{} // closed when the server stops: streams end then; nil: never

	TrustedProxies Proxies // whose X-Forwarded-For and X-Forwarded-Proto are believed
}

// API holds what the handlers share; it never changes after New.
type API struct {
	store    *models.Store
	version  string
	log      *slog.Logger
	maxBody  int64
	timeout  time.Duration
	proxies  Proxies
	limits   limits
	pace     pace    // of batches
	places   *places // for batches
	streams  *seats  // for streams of changes
	exports  *seats  // for snapshots
	pages    *seats  // for large pages of features
	prints   *seats  // for sheets of plates
	drawing  turns   // what is printed for one address
	scanning turns   // pages that no index leads to
	stopping <-chan struct{}
	eras     eraCache
	contract func() ([]byte, error)
	features func() (map[string]any, error) // the part of the contract under /ogc
	console  func() (console, error)

	certificateKey *certificate.Key // nil: there are no certificates

	publicURL  string
	provider   *provider // nil: people sign in with keys
	sameOrigin *http.CrossOriginProtection
}

// New builds the whole interface on a store, which the caller closes.
func New(store *models.Store, o Options) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.SuffixETag(gzipSuffix), gzhttp.ContentTypeFilter(compressible))
	if err != nil {
		panic(err) // the options are constants: only a broken build gets here
	}
	return compress(newAPI(store, o).router())
}

// compressible tells what gains by compression from what is compressed already
// or must not wait for more.
func compressible(contentType string) bool {
	return contentType != formatEvents.mediaType && contentType != formatPNG.mediaType && contentType != formatPDF.mediaType && gzhttp.DefaultContentTypeFilter(contentType)
}

func newAPI(store *models.Store, o Options) *API {
	a := &API{
		store: store, version: o.Version, log: o.Logger, maxBody: o.MaxBody, timeout: o.Timeout, proxies: o.TrustedProxies, limits: newLimits(o),
		pace: defaultPace, places: newPlaces(), streams: newStreamSeats(), exports: newExportSeats(), pages: newPageSeats(), prints: newPrintSeats(), drawing: newTurns(drawnAtOnce), scanning: newTurns(scansAtOnce), stopping: o.Stopping,
		contract: sync.OnceValues(contractJSON), features: sync.OnceValues(featureContract), console: sync.OnceValues(newConsole),
		certificateKey: o.CertificateKey,
		publicURL:      o.PublicURL, sameOrigin: sameOrigin(o.PublicURL), provider: newProvider(o.SignIn, o.PublicURL),
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.maxBody == 0 {
		a.maxBody = DefaultMaxBody
	}
	if a.timeout == 0 {
		a.timeout = DefaultTimeout
	}
	return a
}

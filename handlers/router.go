package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// route is one line of a resource's table. A GET answers HEAD too, and every
// path OPTIONS. Parameters are all that its query may hold.
type route struct {
	method, pattern string
	access          access
	handle          func(c *gin.Context) error
	parameters      []string
}

// routes are all the calls there are.
func (a *API) routes() []route {
	return slices.Concat(
		a.resolveRoutes(),
		a.addressRoutes(),
		a.lifecycleRoutes(),
		a.contactRoutes(),
		a.reportRoutes(),
		a.confirmationRoutes(),
		a.reverseRoutes(),
		a.searchRoutes(),
		a.batchRoutes(),
		a.changeRoutes(),
		a.exportRoutes(),
		a.codeRoutes(),
		a.unitRoutes(),
		a.ogcRoutes(),
		a.tileRoutes(),
		a.statsRoutes(),
		a.keyRoutes(),
		a.sessionRoutes(),
		a.signInPageRoutes(),
		a.oidcRoutes(),
		a.proposalRoutes(),
		a.ownerRoutes(),
		a.plateRoutes(),
		a.addressPageRoutes(),
		a.healthRoutes(),
		a.documentRoutes(),
		a.certificateRoutes(),
	)
}

// router puts the middleware, from the outside in, around the routes.
func (a *API) router() *gin.Engine {
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	// Parameters stay escaped until pathText: Gin would make a Plus Code's "+" a space.
	e.UseEscapedPath, e.UnescapePathValues = true, false
	e.Use(
		a.identify,     // a request id, and one line in the log
		a.limitTime,    // a deadline for the database
		a.recoverPanic, // 500 and the stack in the log; inside limitTime, which ends with its context
		protect,        // headers against misuse by browsers
		openReads(),    // CORS
		a.limitURI,     // 414
	)
	a.mount(e, a.routes())
	e.NoRoute(func(c *gin.Context) { a.stray(c, noRoute()) })
	e.NoMethod(func(c *gin.Context) { a.stray(c, noMethod(c)) })
	return e
}

func (a *API) mount(e *gin.Engine, routes []route) {
	methods := map[string][]string{}
	for _, r := range routes {
		handle := a.adapt(r)
		e.Handle(r.method, r.pattern, handle)
		methods[r.pattern] = append(methods[r.pattern], r.method)
		if r.method == http.MethodGet {
			e.HEAD(r.pattern, handle)
			methods[r.pattern] = append(methods[r.pattern], http.MethodHead)
		}
	}
	for pattern, allowed := range methods {
		slices.Sort(allowed)
		allow := strings.Join(append(allowed, http.MethodOptions), ", ")
		e.OPTIONS(pattern, func(c *gin.Context) {
			c.Header("Allow", allow)
			c.Status(http.StatusNoContent)
		})
	}
}

func noRoute() error {
	return notFound("no-such-path", "There is no such path; /docs lists those there are.",
		"Không có đường dẫn này; xem các đường dẫn hiện có tại /docs.")
}

func noMethod(c *gin.Context) error {
	return status(http.StatusMethodNotAllowed, "method-not-allowed",
		"This path does not take %s; it takes %s.", "Đường dẫn này không nhận %s; chỉ nhận %s.",
		c.Request.Method, c.Writer.Header().Get("Allow"))
}

package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func (a *API) healthRoutes() []route {
	return []route{
		{http.MethodGet, "/healthz", anyone, a.healthy, nil},
		{http.MethodGet, "/readyz", anyone, a.ready, nil},
		{http.MethodGet, "/version", anyone, a.build, nil},
	}
}

// healthy says that the process answers.
func (a *API) healthy(c *gin.Context) error {
	return answerJSON(c, "", map[string]string{"status": "ok"})
}

// ready says that the database answers too, and has this program's tables.
func (a *API) ready(c *gin.Context) error {
	if err := a.store.Ready(c.Request.Context()); err != nil {
		return notReady(err)
	}
	return answerJSON(c, "", map[string]string{"status": "ready", "database": a.store.Database()})
}

// build says what is running.
func (a *API) build(c *gin.Context) error {
	return answerJSON(c, "", map[string]string{"name": "diachiso", "version": a.version, "database": a.store.Database()})
}

// notReady is 503 whatever the reason; the reason is for the log.
func notReady(cause error) error {
	s := status(http.StatusServiceUnavailable, "not-ready", "The database does not answer yet, or has other tables than this program.",
		"Cơ sở dữ liệu chưa trả lời hoặc có cấu trúc khác với chương trình này.")
	s.cause = cause
	return s
}

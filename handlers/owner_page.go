package handlers

import (
	_ "embed"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed pages/o.html
var ownerHTML []byte

// ownerPage is the page of an owner. It reads the token from the fragment of
// its address, which the server never sees, and calls the interface with it.
func (a *API) ownerPage(c *gin.Context) error {
	protectPage(c, policyOf(ownerHTML))
	write(c, http.StatusOK, "text/html; charset=utf-8", ownerHTML)
	return nil
}

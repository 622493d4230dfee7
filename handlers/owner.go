package handlers

import (
	"context"
	"net/http"
	"regexp"

	"github.com/gin-gonic/gin"

	"diachiso/handlers/paper"
	"diachiso/models"
)

func (a *API) ownerRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/owner", owners, a.ownHoldings, nil},
		{http.MethodPost, "/v1/addresses/:code/owner-token", owners.and(writers), a.rotateAddressToken, nil},
		{http.MethodGet, "/o", anyone, a.ownerPage, nil},
	}
}

// ownerSecret is what an owner is told once: the token, the link that opens
// the owner's page with it, and the same as a QR code (SVG).
type ownerSecret struct {
	Token string `json:"owner_token"`
	Link  string `json:"owner_link"`
	QR    string `json:"owner_qr"`
}

func newOwnerSecret(page, token string) (ownerSecret, error) {
	link := ownerLink(page, token)
	code, err := paper.NewQR(link, paper.Medium)
	if err != nil {
		return ownerSecret{}, err
	}
	return ownerSecret{token, link, code.SVG()}, nil
}

// ownerLink has the token in the fragment, which browsers send to nobody and
// no log holds.
func ownerLink(page, token string) string { return page + "#" + token }

// saneHost is a name or address with an optional port: what may become part
// of a link.
var saneHost = regexp.MustCompile(`^([0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$`)

// ownerPageURL is where owners open their page.
func (a *API) ownerPageURL(c *gin.Context) (string, error) {
	base, err := a.baseURL(c)
	return base + "/o", err
}

func (a *API) rotateProposalToken(c *gin.Context) error {
	return a.rotate(c, func(ctx context.Context, caller models.Caller) (string, error) {
		return a.store.RotateProposalToken(ctx, caller, c.Param("number"))
	})
}

func (a *API) rotateAddressToken(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	return a.rotate(c, func(ctx context.Context, caller models.Caller) (string, error) {
		return a.store.RotateAddressToken(ctx, caller, code)
	})
}

// rotate answers a new owner token, which is told this once.
func (a *API) rotate(c *gin.Context, makeToken func(context.Context, models.Caller) (string, error)) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	page, err := a.ownerPageURL(c)
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	token, err := makeToken(ctx, callerOf(c))
	if err != nil {
		return err
	}
	secret, err := newOwnerSecret(page, token)
	if err != nil {
		return err
	}
	return answerSecret(c, http.StatusOK, secret)
}

// holdings are what an owner token is for.
type holdings struct {
	Proposal *models.ShownProposal `json:"proposal,omitempty"`
	Address  *models.PublicAddress `json:"address,omitempty"`
}

func (a *API) ownHoldings(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	held, err := a.store.Holdings(c.Request.Context(), callerOf(c))
	if err != nil {
		return err
	}
	var shown holdings
	if held.Proposal != nil {
		proposal := units.Proposal(held.Proposal, a.store.Today())
		shown.Proposal = &proposal
	}
	if held.Address != nil {
		address := units.Public(held.Address, a.store.Today())
		shown.Address = &address
	}
	return answerSecret(c, http.StatusOK, shown)
}

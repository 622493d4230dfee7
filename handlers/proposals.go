package handlers

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// Who may do what to a proposal is a rule of models, which knows no proposal
// for strangers: hence most of these are open to anyone.
func (a *API) proposalRoutes() []route {
	return []route{
		{http.MethodPost, "/v1/proposals", anyone, a.createProposal, nil},
		{http.MethodGet, "/v1/proposals/:number", anyone, a.proposal, nil},
		{http.MethodPatch, "/v1/proposals/:number", anyone, a.correctProposal, nil},
		{http.MethodPost, "/v1/proposals/:number/verify", anyone, a.verifyProposal, nil},
		{http.MethodPost, "/v1/proposals/:number/reject", anyone, a.rejectProposal, nil},
		{http.MethodPost, "/v1/proposals/:number/withdraw", anyone, a.withdrawProposal, nil},
		{http.MethodPost, "/v1/proposals/:number/owner-token", anyone, a.rotateProposalToken, nil},
		{http.MethodGet, "/v1/proposals/:number/slip.svg", anyone, a.slip, nil},
		{http.MethodGet, "/v1/reviews", writers, a.reviews, []string{"type", "limit", "cursor"}},
	}
}

// proposalMembers are all that a proposal may say: what a registration does,
// but for an importer's own key.
var proposalMembers = slices.DeleteFunc(slices.Clone(registrationMembers), func(name string) bool { return name == "ref" })

// correctionMembers are all that can be corrected: the contact has a call of
// its own.
var correctionMembers = slices.DeleteFunc(slices.Clone(proposalMembers), func(name string) bool { return name == "contact" })

// proposed is a new proposal with what its owner is told this once.
type proposed struct {
	models.ShownProposal
	ownerSecret
}

func (a *API) createProposal(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	page, err := a.ownerPageURL(c)
	if err != nil {
		return err
	}
	o, err := a.readObject(c, proposalMembers)
	if err != nil {
		return err
	}
	r, err := o.registration("")
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	p, token, err := a.store.Propose(ctx, r)
	if err != nil {
		return err
	}
	secret, err := newOwnerSecret(page, token)
	if err != nil {
		return err
	}
	units, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	shown := units.Proposal(p, a.store.Today())
	c.Header("Location", shown.Links.Self)
	c.Header("ETag", proposalTag(p))
	return answerSecret(c, http.StatusCreated, proposed{shown, secret})
}

// proposalTag tags a proposal. That it has expired is known without a write.
func proposalTag(p *models.Proposal) string { return versionTag(p.Version, p.Status) }

// proposalVersions are the versions that If-Match allows a change of a
// proposal to start from.
func proposalVersions(c *gin.Context) ([]int64, error) {
	return requiredVersions(c, models.ProposalProposed, models.ProposalVerified, models.ProposalRejected, models.ProposalWithdrawn, models.ProposalExpired)
}

func (a *API) proposal(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	p, err := a.store.Proposal(c.Request.Context(), callerOf(c), c.Param("number"))
	if err != nil {
		return err
	}
	return a.answerProposal(c, p)
}

// answerProposal answers a proposal to somebody who may see it.
func (a *API) answerProposal(c *gin.Context, p *models.Proposal) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("ETag", proposalTag(p))
	shown := units.Proposal(p, a.store.Today())
	if callerOf(c).Role != models.RoleOwner {
		shown.Links.Slip, shown.Links.Contact = "", shown.Links.Self+"/contact"
	}
	return answerSecret(c, http.StatusOK, shown)
}

func (a *API) correctProposal(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	patch, err := a.readPatch(c, correctionMembers)
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	p, err := a.store.Proposal(ctx, callerOf(c), c.Param("number"))
	if err != nil {
		return err
	}
	versions, err := proposalVersions(c)
	if err != nil {
		return err
	}
	if versions == nil || slices.Contains(versions, p.Version) {
		versions = []int64{p.Version} // the one that is patched
	}
	patched, err := patch.over(p.Asked)
	if err != nil {
		return err
	}
	r, err := patched.registration("")
	if err != nil {
		return err
	}
	was, err := geo.ParsePoint(string(p.Asked.Lat), string(p.Asked.Lng))
	if err != nil {
		return err
	}
	if r.Point != was && !patch.has("accuracy_m") {
		r.AccuracyM = 0 // it was that of the other point
	}
	if p, err = a.store.CorrectProposal(ctx, callerOf(c), p.Number, versions, r); err != nil {
		return err
	}
	return a.answerProposal(c, p)
}

// over is a value with a patch applied, to be read as if it had been sent.
func (o *object) over(old any) (*object, error) {
	text, err := json.Marshal(old)
	if err != nil {
		return nil, err
	}
	patched := &object{members: map[string]json.RawMessage{}, errs: o.errs}
	if err := json.Unmarshal(text, &patched.members); err != nil {
		return nil, err
	}
	maps.Copy(patched.members, o.members)
	maps.DeleteFunc(patched.members, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return patched, nil
}

func (a *API) verifyProposal(c *gin.Context) error {
	by, err := a.decision(c, []string{"level", "confirm_distinct"})
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	issued, err := a.store.VerifyProposal(ctx, callerOf(c), c.Param("number"), by)
	if err != nil {
		return err
	}
	return a.answerCreated(ctx, c, issued)
}

func (a *API) rejectProposal(c *gin.Context) error {
	by, err := a.decision(c, []string{"reason"})
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	p, err := a.store.RejectProposal(ctx, callerOf(c), c.Param("number"), by)
	if err != nil {
		return err
	}
	return a.answerProposal(c, p)
}

// decision reads what an officer decides, of the members that the call knows.
func (a *API) decision(c *gin.Context, known []string) (by models.Decision, err error) {
	if _, err := negotiate(c, formatJSON); err != nil {
		return by, err
	}
	o, err := a.readObject(c, known)
	if err != nil {
		return by, err
	}
	by.Level, by.Reason = o.text("level"), o.text("reason")
	if distinct := o.flag("confirm_distinct"); distinct != nil {
		by.ConfirmDistinct = *distinct
	}
	if len(o.errs) > 0 {
		return by, o.errs
	}
	by.Versions, err = proposalVersions(c)
	return by, err
}

func (a *API) withdrawProposal(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	versions, err := proposalVersions(c)
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	p, err := a.store.WithdrawProposal(ctx, callerOf(c), c.Param("number"), versions)
	if err != nil {
		return err
	}
	return a.answerProposal(c, p)
}

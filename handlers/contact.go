package handlers

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

func (a *API) contactRoutes() []route {
	const contact, proposed = "/v1/addresses/:code/contact", "/v1/proposals/:number/contact"
	return []route{
		{http.MethodGet, contact, carriers.and(owners), a.readContact, []string{"purpose"}},
		{http.MethodPatch, contact, writers.and(owners), a.changeContact, nil},
		{http.MethodDelete, contact, admins.and(owners), a.eraseContact, nil},
		{http.MethodGet, contact + "/reads", admins.and(owners), a.contactReads, nil},
		{http.MethodGet, "/v1/addresses/:code/personal-data", admins.and(owners), a.personalData, nil},
		{http.MethodGet, proposed, writers.and(owners), a.proposalContact, []string{"purpose"}},
		{http.MethodPatch, proposed, owners, a.changeProposalContact, nil},
		{http.MethodDelete, proposed, owners, a.eraseProposalContact, nil},
	}
}

func (a *API) readContact(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	purpose, err := purposeOf(c)
	if err != nil {
		return err
	}
	contact, err := a.store.Contact(c.Request.Context(), code, callerOf(c), purpose)
	if err != nil {
		return err
	}
	return answerContact(c, contact)
}

// purposeOf is what a contact is asked for, as JSON; empty: it is not said.
func purposeOf(c *gin.Context) (string, error) {
	q := queryOf(c)
	purpose := q.oneOf("purpose", models.Purposes[:])
	if err := q.err(); err != nil {
		return "", err
	}
	_, err := negotiate(c, formatJSON)
	return purpose, err
}

// contactTag is what the ETag of a contact says behind the version.
const contactTag = "contact"

func answerContact(c *gin.Context, contact *models.Contact) error {
	c.Header("ETag", versionTag(contact.Version, contactTag))
	return answerSecret(c, http.StatusOK, contact)
}

// changeContact takes a merge patch of the version that If-Match names; where
// there is no contact yet, If-None-Match: * makes the first.
func (a *API) changeContact(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	return a.patchContact(c, func(ctx context.Context, versions []int64, change models.ContactChange) (*models.Contact, error) {
		return a.store.ChangeContact(ctx, code, callerOf(c), versions, change)
	})
}

func (a *API) changeProposalContact(c *gin.Context) error {
	number, err := pathText(c, "number")
	if err != nil {
		return err
	}
	return a.patchContact(c, func(ctx context.Context, versions []int64, change models.ContactChange) (*models.Contact, error) {
		return a.store.ChangeProposalContact(ctx, number, callerOf(c), versions, change)
	})
}

// patchContact reads a change of a contact and answers what it made.
func (a *API) patchContact(c *gin.Context, apply func(context.Context, []int64, models.ContactChange) (*models.Contact, error)) error {
	versions, err := changedVersions(c)
	if err != nil {
		return err
	}
	change, err := a.readContactChange(c, slices.Equal(versions, []int64{0}))
	if err != nil {
		return err
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	contact, err := apply(ctx, versions, change)
	if err != nil {
		return err
	}
	return answerContact(c, contact)
}

// readContactChange reads a change of a contact, or the first one, which has no
// consent to withdraw yet.
func (a *API) readContactChange(c *gin.Context, first bool) (change models.ContactChange, err error) {
	o, err := a.readPatch(c, contactMembers)
	if err != nil {
		return change, err
	}
	change = models.ContactChange{Name: o.patched("name"), Phone: o.patched("phone"), Email: o.patched("email"), DeliveryNotes: o.patched("delivery_notes")}
	if consent := o.flag("consent"); consent != nil {
		change.Consent = *consent
	}
	if _, there := o.members["consent"]; there && !first && !change.Consent && !o.failed("consent") {
		o.add(invalid("consent", "erase-instead", "Consent is withdrawn by DELETE, which erases the contact.",
			"Để rút lại sự đồng ý, hãy dùng DELETE: thông tin liên hệ sẽ bị xóa."))
	}
	if len(o.errs) > 0 {
		return change, o.errs
	}
	return change, nil
}

// changedVersions are the versions that a change may start from; 0 is none yet.
func changedVersions(c *gin.Context) ([]int64, error) {
	if strings.TrimSpace(c.Request.Header.Get("If-None-Match")) == "*" && c.Request.Header.Get("If-Match") == "" {
		return []int64{0}, nil
	}
	return requiredVersions(c, contactTag)
}

// writing is a context for what goes on when the client is gone: it stands in
// the registry then. The body had its own time to arrive.
func (a *API) writing(c *gin.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.Request.Context()), a.timeout)
}

func (a *API) eraseContact(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	return a.erase(c, func(ctx context.Context) error { return a.store.EraseContact(ctx, code, callerOf(c)) })
}

func (a *API) eraseProposalContact(c *gin.Context) error {
	number, err := pathText(c, "number")
	if err != nil {
		return err
	}
	return a.erase(c, func(ctx context.Context) error { return a.store.EraseProposalContact(ctx, number, callerOf(c)) })
}

// erase answers that there is nothing any more.
func (a *API) erase(c *gin.Context, work func(context.Context) error) error {
	ctx, cancel := a.writing(c)
	defer cancel()
	if err := work(ctx); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusNoContent)
	return nil
}

// readsShape is who read a contact.
type readsShape struct {
	Reads     []models.ContactRead `json:"reads"`
	Truncated bool                 `json:"truncated,omitempty"`
}

func (a *API) contactReads(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	list, more, err := a.store.ContactReads(c.Request.Context(), code, callerOf(c))
	if err != nil {
		return err
	}
	return answerSecret(c, http.StatusOK, readsShape{list, more})
}

// personalData answers everything that is kept about the owner of an address.
func (a *API) personalData(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	data, err := a.store.PersonalData(c.Request.Context(), code, callerOf(c))
	if err != nil {
		return err
	}
	return answerSecret(c, http.StatusOK, data)
}

func (a *API) proposalContact(c *gin.Context) error {
	number, err := pathText(c, "number")
	if err != nil {
		return err
	}
	purpose, err := purposeOf(c)
	if err != nil {
		return err
	}
	contact, err := a.store.ProposalContact(c.Request.Context(), number, callerOf(c), purpose)
	if err != nil {
		return err
	}
	return answerContact(c, contact)
}

// contactMembers are what a contact may say.
var contactMembers = []string{"name", "phone", "email", "delivery_notes", "consent"}

// contact is the member contact, or nil where it is absent or unreadable; what
// is wrong with its texts Check says.
func (o *object) contact() *models.Contact {
	inner := o.object("contact", contactMembers)
	if inner == nil {
		return nil
	}
	contact := &models.Contact{Name: inner.text("name"), Phone: inner.text("phone"), Email: inner.text("email"), DeliveryNotes: inner.text("delivery_notes")}
	if consent := inner.flag("consent"); consent != nil {
		contact.Consent = *consent
	}
	if o.addInner("contact", inner); len(inner.errs) > 0 {
		return nil
	}
	return contact
}

// object is a member that is an object itself, or nil where it is absent; its
// errors are told by addInner.
func (o *object) object(name string, known []string) *object {
	if !o.has(name) {
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(o.members[name], &members) != nil {
		o.add(invalid(name, "wrong-type", "It must be an object: {…}.", "Giá trị phải là một đối tượng: {…}."))
		return nil
	}
	inner, err := parseObject(o.members[name], known)
	if err != nil { // too much of it is wrong to go on
		o.add(invalid(name, "malformed-json", "Its members can't be read: too much is wrong with them.", "Không đọc được các thành phần: có quá nhiều lỗi."))
		return nil
	}
	return inner
}

// addInner adds what is wrong with the members of a member.
func (o *object) addInner(name string, inner *object) {
	for _, e := range inner.errs {
		e.In = name
		o.add(e)
	}
}

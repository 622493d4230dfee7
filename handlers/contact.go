package handlers

import (
	"encoding/json"

	"diachiso/models"
)

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

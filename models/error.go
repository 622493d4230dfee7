package models

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"diachiso/geo"
)

// Kind groups errors by what the caller can do about them.
type Kind int

// The kinds of errors. An error that is no *Error is internal.
const (
	Invalid     Kind = iota + 1 // the input must be corrected
	NotFound                    // nothing by that name
	Conflict                    // the registry's state forbids it
	Stale                       // somebody else was faster
	Forbidden                   // the key does not allow it
	TooMany                     // slow down
	Unavailable                 // the database can't do it now; try again later
	Gone                        // what it goes on from is no more: begin again
)

// Error is an error a person can act upon. Code is stable and never
// translated; En and Vi are complete sentences that hold no personal data.
type Error struct {
	Kind  Kind
	Code  string // e.g. "outside-window"
	Field string // the member, parameter or column it is about; empty: the whole
	In    string // the member that holds the field; empty: none
	En    string
	Vi    string

	// Candidates are the registered addresses a duplicate was found among.
	Candidates []PublicAddress
}

// Error returns the English sentence, with its field before it.
func (e *Error) Error() string {
	if e.Path() == "" {
		return e.En
	}
	return e.Path() + ": " + e.En
}

// Path is the field within what holds it, such as contact.phone; empty: the
// whole.
func (e *Error) Path() string {
	if e.In != "" && e.Field != "" {
		return e.In + "." + e.Field
	}
	return e.In + e.Field
}

// within says that the errors are about fields of a member.
func (list Errors) within(member string) Errors {
	for i, e := range list {
		inside := *e
		inside.In = member
		list[i] = &inside
	}
	return list
}

// NewError builds an Error from an English and a Vietnamese format that take
// the same arguments in the same order.
func NewError(kind Kind, field, code, en, vi string, args ...any) *Error {
	return &Error{Kind: kind, Field: field, Code: code, En: fmt.Sprintf(en, args...), Vi: fmt.Sprintf(vi, args...)}
}

func invalid(field, code, en, vi string, args ...any) *Error {
	return NewError(Invalid, field, code, en, vi, args...)
}

func notFound(field, code, en, vi string, args ...any) *Error {
	return NewError(NotFound, field, code, en, vi, args...)
}

func conflict(field, code, en, vi string, args ...any) *Error {
	return NewError(Conflict, field, code, en, vi, args...)
}

// FromGeo turns an error of package geo into an Invalid error about field;
// any other error passes unchanged.
func FromGeo(err error, field string) error {
	var ge *geo.Error
	if !errors.As(err, &ge) {
		return err
	}
	return &Error{Kind: Invalid, Field: field, Code: ge.Code, En: sentence(ge.En), Vi: sentence(ge.Vi)}
}

// sentence gives the words of a Go error a capital letter and a full stop.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	words = string(unicode.ToUpper(first)) + words[size:]
	if !strings.HasSuffix(words, ".") {
		words += "."
	}
	return words
}

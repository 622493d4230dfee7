package geo

import "fmt"

// Error says why a text is no coordinate, code or shape. Code is stable and
// never translated (it becomes an error code of the HTTP interface); En and
// Vi are complete sentences for people. Field is "lat" or "lng" where one
// coordinate is at fault, else empty.
type Error struct {
	Code  string
	En    string
	Vi    string
	Field string
}

// Error returns the English sentence.
func (e *Error) Error() string { return e.En }

// errorf builds an Error from an English and a Vietnamese format that take
// the same arguments in the same order.
func errorf(code, en, vi string, args ...any) *Error {
	return &Error{Code: code, En: fmt.Sprintf(en, args...), Vi: fmt.Sprintf(vi, args...)}
}

// in names the coordinate at fault.
func (e *Error) in(field string) *Error {
	e.Field = field
	return e
}

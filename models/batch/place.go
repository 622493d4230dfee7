package batch

import (
	"encoding/json"
	"errors"
	"fmt"

	"diachiso/models"
)

// place is where in the input something is wrong.
type place struct {
	en, vi string // what is counted
	number int
}

// invalid is about a place; the sentences begin small and have no full stop.
func (p place) invalid(code, en, vi string) *models.Error {
	return invalid(code, "In %[1]s %[2]d: %[3]s.", "%[4]s %[2]d: %[5]s.", p.en, p.number, en, p.vi, vi)
}

// malformed says at which byte of the place JSON ends to be JSON.
func (p place) malformed(raw []byte) *models.Error {
	var value json.RawMessage
	err, at := json.Unmarshal(raw, &value), ""
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = fmt.Sprintf(", byte %d", syntax.Offset)
	}
	return invalid("malformed-json", "In %[1]s %[2]d%[3]s: it is not JSON: %[4]s.", "%[5]s %[2]d%[3]s: không đúng cú pháp JSON: %[4]s.",
		p.en, p.number, at, shown(err.Error()), p.vi)
}

package batch

import (
	"encoding/json"
	"errors"

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
	at := len(raw)
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(raw, &value)); ok {
		at = int(syntax.Offset)
	}
	return invalid("malformed-json", "In %[1]s %[2]d, byte %[3]d: this is not JSON: "+lookEn, "%[4]s %[2]d, byte thứ %[3]d: không đúng cú pháp JSON: "+lookVi,
		p.en, p.number, at, p.vi)
}

// What to look for where JSON ends to be JSON.
const (
	lookEn = "look there for quotation marks, a comma, a colon or a bracket that is missing or too many."
	lookVi = "hãy kiểm tra tại đó dấu ngoặc kép, dấu phẩy, dấu hai chấm hoặc dấu ngoặc bị thiếu hay thừa."
)

package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// object is a JSON object whose members are read by type. Like query, it
// collects what is wrong.
type object struct {
	members map[string]json.RawMessage
	errs    models.Errors
}

// readObject reads the body of a request: one JSON object in UTF-8, of known
// members, each at most once.
func (a *API) readObject(c *gin.Context, known []string) (*object, error) {
	if err := checkContentType(c.Request.Header); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, a.maxBody))
	if err != nil {
		return nil, unreadBody(err)
	}
	return parseObject(body, known)
}

// unreadBody says why a body could not be read to its end.
func unreadBody(err error) error {
	tooLarge, ok := errors.AsType[*http.MaxBytesError](err)
	switch {
	case ok:
		return bodyTooLarge(tooLarge.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return status(http.StatusRequestTimeout, "body-too-slow", "The body took too long to arrive: send it again.",
			"Nội dung gửi lên quá chậm: hãy gửi lại.")
	}
	return status(http.StatusBadRequest, "body-unreadable", "The body ended before it was complete: send it again.",
		"Nội dung gửi lên bị đứt giữa chừng: hãy gửi lại.")
}

func bodyTooLarge(limit int64) error {
	return status(http.StatusRequestEntityTooLarge, "body-too-large", "The body is larger than %d bytes.",
		"Nội dung gửi lên lớn hơn %d byte.", limit)
}

func checkContentType(h http.Header) error {
	if err := checkCoding(h); err != nil {
		return err
	}
	if mediaTypeOf(h) == formatJSON.mediaType {
		return nil
	}
	return status(http.StatusUnsupportedMediaType, "unsupported-media-type",
		"The body must be JSON in UTF-8: send Content-Type: application/json.",
		"Nội dung phải là JSON mã UTF-8: hãy gửi Content-Type: application/json.")
}

func checkCoding(h http.Header) error {
	if coding := h.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return status(http.StatusUnsupportedMediaType, "unsupported-content-encoding",
			"The body must not be compressed: send it without Content-Encoding.", "Nội dung gửi lên không được nén: hãy bỏ Content-Encoding.")
	}
	return nil
}

// mediaTypeOf is the media type of a body in UTF-8; empty where it is in
// another charset or none is named.
func mediaTypeOf(h http.Header) string {
	mediaType, parameters, err := mime.ParseMediaType(strings.Join(h.Values("Content-Type"), ", "))
	charset, given := parameters["charset"]
	if err != nil || given && !strings.EqualFold(charset, "utf-8") {
		return ""
	}
	return mediaType
}

// parseObject reads an object; the error is about the text as a whole, what is
// wrong with members stays with the object.
func parseObject(body []byte, known []string) (*object, error) {
	if !utf8.Valid(body) {
		return nil, invalid("", "invalid-utf8", "The body is not valid UTF-8.", "Nội dung không đúng UTF-8.")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed(d)
	}
	o := &object{members: map[string]json.RawMessage{}}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, malformed(d)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, malformed(d)
		}
		o.put(name.(string), value, known) // within an object the decoder only gives names here
		if len(o.errs) == maxErrors {
			return nil, o.errs
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, malformed(d)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed(d)
	}
	return o, nil
}

func malformed(d *json.Decoder) error {
	return invalid("", "malformed-json", "The body is not one JSON object and nothing else: look after byte %d.",
		"Nội dung không phải là đúng một đối tượng JSON: hãy xem sau byte thứ %d.", d.InputOffset())
}

func (o *object) put(name string, value json.RawMessage, known []string) {
	_, twice := o.members[name]
	switch {
	case !slices.Contains(known, name):
		o.unknown(name, known)
	case twice:
		o.add(invalid(name, "repeated-member", "It is there twice; write it once.", "Thành phần bị lặp; chỉ ghi một lần."))
	case string(value) == "null":
		o.add(invalid(name, "null", "It is null; leave it out instead.", "Giá trị là null; hãy bỏ hẳn thành phần này."))
	}
	o.members[name] = value
}

func (o *object) unknown(name string, known []string) {
	if name == "" {
		name = `""` // an empty field would mean: the whole body
	}
	if near := nearestName(name, known); near != "" {
		o.add(invalid(name, "unknown-member", "There is no such member: did you mean %s?", "Không có thành phần này: có phải ý bạn là %s?", near))
		return
	}
	o.add(invalid(name, "unknown-member", "There is no such member; known are %s.", "Không có thành phần này; các thành phần được nhận là %s.",
		strings.Join(known, ", ")))
}

// maxErrors bounds what one answer says is wrong: it must not grow with what
// was sent.
const maxErrors = 20

func (o *object) add(e *models.Error) {
	if len(o.errs) < maxErrors {
		o.errs = append(o.errs, e)
	}
}

// failed tells whether something is wrong with a member already; that of a
// member is called contact.phone.
func (o *object) failed(name string) bool {
	return slices.ContainsFunc(o.errs, func(e *models.Error) bool { return e.Path() == name })
}

// has tells whether a member is there with a value of any type.
func (o *object) has(name string) bool {
	value, there := o.members[name]
	return there && string(value) != "null"
}

// text is a string, or empty where it is absent.
func (o *object) text(name string) string {
	if !o.has(name) {
		return ""
	}
	raw := o.members[name]
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		o.add(invalid(name, "wrong-type", "It must be a text in quotes.", "Giá trị phải là văn bản trong dấu nháy."))
		return ""
	}
	if strings.ContainsRune(text, utf8.RuneError) && !writesReplacement(raw) {
		o.add(invalid(name, "invalid-utf8", "It has half of a surrogate pair, which is no character.", "Giá trị chứa nửa cặp surrogate, không phải là ký tự."))
	}
	return text
}

// texts is a list of strings, or nil where it is absent.
func (o *object) texts(name string) []string {
	if !o.has(name) {
		return nil
	}
	var list []string
	if err := json.Unmarshal(o.members[name], &list); err != nil {
		o.add(invalid(name, "wrong-type", "It must be a list of texts: [\"…\", …].", "Giá trị phải là danh sách văn bản: [\"…\", …]."))
	}
	return list
}

// writesReplacement tells a replacement character that was written from one
// that the decoder put in place of half a surrogate pair.
func writesReplacement(raw []byte) bool {
	return bytes.ContainsRune(raw, utf8.RuneError) || bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`))
}

// number is the text of a JSON number as it was written, or empty where it is
// absent.
func (o *object) number(name string) string {
	if !o.has(name) {
		return ""
	}
	raw := o.members[name]
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		o.add(invalid(name, "wrong-type", "It must be a number, without quotes.", "Giá trị phải là số, không có dấu nháy."))
		return ""
	}
	return string(raw)
}

// flag is true or false, or nil where it is absent.
func (o *object) flag(name string) *bool {
	if !o.has(name) {
		return nil
	}
	var value bool
	if err := json.Unmarshal(o.members[name], &value); err != nil {
		o.add(invalid(name, "wrong-type", "It must be true or false, without quotes.", "Giá trị phải là true hoặc false, không có dấu nháy."))
		return nil
	}
	return &value
}

// pointerToken escapes a member's name for a JSON pointer (RFC 6901).
func pointerToken(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(shown(name))
}

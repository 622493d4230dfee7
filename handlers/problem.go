package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// problem is an answer that says what went wrong (RFC 9457). Type is
// "/problems/" and a code that never changes and is never translated.
type problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail"`
	Instance string       `json:"instance"` // the request id
	Errors   []fieldError `json:"errors,omitempty"`
	extras
}

// extras are what a problem may offer towards its solution.
type extras struct {
	Candidates any                 `json:"candidates,omitempty"` // what may have been meant
	Cell       *cell               `json:"cell,omitempty"`       // the place a code names, registered or not
	Periods    []models.PublicUnit `json:"periods,omitempty"`    // the units that ever bore a code
	Commune    *models.PublicUnit  `json:"commune,omitempty"`    // today's commune of a point
	Snapshot   string              `json:"snapshot,omitempty"`   // where readers of the feed begin again
}

// fieldError is what is wrong with one member of a body (a JSON pointer) or
// one parameter.
type fieldError struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Code      string `json:"code"`
	Message   string `json:"message"`
}

// detailed is an error with extras.
type detailed struct {
	error
	extras
}

// Unwrap gives the error itself.
func (d *detailed) Unwrap() error { return d.error }

// statusError is an error of HTTP's own, which the kinds of models don't know.
type statusError struct {
	sentences *models.Error
	status    int
	challenge string // WWW-Authenticate
	cause     error  // for the log; nil: none
}

// Error joins what the client and what the log is told.
func (s *statusError) Error() string {
	if s.cause == nil {
		return s.sentences.En
	}
	return s.sentences.En + " (" + s.cause.Error() + ")"
}

func status(code int, problem, en, vi string, args ...any) *statusError {
	return &statusError{sentences: models.NewError(0, "", problem, en, vi, args...), status: code}
}

// parameterErrors are about the query even where a body is read too.
type parameterErrors struct{ models.Errors }

func invalid(field, code, en, vi string, args ...any) *models.Error {
	return models.NewError(models.Invalid, field, code, en, vi, args...)
}

// renamed is an error about a field under the name that the call gives it.
func renamed(err error, field, name string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Field != field {
		return err
	}
	about := *e
	about.Field = name
	return &about
}

func notFound(code, en, vi string, args ...any) *models.Error {
	return models.NewError(models.NotFound, "", code, en, vi, args...)
}

// problemOf words an error. Fields are members of a body or parameters.
func problemOf(err error, body, vietnamese bool) *problem {
	list := errorsIn(err)
	if _, about := errors.AsType[parameterErrors](err); about {
		body = false
	}
	p := &problem{Status: statusOf(err, list)}
	switch first := list[0]; {
	case len(list) == 1:
		p.Type, p.Detail = "/problems/"+first.Code, sentence(first, vietnamese)
		if path := first.Path(); path != "" {
			p.Detail = shown(path) + ": " + p.Detail
		}
	default:
		p.Type, p.Detail = "/problems/invalid-input", howMany(len(list), vietnamese)
	}
	p.Title = title(p.Status, vietnamese)
	for _, e := range list {
		p.Errors = append(p.Errors, fieldErrors(e, body, vietnamese)...)
	}
	if d, ok := errors.AsType[*detailed](err); ok {
		p.extras = d.extras
	}
	if len(list) == 1 && len(list[0].Candidates) > 0 {
		p.Candidates = list[0].Candidates
	}
	return p
}

// howMany says how many errors there are, or that they were no longer counted.
func howMany(n int, vietnamese bool) string {
	words := [2]string{"The request has %d errors.", "Có %d lỗi trong yêu cầu."}
	if n == maxErrors {
		words = [2]string{"The request has at least %d errors; the first are listed.", "Có ít nhất %d lỗi trong yêu cầu; đây là các lỗi đầu tiên."}
	}
	if vietnamese {
		return fmt.Sprintf(words[1], n)
	}
	return fmt.Sprintf(words[0], n)
}

// errorsIn are the sentences in an error; one that has none is internal, and
// its own words are not for strangers.
func errorsIn(err error) models.Errors {
	if list, ok := errors.AsType[parameterErrors](err); ok {
		return list.Errors
	}
	if list, ok := errors.AsType[models.Errors](err); ok && len(list) > 0 {
		return list
	}
	if s, ok := errors.AsType[*statusError](err); ok {
		return models.Errors{s.sentences}
	}
	if e, ok := errors.AsType[*models.Error](err); ok {
		return models.Errors{e}
	}
	return models.Errors{{Code: "internal",
		En: "Something went wrong on our side; it is logged under this request's id.",
		Vi: "Đã xảy ra lỗi ở phía hệ thống; lỗi được ghi lại theo mã yêu cầu này."}}
}

func fieldErrors(e *models.Error, body, vietnamese bool) []fieldError {
	if e.Path() == "" {
		return nil
	}
	// That it is about a parameter or a member is said by the name beside it.
	code := strings.TrimSuffix(strings.TrimSuffix(e.Code, "-parameter"), "-member")
	f := fieldError{Code: code, Message: sentence(e, vietnamese)}
	if body {
		f.Pointer = pointerTo(e)
	} else {
		f.Parameter = e.Field
	}
	return []fieldError{f}
}

// pointerTo is the JSON pointer (RFC 6901) to what an error is about.
func pointerTo(e *models.Error) string {
	pointer := ""
	for _, name := range []string{e.In, e.Field} {
		if name != "" {
			pointer += "/" + pointerToken(name)
		}
	}
	return pointer
}

func sentence(e *models.Error, vietnamese bool) string {
	if vietnamese {
		return e.Vi
	}
	return e.En
}

func statusOf(err error, list models.Errors) int {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.status
	}
	switch list[0].Kind {
	case models.Invalid:
		return http.StatusBadRequest
	case models.NotFound:
		return http.StatusNotFound
	case models.Conflict:
		return http.StatusConflict
	case models.Stale:
		return http.StatusPreconditionFailed
	case models.Forbidden:
		return http.StatusForbidden
	case models.TooMany:
		return http.StatusTooManyRequests
	case models.Unavailable:
		return http.StatusServiceUnavailable
	case models.Gone:
		return http.StatusGone
	}
	return http.StatusInternalServerError
}

// title words a status.
func title(status int, vietnamese bool) string {
	en, vi := http.StatusText(status), ""
	switch status {
	case http.StatusBadRequest:
		vi = "Yêu cầu không hợp lệ"
	case http.StatusUnauthorized:
		vi = "Cần có khóa truy cập"
	case http.StatusForbidden:
		vi = "Không được phép"
	case http.StatusNotFound:
		vi = "Không tìm thấy"
	case http.StatusMethodNotAllowed:
		vi = "Phương thức không được hỗ trợ"
	case http.StatusNotAcceptable:
		vi = "Không có định dạng được yêu cầu"
	case http.StatusConflict:
		vi = "Xung đột với dữ liệu đã đăng ký"
	case http.StatusGone:
		vi = "Không còn nữa"
	case http.StatusPreconditionFailed:
		vi = "Dữ liệu đã thay đổi"
	case http.StatusRequestTimeout:
		vi = "Yêu cầu gửi quá chậm"
	case http.StatusRequestEntityTooLarge:
		vi = "Nội dung gửi lên quá lớn"
	case http.StatusRequestURITooLong:
		vi = "Địa chỉ của yêu cầu quá dài"
	case http.StatusUnsupportedMediaType:
		vi = "Kiểu nội dung không được hỗ trợ"
	case http.StatusPreconditionRequired:
		vi = "Cần nêu phiên bản được thay đổi"
	case http.StatusUnprocessableEntity:
		vi = "Không thực hiện được yêu cầu này"
	case http.StatusTooManyRequests:
		vi = "Quá nhiều yêu cầu"
	case http.StatusBadGateway:
		vi = "Nhà cung cấp đăng nhập trả lời không hợp lệ"
	case http.StatusServiceUnavailable:
		vi = "Tạm thời không phục vụ được"
	default:
		vi = "Lỗi hệ thống"
	}
	if vietnamese {
		return vi
	}
	return en
}

// retryAfter is how many seconds to wait for a database that does not answer,
// and where nothing more exact is known.
const retryAfter = 5

func (p *problem) write(c *gin.Context, vietnamese bool, challenge string) {
	h := c.Writer.Header()
	h.Set("Content-Language", languageTag(vietnamese))
	h.Add("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-cache")
	h.Del("ETag")
	if challenge != "" {
		h.Set("WWW-Authenticate", challenge)
	}
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests && h.Get("Retry-After") == "" {
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // a problem is made of texts and of shapes that are answered elsewhere
	}
	write(c, p.Status, "application/problem+json", body)
}

func challengeOf(err error) string {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.challenge
	}
	return ""
}

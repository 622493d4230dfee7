package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// query is what a request asks: each parameter at most once, none unknown.
// Its readers collect what is wrong, so that err reports all of it together.
type query struct {
	values url.Values
	errs   models.Errors
}

const queryKey = "query"

// readQuery refuses a query that can't be read or holds anything but the known
// parameters, once each, with a value; queryOf hands it to the handler.
func readQuery(c *gin.Context, known []string) error {
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return parameterErrors{models.Errors{invalid("", "malformed-query", "The query string can't be read: percent signs and semicolons must be escaped.",
			"Không đọc được chuỗi truy vấn: dấu phần trăm và dấu chấm phẩy phải được mã hóa.")}}
	}
	q := &query{values: values}
	for _, name := range sortedKeys(values) {
		if q.check(name, known); len(q.errs) == maxErrors {
			break
		}
	}
	c.Set(queryKey, q)
	return q.err()
}

func sortedKeys(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (q *query) check(name string, known []string) {
	given := q.values[name]
	switch {
	case !slices.Contains(known, name):
		q.unknown(name, known)
	case len(given) > 1:
		q.add(invalid(name, "repeated-parameter", "It is given %d times; give it once.", "Tham số được ghi %d lần; chỉ ghi một lần.", len(given)))
	case !utf8.ValidString(given[0]):
		q.add(invalid(name, "invalid-utf8", "It is not valid UTF-8.", "Giá trị không đúng UTF-8."))
	case given[0] == "":
		q.add(invalid(name, "empty", "It is empty; leave it out or give it a value.", "Giá trị để trống; hãy bỏ tham số hoặc ghi giá trị."))
	}
}

func (q *query) unknown(name string, known []string) {
	name = shown(strings.ToValidUTF8(name, "\uFFFD"))
	if name == "" {
		name = `""` // an empty field would mean: the whole query
	}
	near := nearestName(name, known)
	switch {
	case len(known) == 0:
		q.add(invalid(name, "unknown-parameter", "There is no parameter %q here: this call takes none.",
			"Không có tham số %q: lời gọi này không nhận tham số nào.", name))
	case near != "":
		q.add(invalid(name, "unknown-parameter", "There is no parameter %q here: did you mean %s?",
			"Không có tham số %q: có phải ý bạn là %s?", name, near))
	default:
		q.add(invalid(name, "unknown-parameter", "There is no parameter %q here; known are %s.",
			"Không có tham số %q; các tham số được nhận là %s.", name, strings.Join(known, ", ")))
	}
}

// queryOf is the query of a request on a strict path.
func queryOf(c *gin.Context) *query {
	if q, ok := c.Get(queryKey); ok {
		return q.(*query)
	}
	return &query{}
}

func (q *query) add(e *models.Error) { q.errs = append(q.errs, e) }

// err is everything wrong with the query, or nil.
func (q *query) err() error {
	if len(q.errs) == 0 {
		return nil
	}
	return parameterErrors{q.errs}
}

func (q *query) has(name string) bool { return len(q.values[name]) > 0 }

func (q *query) text(name string) string { return q.values.Get(name) }

// required is a text that must be there.
func (q *query) required(name string) string {
	if !q.has(name) {
		q.add(invalid(name, "required", "It is missing.", "Thiếu tham số này."))
	}
	return q.text(name)
}

// oneOf is a word of a closed list, or empty where it is absent.
func (q *query) oneOf(name string, words []string) string {
	word := q.text(name)
	if q.has(name) && !slices.Contains(words, word) {
		q.add(unknownValue(name, word, words))
	}
	return word
}

func unknownValue(field, word string, words []string) *models.Error {
	return invalid(field, "unknown-value", "%q is none of: %s.", "%q không thuộc: %s.", shown(word), strings.Join(words, ", "))
}

// whole is a whole number between limits, or absent where it is not given.
func (q *query) whole(name string, absent, least, most int) int {
	if !q.has(name) {
		return absent
	}
	n, err := strconv.Atoi(q.text(name))
	if err != nil || n < least || n > most || q.text(name)[0] == '+' {
		q.add(invalid(name, "out-of-range", "%q is not a whole number from %d to %d.", "%q không phải số nguyên từ %d đến %d.",
			shown(q.text(name)), least, most))
	}
	return n
}

// day is a Vietnamese calendar day, or absent where it is not given.
func (q *query) day(name string, absent models.Date) models.Date {
	if !q.has(name) {
		return absent
	}
	day, err := models.ParseDate(q.text(name))
	if err != nil {
		q.add(badDay(name, q.text(name)))
	}
	return day
}

func badDay(field, text string) *models.Error {
	return invalid(field, "bad-day", "%q is no day: write it as YYYY-MM-DD, such as 2025-07-01.",
		"%q không phải là ngày: hãy ghi theo dạng năm-tháng-ngày, ví dụ 2025-07-01.", shown(text))
}

// instant is a time of RFC 3339 or the first moment of a Vietnamese day; zero
// where it is not given.
func (q *query) instant(name string) time.Time {
	if !q.has(name) {
		return time.Time{}
	}
	// The "+" of an offset is a space in a query whose writer did not escape it.
	text := strings.Replace(q.text(name), " ", "+", 1)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC()
	}
	if day, err := models.ParseDate(text); err == nil {
		return day.End().AddDate(0, 0, -1)
	}
	q.add(invalid(name, "bad-time", "%q is no time: write it as 2025-07-01T08:30:00Z or 2025-07-01.",
		"%q không phải là thời điểm: hãy ghi như 2025-07-01T08:30:00Z hoặc 2025-07-01.", shown(text)))
	return time.Time{}
}

// point is the position of the parameters lat and lng, both required.
func (q *query) point() geo.Point {
	lat, lng := q.required("lat"), q.required("lng")
	if lat == "" || lng == "" {
		return geo.Point{}
	}
	p, err := geo.ParsePoint(lat, lng)
	q.addGeo(err, "")
	return p
}

// near is a pasted "lat,lng", or nil where it is not given.
func (q *query) near() *geo.Point {
	if !q.has("near") {
		return nil
	}
	p, err := geo.ParsePair(q.text("near"))
	q.addGeo(err, "near")
	return &p
}

// addGeo adds an error of geo, about its own field where none is named.
func (q *query) addGeo(err error, field string) {
	if e := fromGeo(err, field); e != nil {
		q.add(e)
	}
}

// shown cuts a text for an error message.
func shown(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

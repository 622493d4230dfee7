package handlers

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"diachiso/models"
)

// atMost is a whole number of 1 or more; what is above most means most, as the
// standard has it (/req/core/fc-limit-response-1).
func (q *query) atMost(name string, absent, most int) int {
	if !q.has(name) {
		return absent
	}
	text := q.text(name)
	n, err := strconv.Atoi(text)
	if strings.Trim(text, "0123456789") != "" || n == 0 {
		q.add(invalid(name, "out-of-range", "%q is not a whole number of 1 or more.", "%q không phải số nguyên từ 1 trở lên.", shown(text)))
		return absent
	}
	if err != nil { // more digits than a number has
		return most
	}
	return min(n, most)
}

// days are those that an instant, a day or an interval of them touches; all
// where it is not given. An open end is ".." or empty.
func (q *query) days(name string) models.Days {
	if !q.has(name) {
		return models.Days{}
	}
	from, to, interval := strings.Cut(strings.ReplaceAll(q.text(name), " ", "+"), "/")
	if !interval {
		to = from
	}
	first, firstOK := momentOf(from)
	last, lastOK := momentOf(to)
	openFirst, openLast := interval && isOpen(from), interval && isOpen(to)
	switch {
	case openFirst && openLast || !firstOK && !openFirst || !lastOK && !openLast:
		q.add(invalid(name, "bad-datetime", "%q is no time or interval: write 2025-07-01T08:30:00Z, 2025-07-01, 2025-01-01/2025-07-01, ../2025-07-01 or 2025-07-01/..",
			"%q không phải thời điểm hay khoảng thời gian: hãy ghi như 2025-07-01T08:30:00Z, 2025-07-01, 2025-01-01/2025-07-01, ../2025-07-01 hoặc 2025-07-01/..", shown(q.text(name))))
	case firstOK && lastOK && first.begin.After(last.end):
		q.add(invalid(name, "interval-inverted", "The interval ends before it begins.", "Khoảng thời gian kết thúc trước khi bắt đầu."))
	}
	var days models.Days
	if firstOK {
		days.First = dayOf(first.begin)
	}
	if lastOK {
		days.Last = dayOf(last.end)
	}
	return days
}

func isOpen(end string) bool { return end == "" || end == ".." }

// dateTime is the form of RFC 3339, 5.6; a second may be a leap second.
var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// moment is an instant, or a Vietnamese day from its first to its last.
type moment struct{ begin, end time.Time }

func momentOf(text string) (m moment, ok bool) {
	if day, err := models.ParseDate(text); err == nil {
		end := day.End()
		return moment{end.AddDate(0, 0, -1), end.Add(-1)}, true
	}
	text = strings.ToUpper(text)
	if !dateTime.MatchString(text) {
		return m, false
	}
	const second = len("2006-01-02T15:04:")
	leaps := text[second:second+2] == "60"
	if leaps { // the day of the second before is its day too
		text = text[:second] + "59" + text[second+2:]
	}
	at, err := time.Parse(time.RFC3339, text)
	if leaps && at.UTC().Format(time.TimeOnly) != "23:59:59" {
		return m, false
	}
	return moment{at, at}, err == nil
}

// dayOf is the Vietnamese day of an instant, of those that databases have.
func dayOf(at time.Time) models.Date {
	const first, last = models.Date("0001-01-01"), models.Date("9999-12-31")
	switch {
	case at.Before(first.End()):
		return first
	case !at.Before(last.End()):
		return last
	}
	return models.DateOf(at)
}

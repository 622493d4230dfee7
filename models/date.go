package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// vietnam is the zone of calendar days: UTC+7 all year, without a table of zones.
var vietnam = time.FixedZone("UTC+7", 7*3600)

// Date is a Vietnamese calendar day as YYYY-MM-DD; empty means absent. Two
// dates compare as texts.
type Date string

// ParseDate reads YYYY-MM-DD; other forms, and days no calendar has, are errors.
func ParseDate(text string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fmt.Errorf("%q is no day: write YYYY-MM-DD, as 2025-07-01", text)
	}
	return Date(text), nil
}

// DateOf is the day in Vietnam at an instant.
func DateOf(at time.Time) Date { return Date(at.In(vietnam).Format(time.DateOnly)) }

// End is the first instant after the day, in UTC.
func (d Date) End() time.Time {
	start, err := time.ParseInLocation(time.DateOnly, string(d), vietnam)
	if err != nil {
		return time.Time{}
	}
	return start.AddDate(0, 0, 1).UTC()
}

// before returns the day before d.
func (d Date) before() Date {
	return DateOf(d.End().AddDate(0, 0, -1).Add(-time.Second))
}

// Scan reads a DATE or TEXT column; NULL gives the absent date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = ""
	case time.Time:
		*d = Date(v.Format(time.DateOnly))
	case string:
		*d = Date(v)
	case []byte:
		*d = Date(v)
	default:
		return fmt.Errorf("scan a date from %T", src)
	}
	return nil
}

// Value writes the date; the absent date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// GormDataType names the column type for GORM.
func (Date) GormDataType() string { return "date" }

// within reports whether d lies in the half-open period [from, to); an absent
// to never ends.
func (d Date) within(from, to Date) bool {
	return from <= d && (to == "" || d < to)
}

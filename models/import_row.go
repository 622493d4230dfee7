package models

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"diachiso/geo"
	"diachiso/geo/text"
	"diachiso/models/importfile"
)

// ParseCode reads an address code strictly: its 10 or 14 symbols in any case,
// spaces between groups allowed, no letter replaced.
func ParseCode(s string) (geo.Code, error) {
	return geo.Parse(strings.ReplaceAll(s, " ", ""))
}

// registrationOf reads the cells of an import row; all cells at fault are named.
func registrationOf(record *importfile.Record, o ImportOptions) (Registration, error) {
	cell := func(c importfile.Column) string { return strings.TrimSpace(record.Cell(c)) }
	r := Registration{
		Kind: oneWord(cell(importfile.Kind), kindWords), Name: record.Cell(importfile.Name),
		Parts: Parts{
			UnitLabel: record.Cell(importfile.UnitLabel), Building: record.Cell(importfile.Building),
			HouseNumber: record.Cell(importfile.HouseNumber), Alley: record.Cell(importfile.Alley),
			Street: record.Cell(importfile.Street), Group: record.Cell(importfile.Group), Hamlet: record.Cell(importfile.Hamlet),
		},
		PositionKind: oneWord(cell(importfile.PositionKind), positionWords),
		Commune:      record.Cell(importfile.Commune), District: record.Cell(importfile.District), AsOf: o.AsOf,
		Source: o.Source, Ref: record.Cell(importfile.Ref), DiaChiSo: cell(importfile.DiaChiSo),
	}
	var errs Errors
	parse := func(c importfile.Column, read func(string) error) {
		text := cell(c)
		if text == "" {
			return
		}
		if err := read(text); err != nil {
			errs = append(errs, asError(c.String(), err))
		}
	}
	point, err := pointOf(cell(importfile.Lat), cell(importfile.Lng))
	if err != nil {
		errs = append(errs, asError("lat", err))
	}
	r.Point = point
	parse(importfile.AccuracyM, func(s string) (err error) { r.AccuracyM, err = ParseMeters(s); return })
	parse(importfile.NamePublic, func(s string) (err error) { r.NamePublic, err = parseYesNo(s); return })
	parse(importfile.ValidFrom, func(s string) (err error) { r.ValidFrom, err = parseListDate(s); return })
	parse(importfile.AsOf, func(s string) (err error) { r.AsOf, err = parseListDate(s); return })
	parse(importfile.Parent, func(s string) error {
		parent, err := ParseCode(s)
		r.Parent = &parent
		return err
	})
	contact, wrong := o.contactOf(record)
	if r.Contact, errs = contact, append(errs, wrong...); len(errs) > 0 {
		return r, errs
	}
	return r, nil
}

func pointOf(lat, lng string) (geo.Point, error) {
	if lat == "" || lng == "" {
		return geo.Point{}, invalid("lat", "required", "The row has no position: fill in lat and lng.",
			"Dòng không có vị trí: hãy điền vĩ độ và kinh độ.")
	}
	return geo.ParsePoint(lat, lng)
}

// asError makes any error of reading a value an *Error about its field, or
// the one of two coordinates that it is about.
func asError(field string, err error) *Error {
	var position *geo.Error
	if errors.As(err, &position) && position.Field != "" {
		field = position.Field
	}
	var known *Error
	if errors.As(FromGeo(err, field), &known) {
		if known.Field == "" {
			known.Field = field
		}
		return known
	}
	return invalid(field, "bad-value", "%v.", "Giá trị không hợp lệ: %v.", err)
}

// ParseMeters reads a positive number of metres in JSON number syntax.
func ParseMeters(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "0123456789.+-eE") != "" || v <= 0 {
		return 0, invalid("", "not-a-number", "It is no positive number of metres; write digits with a point, as 4.5.",
			"Không phải là số mét dương; hãy ghi chữ số với dấu chấm, ví dụ 4.5.")
	}
	return v, nil
}

func parseYesNo(s string) (*bool, error) {
	var yes bool
	switch text.Fold(s) {
	case "true", "1", "yes", "y", "x", "co":
		yes = true
	case "false", "0", "no", "n", "khong":
	default:
		return nil, invalid("", "unknown-value", "It is neither yes nor no: write true or false.", "Không phải có hoặc không: hãy ghi true hoặc false.")
	}
	return &yes, nil
}

// parseListDate reads a day as lists have it: 2022-09-14 or 14/9/2022.
func parseListDate(s string) (Date, error) {
	if day, err := time.Parse("2/1/2006", s); err == nil {
		return Date(day.Format(time.DateOnly)), nil
	}
	d, err := ParseDate(s)
	if err != nil {
		return "", invalid("", "bad-date", "It is no day: write YYYY-MM-DD or day/month/year, as 2022-09-14 or 14/9/2022.",
			"Không phải là ngày: hãy ghi NĂM-THÁNG-NGÀY hoặc ngày/tháng/năm, ví dụ 2022-09-14 hoặc 14/9/2022.")
	}
	return d, nil
}

// kindWords and positionWords are what Vietnamese lists write, folded.
var (
	kindWords = map[string]string{
		"ho": "household", "ho gia dinh": "household", "nha o": "household", "ho dan": "household",
		"doanh nghiep": "business", "cong ty": "business", "ho kinh doanh": "business", "co so kinh doanh": "business",
		"nong trai": "farm", "trang trai": "farm", "nha vuon": "farm", "vuon": "farm",
		"cua hang": "shop", "tiem": "shop", "sap": "shop",
		"co quan": "public", "tru so": "public", "cong cong": "public", "truong hoc": "public", "tram y te": "public",
		"dia danh": "landmark", "di tich": "landmark", "dia diem": "landmark",
	}
	positionWords = map[string]string{
		"loi vao": "entrance", "cua": "entrance", "toa nha": "building", "nha": "building",
		"cong": "gate", "thua dat": "parcel", "sap": "stall",
	}
)

// oneWord translates a Vietnamese word of a closed list; others stay as they are.
func oneWord(s string, words map[string]string) string {
	folded := text.Fold(s)
	if word, ok := words[folded]; ok {
		return word
	}
	return strings.ToLower(s)
}

// reasonOf is the stable code of the first fault of a row and the sentences
// about all of them.
func reasonOf(err error) (code, en, vi string) {
	var list Errors
	var one *Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = Errors{one}
	default:
		return "internal", err.Error(), err.Error()
	}
	return list[0].Code, list.Error(), list.Vietnamese()
}

package models

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"diachiso/geo/text"
)

// unitHeader is the header line of a file of units.
var unitHeader = []string{"level", "code", "parent", "full_name", "kind", "valid_from", "valid_to", "postcode", "successors"}

// unitRow is one line of a file of units.
type unitRow struct {
	line       int
	unit       AdminUnit
	successors []string // codes of units in force on valid_to; the first is the default

	inserted, updated bool // what an import did
}

func readUnitFile(file io.Reader) ([]unitRow, error) {
	r := csv.NewReader(file)
	header, err := r.Read()
	if err != nil {
		return nil, unitFileError("the file has no header line: %v", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	if !slices.Equal(header, unitHeader) {
		return nil, unitFileError("line 1: the header is %q, wanted %q", strings.Join(header, ","), strings.Join(unitHeader, ","))
	}
	var rows []unitRow
	seen := map[string]int{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, unitFileError("%v", err)
		}
		line, _ := r.FieldPos(0)
		row, err := parseUnit(cells)
		if err != nil {
			return nil, unitFileError("line %d: %v", line, err)
		}
		row.line = line
		key := row.unit.Code + " " + string(row.unit.ValidFrom)
		if first, twice := seen[key]; twice {
			return nil, unitFileError("line %d: %s from %s stands on line %d already", line, row.unit.Code, row.unit.ValidFrom, first)
		}
		seen[key] = line
		rows = append(rows, row)
	}
}

func unitFileError(format string, args ...any) *Error {
	what := fmt.Sprintf(format, args...)
	return invalid("", "bad-unit-file", "The file of units can't be read: %s. Nothing was imported.",
		"Không đọc được tệp đơn vị hành chính: %s. Chưa nhập gì cả.", what)
}

func parseUnit(cells []string) (unitRow, error) {
	for _, cell := range cells {
		if _, err := text.Clean(cell, 200); err != nil {
			return unitRow{}, err
		}
	}
	u := AdminUnit{Level: cells[0], Code: cells[1], ParentCode: cells[2], FullName: cells[3], Kind: cells[4]}
	if !slices.Contains(levels[:], u.Level) {
		return unitRow{}, fmt.Errorf("level %q is none of province, district, commune", u.Level)
	}
	if !isUnitCode(u.Code) {
		return unitRow{}, fmt.Errorf("code %q must be digits", u.Code)
	}
	if u.FullName == "" || u.Kind == "" {
		return unitRow{}, fmt.Errorf("unit %s lacks its full_name or kind", u.Code)
	}
	if (u.ParentCode == "") != (u.Level == LevelProvince) {
		return unitRow{}, fmt.Errorf("unit %s: a province has no parent, every other unit has one", u.Code)
	}
	var err error
	if u.ValidFrom, err = ParseDate(cells[5]); err != nil {
		return unitRow{}, fmt.Errorf("valid_from: %w", err)
	}
	if u.ValidTo, err = parsePeriodEnd(u.ValidFrom, cells[6]); err != nil {
		return unitRow{}, fmt.Errorf("valid_to: %w", err)
	}
	if u.Postcodes, err = parsePostcodes(cells[7], u); err != nil {
		return unitRow{}, fmt.Errorf("postcode: %w", err)
	}
	successors := strings.Fields(cells[8])
	if len(successors) > 0 && u.ValidTo == "" {
		return unitRow{}, fmt.Errorf("unit %s has successors but no valid_to", u.Code)
	}
	for i, code := range successors {
		if slices.Contains(successors[:i], code) {
			return unitRow{}, fmt.Errorf("unit %s names its successor %s twice", u.Code, code)
		}
	}
	return unitRow{unit: u, successors: successors}, nil
}

// parsePeriodEnd reads the first day after a period; empty means no end.
func parsePeriodEnd(from Date, s string) (Date, error) {
	if s == "" {
		return "", nil
	}
	to, err := ParseDate(s)
	if err == nil && to <= from {
		return "", fmt.Errorf("%s is not after %s", to, from)
	}
	return to, err
}

// parsePostcodes reads "75101" or "75101@2018-01-01/2025-08-24", several with
// spaces between.
func parsePostcodes(cell string, u AdminUnit) ([]Postcode, error) {
	var list []Postcode
	for _, field := range strings.Fields(cell) {
		code, period, own := strings.Cut(field, "@")
		if len(code) < 2 || len(code) > 5 || !isUnitCode(code) {
			return nil, fmt.Errorf("%q is no postcode: write its digits", code)
		}
		p := Postcode{Code: code, ValidFrom: u.ValidFrom, ValidTo: u.ValidTo}
		if own {
			from, to, ok := strings.Cut(period, "/")
			var err error
			if p.ValidFrom, err = ParseDate(from); err != nil || !ok {
				return nil, fmt.Errorf("%q is no period: write FROM/TO, as 2018-01-01/2025-08-24", period)
			}
			if p.ValidTo, err = parsePeriodEnd(p.ValidFrom, to); err != nil {
				return nil, err
			}
		}
		for _, other := range list {
			if p.overlaps(other) {
				return nil, fmt.Errorf("the periods of %s and %s overlap", other.Code, p.Code)
			}
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Postcode) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
	return list, nil
}

package importfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// feature turns one element of the list into a record.
func (f *featureRows) feature(raw json.RawMessage) (*Record, error) {
	if len(raw) > maxRow {
		return nil, rowErrorf("row-too-long", "the feature has %d bytes: a feature may have 1 MiB",
			"Đối tượng dài %d byte: mỗi đối tượng tối đa 1 MiB.", len(raw))
	}
	if err := checkText(raw); err != nil {
		return nil, err
	}
	parts, rowErr := featureParts(raw)
	if rowErr != nil {
		return nil, rowErr
	}
	cells := make([]string, numColumns)
	if err := f.properties(parts.properties, cells); err != nil {
		return nil, err
	}
	if err := pointCells(parts.geometry, cells); err != nil {
		err.Cells = cells
		return nil, err
	}
	f.seen[Lat], f.seen[Lng] = true, true
	return f.head.Record(f.number, cells), nil
}

type featureMembers struct{ kind, geometry, properties json.RawMessage }

func featureParts(raw json.RawMessage) (featureMembers, *RowError) {
	var parts featureMembers
	if raw[0] != '{' {
		return parts, notAFeature()
	}
	err := eachMember(raw, func(name string, value json.RawMessage) error {
		switch name {
		case "type":
			return setOnce(&parts.kind, name, value)
		case "geometry":
			return setOnce(&parts.geometry, name, value)
		case "properties":
			return setOnce(&parts.properties, name, value)
		}
		return nil
	})
	var row *RowError
	switch {
	case errors.As(err, &row):
		return parts, row
	case err != nil || string(parts.kind) != `"Feature"`:
		return parts, notAFeature()
	}
	return parts, nil
}

// setOnce keeps a member's value and refuses a second one.
func setOnce(target *json.RawMessage, name string, value json.RawMessage) error {
	if *target != nil {
		return duplicateMember(name)
	}
	*target = value
	return nil
}

func notAFeature() *RowError {
	return rowErrorf("not-a-feature", `the element is not a GeoJSON feature: it needs "type": "Feature"`,
		`Phần tử không phải đối tượng GeoJSON: cần có "type": "Feature".`)
}

func duplicateMember(name string) *RowError {
	return rowErrorf("duplicate-member", "the member %q comes twice: keep one",
		"Thành phần %q xuất hiện hai lần: chỉ giữ lại một.", clip(name, 80))
}

// properties fills the cells from a feature's properties. An unknown
// property and two that mean the same column end the file, as in a CSV.
func (f *featureRows) properties(raw json.RawMessage, cells []string) error {
	if raw == nil || string(raw) == "null" {
		return nil
	}
	if raw[0] != '{' {
		return rowErrorf("not-a-feature", "the properties are not an object: write them as {…}",
			"Thuộc tính (properties) không phải là đối tượng: hãy viết dạng {…}.")
	}
	var names [numColumns]string
	names[Lat], names[Lng] = "geometry", "geometry"
	var nested *RowError
	var unknown []string
	err := eachMember(raw, func(name string, value json.RawMessage) error {
		c, ok := ParseColumn(name)
		if !ok {
			unknown = append(unknown, name)
			return nil
		}
		if names[c] != "" {
			return f.inFeature(duplicateColumn(names[c], name, c))
		}
		names[c] = name
		f.seen[c] = true
		var row *RowError
		if cells[c], row = cellText(name, value); row != nil && nested == nil {
			nested = row
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(unknown) > 0:
		return f.inFeature(unknownColumns(unknown))
	case nested != nil:
		nested.Cells = cells
		return nested
	}
	return nil
}

func (f *featureRows) inFeature(err *FileError) *FileError {
	err.En = fmt.Sprintf("feature %d: %s", f.number, err.En)
	err.Vi = fmt.Sprintf("Đối tượng thứ %d: %s", f.number, err.Vi)
	return err
}

// cellText is the text of a property: of a number the digits as they stand.
func cellText(name string, value json.RawMessage) (string, *RowError) {
	switch value[0] {
	case 'n':
		return "", nil
	case '[', '{':
		return "", rowErrorf("nested-value", "the property %q holds a list or an object: write a text or a number",
			"Thuộc tính %q chứa danh sách hoặc đối tượng: hãy ghi chữ hoặc số.", clip(name, 80))
	case '"':
		text, err := unquote(value)
		if err != nil || strings.Contains(text, "\uFFFD") {
			return "", damagedText()
		}
		if strings.IndexByte(text, 0) >= 0 {
			return "", nulByte()
		}
		return text, nil
	}
	return string(value), nil
}

// pointCells fills lat and lng with the text of a Point's numbers.
func pointCells(raw json.RawMessage, cells []string) *RowError {
	if raw == nil || raw[0] != '{' {
		return rowErrorf("no-geometry", "the feature has no geometry: give it a Point",
			"Đối tượng không có hình học (geometry): hãy cho một điểm (Point).")
	}
	var kind, coordinates json.RawMessage
	err := eachMember(raw, func(name string, value json.RawMessage) error {
		switch name {
		case "type":
			return setOnce(&kind, name, value)
		case "coordinates":
			return setOnce(&coordinates, name, value)
		}
		return nil
	})
	var row *RowError
	if errors.As(err, &row) {
		return row
	}
	if string(kind) != `"Point"` {
		return rowErrorf("not-a-point", "the geometry is %s: only a Point can be imported",
			"Hình học là %s: chỉ nhập được điểm (Point).", clip(string(kind), 80))
	}
	var numbers []json.RawMessage
	if json.Unmarshal(coordinates, &numbers) != nil || len(numbers) < 2 || !isNumber(numbers[0]) || !isNumber(numbers[1]) {
		return rowErrorf("invalid-coordinates", "the coordinates are not two numbers: write [lng, lat] without quotation marks",
			"Tọa độ không phải hai số: hãy ghi [kinh độ, vĩ độ], không đặt trong ngoặc kép.")
	}
	cells[Lng], cells[Lat] = string(numbers[0]), string(numbers[1])
	return nil
}

// isNumber tells a number among valid JSON values.
func isNumber(value json.RawMessage) bool {
	return value[0] == '-' || value[0] >= '0' && value[0] <= '9'
}

package importfile

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// featureRows reads the features of a FeatureCollection one by one. Numbers
// stay the text they are: none passes through a binary float.
type featureRows struct {
	decoder *json.Decoder
	budget  *budgetReader
	head    *Header
	seen    [numColumns]bool
	number  int  // of the last feature read
	opened  bool // the list of features has begun
	inside  bool // and is not over
	isTyped bool
	first   *Record // read by openGeoJSON, not handed out yet
	problem error   // the same for an error
}

func openGeoJSON(r io.Reader) (*featureRows, error) {
	budget := &budgetReader{r: r, left: 2 * maxRow}
	f := &featureRows{decoder: json.NewDecoder(budget), budget: budget, head: NewHeader(AllColumns()...)}
	token, err := f.decoder.Token()
	switch {
	case err == io.EOF:
		return nil, fileErrorf("empty-file", "the file is empty: it needs a GeoJSON FeatureCollection",
			"Tệp trống: cần có một FeatureCollection GeoJSON.")
	case err != nil:
		return nil, f.broken(err)
	case token != json.Delim('{'):
		return nil, notACollection()
	}
	f.first, f.problem = f.next()
	var row *RowError
	if f.problem != nil && f.problem != io.EOF && !errors.As(f.problem, &row) {
		return nil, f.problem
	}
	return f, nil
}

func (f *featureRows) header() *Header   { return f.head }
func (f *featureRows) has(c Column) bool { return f.seen[c] }

func (f *featureRows) next() (*Record, error) {
	if f.first != nil || f.problem != nil {
		record, err := f.first, f.problem
		f.first, f.problem = nil, nil
		return record, err
	}
	if !f.inside {
		if err := f.members(); err != nil {
			return nil, err
		}
	}
	f.budget.left = 2 * maxRow
	if !f.decoder.More() {
		return nil, f.finish()
	}
	f.number++
	var raw json.RawMessage
	if err := f.decoder.Decode(&raw); err != nil {
		return nil, f.broken(err)
	}
	record, err := f.feature(raw)
	var row *RowError
	if errors.As(err, &row) {
		row.Line = f.number
	}
	return record, err
}

// members reads the collection's members up to the beginning of features;
// io.EOF when the document is over.
func (f *featureRows) members() error {
	for {
		f.budget.left = 2 * maxRow
		token, err := f.decoder.Token()
		if err != nil {
			return f.broken(err)
		}
		if token == json.Delim('}') {
			return f.over()
		}
		if token == "features" && !f.opened {
			return f.openFeatures()
		}
		var value json.RawMessage
		if err := f.decoder.Decode(&value); err != nil {
			return f.broken(err)
		}
		if err := f.member(token, value); err != nil {
			return err
		}
	}
}

func (f *featureRows) openFeatures() error {
	token, err := f.decoder.Token()
	if err != nil {
		return f.broken(err)
	}
	if token != json.Delim('[') {
		return notACollection()
	}
	f.opened, f.inside = true, true
	return nil
}

// member checks the members that say how to read the features.
func (f *featureRows) member(name json.Token, value json.RawMessage) error {
	switch name {
	case "type":
		f.isTyped = string(value) == `"FeatureCollection"`
		if !f.isTyped {
			return notACollection()
		}
	case "crs":
		return checkCRS(value)
	case "features":
		return fileErrorf("duplicate-member", "the document has two members \"features\": keep one",
			"Tài liệu có hai thành phần \"features\": chỉ giữ lại một.")
	}
	return nil
}

// finish reads what follows the features.
func (f *featureRows) finish() error {
	if _, err := f.decoder.Token(); err != nil { // the closing bracket
		return f.broken(err)
	}
	f.inside = false
	return f.members()
}

// over checks that the document was a FeatureCollection and nothing follows.
func (f *featureRows) over() error {
	if !f.isTyped || !f.opened {
		return notACollection()
	}
	_, err := f.decoder.Token()
	switch {
	case err == io.EOF:
		return io.EOF
	case err != nil && isReadError(err):
		return err
	}
	return fileErrorf("trailing-data", "something follows the end of the FeatureCollection: take it out",
		"Sau FeatureCollection còn nội dung khác: hãy xóa phần thừa.")
}

// broken says which feature the document ends in or is damaged in.
func (f *featureRows) broken(err error) error {
	switch {
	case isReadError(err):
		return err
	case err == errOverBudget:
		return fileErrorf("feature-too-long", "feature %d (or what follows it) has more than %d bytes: a feature may have 1 MiB",
			"Đối tượng thứ %d (hoặc phần sau nó) dài hơn %d byte: mỗi đối tượng tối đa 1 MiB.", f.number, maxRow)
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return fileErrorf("truncated-file", "the file ends in the middle of the document, at feature %d: export it again",
			"Tệp kết thúc giữa chừng, ở đối tượng thứ %d: hãy xuất lại tệp.", f.number)
	}
	return fileErrorf("invalid-json", "the document is not JSON at feature %d, byte %d: %s",
		"Tài liệu không đúng cú pháp JSON ở đối tượng thứ %d, byte thứ %d: %s",
		f.number, f.decoder.InputOffset(), clip(err.Error(), 200))
}

func notACollection() *FileError {
	return fileErrorf("not-a-feature-collection",
		`the document is not a GeoJSON FeatureCollection: it needs "type": "FeatureCollection" and a list "features"`,
		`Tài liệu không phải FeatureCollection GeoJSON: cần có "type": "FeatureCollection" và danh sách "features".`)
}

// checkCRS accepts the names of WGS 84 with longitude first; RFC 7946 knows
// no other, but older files say which they have.
func checkCRS(value json.RawMessage) error {
	if string(value) == "null" {
		return nil
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(value, &crs); err != nil {
		crs.Properties.Name = string(value)
	}
	name := strings.ToUpper(crs.Properties.Name)
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == ':' || r == '/' })
	if n := len(parts); n > 0 && (parts[n-1] == "CRS84" || parts[n-1] == "4326" && strings.Contains(name, "EPSG")) {
		return nil
	}
	return fileErrorf("unsupported-crs",
		"the coordinates are in %q: convert the file to WGS 84 longitude and latitude (CRS84, EPSG:4326)",
		"Tọa độ thuộc hệ %q: hãy chuyển tệp sang kinh độ, vĩ độ WGS 84 (CRS84, EPSG:4326).",
		clip(crs.Properties.Name, 100))
}

func isReadError(err error) bool {
	var read *readError
	return errors.As(err, &read)
}

// readError is an error of the file itself, not of what stands in it.
type readError struct{ err error }

func (e *readError) Error() string { return "read import file: " + e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

var errOverBudget = errors.New("over budget")

// budgetReader bounds how far the decoder reads for one value, because it
// holds a value in memory whole.
type budgetReader struct {
	r    io.Reader
	left int
}

func (b *budgetReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errOverBudget
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil && err != io.EOF {
		err = &readError{err}
	}
	return n, err
}

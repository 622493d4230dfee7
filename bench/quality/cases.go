package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"diachiso/geo"
	"diachiso/geo/text"
)

// testCase is one row of a geocoder-tester file: a query, and what one of the
// first answers must say.
type testCase struct {
	line     int
	query    string
	limit    int    // how many answers are looked at
	near     string // "lat,lng" to prefer, or empty
	skip     bool
	place    *place
	expected map[string]string // by property of GeocodeJSON
}

// place is where the answer must lie, within so many metres.
type place struct {
	point  geo.Point
	metres float64
}

// runCases asks the cases of a file and prints which fail.
func runCases(ctx context.Context, s settings, out io.Writer) error {
	file, err := os.Open(s.cases)
	if err != nil {
		return err
	}
	defer file.Close()
	cases, err := readCases(file)
	if err != nil {
		return fmt.Errorf("%s: %w", s.cases, err)
	}
	r := open(s.url)
	passed, skipped := 0, 0
	for _, c := range cases {
		if c.skip {
			skipped++
			continue
		}
		features, err := r.features(ctx, c)
		if err != nil {
			return err
		}
		if c.passes(features, s.loose) {
			passed++
		} else {
			fmt.Fprint(out, c.failure(features))
		}
	}
	asked := len(cases) - skipped
	fmt.Fprintf(out, "%d of %d cases passed (%.1f%%), %d skipped\n", passed, asked, 100*float64(passed)/float64(max(asked, 1)), skipped)
	return nil
}

// readCases reads CSV with a header row; comma, semicolon or tab between.
// Columns: query; expected_ and a property's name; expected_coordinate as
// "lat,lon,metres"; limit (1 unless given); skip; lat and lon, which are the
// place to prefer or, where tolerance is filled, the place that the answer must
// lie within so many metres of. Others are left aside.
func readCases(in io.Reader) ([]testCase, error) {
	buffered := bufio.NewReader(in)
	start, _ := buffered.Peek(4096)
	header, _, _ := strings.Cut(string(start), "\n")
	if strings.HasPrefix(header, "\ufeff") {
		buffered.Discard(len("\ufeff"))
	}
	rows := csv.NewReader(buffered)
	rows.Comma = separator(header)
	rows.FieldsPerRecord = -1 // a short row lacks its last cells
	columns, err := rows.Read()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(columns, "query") {
		return nil, fmt.Errorf("no column query among %q", columns)
	}
	var cases []testCase
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return cases, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		c, err := readCase(columns, cells)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		c.line = line
		cases = append(cases, c)
	}
}

// separator is what stands most often in the header.
func separator(header string) rune {
	best := ','
	for _, r := range ";\t" {
		if strings.Count(header, string(r)) > strings.Count(header, string(best)) {
			best = r
		}
	}
	return best
}

func readCase(columns, cells []string) (testCase, error) {
	row := map[string]string{}
	c := testCase{limit: 1, expected: map[string]string{}}
	for i, cell := range cells {
		if i >= len(columns) || cell == "" {
			continue
		}
		row[columns[i]] = cell
		if property, ok := strings.CutPrefix(columns[i], "expected_"); ok && property != "coordinate" {
			c.expected[property] = cell
		}
	}
	c.query, c.skip = row["query"], row["skip"] != ""
	if limit := row["limit"]; limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 {
			return c, fmt.Errorf("limit %q is no number from 1", limit)
		}
		c.limit = n
	}
	err := c.readPlace(row)
	if err == nil && c.query == "" && !c.skip {
		err = errors.New("the query is empty")
	}
	if err == nil && c.place == nil && len(c.expected) == 0 && !c.skip {
		err = errors.New("nothing is expected")
	}
	return c, err
}

func (c *testCase) readPlace(row map[string]string) error {
	lat, lon, tolerance := row["lat"], row["lon"], row["tolerance"]
	if lat != "" && lon != "" && tolerance == "" {
		c.near = lat + "," + lon
	}
	if coordinate := row["expected_coordinate"]; coordinate != "" {
		parts := strings.Split(coordinate, ",")
		if len(parts) != 3 {
			return fmt.Errorf("expected_coordinate %q is not lat,lon,metres", coordinate)
		}
		lat, lon, tolerance = strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])
	}
	if tolerance == "" {
		return nil
	}
	point, err := geo.ParsePoint(lat, lon)
	if err != nil {
		return fmt.Errorf("place %s, %s: %w", lat, lon, err)
	}
	metres, err := strconv.ParseFloat(tolerance, 64)
	if err != nil || !(metres >= 0) {
		return fmt.Errorf("tolerance %q is no number of metres", tolerance)
	}
	c.place = &place{point, metres}
	return nil
}

// feature is one answer of any geocoder that speaks GeocodeJSON.
type feature struct {
	Geometry struct {
		Coordinates []json.Number `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// features asks a case; a refused one has no answers.
func (r registry) features(ctx context.Context, c testCase) ([]feature, error) {
	path := findPath(callSearch, c.query, c.limit, c.near)
	body, _, err := r.ask(ctx, path)
	if errors.Is(err, errRefused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var collection struct {
		Features []feature `json:"features"`
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if err := decoder.Decode(&collection); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return collection.Features[:min(c.limit, len(collection.Features))], nil
}

// passes tells whether one answer is all that is expected.
func (c testCase) passes(features []feature, loose bool) bool {
	return slices.ContainsFunc(features, func(f feature) bool {
		for property, want := range c.expected {
			is := f.property(property)
			if is != want && (!loose || text.Fold(is) != text.Fold(want)) {
				return false
			}
		}
		return c.place == nil || f.within(*c.place)
	})
}

// property is a member of properties.geocoding or else of the properties, as
// text; empty: there is none.
func (f feature) property(name string) string {
	if geocoding, ok := f.Properties["geocoding"].(map[string]any); ok && geocoding[name] != nil {
		return fmt.Sprint(geocoding[name])
	}
	if value := f.Properties[name]; value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

func (f feature) within(p place) bool {
	at := f.Geometry.Coordinates
	if len(at) < 2 {
		return false
	}
	point, err := geo.ParsePoint(at[1].String(), at[0].String())
	return err == nil && geo.Distance(point, p.point) <= p.metres
}

// failure says what was expected and what came.
func (c testCase) failure(features []feature) string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %d: %s\n    expected  %v", c.line, c.query, c.expected)
	if c.place != nil {
		fmt.Fprintf(&b, " within %g m of %s,%s", c.place.metres, geo.FormatE7(c.place.point.Lat), geo.FormatE7(c.place.point.Lng))
	}
	b.WriteByte('\n')
	if len(features) == 0 {
		b.WriteString("    answered  nothing\n")
	}
	for _, f := range features {
		fmt.Fprintf(&b, "    answered  %s %v\n", f.property("label"), f.Geometry.Coordinates)
	}
	return b.String()
}

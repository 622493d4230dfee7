package importfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// collection wraps features, given as JSON, into a document.
func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// shop is a feature whose properties follow kind and name.
func shop(name, more string) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[106.65,10.98]},"properties":{"kind":"shop","name":%q%s}}`, name, more)
}

func TestGeoJSONReads(t *testing.T) {
	feature := func(geometry, properties string) string {
		return collection(`{"type":"Feature","geometry":` + geometry + `,"properties":` + properties + `}`)
	}
	const point = `{"type":"Point","coordinates":[106.6519,10.9804]}`
	cases := []struct {
		name, file string
		want       []string // lat|lng|kind|name|accuracy_m
	}{
		{"a feature", feature(point, `{"kind":"shop","name":"Quán A"}`), []string{"1: 10.9804|106.6519|shop|Quán A|"}},
		{"Vietnamese properties", feature(point, `{"Loại":"shop","tên":"B","Sai số (m)":5}`), []string{"1: 10.9804|106.6519|shop|B|5"}},
		{"numbers exactly as written", feature(`{"coordinates":[1.0665190000000000000001e2, 10.98040],"type":"Point"}`, `{"accuracy_m":5.0}`),
			[]string{"1: 10.98040|1.0665190000000000000001e2|||5.0"}},
		{"null is absent", feature(point, `{"kind":"shop","name":null}`), []string{"1: 10.9804|106.6519|shop||"}},
		{"truth values", feature(point, `{"kind":true,"name":false}`), []string{"1: 10.9804|106.6519|true|false|"}},
		{"an altitude", feature(`{"type":"Point","coordinates":[106.6,10.9,12.5]}`, `{}`), []string{"1: 10.9|106.6|||"}},
		{"no properties", feature(point, `null`), []string{"1: 10.9804|106.6519|||"}},
		{"escapes", feature(point, `{"t\u00ean":"\u0110\u01b0\u1eddng \"3/2\" \ud83c\udfe0 \\"}`), []string{`1: 10.9804|106.6519||Đường "3/2" 🏠 \|`}},
		{"brackets in texts", feature(point, `{"name":"]}[{\"}"}`), []string{`1: 10.9804|106.6519||]}[{"}|`}},
		{"foreign members and white space", " {\n \"name\" : {\"x\": [1, {}]} , \"type\" : \"FeatureCollection\" ,\r\n\t\"features\" : [ { \"id\" : 7 , \"type\" : \"Feature\" , \"bbox\" : [ 1 , 2 ] , \"properties\" : { \"name\" : \"A\" , \"kind\" : 1 } , \"geometry\" : { \"type\" : \"Point\" , \"coordinates\" : [ 1 , 2 ] } } ] , \"bbox\" : [ ] } \n",
			[]string{"1: 2|1|1|A|"}},
		{"type behind the features", `{"features":[],"type":"FeatureCollection"}`, []string{}},
		{"an empty collection", collection(), []string{}},
		{"a byte order mark", "\xEF\xBB\xBF" + collection(shop("A", "")), []string{"1: 10.98|106.65|shop|A|"}},
		{"the CRS of older files", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + shop("A", "") + `]}`,
			[]string{"1: 10.98|106.65|shop|A|"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, readAll(strings.NewReader(c.file), GeoJSON, Options{}, Lat, Lng, Kind, Name, AccuracyM)); diff != "" {
				t.Error(diff)
			}
			oneByte := iotest.OneByteReader(strings.NewReader(c.file))
			if diff := cmp.Diff(c.want, readAll(oneByte, GeoJSON, Options{}, Lat, Lng, Kind, Name, AccuracyM)); diff != "" {
				t.Error("read byte by byte: ", diff)
			}
		})
	}
}

func TestGeoJSONRejectsFeaturesAndGoesOn(t *testing.T) {
	geometry := func(g string) string { return `{"type":"Feature","geometry":` + g + `,"properties":{"name":"X"}}` }
	cases := []struct{ name, feature, code string }{
		{"a polygon", geometry(`{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}`), "not-a-point"},
		{"a multipoint", geometry(`{"type":"MultiPoint","coordinates":[[1,2]]}`), "not-a-point"},
		{"a geometry without a type", geometry(`{"coordinates":[1,2]}`), "not-a-point"},
		{"null for a geometry", geometry(`null`), "no-geometry"},
		{"a text for a geometry", geometry(`"POINT(1 2)"`), "no-geometry"},
		{"no geometry", `{"type":"Feature","properties":{}}`, "no-geometry"},
		{"coordinates as texts", geometry(`{"type":"Point","coordinates":["106.65","10.98"]}`), "invalid-coordinates"},
		{"null coordinates", geometry(`{"type":"Point","coordinates":[null,null]}`), "invalid-coordinates"},
		{"one coordinate", geometry(`{"type":"Point","coordinates":[106.65]}`), "invalid-coordinates"},
		{"no coordinates", geometry(`{"type":"Point"}`), "invalid-coordinates"},
		{"empty coordinates", geometry(`{"type":"Point","coordinates":[]}`), "invalid-coordinates"},
		{"coordinates that are an object", geometry(`{"type":"Point","coordinates":{"lat":1}}`), "invalid-coordinates"},
		{"coordinates twice", geometry(`{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}`), "duplicate-member"},
		{"two geometries", `{"type":"Feature","geometry":null,"geometry":{"type":"Point","coordinates":[1,2]},"properties":{}}`, "duplicate-member"},
		{"a list in a property", shop("A", `,"street":["x"]`), "nested-value"},
		{"an object in a property", shop("A", `,"street":{"x":1}`), "nested-value"},
		{"properties that are a list", `{"type":"Feature","geometry":null,"properties":[1]}`, "not-a-feature"},
		{"a bare geometry", `{"type":"Point","coordinates":[1,2]}`, "not-a-feature"},
		{"a number", `7`, "not-a-feature"},
		{"null", `null`, "not-a-feature"},
		{"Type in upper case", `{"Type":"Feature","geometry":null,"properties":{}}`, "not-a-feature"},
		{"invalid UTF-8", strings.ReplaceAll(shop("Z", ""), "Z", "\xff"), "invalid-utf8"},
		{"half a surrogate pair", strings.ReplaceAll(shop("Z", ""), "Z", `\ud83c`), "damaged-text"},
		{"an escaped NUL", strings.ReplaceAll(shop("Z", ""), "Z", `\u0000`), "nul-byte"},
		{"a feature over 1 MiB", shop(strings.Repeat("x", maxRow), ""), "row-too-long"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := collection(shop("Hòa Lợi", ""), c.feature, shop("B", ""))
			got := readAll(strings.NewReader(file), GeoJSON, Options{}, Name)
			if diff := cmp.Diff([]string{"1: Hòa Lợi", "2! " + c.code, "3: B"}, got); diff != "" {
				t.Error(diff)
			}
			first := readAll(strings.NewReader(collection(shop("đ đ", ""), c.feature)), GeoJSON, Options{}, Name)
			if len(first) != 2 {
				t.Errorf("as the last feature: %v", first)
			}
		})
	}
}

func TestGeoJSONFirstFeatureMayBeRejected(t *testing.T) {
	got := readAll(strings.NewReader(collection(`7`, shop("B", ""))), GeoJSON, Options{}, Name)
	if diff := cmp.Diff([]string{"1! not-a-feature", "2: B"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGeoJSONFileErrors(t *testing.T) {
	crs := func(value string) string {
		return `{"type":"FeatureCollection","crs":` + value + `,"features":[` + shop("A", "") + `]}`
	}
	full := collection(shop("A", ""), shop("B", ""))
	cases := []struct {
		name, file string
		want       []string
	}{
		{"an empty file", "", []string{"! empty-file"}},
		{"a list", "[]", []string{"! not-a-feature-collection"}},
		{"a text", `"x"`, []string{"! not-a-feature-collection"}},
		{"a CSV", "kind,lat,lng\n", []string{"! invalid-json"}},
		{"a lone feature", shop("A", ""), []string{"! not-a-feature-collection"}},
		{"no type", `{"features":[]}`, []string{"! not-a-feature-collection"}},
		{"no features", `{"type":"FeatureCollection"}`, []string{"! not-a-feature-collection"}},
		{"features that are an object", `{"type":"FeatureCollection","features":{}}`, []string{"! not-a-feature-collection"}},
		{"features twice", `{"type":"FeatureCollection","features":[],"features":[]}`, []string{"! duplicate-member"}},
		{"features twice behind a feature", strings.TrimSuffix(collection(shop("A", "")), "}") + `,"features":[]}`, []string{"1: A", "! duplicate-member"}},
		{"UTM coordinates", crs(`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32648"}}`), []string{"! unsupported-crs"}},
		{"VN-2000", crs(`{"type":"name","properties":{"name":"EPSG:9210"}}`), []string{"! unsupported-crs"}},
		{"a linked CRS", crs(`{"type":"link","properties":{"href":"http://example.com/crs/4326"}}`), []string{"! unsupported-crs"}},
		{"a CRS that is a text", crs(`"EPSG:32648"`), []string{"! unsupported-crs"}},
		{"an unknown property in the first feature", collection(shop("A", `,"fid":1`)), []string{"! unknown-column"}},
		{"an unknown property later", collection(shop("A", ""), shop("B", `,"colour":1`)), []string{"1: A", "! unknown-column"}},
		{"two properties of one column", collection(shop("A", `,"Tên":"B"`)), []string{"! duplicate-column"}},
		{"latitude as a property too", collection(shop("A", `,"lat":10.98`)), []string{"! duplicate-column"}},
		{"a damaged feature", collection(shop("A", ""), `{"type":}`), []string{"1: A", "! invalid-json"}},
		{"something behind the document", full + "{}", []string{"1: A", "2: B", "! trailing-data"}},
		{"a foreign member over 2 MiB", `{"x":"` + strings.Repeat("x", 3*maxRow) + `",` + full[1:], []string{"! feature-too-long"}},
		{"a feature over 2 MiB", collection(shop("A", ""), shop(strings.Repeat("x", 3*maxRow), "")), []string{"1: A", "! feature-too-long"}},
		{"another encoding", "{\"type\":\"\xd0\xfd\xf5\xccng\"}", []string{"! not-utf8"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(strings.NewReader(c.file), GeoJSON, Options{}, Name)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGeoJSONCRSOfWGS84IsAccepted(t *testing.T) {
	for _, crs := range []string{
		`null`, `{"type":"name","properties":{"name":"EPSG:4326"}}`, `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}`,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC::CRS84"}}`, `{"type":"name","properties":{"name":"OGC:CRS84"}}`,
		`{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}`,
	} {
		if err := checkCRS([]byte(crs)); err != nil {
			t.Errorf("%s: %v", crs, err)
		}
	}
}

// Wherever a document is cut, the cut is noticed and the feature named.
func TestGeoJSONTruncatedAnywhere(t *testing.T) {
	full := collection(shop("A", ""), shop("B", ""))
	for cut := 1; cut < len(full); cut++ {
		got := readAll(strings.NewReader(full[:cut]), GeoJSON, Options{}, Name)
		if last := got[len(got)-1]; last != "! truncated-file" {
			t.Fatalf("cut at %d: %v", cut, got)
		}
	}
	second := strings.LastIndex(full, `"kind"`)
	rd, err := Open(strings.NewReader(full[:second]), GeoJSON, Options{})
	for err == nil {
		_, err = rd.Next()
	}
	wantFileError(t, err, "truncated-file", "2")
}

func TestGeoJSONUnknownPropertyNamesItsFeature(t *testing.T) {
	_, err := Open(strings.NewReader(collection(shop("A", `,"sonhaa":"5"`))), GeoJSON, Options{})
	wantFileError(t, err, "unknown-column", "1", `"sonhaa"`, "house_number")
}

func TestGeoJSONColumnsAreKnownAsItGoes(t *testing.T) {
	rd, err := Open(strings.NewReader(collection(shop("A", ""), shop("B", `,"ref":"7"`))), GeoJSON, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(AllColumns(), rd.Columns()); diff != "" {
		t.Error(diff)
	}
	if !rd.Has(Lat) || !rd.Has(Name) || rd.Has(Ref) {
		t.Error("after Open only the first feature counts")
	}
	for range 2 {
		if _, err := rd.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if !rd.Has(Ref) {
		t.Error("the second feature has a ref")
	}
}

func TestGeoJSONRejectedFeatureKeepsItsCells(t *testing.T) {
	rd, err := Open(strings.NewReader(collection(`{"type":"Feature","geometry":null,"properties":{"name":"A","phone":["x"]}}`)), GeoJSON, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = rd.Next()
	var row *RowError
	if !errors.As(err, &row) || row.Code != "nested-value" || row.Cells[Name] != "A" || len(row.Cells) != len(rd.Columns()) {
		t.Errorf("error = %#v", err)
	}
}

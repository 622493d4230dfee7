package importfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseHeaderRefuses(t *testing.T) {
	cases := []struct {
		name, headings, code string
		says                 []string // in both languages
	}{
		{"an unknown column", "kind,lat,lng,sonhaa", "unknown-column", []string{`"sonhaa"`, "số nhà = house_number", "dia_chi_so"}},
		{"several unknown columns at once", "kind,lat,lng,phome,streat", "unknown-column", []string{`"phome"`, "phone", `"streat"`, "street"}},
		{"the same column twice", "kind,lat,lng,số nhà,house_number", "duplicate-column", []string{`"số nhà"`, `"house_number"`}},
		{"the same heading twice", "kind,lat,lng,lat", "duplicate-column", []string{`"lat"`}},
		{"one missing column", "kind,lat,name", "missing-column", []string{"lng (kinh độ)"}},
		{"all missing columns in one error", "name", "missing-column", []string{"kind (loại), lat (vĩ độ), lng (kinh độ)"}},
		{"a column without a name", "kind,,lat,lng", "unnamed-column", []string{"2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseHeader(strings.Split(c.headings, ","))
			var file *FileError
			if !errors.As(err, &file) || file.Code != c.code {
				t.Fatalf("error = %v, want %s", err, c.code)
			}
			for _, part := range c.says {
				if !strings.Contains(file.En, part) || !strings.Contains(file.Vi, part) {
					t.Errorf("%q is not said in\n%s\n%s", part, file.En, file.Vi)
				}
			}
		})
	}
}

func TestUnknownColumnsOfABinaryFileAreClipped(t *testing.T) {
	headings := make([]string, 50)
	for i := range headings {
		headings[i] = strings.Repeat("ộ", 10_000)
	}
	_, err := ParseHeader(headings)
	if err == nil || len(err.Error()) > 3000 || !strings.Contains(err.Error(), "…") {
		t.Errorf("message of %d bytes", len(err.Error()))
	}
}

func TestRecordCells(t *testing.T) {
	h := NewHeader(Kind, Lat, Lng, Name)
	cells := []string{" household", "10,98", "106,65\t", "Quán A, B"}
	r := h.Record(7, cells)
	if r.Line != 7 || r.Cell(Kind) != "household" || r.Cell(Phone) != "" {
		t.Errorf("line %d, kind %q, phone %q", r.Line, r.Cell(Kind), r.Cell(Phone))
	}
	if r.Cell(Lat) != "10,98" {
		t.Errorf("a decimal comma was turned without being asked: %q", r.Cell(Lat))
	}
	h.decimalComma = true
	if r.Cell(Lat) != "10.98" || r.Cell(Lng) != "106.65" || r.Cell(Name) != "Quán A, B" {
		t.Errorf("with decimal commas: %q %q %q", r.Cell(Lat), r.Cell(Lng), r.Cell(Name))
	}
	if diff := cmp.Diff(cells, r.Cells()); diff != "" {
		t.Error(diff)
	}
	if h.Has(Phone) || !h.Has(Name) {
		t.Error("Has is wrong")
	}
	if diff := cmp.Diff([]string{"kind", "lat", "lng", "name"}, h.Names()); diff != "" {
		t.Error(diff)
	}
}

package importfile

import (
	"io"
	"strings"
	"testing"
)

const benchHead = "ref,kind,name,house_number,street,hamlet,commune,district,lat,lng,accuracy_m,valid_from\n"

func BenchmarkCSV(b *testing.B) {
	benchmark(b, CSV, Options{}, benchHead,
		"BD-000001,household,,12/3,Đường Yersin,Khu phố 2,Phường Phú Cường,Thành phố Thủ Dầu Một,10.9804,106.6519,5,2022-09-14\n")
}

func BenchmarkCSVQuoted(b *testing.B) {
	benchmark(b, CSV, Options{}, benchHead,
		`"BD-000001","household","","12/3","Đường Yersin","Khu phố 2","Phường Phú Cường","Thành phố Thủ Dầu Một","10.9804","106.6519","5","2022-09-14"`+"\n")
}

func BenchmarkCSVWindows1258(b *testing.B) {
	benchmark(b, CSV, Options{Encoding: "windows-1258"}, benchHead,
		"BD-000001,household,,12/3,\xd0\xfd\xf5\xccng Yersin,Khu ph\xf4\xec 2,Ph\xfa C\xfd\xf5\xccng,Th\xfa D\xe2\xccu M\xf4\xf2t,10.9804,106.6519,5,2022-09-14\n")
}

func BenchmarkGeoJSON(b *testing.B) {
	benchmark(b, GeoJSON, Options{}, `{"type":"FeatureCollection","features":[`,
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[106.6519,10.9804]},"properties":{"ref":"BD-000001","kind":"household","house_number":"12/3","street":"Đường Yersin","hamlet":"Khu phố 2","commune":"Phường Phú Cường","district":"Thành phố Thủ Dầu Một","accuracy_m":5,"valid_from":"2022-09-14"}},`)
}

// benchmark reads rows without end, with all their cells.
func benchmark(b *testing.B, format Format, opts Options, head, row string) {
	rd, err := Open(io.MultiReader(strings.NewReader(head), &repeat{row: row}), format, opts)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(row)))
	for b.Loop() {
		record, err := rd.Next()
		if err != nil {
			b.Fatal(err)
		}
		for c := range Column(numColumns) {
			record.Cell(c)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// repeat is the same row without end.
type repeat struct {
	row, rest string
}

func (r *repeat) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if r.rest == "" {
			r.rest = r.row
		}
		m := copy(p[n:], r.rest)
		r.rest = r.rest[m:]
		n += m
	}
	return n, nil
}

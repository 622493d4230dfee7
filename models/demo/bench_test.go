package demo

import (
	"io"
	"testing"
)

func BenchmarkRows(b *testing.B) {
	for b.Loop() {
		rows, err := Rows(1, DefaultSize)
		if err != nil {
			b.Fatal(err)
		}
		for range rows {
		}
	}
	b.ReportMetric(DefaultSize*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkWriteCSV(b *testing.B) {
	for b.Loop() {
		if err := WriteCSV(io.Discard, 1, DefaultSize); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(DefaultSize*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

package models_test

import (
	"testing"

	"diachiso/geo"
	"diachiso/models"
)

// 6,000 addresses are about what fits in a tile.
func BenchmarkDrawPoints(b *testing.B) {
	at := geo.Tile{Z: 14, X: 13045, Y: 7688}
	southWest, northEast := at.Corners()
	points := make([]geo.Point, 5_000)
	for i := range points {
		points[i] = geo.Point{Lat: southWest.Lat + 2 + int32(i)*((northEast.Lat-southWest.Lat-4)/5_000), Lng: southWest.Lng + 2 + int32(i*7919%5_000)*((northEast.Lng-southWest.Lng-4)/5_000)}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := models.DrawPoints(at, points); err != nil {
			b.Fatal(err)
		}
	}
}

package storetest

import (
	"fmt"
	"testing"

	"diachiso/geo"
	"diachiso/models"
)

// Clerk is who registers in tests.
var Clerk = models.Actor{Name: "test clerk", Verification: "field", Method: "gps"}

// Points in the middle of communes of today, by the demo's boundaries; all of
// them hundreds of metres from any border.
var (
	ThuDauMot = geo.Point{Lat: 109804000, Lng: 1066519000} // 25747
	TanUyen   = geo.Point{Lat: 110600000, Lng: 1067500000} // 25920
	DauTieng  = geo.Point{Lat: 113400000, Lng: 1063900000} // 25777
)

// Point reads a position written as in a request.
func Point(lat, lng string) geo.Point {
	p, err := geo.ParsePoint(lat, lng)
	if err != nil {
		panic(err) // the points of tests are written in them
	}
	return p
}

// Metres moves a point to the north and east by metres, to within a
// centimetre or two near Bình Dương.
func Metres(p geo.Point, north, east float64) geo.Point {
	const e7PerMetre = 1e7 / 111_194.9
	const e7PerMetreEast = e7PerMetre / 0.9817 // cosine of 11 degrees
	return geo.Point{Lat: p.Lat + int32(north*e7PerMetre), Lng: p.Lng + int32(east*e7PerMetreEast)}
}

// House is house number n on a street of Thủ Dầu Một, 12 m to the east of the
// number before it.
func House(n int) models.Registration {
	return models.Registration{
		Kind:  "household",
		Parts: models.Parts{HouseNumber: fmt.Sprint(n), Street: "Đường Hoa Mai", Hamlet: "Khu phố 2"},
		Point: Metres(ThuDauMot, 0, 12*float64(n)), AccuracyM: 5, PositionKind: "entrance",
	}
}

// Flat is a flat of a tower that stands on one point of Thủ Dầu Một.
func Flat(label string) models.Registration {
	return models.Registration{
		Kind:  "household",
		Parts: models.Parts{UnitLabel: label, Building: "Chung cư Bằng Lăng", HouseNumber: "8", Street: "Đường Hoa Mai"},
		Point: Metres(ThuDauMot, 200, 0), AccuracyM: 5, PositionKind: "building",
	}
}

// Farm is a farm without a house number near Tân Uyên, by its name.
func Farm(name string) models.Registration {
	public := true
	return models.Registration{
		Kind: "farm", Name: name, NamePublic: &public, Parts: models.Parts{Hamlet: "Ấp 3"},
		Point: TanUyen, AccuracyM: 8, PositionKind: "gate",
	}
}

// Register registers and fails the test where that is refused.
func Register(t *testing.T, s *models.Store, r models.Registration) *models.Address {
	t.Helper()
	a, err := s.Register(t.Context(), r, Clerk)
	if err != nil {
		t.Fatalf("register %+v: %v", r.Parts, err)
	}
	return a
}

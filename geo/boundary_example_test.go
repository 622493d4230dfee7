package geo_test

import (
	"fmt"
	"strings"

	"diachiso/geo"
)

func ExampleBoundaryIndex() {
	const units = `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"code":"00001"},"geometry":{"type":"Polygon",
			"coordinates":[[[106.6,11],[106.7,11],[106.7,11.1],[106.6,11.1],[106.6,11]]]}},
		{"type":"Feature","properties":{"code":"00002"},"geometry":{"type":"Polygon",
			"coordinates":[[[106.7,11],[106.8,11],[106.8,11.1],[106.7,11.1],[106.7,11]],[[106.7,11.05],[106.7,11.05]]]}}]}`
	boundaries, warnings, err := geo.ReadBoundaries(strings.NewReader(units))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range warnings {
		fmt.Println(w.En)
	}
	for i := range boundaries {
		boundaries[i].ID = int64(i + 1)
	}
	index, err := geo.NewBoundaryIndex(boundaries)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("inside:", index.Containing(geo.Point{Lat: 11_05_00000, Lng: 106_65_00000}))
	fmt.Println("on the border:", index.Containing(geo.Point{Lat: 11_05_00000, Lng: 106_70_00000}))

	offshore := geo.Point{Lat: 11_05_00000, Lng: 106_59_98000}
	unit, meters, _ := index.Nearest(offshore, 50, nil)
	fmt.Printf("nearest: %s at %.1f m\n", unit.Code, meters)
	fmt.Printf("to 2: %.0f m\n", index.DistanceTo(2, offshore))
	// Output:
	// Unit 00002: ring 2 of part 1 has fewer than three distinct points or lies on one line; it was dropped.
	// inside: [{1 00001}]
	// on the border: [{1 00001} {2 00002}]
	// nearest: 00001 at 21.8 m
	// to 2: 10935 m
}

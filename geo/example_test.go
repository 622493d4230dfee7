package geo_test

import (
	"fmt"

	"diachiso/geo"
)

func ExampleEncode() {
	p, err := geo.ParsePoint("10.9804", "106.6519")
	if err != nil {
		fmt.Println(err)
		return
	}
	door, _ := geo.Encode(p)
	unit, _ := door.WithUnit(2)
	fmt.Println(door.Grouped(), door.ID())
	fmt.Println(unit.Grouped(), unit.ID())
	// Output:
	// 28XM J25 Q66 73232560160768
	// 28XM J25 Q66 223R 73232560160770
}

func ExampleParse() {
	c, err := geo.Parse("28xmj25q66")
	fmt.Println(c, err)
	_, err = geo.Parse("28XMJ25Q67")
	fmt.Println(err)
	// Output:
	// 28XMJ25Q66 <nil>
	// "28XMJ25Q67" is mistyped somewhere: its check symbol does not fit
}

func ExampleCode_Centre() {
	c, _ := geo.Parse("28XMJ25Q66")
	centre := c.Centre()
	fmt.Println(geo.FormatE7(centre.Lat), geo.FormatE7(centre.Lng))
	// Output: 10.9804125 106.6518906
}

func ExampleCode_Bounds() {
	c, _ := geo.Parse("28XMJ25Q66")
	fmt.Println(c.Bounds())
	// Output: 10.9804 106.651875 10.980425 106.65190625
}

func ExampleCode_Plus() {
	c, _ := geo.Parse("W6JPFF42H3")
	fmt.Println(c.Plus())
	// Output: 6PW6JPFF+42H
}

func ExampleParsePoint() {
	_, err := geo.ParsePoint("106.6519", "10.9804")
	fmt.Println(err)
	// Output: latitude 106.6519 and longitude 10.9804 look exchanged: the other way round they lie in Vietnam
}

func ExampleAreaRange() {
	lo, hi, _ := geo.AreaRange("28XMJ2")
	c, _ := geo.Parse("28XMJ25Q66223R")
	fmt.Println(lo <= c && c <= hi)
	// Output: true
}

func ExampleNeighbours() {
	p, _ := geo.ParsePoint("10.9804", "106.6519")
	for _, c := range geo.Neighbours(p)[:3] {
		fmt.Println(c)
	}
	// Output:
	// 28XMJ25Q23
	// 28XMJ25Q71
	// 28XMJ25Q3X
}

func ExampleRead() {
	r, _ := geo.Read("7512 3234 5678", nil)
	for _, reading := range r.All {
		fmt.Println(reading.Scheme, reading.Value)
	}
	// Output:
	// dinh_danh 751232345678
	// vpostcode 751232345678
}

func ExampleRepairs() {
	r, err := geo.Read("28XM J26 Q66 223R", nil)
	fmt.Println(err)
	for _, repair := range geo.Repairs(r.Symbols) {
		fmt.Println(repair.Code, repair.Op, repair.Position, repair.LookAlike)
	}
	// Output:
	// "28XMJ26Q66223R" is mistyped somewhere: its check symbol does not fit
	// 28XMJ25Q66223R substitute 7 true
}

func ExamplePlusEncode() {
	lat, _ := geo.ParseLatitude("90")
	lng, _ := geo.ParseLongitude("361")
	code, _ := geo.PlusEncode(lat, lng, 11)
	fmt.Println(code)
	// Output: CFX3X2X2+X2R
}

func ExamplePlusDecode() {
	area, _ := geo.PlusDecode("22222222+2222222")
	fmt.Println(area.South, area.West, area.North, area.East)
	// Output: -90 -180 -89.99999996 -179.9999998779296875
}

func ExamplePlusRecover() {
	near, _ := geo.ParsePoint("10.98", "106.65")
	lat, lng := near.Deg()
	full, _ := geo.PlusRecover("XMJ2+5Q6", lat, lng)
	short, _ := geo.PlusShorten(full, lat, lng)
	fmt.Println(full, short)
	// Output: 7P28XMJ2+5Q6 J2+5Q6
}

func ExampleDistance() {
	a, _ := geo.ParsePoint("10.9804", "106.6519")
	b, _ := geo.ParsePoint("21.0287", "105.8522")
	fmt.Printf("%.0f km\n", geo.Distance(a, b)/1000)
	// Output: 1121 km
}

package geo

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

// realBoundaries reads the 36 communes of the design's data folder, which is not
// part of the repository.
func realBoundaries(t testing.TB) []Boundary {
	t.Helper()
	f, err := os.Open("../../shared/data/binhduong_wards_2025.geojson")
	if err != nil {
		t.Skip("the real polygons are not here:", err)
	}
	defer f.Close()
	boundaries, warnings, err := ReadBoundaries(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) != 2 {
		t.Errorf("warnings %v, want one for 25807 and one for 25843", warnings)
	}
	for i := range boundaries {
		boundaries[i].ID = int64(i)
	}
	return boundaries
}

func TestRealUnitsContainTheirOwnPoint(t *testing.T) {
	x := indexOf(t, realBoundaries(t)...)
	if x.Len() != 36 {
		t.Errorf("%d units, want 36", x.Len())
	}
	f, err := os.Open("../../shared/data/binhduong_units_2025.csv")
	if err != nil {
		t.Skip("the real units are not here:", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, row := range rows[1:] {
		lat, _ := strconv.ParseFloat(row[column["point_lat"]], 64)
		lng, _ := strconv.ParseFloat(row[column["point_lon"]], 64)
		if got := codes(x.Containing(at(lng, lat))); got != row[column["code"]] {
			t.Errorf("%v, %v is in %q, want %s", lat, lng, got, row[column["code"]])
		}
	}
}

// No corner of a border may be in no unit, and units don't overlap but on
// borders: any two that hold a point are both 0 m from it.
func TestRealCornersAreInTheirUnits(t *testing.T) {
	boundaries := realBoundaries(t)
	x := indexOf(t, boundaries...)
	for _, b := range boundaries {
		for _, part := range b.Shape.MultiPolygon {
			for _, o := range part[0] {
				p, _ := pointOf(o)
				in := false
				for _, ref := range x.Containing(p) {
					in = in || ref.ID == b.ID
				}
				if near, meters, ok := x.Nearest(p, 50, nil); !in || !ok || meters != 0 {
					t.Fatalf("corner %v of %s: in %v, nearest %v at %v m", p, b.Code, x.Containing(p), near, meters)
				}
			}
		}
	}
}

// grid covers Bình Dương with points that are in it or not far from it.
func grid() []Point {
	var points []Point
	for lat := int32(10_85_00000); lat < 11_51_00000; lat += 77_777 {
		for lng := int32(106_33_00000); lng < 106_98_00000; lng += 77_777 {
			points = append(points, Point{lat, lng})
		}
	}
	return points
}

func TestRealIndexAgreesWithEveryEdge(t *testing.T) {
	boundaries := realBoundaries(t)
	x := indexOf(t, boundaries...)
	count := 0
	for _, p := range grid() {
		want := ""
		for _, b := range boundaries {
			for _, g := range x.byID[b.ID] {
				if locateSlowly(g.shell.points, p) != outside {
					want += b.Code + " "
				}
			}
		}
		got := ""
		for _, ref := range x.Containing(p) {
			got += ref.Code + " "
		}
		if got != want {
			t.Fatalf("%v is in %q, want %q", p, got, want)
		}
		if got != "" {
			count++
		}
	}
	if count < 1000 {
		t.Errorf("only %d points of the grid are in a unit", count)
	}
}

// country is a grid of communes with jagged borders, as many as Vietnam has.
func country(side int) []Boundary {
	corner := func(i, j int) Point {
		jag := int32(20_000 * math.Sin(float64(i*i+3*j)))
		return Point{8e7 + int32(i)*4000 + jag, 104e7 + int32(j)*4000 + jag}
	}
	const edges = 100 // on each side of a commune
	var all []Boundary
	for r := range side {
		for c := range side {
			var points []Point
			for k := range edges {
				points = append(points, corner(r*edges, c*edges+k))
			}
			for k := range edges {
				points = append(points, corner(r*edges+k, (c+1)*edges))
			}
			for k := range edges {
				points = append(points, corner((r+1)*edges, (c+1)*edges-k))
			}
			for k := range edges {
				points = append(points, corner((r+1)*edges-k, c*edges))
			}
			area := multiPolygonOf([][][]Point{{closedPoints(points)}})
			all = append(all, Boundary{ID: int64(len(all)), Code: fmt.Sprintf("%05d", len(all)), Shape: Shape{area}})
		}
	}
	return all
}

func TestCountryHasNoGaps(t *testing.T) {
	x := indexOf(t, country(20)...)
	for i := range int32(20_000) {
		p := Point{8e7 + 50_000 + i*389%7_900_000, 104e7 + 50_000 + i*7919%7_900_000}
		if got := x.Containing(p); len(got) == 0 {
			t.Fatalf("%v is in no commune", p)
		}
	}
}

func BenchmarkContaining(b *testing.B) {
	sets := map[string]func() ([]Boundary, []Point){
		"36 real communes": func() ([]Boundary, []Point) { return realBoundaries(b), grid() },
		"3364 communes": func() ([]Boundary, []Point) {
			var points []Point
			for i := range int32(1000) {
				points = append(points, Point{8e7 + i*23_000, 104e7 + i*7919%1000*23_000})
			}
			return country(58), points
		},
	}
	for name, set := range sets {
		b.Run(name, func(b *testing.B) {
			boundaries, points := set()
			x := indexOf(b, boundaries...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				x.Containing(points[i%len(points)])
			}
		})
	}
}

func BenchmarkNearest(b *testing.B) {
	x, points := indexOf(b, realBoundaries(b)...), grid()
	for i := 0; b.Loop(); i++ {
		x.Nearest(points[i%len(points)], 50, nil)
	}
}

func BenchmarkDistanceTo(b *testing.B) {
	x, points := indexOf(b, realBoundaries(b)...), grid()
	for i := 0; b.Loop(); i++ {
		x.DistanceTo(int64(i%36), points[i%len(points)])
	}
}

func BenchmarkReadBoundaries(b *testing.B) {
	for b.Loop() {
		realBoundaries(b)
	}
}

package handlers

import (
	"slices"
	"strings"

	"diachiso/geo"
	"diachiso/models"
)

// E7 limits of the earth, and of the registry's window (see geo.Point).
const (
	degree           = 10_000_000
	maxLat, maxLng   = 90 * degree, 180 * degree
	windowS, windowN = 4 * degree, 24 * degree
	windowW, windowE = 100 * degree, 120 * degree
)

// box is a rectangle "minLng,minLat,maxLng,maxLat", or nil where it is not
// given.
func (q *query) box(name string) []models.Box {
	if !q.has(name) {
		return nil
	}
	box, problem := parseBox(q.text(name))
	if problem != nil {
		problem.Field = name
		q.add(problem)
	}
	return []models.Box{box}
}

// boxes is a rectangle as OGC API Features has it, or nil where it is not
// given: anywhere on earth, with or without heights, which don't count, and
// across the date line where it begins east of its end. Then it is two.
func (q *query) boxes(name string) []models.Box {
	if !q.has(name) {
		return nil
	}
	boxes, problem := parseBoxes(q.text(name))
	if problem != nil {
		problem.Field = name
		q.add(problem)
	}
	return boxes
}

func parseBoxes(text string) ([]models.Box, *models.Error) {
	numbers := strings.Split(text, ",")
	if len(numbers) == 6 {
		for _, height := range []string{numbers[2], numbers[5]} {
			_, err := geo.ParseE7(height)
			if e := fromGeo(err, "bbox"); e != nil && e.Code == "not-a-number" { // a mountain may be higher than a degree can be
				return nil, e
			}
		}
		numbers = slices.Concat(numbers[:2], numbers[3:5])
	}
	if len(numbers) != 4 {
		return nil, invalid("", "bad-bbox", "A box has four or six numbers with commas between them: minLng,minLat,maxLng,maxLat.",
			"Khung gồm bốn hoặc sáu số cách nhau bằng dấu phẩy: minLng,minLat,maxLng,maxLat.")
	}
	floor, ceil, problem := readBox(numbers)
	box := between(floor, ceil)
	switch {
	case problem != nil:
		return nil, problem
	case !onEarth(floor) || !onEarth(ceil):
		return nil, invalid("", "outside-earth", "The box is not on earth: longitudes are from -180 to 180 degrees, latitudes from -90 to 90.",
			"Khung nằm ngoài trái đất: kinh độ từ -180 đến 180, vĩ độ từ -90 đến 90.")
	case floor.South > floor.North:
		return nil, invalid("", "bbox-inverted", "The box is upside down: write minLng,minLat,maxLng,maxLat.",
			"Khung bị lộn ngược: hãy ghi minLng,minLat,maxLng,maxLat.")
	case floor.West > floor.East:
		east, west := box, box
		east.East, west.West = maxLng, -maxLng
		return []models.Box{east, west}, nil
	}
	return []models.Box{box}, nil
}

// parseBox reads a rectangle exactly: its west and south edge are taken up to
// the next 1e-7 degree and the others down, so that it holds the same points
// of the registry as the numbers written.
func parseBox(text string) (models.Box, *models.Error) {
	numbers := strings.Split(text, ",")
	switch len(numbers) {
	case 4:
	case 6:
		return models.Box{}, invalid("", "bbox-3d", "A box has four numbers here, minLng,minLat,maxLng,maxLat: leave out the heights.",
			"Khung ở đây gồm bốn số minLng,minLat,maxLng,maxLat: hãy bỏ độ cao.")
	default:
		return models.Box{}, invalid("", "bad-bbox", "A box has four numbers with commas between them: minLng,minLat,maxLng,maxLat.",
			"Khung gồm bốn số cách nhau bằng dấu phẩy: minLng,minLat,maxLng,maxLat.")
	}
	floor, ceil, problem := readBox(numbers)
	if problem != nil {
		return models.Box{}, problem
	}
	return between(floor, ceil), checkBox(floor)
}

// readBox reads four numbers, all of them taken down and all taken up: the
// edges compare as they were written.
func readBox(numbers []string) (floor, ceil models.Box, problem *models.Error) {
	var down, up [4]int64
	for i, number := range numbers {
		var err error
		if down[i], up[i], err = around(number); err != nil {
			return floor, ceil, fromGeo(err, "bbox")
		}
	}
	return models.Box{West: down[0], South: down[1], East: down[2], North: down[3]},
		models.Box{West: up[0], South: up[1], East: up[2], North: up[3]}, nil
}

// between holds the points of the registry that lie in the box as written.
func between(floor, ceil models.Box) models.Box {
	return models.Box{West: ceil.West, South: ceil.South, East: floor.East, North: floor.North}
}

// onEarth reports whether each edge of a box is; west may be east of it.
func onEarth(b models.Box) bool {
	return min(b.West, b.East) >= -maxLng && max(b.West, b.East) <= maxLng && min(b.South, b.North) >= -maxLat && max(b.South, b.North) <= maxLat
}

// around is a number taken down and up to a 1e-7 degree: up is the negative of
// the negative's floor.
func around(number string) (down, up int64, err error) {
	if down, err = geo.ParseE7(number); err != nil {
		return 0, 0, err
	}
	negative, isNegative := strings.CutPrefix(number, "-")
	if !isNegative {
		negative = "-" + strings.TrimPrefix(number, "+")
	}
	up, err = geo.ParseE7(negative)
	return down, -up, err
}

func checkBox(b models.Box) *models.Error {
	switch {
	case b.West > b.East || b.South > b.North:
		return invalid("", "bbox-inverted", "The box is inside out: write minLng,minLat,maxLng,maxLat; it can't cross the date line.",
			"Khung bị đảo ngược: hãy ghi minLng,minLat,maxLng,maxLat; khung không được cắt đường đổi ngày.")
	case meetsWindow(b) && onEarth(b):
		return nil
	case meetsWindow(models.Box{West: b.South, South: b.West, East: b.North, North: b.East}):
		return invalid("", "swapped", "Longitude comes first in a box; the other way round it lies in Vietnam.",
			"Trong khung, kinh độ đứng trước; đổi lại thì khung nằm ở Việt Nam.")
	}
	return invalid("", "outside-window", "The box lies outside the registry: 100 to 120 degrees east, 4 to 24 degrees north.",
		"Khung nằm ngoài phạm vi của hệ thống: 100 đến 120 độ kinh đông, 4 đến 24 độ vĩ bắc.")
}

func meetsWindow(b models.Box) bool {
	return b.West < windowE && b.East >= windowW && b.South < windowN && b.North >= windowS
}

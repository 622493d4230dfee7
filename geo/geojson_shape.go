package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// shape checks the rings of a unit and builds its area from those that have
// one.
func (u unit) shape(g *geometry) (Shape, []*Error, *Error) {
	polygons, bad := u.rings(g)
	if bad != nil {
		return Shape{}, nil, bad
	}
	var kept [][][]Point
	var warnings []*Error
	for i, p := range polygons {
		rings, dropped, bad := u.polygon(i+1, p)
		if bad != nil {
			return Shape{}, nil, bad
		}
		warnings = append(warnings, dropped...)
		if len(rings) > 0 {
			kept = append(kept, rings)
		}
	}
	if len(kept) == 0 {
		return Shape{}, nil, u.errorf("boundary-empty",
			"no ring with an area is left; give its polygon.",
			"không còn vòng nào có diện tích; hãy bổ sung đa giác của đơn vị.")
	}
	if bad := u.checkArea(kept); bad != nil {
		return Shape{}, nil, bad
	}
	return Shape{multiPolygonOf(kept)}, warnings, nil
}

// polygon takes the rings of part number n that have an area; none where the
// shell has none.
func (u unit) polygon(n int, lines [][]position) (rings [][]Point, dropped []*Error, bad *Error) {
	for i, line := range lines {
		points, bad := u.points(line)
		if bad != nil {
			return nil, nil, bad
		}
		closed := closedPoints(points)
		if flat(closed) {
			dropped = append(dropped, u.errorf("boundary-degenerate-ring",
				"ring %d of part %d has fewer than three distinct points or lies on one line; it was dropped.",
				"vòng thứ %d của phần thứ %d có ít hơn ba điểm khác nhau hoặc nằm trên một đường thẳng; đã bỏ vòng này.", i+1, n))
			if i == 0 {
				return nil, dropped, nil
			}
			continue
		}
		if points[0] != points[len(points)-1] {
			return nil, nil, u.errorf("boundary-unclosed-ring",
				"ring %d of part %d is not closed; its last position must equal its first.",
				"vòng thứ %d của phần thứ %d chưa khép kín; vị trí cuối phải trùng vị trí đầu.", i+1, n)
		}
		rings = append(rings, closed)
	}
	return rings, dropped, nil
}

// points takes positions to the nearest 1e-7 degree.
func (u unit) points(line []position) ([]Point, *Error) {
	points := make([]Point, len(line))
	for i, at := range line {
		p, ok := pointOf(orb.Point(at))
		if !ok {
			return nil, u.misplaced(at)
		}
		points[i] = p
	}
	return points, nil
}

// misplaced says what is probably wrong with a position that is not on earth.
func (u unit) misplaced(at position) *Error {
	first, second := math.Abs(at[0]), math.Abs(at[1])
	switch {
	case first <= 90 && second <= 180:
		return u.errorf("boundary-swapped",
			"the position [%v, %v] has its latitude first; GeoJSON has the longitude first: swap them.",
			"vị trí [%v, %v] ghi vĩ độ trước; GeoJSON ghi kinh độ trước: hãy đổi chỗ hai số.", at[0], at[1])
	case first > 360 || second > 360:
		return u.errorf("boundary-projected",
			"the position [%v, %v] is no longitude and latitude in degrees, it looks like metres of a projection; reproject the file to WGS 84, for example with ogr2ogr -t_srs EPSG:4326.",
			"vị trí [%v, %v] không phải kinh độ, vĩ độ tính bằng độ mà giống mét của một phép chiếu; hãy chuyển tệp về WGS 84, ví dụ bằng ogr2ogr -t_srs EPSG:4326.", at[0], at[1])
	}
	return u.errorf("boundary-out-of-range",
		"the position [%v, %v] is outside longitude -180 to 180 and latitude -90 to 90; correct it.",
		"vị trí [%v, %v] nằm ngoài kinh độ -180 đến 180 và vĩ độ -90 đến 90; hãy sửa lại.", at[0], at[1])
}

// checkArea refuses rings that don't bound an area: crossing lines, and holes
// outside their shell.
func (u unit) checkArea(polygons [][][]Point) *Error {
	var all [][]Point
	for _, rings := range polygons {
		all = append(all, rings...)
	}
	if at, crossing := crossingOf(all); crossing {
		return u.errorf("boundary-crossing",
			"its border crosses itself near latitude %s, longitude %s; repair the polygon there.",
			"ranh giới tự cắt nhau gần vĩ độ %s, kinh độ %s; hãy sửa đa giác tại đó.", FormatE7(at.Lat), FormatE7(at.Lng))
	}
	for _, rings := range polygons {
		shell := newRing(rings[0])
		for _, hole := range rings[1:] {
			if at, out := firstOutside(shell, hole); out {
				return u.errorf("boundary-hole-outside",
					"a hole lies outside its shell at latitude %s, longitude %s; make it a polygon of its own or remove it.",
					"một lỗ nằm ngoài vòng bao tại vĩ độ %s, kinh độ %s; hãy tách thành đa giác riêng hoặc xóa đi.", FormatE7(at.Lat), FormatE7(at.Lng))
			}
		}
	}
	return nil
}

func firstOutside(shell ring, hole []Point) (Point, bool) {
	for _, p := range hole {
		if shell.locate(p) == outside {
			return p, true
		}
	}
	return Point{}, false
}

// flat tells whether closed points have fewer than three distinct ones or lie on
// one line.
func flat(points []Point) bool {
	for i := 2; i < len(points); i++ {
		if turn(points[0], points[1], points[i]) != 0 {
			return false
		}
	}
	return true
}

func multiPolygonOf(polygons [][][]Point) orb.MultiPolygon {
	area := make(orb.MultiPolygon, len(polygons))
	for i, rings := range polygons {
		area[i] = make(orb.Polygon, len(rings))
		for j, points := range rings {
			line := make(orb.Ring, len(points))
			for k, p := range points {
				line[k] = p.Orb()
			}
			area[i][j] = line
		}
	}
	return area
}

package geo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Point is a WGS 84 position in integers of 1e-7 degree (about 1 cm), the
// only precision the registry keeps. Texts are floored to it once, where they
// enter.
type Point struct{ Lat, Lng int32 }

// The registry's window: all of Vietnam with its islands. South and west edge
// are inside, north and east edge outside.
const (
	minLatE7 = 4_0000000
	maxLatE7 = 24_0000000
	minLngE7 = 100_0000000
	maxLngE7 = 120_0000000
)

// maxE7 bounds what ParseE7 reads: 1000 degrees.
const maxE7 = 1000_0000000

// ParsePoint reads two texts in JSON number syntax (RFC 8259; a leading '+'
// and ".5" are allowed too) and floors each exactly, toward minus infinity, to
// 1e-7 degree. Length and exponent don't matter. The error's Field is "lat" or
// "lng", its code "not-a-number", "outside-window" or, where the two exchanged
// would lie inside the window, "swapped".
func ParsePoint(lat, lng string) (Point, error) {
	y, ok := scanDecimal(lat)
	if !ok {
		return Point{}, notANumber("lat", lat)
	}
	x, ok := scanDecimal(lng)
	if !ok {
		return Point{}, notANumber("lng", lng)
	}
	latE7, lngE7 := y.floor(7), x.floor(7)
	switch {
	case latInWindow(latE7) && lngInWindow(lngE7):
		return Point{Lat: int32(latE7), Lng: int32(lngE7)}, nil
	case latInWindow(lngE7) && lngInWindow(latE7):
		return Point{}, swapped(lat, lng)
	case !latInWindow(latE7):
		return Point{}, latOutside(shown(lat))
	default:
		return Point{}, lngOutside(shown(lng))
	}
}

// ParseE7 reads one number like ParsePoint, floored to 1e-7 degree, of any
// value from -1000 to 1000 degrees (for the edges of a box). The error's code
// is "not-a-number" or "out-of-range".
func ParseE7(s string) (int64, error) {
	d, ok := scanDecimal(s)
	if !ok {
		return 0, notANumber("", s)
	}
	v := d.floor(7)
	if v < -maxE7 || v > maxE7 {
		return 0, errorf("out-of-range",
			"%s is not between -1000 and 1000 degrees",
			"%s không nằm trong khoảng từ -1000 đến 1000 độ", shown(s))
	}
	return v, nil
}

// ParsePair reads a pasted "lat,lng": a comma, a semicolon or white space
// between the numbers, brackets around them allowed. Errors are those of
// ParsePoint; what is no pair of numbers is "not-a-number".
func ParsePair(s string) (Point, error) {
	if lat, lng, ok := splitPair(s); ok {
		return ParsePoint(lat, lng)
	}
	return Point{}, errorf("not-a-number",
		"%q is no position; write latitude and longitude with decimal points, such as 10.9804,106.6519",
		"%q không phải là một vị trí; hãy viết vĩ độ và kinh độ với dấu chấm thập phân, ví dụ 10.9804,106.6519", shown(s))
}

// splitPair divides a text into two numbers. ok is false when it isn't two
// numbers.
func splitPair(s string) (lat, lng string, ok bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()[]", r) })
	at := strings.IndexFunc(s, isPairSeparator)
	if at < 0 {
		return "", "", false
	}
	lat, lng = s[:at], strings.TrimLeftFunc(s[at:], isPairSeparator)
	between := s[at : len(s)-len(lng)]
	if strings.Count(between, ",")+strings.Count(between, ";") > 1 {
		return "", "", false
	}
	_, latOK := scanDecimal(lat)
	_, lngOK := scanDecimal(lng)
	return lat, lng, latOK && lngOK
}

func isPairSeparator(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }

// FormatE7 writes integers of 1e-7 degree as the exact decimal, without
// trailing zeros.
func FormatE7(v int32) string { return string(AppendE7(nil, v)) }

// AppendE7 is FormatE7 that appends to b.
func AppendE7(b []byte, v int32) []byte { return appendFixed(b, int64(v), 7) }

// Orb is the point in degrees, longitude first.
func (p Point) Orb() orb.Point {
	return orb.Point{float64(p.Lng) / 1e7, float64(p.Lat) / 1e7}
}

// Deg is the point in the unit of the Plus Code functions; exact.
func (p Point) Deg() (lat, lng Deg) {
	return Deg(p.Lat) * degPerE7, Deg(p.Lng) * degPerE7
}

// InWindow tells whether the point can have a code: 4 <= lat < 24 and
// 100 <= lng < 120 degrees.
func (p Point) InWindow() bool {
	return latInWindow(int64(p.Lat)) && lngInWindow(int64(p.Lng))
}

func latInWindow(e7 int64) bool { return minLatE7 <= e7 && e7 < maxLatE7 }

func lngInWindow(e7 int64) bool { return minLngE7 <= e7 && e7 < maxLngE7 }

func notANumber(field, s string) *Error {
	return errorf("not-a-number",
		"%q is not a decimal number; write it with digits and a decimal point, such as 10.9804",
		"%q không phải là số thập phân; hãy viết bằng chữ số và dấu chấm thập phân, ví dụ 10.9804",
		shown(s)).in(field)
}

func swapped(lat, lng string) *Error {
	return errorf("swapped",
		"latitude %s and longitude %s look exchanged: the other way round they lie in Vietnam",
		"vĩ độ %s và kinh độ %s có vẻ bị đảo chỗ: đổi lại thì vị trí nằm ở Việt Nam",
		shown(lat), shown(lng)).in("lat")
}

func latOutside(lat string) *Error {
	return errorf("outside-window",
		"latitude %s is outside the registry: it must be at least 4 and less than 24 degrees north",
		"vĩ độ %s nằm ngoài phạm vi của hệ thống: phải từ 4 độ đến dưới 24 độ vĩ bắc", lat).in("lat")
}

func lngOutside(lng string) *Error {
	return errorf("outside-window",
		"longitude %s is outside the registry: it must be at least 100 and less than 120 degrees east",
		"kinh độ %s nằm ngoài phạm vi của hệ thống: phải từ 100 độ đến dưới 120 độ kinh đông", lng).in("lng")
}

// outsideWindow names the coordinate of p that has no code.
func outsideWindow(p Point) *Error {
	if !latInWindow(int64(p.Lat)) {
		return latOutside(FormatE7(p.Lat))
	}
	return lngOutside(FormatE7(p.Lng))
}

// shown cuts a text for an error message: nobody needs 10,000 digits back.
func shown(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

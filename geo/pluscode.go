package geo

import "strings"

// The Plus Code functions follow the Open Location Code specification for the
// whole world. They compute in Deg, so no result depends on a float.

const (
	pairDigits    = 10 // digits that come in pairs of latitude and longitude
	maxPlusDigits = 15 // more are accepted and don't count
	plusPlace     = 8  // digits before the '+' of a full code

	latUnit Deg = 400_000_000   // 1/25,000,000 degree
	lngUnit Deg = 1_220_703_125 // 1/8,192,000 degree
)

// pairSizes are the edges of the squares that 2, 4, 6, 8 and 10 digits name.
var pairSizes = [5]Deg{20 * degree, degree, degree / 20, degree / 400, degree / 8000}

// PlusArea is the area a Plus Code names. South and west edge belong to it.
// Digits is the number of digits that count, at most 15.
type PlusArea struct {
	South, West, North, East Deg
	Digits                   int
}

// Centre is the middle of the area, floored to 1e-16 degree.
func (a PlusArea) Centre() (lat, lng Deg) {
	return a.South + (a.North-a.South)/2, a.West + (a.East-a.West)/2
}

// PlusEncode is the Plus Code of a position: 2, 4, 6, 8 or 10 to 15 digits; a
// larger number counts as 15. Latitudes are clipped, longitudes turned by
// whole circles. An error's code is "bad-length".
func PlusEncode(lat, lng Deg, digits int) (string, error) {
	if digits < 2 || digits < pairDigits && digits%2 == 1 {
		return "", errorf("bad-length",
			"a Plus Code has 2, 4, 6, 8 or 10 to 15 digits, not %d",
			"Plus Code có 2, 4, 6, 8 hoặc từ 10 đến 15 chữ số, không phải %d", digits)
	}
	d := plusDigits(plusUnits(lat, lng))
	return formatPlus(string(d[:min(digits, maxPlusDigits)])), nil
}

// plusUnits counts the finest grid's rows from 90 S and columns from 180 W.
// The north pole belongs to the last row.
func plusUnits(lat, lng Deg) (rows, cols int64) {
	lat, lng = clipLatitude(lat), turnLongitude(lng)
	rows = int64((lat + 90*degree) / latUnit)
	cols = int64((lng + 180*degree) / lngUnit)
	return min(rows, int64(180*degree/latUnit)-1), cols
}

// plusDigits are all 15 digits: five of five rows by four columns, five pairs.
func plusDigits(rows, cols int64) (d [maxPlusDigits]byte) {
	for i := maxPlusDigits - 1; i >= pairDigits; i-- {
		d[i] = Alphabet[rows%5*4+cols%4]
		rows, cols = rows/5, cols/4
	}
	for i := pairDigits - 2; i >= 0; i -= 2 {
		d[i], d[i+1] = Alphabet[rows%20], Alphabet[cols%20]
		rows, cols = rows/20, cols/20
	}
	return d
}

// formatPlus sets the '+' and, before it, the padding of a short run of digits.
func formatPlus(digits string) string {
	if len(digits) < plusPlace {
		return digits + strings.Repeat("0", plusPlace-len(digits)) + "+"
	}
	return digits[:plusPlace] + "+" + digits[plusPlace:]
}

// PlusValid tells whether a text is a Plus Code, full or short, in either
// case. Look-alikes are not forgiven.
func PlusValid(code string) bool {
	before, after, found := strings.Cut(code, "+")
	if !found || len(before) > plusPlace || len(before)%2 == 1 || len(after) == 1 || len(code) == 1 {
		return false
	}
	digits := strings.TrimRight(before, "0")
	if len(digits) < len(before) {
		// Padding: whole pairs, in a full code, with nothing behind the '+'.
		if len(before) != plusPlace || len(digits) == 0 || len(digits)%2 == 1 || after != "" {
			return false
		}
	}
	return inAlphabet(digits) && inAlphabet(after)
}

func inAlphabet(s string) bool {
	for i := range len(s) {
		if symbolValues[s[i]]-firstValue >= 20 {
			return false
		}
	}
	return true
}

// PlusShort tells whether a text is a valid Plus Code that needs a reference
// position.
func PlusShort(code string) bool {
	return PlusValid(code) && strings.IndexByte(code, '+') < plusPlace
}

// PlusFull tells whether a text is a valid Plus Code of a place on earth.
func PlusFull(code string) bool {
	return PlusValid(code) && strings.IndexByte(code, '+') == plusPlace &&
		plusDigit(code[0]) < 9 && plusDigit(code[1]) < 18
}

func plusDigit(c byte) Deg { return Deg(symbolValues[c] - firstValue) }

// PlusDecode is the exact area of a full Plus Code. An error's code is
// "bad-plus-code".
func PlusDecode(code string) (PlusArea, error) {
	if !PlusFull(code) {
		return PlusArea{}, badPlusCode(code)
	}
	digits := significant(code)
	a := PlusArea{South: -90 * degree, West: -180 * degree, Digits: len(digits)}
	height, width := pairSizes[0], pairSizes[0]
	for i := 0; i < min(len(digits), pairDigits); i += 2 {
		height, width = pairSizes[i/2], pairSizes[i/2]
		a.South += plusDigit(digits[i]) * height
		a.West += plusDigit(digits[i+1]) * width
	}
	for i := pairDigits; i < len(digits); i++ {
		height, width = height/5, width/4
		a.South += plusDigit(digits[i]) / 4 * height
		a.West += plusDigit(digits[i]) % 4 * width
	}
	a.North, a.East = a.South+height, a.West+width
	return a, nil
}

// significant are the digits of a full code that count, without '+' and
// padding, in upper case.
func significant(code string) string {
	before, after, _ := strings.Cut(strings.ToUpper(code), "+")
	digits := strings.TrimRight(before, "0") + after
	return digits[:min(len(digits), maxPlusDigits)]
}

// PlusShorten drops the first 8, 6 or 4 digits of a full code where the
// reference lies so near that PlusRecover finds them again: the larger of the
// differences of latitude and longitude to the code's centre is under 0.3 of
// the dropped square. Farther off the code comes back whole. A padded code
// can't be shortened. An error's code is "bad-plus-code".
func PlusShorten(code string, lat, lng Deg) (string, error) {
	area, err := PlusDecode(code)
	if err != nil {
		return "", err
	}
	if area.Digits < plusPlace {
		return "", errorf("bad-plus-code",
			"%q is padded with zeros and can't be shortened",
			"%q có các số 0 đệm nên không thể rút gọn", shown(code))
	}
	code = strings.ToUpper(code)
	away := area.away(lat, lng)
	for drop := 8; drop >= 4; drop -= 2 {
		short := code[drop:]
		if away < pairSizes[drop/2-1]/10*3 && PlusShort(short) {
			return short, nil
		}
	}
	return code, nil
}

// away is the larger of the differences of latitude and longitude between the
// area's centre and a position, the short way round the earth.
func (a PlusArea) away(lat, lng Deg) Deg {
	centreLat, centreLng := a.Centre()
	dLat := centreLat - clipLatitude(lat)
	dLng := turnLongitude(centreLng - turnLongitude(lng))
	return max(dLat, -dLat, dLng, -dLng)
}

// PlusRecover is the full code nearest to the reference that ends in the given
// short one. A full code comes back in upper case. An error's code is
// "bad-plus-code".
func PlusRecover(code string, lat, lng Deg) (string, error) {
	if PlusFull(code) {
		return strings.ToUpper(code), nil
	}
	if !PlusShort(code) {
		return "", badPlusCode(code)
	}
	lat, lng = clipLatitude(lat), turnLongitude(lng)
	missing := plusPlace - strings.IndexByte(code, '+')
	reference := plusDigits(plusUnits(lat, lng))
	area, err := PlusDecode(string(reference[:missing]) + code)
	if err != nil {
		return "", err
	}
	size := pairSizes[missing/2-1]
	centreLat, centreLng := area.Centre()
	centreLat += step(lat, centreLat, size)
	if centreLat < -90*degree || centreLat > 90*degree {
		centreLat, _ = area.Centre()
	}
	centreLng += step(lng, centreLng, size)
	return PlusEncode(centreLat, centreLng, area.Digits)
}

// step is the way to the neighbouring square where that one's centre is nearer
// to the reference: its size, back or on, or 0.
func step(reference, centre, size Deg) Deg {
	switch {
	case centre > reference+size/2:
		return -size
	case centre < reference-size/2:
		return size
	default:
		return 0
	}
}

func badPlusCode(code string) *Error {
	return errorf("bad-plus-code",
		"%q is not a valid Plus Code; a full one looks like 7P28XMJ2+5Q6",
		"%q không phải là Plus Code hợp lệ; mã đầy đủ có dạng 7P28XMJ2+5Q6", shown(code))
}

package geo

// Deg is an angle in integers of 1e-16 degree. Both grids of the Plus Code
// (1/25,000,000 degree of latitude, 1/8,192,000 of longitude) are whole
// multiples of it, so dividing a Deg is exact where a float64 is not.
type Deg int64

const (
	degPlaces = 16
	degree    = 10_000_000_000_000_000
	degPerE7  = degree / 10_000_000
)

// ParseLatitude reads a latitude in JSON number syntax (a leading '+' and
// ".5" are allowed) of any length, floors it to 1e-16 degree and clips it to
// -90 to 90, as the Plus Code specification asks. The error's code is
// "not-a-number".
func ParseLatitude(s string) (Deg, error) {
	d, ok := scanDecimal(s)
	if !ok {
		return 0, notANumber("lat", s)
	}
	return clipLatitude(Deg(d.floor(degPlaces))), nil
}

// ParseLongitude reads a longitude like ParseLatitude and turns it by whole
// circles into -180 (included) to 180 (excluded), exactly, whatever its
// exponent. The error's code is "not-a-number".
func ParseLongitude(s string) (Deg, error) {
	d, ok := scanDecimal(s)
	if !ok {
		return 0, notANumber("lng", s)
	}
	return turnLongitude(Deg(d.floorMod360())), nil
}

// String is the exact decimal, without trailing zeros.
func (d Deg) String() string { return string(appendFixed(nil, int64(d), degPlaces)) }

// Degrees is the angle as a float64, for drawing only.
func (d Deg) Degrees() float64 { return float64(d) / degree }

func clipLatitude(lat Deg) Deg { return max(-90*degree, min(90*degree, lat)) }

func turnLongitude(lng Deg) Deg {
	lng %= 360 * degree
	switch {
	case lng < -180*degree:
		return lng + 360*degree
	case lng >= 180*degree:
		return lng - 360*degree
	default:
		return lng
	}
}

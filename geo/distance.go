package geo

import "math"

// earthRadius is the mean radius of the WGS 84 ellipsoid in metres (IUGG R1).
const earthRadius = 6371008.8

// Distance is the great-circle distance in metres (haversine on a sphere of
// the earth's mean radius: within 0.6 % of the ellipsoid, good to the
// millimetre on short ways).
func Distance(a, b Point) float64 {
	lat1, lat2 := radians(int64(a.Lat)), radians(int64(b.Lat))
	sinLat := math.Sin(radians(int64(b.Lat)-int64(a.Lat)) / 2)
	sinLng := math.Sin(radians(int64(b.Lng)-int64(a.Lng)) / 2)
	h := sinLat*sinLat + math.Cos(lat1)*math.Cos(lat2)*sinLng*sinLng
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}

func radians(e7 int64) float64 { return float64(e7) * (math.Pi / 180e7) }

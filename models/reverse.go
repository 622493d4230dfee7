package models

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Box is a rectangle in 1e-7 degree, borders included.
type Box struct{ West, South, East, North int64 }

// NearFilter bounds a search around a point.
type NearFilter struct {
	Limit   int     // how many
	RadiusM float64 // metres
}

// Near is an address and its great-circle distance from the point asked for.
type Near struct {
	Address   *Address
	DistanceM float64
}

// Nearest answers the current addresses nearest to a point by metres, ties by
// code.
func (s *Store) Nearest(ctx context.Context, p geo.Point, f NearFilter) ([]Near, error) {
	list, err := s.nearest(s.read.WithContext(ctx), p, f)
	if err != nil {
		return nil, fmt.Errorf("look for the nearest addresses: %w", s.translate(err))
	}
	return list, nil
}

// nearest asks for boxes that double until the circle inside one holds enough.
func (s *Store) nearest(db *gorm.DB, p geo.Point, f NearFilter) ([]Near, error) {
	radius := min(firstRadius, f.RadiusM)
	for {
		found, err := s.idsWithin(db, p, radius)
		if err != nil {
			return nil, err
		}
		if len(found) >= f.Limit || radius >= f.RadiusM {
			return s.readNear(db, found[:min(len(found), f.Limit)])
		}
		radius = min(radius*3, f.RadiusM)
	}
}

// firstRadius in metres holds five addresses of an ordinary street.
const firstRadius = 40

type idDistance struct {
	id     int64
	meters float64
}

// idsWithin lists the current addresses within metres of a point, nearest first.
func (s *Store) idsWithin(db *gorm.DB, p geo.Point, meters float64) ([]idDistance, error) {
	args := s.dialect.boxArgs(boxAround(p, meters))
	rows, err := db.Raw("SELECT a.id, a.lng, a.lat FROM addresses a WHERE "+s.dialect.inBox+" AND a.status = 'current'", args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []idDistance
	for rows.Next() {
		var id int64
		var at geo.Point
		if err := rows.Scan(&id, &at.Lng, &at.Lat); err != nil {
			return nil, err
		}
		if d := geo.Distance(p, at); d <= meters {
			found = append(found, idDistance{id, d})
		}
	}
	slices.SortFunc(found, func(a, b idDistance) int {
		return cmp.Or(cmp.Compare(a.meters, b.meters), cmp.Compare(a.id, b.id))
	})
	return found, rows.Err()
}

// boxAround holds every point within metres of p.
func boxAround(p geo.Point, meters float64) Box {
	const metersPerE7 = 0.0111                                                // of latitude, rounded down so that the box is never too small
	farthest := (math.Abs(float64(p.Lat))/1e7 + meters/110e3) * math.Pi / 180 // the row where a degree of longitude is shortest
	dLat := int64(meters/metersPerE7) + 1
	dLng := int64(meters/(metersPerE7*math.Cos(farthest))) + 1
	return Box{int64(p.Lng) - dLng, int64(p.Lat) - dLat, int64(p.Lng) + dLng, int64(p.Lat) + dLat}
}

// readNear reads the addresses of a ranking in its order.
func (s *Store) readNear(db *gorm.DB, ranking []idDistance) ([]Near, error) {
	ids := make([]int64, len(ranking))
	for i, r := range ranking {
		ids[i] = r.id
	}
	list, err := s.byIDs(db, ids)
	if err != nil {
		return nil, err
	}
	byID := map[int64]*Address{}
	for _, a := range list {
		byID[a.Code.ID()] = a
	}
	near := make([]Near, 0, len(ranking))
	for _, r := range ranking {
		if a := byID[r.id]; a != nil { // nil: retired between the two questions
			near = append(near, Near{a, r.meters})
		}
	}
	return near, nil
}

// byIDs reads addresses by their keys.
func (s *Store) byIDs(db *gorm.DB, ids []int64) ([]*Address, error) {
	list, err := scanAddresses(db.Raw(s.dialect.selectListed("bigint")+"WHERE a.id = d.value ORDER BY a.id", s.dialect.bind(ids)).Rows())
	if err != nil {
		return nil, err
	}
	return list, s.completeSuccessions(db, list)
}

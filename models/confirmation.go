package models

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Confirmation is that something was delivered at an address today.
type Confirmation struct {
	Code      geo.Code
	Point     *geo.Point // where the door is; nil: not said
	AccuracyM float64    // metres; 0: unknown
}

const (
	maxBetterMeters    = 500 // a better point is no farther from the present one
	maxBetterAccuracyM = 30  // points less exact than this say nothing better and are not kept
	confirmedMonths    = 24  // how long a confirmation counts; then it is deleted
	betterMonths       = 12  // how old the points are at most that a suggestion is made of
	leastBetterPoints  = 3
)

// Confidence is how far deliveries bear an address out. No confirmation of a
// day is more than that somebody was there on it.
type Confidence struct {
	Confidence string          `json:"confidence"`         // none, low, medium, high: see levelOf
	Delivered  int             `json:"delivered,omitzero"` // days and couriers on which something was delivered, in 24 months
	LastOn     Date            `json:"last_on,omitempty"`
	Suggested  *SuggestedPoint `json:"suggested_position,omitempty"`
}

// SuggestedPoint is the median of the points that couriers said are better.
type SuggestedPoint struct {
	Lat       E7      `json:"lat"`
	Lng       E7      `json:"lng"`
	Count     int     `json:"count"`
	DistanceM float64 `json:"distance_m"` // from the present position
}

// Confirm stores that something was delivered at an address today, once a key
// and day; isNew is false the second time. It never moves the address.
func (s *Store) Confirm(ctx context.Context, by Caller, c Confirmation) (now Confidence, isNew bool, err error) {
	if err := by.mustBe(RoleCourier, RoleOfficer, RoleAdmin); err != nil {
		return now, false, err
	}
	a, err := s.Address(ctx, c.Code)
	if err != nil {
		return now, false, err
	}
	if err := c.check(a); err != nil {
		return now, false, err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) (err error) {
		isNew, err = s.insertConfirmation(tx, by, c)
		return err
	})
	if err != nil {
		return now, false, fmt.Errorf("store a confirmation: %w", err)
	}
	now, err = s.Confidence(ctx, c.Code, by)
	return now, isNew, err
}

// check refuses what can't be a delivery, and drops a point that says nothing.
func (c *Confirmation) check(a *Address) error {
	if a.Status != StatusCurrent {
		return conflict("", "retired", "The address %s is retired: nothing is delivered there. Ask for its successors.",
			"Địa chỉ %s đã ngừng sử dụng: không giao hàng tới đó nữa. Hãy xem địa chỉ kế thừa.", a.Code)
	}
	accuracy := Registration{AccuracyM: c.AccuracyM}
	if e := accuracy.checkAccuracy(); e != nil {
		return e
	}
	if c.Point == nil {
		return nil
	}
	if far := geo.Distance(*c.Point, a.Point); far > maxBetterMeters {
		return invalid("lat", "too-far", "The point is %.0f m from the address; a better one lies within %d m of it. If the address is elsewhere, report it as wrong_place.",
			"Điểm cách địa chỉ %.0f m; điểm chính xác hơn phải trong vòng %d m. Nếu địa chỉ nằm nơi khác, hãy báo sai vị trí (wrong_place).", far, maxBetterMeters)
	}
	if c.AccuracyM > maxBetterAccuracyM {
		c.Point = nil
	}
	return nil
}

func (s *Store) insertConfirmation(tx *gorm.DB, by Caller, c Confirmation) (bool, error) {
	today := s.Today()
	secret, err := s.markSecret(tx, today)
	if err != nil {
		return false, err
	}
	var lng, lat any
	if c.Point != nil {
		lng, lat = c.Point.Lng, c.Point.Lat
	}
	done := tx.Exec("INSERT INTO confirmations (address_id, day, mark, lng, lat) VALUES (?, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING",
		c.Code.ID(), today, markOf(secret, by, c.Code, today), lng, lat)
	return done.RowsAffected > 0, done.Error
}

// markOf tells two confirmations of one key, address and day from others, and
// says nothing to whoever has not the secret of the day.
func markOf(secret []byte, by Caller, code geo.Code, day Date) []byte {
	mark := hmac.New(sha256.New, secret)
	fmt.Fprintf(mark, "%d|%d|%s|%s", by.KeyID, code.ID(), day, by.Name)
	return mark.Sum(nil)
}

// markSecret is the secret of a day. That of the day before is overwritten, so
// that older marks can no more be computed again by anybody.
func (s *Store) markSecret(tx *gorm.DB, today Date) ([]byte, error) {
	secret, day, err := readMarkSecret(tx)
	if err != nil || day >= today {
		return secret, err
	}
	fresh := make([]byte, sha256.Size)
	rand.Read(fresh) // never fails (crypto/rand)
	done := tx.Exec("UPDATE registry SET mark_secret = ?, mark_day = ? WHERE id = 1 AND mark_day = ?", fresh, string(today), string(day))
	if done.Error != nil || done.RowsAffected > 0 {
		return fresh, done.Error
	}
	secret, _, err = readMarkSecret(tx) // another process began the day
	return secret, err
}

func readMarkSecret(tx *gorm.DB) (secret []byte, day Date, err error) {
	err = first(tx.Raw("SELECT mark_secret, mark_day FROM registry WHERE id = 1")).Scan(&secret, &day)
	return secret, day, err
}

// monthsAgo is the day so many months before today.
func (s *Store) monthsAgo(months int) Date { return DateOf(s.clock().AddDate(0, -months, 0)) }

// Confidence answers how far deliveries bear an address out. Anybody is told
// the level alone: by counts and days one could watch a household. These are
// for whoever delivers, reviews or lives there, and a better point for those
// who may correct the address: by that a courier's way could be read.
func (s *Store) Confidence(ctx context.Context, code geo.Code, by Caller) (Confidence, error) {
	a, err := s.Address(ctx, code)
	if err != nil {
		return Confidence{}, err
	}
	list, err := s.confirmations(s.read.WithContext(ctx), code)
	if err != nil {
		return Confidence{}, fmt.Errorf("read the confirmations of an address: %w", s.translate(err))
	}
	c := Confidence{Delivered: len(list)}
	if len(list) > 0 {
		c.LastOn = list[0].day
	}
	c.Confidence = s.levelOf(c)
	switch {
	case by.scopeOf().holds(a.CommuneID):
		c.Suggested = suggest(a, list, s.monthsAgo(betterMonths))
	case by.Role != RoleCourier && !by.owns(code):
		c.Delivered, c.LastOn = 0, ""
	}
	return c, nil
}

// levelOf grades confirmations: low from the first, medium from the third, high
// from the tenth; low again when the last is over a year old.
func (s *Store) levelOf(c Confidence) string {
	switch {
	case c.Delivered == 0:
		return "none"
	case c.Delivered < 3 || c.LastOn <= s.monthsAgo(12):
		return "low"
	case c.Delivered < 10:
		return "medium"
	}
	return "high"
}

// confirmed is one row of confirmations.
type confirmed struct {
	day   Date
	point *geo.Point
}

// confirmations are those of an address that count, the newest first.
func (s *Store) confirmations(db *gorm.DB, code geo.Code) ([]confirmed, error) {
	rows, err := db.Raw("SELECT day, lng, lat FROM confirmations WHERE address_id = ? AND day > ? ORDER BY day DESC, id",
		code.ID(), s.monthsAgo(confirmedMonths)).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []confirmed
	for rows.Next() {
		var c confirmed
		var lng, lat sql.NullInt64
		if err := rows.Scan(&c.day, &lng, &lat); err != nil {
			return nil, err
		}
		if lng.Valid {
			c.point = &geo.Point{Lng: int32(lng.Int64), Lat: int32(lat.Int64)}
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// suggest is the median of the better points after a day, or nil where fewer
// than three different ones are known.
func suggest(a *Address, list []confirmed, after Date) *SuggestedPoint {
	var lats, lngs []int32
	different := map[geo.Point]bool{}
	for _, c := range list {
		if c.point != nil && c.day > after {
			lats, lngs = append(lats, c.point.Lat), append(lngs, c.point.Lng)
			different[*c.point] = true
		}
	}
	if len(different) < leastBetterPoints {
		return nil
	}
	p := geo.Point{Lat: median(lats), Lng: median(lngs)}
	return &SuggestedPoint{E7(p.Lat), E7(p.Lng), len(lats), math.Round(geo.Distance(p, a.Point)*10) / 10}
}

// median is the middle one, or the lower of the two in the middle.
func median(list []int32) int32 {
	slices.Sort(list)
	return list[(len(list)-1)/2]
}

// forgetConfirmations deletes confirmations that no longer count.
func (s *Store) forgetConfirmations(ctx context.Context) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM confirmations WHERE day <= ?", s.monthsAgo(confirmedMonths)).Error
	})
	if err != nil {
		return fmt.Errorf("forget confirmations: %w", err)
	}
	return nil
}

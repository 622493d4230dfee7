package models

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Query is what somebody wants resolved, with what they know of the place.
type Query struct {
	Input   string
	Near    *geo.Point // hint for short Plus Codes and for ranking repairs
	Commune string     // hint: code or name
}

// Match is an address that one reading of the input names.
type Match struct {
	Scheme  geo.Scheme
	Address *Address
}

// Candidate is an address that the input may have meant.
type Candidate struct {
	Repair    geo.Repair // Op empty: none, it only stands nearby
	DistanceM float64    // from the hint or the point; negative: unknown
	Address   *Address
}

// Resolution is what an input names. Without matches, Code and Candidates say
// what it may have meant.
type Resolution struct {
	Readings   geo.Readings
	Matches    []Match
	Truncated  bool // more addresses match than are listed
	Candidates []Candidate
	Code       geo.Code // of the cell that the input names, registered or not
	HasCode    bool
	Problem    error // why there is no match: NotFound or Invalid
}

// maxMatches bounds the addresses listed for one reading.
const maxMatches = 50

// Resolve answers every address that a text names in any line of codes. Only
// the database can make it fail: what can't be read, or names nothing, is the
// Resolution's Problem.
func (s *Store) Resolve(ctx context.Context, q Query) (*Resolution, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	hinted, err := units.CommunesNamed(q.Commune, s.Today())
	if err != nil {
		return nil, err
	}
	near := q.Near
	if near == nil {
		near = units.middleOf(hinted)
	}
	r := &Resolution{}
	r.Readings, err = geo.Read(q.Input, near)
	if r.Problem, err = readProblem(err); err != nil {
		return nil, err
	}
	db := s.read.WithContext(ctx)
	for _, reading := range r.Readings.All {
		if err := s.matchReading(db, units, reading, r); err != nil {
			return nil, fmt.Errorf("resolve a %s: %w", reading.Scheme, s.translate(err))
		}
	}
	if len(r.Matches) > 0 {
		return r, nil
	}
	if err := s.propose(db, hinted, near, r); err != nil {
		return nil, fmt.Errorf("look for what was meant: %w", s.translate(err))
	}
	return r, nil
}

// readProblem turns what geo.Read says into the problem of a resolution. A
// code that may be mended is looked for and not found; the rest is no code.
func readProblem(err error) (problem, other error) {
	var e *Error
	if !errors.As(FromGeo(err, "q"), &e) {
		return nil, err
	}
	if e.Code == "check-failed" {
		e.Kind = NotFound
	}
	return e, nil
}

// CommunesNamed are the communes of either era that a code or name means, today's
// first; none for an empty one. A text that means none is an error.
func (u *Units) CommunesNamed(name string, today Date) ([]*AdminUnit, error) {
	if name == "" {
		return nil, nil
	}
	hinted := append(u.communesNamed(name, today), u.communesNamed(name, u.lastDistrictDay(today))...)
	if len(hinted) == 0 {
		return nil, u.unknownCommune(communeClaim{Commune: name}, today)
	}
	return hinted, nil
}

// middleOf is a point of the communes that a hint names, or nil.
func (u *Units) middleOf(hinted []*AdminUnit) *geo.Point {
	for _, unit := range hinted {
		if p, ok := u.boundaries.Middle(unit.ID); ok {
			return &p
		}
	}
	return nil
}

// matchReading adds the addresses that one reading of the input names.
func (s *Store) matchReading(db *gorm.DB, units *Units, reading geo.Reading, r *Resolution) error {
	var list []*Address
	var err error
	switch reading.Scheme {
	case geo.SchemeCode:
		r.Code, r.HasCode = reading.Code, true
		list, err = s.atCode(db, reading)
	case geo.SchemePlusCode, geo.SchemePosition:
		r.Code, r.HasCode = reading.Code, true
		list, err = currentBetween(db, reading)
	case geo.SchemeVpostcode:
		list, err = s.atVpostcode(db, units, reading)
	default:
		list, err = scanAddresses(db.Raw(selectAddress+`WHERE a.id IN (SELECT DISTINCT address_id FROM identifiers WHERE scheme = ? AND scheme <> 'ref' AND value = ?
			ORDER BY address_id LIMIT ?) ORDER BY a.id`, string(reading.Scheme), reading.Value, maxMatches+1).Rows())
	}
	if err != nil {
		return err
	}
	if len(list) > maxMatches {
		list, r.Truncated = list[:maxMatches], true
	}
	for _, a := range list {
		r.Matches = append(r.Matches, Match{reading.Scheme, a})
	}
	return s.completeSuccessions(db, list)
}

// atCode finds the address of a code; a door without a row of its own stands
// for its units.
func (s *Store) atCode(db *gorm.DB, reading geo.Reading) ([]*Address, error) {
	list, err := scanAddresses(db.Raw(selectAddress+"WHERE a.id = ?", reading.Code.ID()).Rows())
	if err != nil || len(list) > 0 || !reading.Code.IsDoor() {
		return list, err
	}
	return currentBetween(db, reading)
}

// currentBetween reads the current addresses that a reading covers, one more
// than are listed. They are cut off before identifiers make several rows of one.
func currentBetween(db *gorm.DB, reading geo.Reading) ([]*Address, error) {
	return scanAddresses(db.Raw(selectAddress+`WHERE a.id IN (SELECT c.id FROM addresses c
		WHERE c.id BETWEEN ? AND ? AND c.status = 'current' ORDER BY c.id LIMIT ?) ORDER BY a.id`,
		reading.Lo.ID(), reading.Hi.ID(), maxMatches+1).Rows())
}

// atVpostcode finds the addresses whose code ends in the seven symbols and
// whose present or former commune had the postcode in any period.
func (s *Store) atVpostcode(db *gorm.DB, units *Units, reading geo.Reading) ([]*Address, error) {
	communes := units.byPostcode[reading.Postcode]
	if len(communes) == 0 {
		return nil, nil
	}
	doors, err := geo.CodesEndingIn(reading.Seven)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(doors))
	for i, d := range doors {
		ids[i] = d.ID()
	}
	list, err := scanAddresses(db.Raw(s.dialect.selectListed("bigint")+
		"WHERE a.id BETWEEN d.value AND d.value + 8191 ORDER BY a.id", s.dialect.bind(ids)).Rows())
	return slices.DeleteFunc(list, func(a *Address) bool { return !communes[a.CommuneID] && !communes[a.FormerCommuneID] }), err
}

// propose fills in what an input without a match may have meant.
func (s *Store) propose(db *gorm.DB, hinted []*AdminUnit, near *geo.Point, r *Resolution) error {
	if r.Problem == nil && r.Readings.All[0].Scheme == geo.SchemePosition {
		r.Problem = notFound("q", "code-not-found", "Nothing is registered at this point.", "Chưa có địa chỉ nào đăng ký tại điểm này.")
	}
	if r.Problem == nil {
		r.Problem = notFound("q", "code-not-found", "It is well formed, but nothing is registered under it.",
			"Mã đúng cấu trúc nhưng chưa có địa chỉ nào mang mã này.")
	}
	if err := s.proposeRepairs(db, r); err != nil {
		return err
	}
	if err := s.proposeAround(db, r); err != nil {
		return err
	}
	rankCandidates(r.Candidates, hinted, near)
	return nil
}

// proposeRepairs keeps, of the codes one slip away, those that are registered.
func (s *Store) proposeRepairs(db *gorm.DB, r *Resolution) error {
	repairs := geo.Repairs(r.Readings.Symbols)
	if len(repairs) == 0 {
		return nil
	}
	ids := make([]int64, len(repairs))
	for i, repair := range repairs {
		ids[i] = repair.Code.ID()
	}
	list, err := s.byIDs(db, ids)
	if err != nil {
		return err
	}
	for _, repair := range repairs {
		for _, a := range list {
			if a.Code == repair.Code {
				r.Candidates = append(r.Candidates, Candidate{repair, -1, a})
			}
		}
	}
	return nil
}

// proposeAround offers the door of a unit that is not registered, and what
// stands within 50 m of a point that nobody stands on.
func (s *Store) proposeAround(db *gorm.DB, r *Resolution) error {
	if len(r.Readings.All) == 0 {
		return nil
	}
	reading := r.Readings.All[0]
	switch {
	case reading.Scheme == geo.SchemeCode && !reading.Code.IsDoor():
		list, err := scanAddresses(db.Raw(selectAddress+"WHERE a.id = ?", reading.Code.Door().ID()).Rows())
		for _, a := range list {
			r.Candidates = append(r.Candidates, Candidate{geo.Repair{Code: a.Code, Op: geo.OpDoor, Position: geo.DoorLength + 1}, -1, a})
		}
		return errors.Join(err, s.completeSuccessions(db, list))
	case reading.Scheme == geo.SchemePosition:
		list, err := s.nearest(db, reading.Point, NearFilter{Limit: 5, RadiusM: nearbyMeters})
		for _, n := range list {
			r.Candidates = append(r.Candidates, Candidate{geo.Repair{Code: n.Address.Code}, n.DistanceM, n.Address})
		}
		return err
	}
	return nil
}

// rankCandidates puts those in the hinted commune first, then those that mend
// a look-alike, then the nearest to the hint, then the order of the repairs.
func rankCandidates(list []Candidate, communes []*AdminUnit, near *geo.Point) {
	inCommune := func(c Candidate) bool {
		return slices.ContainsFunc(communes, func(u *AdminUnit) bool { return u.ID == c.Address.CommuneID || u.ID == c.Address.FormerCommuneID })
	}
	for i := range list {
		if near != nil && list[i].DistanceM < 0 {
			list[i].DistanceM = geo.Distance(*near, list[i].Address.Point)
		}
	}
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return compareBools(
			[2]bool{inCommune(a), inCommune(b)},
			[2]bool{a.Repair.LookAlike, b.Repair.LookAlike},
			[2]bool{a.DistanceM < b.DistanceM, b.DistanceM < a.DistanceM})
	})
}

// compareBools orders by the first pair that differs, true first.
func compareBools(pairs ...[2]bool) int {
	for _, p := range pairs {
		if p[0] != p[1] {
			if p[0] {
				return -1
			}
			return 1
		}
	}
	return 0
}

package models

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// Violation is a place where a database breaks an invariant of the registry.
type Violation struct {
	Rule    string // stable, e.g. "too-far-from-anchor"
	Subject string // the code of an address or unit; empty: the database as a whole
	Detail  string // what is wrong, a sentence
}

// String writes the violation on one line.
func (v Violation) String() string {
	if v.Subject == "" {
		return v.Rule + ": " + v.Detail
	}
	return v.Subject + ": " + v.Rule + ": " + v.Detail
}

// maxOfRule is how many violations of one rule Check lists before it only
// counts them, so that a ruined database can't fill the memory.
const maxOfRule = 100

// progressRows is how many rows Check reads between two words of progress.
const progressRows = 10_000

// Check proves the invariants of a database and answers where they are
// broken: none when all is well. It reads one consistent snapshot, some
// hundred thousand rows a second, in memory that only grows with the places
// that are counted. progress is told how many rows of addresses and changes are done,
// of how many; nil: nobody.
func (s *Store) Check(ctx context.Context, progress func(done, total int)) ([]Violation, error) {
	var found []Violation
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		found, err = s.check(tx, progress)
		return err
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", s.translate(err))
	}
	return found, nil
}

// check is Check inside a transaction.
func (s *Store) check(tx *gorm.DB, progress func(done, total int)) ([]Violation, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	c := &checker{s: s, tx: tx, progress: progress, of: map[string]int{}, counts: newCounts()}
	if err := c.run(); err != nil {
		return nil, err
	}
	c.countTheRest()
	return c.found, nil
}

// checker is one run of Check.
type checker struct {
	s           *Store
	tx          *gorm.DB
	progress    func(done, total int)
	done, total int
	found       []Violation
	rules       []string       // in the order in which they were first broken
	of          map[string]int // violations of each rule
	counts      counts
}

func (c *checker) run() error {
	err := first(c.tx.Raw("SELECT (SELECT count(*) FROM addresses) + (SELECT count(*) FROM changes)")).Scan(&c.total)
	if err != nil {
		return err
	}
	if err := c.checkAddresses(); err != nil {
		return err
	}
	if err := c.checkCounts(); err != nil {
		return err
	}
	if err := c.checkVersions(); err != nil {
		return err
	}
	for _, q := range append(checkQuestions[:], c.s.dialect.checks...) {
		if err := c.ask(q); err != nil {
			return fmt.Errorf("%s: %w", q.rule, err)
		}
	}
	c.progress(c.done, c.total)
	return nil
}

func (c *checker) violation(rule, subject, format string, args ...any) {
	if c.of[rule] == 0 {
		c.rules = append(c.rules, rule)
	}
	if c.of[rule]++; c.of[rule] <= maxOfRule {
		c.found = append(c.found, Violation{rule, subject, fmt.Sprintf(format, args...)})
	}
}

// countTheRest says of each rule how many violations were not listed.
func (c *checker) countTheRest() {
	for _, rule := range c.rules {
		if more := c.of[rule] - maxOfRule; more > 0 {
			c.found = append(c.found, Violation{rule, "", fmt.Sprintf("%d more of these are not listed.", more)})
		}
	}
}

func (c *checker) step() {
	if c.done++; c.done%progressRows == 0 {
		c.progress(c.done, c.total)
	}
}

// checkAddresses proves what one row says about itself.
func (c *checker) checkAddresses() error {
	units, err := c.s.readUnits(c.tx)
	if err != nil {
		return err
	}
	rows, err := c.tx.Raw(`SELECT id, code, kind, status, verification, name, unit_label, building, house_number, alley, street, group_name, hamlet,
		commune_id, COALESCE(former_commune_id, 0), lng, lat, COALESCE(accuracy_m, 0), valid_from, door_key, unit_key, name_key
		FROM addresses ORDER BY id`).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a Address
		var id int64
		var code, doorKey, unitKey, nameKey string
		p := &a.Parts
		err := rows.Scan(&id, &code, &a.Kind, &a.Status, &a.Verification, &a.Name, &p.UnitLabel, &p.Building, &p.HouseNumber, &p.Alley, &p.Street, &p.Group, &p.Hamlet,
			&a.CommuneID, &a.FormerCommuneID, &a.Point.Lng, &a.Point.Lat, &a.AccuracyM, &a.ValidFrom, &doorKey, &unitKey, &nameKey)
		if err != nil {
			return err
		}
		c.step()
		a.Code = geo.Code(id)
		c.counts.add(&a, 1)
		c.checkCode(&a, code)
		c.checkCommune(&a, units)
		if doorKey != p.doorKey() || unitKey != text.Fold(p.UnitLabel) || nameKey != text.Fold(a.Name) {
			c.violation("folded-keys", a.Code.String(), "The folded keys for search are not those of its texts.")
		}
	}
	return rows.Err()
}

// checkCode proves that a row's code is one and belongs to its place.
func (c *checker) checkCode(a *Address, written string) {
	if !a.Code.Valid() {
		c.violation("invalid-code", a.Code.String(), "Its id %d is no code.", a.Code.ID())
		return
	}
	if written != a.Code.String() {
		c.violation("code-text", a.Code.String(), "The column code says %q.", written)
	}
	if far := a.drift(); a.Status == StatusCurrent && far > maxDrift {
		c.violation("too-far-from-anchor", a.Code.String(), "Its position is %.0f m from its anchor; at most %d m are allowed.", far, maxDrift)
	}
}

// checkCommune proves that the point bears its commune out, where there is a
// boundary; addresses registered before it was loaded were believed.
func (c *checker) checkCommune(a *Address, units *Units) {
	commune := units.byID[a.CommuneID]
	if a.Status != StatusCurrent || commune == nil || !commune.HasBoundary {
		return
	}
	if far := units.boundaries.DistanceTo(commune.ID, a.Point); far > max(a.AccuracyM, nearbyMeters) {
		c.violation("outside-commune", a.Code.String(), "Its position is %.0f m outside %s (%s).", far, commune.FullName, commune.Code)
	}
}

// checkVersions proves that the change log tells the whole life of every
// address: an insert first, then versions without a gap up to the present one.
func (c *checker) checkVersions() error {
	rows, err := c.tx.Raw(`SELECT a.id, a.version, c.version, c.op FROM addresses a
		LEFT JOIN changes c ON c.address_id = a.id ORDER BY a.id, c.seq`).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	life := lifeOf{id: -1}
	for rows.Next() {
		var id, present int64
		var version sql.NullInt64
		var op sql.NullString
		if err := rows.Scan(&id, &present, &version, &op); err != nil {
			return err
		}
		if id != life.id {
			life.end(c)
			life = lifeOf{id: id, present: present}
		}
		if version.Valid {
			c.step()
			life.add(c, version.Int64, op.String)
		}
	}
	life.end(c)
	return rows.Err()
}

// lifeOf follows one address through the change log.
type lifeOf struct {
	id, present, last int64
	gap               bool
}

func (l *lifeOf) add(c *checker, version int64, op string) {
	if l.last == 0 && op != "insert" {
		c.violation("no-insert", geo.Code(l.id).String(), "Its first change is %q; every address begins with an insert.", op)
	}
	if version != l.last+1 && !l.gap {
		l.gap = true
		c.violation("version-gap", geo.Code(l.id).String(), "In the change log version %d follows %d.", version, l.last)
	}
	l.last = version
}

func (l *lifeOf) end(c *checker) {
	switch {
	case l.id < 0:
	case l.last == 0:
		c.violation("no-insert", geo.Code(l.id).String(), "The change log knows nothing of it.")
	case l.last != l.present:
		c.violation("version-differs", geo.Code(l.id).String(), "It has version %d, the change log ends with %d.", l.present, l.last)
	}
}

// ask runs a question whose every row is a violation.
func (c *checker) ask(q checkQuestion) error {
	var args []any
	if q.onToday {
		args = append(args, c.s.Today(), c.s.Today())
	}
	rows, err := c.tx.Raw(q.sql, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id sql.NullInt64
		var subject, detail string
		if err := rows.Scan(&id, &subject, &detail); err != nil {
			return err
		}
		if id.Valid {
			subject = geo.Code(id.Int64).String()
		}
		c.violation(q.rule, subject, q.sentence, detail)
	}
	return rows.Err()
}

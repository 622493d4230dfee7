package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
	"diachiso/geo/text"
)

// What a report may claim. Only its owner asks for the retirement of an address.
const (
	ClaimWrongPlace = "wrong_place"
	ClaimGone       = "gone"
	ClaimDuplicate  = "duplicate"
	ClaimRetirement = "retirement"
)

// Claims lists them.
var Claims = [...]string{ClaimWrongPlace, ClaimGone, ClaimDuplicate, ClaimRetirement}

// Statuses of a report.
const (
	ReportOpen      = "open"
	ReportAccepted  = "accepted"
	ReportDismissed = "dismissed"
)

const (
	maxReportNote = 500
	noteMonths    = 12 // how long what was written is kept after the decision

	// How many reports of one claim about one address are open at most: enough
	// for what is said differently, too few to bury a claim. Claims don't count
	// for each other, so that a flood of one silences no other.
	maxOpenReports      = 5
	maxOpenKnownReports = 20 // by the owner and by whoever has a key or is signed in
)

// Report is what somebody says is wrong with an address. Nobody knows who said
// it; the note is for officers alone.
type Report struct {
	Number    string
	Code      geo.Code
	Claim     string
	Note      string
	Point     *geo.Point // where it is said to be; nil: not said
	Other     *geo.Code  // the address it is said to repeat; nil: none
	Status    string
	Version   int64
	CreatedAt time.Time
	DecidedAt time.Time
	DecidedBy string
	Reason    string // of the decision

	id        int64
	communeID int64 // of the address
}

// Report files what somebody says about an address, for its officers. Where
// the very same is said already and still open, that report is the answer and
// new is false. A claim that was made too often already is a Conflict.
func (s *Store) Report(ctx context.Context, by Caller, r Report) (filed *Report, isNew bool, err error) {
	if errs := r.check(); len(errs) > 0 {
		return nil, false, errs
	}
	if err := r.mayBeFiled(by); err != nil {
		return nil, false, err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.checkReported(tx, &r); err != nil {
			return err
		}
		filed, err = sameReport(tx, &r)
		if isNew = errors.Is(err, sql.ErrNoRows); !isNew {
			return err
		}
		if err := r.refuseFlood(tx, by); err != nil {
			return err
		}
		filed = &r
		return s.insertReport(tx, &r)
	})
	if err != nil {
		return nil, false, fmt.Errorf("file a report: %w", err)
	}
	return filed, isNew, nil
}

// check reports everything wrong with a report that can be told without the
// registry.
func (r *Report) check() Errors {
	var errs Errors
	note, err := text.Clean(oneLine(r.Note), maxReportNote)
	r.Note = note
	for _, e := range []*Error{oneOf("claim", r.Claim, Claims[:]), textError("note", err), r.checkOther()} {
		if e != nil {
			errs = append(errs, e)
		}
	}
	return errs
}

func (r *Report) checkOther() *Error {
	switch {
	case r.Claim == ClaimDuplicate && r.Other == nil:
		return invalid("other", "required", "Name the code of the address that this one repeats.", "Hãy nêu mã của địa chỉ bị trùng.")
	case r.Claim != ClaimDuplicate && r.Other != nil:
		return invalid("other", "only-for-duplicates", "Only a duplicate names another code.", "Chỉ báo trùng lặp mới nêu mã khác.")
	case r.Other != nil && *r.Other == r.Code:
		return invalid("other", "itself", "An address can't repeat itself: name the other code.", "Địa chỉ không thể trùng với chính nó: hãy nêu mã còn lại.")
	}
	return nil
}

// mayBeFiled keeps requests for retirement to the owner.
func (r *Report) mayBeFiled(by Caller) error {
	if r.Claim != ClaimRetirement || by.owns(r.Code) {
		return nil
	}
	return NewError(Forbidden, "claim", "owner-only", "Only its owner, with the owner token, asks for the retirement of an address; report it as gone.",
		"Chỉ chủ sở hữu, bằng mã chủ sở hữu, mới đề nghị ngừng sử dụng địa chỉ; hãy báo là không còn (gone).")
}

// checkReported proves that there is something to report, and holds the
// address: others who report it wait, and it does not move meanwhile.
func (s *Store) checkReported(tx *gorm.DB, r *Report) error {
	var statuses []string
	if err := tx.Raw("SELECT a.status FROM addresses a WHERE a.id = ? "+s.dialect.lockRows, r.Code.ID()).Scan(&statuses).Error; err != nil {
		return err
	}
	if len(statuses) == 0 {
		return codeNotFound(r.Code)
	}
	if statuses[0] == StatusRetired {
		return conflict("", "retired", "The address %s is retired already: there is nothing more to report.",
			"Địa chỉ %s đã ngừng sử dụng: không còn gì để báo.", r.Code)
	}
	if r.Other == nil {
		return nil
	}
	var others int64
	if err := tx.Raw("SELECT count(*) FROM addresses WHERE id = ?", r.Other.ID()).Scan(&others).Error; err != nil {
		return err
	}
	if others == 0 {
		return invalid("other", "code-not-found", "Nothing is registered under the code %s.", "Chưa có địa chỉ nào mang mã %s.", r.Other.Grouped())
	}
	return nil
}

// refuseFlood refuses a claim that waits for an officer often enough.
func (r *Report) refuseFlood(tx *gorm.DB, by Caller) error {
	most := int64(maxOpenReports)
	if by.owns(r.Code) || by.KeyID != 0 || by.SessionID != 0 {
		most = maxOpenKnownReports
	}
	var open int64
	err := tx.Raw("SELECT count(*) FROM reports WHERE address_id = ? AND claim = ? AND status = 'open'", r.Code.ID(), r.Claim).Scan(&open).Error
	if err != nil || open < most {
		return err
	}
	return conflict("", "reported-already", "This was reported of the address several times already: an officer will look at it.",
		"Địa chỉ này đã được báo như vậy nhiều lần: cán bộ sẽ xem xét.")
}

// insertReport gives a report its number and its row.
func (s *Store) insertReport(tx *gorm.DB, r *Report) error {
	r.Status, r.Version, r.CreatedAt = ReportOpen, 1, s.now()
	var lng, lat, other any
	if r.Point != nil {
		lng, lat = r.Point.Lng, r.Point.Lat
	}
	if r.Other != nil {
		other = r.Other.ID()
	}
	for range maxAttempts { // a number may have been drawn before
		r.Number = newNumber('R')
		done := tx.Exec(`INSERT INTO reports (number, address_id, claim, note, lng, lat, other_id, status, version, created_at, decided_by, reason)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '') ON CONFLICT (number) DO NOTHING`,
			r.Number, r.Code.ID(), r.Claim, r.Note, lng, lat, other, r.Status, r.Version, r.CreatedAt)
		if done.Error != nil || done.RowsAffected > 0 {
			return done.Error
		}
	}
	return errors.New("every number that was drawn is taken")
}

const selectReports = `SELECT r.id, r.number, r.address_id, r.claim, r.note, r.lng, r.lat, r.other_id, r.status, r.version,
	r.created_at, r.decided_at, r.decided_by, r.reason, a.commune_id FROM reports r JOIN addresses a ON a.id = r.address_id `

// sameReport is the open report that says exactly what r does.
func sameReport(tx *gorm.DB, r *Report) (*Report, error) {
	const none = -1 // no code and no position is that
	other, lng, lat := int64(none), int32(none), int32(none)
	if r.Other != nil {
		other = r.Other.ID()
	}
	if r.Point != nil {
		lng, lat = r.Point.Lng, r.Point.Lat
	}
	return readReport(first(tx.Raw(selectReports+`WHERE r.address_id = ? AND r.claim = ? AND r.status = 'open' AND r.note = ?
		AND COALESCE(r.other_id, -1) = ? AND COALESCE(r.lng, -1) = ? AND COALESCE(r.lat, -1) = ? ORDER BY r.id LIMIT 1`,
		r.Code.ID(), r.Claim, r.Note, other, lng, lat)))
}

// readReport reads one row of selectReports.
func readReport(row interface{ Scan(...any) error }) (*Report, error) {
	var r Report
	var address int64
	var lng, lat, other sql.NullInt64
	var decided sql.NullTime
	err := row.Scan(&r.id, &r.Number, &address, &r.Claim, &r.Note, &lng, &lat, &other, &r.Status, &r.Version,
		&r.CreatedAt, &decided, &r.DecidedBy, &r.Reason, &r.communeID)
	if err != nil {
		return nil, err
	}
	r.Code, r.CreatedAt, r.DecidedAt = geo.Code(address), r.CreatedAt.UTC(), decided.Time.UTC()
	if lng.Valid {
		r.Point = &geo.Point{Lng: int32(lng.Int64), Lat: int32(lat.Int64)}
	}
	if other.Valid {
		code := geo.Code(other.Int64)
		r.Other = &code
	}
	return &r, nil
}

// ReportOf answers a report to the officers of its commune and to admins, and a
// request for retirement to the owner, without who decided about it; to
// everybody else there is none.
func (s *Store) ReportOf(ctx context.Context, number string, by Caller) (*Report, error) {
	r, err := findReport(s.read.WithContext(ctx), number, by.seesReport)
	if err != nil {
		return nil, fmt.Errorf("read a report: %w", s.translate(err))
	}
	if by.Role == RoleOwner {
		r.DecidedBy = ""
	}
	return r, nil
}

// seesReport reports whether a report exists for a caller: an owner sees the
// own requests, which nobody else can make.
func (c Caller) seesReport(r *Report) bool {
	return c.decides(r) || r.Claim == ClaimRetirement && c.owns(r.Code)
}

func (c Caller) decides(r *Report) bool { return c.scopeOf().holds(r.communeID) }

func findReport(db *gorm.DB, number string, sees func(*Report) bool) (*Report, error) {
	hidden := notFound("", "report-not-found", "There is no report with this number that you may see: officers see those of their communes.",
		"Không có báo cáo mang số này mà bạn được xem: cán bộ chỉ xem trong địa bàn của mình.")
	number, ok := parseNumber('R', number)
	if !ok {
		return nil, hidden
	}
	r, err := readReport(first(db.Raw(selectReports+"WHERE r.number = ?", number)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !sees(r) {
		return nil, hidden
	}
	return r, err
}

// DecideReport closes a report, one of whose versions (nil: any) was read. To
// accept it changes nothing about the address: that is done by the calls for it.
func (s *Store) DecideReport(ctx context.Context, number string, by Caller, versions []int64, status, reason string) (r *Report, err error) {
	reason, unclean := text.Clean(oneLine(reason), maxReportNote)
	if e := textError("reason", unclean); e != nil {
		return nil, e
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if r, err = findReport(tx, number, by.decides); err != nil {
			return err
		}
		if err := r.isOpen(versions); err != nil {
			return err
		}
		r.Status, r.DecidedAt, r.DecidedBy, r.Reason, r.Version = status, s.now(), by.Name, reason, r.Version+1
		done := tx.Exec("UPDATE reports SET status = ?, decided_at = ?, decided_by = ?, reason = ?, version = ? WHERE id = ? AND version = ?",
			r.Status, r.DecidedAt, r.DecidedBy, r.Reason, r.Version, r.id, r.Version-1)
		if done.Error == nil && done.RowsAffected == 0 {
			return staleReport()
		}
		return done.Error
	})
	if err != nil {
		return nil, fmt.Errorf("decide a report: %w", err)
	}
	return r, nil
}

func (r *Report) isOpen(versions []int64) error {
	switch {
	case versions != nil && !slices.Contains(versions, r.Version):
		return staleReport()
	case r.Status != ReportOpen:
		return conflict("", "report-closed", "The report was %s already.", "Báo cáo này đã được xử lý (%s).", r.Status)
	}
	return nil
}

func staleReport() *Error {
	return NewError(Stale, "", "stale", "The report was changed by somebody else meanwhile: read it again.",
		"Báo cáo vừa được người khác thay đổi: hãy đọc lại.")
}

// forgetNotes empties what was written in reports, and in the decisions about
// them, twelve months after these.
func (s *Store) forgetNotes(ctx context.Context) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE reports SET note = '', reason = '', version = version + 1 WHERE decided_at <= ? AND note || reason <> ''",
			s.now().AddDate(0, -noteMonths, 0)).Error
	})
	if err != nil {
		return fmt.Errorf("forget the notes of reports: %w", err)
	}
	return nil
}

package models

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Reasons why an address is retired, as in the database and in JSON. They are
// public, so the list is closed.
const (
	ReasonGone      = "gone"      // nothing stands there any more
	ReasonDuplicate = "duplicate" // of its successor
	ReasonMerged    = "merged"    // with others into its successor
	ReasonDivided   = "divided"   // into its successors
	ReasonMistake   = "mistake"   // it should not have been registered
	ReasonMoved     = "moved"     // to its successor; only Amend says so
)

// RetireReasons lists the reasons that somebody can give.
var RetireReasons = [...]string{ReasonGone, ReasonDuplicate, ReasonMerged, ReasonDivided, ReasonMistake}

// RaisedLevels lists the levels of verification that Verify gives, in rising order.
var RaisedLevels = [...]string{VerificationField, VerificationCertified}

// Edit says which address is to be changed, in which versions that may be, and
// by whom.
type Edit struct {
	Code     geo.Code
	Versions []int64 // those that the caller has read; nil: any
	Caller   Caller

	byOwner bool // the owner of the address may do it too
}

// Verify raises how far an address is vouched for; it never sinks.
func (s *Store) Verify(ctx context.Context, e Edit, level string) (*Address, error) {
	if err := oneOf("level", level, RaisedLevels[:]); err != nil {
		return nil, err
	}
	return s.revise(ctx, e, nil, func(r *revision, a *Address) (geo.Code, error) {
		if err := r.refuseRetired(a); err != nil {
			return 0, err
		}
		if slices.Index(Verifications[:], level) <= slices.Index(Verifications[:], a.Verification) {
			return 0, conflict("level", "not-higher", "The address %[1]s is verified as %[2]s already: the level only rises.",
				"Địa chỉ %[1]s đã được xác minh ở mức %[3]s: mức xác minh chỉ được nâng lên.", a.Code, a.Verification, InVietnamese(a.Verification))
		}
		raised := *a
		raised.Verification, raised.VerifiedBy, raised.VerifiedAt = level, r.caller.Name, r.now
		return a.Code, r.write(a, &raised, "verify")
	})
}

// revision is one writing transaction on addresses that are there already.
type revision struct {
	s       *Store
	tx      *gorm.DB
	units   *Units
	caller  Caller
	now     time.Time
	today   Date
	changes []change
}

// revise does work on an address in one transaction: it holds the address and
// others that must not change meanwhile, refuses whoever may not write there
// or decided on an older version, and answers the address of the code that
// work answers.
func (s *Store) revise(ctx context.Context, e Edit, others []geo.Code, work func(*revision, *Address) (geo.Code, error)) (*Address, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	var result *Address
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		r := &revision{s: s, tx: tx, units: units, caller: e.Caller, today: s.Today()}
		a, err := r.open(e, others)
		if err != nil {
			return err
		}
		code, err := work(r, a)
		if err != nil {
			return err
		}
		if err := s.appendChanges(tx, r.changes); err != nil {
			return err
		}
		result, err = s.addressIn(tx, code)
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// open holds the address of an edit.
func (r *revision) open(e Edit, others []geo.Code) (*Address, error) {
	held, err := r.hold(append(slices.Clone(others), e.Code))
	if err != nil {
		return nil, err
	}
	a := held[e.Code]
	if a == nil {
		return nil, codeNotFound(e.Code)
	}
	switch {
	case e.byOwner && e.Caller.owns(a.Code):
	case e.Caller.Role == RoleOwner && !e.Caller.owns(a.Code):
		return nil, e.Caller.notTheOwner(a)
	default:
		if err := r.checkScope(a.CommuneID); err != nil {
			return nil, err
		}
	}
	if e.Versions != nil && !slices.Contains(e.Versions, a.Version) {
		return nil, stale(a.Code)
	}
	// Read after others were waited for, so that its versions stay in order.
	if r.now = r.s.now(); r.now.Before(a.UpdatedAt) {
		r.now = a.UpdatedAt
	}
	return a, nil
}

// checkScope refuses a commune that the caller may not write in.
func (r *revision) checkScope(communeID int64) error {
	return r.caller.scopeOf().check(r.units, communeID)
}

// hold locks addresses until the transaction ends and reads them; those that
// are not there are left out.
func (r *revision) hold(codes []geo.Code) (map[geo.Code]*Address, error) {
	ids := make([]int64, len(codes))
	for i, code := range codes {
		ids[i] = code.ID()
	}
	slices.Sort(ids) // all writers lock in one order
	ids = slices.Compact(ids)
	if r.s.dialect.lockRows != "" {
		err := r.tx.Exec("SELECT a.id FROM addresses a WHERE a.id = ANY(?) ORDER BY a.id "+r.s.dialect.lockRows, r.s.dialect.bind(ids)).Error
		if err != nil {
			return nil, err
		}
	}
	list, err := r.s.byIDs(r.tx, ids)
	held := make(map[geo.Code]*Address, len(list))
	for _, a := range list {
		held[a.Code] = a
	}
	return held, err
}

// refuseRetired refuses to change what is no longer in use.
func (r *revision) refuseRetired(a *Address) error {
	if a.Status == StatusCurrent {
		return nil
	}
	if len(a.Successors) > 0 {
		list := listCodes(a.Successors)
		return conflict("", "retired", "The address %s is retired: its successors are %s.", "Địa chỉ %s đã ngừng dùng; mã kế tiếp là %s.", a.Code, list)
	}
	return conflict("", "retired", "The address %s is retired: restore it first.", "Địa chỉ %s đã ngừng dùng: hãy khôi phục trước.", a.Code)
}

func listCodes(codes []geo.Code) string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = code.String()
	}
	return strings.Join(texts, ", ")
}

// write makes a new version of an address and remembers its change.
func (r *revision) write(old, new *Address, op string) error {
	new.Version, new.UpdatedAt = old.Version+1, r.now
	before, err := changedFields(old.state(), new.state())
	if err != nil {
		return err
	}
	if err := r.s.updateRow(r.tx, new); err != nil {
		return err
	}
	c := change{at: r.now, op: op, code: new.Code, version: new.Version, actor: r.caller.Name, reason: new.Reason, before: before, was: old, address: new}
	if was := old.shownName(); was != new.shownName() {
		c.hides = was
	}
	r.changes = append(r.changes, c)
	return nil
}

// shownName is the public name by which searching finds a current address.
func (a *Address) shownName() string {
	if a.Status != StatusCurrent {
		return ""
	}
	return a.publicName()
}

// refuseDuplicate refuses what makes an address look like another current one
// that it did not look like before (nil: it was not there).
func (r *revision) refuseDuplicate(old, new *Address) error {
	d := &draft{Registration: Registration{Point: new.Point}, address: new}
	alike, err := r.s.alike(r.tx, []*draft{d})
	if err != nil {
		return err
	}
	var candidates []PublicAddress
	for _, a := range alike[d] {
		if r.caller.Role == RoleOwner {
			a = a.shown() // who may not know a name must not find it by trying
		}
		if a.Code != new.Code && new.repeats(a) && (old == nil || !old.repeats(a)) {
			candidates = append(candidates, r.units.Public(a, r.today))
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	refusal := conflict("", "duplicate",
		"It would look like %s, which is registered already: retire one of the two, or say that they are different objects (confirm_distinct).",
		"Sẽ trùng với %s đã đăng ký: hãy ngừng dùng một trong hai mã, hoặc xác nhận đây là hai đối tượng khác nhau (confirm_distinct).", candidates[0].Code)
	refusal.Candidates = candidates
	return refusal
}

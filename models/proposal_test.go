package models_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// desk is a registry with officers of two communes and a clock.
type desk struct {
	*models.Store
	database storetest.Database
	clock    *clock
	own, far models.Caller // officers of Thủ Dầu Một and of Tân Uyên
	admin    models.Caller
}

// clock is a clock that tests turn.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(d)
}

func eachDesk(t *testing.T, run func(t *testing.T, d *desk)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		d := &desk{database: db, clock: &clock{at: time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)}}
		d.Store = db.Open(t, storetest.Options{Boundaries: true, Now: d.clock.now})
		d.own = d.caller(t, models.RoleOfficer, "25747")
		d.far = d.caller(t, models.RoleOfficer, "25920")
		d.admin = d.caller(t, models.RoleAdmin)
		run(t, d)
	})
}

// caller makes a key and answers whom it stands for.
func (d *desk) caller(t *testing.T, role string, communes ...string) models.Caller {
	t.Helper()
	key, _, err := d.CreateKey(t.Context(), models.KeyRequest{Name: "desk " + role, Role: role, Communes: communes})
	if err != nil {
		t.Fatal(err)
	}
	return d.holder(t, key)
}

// holder is whom a key or an owner token stands for.
func (d *desk) holder(t *testing.T, secret string) models.Caller {
	t.Helper()
	caller, err := d.Authenticate(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// propose proposes with a contact and answers the proposal and its owner.
func (d *desk) propose(t *testing.T, r models.Registration) (*models.Proposal, models.Caller) {
	t.Helper()
	r.Contact = &models.Contact{Name: "Lê Thị Bưởi", Phone: "0900 000 123", Consent: true}
	if errs := r.Check(); len(errs) > 0 {
		t.Fatal(errs)
	}
	p, token, err := d.Propose(t.Context(), r)
	if err != nil {
		t.Fatalf("propose %+v: %v", r.Parts, err)
	}
	return p, d.holder(t, token)
}

// rows counts rows of the tables that a proposal must not write.
func (d *desk) rows(t *testing.T) int {
	t.Helper()
	return d.database.Count(t, "SELECT (SELECT count(*) FROM addresses) + (SELECT count(*) FROM changes) + (SELECT count(*) FROM terms) + (SELECT count(*) FROM identifiers)")
}

func (d *desk) contacts(t *testing.T) int {
	t.Helper()
	return d.database.Count(t, "SELECT count(*) FROM contacts")
}

// wantRefused fails unless an error has a code; empty: there is no error.
func wantRefused(t *testing.T, what string, err error, code string) {
	t.Helper()
	e, _ := errors.AsType[*models.Error](err)
	if e == nil {
		e = &models.Error{}
	}
	if e.Code != code || (err == nil) != (code == "") {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func TestProposalBecomesAnAddress(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		before := d.rows(t)
		p, owner := d.propose(t, storetest.House(1))
		want, _ := geo.Encode(storetest.House(1).Point)
		if p.Expected != want || p.Status != models.ProposalProposed || p.Version != 1 {
			t.Errorf("proposed %+v, want the code %s", p, want)
		}
		if after := d.rows(t); after != before {
			t.Errorf("a proposal wrote %d rows of addresses, terms, changes or identifiers", after-before)
		}
		wantRefused(t, "the code before it is issued", second(d.Address(t.Context(), p.Expected)), "code-not-found")

		a, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Versions: []int64{1}, Level: "field"})
		if err != nil {
			t.Fatal(err)
		}
		if a.Code != want || a.Verification != "field" || a.VerifiedBy != d.own.Name {
			t.Errorf("verified as %+v, want the code %s", a, want)
		}
		again := d.holder(t, tokenOf(t, d, owner))
		if again.Owns == nil || *again.Owns != a.Code {
			t.Errorf("the owner token stands for %v, want %s", again.Owns, a.Code)
		}
		seen, err := d.Proposal(t.Context(), owner, p.Number)
		if err != nil || seen.Status != models.ProposalVerified || seen.Address == nil || *seen.Address != a.Code {
			t.Errorf("the owner sees %+v, %v", seen, err)
		}
		if n := d.database.Count(t, "SELECT count(*) FROM contacts WHERE address_id = ? AND proposal_id IS NULL", a.Code.ID()); n != 1 {
			t.Errorf("the address has %d contacts, want 1", n)
		}
		wantNoViolations(t, d)
	})
}

// tokenOf rotates the token of an owner, whose text nothing else can tell.
func tokenOf(t *testing.T, d *desk, owner models.Caller) string {
	t.Helper()
	h, err := d.Holdings(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.RotateProposalToken(t.Context(), owner, h.Proposal.Number)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func wantNoViolations(t *testing.T, d *desk) {
	t.Helper()
	found, err := d.Check(t.Context(), nil)
	if err != nil || len(found) > 0 {
		t.Errorf("the registry has violations: %v, %v", found, err)
	}
}

// Everybody who must not know of a proposal is told that there is none.
func TestProposalIsSeenByStrangers(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		p, owner := d.propose(t, storetest.House(1))
		_, other := d.propose(t, storetest.House(2))
		typed := strings.ToLower(p.Number[:4] + " " + p.Number[4:])
		for _, c := range []struct {
			name   string
			caller models.Caller
			number string
			code   string
		}{
			{"the owner", owner, p.Number, ""},
			{"the owner, as it was typed", owner, typed, ""},
			{"the officer", d.own, p.Number, ""},
			{"an admin", d.admin, p.Number, ""},
			{"a stranger", models.Caller{}, p.Number, "proposal-not-found"},
			{"a courier", d.caller(t, models.RoleCourier), p.Number, "proposal-not-found"},
			{"another owner", other, p.Number, "proposal-not-found"},
			{"a foreign officer", d.far, p.Number, "proposal-not-found"},
			{"an admin, a number that is none", d.admin, "P" + strings.Repeat("2", 10), "proposal-not-found"},
			{"an admin, an id", d.admin, "1", "proposal-not-found"},
		} {
			t.Run(c.name, func(t *testing.T) {
				wantRefused(t, "read", second(d.Proposal(t.Context(), c.caller, c.number)), c.code)
			})
		}
		for _, c := range []struct {
			name string
			err  error
			code string
		}{
			{"a foreign officer verifies", second(d.VerifyProposal(t.Context(), d.far, p.Number, models.Decision{})), "proposal-not-found"},
			{"a foreign officer rejects", second(d.RejectProposal(t.Context(), d.far, p.Number, models.Decision{Reason: "no"})), "proposal-not-found"},
			{"an owner verifies", second(d.VerifyProposal(t.Context(), owner, p.Number, models.Decision{})), "officers-only"},
			{"another owner withdraws", second(d.WithdrawProposal(t.Context(), other, p.Number, nil)), "proposal-not-found"},
			{"an officer withdraws", second(d.WithdrawProposal(t.Context(), d.own, p.Number, nil)), "owners-only"},
			{"another owner rotates", second(d.RotateProposalToken(t.Context(), other, p.Number)), "proposal-not-found"},
			{"an officer rotates", second(d.RotateProposalToken(t.Context(), d.admin, p.Number)), "owners-only"},
			{"an officer moves it to another commune", second(d.CorrectProposal(t.Context(), d.own, p.Number, nil, storetest.Farm("Vườn"))), "outside-communes"},
			{"rejected without a reason", second(d.RejectProposal(t.Context(), d.own, p.Number, models.Decision{Reason: " "})), "required"},
			{"rejected at length", second(d.RejectProposal(t.Context(), d.own, p.Number, models.Decision{Reason: strings.Repeat("x", 501)})), "text-too-long"},
			{"verified beyond measure", second(d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Level: "imported"})), "unknown-value"},
			{"a version nobody read", second(d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Versions: []int64{7, 8}})), "stale"},
		} {
			wantRefused(t, c.name, c.err, c.code)
		}
		if seen, err := d.Proposal(t.Context(), owner, p.Number); err != nil || seen.Status != models.ProposalProposed || seen.Version != 1 {
			t.Errorf("what was refused left %+v, %v", seen, err)
		}
	})
}

// A proposal ends once, and with it what is of a person.
func TestEndedProposalKeepsPersonalData(t *testing.T) {
	private := storetest.Farm("Vườn nhà Lê Thị Bưởi")
	private.NamePublic = nil
	ends := map[string]func(t *testing.T, d *desk, p *models.Proposal, owner models.Caller) error{
		models.ProposalRejected: func(t *testing.T, d *desk, p *models.Proposal, _ models.Caller) error {
			return second(d.RejectProposal(t.Context(), d.far, p.Number, models.Decision{Reason: "Điểm nằm giữa sông.", Versions: []int64{1}}))
		},
		models.ProposalWithdrawn: func(t *testing.T, d *desk, p *models.Proposal, owner models.Caller) error {
			return second(d.WithdrawProposal(t.Context(), owner, p.Number, []int64{1}))
		},
		models.ProposalExpired: func(t *testing.T, d *desk, _ *models.Proposal, _ models.Caller) error {
			d.clock.pass(90 * 24 * time.Hour)
			return errors.Join(d.Housekeep(t.Context()), d.Housekeep(t.Context()))
		},
	}
	eachDesk(t, func(t *testing.T, d *desk) {
		for status, end := range ends {
			t.Run(status, func(t *testing.T) {
				p, owner := d.propose(t, private)
				if err := end(t, d, p, owner); err != nil {
					t.Fatal(err)
				}
				seen, err := d.Proposal(t.Context(), owner, p.Number)
				if err != nil || seen.Status != status || seen.DecidedAt.IsZero() || seen.Asked.Name != "" || seen.Version != 2 {
					t.Errorf("the owner sees %+v, %v", seen, err)
				}
				if n := d.contacts(t); n != 0 {
					t.Errorf("%d contacts are left", n)
				}
				if left := d.database.Count(t, "SELECT count(*) FROM proposals WHERE CAST(registration AS text) LIKE '%Bưởi%'"); left != 0 {
					t.Errorf("%d proposals keep the name", left)
				}
				wantRefused(t, "verify", second(d.VerifyProposal(t.Context(), d.far, p.Number, models.Decision{})), "proposal-closed")
				wantRefused(t, "reject", second(d.RejectProposal(t.Context(), d.far, p.Number, models.Decision{Reason: "x"})), "proposal-closed")
				wantRefused(t, "withdraw", second(d.WithdrawProposal(t.Context(), owner, p.Number, nil)), "proposal-closed")
				wantRefused(t, "correct", second(d.CorrectProposal(t.Context(), owner, p.Number, nil, private)), "proposal-closed")
			})
		}
	})
}

func TestProposalOutlivesItsTime(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		p, owner := d.propose(t, storetest.House(1))
		d.clock.pass(90*24*time.Hour - time.Millisecond)
		if err := d.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if seen, err := d.Proposal(t.Context(), owner, p.Number); err != nil || seen.Status != models.ProposalProposed {
			t.Errorf("a moment before its end the proposal is %+v, %v", seen, err)
		}
		d.clock.pass(time.Millisecond)
		if seen, err := d.Proposal(t.Context(), owner, p.Number); err != nil || seen.Status != models.ProposalExpired || !seen.DecidedAt.Equal(p.ExpiresAt) {
			t.Errorf("before the job the proposal reads as %+v, %v", seen, err)
		}
		wantRefused(t, "verify before the job", second(d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{})), "proposal-closed")
		if page, _, err := d.Reviews(t.Context(), d.own, models.ReviewFilter{Limit: 10}); err != nil || len(page) != 0 {
			t.Errorf("the queue has %d expired proposals, %v", len(page), err)
		}
	})
}

// What is corrected is what is verified.
func TestCorrectProposal(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		p, owner := d.propose(t, storetest.House(1))
		better := storetest.House(1)
		better.Point, better.Parts.Street = storetest.Metres(better.Point, 500, 0), "Đường Yersin"
		corrected, err := d.CorrectProposal(t.Context(), owner, p.Number, []int64{1}, better)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := geo.Encode(better.Point)
		if corrected.Version != 2 || corrected.Expected != want {
			t.Errorf("corrected to %+v, want the code %s", corrected, want)
		}
		wantRefused(t, "an officer who read the first version", second(d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Versions: []int64{1}})), "stale")
		seen, err := d.Proposal(t.Context(), d.own, p.Number)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(corrected.Asked, seen.Asked); diff != "" {
			t.Errorf("corrected and read differ (-corrected +read):\n%s", diff)
		}
		a, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Versions: []int64{2}})
		if err != nil || a.Code != want || a.Parts.Street != "Đường Yersin" || a.Point != better.Point {
			t.Errorf("verified as %+v, %v", a, err)
		}
	})
}

// What is proposed behind a door, or in words of before the reform, is
// verified as that, also when the answer was expected otherwise.
func TestProposalLosesItsMeaning(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(1))
		behind := storetest.House(1)
		behind.Parent, behind.Parts.UnitLabel = &house.Code, "P. 2"
		first, _ := d.propose(t, behind)
		behind.Parts.UnitLabel = "P. 3"
		second, _ := d.propose(t, behind)
		unit, _ := house.Code.WithUnit(1)
		next, _ := house.Code.WithUnit(2)
		if first.Expected != unit || second.Expected != unit {
			t.Errorf("behind %s the codes %s and %s are expected, want %s twice", house.Code, first.Expected, second.Expected, unit)
		}
		for _, c := range []struct {
			number string
			want   geo.Code
		}{{second.Number, unit}, {first.Number, next}} {
			if a, err := d.VerifyProposal(t.Context(), d.own, c.number, models.Decision{}); err != nil || a.Code != c.want {
				t.Errorf("verified as %+v, %v; want %s", a, err, c.want)
			}
		}
		old := storetest.House(5)
		old.Commune, old.AsOf = "Phường Phú Cường", "2025-06-30"
		p, _ := d.propose(t, old)
		a, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{})
		if err != nil || a.FormerCommuneID == 0 {
			t.Errorf("verified as %+v, %v; want a former commune", a, err)
		}
		nowhere := storetest.House(6)
		nowhere.Parent = &p.Expected
		nowhere.Point = storetest.House(5).Point
		if _, _, err := d.Propose(t.Context(), nowhere); err != nil {
			t.Errorf("behind a verified door: %v", err)
		}
		nobody, _ := geo.Encode(storetest.House(60).Point)
		nowhere.Parent, nowhere.Point = &nobody, storetest.House(60).Point
		_, _, err = d.Propose(t.Context(), nowhere)
		wantRefused(t, "behind nobody", err, "unknown-parent")
	})
}

func TestDuplicateIsVerifiedUnasked(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		there := storetest.Register(t, d.Store, storetest.House(1))
		p, _ := d.propose(t, storetest.House(1))
		if !slices.Equal(p.LooksLike, []geo.Code{there.Code}) {
			t.Errorf("the proposer is warned of %v, want %s", p.LooksLike, there.Code)
		}
		_, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{})
		wantRefused(t, "verify", err, "duplicate")
		if e, ok := errors.AsType[*models.Error](err); !ok || len(e.Candidates) != 1 || e.Candidates[0].Code != there.Code {
			t.Errorf("the candidates are %+v", err)
		}
		a, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{ConfirmDistinct: true})
		if err != nil || a.Code != p.Expected || a.Code == there.Code {
			t.Errorf("verified as %+v, %v; expected %s", a, err, p.Expected)
		}
	})
}

// Of many officers who decide at once exactly one wins, and one code is issued.
func TestManyOfficersDecideAtOnce(t *testing.T) {
	const officers = 8
	eachDesk(t, func(t *testing.T, d *desk) {
		p, _ := d.propose(t, storetest.House(1))
		before := d.database.Count(t, "SELECT count(*) FROM addresses")
		errs := make([]error, officers)
		var all sync.WaitGroup
		for i := range officers {
			all.Go(func() {
				if i%2 == 0 {
					_, errs[i] = d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{Versions: []int64{1}, ConfirmDistinct: true})
				} else {
					_, errs[i] = d.RejectProposal(t.Context(), d.admin, p.Number, models.Decision{Versions: []int64{1}, Reason: "Không đúng."})
				}
			})
		}
		all.Wait()
		won := -1
		for i, err := range errs {
			if err == nil && won >= 0 {
				t.Errorf("officers %d and %d both decided", won, i)
			} else if err == nil {
				won = i
			} else if e, ok := errors.AsType[*models.Error](err); !ok || e.Kind != models.Stale {
				t.Errorf("officer %d gets %v, want stale", i, err)
			}
		}
		if won < 0 {
			t.Fatal("nobody decided")
		}
		issued := d.database.Count(t, "SELECT count(*) FROM addresses") - before
		if want := cmp.Or(map[bool]int{true: 1}[won%2 == 0], 0); issued != want {
			t.Errorf("%d codes were issued, want %d", issued, want)
		}
		wantNoViolations(t, d)
	})
}

// Proposals at one point expect one code, and each gets its own.
func TestManyProposalsAreVerifiedAtOnce(t *testing.T) {
	const proposals = 12
	eachDesk(t, func(t *testing.T, d *desk) {
		var numbers []string
		for i := range proposals {
			r := storetest.House(i)
			r.Point = storetest.ThuDauMot
			p, _ := d.propose(t, r)
			numbers = append(numbers, p.Number)
		}
		codes := make([]geo.Code, proposals)
		var all sync.WaitGroup
		for i, number := range numbers {
			all.Go(func() {
				a, err := d.VerifyProposal(t.Context(), d.own, number, models.Decision{Versions: []int64{1}})
				if err != nil {
					t.Errorf("verify: %v", err)
					return
				}
				codes[i] = a.Code
			})
		}
		all.Wait()
		slices.Sort(codes)
		if n := len(slices.Compact(codes)); n != proposals {
			t.Errorf("%d codes for %d proposals", n, proposals)
		}
	})
}

func TestOldTokenOpensSomething(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := storetest.House(1)
		p, first, err := d.Propose(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		rotated, err := d.RotateProposalToken(t.Context(), d.holder(t, first), p.Number)
		if err != nil {
			t.Fatal(err)
		}
		wantDead(t, d, first)
		a, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{})
		if err != nil {
			t.Fatal(err)
		}
		owner := d.holder(t, rotated)
		if owner.Owns == nil || *owner.Owns != a.Code {
			t.Fatalf("the second token stands for %+v", owner)
		}
		third, err := d.RotateAddressToken(t.Context(), owner, a.Code)
		if err != nil {
			t.Fatal(err)
		}
		wantDead(t, d, rotated)
		lost, err := d.RotateAddressToken(t.Context(), d.own, a.Code)
		if err != nil {
			t.Fatal(err)
		}
		wantDead(t, d, third)
		if h, err := d.Holdings(t.Context(), d.holder(t, lost)); err != nil || h.Address == nil || h.Proposal == nil || h.Proposal.Number != p.Number {
			t.Errorf("the last token is for %+v, %v", h, err)
		}
		bare := storetest.Register(t, d.Store, storetest.House(2))
		_, err = d.RotateAddressToken(t.Context(), d.far, bare.Code)
		wantRefused(t, "a foreign officer", err, "outside-communes")
		_, err = d.RotateAddressToken(t.Context(), d.holder(t, lost), bare.Code)
		wantRefused(t, "another owner", err, "not-the-owner")
		if fresh, err := d.RotateAddressToken(t.Context(), d.own, bare.Code); err != nil || *d.holder(t, fresh).Owns != bare.Code {
			t.Errorf("an address without an owner gets %v", err)
		}
	})
}

func wantDead(t *testing.T, d *desk, token string) {
	t.Helper()
	_, err := d.Authenticate(t.Context(), token)
	wantRefused(t, "an old token", err, "bad-token")
}

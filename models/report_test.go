package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestNotesOfReportsAreKeptForGood(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(1))
		file := func(note string) *models.Report {
			t.Helper()
			r, _, err := d.Report(t.Context(), models.Caller{}, models.Report{Code: house.Code, Claim: models.ClaimGone, Note: note})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		open, decided := file("còn chờ"), file("đã xong")
		if _, err := d.DecideReport(t.Context(), decided.Number, d.own, nil, models.ReportDismissed, "vì sao"); err != nil {
			t.Fatal(err)
		}
		decidedAt := d.clock.now()
		for _, c := range []struct {
			at           time.Time
			note, reason string
			version      int64
		}{{decidedAt.AddDate(1, 0, 0).Add(-time.Second), "đã xong", "vì sao", 2}, {decidedAt.AddDate(1, 0, 0), "", "", 3}, {decidedAt.AddDate(2, 0, 0), "", "", 3}} {
			d.clock.pass(c.at.Sub(d.clock.now()))
			if err := d.Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := d.ReportOf(t.Context(), decided.Number, d.own)
			if err != nil || r.Note != c.note || r.Reason != c.reason || r.Version != c.version || r.Status != models.ReportDismissed {
				t.Errorf("at %s: %+v, %v", c.at, r, err)
			}
			if r, err := d.ReportOf(t.Context(), open.Number, d.own); err != nil || r.Note != "còn chờ" {
				t.Errorf("at %s the open report is %+v, %v", c.at, r, err)
			}
		}
	})
}

func TestFloodPassesTheLimitSideBySide(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(1))
		var wait sync.WaitGroup
		for n := range 12 {
			wait.Go(func() {
				_, _, err := d.Report(t.Context(), models.Caller{}, models.Report{Code: house.Code, Claim: models.ClaimGone, Note: fmt.Sprint(n)})
				if code := codeOf(err); code != "" && code != "reported-already" {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := d.database.Count(t, "SELECT count(*) FROM reports"); n != 5 {
			t.Errorf("%d reports are open, want 5", n)
		}
	})
}

// Whoever may not know the name of a neighbour must not find it by trying.
func TestNameIsFoundByTrying(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		secret, hidden := storetest.Farm("Vườn Lê Thị Bưởi"), false
		secret.NamePublic = &hidden
		storetest.Register(t, d.Store, secret)
		shown := storetest.Farm("Vườn mít")
		there := storetest.Register(t, d.Store, shown)
		guess := func(name string) *models.Proposal {
			t.Helper()
			r := storetest.Farm(name)
			r.Point, r.NamePublic = storetest.Metres(secret.Point, 10, 0), &hidden
			p, _ := d.propose(t, r)
			return p
		}
		right, wrong, public := guess("Vườn Lê Thị Bưởi"), guess("Vườn Trần Văn Ổi"), guess("Vườn mít")
		if len(right.LooksLike) != 0 || len(wrong.LooksLike) != 0 || len(public.LooksLike) != 1 || public.LooksLike[0] != there.Code {
			t.Errorf("the right name looks like %v, a wrong one %v, a public one %v", right.LooksLike, wrong.LooksLike, public.LooksLike)
		}
		same := secret
		same.NamePublic = &hidden
		if p, _ := d.propose(t, same); len(p.LooksLike) != 0 {
			t.Errorf("the very same looks like %v", p.LooksLike)
		}
		wantRefused(t, "the officer's decision", second(d.VerifyProposal(t.Context(), d.far, right.Number, models.Decision{})), "duplicate")

		_, mine, owner := d.verified(t, farmAt("Trại gà", 15, hidden))
		_, err := d.Amend(t.Context(), models.Edit{Code: mine.Code, Caller: owner}, models.Amendment{Name: to("Vườn Lê Thị Bưởi")})
		wantRefused(t, "an owner who tries", err, "")
		_, err = d.Amend(t.Context(), models.Edit{Code: mine.Code, Caller: owner}, models.Amendment{Name: to("Vườn mít")})
		wantRefused(t, "an owner who takes a public name", err, "duplicate")
	})
}

func farmAt(name string, north float64, public bool) models.Registration {
	r := storetest.Farm(name)
	r.Point, r.NamePublic = storetest.Metres(r.Point, north, 0), &public
	return r
}

// Whoever mends the contact of a proposal that is just being verified mends
// that of the address or is told to read again; none is lost.
func TestContactIsMendedWhileVerified(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for n := range 6 {
			p, owner := d.propose(t, storetest.House(n))
			phone := "0900 000 777"
			var wait sync.WaitGroup
			var mended error
			wait.Go(func() {
				_, mended = d.ChangeProposalContact(t.Context(), p.Number, owner, nil, models.ContactChange{Phone: &phone})
			})
			wait.Go(func() {
				if _, err := d.VerifyProposal(t.Context(), d.own, p.Number, models.Decision{}); err != nil {
					t.Error(err)
				}
			})
			wait.Wait()
			want := 1
			if code := codeOf(mended); code == "stale" || code == "not-the-owner" {
				want = 0 // the caller was read before the address was there
			} else if code != "" {
				t.Error(mended)
			}
			if got := d.database.Count(t, "SELECT count(*) FROM contacts WHERE phone = '+84900000777' AND address_id IS NOT NULL"); got != want {
				t.Errorf("%d contacts are mended after %v", got, mended)
			}
			d.database.Exec(t, "DELETE FROM contacts")
		}
	})
}

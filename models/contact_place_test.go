package models_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// verified is an address that came from a proposal with a contact, with its
// owner.
func (d *desk) verified(t *testing.T, r models.Registration) (*models.Proposal, *models.Address, models.Caller) {
	t.Helper()
	p, owner := d.propose(t, r)
	a, err := d.VerifyProposal(t.Context(), d.admin, p.Number, models.Decision{ConfirmDistinct: true})
	if err != nil {
		t.Fatal(err)
	}
	owner.Owns = &a.Code
	return p, a, owner
}

// move gives an address another place, and its owner with it.
func (d *desk) move(t *testing.T, a *models.Address, to geo.Point, owner *models.Caller) *models.Address {
	t.Helper()
	moved := amend(t, d.Store, lookup(t, d.Store, a.Code), models.Amendment{Point: &to, ConfirmDistinct: true})
	if owner != nil {
		owner.Owns = &moved.Code
	}
	return moved
}

func readers(t *testing.T, d *desk, code geo.Code) string {
	t.Helper()
	list, _, err := d.ContactReads(t.Context(), code, d.admin)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range list {
		all = append(all, r.Role+" "+r.Purpose)
	}
	return strings.Join(all, ", ")
}

func TestOfficerReadsAContactElsewhereByTheProposal(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		p, a, owner := d.verified(t, storetest.House(1))
		read := func(by models.Caller, want string) {
			t.Helper()
			_, err := d.ProposalContact(t.Context(), p.Number, by, models.PurposeReview)
			wantRefused(t, by.Role, err, want)
		}
		read(d.own, "")
		moved := d.move(t, a, storetest.TanUyen, &owner)
		read(d.own, "proposal-not-found")
		read(d.far, "") // it is theirs now
		read(owner, "")
		read(d.admin, "")
		if got := readers(t, d, moved.Code); got != "admin review, officer review, officer review" {
			t.Errorf("the owner is told of: %s", got)
		}
		if seen, err := d.Proposal(t.Context(), owner, p.Number); err != nil || *seen.Address != moved.Code {
			t.Errorf("the proposal names %v (%v), want %s", seen, err, moved.Code)
		}
		if data, err := d.PersonalData(t.Context(), moved.Code, owner); err != nil || len(data.Proposals) != 1 {
			t.Errorf("the export has %+v, %v", data, err)
		}
	})
}

func TestOfficerBecomesTheOwnerUnseen(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		_, a, owner := d.verified(t, storetest.House(1))
		_, err := d.RotateAddressToken(t.Context(), d.far, a.Code)
		wantRefused(t, "a foreign officer", err, "outside-communes")
		for _, by := range []models.Caller{owner, d.own} {
			if _, err := d.RotateAddressToken(t.Context(), by, a.Code); err != nil {
				t.Fatal(err)
			}
		}
		if got := readers(t, d, a.Code); got != "officer handover" {
			t.Errorf("the owner is told of: %q", got)
		}
		_, err = d.Contact(t.Context(), a.Code, d.own, "handover")
		wantRefused(t, "reading for a handover", err, "purpose-not-allowed")
		d.database.Exec(t, "ALTER TABLE contact_reads RENAME TO gone")
		if token, err := d.RotateAddressToken(t.Context(), d.own, a.Code); err == nil || token != "" {
			t.Error("a token is made where there is no place to store by whom")
		}
	})
}

func TestContactIsLeftWhereAnAddressWas(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(1))
		moved := d.move(t, house, storetest.TanUyen, nil)
		phone := "0900 000 001"
		change := models.ContactChange{Phone: &phone, Consent: true}
		refused := func(what string, err error) {
			t.Helper()
			wantRefused(t, what, err, "retired")
			if err != nil && !strings.Contains(err.Error(), moved.Code.String()) {
				t.Errorf("%s: %v does not name %s", what, err, moved.Code)
			}
		}
		refused("change", second(d.ChangeContact(t.Context(), house.Code, d.admin, []int64{0}, change)))
		refused("erase", d.EraseContact(t.Context(), house.Code, d.admin))
		if _, err := d.ChangeContact(t.Context(), moved.Code, d.far, []int64{0}, change); err != nil {
			t.Fatal(err)
		}
		retire(t, d.Store, moved, "gone")
		refused("change what moved and is gone", second(d.ChangeContact(t.Context(), house.Code, d.admin, []int64{0}, change)))
		restore(t, d.Store, house)
		if n := d.database.Count(t, "SELECT count(*) FROM contacts WHERE address_id = ?", house.Code.ID()); n != 1 {
			t.Errorf("%d contacts came back", n)
		}
		retire(t, d.Store, house, "gone")
		if err := d.EraseContact(t.Context(), house.Code, d.admin); err != nil || d.contacts(t) != 0 {
			t.Errorf("erasing where nothing stands any more: %v, %d contacts", err, d.contacts(t))
		}
	})
}

// Whoever writes a contact while the address moves writes it before, and it
// goes along, or is told where the address went.
func TestContactIsWrittenWhileTheAddressMoves(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for n := range 12 {
			house := storetest.Register(t, d.Store, storetest.House(n))
			phone := "0900 000 001"
			var wait sync.WaitGroup
			var written error
			wait.Go(func() {
				time.Sleep(time.Duration(n%4) * time.Millisecond)
				_, written = d.ChangeContact(t.Context(), house.Code, d.admin, []int64{0}, models.ContactChange{Phone: &phone, Consent: true})
			})
			wait.Go(func() {
				target := storetest.Metres(storetest.TanUyen, 30*float64(n), 0)
				if _, err := d.Amend(t.Context(), models.Edit{Code: house.Code, Caller: d.admin}, models.Amendment{Point: &target, ConfirmDistinct: true}); err != nil {
					t.Error(err)
				}
			})
			wait.Wait()
			if code := codeOf(written); !slices.Contains([]string{"", "retired"}, code) {
				t.Errorf("%v", written)
			}
			if left := d.database.Count(t, "SELECT count(*) FROM contacts WHERE address_id = ?", house.Code.ID()); left != 0 {
				t.Fatalf("try %d: the contact is left behind", n)
			}
		}
	})
}

func TestErasedPersonIsStillThere(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := storetest.Farm("Vườn Lê Thị Bưởi")
		_, farm, owner := d.verified(t, r)
		old, hidden := "Trại Lê Thị Bưởi", false
		amended := amend(t, d.Store, farm, models.Amendment{Name: &old})
		amend(t, d.Store, amended, models.Amendment{Name: to("Trại kín Lê Thị Bưởi"), NamePublic: &hidden})
		ask := models.Report{Code: farm.Code, Claim: models.ClaimRetirement, Note: "Bưởi dọn đi"}
		asked, _, err := d.Report(t.Context(), owner, ask)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.DecideReport(t.Context(), asked.Number, d.admin, nil, models.ReportDismissed, "Bà Bưởi còn ở đó"); err != nil {
			t.Fatal(err)
		}
		moved := d.move(t, farm, storetest.Metres(farm.Point, 200, 0), &owner)
		if data, err := d.PersonalData(t.Context(), moved.Code, owner); err != nil || len(data.Requests) != 1 || data.Name == "" {
			t.Errorf("the export after the move: %+v, %v", data, err)
		}
		version := lookup(t, d.Store, moved.Code).Version
		if err := d.EraseContact(t.Context(), moved.Code, owner); err != nil {
			t.Fatal(err)
		}
		for table, question := range map[string]string{
			"addresses": "SELECT count(*) FROM addresses WHERE name <> ''",
			"changes":   "SELECT count(*) FROM changes WHERE CAST(before AS text) LIKE '%Bưởi%'",
			"reports":   "SELECT count(*) FROM reports WHERE note <> '' OR reason <> ''",
			"contacts":  "SELECT count(*) FROM contacts",
			"proposals": "SELECT count(*) FROM proposals WHERE CAST(registration AS text) LIKE '%Bưởi%'",
			"terms":     "SELECT count(*) FROM terms WHERE name LIKE '%Bưởi%'",
		} {
			if n := d.database.Count(t, question); n != 0 {
				t.Errorf("%d rows of %s still name the person", n, table)
			}
		}
		if now := lookup(t, d.Store, moved.Code); now.Version != version+1 {
			t.Errorf("version %d, want one more than %d", now.Version, version)
		}
		for _, code := range []geo.Code{farm.Code, moved.Code} {
			lines, _, err := d.History(t.Context(), code, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range lines {
				if line.Address.Name != "" || line.Address.NamePublic {
					t.Errorf("version %d of %s: %+v", line.Version, code, line.Address)
				}
			}
		}
		wantRefused(t, "erasing again", d.EraseContact(t.Context(), moved.Code, owner), "no-contact")
		wantNoViolations(t, d)
	})
}

// What is public is no secret that could be erased: it is hidden first.
func TestErasingTakesAPublicName(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		_, farm, owner := d.verified(t, storetest.Farm("Vườn xưa"))
		amend(t, d.Store, farm, models.Amendment{Name: to("Vườn nay")})
		if err := d.EraseContact(t.Context(), farm.Code, owner); err != nil {
			t.Fatal(err)
		}
		if now := lookup(t, d.Store, farm.Code); now.Name != "Vườn nay" || now.Version != 2 {
			t.Errorf("%+v", now)
		}
		if n := d.database.Count(t, "SELECT count(*) FROM changes WHERE CAST(before AS text) LIKE '%Vườn xưa%'"); n != 0 {
			t.Error("the log still has the name that was changed")
		}
	})
}

// A code that was restored by itself beside the one it came from is another
// object, whose name is nobody else's to erase.
func TestErasingTakesTheNameOfAnother(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		_, farm, owner := d.verified(t, storetest.Farm("Vườn ông Một"))
		moved := d.move(t, farm, storetest.Metres(farm.Point, 250, 0), &owner)
		retire(t, d.Store, moved, models.ReasonMistake)
		restore(t, d.Store, farm)
		other, err := d.Restore(t.Context(), edit(lookup(t, d.Store, moved.Code)), models.Restoration{ConfirmDistinct: true})
		if err != nil {
			t.Fatal(err)
		}
		hidden := false
		other = amend(t, d.Store, other, models.Amendment{Name: to("Vườn bà Hai"), NamePublic: &hidden})
		retire(t, d.Store, other, models.ReasonGone)
		if err := d.EraseContact(t.Context(), farm.Code, d.admin); err != nil {
			t.Fatal(err)
		}
		if n := d.database.Count(t, "SELECT count(*) FROM addresses WHERE name = ?", "Vườn bà Hai"); n != 1 {
			t.Error("the name of the other object is gone")
		}
	})
}

// An address that is retired leaves nothing to be decided about it.
func TestReportWaitsAtARetiredAddress(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		_, farm, owner := d.verified(t, storetest.Farm("Vườn Cây Gáo"))
		asked, _, err := d.Report(t.Context(), owner, models.Report{Code: farm.Code, Claim: models.ClaimRetirement, Note: "Tôi dọn đi"})
		if err != nil {
			t.Fatal(err)
		}
		retire(t, d.Store, farm, models.ReasonGone)
		if page, _, err := d.Reviews(t.Context(), d.admin, models.ReviewFilter{Limit: 10}); err != nil || len(page) != 0 {
			t.Errorf("the queue: %+v, %v", page, err)
		}
		if now, err := d.ReportOf(t.Context(), asked.Number, owner); err != nil || now.Status != models.ReportAccepted {
			t.Errorf("%+v, %v", now, err)
		}
		wantNoViolations(t, d)
	})
}

// An owner whose request came in before the proposal became an address is its
// owner all the same.
func TestOwnerIsRefusedWhileTheProposalIsVerified(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		p, early := d.propose(t, storetest.House(1))
		if _, err := d.VerifyProposal(t.Context(), d.admin, p.Number, models.Decision{}); err != nil {
			t.Fatal(err)
		}
		phone := "0900 000 456"
		c, err := d.ChangeProposalContact(t.Context(), p.Number, early, nil, models.ContactChange{Phone: &phone})
		if err != nil || c.Phone != "+84900000456" {
			t.Errorf("the change: %v, %v", c, err)
		}
		if err := d.EraseProposalContact(t.Context(), p.Number, early); err != nil {
			t.Errorf("the erasure: %v", err)
		}
	})
}

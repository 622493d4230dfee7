package models_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

// report writes a report past the store.
func (d *desk) report(t *testing.T, number string, a *models.Address, at time.Time) {
	t.Helper()
	stamp := any(at)
	if d.database.Kind == "sqlite" {
		stamp = at.UnixMilli()
	}
	d.database.Exec(t, `INSERT INTO reports (number, address_id, claim, note, lng, lat, status, version, created_at, decided_by, reason)
		VALUES (?, ?, 'wrong_place', 'bên kia đường', ?, ?, 'open', 1, ?, '', '')`, number, a.Code.ID(), a.Point.Lng+100, a.Point.Lat, stamp)
}

// queue lists the numbers of a queue, page by page.
func (d *desk) queue(t *testing.T, caller models.Caller, f models.ReviewFilter) (numbers []string) {
	t.Helper()
	for range 100 {
		page, more, err := d.Reviews(t.Context(), caller, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if r.Report != nil {
				numbers = append(numbers, r.Report.Number)
			} else {
				numbers = append(numbers, r.Proposal.Number)
			}
			f.After = r.Mark
		}
		if !more {
			return numbers
		}
	}
	t.Fatal("the queue does not end")
	return nil
}

// Every page size gives the same queue, also where things came at one instant.
func TestQueueIsOutOfOrder(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(100))
		next := storetest.Register(t, d.Store, storetest.House(101))
		farm := storetest.Register(t, d.Store, storetest.Farm("Vườn ổi"))
		var own []string
		for i := range 6 {
			p, _ := d.propose(t, storetest.House(i))
			own = append(own, p.Number)
			if i%2 == 0 {
				d.clock.pass(time.Minute)
			}
		}
		d.clock.pass(time.Minute)
		far, _ := d.propose(t, storetest.Farm("Vườn mít"))
		d.report(t, "R1", house, d.clock.now())
		d.report(t, "R2", next, d.clock.now())
		d.report(t, "R3", farm, d.clock.now())
		closed, owner := d.propose(t, storetest.House(50))
		if _, err := d.WithdrawProposal(t.Context(), owner, closed.Number, nil); err != nil {
			t.Fatal(err)
		}
		for limit := 1; limit <= 10; limit += 3 {
			t.Run(fmt.Sprint(limit, " a page"), func(t *testing.T) {
				for _, c := range []struct {
					name   string
					caller models.Caller
					kind   string
					want   []string
				}{
					{"the officer", d.own, "", append(own[:6:6], "R1", "R2")},
					{"a foreign officer", d.far, "", []string{far.Number, "R3"}},
					{"an admin", d.admin, "", append(own[:6:6], far.Number, "R1", "R2", "R3")},
					{"proposals only", d.own, models.ReviewProposal, own},
					{"reports only", d.admin, models.ReviewReport, []string{"R1", "R2", "R3"}},
					{"a stranger", models.Caller{}, "", nil},
					{"a courier", models.Caller{Role: models.RoleCourier}, "", nil},
				} {
					if diff := cmp.Diff(c.want, d.queue(t, c.caller, models.ReviewFilter{Type: c.kind, Limit: limit})); diff != "" {
						t.Errorf("%s (-want +got):\n%s", c.name, diff)
					}
				}
			})
		}
	})
}

func TestQueueHidesWhatStandsNear(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		same := storetest.Register(t, d.Store, storetest.House(1))
		moved := storetest.House(2)
		moved.Point = storetest.Metres(storetest.House(1).Point, 0, 20)
		neighbour := storetest.Register(t, d.Store, moved)
		storetest.Register(t, d.Store, storetest.House(20)) // 228 m off
		asked := storetest.House(1)
		asked.Point = storetest.Metres(asked.Point, 0, 3)
		d.propose(t, asked)
		page, _, err := d.Reviews(t.Context(), d.own, models.ReviewFilter{Limit: 1})
		if err != nil || len(page) != 1 {
			t.Fatalf("%d in the queue, %v", len(page), err)
		}
		type beside struct {
			code    string
			metres  int
			repeats bool
		}
		var got []beside
		for _, n := range page[0].Near {
			got = append(got, beside{n.Address.Code.String(), int(n.DistanceM + 0.5), n.Repeats})
		}
		want := []beside{{same.Code.String(), 3, true}, {neighbour.Code.String(), 17, false}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(beside{})); diff != "" {
			t.Errorf("beside the proposal (-want +got):\n%s", diff)
		}
	})
}

func TestQueueLosesTheAddressOfAReport(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		house := storetest.Register(t, d.Store, storetest.House(1))
		d.report(t, "R1", house, d.clock.now())
		page, _, err := d.Reviews(t.Context(), d.own, models.ReviewFilter{Limit: 5})
		if err != nil || len(page) != 1 {
			t.Fatalf("%d in the queue, %v", len(page), err)
		}
		r, address := page[0].Report, page[0].Address
		if r.Claim != "wrong_place" || r.Note != "bên kia đường" || address == nil || address.Parts != house.Parts || r.Point == nil || r.Point.Lng != house.Point.Lng+100 {
			t.Errorf("the report is %+v", r)
		}
	})
}

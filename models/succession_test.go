package models_test

import (
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// What a page of retired addresses costs must not grow with each of them.
func TestQuestionsGrowWithThePage(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		far := func(a *models.Address) *models.Address {
			p := storetest.Metres(a.Point, 400, 0)
			return amend(t, s, a, models.Amendment{Point: &p})
		}
		for n := range 12 {
			last := far(storetest.Register(t, s, storetest.House(n)))
			if n%2 == 0 {
				retire(t, s, last, "gone")
			}
		}
		asked := s.CountQuestions(t)
		for name, ask := range map[string]func(limit int) (int, error){
			"a list": func(limit int) (int, error) {
				list, _, err := s.List(t.Context(), models.ListFilter{Status: "retired", Limit: limit})
				return len(list), err
			},
			"the feed": func(limit int) (int, error) {
				page, err := s.Changes(t.Context(), models.FeedPosition{Seq: 1}, limit)
				return len(page.Changes), err
			},
		} {
			var cost [2]int64
			for i, limit := range []int{9, 18} {
				asked.Store(0)
				if n, err := ask(limit); n != limit || err != nil {
					t.Fatalf("%s of %d has %d, %v", name, limit, n, err)
				}
				cost[i] = asked.Load()
			}
			if cost[1] > cost[0] || cost[0] == 0 {
				t.Errorf("%s of 9 costs %d questions, of 18 %d", name, cost[0], cost[1])
			}
		}
	})
}

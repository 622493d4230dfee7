package handlers

import (
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

func TestStats(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "of nothing", path: "/v1/stats", status: 200, want: []string{`{"by":[],"total":0,"rows":[{"addresses":0}]}`}},
			{name: "of nothing by something", path: "/v1/stats?by=kind", status: 200, want: []string{`{"by":["kind"],"total":0,"rows":[]}`}},
		})
		s.importHouses(t, 0, 3)
		farm := storetest.Farm("Vườn bưởi, Bạch Đằng")
		a := storetest.Register(t, s.store, farm)
		if _, err := s.store.Retire(t.Context(), models.Edit{Code: a.Code, Caller: models.Caller{Role: models.RoleAdmin}}, models.Retirement{Reason: models.ReasonGone}); err != nil {
			t.Fatal(err)
		}
		s.run(t, []scenario{
			{name: "all", path: "/v1/stats", status: 200, want: []string{`"total":4`}, header: []string{"ETag: *", "Cache-Control: no-cache"}},
			{name: "by kind and status", path: "/v1/stats?by=kind,status", status: 200, want: []string{
				`"rows":[{"kind":"farm","status":"retired","addresses":1},{"kind":"household","status":"current","addresses":3}]`}},
			{name: "in another order", path: "/v1/stats?by=status,kind&status=current", status: 200, want: []string{`[{"kind":"household","status":"current","addresses":3}]`}},
			{name: "by commune", path: "/v1/stats?by=commune&status=current", status: 200, want: []string{`{"commune":{"code":"25747","name":"Phường Thủ Dầu Một","valid_from":"2025-07-01"},"addresses":3}`}},
			{name: "of a commune", path: "/v1/stats?commune=25747&kind=household", status: 200, want: []string{`"total":3`}},
			{name: "by former commune", path: "/v1/stats?by=former_commune", status: 200, want: []string{`"rows":[{"addresses":4}]`}},
			{name: "by day", path: "/v1/stats?by=day", status: 200, want: []string{`[{"day":"` + today + `","addresses":4}]`}},
			{name: "by day and commune", path: "/v1/stats?by=day,commune&from=2026-01-15&to=2026-01-15&commune=25747", status: 200, want: []string{`"day":"` + today + `","addresses":`}},
			{name: "before", path: "/v1/stats?by=day&to=2026-01-14", status: 200, want: []string{`"rows":[]`}},
			{name: "csv", path: "/v1/stats?by=commune,former_commune,kind&f=csv&status=current", status: 200, header: []string{"Content-Type: text/csv", "ETag: *"},
				want: []string{"commune,commune_name,former_commune,former_commune_name,kind,addresses\n25747,Phường Thủ Dầu Một,,,household,3\n"}},
			{name: "csv by Accept", path: "/v1/stats", headers: []string{"Accept: text/csv"}, status: 200, want: []string{"addresses\n4\n"}},
			{name: "unknown dimension", path: "/v1/stats?by=colour", status: 400, want: []string{`"parameter":"by","code":"unknown-value"`, "former_commune"}},
			{name: "twice", path: "/v1/stats?by=kind,kind", status: 400, want: []string{`"parameter":"by","code":"repeated-value"`}},
			{name: "empty", path: "/v1/stats?by=", status: 400, want: []string{`"parameter":"by","code":"empty"`}},
			{name: "a hole", path: "/v1/stats?by=kind,,status", status: 400, want: []string{`"parameter":"by"`}},
			{name: "days of then", path: "/v1/stats?by=day,former_commune", status: 400, want: []string{"/problems/not-together", `"parameter":"by"`}},
			{name: "days of a former commune", path: "/v1/stats?by=day&commune=25744", status: 400, want: []string{"/problems/not-together"}},
			{name: "inside out", path: "/v1/stats?from=2026-02-01&to=2026-01-01", status: 400, want: []string{`"parameter":"from","code":"inverted"`}},
			{name: "no day", path: "/v1/stats?from=yesterday", status: 400, want: []string{`"parameter":"from","code":"bad-day"`}},
			{name: "unknown commune", path: "/v1/stats?commune=00000", status: 400, want: []string{`"parameter":"commune"`}},
			{name: "unknown kind", path: "/v1/stats?kind=castle", status: 400, want: []string{`"parameter":"kind"`}},
			{name: "unknown level", path: "/v1/stats?verification=maybe", status: 400, want: []string{`"parameter":"verification"`}},
			{name: "unknown parameter", path: "/v1/stats?group_by=kind", status: 400, want: []string{`"parameter":"group_by"`}},
			{name: "unknown form", path: "/v1/stats?f=xml", status: 400, want: []string{`"parameter":"f"`}},
			{name: "as a page", path: "/v1/stats", headers: []string{"Accept: text/html"}, status: 406},
		})
		w, _ := s.send(t, scenario{path: "/v1/stats?by=kind"})
		s.play(t, scenario{path: "/v1/stats?by=kind", headers: []string{"If-None-Match: " + w.Header.Get("ETag")}, status: 304})
		s.importHouses(t, 3, 4)
		s.play(t, scenario{path: "/v1/stats?by=kind", headers: []string{"If-None-Match: " + w.Header.Get("ETag")}, status: 200, want: []string{`"kind":"household","addresses":4`}})
	})
}

package handlers

import (
	"testing"

	"diachiso/models/storetest"
)

func TestReverse(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for n := range 7 {
			storetest.Register(t, s.store, storetest.House(n+1))
		}
		s.run(t, []scenario{
			{name: "five nearest", path: "/v1/reverse?lat=10.9804&lng=106.6519", status: 200, want: []string{
				`{"query":{"lat":10.9804,"lng":106.6519},"code":"28XMJ25Q66","plus_code":"7P28XMJ2+5Q6","cell":{"type":"Polygon","coordinates":[[[106.651875,10.9804],`,
				`"commune":{"code":"25747","name":"Phường Thủ Dầu Một","valid_from":"2025-07-01"},"matches":[{"distance_m":12,"address":`,
				`"house_number":"5"`}, never: []string{`"house_number":"6"`}},
			{name: "fewer", path: "/v1/reverse?lat=10.9804&lng=106.6519&limit=1", status: 200, want: []string{`"house_number":"1"`}, never: []string{`"house_number":"2"`}},
			{name: "within few metres", path: "/v1/reverse?lat=10.9804&lng=106.6519&radius=11", status: 200, want: []string{`"matches":[]`}},
			{name: "in no commune", path: "/v1/reverse?lat=16.05&lng=108.2", status: 200, want: []string{`"matches":[]`}, never: []string{`"commune"`}},
			{name: "many decimals", path: "/v1/reverse?lat=10.980400000000000000000000000000000000000001&lng=1.066519e2", status: 200, want: []string{`"lat":10.9804,`}},
			{name: "below zero distance", path: "/v1/reverse?lat=10.9804&lng=106.6519&radius=0", status: 400, want: []string{"/problems/out-of-range", `"parameter":"radius"`}},
			{name: "too far", path: "/v1/reverse?lat=10.9804&lng=106.6519&radius=5001", status: 400},
			{name: "too many", path: "/v1/reverse?lat=10.9804&lng=106.6519&limit=51", status: 400},
			{name: "swapped", path: "/v1/reverse?lat=106.6519&lng=10.9804", status: 400, want: []string{"/problems/swapped"}},
			{name: "a turn too far", path: "/v1/reverse?lat=10.9804&lng=466.6519", status: 400, want: []string{"/problems/outside-window", `"parameter":"lng"`}},
			{name: "1e400", path: "/v1/reverse?lat=1e400&lng=106.6519", status: 400, want: []string{"/problems/outside-window"}},
			{name: "NaN", path: "/v1/reverse?lat=NaN&lng=106.6519", status: 400, want: []string{"/problems/not-a-number"}},
			{name: "hexadecimal", path: "/v1/reverse?lat=0x0A&lng=106.6519", status: 400, want: []string{"/problems/not-a-number"}},
			{name: "decimal comma", path: "/v1/reverse?lat=10,9804&lng=106,6519", status: 400, want: []string{"/problems/not-a-number"}},
			{name: "no point", path: "/v1/reverse", status: 400, want: []string{`"parameter":"lat"`, `"parameter":"lng"`}},
			{name: "long way to say lat", path: "/v1/reverse?latitude=10.9804&lng=106.6519", status: 400, want: []string{"/problems/unknown-parameter", "known are lat, lng, limit, radius"}},
		})
	})
}

func TestCodes(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "encode", path: "/v1/codes/encode?lat=21.0287&lng=105.8522", status: 200, want: []string{`"code":"H72VH2FVP6"`, `"plus_code":"7PH72VH2+FVP"`}, header: []string{"Cache-Control: public, max-age=86400"}},
			{name: "encode on the line of 10 N", path: "/v1/codes/encode?lat=9.99999&lng=105.78", status: 200, want: []string{`"code":"X7XQXJX2RQ"`}},
			{name: "encode outside", path: "/v1/codes/encode?lat=3.9999&lng=105.78", status: 400, want: []string{"/problems/outside-window"}},
			{name: "encode nothing", path: "/v1/codes/encode", status: 400},
			{name: "decode an unregistered door", path: "/v1/codes/28XMJ25Q66", status: 200, want: []string{
				`"formatted":"28XM J25 Q66","door":"28XMJ25Q66","check":"6"`, `"centre":{"lat":10.9804125,"lng":106.6518906}`,
				`"bounds":{"south":10.9804,"west":106.651875,"north":10.980425,"east":106.65190625}`, `"size_m":{"height":2.78,"width":3.42}`}, never: []string{`"unit`}},
			{name: "decode a unit", path: "/v1/codes/28xmj25q66-223r", status: 200, want: []string{`"unit":2,"check":"6","unit_check":"R"`, `"door":"28XMJ25Q66"`}},
			{name: "decode a bad check", path: "/v1/codes/28XMJ25Q67", status: 400, want: []string{"/problems/check-failed"}},
			{name: "decode an unknown letter", path: "/v1/codes/28XMJ25Q6%C4%90", status: 400, want: []string{"/problems/unknown-symbol"}},
			{name: "decode invalid UTF-8", path: "/v1/codes/%FF", status: 400, want: []string{"/problems/invalid-utf8"}},
		})
	})
}

func TestUnits(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.run(t, []scenario{
			{name: "today", path: "/v1/units", status: 200, want: []string{`{"as_of":"2026-01-15","units":[{"level":"province","code":"79"`, "Phường Thủ Dầu Một"}, never: []string{"Tỉnh Bình Dương"}, header: []string{"ETag: *"}},
			{name: "in 2022", path: "/v1/units?as_of=2022-10-01", status: 200, want: []string{"Tỉnh Bình Dương", "Phường Phú Cường"}, never: []string{"Phường Thủ Dầu Một"}},
			{name: "by level and parent", path: "/v1/units?as_of=2022-10-01&level=commune&parent=718", status: 200, want: []string{`"code":"25741"`}, never: []string{`"level":"district"`, "Dĩ An"}},
			{name: "of no level", path: "/v1/units?level=hamlet", status: 400, want: []string{"/problems/unknown-value"}},
			{name: "on no day", path: "/v1/units?as_of=yesterday", status: 400, want: []string{"/problems/bad-day"}},
			{name: "a re-used code explains itself", path: "/v1/units/25747", status: 200, want: []string{
				`"name":"Phường Thủ Dầu Một"`, `"above":[{"level":"province","code":"79"`, `"periods":[{"level":"commune","code":"25747","name":"Phường Phú Cường"`, `"has_boundary":true`}},
			{name: "the same code in 2022", path: "/v1/units/25747?as_of=2022-10-01", status: 200, want: []string{`"name":"Phường Phú Cường"`, `"level":"district","code":"718"`, `"has_boundary":false`}},
			{name: "no more in force", path: "/v1/units/718", status: 404, want: []string{"/problems/not-in-force", `"periods":[{"level":"district","code":"718","name":"Thành phố Thủ Dầu Một"`}},
			{name: "never in force", path: "/v1/units/00000", status: 404, want: []string{"/problems/unknown-unit"}, never: []string{"periods"}},
			{name: "bad day of a unit", path: "/v1/units/25747?as_of=2025", status: 400},
			{name: "invalid UTF-8", path: "/v1/units/%FF", status: 400, want: []string{"/problems/invalid-utf8"}},
			{name: "successors of a divided commune", path: "/v1/units/25741/successors?as_of=2022-10-01", status: 200, want: []string{
				`"unit":{"level":"commune","code":"25741"`, `"successors":[{"level":"commune","code":"25750"`, `"default":true},{"level":"commune","code":"25747"`, `"default":false}`}},
			{name: "predecessors", path: "/v1/units/25747/successors", status: 200, want: []string{`"successors":[]`, `"predecessors":[{"level":"commune","code":"25741"`, "Phường Phú Thọ"}},
			{name: "boundary", path: "/v1/units/25747/boundary", status: 200, want: []string{`{"type":"Feature","id":"25747","geometry":{"type":"MultiPolygon","coordinates":[[[[106.`}, header: []string{"Content-Type: application/geo+json"}},
			{name: "boundary as plain JSON", path: "/v1/units/25747/boundary", headers: []string{"Accept: application/json"}, status: 200, header: []string{"Content-Type: application/json"}},
			{name: "boundary of 2022", path: "/v1/units/25747/boundary?as_of=2022-10-01", status: 404, want: []string{"/problems/no-boundary"}},
			{name: "at a point", path: "/v1/units/at?lat=10.9804&lng=106.6519", status: 200, want: []string{
				`"as_of":"2026-01-15","commune":{"level":"commune","code":"25747"`, `"province":{"level":"province","code":"79"`}, never: []string{"district"}},
			{name: "at a point in 2022", path: "/v1/units/at?lat=10.9804&lng=106.6519&as_of=2022-10-01", status: 404, want: []string{
				"/problems/no-boundary", `"commune":{"level":"commune","code":"25747","name":"Phường Thủ Dầu Một"`, `"candidates":[{"level":"commune","code":"25741"`, "Phường Phú Cường"}},
			{name: "at sea", path: "/v1/units/at?lat=16.05&lng=108.2", status: 404, want: []string{"/problems/no-commune"}},
			{name: "at sea in 2022", path: "/v1/units/at?lat=16.05&lng=108.2&as_of=2022-10-01", status: 404, want: []string{"/problems/no-boundary"}, never: []string{`"candidates"`}},
			{name: "at no point", path: "/v1/units/at?lat=10", status: 400, want: []string{`"parameter":"lng"`}},
		})
		w, _ := s.send(t, scenario{path: "/v1/units/25747"})
		tag := "If-None-Match: " + w.Header.Get("ETag")
		s.play(t, scenario{path: "/v1/units/25747", headers: []string{tag}, status: 304})
		s.play(t, scenario{path: "/v1/units/25747?as_of=2026-01-01", headers: []string{tag}, status: 200})
		s.play(t, scenario{path: "/v1/units/25747?as_of=2025-08-01", headers: []string{tag}, status: 200})
	})
}

func TestAddressAsOfAnEra(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		r := storetest.House(1)
		r.Commune, r.AsOf, r.ValidFrom = "25747", "2022-10-01", "2022-10-01"
		code := storetest.Register(t, s.store, r).Code.String()
		s.run(t, []scenario{
			{name: "today", path: "/v1/addresses/" + code, status: 200, want: []string{"Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", `"formerly":"1 Đường Hoa Mai, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"`}},
			{name: "the day before the reform", path: "/v1/addresses/" + code + "?as_of=2025-06-30", status: 200, want: []string{`"text":"1 Đường Hoa Mai, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"`, `"value":"75106`}},
			{name: "after the reform, with the old postcode", path: "/v1/addresses/" + code + "?as_of=2025-08-23", status: 200, want: []string{"Phường Thủ Dầu Một", `"value":"75106`}},
			{name: "with the new postcode", path: "/v1/addresses/" + code + "?as_of=2025-08-24", status: 200, want: []string{`"value":"75123`}, never: []string{"75106"}},
			{name: "listed by its former commune", path: "/v1/addresses?commune=25741", status: 200, never: []string{code}},
		})
	})
}

package handlers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
)

func TestRegister(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		created := scenario{method: http.MethodPost, path: "/v1/addresses", status: 201}
		with := func(name, body string, want ...string) scenario {
			c := created
			c.name, c.body, c.want = name, body, want
			return c
		}
		first := with("a house", house, `"code":"28XMJ25Q66"`, `"level":"declared"`, `"version":1`, `"valid_from":"2026-01-15"`)
		first.header = []string{"Location: /v1/addresses/28XMJ25Q66", "ETag: *"}
		s.run(t, []scenario{
			first,
			with("decimals are floored exactly", `{"kind":"farm","lat":11.06000009999999999999999999999999999999,"lng":1.0675e2,"hamlet":"Ấp 3"}`, `"position":{"lat":11.06,"lng":106.75}`),
			with("a flat behind a door", `{"kind":"household","lat":10.9804,"lng":106.6519,"parent":"28xm j25 q66","unit_label":"P. 2"}`, `"code":"28XMJ25Q662222"`, `"unit_label":"P. 2"`),
			with("a duplicate on purpose", strings.Replace(house, "{", `{"confirm_distinct":true,`, 1), `"status":"current"`),
			{name: "a contact", method: http.MethodPost, path: "/v1/addresses", status: 201,
				body:  `{"kind":"household","lat":11.0605,"lng":106.75,"contact":{"name":"Trần Thị Ví Dụ","phone":"0900 000 001","delivery_notes":"Cổng sau,\r\nbấm chuông","consent":true}}`,
				never: []string{"Ví Dụ", "900000001", "900 000", "chuông", "contact", "consent"}},
			with("a public name", `{"kind":"shop","lat":11.061,"lng":106.75,"name":"Quán Cà Phê <Sáng> & Chiều","name_public":true}`, `"name":"Quán Cà Phê `),
			{name: "a key in its own header", method: http.MethodPost, path: "/v1/addresses", status: 201, headers: []string{"Authorization:", "X-API-Key: " + s.key},
				body: `{"kind":"landmark","lat":11.062,"lng":106.75,"name":"Cây đa đầu làng"}`, want: []string{`"name":"Cây đa đầu làng"`}},
			{name: "charset named", method: http.MethodPost, path: "/v1/addresses", status: 201, headers: []string{"Content-Type: application/json; charset=UTF-8"},
				body: `{"kind":"business","lat":11.063,"lng":106.75,"name":"Xưởng Gỗ Mít","commune":"25920"}`, never: []string{"Xưởng"}},
		})
		s.play(t, scenario{method: http.MethodPost, path: "/v1/addresses", body: house, status: 409,
			want: []string{"/problems/duplicate", `"candidates":[{"code":"28XMJ25Q66"`}})
		s.play(t, scenario{path: "/v1/addresses/28XMJ25Q66", status: 200, want: []string{"5 Đường Hoa Mai"}})
		kept := s.database.Texts(t, "SELECT name, phone, email, delivery_notes, legal_basis, CAST(consent_at = updated_at AS integer), version FROM contacts")
		if diff := cmp.Diff([][]string{{"Trần Thị Ví Dụ", "+84900000001", "", "Cổng sau, bấm chuông", "", "1", "1"}}, kept); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(s.log.String(), `"key":"test desk"`) || strings.Contains(s.log.String(), s.key) {
			t.Errorf("the log must name the key and not hold it:\n%s", s.log)
		}
	})
}

// Whatever is refused says so precisely and writes nothing.
func TestRefusedRegistrationLeavesTraces(t *testing.T) {
	at := `"lat":10.9804,"lng":106.6519`
	body := func(name, body, problem string, want ...string) scenario {
		return scenario{name: name, body: body, status: 400, want: append(want, `"type":"/problems/`+problem+`"`)}
	}
	scenarios := []scenario{
		body("swapped", `{"kind":"farm","lat":106.6519,"lng":10.9804}`, "swapped", `"pointer":"/lat"`),
		body("outside", `{"kind":"farm","lat":48.85,"lng":2.35}`, "outside-window"),
		body("longitude a turn too far", `{"kind":"farm","lat":10.98,"lng":466.6519}`, "outside-window", `"pointer":"/lng"`),
		body("on the north edge", `{"kind":"farm","lat":24,"lng":106}`, "outside-window"),
		body("NaN", `{"kind":"farm","lat":NaN,"lng":106.6519}`, "malformed-json"),
		body("infinity in quotes", `{"kind":"farm","lat":"Infinity","lng":106.6519}`, "wrong-type"),
		body("1e400", `{"kind":"farm","lat":1e400,"lng":106.6519}`, "outside-window"),
		body("a number in quotes", `{"kind":"farm","lat":"10.9804","lng":106.6519}`, "wrong-type", `"pointer":"/lat"`),
		body("decimal comma", `{"kind":"farm","lat":10,98,"lng":106.6519}`, "malformed-json"),
		body("hexadecimal", `{"kind":"farm","lat":0x0A,"lng":106.6519}`, "malformed-json"),
		body("leading plus", `{"kind":"farm","lat":+10.98,"lng":106.6519}`, "malformed-json"),
		body("no position", `{"kind":"farm"}`, "invalid-input", `"pointer":"/lat","code":"required"`, `"pointer":"/lng","code":"required"`),
		body("null", `{"kind":"farm","name":null,`+at+`}`, "null", `"pointer":"/name"`),
		body("no kind", `{`+at+`}`, "required", `"pointer":"/kind"`),
		body("unknown kind", `{"kind":"castle",`+at+`}`, "unknown-value"),
		body("unknown position kind", `{"kind":"farm","position_kind":"roof",`+at+`}`, "unknown-value", `"pointer":"/position_kind"`),
		body("unknown member", `{"kind":"farm","hose_number":"5",`+at+`}`, "unknown-member", "did you mean house_number?", `"pointer":"/hose_number"`),
		body("unknown member with a slash", `{"kind":"farm","a/b~c":"5",`+at+`}`, "unknown-member", `"pointer":"/a~1b~0c"`),
		body("a contact without consent", `{"kind":"farm","contact":{"phone":"0900 000 001"},`+at+`}`, "consent-needed", `"pointer":"/contact/consent"`),
		body("a contact against consent", `{"kind":"farm","contact":{"phone":"0900 000 001","consent":false},`+at+`}`, "consent-needed"),
		body("consent in quotes", `{"kind":"farm","contact":{"phone":"0900 000 001","consent":"true"},`+at+`}`, "wrong-type", `"pointer":"/contact/consent"`),
		body("a contact of nothing", `{"kind":"farm","contact":{"consent":true},`+at+`}`, "empty-contact", `"pointer":"/contact"`),
		body("a telephone number too short", `{"kind":"farm","contact":{"phone":"0900","consent":true},`+at+`}`, "bad-phone", `"pointer":"/contact/phone"`),
		body("an e-mail address with a name", `{"kind":"farm","contact":{"email":"A <a@example.vn>","consent":true},`+at+`}`, "bad-email"),
		body("an e-mail address of no domain", `{"kind":"farm","contact":{"email":"a@b","consent":true},`+at+`}`, "bad-email"),
		body("an unknown member of a contact", `{"kind":"farm","contact":{"phon":"0900 000 001","consent":true},`+at+`}`, "unknown-member", "did you mean phone?", `"pointer":"/contact/phon"`),
		body("a contact that is a text", `{"kind":"farm","contact":"0900 000 001",`+at+`}`, "wrong-type", `"pointer":"/contact"`),
		body("delivery notes too long", `{"kind":"farm","contact":{"delivery_notes":"`+strings.Repeat("ă", 501)+`","consent":true},`+at+`}`, "text-too-long", `"pointer":"/contact/delivery_notes"`),
		body("member twice", `{"kind":"farm","kind":"shop",`+at+`}`, "repeated-member"),
		body("an object for a text", `{"kind":{},`+at+`}`, "wrong-type"),
		body("a text for a flag", `{"kind":"farm","confirm_distinct":"true",`+at+`}`, "wrong-type", `"pointer":"/confirm_distinct"`),
		body("an array", `[]`, "malformed-json"),
		body("nothing", ``, "malformed-json"),
		body("two objects", `{"kind":"farm",`+at+`}{}`, "malformed-json"),
		body("cut off", `{"kind":"farm",`+at, "malformed-json"),
		body("deep nesting", `{"kind":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)+`}`, "malformed-json"),
		body("invalid UTF-8", "{\"kind\":\"farm\",\"name\":\"\xff\","+at+"}", "invalid-utf8"),
		body("half a surrogate pair", `{"kind":"farm","name":"\ud83c",`+at+`}`, "invalid-utf8", `"pointer":"/name"`),
		body("10,000 letters", `{"kind":"farm","name":"`+strings.Repeat("a", 10_000)+`",`+at+`}`, "text-too-long", `"pointer":"/name"`),
		body("control character", `{"kind":"farm","street":"Hoa\u0007Mai",`+at+`}`, "control-character", `"pointer":"/street"`),
		body("direction mark", `{"kind":"farm","street":"Hoa\u202eMai",`+at+`}`, "format-character"),
		body("a household's name", `{"kind":"household","name":"Nhà ông Sáu",`+at+`}`, "household-name"),
		body("accuracy 0", `{"kind":"farm","accuracy_m":0,`+at+`}`, "out-of-range", `"pointer":"/accuracy_m"`),
		body("accuracy below 0", `{"kind":"farm","accuracy_m":-1,`+at+`}`, "out-of-range"),
		body("accuracy 1e400", `{"kind":"farm","accuracy_m":1e400,`+at+`}`, "out-of-range"),
		body("commune far away", `{"kind":"farm","commune":"25777",`+at+`}`, "commune-mismatch", "25777", "25747"),
		body("old reading of a code that was re-used", `{"kind":"farm","commune":"25750","as_of":"2022-10-01","lat":11.06,"lng":106.75}`, "commune-mismatch"),
		body("unknown commune", `{"kind":"farm","commune":"99999",`+at+`}`, "unknown-commune"),
		body("point in no commune", `{"kind":"farm","lat":16.05,"lng":108.2}`, "no-commune", `"pointer":"/commune"`),
		body("bad day", `{"kind":"farm","as_of":"1/7/2025",`+at+`}`, "bad-day"),
		body("parent with a bad check", `{"kind":"household","parent":"28XMJ25Q67",`+at+`}`, "check-failed", `"pointer":"/parent"`),
		body("parent far away", `{"kind":"household","parent":"H72VH2FVP6",`+at+`}`, "too-far-from-parent"),
		body("everything at once", `{"kind":"castle","lat":"x","lng":106.6519,"name":"a\tb","accuracy_m":0,"colour":"red"}`, "invalid-input",
			"has 5 errors", `"/kind"`, `"/lat"`, `"/name"`, `"/accuracy_m"`, `"/colour"`),
		{name: "over the limit", body: `{"kind":"farm","name":"` + strings.Repeat("a", 2000) + `"}`, status: 413, want: []string{"/problems/body-too-large", "1000 bytes"}},
		{name: "a form", headers: []string{"Content-Type: application/x-www-form-urlencoded"}, body: "kind=farm", status: 415, want: []string{"/problems/unsupported-media-type"}},
		{name: "a compressed body", headers: []string{"Content-Encoding: gzip"}, body: house, status: 415, want: []string{"/problems/unsupported-content-encoding"}},
		{name: "hundreds of unknown members", body: "{" + strings.Repeat(`"x":1,`, 100) + `"y":1}`, status: 400, want: []string{"at least 20 errors"}},
		{name: "a member without a name", body: `{"":1,"kind":"farm",` + at + `}`, status: 400, want: []string{"unknown", `"errors":[`}},
		{name: "no content type", headers: []string{"Content-Type:"}, body: house, status: 415},
		{name: "another charset", headers: []string{"Content-Type: application/json; charset=windows-1258"}, body: house, status: 415},
		{name: "wants HTML", headers: []string{"Accept: text/html"}, body: house, status: 406},
		{name: "no key", headers: []string{"Authorization:"}, body: house, status: 401, want: []string{"/problems/key-required"}, header: []string{`WWW-Authenticate: Bearer realm="diachiso"`}},
		{name: "unknown key", headers: []string{"Authorization: Bearer dcs_nobody"}, body: house, status: 401, want: []string{"/problems/bad-key"}, header: []string{`WWW-Authenticate: error="invalid_token"`}},
		{name: "a password", headers: []string{"Authorization: Basic dTpw"}, body: house, status: 401},
		{name: "no key comes before a bad body", headers: []string{"Authorization:"}, body: "{", status: 401},
		{name: "two keys", headers: []string{"X-API-Key: dcs_other"}, body: house, status: 400, want: []string{"/problems/two-keys"}},
		{name: "a key in the URL", path: "/v1/addresses?key=dcs_nobody", headers: []string{"Authorization:"}, body: house, status: 400,
			want: []string{"/problems/unknown-parameter", `"parameter":"key"`}, never: []string{"dcs_nobody", "pointer"}},
	}
	eachServerWith(t, Options{MaxBody: 1000}, func(t *testing.T, s *server) {
		s.register(t, house)
		expired, _, err := s.store.CreateKey(t.Context(), models.KeyRequest{Name: "expired", Role: models.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		s.database.Exec(t, "UPDATE api_keys SET expires_at = created_at WHERE name = 'expired'")
		all := append(scenarios, scenario{name: "expired key", headers: []string{"Authorization: Bearer " + expired}, body: house, status: 401, want: []string{"/problems/bad-key"}})
		before := s.rows(t)
		for _, c := range all {
			t.Run(c.name, func(t *testing.T) {
				if c.method = http.MethodPost; c.path == "" {
					c.path = "/v1/addresses"
				}
				if len(c.body) > 1000 && c.status != 413 {
					long := *s
					long.url = s.unlimited(t)
					long.play(t, c)
				} else {
					s.play(t, c)
				}
				if after := s.rows(t); after != before {
					t.Errorf("%d rows were written", after-before)
				}
			})
		}
	})
}

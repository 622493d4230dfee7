package handlers

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"diachiso/models"
)

// signedIn signs in with a key and answers the header that a browser then sends.
func (s *server) signedIn(t *testing.T, key string) string {
	t.Helper()
	w, _ := s.play(t, scenario{method: "POST", path: "/v1/session", body: `{"key":"` + key + `"}`, headers: []string{"Authorization:"}, status: 201})
	return cookieHeader(t, w)
}

// cookieHeader is what a browser sends back of the one cookie that it was given.
func cookieHeader(t *testing.T, w *http.Response) string {
	t.Helper()
	cookies := w.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies were set: %v", len(cookies), w.Header["Set-Cookie"])
	}
	return "Cookie: " + cookies[0].Name + "=" + cookies[0].Value
}

// nameless is a registration of something new at a place of its own.
const nameless = `{"kind":"landmark","name":"Cây đa","lat":10.9850,"lng":106.6550}`

func TestSigningIn(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		const nobody = "Authorization:"
		post := func(name, body string, status int, want ...string) scenario {
			return scenario{name: name, method: "POST", path: "/v1/session", body: body, headers: []string{nobody}, status: status, want: want, header: []string{"Set-Cookie:"}}
		}
		s.run(t, []scenario{
			{name: "nobody", path: "/v1/session", status: 200, want: []string{`{"sign_in":"key"}`}, header: []string{"Cache-Control: no-store", "Set-Cookie:"}},
			post("without a key", `{}`, 400, `"pointer":"/key"`, "required"),
			post("with an empty key", `{"key":""}`, 400, "required"),
			post("with a number", `{"key":5}`, 400, "wrong-type"),
			post("with a mistyped member", `{"kye":"dcs_x"}`, 400, "known are key"),
			post("with a wrong key", `{"key":"dcs_wrong"}`, 401, "/problems/bad-key"),
			post("with an owner token", `{"key":"dco_token"}`, 400, "/problems/owner-token"),
			post("with a long text", `{"key":"`+strings.Repeat("x", 100_000)+`"}`, 401),
			{name: "with a form", method: "POST", path: "/v1/session", body: "key=" + s.key, headers: []string{nobody, "Content-Type: application/x-www-form-urlencoded"}, status: 415, header: []string{"Set-Cookie:"}},
			{name: "with the key in the URL", method: "POST", path: "/v1/session?key=" + s.key, body: `{}`, headers: []string{nobody}, status: 400, want: []string{"unknown-parameter"}},
			{name: "as what a key is", path: "/v1/session", headers: []string{"X-API-Key: " + s.key}, status: 200, want: []string{`"role":"admin"`}, never: []string{"expires_at"}},
		})
		key := s.keyOf(t, models.RoleOfficer, "25747")
		w, text := s.play(t, scenario{method: "POST", path: "/v1/session", body: `{"key":"` + key + `"}`, headers: []string{nobody}, status: 201,
			want:   []string{`"role":"officer"`, `"communes":[{"code":"25747"`, `"expires_at":"2026-01-15T05:15:00Z"`},
			header: []string{"Cache-Control: no-store", "Location: /v1/session", "Access-Control-Allow-Credentials:"}})
		if set := w.Header["Set-Cookie"]; len(set) != 1 || !strings.HasPrefix(set[0], "diachiso_session=dcp_") || !strings.HasSuffix(set[0], "; Path=/; HttpOnly; SameSite=Strict") {
			t.Errorf("the cookie is %q", set)
		}
		cookie := cookieHeader(t, w)
		_, secret, _ := strings.Cut(cookie, "=")
		if strings.Contains(text, key) || strings.Contains(text, secret) {
			t.Errorf("a secret is in the answer: %s", text)
		}
		s.run(t, []scenario{
			{name: "who am I", path: "/v1/session", headers: []string{cookie}, status: 200, want: []string{`"role":"officer"`, `"name":"test officer"`, `"code":"25747"`, "expires_at"}, header: []string{"Cache-Control: no-store"}},
			{name: "the secret is no key", path: "/v1/session", headers: []string{"Authorization: Bearer " + secret}, status: 401},
			{name: "the key is no secret", path: "/v1/session", headers: []string{"Cookie: diachiso_session=" + key}, status: 200, never: []string{"role"}},
			{name: "writing", method: "POST", path: "/v1/addresses", body: nameless, headers: []string{nobody, cookie}, status: 201},
		})
		for _, hidden := range []string{key, secret, s.key, "dcs_wrong"} {
			if strings.Contains(s.log.String(), hidden) {
				t.Errorf("the log holds a secret:\n%s", s.log)
			}
		}
	})
}

func TestSessionIsSomebodyElseThanItsKey(t *testing.T) {
	rows := matrix()
	eachServer(t, func(t *testing.T, s *server) {
		askers := s.askers(t)
		for n, call := range []string{"POST /v1/addresses", "GET /v1/keys", "POST /v1/keys", "GET /v1/addresses/:code", "GET /v1/session", "DELETE /v1/sessions"} {
			method, _, _ := strings.Cut(call, " ")
			for _, who := range []asker{courier, ownOfficer, farOfficer, admin} {
				row, secrets := rows[call], askers
				row.headers, secrets[who] = append(row.headers, s.signedIn(t, askers[who])), ""
				s.tryCall(t, method, row, (40+n)*len(askers)+int(who), who, secrets)
			}
		}
	})
}

func TestHeaderAndCookieDisagree(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		cookie := s.signedIn(t, s.key)
		name, secret, _ := strings.Cut(cookie, "=")
		s.run(t, []scenario{
			{name: "a courier's key over an admin's cookie", method: "POST", path: "/v1/addresses", body: nameless, headers: []string{"X-API-Key: " + s.keyOf(t, models.RoleCourier), "Authorization:", cookie}, status: 403, want: []string{"not-allowed"}},
			{name: "a wrong key over a good cookie", path: "/v1/units", headers: []string{"X-API-Key: dcs_wrong", cookie}, status: 401, want: []string{"bad-key"}},
			{name: "a key sent from another site's server", method: "POST", path: "/v1/addresses", body: nameless, headers: []string{cookie, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, status: 201},
			{name: "two cookies", path: "/v1/session", headers: []string{cookie + "; " + strings.TrimPrefix(name, "Cookie: ") + "=" + secret}, status: 200, never: []string{"role"}},
			{name: "signing out by a key", method: "DELETE", path: "/v1/session", headers: []string{"X-API-Key: " + s.key, cookie}, status: 204},
			{name: "ends the session of the cookie", path: "/v1/session", headers: []string{cookie}, status: 200, never: []string{"role"}},
		})
	})
}

func TestOtherSitesUseTheCookie(t *testing.T) {
	eachServerWith(t, Options{PublicURL: "https://diachi.example"}, func(t *testing.T, s *server) {
		w, _ := s.send(t, scenario{method: "POST", path: "/v1/session", body: `{"key":"` + s.key + `"}`, headers: []string{"Authorization:"}})
		cookie := cookieHeader(t, w)
		host := strings.TrimPrefix(s.url, "http://")
		for _, from := range []struct {
			name    string
			headers []string
			refused bool
		}{
			{"a page of another site", []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, true},
			{"a page of another site without its name", []string{"Sec-Fetch-Site: cross-site"}, true},
			{"a page of a subdomain", []string{"Sec-Fetch-Site: same-site", "Origin: https://shop.diachi.example"}, true},
			{"a page without an origin", []string{"Sec-Fetch-Site: cross-site", "Origin: null"}, true},
			{"an old browser without an origin", []string{"Origin: null"}, true},
			{"an old browser on another site", []string{"Origin: https://evil.example"}, true},
			{"an old browser on a subdomain", []string{"Origin: http://shop." + host}, true},
			{"an old browser on another port", []string{"Origin: http://127.0.0.1:1"}, true},
			{"the public URL without TLS", []string{"Sec-Fetch-Site: cross-site", "Origin: http://diachi.example"}, true},
			{"a form of another site", []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Content-Type: text/plain"}, true},
			{"a page of its own", []string{"Sec-Fetch-Site: same-origin", "Origin: https://diachi.example"}, false},
			{"an old browser on a page of its own", []string{"Origin: http://" + host}, false},
			{"an old browser behind a proxy", []string{"Origin: https://diachi.example"}, false},
			{"no browser", nil, false},
		} {
			headers := append([]string{"Authorization:", cookie}, from.headers...)
			// A body that is refused for another reason keeps the accepted ones from being duplicates.
			status, want := 400, `"code":"unknown"`
			if from.refused {
				status, want = 403, "/problems/cross-origin"
			}
			t.Run(from.name, func(t *testing.T) {
				s.play(t, scenario{method: "POST", path: "/v1/addresses", body: `{"x":1}`, headers: headers, status: status, want: []string{want}})
				s.play(t, scenario{method: "POST", path: "/v1/session", body: `{"x":1}`, headers: append([]string{"Authorization:"}, from.headers...), status: status, want: []string{want}})
				s.play(t, scenario{path: "/v1/session", headers: headers, status: 200, want: []string{"role"}, header: []string{"Access-Control-Allow-Credentials:"}})
				if from.refused {
					s.play(t, scenario{method: "DELETE", path: "/v1/session", headers: headers, status: 403, header: []string{"Set-Cookie:"}})
					s.play(t, scenario{method: "POST", path: "/v1/wash", body: `{"text":"5 Hoa Mai"}`, headers: headers, status: 403})
				}
			})
		}
		for _, path := range []string{"/v1/session", "/v1/sessions", "/v1/addresses"} {
			for _, method := range []string{"POST", "DELETE"} {
				w, _ := s.send(t, scenario{method: "OPTIONS", path: path, headers: []string{"Origin: https://evil.example", "Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: content-type"}})
				if allowed := w.Header.Get("Access-Control-Allow-Methods") + w.Header.Get("Access-Control-Allow-Credentials"); strings.Contains(allowed, method) || strings.Contains(allowed, "true") {
					t.Errorf("other origins may %s %s: %s", method, path, allowed)
				}
			}
		}
	})
}

func TestDeadCookie(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		_, key, err := s.store.CreateKey(t.Context(), models.KeyRequest{Name: "desk", Role: models.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		text, key, err := s.store.RotateKey(t.Context(), key.ID)
		if err != nil {
			t.Fatal(err)
		}
		revoked := s.signedIn(t, text)
		if _, err := s.store.RevokeKey(t.Context(), key.ID); err != nil {
			t.Fatal(err)
		}
		const cleared = "Set-Cookie: diachiso_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
		for name, cookie := range map[string]string{
			"of a revoked key": revoked, "that was guessed": "Cookie: diachiso_session=dcp_guess", "that is old": "Cookie: a=b; diachiso_session=x",
		} {
			t.Run(name, func(t *testing.T) {
				s.run(t, []scenario{
					{name: "reads", path: "/v1/units?level=province", headers: []string{cookie}, status: 200, header: []string{cleared}},
					{name: "asks by POST", method: "POST", path: "/v1/wash", body: `{"text":"5 Hoa Mai"}`, headers: []string{"Authorization:", cookie}, status: 200},
					{name: "is nobody", path: "/v1/session", headers: []string{cookie}, status: 200, never: []string{"role"}, header: []string{cleared}},
					{name: "writes", method: "POST", path: "/v1/addresses", body: nameless, headers: []string{"Authorization:", cookie}, status: 401, want: []string{"/problems/session-ended"}, header: []string{cleared, "WWW-Authenticate: Bearer"}},
					{name: "signs out", method: "DELETE", path: "/v1/session", headers: []string{cookie}, status: 204, header: []string{cleared}},
				})
			})
		}
		s.run(t, []scenario{
			{name: "no cookie reads", path: "/v1/units?level=province", status: 200, header: []string{"Set-Cookie:"}},
			{name: "a key over a dead cookie", path: "/v1/keys", headers: []string{"X-API-Key: " + s.key, revoked}, status: 200, header: []string{"Set-Cookie:"}},
		})
	})
}

func TestKeysAreGuessedBySigningIn(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		limited(t, s, Options{RateLimit: 20})
		in := scenario{method: "POST", path: "/v1/session", body: `{"key":"dcs_guess"}`, headers: []string{"Authorization:"}, status: 401}
		s.play(t, in)
		s.play(t, in)
		in.body, in.status, in.want = `{"key":"`+s.key+`"}`, 429, []string{"/problems/rate-limited"}
		s.play(t, in) // it would say which guess was right
	})
}

func TestSigningOut(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		here, there, everywhere := s.signedIn(t, s.key), s.signedIn(t, s.key), s.signedIn(t, s.key)
		if here == there {
			t.Fatalf("the same cookie twice: %s", here)
		}
		const cleared = "Set-Cookie: diachiso_session=; Path=/; Max-Age=0"
		s.run(t, []scenario{
			{name: "here", method: "DELETE", path: "/v1/session", headers: []string{here}, status: 204, header: []string{cleared}},
			{name: "is out here", path: "/v1/session", headers: []string{here}, status: 200, never: []string{"role"}},
			{name: "is in there", path: "/v1/session", headers: []string{there}, status: 200, want: []string{"role"}},
			{name: "everywhere", method: "DELETE", path: "/v1/sessions", headers: []string{everywhere}, status: 204, header: []string{cleared}},
			{name: "is out there", path: "/v1/session", headers: []string{there}, status: 200, never: []string{"role"}},
			{name: "nobody, everywhere", method: "DELETE", path: "/v1/sessions", status: 401, want: []string{"key-required"}},
			{name: "the key is still one", path: "/v1/keys", headers: []string{"X-API-Key: " + s.key}, status: 200},
		})
		again := s.signedIn(t, s.key)
		others := s.signedIn(t, s.keyOf(t, models.RoleOfficer, "25747"))
		s.play(t, scenario{name: "everywhere by key", method: "DELETE", path: "/v1/sessions", headers: []string{"X-API-Key: " + s.key, others}, status: 204, header: []string{cleared}})
		s.play(t, scenario{name: "and where it was asked for", path: "/v1/session", headers: []string{others}, status: 200, never: []string{"role"}})
		s.play(t, scenario{name: "is out", path: "/v1/session", headers: []string{again}, status: 200, never: []string{"role"}})
	})
}

func TestSignInKeepsTheCookie(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		first := s.signedIn(t, s.key)
		for _, before := range []string{first, "Cookie: diachiso_session=dcp_planted-by-somebody"} {
			w, _ := s.send(t, scenario{method: "POST", path: "/v1/session", body: `{"key":"` + s.key + `"}`, headers: []string{"Authorization:", before}})
			if after := cookieHeader(t, w); w.StatusCode != 201 || after == before || !strings.Contains(after, "=dcp_") {
				t.Errorf("%d and %q after %q", w.StatusCode, after, before)
			}
			s.play(t, scenario{path: "/v1/session", headers: []string{before}, status: 200, never: []string{"role"}})
		}
	})
}

func TestCookieBehindTLS(t *testing.T) {
	loopback := Options{TrustedProxies: Proxies{netip.MustParsePrefix("127.0.0.0/8")}}
	forwarded := "X-Forwarded-Proto: https"
	for _, c := range []struct {
		name    string
		options Options
		headers []string
		secure  bool
	}{
		{"of a trusted proxy", loopback, []string{forwarded}, true},
		{"of a public URL", Options{PublicURL: "https://diachi.example"}, nil, true},
		{"of nobody", Options{}, nil, false},
		{"that a stranger tells of", Options{}, []string{forwarded}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachServerWith(t, c.options, func(t *testing.T, s *server) {
				w, _ := s.play(t, scenario{method: "POST", path: "/v1/session", body: `{"key":"` + s.key + `"}`, headers: append([]string{"Authorization:"}, c.headers...), status: 201})
				cookie := w.Cookies()[0]
				if cookie.Secure != c.secure || strings.HasPrefix(cookie.Name, "__Host-") != c.secure || cookie.Path != "/" || cookie.Domain != "" {
					t.Errorf("the cookie is %s", w.Header["Set-Cookie"])
				}
				s.play(t, scenario{path: "/v1/session", headers: append([]string{cookieHeader(t, w)}, c.headers...), status: 200, want: []string{"role"}})
				if c.secure {
					s.play(t, scenario{name: "without the prefix", path: "/v1/session", headers: append([]string{"Cookie: diachiso_session=" + cookie.Value}, c.headers...), status: 200, never: []string{"role"}})
				}
			})
		})
	}
}

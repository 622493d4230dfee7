package handlers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// visit is a sign-in under way: what a browser brings back from the provider.
type visit struct {
	cookie   string // the header of the attempt
	callback string // path and query
}

func eachProvider(t *testing.T, run func(t *testing.T, s *server, p *testProvider)) {
	t.Helper()
	p := newTestProvider(t)
	eachServerWith(t, Options{PublicURL: publicURL, SignIn: p.settings()}, func(t *testing.T, s *server) {
		p.set(func() { p.account, p.lie, p.key, p.asBasic = officerAccount(), nil, firstKey(), true })
		run(t, s, p)
	})
}

// setOut begins a sign-in and goes through the provider.
func (s *server) setOut(t *testing.T, path string) visit {
	t.Helper()
	w, _ := s.play(t, scenario{path: path, status: http.StatusFound, header: []string{"Cache-Control: no-store"}})
	back, err := client.Get(w.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	back.Body.Close()
	to, found := strings.CutPrefix(back.Header.Get("Location"), publicURL)
	if back.StatusCode != http.StatusFound || !found {
		t.Fatalf("the provider answers %d, to %q", back.StatusCode, back.Header.Get("Location"))
	}
	return visit{cookieHeader(t, w), to}
}

// finish brings a visit back.
func (s *server) finish(t *testing.T, v visit, status int, want ...string) *http.Response {
	t.Helper()
	c := scenario{path: v.callback, headers: []string{v.cookie}, status: status, want: want, header: []string{"Cache-Control: no-"}}
	if status != http.StatusSeeOther {
		c.never = []string{"dcp_"}
	}
	w, _ := s.play(t, c)
	if signedIn := sessionIn(w) != ""; signedIn != (status == http.StatusSeeOther) {
		t.Errorf("%d, signed in: %t", status, signedIn)
	}
	return w
}

// sessionIn is the header of the session that an answer opens; empty: none.
func sessionIn(w *http.Response) string {
	for _, cookie := range w.Cookies() {
		if cookie.Name == "__Host-diachiso_session" && cookie.Value != "" {
			return "Cookie: " + cookie.Name + "=" + cookie.Value
		}
	}
	return ""
}

func TestSigningInWithAProvider(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		begun, _ := s.send(t, scenario{path: "/auth/login"})
		if set := begun.Header["Set-Cookie"]; len(set) != 1 || !strings.HasPrefix(set[0], "__Host-diachiso_attempt=") || !strings.HasSuffix(set[0], "; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax") {
			t.Errorf("the cookie is %q", set)
		}
		v := s.setOut(t, "/auth/login?return_to=/sign-in%3Fa=b&utm_source=x")
		w := s.finish(t, v, 303)
		if to := w.Header.Get("Location"); to != "/sign-in?a=b" {
			t.Errorf("goes to %q", to)
		}
		set := strings.Join(w.Header["Set-Cookie"], "\n")
		if !strings.Contains(set, "__Host-diachiso_attempt=; Path=/; Max-Age=0") || !strings.HasSuffix(set, "; Path=/; HttpOnly; Secure; SameSite=Strict") {
			t.Errorf("the cookies are %s", set)
		}
		cookie := sessionIn(w)
		s.run(t, []scenario{
			{name: "who am I", path: "/v1/session", headers: []string{cookie}, status: 200, want: []string{`"sign_in":"provider","role":"officer","name":"Trần Thị Mẫu","communes":[{"code":"25747"`}},
			{name: "writing", method: "POST", path: "/v1/addresses", body: nameless, headers: []string{"Authorization:", cookie}, status: 201},
			{name: "writing elsewhere", method: "POST", path: "/v1/addresses", body: `{"kind":"landmark","name":"Cây đa","lat":11.06,"lng":106.75}`, headers: []string{"Authorization:", cookie}, status: 403, want: []string{"outside-communes"}},
			{name: "an admin's call", path: "/v1/keys", headers: []string{cookie}, status: 403},
			{name: "signing in with a key", method: "POST", path: "/v1/session", body: `{"key":"` + s.key + `"}`, headers: []string{"Authorization:"}, status: 403, want: []string{"provider-only"}, header: []string{"Set-Cookie:"}},
			{name: "a key in a header", path: "/v1/keys", headers: []string{"X-API-Key: " + s.key}, status: 200},
		})
		actors := s.database.Texts(t, "SELECT DISTINCT actor FROM changes")
		if len(actors) != 1 || !strings.HasPrefix(actors[0][0], "sso:") || len(actors[0][0]) != 16 {
			t.Errorf("the change log names %v", actors)
		}
		q, _ := url.ParseQuery(v.callback[strings.Index(v.callback, "?")+1:])
		_, attempt, _ := strings.Cut(v.cookie, "=")
		for _, secret := range []string{q.Get("code"), q.Get("state"), attempt, strings.TrimPrefix(cookie, "Cookie: "), "access-", "eyJ", "Mẫu", "u-17", clientSecret} {
			if secret == "" || strings.Contains(s.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
		s.play(t, scenario{name: "everywhere", method: "DELETE", path: "/v1/sessions", headers: []string{cookie}, status: 204})
		s.play(t, scenario{name: "is out", path: "/v1/session", headers: []string{cookie}, status: 200, never: []string{"role"}})
	})
}

func TestProviderOfAnotherKind(t *testing.T) {
	p := newTestProvider(t)
	p.asBasic = false
	settings := p.settings()
	settings.Roles = map[string]string{"can-bo": "officer", "quan-tri": "admin"}
	eachServerWith(t, Options{PublicURL: publicURL, SignIn: settings}, func(t *testing.T, s *server) {
		for _, c := range []struct {
			name     string
			role     any
			communes any
			want     string // the role, or the code of the refusal
		}{
			{"one word", "can-bo", []string{"25747"}, "officer"},
			{"a list of words", []string{"staff", "can-bo", "quan-tri"}, nil, "admin"},
			{"communes with commas", []string{"can-bo"}, "25747, 25920", "officer"},
			{"some communes that are none", "can-bo", []any{"00000", 7, "25747"}, "officer"},
			{"a role of ours that is not in the list", "admin", nil, "no-role"},
			{"a role of nobody", "staff", nil, "no-role"},
			{"a number", 7, nil, "no-role"},
			{"nothing", nil, nil, "no-role"},
			{"no communes", "can-bo", nil, "no-communes"},
			{"communes that are none", "can-bo", []string{"00000"}, "no-communes"},
		} {
			t.Run(c.name, func(t *testing.T) {
				p.set(func() { p.account = account{"sub": "u-18", "diachiso_role": c.role, "diachiso_communes": c.communes} })
				v := s.setOut(t, "/auth/login")
				if strings.HasPrefix(c.want, "no-") {
					s.finish(t, v, 403, "/problems/"+c.want)
					return
				}
				s.play(t, scenario{path: "/v1/session", headers: []string{sessionIn(s.finish(t, v, 303))}, status: 200, want: []string{`"role":"` + c.want + `"`}})
			})
		}
	})
}

func TestRoleIsClaimedThatIsNone(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		for _, role := range []string{"", "owner", "king", "Admin", "officer admin"} {
			p.set(func() { p.account = account{"sub": "u-19", "diachiso_role": role} })
			s.finish(t, s.setOut(t, "/auth/login"), 403, "/problems/no-role", "diachiso_role")
		}
	})
}

func TestTokenDoesNotHold(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		for name, lie := range map[string]func(k *testToken){
			"of another sign-in":      func(k *testToken) { k.claims["nonce"] = strings.Repeat("n", 43) },
			"without a nonce":         func(k *testToken) { delete(k.claims, "nonce") },
			"for another client":      func(k *testToken) { k.claims["aud"] = "shop" },
			"given to another client": func(k *testToken) { k.claims["aud"], k.claims["azp"] = []string{clientID, "shop"}, "shop" },
			"of another provider":     func(k *testToken) { k.claims["iss"] = "https://id.example" },
			"that is over":            func(k *testToken) { k.claims["exp"] = time.Now().Add(-time.Minute).Unix() },
			"of nobody":               func(k *testToken) { delete(k.claims, "sub") },
			"of another key":          func(k *testToken) { k.key = secondKey() },
			"of an unknown key":       func(k *testToken) { k.key, k.header["kid"] = secondKey(), "unknown" },
			"not signed":              func(k *testToken) { k.header["alg"], k.signature = "none", []byte{} },
			"signed with the secret": func(k *testToken) {
				k.header["alg"] = "HS256"
				mac := hmac.New(sha256.New, []byte(clientSecret))
				mac.Write([]byte(k.unsigned()))
				k.signature = mac.Sum(nil)
			},
			"changed after it was signed": func(k *testToken) {
				k.signature = k.sign()
				k.claims["diachiso_role"] = "admin"
			},
			"that is not there": func(k *testToken) { k.omit = true },
		} {
			t.Run(name, func(t *testing.T) {
				p.set(func() { p.lie = lie })
				s.finish(t, s.setOut(t, "/auth/login"), 502, "/problems/provider-not-believed")
			})
		}
		if n := s.database.Count(t, "SELECT count(*) FROM sessions"); n != 0 {
			t.Errorf("%d sessions were opened", n)
		}
		for _, why := range []string{"token is expired", "another sign-in", "expected audience", "there is no ID token"} {
			if !strings.Contains(s.log.String(), why) {
				t.Errorf("the log does not say %q:\n%s", why, s.log)
			}
		}
		if strings.Contains(s.log.String(), "eyJ") {
			t.Errorf("the log holds a token:\n%s", s.log)
		}
		p.set(func() { p.lie = nil })
		s.finish(t, s.setOut(t, "/auth/login"), 303)
	})
}

func TestCallbackIsAttacked(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		code := func(v visit) string {
			_, q, _ := strings.Cut(v.callback, "?")
			values, _ := url.ParseQuery(q)
			return values.Get("code")
		}
		with := func(v visit, name, value string) visit {
			path, q, _ := strings.Cut(v.callback, "?")
			values, _ := url.ParseQuery(q)
			values.Set(name, value)
			return visit{v.cookie, path + "?" + values.Encode()}
		}
		used := s.setOut(t, "/auth/login")
		s.finish(t, used, 303)
		mine, theirs := s.setOut(t, "/auth/login"), s.setOut(t, "/auth/login")
		parts := strings.Split(mine.cookie, ".")
		elsewhere := strings.Join([]string{parts[0], parts[1], base64.RawURLEncoding.EncodeToString([]byte("/docs"))}, ".")
		began, err := strconv.Atoi(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		later := strings.Join([]string{parts[0], strconv.Itoa(began + 1), parts[2]}, ".")
		for _, c := range []struct {
			name   string
			visit  visit
			status int
			want   string
		}{
			{"without the cookie", visit{"Cookie: a=b", mine.callback}, 400, "sign-in-lost"},
			{"with the cookie of another sign-in", visit{theirs.cookie, mine.callback}, 400, "sign-in-lost"},
			{"with the name of a cookie that other hosts may set", visit{strings.Replace(mine.cookie, "__Host-", "", 1), mine.callback}, 400, "sign-in-lost"},
			{"with another state", with(mine, "state", strings.Repeat("s", 43)), 400, "sign-in-lost"},
			{"without a state", with(mine, "state", ""), 400, "sign-in-lost"},
			{"with another way back", visit{elsewhere, mine.callback}, 400, "sign-in-lost"},
			{"with another beginning", visit{later, mine.callback}, 400, "sign-in-lost"},
			{"with a broken cookie", visit{"Cookie: __Host-diachiso_attempt=x.y", mine.callback}, 400, "sign-in-lost"},
			{"again, by the same browser", visit{"Cookie: a=b", used.callback}, 400, "sign-in-lost"},
			{"again, with the cookie kept", used, 400, "code-refused"},
			{"with a stolen code", with(mine, "code", code(theirs)), 400, "code-refused"},
			{"with a code that was guessed", with(mine, "code", "guess"), 400, "code-refused"},
			{"without a code", with(mine, "code", ""), 400, "no-code"},
			{"from another provider", with(mine, "iss", "https://id.example"), 400, "other-provider"},
			{"with nothing", visit{"Cookie: a=b", "/auth/callback"}, 400, "sign-in-lost"},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := s.finish(t, c.visit, c.status, "/problems/"+c.want)
				if set := strings.Join(w.Header["Set-Cookie"], ""); !strings.HasPrefix(set, "__Host-diachiso_attempt=; Path=/; Max-Age=0") {
					t.Errorf("the attempt is not taken back: %q", set)
				}
			})
		}
		s.finish(t, with(mine, "iss", p.URL), 303) // what the others tried left it as it was
		if n := s.database.Count(t, "SELECT count(*) FROM sessions"); n != 2 {
			t.Errorf("%d sessions were opened, want 2", n)
		}
	})
}

func TestAttemptIsOldOrForged(t *testing.T) {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	begun := newAttempt("/sign-in", now)
	for name, c := range map[string]struct {
		attempt attempt
		now     time.Time
		live    bool
	}{
		"at once":              {begun, now, true},
		"after nine minutes":   {begun, now.Add(9 * time.Minute), true},
		"after ten minutes":    {begun, now.Add(10 * time.Minute), false},
		"before it began":      {begun, now.Add(-2 * time.Minute), false},
		"to another host":      {newAttempt("//evil.example", now), now, false},
		"of nothing":           {"", now, false},
		"of three empty parts": {"..", now, false},
		"of four parts":        {begun + ".x", now, false},
	} {
		if to, live := c.attempt.returnTo(c.now); live != c.live || live && to != "/sign-in" {
			t.Errorf("%s: %q, %t", name, to, live)
		}
	}
	derived := map[string]bool{}
	for _, t := range []attempt{begun, newAttempt("/sign-in", now)} {
		for _, use := range []string{forState, forNonce, forVerifier} {
			derived[t.derive(use)] = true
		}
	}
	if len(derived) != 6 {
		t.Errorf("two of what is derived are equal: %v", derived)
	}
}

func TestWayBackLeadsElsewhere(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		for _, to := range []string{
			"//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, "https://evil.example", "https:evil.example", "javascript:alert(1)",
			"/\t/evil.example", "/\n/evil.example", "/ /evil.example", "/..//evil.example", "/./x", "/a//b", "evil.example", "@evil.example", ".evil.example", "/%",
			"/sign-in\r\nSet-Cookie: a=b", "/x#y", "/đ", "/" + strings.Repeat("x", 500),
		} {
			s.play(t, scenario{path: "/auth/login?return_to=" + url.QueryEscape(to), status: 400, want: []string{"/problems/not-local", `"parameter":"return_to"`}, header: []string{"Set-Cookie:", "Location:"}})
		}
		for _, to := range []string{"/", "/sign-in", "/o", "/a/28XMJ25Q66?x=%2F%2Fy&z=https://x"} {
			if got := s.finish(t, s.setOut(t, "/auth/login?return_to="+url.QueryEscape(to)), 303).Header.Get("Location"); got != to {
				t.Errorf("%s leads to %s", to, got)
			}
		}
	})
}

func TestProviderRefuses(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		for error, want := range map[string]struct {
			status int
			code   string
		}{
			"access_denied": {403, "access-denied"}, "temporarily_unavailable": {503, "provider-unavailable"}, "server_error": {503, "provider-unavailable"},
			"invalid_scope": {502, "provider-not-believed"}, `<script>"`: {502, "provider-not-believed"}, "": {502, "provider-not-believed"},
		} {
			v := s.setOut(t, "/auth/login")
			_, q, _ := strings.Cut(v.callback, "?")
			values, _ := url.ParseQuery(q)
			v.callback = "/auth/callback?" + url.Values{"error": {error}, "state": values["state"], "error_description": {"<b>x</b>"}}.Encode()
			s.finish(t, v, want.status, "/problems/"+want.code)
			v.cookie = "Cookie: a=b"
			s.finish(t, v, 400, "/problems/sign-in-lost") // whoever makes up a refusal has no state
		}
	})
}

func TestBrowsersGetJSON(t *testing.T) {
	const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		p.set(func() { p.account = account{"sub": "u-20"} })
		v := s.setOut(t, "/auth/login")
		s.run(t, []scenario{
			{name: "no role", path: v.callback, headers: []string{v.cookie, browser}, status: 403,
				want:   []string{`role="alert"><span lang="vi">Tài khoản này chưa có vai trò`, `<span lang="en">This account has no role here: the provider must send one in the claim diachiso_role.`, "/auth/login"},
				header: []string{"Content-Type: text/html", "Content-Security-Policy: script-src 'sha256-", "Cache-Control: no-store"}},
			{name: "no way back", path: "/auth/login?return_to=//evil.example", headers: []string{browser}, status: 400, want: []string{"It must be a path of this server"}, never: []string{"evil"}},
			{name: "a program", path: "/auth/login?return_to=//evil.example", headers: []string{"Accept: */*"}, status: 400, header: []string{"Content-Type: application/problem+json"}},
		})
		p.set(func() { p.lie = func(k *testToken) { k.omit = true } })
		v = s.setOut(t, "/auth/login")
		s.play(t, scenario{path: v.callback, headers: []string{v.cookie, browser}, status: 502, want: []string{"nobody was signed in"}, never: []string{"there is no ID token"}})
		if !strings.Contains(s.log.String(), "there is no ID token") {
			t.Error("the log does not say why")
		}
	})
}

func TestProviderChangesItsKeys(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *server, p *testProvider) {
		s.finish(t, s.setOut(t, "/auth/login"), 303)
		p.set(func() { p.key = secondKey() })
		s.finish(t, s.setOut(t, "/auth/login"), 303)
		p.set(func() { p.lie = func(k *testToken) { k.key, k.header["kid"] = firstKey(), keyID(firstKey()) } })
		s.finish(t, s.setOut(t, "/auth/login"), 502, "provider-not-believed")
	})
}

func TestProviderIsDown(t *testing.T) {
	p := newTestProvider(t)
	settings := Options{PublicURL: publicURL, SignIn: p.settings()}
	eachServerWith(t, settings, func(t *testing.T, s *server) {
		p.set(func() { p.down = true })
		s.run(t, []scenario{
			{name: "signing in", path: "/auth/login", status: 503, want: []string{"/problems/provider-unavailable"}, header: []string{"Retry-After: *", "Set-Cookie:"}},
			{name: "everything else", path: "/v1/units?level=province", status: 200},
			{name: "who am I", path: "/v1/session", status: 200, want: []string{`{"sign_in":"provider"}`}},
		})
		p.set(func() { p.down = false })
		s.finish(t, s.setOut(t, "/auth/login"), 303)
	})
	p.Close()
	eachServerWith(t, settings, func(t *testing.T, s *server) {
		s.play(t, scenario{path: "/auth/login", status: 503, want: []string{"/problems/provider-unavailable"}})
	})
}

func TestClientSecretIsWrong(t *testing.T) {
	p := newTestProvider(t)
	settings := p.settings()
	settings.ClientSecret = "another secret"
	eachServerWith(t, Options{PublicURL: publicURL, SignIn: settings}, func(t *testing.T, s *server) {
		s.finish(t, s.setOut(t, "/auth/login"), 502, "provider-not-believed")
		if log := s.log.String(); !strings.Contains(log, `answers 401 \"invalid_client\"`) || strings.Contains(log, settings.ClientSecret) {
			t.Errorf("the log does not say why, or tells the secret:\n%s", log)
		}
	})
}

func TestNoProvider(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, path := range []string{"/auth/login", "/auth/callback?code=x&state=y"} {
			s.play(t, scenario{path: path, status: 404, want: []string{"/problems/no-provider"}})
		}
	})
}

// What a claim may be is what JSON may be.
func TestTextsOfAClaim(t *testing.T) {
	for text, want := range map[string][]string{
		`"25747"`: {"25747"}, `"25747, 25920"`: {"25747", "25920"}, `["25747"," 25920 ",7,null,["x"]]`: {"25747", "25920"}, `7`: nil, `null`: nil, `{"a":"b"}`: nil, `[]`: nil,
	} {
		var claim any
		if err := json.Unmarshal([]byte(text), &claim); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, textsIn(claim)); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

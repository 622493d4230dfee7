package handlers

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

const (
	clientID     = "diachiso"
	clientSecret = "a secret of a test"
	publicURL    = "https://diachi.example"
)

// account is the person who signs in at the test provider.
type account map[string]any

// officerAccount is that of an officer of Thủ Dầu Một; nobody bears the name.
func officerAccount() account {
	return account{"sub": "u-17", "name": "Trần Thị Mẫu", "diachiso_role": "officer", "diachiso_communes": []string{"25747"}}
}

// testProvider is a small OpenID Connect provider that keeps the rules of code,
// PKCE and client, and lies in its tokens as a test tells it to.
type testProvider struct {
	*httptest.Server
	mu      sync.Mutex
	account account
	lie     func(token *testToken)
	key     *rsa.PrivateKey
	codes   map[string]url.Values // granted, by code: the request for it
	asBasic bool                  // how clients say who they are
	down    bool
}

// testToken is an ID token before it is signed.
type testToken struct {
	header, claims map[string]any
	key            *rsa.PrivateKey
	signature      []byte // nil: that of key
	omit           bool
}

// keys of the test provider; making them takes a while.
var (
	firstKey  = sync.OnceValue(newRSAKey)
	secondKey = sync.OnceValue(newRSAKey)
)

func newRSAKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return key
}

func newTestProvider(t *testing.T) *testProvider {
	t.Helper()
	p := &testProvider{key: firstKey(), codes: map[string]url.Values{}, account: officerAccount(), asBasic: true}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.down {
			http.Error(w, "gone", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// set changes the provider between requests.
func (p *testProvider) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// settings are those of a program that trusts the provider.
func (p *testProvider) settings() SignIn {
	return SignIn{Issuer: p.URL, ClientID: clientID, ClientSecret: clientSecret, RoleClaim: "diachiso_role", CommunesClaim: "diachiso_communes"}
}

func tell(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func (p *testProvider) discovery(w http.ResponseWriter, _ *http.Request) {
	method := map[bool]string{true: "client_secret_basic", false: "client_secret_post"}[p.asBasic]
	tell(w, http.StatusOK, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "token_endpoint_auth_methods_supported": []string{method},
	})
}

// keyID names a key as the provider's list does.
func keyID(key *rsa.PrivateKey) string { return fmt.Sprintf("k%x", sha256.Sum256(key.N.Bytes()))[:9] }

func (p *testProvider) keys(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID(p.key), "n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), "e": "AQAB",
	}}})
}

// authorize lets the person in without asking.
func (p *testProvider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name, want := range map[string]string{
		"client_id": clientID, "redirect_uri": publicURL + "/auth/callback", "response_type": "code", "scope": "openid profile", "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			http.Error(w, name+" is "+q.Get(name), http.StatusBadRequest)
			return
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Get(name)) < 43 {
			http.Error(w, name+" is too short", http.StatusBadRequest)
			return
		}
	}
	code := rand.Text()
	p.codes[code] = q
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

// token gives a token for a code, once, to whoever began.
func (p *testProvider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	if unescaped, err := url.QueryUnescape(secret); basic && err == nil {
		secret = unescaped
	}
	if basic != p.asBasic || id != clientID || secret != clientSecret {
		tell(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	asked, granted := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !granted || r.FormValue("grant_type") != "authorization_code" || r.FormValue("redirect_uri") != asked.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != asked.Get("code_challenge") {
		tell(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	token := testToken{
		header: map[string]any{"alg": "RS256", "kid": keyID(p.key)}, key: p.key,
		claims: map[string]any{"iss": p.URL, "aud": clientID, "nonce": asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()},
	}
	maps.Copy(token.claims, p.account)
	if p.lie != nil {
		p.lie(&token)
	}
	answer := map[string]any{"access_token": "access-" + rand.Text(), "token_type": "Bearer", "expires_in": 60}
	if !token.omit {
		answer["id_token"] = token.String()
	}
	tell(w, http.StatusOK, answer)
}

// unsigned is what is signed of the token.
func (k testToken) unsigned() string {
	part := func(value any) string {
		text, err := json.Marshal(value)
		if err != nil {
			panic(err) // claims of tests have a JSON form
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(k.header) + "." + part(k.claims)
}

// sign is the provider's signature.
func (k testToken) sign() []byte {
	sum := sha256.Sum256([]byte(k.unsigned()))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the keys of tests are long enough
	}
	return signature
}

// String is the token as it is sent.
func (k testToken) String() string {
	if k.signature == nil {
		k.signature = k.sign()
	}
	return k.unsigned() + "." + base64.RawURLEncoding.EncodeToString(k.signature)
}

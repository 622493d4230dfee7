package handlers

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"diachiso/models"
)

// SignIn is the OpenID Connect provider that people sign in with. Without an
// issuer they sign in with keys.
type SignIn struct {
	Issuer        string // a URL, exactly as the provider calls itself
	ClientID      string
	ClientSecret  string
	RoleClaim     string            // names the role: a text, or a list of them
	CommunesClaim string            // names the communes of an officer by their codes
	Roles         map[string]string // from what the claim says to a role of keys; empty: it says the roles themselves
}

// providerPatience is how long the provider may take for one answer.
const providerPatience = 5 * time.Second

// provider vouches for people. It is asked who it is when somebody signs in
// for the first time, so that the program starts also while it is down.
type provider struct {
	SignIn
	callback string
	client   *http.Client
	known    atomic.Pointer[knownProvider]
}

// knownProvider is what the provider told about itself. Its keys are asked for
// again when a token is signed with another.
type knownProvider struct {
	oauth    *oauth2.Config
	verifier *oidc.IDTokenVerifier
}

// newProvider is the provider of a setting; nil: people sign in with keys.
func newProvider(s SignIn, publicURL string) *provider {
	if s.Issuer == "" {
		return nil
	}
	return &provider{SignIn: s, callback: publicURL + callbackPath, client: &http.Client{Timeout: providerPatience}}
}

// discover asks the provider where its endpoints are, once.
func (p *provider) discover(ctx context.Context) (*knownProvider, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	found, err := oidc.NewProvider(p.through(ctx), p.Issuer)
	if err != nil {
		return nil, providerDown(err)
	}
	var told struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&told); err != nil {
		return nil, providerDown(err)
	}
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // what is meant where nothing is told
	if len(told.Methods) > 0 && !slices.Contains(told.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	known := &knownProvider{
		oauth: &oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: endpoint, RedirectURL: p.callback,
			Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile},
		},
		verifier: found.Verifier(&oidc.Config{ClientID: p.ClientID}),
	}
	p.known.Store(known)
	return known, nil
}

// through gives calls of the provider a client that does not wait for ever.
func (p *provider) through(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// identify exchanges a code for the identity of a person: the token must be the
// provider's, for this program, for this attempt and not over.
func (p *provider) identify(ctx context.Context, code string, t attempt) (models.Identity, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return models.Identity{}, err
	}
	token, err := known.oauth.Exchange(p.through(ctx), code, oauth2.VerifierOption(t.derive(forVerifier)))
	if err != nil {
		return models.Identity{}, exchangeFailed(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return models.Identity{}, notBelieved(errors.New("there is no ID token"))
	}
	id, err := known.verifier.Verify(p.through(ctx), raw)
	if err != nil {
		return models.Identity{}, notBelieved(err)
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return models.Identity{}, notBelieved(err)
	}
	authorized, named := claims["azp"].(string)
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.derive(forNonce))) != 1:
		return models.Identity{}, notBelieved(errors.New("the ID token is of another sign-in"))
	case named && authorized != p.ClientID:
		return models.Identity{}, notBelieved(errors.New("the ID token was given to another client"))
	case id.Subject == "":
		return models.Identity{}, notBelieved(errors.New("the ID token has no subject"))
	}
	return p.identity(id, claims)
}

// identity reads who somebody is from the claims of a token.
func (p *provider) identity(id *oidc.IDToken, claims map[string]any) (models.Identity, error) {
	who := models.Identity{Issuer: id.Issuer, Subject: id.Subject, Communes: textsIn(claims[p.CommunesClaim])}
	for _, name := range []string{"name", "preferred_username"} {
		if said, ok := claims[name].(string); ok && who.Name == "" {
			who.Name = said
		}
	}
	if who.Role = p.roleOf(textsIn(claims[p.RoleClaim])); who.Role == "" {
		return who, models.NewError(models.Forbidden, "", "no-role",
			"This account has no role here: the provider must send one in the claim %s. Ask whoever looks after the accounts.",
			"Tài khoản này chưa có vai trò trong hệ thống: nhà cung cấp đăng nhập phải gửi vai trò trong thuộc tính %s. Hãy hỏi người quản lý tài khoản.", p.RoleClaim)
	}
	return who, nil
}

// roleOf is the highest role that is claimed; empty: none.
func (p *provider) roleOf(claimed []string) string {
	highest := -1
	for _, word := range claimed {
		role := word
		if len(p.Roles) > 0 {
			role = p.Roles[word]
		}
		highest = max(highest, slices.Index(models.KeyRoles[:], role))
	}
	if highest < 0 {
		return models.RoleAnyone
	}
	return models.KeyRoles[highest]
}

// textsIn are the texts of a claim: of a list, or of one text with commas.
func textsIn(claim any) []string {
	var texts []string
	switch claim := claim.(type) {
	case string:
		for text := range strings.SplitSeq(claim, ",") {
			texts = append(texts, strings.TrimSpace(text))
		}
	case []any:
		for _, one := range claim {
			if text, ok := one.(string); ok {
				texts = append(texts, strings.TrimSpace(text))
			}
		}
	}
	return texts
}

// exchangeFailed says why a code gave no token. What else the provider answered
// is not for the log: it may hold tokens.
func exchangeFailed(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case ok && refused.ErrorCode == "invalid_grant":
		return status(http.StatusBadRequest, "code-refused", "The sign-in took too long or was used already: begin again.",
			"Lần đăng nhập này đã quá lâu hoặc đã được dùng: hãy bắt đầu lại.")
	case ok:
		return notBelieved(fmt.Errorf("the token endpoint answers %d %q", refused.Response.StatusCode, shown(refused.ErrorCode)))
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return providerDown(err)
	}
	return notBelieved(errors.New("the token endpoint answers no token"))
}

// notBelieved is an answer of the provider that does not hold.
func notBelieved(cause error) error {
	e := status(http.StatusBadGateway, "provider-not-believed",
		"The sign-in provider gave an answer that does not hold: nobody was signed in. The operator finds the reason in the log.",
		"Nhà cung cấp đăng nhập trả lời không hợp lệ: chưa đăng nhập được. Người vận hành xem lý do trong nhật ký.")
	e.cause = cause
	return e
}

func providerDown(cause error) error {
	e := status(http.StatusServiceUnavailable, "provider-unavailable",
		"The sign-in provider does not answer at the moment: try again in a few minutes.",
		"Nhà cung cấp đăng nhập hiện không trả lời: hãy thử lại sau vài phút.")
	e.cause = cause
	return e
}

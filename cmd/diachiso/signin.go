package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"

	"diachiso/handlers"
	"diachiso/models"
)

// signIn are the settings of how people sign in.
type signIn struct {
	PublicURL        string            `name:"public-url" env:"DIACHISO_PUBLIC_URL" placeholder:"URL" help:"Where people reach the server: https://…, without a path."`
	Issuer           string            `name:"oidc-issuer" env:"DIACHISO_OIDC_ISSUER" placeholder:"URL" help:"The OpenID Connect provider that people sign in with, as it calls itself; empty: people sign in with keys."`
	ClientID         string            `name:"oidc-client-id" env:"DIACHISO_OIDC_CLIENT_ID" placeholder:"ID" help:"What the provider calls this server."`
	ClientSecret     string            `name:"oidc-client-secret" env:"DIACHISO_OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"The secret that the provider gave this server."`
	ClientSecretFile string            `name:"oidc-client-secret-file" env:"DIACHISO_OIDC_CLIENT_SECRET_FILE" placeholder:"FILE" help:"A file that holds that secret; counts where none is given."`
	RoleClaim        string            `name:"oidc-role-claim" env:"DIACHISO_OIDC_ROLE_CLAIM" default:"diachiso_role" help:"The claim that names the role."`
	CommunesClaim    string            `name:"oidc-communes-claim" env:"DIACHISO_OIDC_COMMUNES_CLAIM" default:"diachiso_communes" help:"The claim that lists an officer's communes."`
	Roles            map[string]string `name:"oidc-roles" env:"DIACHISO_OIDC_ROLES" mapsep:"," placeholder:"CLAIMED=ROLE,…" help:"What the claim says for courier, officer and admin, such as can-bo=officer; empty: it says these words."`
}

// provider is the provider that is set, with its secret.
func (s signIn) provider() (handlers.SignIn, error) {
	p := handlers.SignIn{
		Issuer: s.Issuer, ClientID: s.ClientID, ClientSecret: s.ClientSecret,
		RoleClaim: s.RoleClaim, CommunesClaim: s.CommunesClaim, Roles: s.Roles,
	}
	if err := s.check(); err != nil || s.Issuer == "" || p.ClientSecret != "" {
		return p, err
	}
	text, err := os.ReadFile(s.ClientSecretFile)
	if err != nil {
		return p, fmt.Errorf("read the secret of the sign-in provider: %w", err)
	}
	if p.ClientSecret = strings.TrimSpace(string(text)); p.ClientSecret == "" {
		return p, fmt.Errorf("%s is empty: it must hold the secret of the sign-in provider", s.ClientSecretFile)
	}
	return p, nil
}

// check refuses settings that can't work, before anybody tries to sign in.
func (s signIn) check() error {
	if err := checkURL("--public-url", s.PublicURL); err != nil {
		return err
	}
	if u, err := url.Parse(s.PublicURL); err == nil && strings.Trim(u.Path+u.RawQuery+u.Fragment, "/") != "" || strings.HasSuffix(s.PublicURL, "/") {
		return usagef("--public-url: leave out what stands behind the host")
	}
	hasSecret := s.ClientSecret != "" || s.ClientSecretFile != ""
	switch {
	case s.Issuer == "" && (s.ClientID != "" || hasSecret):
		return usagef("--oidc-issuer is missing: it says which provider the other settings are for")
	case s.Issuer == "":
		return nil
	case s.ClientID == "" || !hasSecret || s.PublicURL == "":
		return usagef("--oidc-issuer needs --oidc-client-id, --oidc-client-secret or --oidc-client-secret-file, and --public-url, where the provider sends people back")
	}
	return s.checkProvider()
}

func (s signIn) checkProvider() error {
	if err := checkURL("--oidc-issuer", s.Issuer); err != nil {
		return err
	}
	for flag, text := range map[string]string{"--oidc-issuer": s.Issuer, "--public-url": s.PublicURL} {
		if err := checkPrivate(flag, text); err != nil {
			return err
		}
	}
	for claimed, role := range s.Roles {
		if !slices.Contains(models.KeyRoles[:], role) {
			return usagef("--oidc-roles: %s=%s names no role: write courier, officer or admin behind the sign", claimed, role)
		}
	}
	return nil
}

// checkURL takes the URL of a server that people go to.
func checkURL(flag, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return usagef("%s: write it as https://host", flag)
	}
	return nil
}

// checkPrivate takes a URL whose traffic nobody else can read: over TLS or on
// this machine. With what passes there others could sign in.
func checkPrivate(flag, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "https" || u.Hostname() == "localhost" {
		return err
	}
	if address := net.ParseIP(u.Hostname()); address == nil || !address.IsLoopback() {
		return usagef("%s: %s is reached over the network: for signing in with a provider it must be https://", flag, u.Hostname())
	}
	return nil
}

package main

import (
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestSignInIsSetWrongly(t *testing.T) {
	const secret = "a secret of a test"
	db := storetest.SQLite(t)
	provider := []string{"--oidc-issuer", "https://id.example", "--oidc-client-id", "diachiso", "--oidc-client-secret", secret, "--public-url", "https://diachi.example"}[:8:8]
	empty := write(t, "secret", "\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		err  string
	}{
		{"public URL without TLS", append(provider, "--public-url", "http://diachi.example"), exitUsage, "--public-url: diachi.example is reached over the network"},
		{"public URL with a path", []string{"--public-url", "https://diachi.example/app"}, exitUsage, "leave out what stands behind the host"},
		{"public URL with a slash", []string{"--public-url", "https://diachi.example/"}, exitUsage, "leave out what stands behind the host"},
		{"public URL that is none", []string{"--public-url", "diachi.example"}, exitUsage, "--public-url: write it as https://host"},
		{"public URL with a password", []string{"--public-url", "https://a:" + secret + "@diachi.example"}, exitUsage, "--public-url: write it as https://host"},
		{"issuer without TLS", append(provider, "--oidc-issuer", "http://id.example"), exitUsage, "--oidc-issuer: id.example is reached over the network"},
		{"issuer alone", provider[:2], exitUsage, "--oidc-issuer needs --oidc-client-id"},
		{"issuer without a public URL", provider[:6], exitUsage, "--oidc-issuer needs --oidc-client-id"},
		{"client without an issuer", provider[2:], exitUsage, "--oidc-issuer is missing"},
		{"a role that is none", append(provider, "--oidc-roles", "can-bo=king"), exitUsage, "--oidc-roles: can-bo=king names no role"},
		{"a file that is not there", append(append(provider[:4:4], provider[6:]...), "--oidc-client-secret-file", "gone"), exitFailed, "read the secret of the sign-in provider"},
		{"an empty file", append(append(provider[:4:4], provider[6:]...), "--oidc-client-secret-file", empty), exitFailed, "is empty: it must hold the secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := commandOn(t, db, append([]string{"serve", "--listen", "127.0.0.1:0"}, c.args...)...)
			o.expect(t, c.code, "", c.err)
			if strings.Contains(o.err, secret) {
				t.Errorf("the secret is shown: %s", o.err)
			}
		})
	}
}

// The server starts while its provider is not there.
func TestServeWithAProvider(t *testing.T) {
	db := storetest.SQLite(t)
	t.Setenv("DIACHISO_PUBLIC_URL", "http://localhost:8080")
	t.Setenv("DIACHISO_OIDC_ISSUER", "http://127.0.0.1:9")
	t.Setenv("DIACHISO_OIDC_CLIENT_ID", "diachiso")
	t.Setenv("DIACHISO_OIDC_CLIENT_SECRET_FILE", write(t, "secret", "a secret of a test\n"))
	t.Setenv("DIACHISO_OIDC_ROLES", "can-bo=officer,quan-tri=admin")
	s := serving(t, db, isEmpty)
	if _, body := get(t, s, "/v1/session"); body != `{"sign_in":"provider"}` {
		t.Errorf("/v1/session answers %s", body)
	}
	if status, body := get(t, s, "/auth/login"); status != 503 || !strings.Contains(body, "provider-unavailable") {
		t.Errorf("/auth/login answers %d: %s", status, body)
	}
}

package main

import (
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestSignInIsSetWrongly(t *testing.T) {
	const secret = "a secret of a test"
	db := storetest.SQLite(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		err  string
	}{
		{"public URL with a path", []string{"--public-url", "https://diachi.example/app"}, exitUsage, "leave out what stands behind the host"},
		{"public URL with a slash", []string{"--public-url", "https://diachi.example/"}, exitUsage, "leave out what stands behind the host"},
		{"public URL that is none", []string{"--public-url", "diachi.example"}, exitUsage, "--public-url: write it as https://host"},
		{"public URL with a password", []string{"--public-url", "https://a:" + secret + "@diachi.example"}, exitUsage, "--public-url: write it as https://host"},
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

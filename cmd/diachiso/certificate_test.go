package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"diachiso/models"
	"diachiso/models/certificate"
	"diachiso/models/storetest"
)

// certified is a registry with an address that has a certificate.
type certified struct {
	storetest.Database
	keyFile string // of the private key
	kid     string
	code    string
	text    string // of the certificate
	jwks    string // a file of the public keys
}

func eachCertified(t *testing.T, run func(t *testing.T, c *certified)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		made := command(t, "certificate", "new-key")
		made.expect(t, exitDone, "-----BEGIN PRIVATE KEY-----\n", "DIACHISO_CERTIFICATE_KEY_FILE")
		if strings.Contains(made.err, "BEGIN") || !regexp.MustCompile(`^-----BEGIN PRIVATE KEY-----\n[0-9A-Za-z+/=]{64}\n-----END PRIVATE KEY-----\n$`).MatchString(made.out) {
			t.Errorf("standard output is not a key alone: %q and %q", made.out, made.err)
		}
		key, err := certificate.ReadKey([]byte(made.out))
		if err != nil {
			t.Fatal(err)
		}
		c := &certified{Database: db, keyFile: write(t, "certificate.key", made.out), kid: key.ID()}
		store := db.Open(t, storetest.Options{Boundaries: true})
		a := storetest.Register(t, store, storetest.House(1))
		c.code = a.Code.String()
		if err := store.AddCertificateKey(t.Context(), key.ID(), key.Public()); err != nil {
			t.Fatal(err)
		}
		issued, err := certificate.Issue(t.Context(), store, key, "https://diachi.example.vn", a)
		if err != nil {
			t.Fatal(err)
		}
		c.text, c.jwks = issued.Text, c.publish(t, store)
		run(t, c)
	})
}

// publish writes the public keys into a file.
func (c *certified) publish(t *testing.T, store *models.Store) string {
	t.Helper()
	keys, err := store.CertificateKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(certificate.PublicSet(keys))
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "jwks.json", string(set))
}

func TestCertificateIsVerified(t *testing.T) {
	eachCertified(t, func(t *testing.T, c *certified) {
		offline := func(text string) outcome { return command(t, "certificate", "verify", "--keys", c.jwks, text) }
		for _, fragment := range []string{"valid          yes\n", "key            " + c.kid + "\n", "issued by      https://diachi.example.vn\n", "code           ",
			"text           1 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh\n", "(lat,lng)", "verification   field, "} {
			offline(c.text).expect(t, exitDone, fragment, "")
		}
		if strings.Contains(offline(c.text).out, "today") {
			t.Error("offline it says how the registry sees it")
		}
		commandOn(t, c.Database, "certificate", "verify", c.text).expect(t, exitDone, "today          the registry says the same\n", "")

		in, err := os.Open(write(t, "scanned", c.text[:100]+"\n"+c.text[100:]+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		was := os.Stdin
		os.Stdin = in
		t.Cleanup(func() { os.Stdin = was })
		offline("-").expect(t, exitDone, "valid          yes\n", "")

		letter := "A"
		if c.text[200] == 'A' {
			letter = "B"
		}
		changed := c.text[:200] + letter + c.text[201:]
		offline(changed).expect(t, exitFailed, "valid  no: its signature does not fit", "")
		commandOn(t, c.Database, "certificate", "verify", changed).expect(t, exitFailed, "valid  no: its signature does not fit", "")
		offline(c.text[:200]).expect(t, exitFailed, "", "diachiso: This is no certificate of an address")
		offline("").expect(t, exitFailed, "", "This is no certificate of an address")
		command(t, "certificate", "verify").expect(t, exitUsage, "", `expected "<certificate>"`)
		command(t, "certificate", "verify", "--keys", "gone.json", c.text).expect(t, exitUsage, "", "gone.json")
		command(t, "certificate", "verify", "--keys", c.keyFile, c.text).expect(t, exitFailed, "", "it is no JWK set")
		command(t, "certificate", "verify", "--keys", write(t, "jwks.json", `{"keys":[]}`), c.text).expect(t, exitFailed, "", "no public Ed25519 key")
	})
}

func TestCertificateOfTheWorldSince(t *testing.T) {
	eachCertified(t, func(t *testing.T, c *certified) {
		verify := func() outcome { return commandOn(t, c.Database, "certificate", "verify", c.text) }
		store := c.Open(t, storetest.Options{})
		found, _, err := store.List(t.Context(), models.ListFilter{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		edit := models.Edit{Code: found[0].Code, Caller: models.Caller{Role: models.RoleAdmin, Name: "test admin"}}
		hamlet := "Khu phố 3"
		if _, err := store.Amend(t.Context(), edit, models.Amendment{Hamlet: &hamlet}); err != nil {
			t.Fatal(err)
		}
		verify().expect(t, exitDone, "today          changed since: text (version 2)\n", "")
		if _, err := store.Retire(t.Context(), edit, models.Retirement{Reason: models.ReasonGone}); err != nil {
			t.Fatal(err)
		}
		verify().expect(t, exitDone, "today          the address is in use no more\n", "")

		commandOn(t, c.Database, "certificate", "keys").expect(t, exitDone, c.kid+"  good  ", "")
		commandOn(t, c.Database, "certificate", "revoke", c.kid, "--reason", "Mất máy chủ").expect(t, exitDone, "", "proves nothing any more")
		commandOn(t, c.Database, "certificate", "keys").expect(t, exitDone, "Mất máy chủ", "")
		verify().expect(t, exitFailed, "valid  no: the key that it is signed with is revoked", "")
		command(t, "certificate", "verify", "--keys", c.publishOther(t, store), c.text).expect(t, exitFailed, "valid  no: it is signed with a key that is not among those known", "")
		commandOn(t, c.Database, "certificate", "revoke", c.kid, "--reason", "again").expect(t, exitFailed, "", "diachiso: The key "+c.kid+" was revoked on ")
		commandOn(t, c.Database, "certificate", "revoke", "--reason", "x", "nobody's").expect(t, exitFailed, "", `diachiso: No certificate was ever signed here with the key "nobody's"`)
		commandOn(t, c.Database, "certificate", "revoke", "x").expect(t, exitUsage, "", "--reason")
		commandOn(t, c.Database, "serve", "--listen", "127.0.0.1:0", "--certificate-key-file", c.keyFile).expect(t, exitFailed, "", "was revoked on ")
	})
}

func TestCertificateHasExpired(t *testing.T) {
	eachCertified(t, func(t *testing.T, c *certified) {
		key, err := certificate.ReadKey([]byte(read(t, c.keyFile)))
		if err != nil {
			t.Fatal(err)
		}
		then := c.Open(t, storetest.Options{Now: storetest.Noon("2020-01-15")})
		found, _, err := then.List(t.Context(), models.ListFilter{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		issued, err := certificate.Issue(t.Context(), then, key, "", found[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []outcome{command(t, "certificate", "verify", "--keys", c.jwks, issued.Text), commandOn(t, c.Database, "certificate", "verify", issued.Text)} {
			o.expect(t, exitFailed, "valid          no: it has expired\n", "")
			o.expect(t, exitFailed, "valid until    2021-01-15\n", "")
		}
	})
}

// publishOther adds a key and publishes what holds.
func (c *certified) publishOther(t *testing.T, store *models.Store) string {
	t.Helper()
	text, err := certificate.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := certificate.ReadKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.AddCertificateKey(t.Context(), key.ID(), key.Public()); err != nil {
		t.Fatal(err)
	}
	return c.publish(t, store)
}

// A server publishes the key it starts with, and keeps that of before.
func TestServeSignsWithANewKey(t *testing.T) {
	eachCertified(t, func(t *testing.T, c *certified) {
		t.Setenv("DIACHISO_CERTIFICATE_KEY_FILE", write(t, "new.key", command(t, "certificate", "new-key").out))
		if err := os.Chmod(os.Getenv("DIACHISO_CERTIFICATE_KEY_FILE"), 0o644); err != nil {
			t.Fatal(err)
		}
		s := serving(t, c.Database, lastLine)
		_, set := get(t, s, "/.well-known/jwks.json")
		if strings.Count(set, `"kid"`) != 2 || !strings.Contains(set, c.kid) {
			t.Errorf("published is %s", set)
		}
		if status, body := get(t, s, "/v1/addresses/"+c.code+"/certificate.pdf"); status != 200 || !strings.HasPrefix(body, "%PDF-") {
			t.Errorf("the certificate is %d: %.200s", status, body)
		}
		command(t, "certificate", "verify", "--keys", write(t, "jwks.json", set), c.text).expect(t, exitDone, "valid          yes\n", "")
		if !strings.Contains(s.err.String(), "everybody on this machine can read the key of certificates") {
			t.Errorf("nothing warns of an open file: %s", s.err.String())
		}
	})
}

func TestServeWithABadCertificateKey(t *testing.T) {
	db := storetest.SQLite(t)
	for name, c := range map[string]struct{ file, err string }{
		"not there":    {"gone.key", "diachiso: read the key of certificates: open gone.key"},
		"empty":        {write(t, "key", ""), "it must hold one private key"},
		"another text": {write(t, "key", "a secret of a test"), "it must hold one private key"},
		"a folder":     {t.TempDir(), "is a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			o := commandOn(t, db, "serve", "--listen", "127.0.0.1:0", "--certificate-key-file", c.file)
			if o.expect(t, exitFailed, "", c.err); strings.Contains(o.err, "secret of") {
				t.Errorf("the secret is shown: %s", o.err)
			}
		})
	}
}

package certificate

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// office is a registry that issues certificates, with a clock to turn.
type office struct {
	*models.Store
	key *Key
	at  time.Time
}

// clerk may do everything.
var clerk = models.Caller{Role: models.RoleAdmin, Name: "test admin"}

func eachOffice(t *testing.T, run func(t *testing.T, o *office)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		o := &office{key: testKey(t), at: time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)}
		o.Store = db.Open(t, storetest.Options{Boundaries: true, Now: func() time.Time { return o.at }})
		o.use(t, o.key)
		run(t, o)
	})
}

func testKey(t *testing.T) *Key {
	t.Helper()
	text, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ReadKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// use signs with a key from now on.
func (o *office) use(t *testing.T, key *Key) {
	t.Helper()
	if err := o.AddCertificateKey(t.Context(), key.ID(), key.Public()); err != nil {
		t.Fatal(err)
	}
	o.key = key
}

func (o *office) issue(t *testing.T, code geo.Code) *Issued {
	t.Helper()
	a, err := o.Address(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := Issue(t.Context(), o.Store, o.key, "https://diachi.example.vn", a)
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func (o *office) check(t *testing.T, text string) *Verdict {
	t.Helper()
	v, err := Check(t.Context(), o.Store, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// expect compares a verdict: its reason, and how the registry sees the address.
func (o *office) expect(t *testing.T, text, reason string, current *Current) {
	t.Helper()
	v := o.check(t, text)
	if v.Valid != (reason == "") || v.Reason != reason {
		t.Errorf("the certificate is valid: %t, reason %q; want %q", v.Valid, v.Reason, reason)
	}
	if (v.Claims == nil) != (current == nil) {
		t.Errorf("the claims are %v", v.Claims)
	}
	if diff := cmp.Diff(current, v.Current); diff != "" {
		t.Errorf("how the registry sees it (-want +got):\n%s", diff)
	}
}

// codeOf is the code of an error for people; empty: it is none.
func codeOf(err error) string {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return ""
	}
	return e.Code
}

func unchanged(version int64) *Current {
	return &Current{Status: models.StatusCurrent, Same: true, Version: version, Changed: []string{}}
}

// Verified by hand, with nothing but the standard library and what the server
// publishes.
func TestCertificateSaysSomethingElse(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := storetest.Register(t, o.Store, storetest.Farm("Vườn bưởi Bạch Đằng"))
		issued := o.issue(t, a.Code)
		parts := strings.Split(issued.Text, ".")
		var header, claims map[string]any
		for i, into := range []*map[string]any{&header, &claims} {
			text, err := base64.RawURLEncoding.DecodeString(parts[i])
			if err != nil {
				t.Fatal(err)
			}
			d := json.NewDecoder(strings.NewReader(string(text)))
			d.UseNumber()
			if err := d.Decode(into); err != nil {
				t.Fatal(err)
			}
		}
		if want := (map[string]any{"alg": "EdDSA", "kid": o.key.ID(), "typ": "address+jwt"}); !maps.Equal(header, want) {
			t.Errorf("the header is %v, want %v", header, want)
		}
		want := map[string]any{
			"iss": "https://diachi.example.vn", "iat": json.Number("1768453200"), "exp": json.Number("1800032400"),
			"code": a.Code.String(), "kind": "farm", "name": "Vườn bưởi Bạch Đằng", "text": "Ấp 3, Phường Tân Hiệp, Thành phố Hồ Chí Minh",
			"lat": json.Number("11.06"), "lng": json.Number("106.75"), "commune": "25920", "verification": "field",
			"verified_on": "2026-01-15", "version": json.Number("1"), "valid_from": "2026-01-15",
		}
		if diff := cmp.Diff(want, claims); diff != "" {
			t.Errorf("the claims (-want +got):\n%s", diff)
		}
		if !o.verifiedByHand(t, parts) {
			t.Error("the published key does not verify the signature")
		}
		if on, until := issued.Claims.IssuedOn(), issued.Claims.LastDay(); on != "2026-01-15" || until != "2027-01-15" {
			t.Errorf("issued on %s, valid until %s", on, until)
		}
		o.expect(t, issued.Text, "", unchanged(1))
		o.expect(t, " \n"+issued.Text[:30]+"\r\n\t"+issued.Text[30:]+"\u00a0\n", "", unchanged(1))
	})
}

// verifiedByHand verifies as a program would that knows the standards and not us.
func (o *office) verifiedByHand(t *testing.T, parts []string) bool {
	t.Helper()
	keys, err := o.CertificateKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(PublicSet(keys))
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(text, &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	jwk := set.Keys[0]
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + jwk["x"] + `"}`)) // RFC 7638, 3
	for name, want := range map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": base64.RawURLEncoding.EncodeToString(sum[:])} {
		if jwk[name] != want {
			t.Errorf("the member %s of the key is %q, want %q", name, jwk[name], want)
		}
	}
	if _, private := jwk["d"]; private {
		t.Error("the private key is published")
	}
	x, err := base64.RawURLEncoding.DecodeString(jwk["x"])
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.Verify(x, []byte(parts[0]+"."+parts[1]), signature)
}

// refused tells that a text is not taken for a valid certificate.
func refused(text string, keys []models.CertificateKey, at time.Time) bool {
	v, err := Verify(text, keys, at)
	return err != nil && v == nil || err == nil && !v.Valid && v.Claims == nil
}

// A QR code with one changed letter, whichever and wherever: also where the
// letter has bits that mean nothing.
func TestChangedLetterIsOverlooked(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		text := o.issue(t, storetest.Register(t, o.Store, storetest.House(1)).Code).Text
		keys, err := o.CertificateKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if refused(text, keys, o.at) {
			t.Fatal("the certificate itself is refused")
		}
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		end := map[int]bool{len(text) - 1: true} // of each part every letter is tried
		for i, r := range text {
			end[i-1] = end[i-1] || r == '.'
		}
		for i := range text {
			letters := alphabet[i%64:i%64+1] + alphabet[(i+17)%64:(i+17)%64+1] + ".= é"
			if end[i] {
				letters = alphabet + "+/=."
			}
			for _, letter := range letters {
				if changed := text[:i] + string(letter) + text[i+1:]; changed != text && !refused(changed, keys, o.at) {
					t.Errorf("with %q in place of %q at %d it is valid", letter, text[i], i)
				}
			}
			if !refused(text[:i]+text[i+1:], keys, o.at) || !refused(text[:i], keys, o.at) {
				t.Errorf("without letter %d, or all from it, it is valid", i)
			}
		}
	})
}

func TestTextsThatAreNoCertificates(t *testing.T) {
	_, own, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := newKey(own)
	if err != nil {
		t.Fatal(err)
	}
	claims := Claims{Code: 1, Text: "5 Đường Hoa Mai", IssuedAt: 1768453200, Expires: 1800032400}
	text, err := key.sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(text, ".")
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	header := func(alg, more string) string {
		return encoded(`{"alg":"` + alg + `","kid":"` + key.ID() + `","typ":"address+jwt"` + more + `}`)
	}
	signedBy := func(private ed25519.PrivateKey, header string) string {
		return header + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(private, []byte(header+"."+parts[1])))
	}
	confused := hmac.New(sha256.New, key.Public()) // the public key as a shared secret
	confused.Write([]byte(header("HS256", "") + "." + parts[1]))
	_, mallory, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, code string }{
		"nothing":                  {"", "not-a-certificate"},
		"a code":                   {"28XMJ25Q66", "not-a-certificate"},
		"two parts":                {parts[0] + "." + parts[1], "not-a-certificate"},
		"four parts":               {text + "." + parts[2], "not-a-certificate"},
		"detached":                 {parts[0] + ".." + parts[2], "signature"},
		"no signature":             {parts[0] + "." + parts[1] + ".", "signature"},
		"alg none":                 {header("none", "") + "." + parts[1] + ".", "not-a-certificate"},
		"alg HS256":                {header("HS256", "") + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(confused.Sum(nil)), "not-a-certificate"},
		"alg ES256":                {header("ES256", "") + "." + parts[1] + "." + parts[2], "not-a-certificate"},
		"alg of other case":        {header("EDDSA", "") + "." + parts[1] + "." + parts[2], "not-a-certificate"},
		"a token of another type":  {signedBy(own, encoded(`{"alg":"EdDSA","kid":"`+key.ID()+`","typ":"JWT"}`)), "not-a-certificate"},
		"a token of no type":       {signedBy(own, encoded(`{"alg":"EdDSA","kid":"`+key.ID()+`"}`)), "not-a-certificate"},
		"with its own key":         {signedBy(mallory, header("EdDSA", `,"jwk":{"kty":"OKP","crv":"Ed25519","x":"`+base64.RawURLEncoding.EncodeToString(mallory.Public().(ed25519.PublicKey))+`"}`)), "signature"},
		"critical and unknown":     {signedBy(own, header("EdDSA", `,"crit":["exp"],"exp":1`)), "signature"},
		"signed by somebody else":  {signedBy(mallory, header("EdDSA", "")), "signature"},
		"by a key of another name": {strings.Replace(text, parts[0], encoded(`{"alg":"EdDSA","kid":"other","typ":"address+jwt"}`), 1), "key-unknown"},
		"by a key without a name":  {strings.Replace(text, parts[0], encoded(`{"alg":"EdDSA","typ":"address+jwt"}`), 1), "key-unknown"},
		"JWS as JSON":              {`{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`, "not-a-certificate"},
		"a long text":              {text + strings.Repeat("A", 4096), "not-a-certificate"},
		"padded":                   {text + "==", "not-a-certificate"},
	} {
		keys := []models.CertificateKey{{ID: key.ID(), Public: key.Public()}}
		v, err := Verify(c.text, keys, time.Unix(claims.IssuedAt, 0))
		if c.code == "not-a-certificate" {
			if codeOf(err) != c.code {
				t.Errorf("%s: %v, %v", name, v, err)
			}
		} else if err != nil || v.Valid || v.Reason != c.code || v.Claims != nil {
			t.Errorf("%s: %+v, %v; want %s", name, v, err, c.code)
		}
	}
}

func TestCertificateOutOfItsTime(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		text := o.issue(t, storetest.Register(t, o.Store, storetest.House(1)).Code).Text
		issued, end := o.at, time.Date(2027, 1, 15, 17, 0, 0, 0, time.UTC) // midnight in Vietnam
		for _, c := range []struct {
			at     time.Time
			reason string
		}{
			{issued.Add(-clockSkew), ""}, {issued.Add(-clockSkew - time.Second), ReasonNotYet},
			{end.Add(-time.Second), ""}, {end, ReasonExpired}, {end.AddDate(5, 0, 0), ReasonExpired},
		} {
			o.at = c.at
			o.expect(t, text, c.reason, unchanged(1))
		}
	})
}

func TestKeysOfCertificates(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a, first := storetest.Register(t, o.Store, storetest.House(1)), o.key
		old := o.issue(t, a.Code).Text
		o.at = o.at.AddDate(0, 6, 0)
		o.use(t, testKey(t))
		o.use(t, o.key) // a second process
		fresh := o.issue(t, a.Code).Text
		o.expect(t, old, "", unchanged(1))
		o.expect(t, fresh, "", unchanged(1))
		forged, err := testKey(t).sign(o.issue(t, a.Code).Claims)
		if err != nil {
			t.Fatal(err)
		}
		o.expect(t, forged, ReasonKeyUnknown, nil)

		revoked, err := o.RevokeCertificateKey(t.Context(), first.ID(), " Mất máy chủ cũ ")
		if err != nil || revoked.Reason != "Mất máy chủ cũ" || !revoked.RevokedAt.Equal(o.at) {
			t.Errorf("%+v, %v", revoked, err)
		}
		o.expect(t, old, ReasonKeyRevoked, nil)
		o.expect(t, fresh, "", unchanged(1))
		keys, err := o.CertificateKeys(t.Context())
		if err != nil || len(keys) != 2 || !slices.Equal(keys[0].Public, first.Public()) || keys[0].Reason != revoked.Reason || !keys[1].RevokedAt.IsZero() {
			t.Errorf("the keys are %+v, %v", keys, err)
		}
		set, err := json.Marshal(PublicSet(keys))
		if err != nil || strings.Contains(string(set), first.ID()) || !strings.Contains(string(set), o.key.ID()) {
			t.Errorf("published is %s, %v", set, err)
		}
		published, err := ReadSet(set)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := Verify(old, published, o.at); err != nil || v.Reason != ReasonKeyUnknown {
			t.Errorf("by the published keys the old one is %+v, %v", v, err)
		}
		if v, err := Verify(fresh, published, o.at); err != nil || !v.Valid {
			t.Errorf("by the published keys the new one is %+v, %v", v, err)
		}

		wantCode := func(err error, code string) {
			t.Helper()
			if codeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		wantCode(o.AddCertificateKey(t.Context(), first.ID(), first.Public()), "key-revoked")
		_, err = Issue(t.Context(), o.Store, first, "", a)
		wantCode(err, "certificate-key-revoked")
		_, err = o.RevokeCertificateKey(t.Context(), first.ID(), "again")
		wantCode(err, "key-revoked")
		_, err = o.RevokeCertificateKey(t.Context(), "nobody's", "lost")
		wantCode(err, "unknown-key")
		for _, reason := range []string{"", " ", strings.Repeat("x", 201), "a\nb"} {
			_, err = o.RevokeCertificateKey(t.Context(), o.key.ID(), reason)
			wantCode(err, "bad-reason")
		}
		_, err = Issue(t.Context(), o.Store, testKey(t), "", a)
		wantCode(err, "certificate-key-revoked") // one that no server has registered
	})
}

// What has become of the address since is said beside the verdict.
func TestAddressChangedSince(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := storetest.Register(t, o.Store, storetest.Farm("Vườn bưởi Bạch Đằng"))
		text := o.issue(t, a.Code).Text
		edit := models.Edit{Code: a.Code, Caller: clerk}
		accuracy := 3.0
		if _, err := o.Amend(t.Context(), edit, models.Amendment{AccuracyM: &accuracy}); err != nil {
			t.Fatal(err)
		}
		o.expect(t, text, "", unchanged(2)) // that is not certified
		hamlet, hidden := "Ấp 4", false
		if _, err := o.Amend(t.Context(), edit, models.Amendment{Hamlet: &hamlet, NamePublic: &hidden}); err != nil {
			t.Fatal(err)
		}
		o.expect(t, text, "", &Current{Status: models.StatusCurrent, Version: 3, Changed: []string{"name", "text"}})
		if v := o.check(t, o.issue(t, a.Code).Text); v.Claims.Name != "" || !v.Current.Same {
			t.Errorf("a new certificate says %+v", v.Claims)
		}
		o.at = o.at.AddDate(0, 0, 1)
		if _, err := o.Verify(t.Context(), edit, "certified"); err != nil {
			t.Fatal(err)
		}
		o.expect(t, text, "", &Current{Status: models.StatusCurrent, Version: 4, Changed: []string{"name", "text", "verification", "verified_on"}})

		far := storetest.Metres(a.Point, 100, 0)
		moved, err := o.Amend(t.Context(), edit, models.Amendment{Point: &far})
		if err != nil {
			t.Fatal(err)
		}
		o.expect(t, text, "", &Current{Status: models.StatusRetired, Version: 5, Changed: []string{"name", "text", "verification", "verified_on"}, Successors: []geo.Code{moved.Code}})
		elsewhere, err := o.key.sign(Claims{Code: moved.Code + 8192, IssuedAt: o.at.Unix(), Expires: o.at.Unix() + 60})
		if err != nil {
			t.Fatal(err)
		}
		o.expect(t, elsewhere, "", &Current{Status: StatusUnknown, Changed: []string{}})
	})
}

// longest is the most that the registry holds of an address, in letters of
// three bytes.
func longest(t *testing.T, o *office) *models.Address {
	t.Helper()
	word := func(n int) string { return strings.Repeat("Ệ", n) }
	public := true
	return storetest.Register(t, o.Store, models.Registration{
		Kind: "landmark", Name: word(200), NamePublic: &public, Point: storetest.ThuDauMot,
		Parts: models.Parts{UnitLabel: word(100), Building: word(100), HouseNumber: word(100), Alley: word(100), Street: word(100), Group: word(100), Hamlet: word(100)},
	})
}

// However long the address is, its certificate fits in the QR code; what does
// not is there as a digest, never cut.
func TestCertificateIsTooLongForItsQRCode(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := longest(t, o)
		issued, err := Issue(t.Context(), o.Store, o.key, "https://"+strings.Repeat("a", 60)+"."+strings.Repeat("b", 60)+".vn", a)
		if err != nil {
			t.Fatal(err)
		}
		c := issued.Claims
		if c.Text != "" || c.Name != "" || c.TextSHA256 != digest(issued.Address.Text) || c.NameSHA256 != digest(strings.Repeat("Ệ", 200)) {
			t.Errorf("the claims are %+v", c)
		}
		o.expect(t, issued.Text, "", unchanged(1))
		name, hamlet := "Cầu Mới", "Khu phố 1"
		if _, err := o.Amend(t.Context(), models.Edit{Code: a.Code, Caller: clerk}, models.Amendment{Name: &name}); err != nil {
			t.Fatal(err)
		}
		o.expect(t, issued.Text, "", &Current{Status: models.StatusCurrent, Version: 2, Changed: []string{"name"}})
		if _, err := o.Amend(t.Context(), models.Edit{Code: a.Code, Caller: clerk}, models.Amendment{Hamlet: &hamlet}); err != nil {
			t.Fatal(err)
		}
		o.expect(t, issued.Text, "", &Current{Status: models.StatusCurrent, Version: 3, Changed: []string{"name", "text"}})

		short := o.issue(t, storetest.Register(t, o.Store, storetest.House(1)).Code)
		if short.Claims.Text != short.Address.Text || short.Claims.TextSHA256 != "" {
			t.Errorf("the claims of an ordinary address are %+v", short.Claims)
		}
		for name, text := range map[string]string{"ordinary": short.Text, "longest": issued.Text, "full": strings.Repeat("e", MaxLength)} {
			code, err := qr.Encode(text, qr.M, qr.Auto)
			if err != nil {
				t.Fatal(err)
			}
			version := (code.Bounds().Dx() - 17) / 4
			t.Logf("%s: %d symbols, QR version %d", name, len(text), version)
			if len(text) > MaxLength || version > 30 {
				t.Errorf("%s: %d symbols make a QR code of version %d", name, len(text), version)
			}
		}
	})
}

// ecdsaKey is a private key of another kind.
func ecdsaKey(t *testing.T) string {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
}

func TestUnreadableKeys(t *testing.T) {
	good, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"nothing":               {"", "BEGIN PRIVATE KEY"},
		"a secret":              {"s3cret", "BEGIN PRIVATE KEY"},
		"two keys":              {string(good) + string(good), "one private key"},
		"a public key":          {"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n", "BEGIN PRIVATE KEY"},
		"a damaged key":         {strings.Replace(string(good), "MC4C", "MC5C", 1), "damaged"},
		"a key of another kind": {ecdsaKey(t), "*ecdsa.PrivateKey: it must be an Ed25519 key"},
	} {
		_, err := ReadKey([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	for _, text := range []string{"", "[]", `{"keys":[]}`, `{}`, `{"keys":[{"kty":"oct","k":"AAAA"}]}`} {
		if keys, err := ReadSet([]byte(text)); err == nil {
			t.Errorf("%s gives %v", text, keys)
		}
	}
	const ours = `{"kty":"OKP","crv":"Ed25519","kid":"ours","x":"86cZjxsGa5vjg2EprJ6GKtThDXRL2lYXjsF0SROURtg"}`
	others := `{"kty":"XYZ"},{"kty":"OKP","crv":"X25519","x":"86cZjxsGa5vjg2EprJ6GKtThDXRL2lYXjsF0SROURtg"},5`
	if keys, err := ReadSet([]byte(`{"keys":[` + others + "," + ours + `]}`)); err != nil || len(keys) != 1 || keys[0].ID != "ours" {
		t.Errorf("beside keys of other kinds ours are %v, %v", keys, err)
	}
}

package handlers

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"image"
	_ "image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"diachiso/models"
	"diachiso/models/certificate"
	"diachiso/models/storetest"
)

// certificateMatrix is the part of the matrix about certificates.
func certificateMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET /v1/addresses/:code/certificate.pdf": open("/v1/addresses/{code}/certificate.pdf"),
		"GET /.well-known/jwks.json":              open("/.well-known/jwks.json"),
		"POST /v1/certificates/verify": {outcomes: everybody, path: "/v1/certificates/verify", body: `{"certificate":"{certificate}"}`,
			prepare: withCertificate},
	}
}

// withCertificate certifies the address of the world for {certificate} in the body.
func withCertificate(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	return path, strings.ReplaceAll(body, "{certificate}", w.certify(t, w.address))
}

// certificateKey is the key that all tests sign with, known to a store.
func certificateKey(t *testing.T, store *models.Store) *certificate.Key {
	t.Helper()
	seed := sha256.Sum256([]byte("the key of all tests"))
	der, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	key, err := certificate.ReadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.AddCertificateKey(t.Context(), key.ID(), key.Public()); err != nil {
		t.Fatal(err)
	}
	return key
}

// certify is the text of a new certificate.
func (s *server) certify(t *testing.T, address *models.Address) string {
	t.Helper()
	issued, err := certificate.Issue(t.Context(), s.store, certificateKey(t, s.store), "", address)
	if err != nil {
		t.Fatal(err)
	}
	return issued.Text
}

// verifies asks what the registry thinks of a certificate.
func verifies(name, text string, want ...string) scenario {
	body, err := json.Marshal(map[string]string{"certificate": text})
	if err != nil {
		panic(err)
	}
	return scenario{name: name, method: http.MethodPost, path: "/v1/certificates/verify", headers: []string{"Authorization:"},
		body: string(body), status: 200, want: want}
}

func TestCertificateIsPrinted(t *testing.T) {
	reader := storetest.Program(t, "pdftotext")
	eachServerWith(t, Options{PublicURL: "https://diachi.example.vn"}, func(t *testing.T, s *server) {
		r := storetest.Farm("Trại Gà Riêng Tư")
		hidden := false
		r.NamePublic, r.Contact = &hidden, plantedContact("Nguyễn Bí Mật")
		farm := storetest.Register(t, s.store, r)
		path := "/v1/addresses/" + farm.Code.String() + "/certificate.pdf"
		_, pdf := s.play(t, scenario{path: path, status: 200, header: []string{"Content-Type: application/pdf", "Cache-Control: no-store", "Access-Control-Allow-Origin: *",
			`Content-Disposition: inline; filename="` + farm.Code.String() + `-certificate.pdf"`}, headers: []string{"Origin: https://example.org"}})
		text := printed(t, reader, pdf)
		for _, fragment := range []string{"Giấy xác nhận địa chỉ số", farm.Code.Grouped(), "Ấp 3, Phường Tân Hiệp, Thành phố Hồ Chí Minh", "Trang trại, vườn",
			"Phường Tân Hiệp (25920)", "11.06, 106.75", "Đã xác minh tại thực địa (15/01/2026)", "15/01/2026 (phiên bản 1)", "Ngày cấp 15/01/2026",
			"hết ngày 15/01/2027", "https://diachi.example.vn", "/.well-known/jwks.json", "giấy chứng nhận quyền sử dụng đất"} {
			if !strings.Contains(text, fragment) {
				t.Errorf("the paper lacks %q:\n%s", fragment, text)
			}
		}
		for secret := range planted {
			if strings.Contains(text, secret) {
				t.Errorf("the paper shows %q:\n%s", secret, text)
			}
		}
		held := scanPage(t, pdf)
		s.play(t, verifies("what is printed", held, `"valid":true`, `"iss":"https://diachi.example.vn"`, `"same":true`))
		s.play(t, scenario{method: http.MethodHead, path: path, status: 200, header: []string{"Content-Type: application/pdf"}})

		declared, err := s.store.Register(t.Context(), storetest.House(1), models.Actor{Name: "test", Verification: models.VerificationDeclared})
		if err != nil {
			t.Fatal(err)
		}
		_, pdf = s.play(t, scenario{path: "/v1/addresses/" + declared.Code.String() + "/certificate.pdf", status: 200})
		if text := printed(t, reader, pdf); !strings.Contains(text, "Tự khai, chưa được xác minh") {
			t.Errorf("the paper does not say that nobody has verified it:\n%s", text)
		}
	})
}

// The longest texts that the registry holds are on the paper in full, and its
// QR code is read all the same.
func TestLongestCertificateIsPrinted(t *testing.T) {
	reader := storetest.Program(t, "pdftotext")
	eachServerWith(t, Options{PublicURL: "https://" + strings.Repeat("dia-chi-so.", 9) + "example.vn"}, func(t *testing.T, s *server) {
		word := func(letters string, n int) string { return strings.Repeat(letters, n/len([]rune(letters))) }
		public := true
		r := models.Registration{Kind: "landmark", Name: word("Nghĩa Ệ W", 198), NamePublic: &public, Point: storetest.ThuDauMot, Parts: models.Parts{
			UnitLabel: word("Ậ", 100), Building: word("Khối Ỗ ", 98), HouseNumber: word("W", 100), Alley: word("Hẻm ", 100),
			Street: word("Đường ", 96), Group: word("Tổ ", 99), Hamlet: word("Ấp Ễ ", 100)}}
		a := storetest.Register(t, s.store, r)
		_, pdf := s.play(t, scenario{path: "/v1/addresses/" + a.Code.String() + "/certificate.pdf", status: 200})
		together := func(text string) string { return strings.Join(strings.Fields(text), "") }
		text := together(printed(t, reader, pdf))
		for _, part := range []string{a.Name, a.Parts.UnitLabel, a.Parts.Building, a.Parts.HouseNumber, a.Parts.Hamlet, "Trong mã QR, tên và địa chỉ được thay bằng mã băm SHA-256"} {
			if !strings.Contains(text, together(part)) {
				t.Errorf("the paper lacks %q:\n%s", part, text)
			}
		}
		_, verdict := s.play(t, verifies("what is printed", scanPage(t, pdf), `"valid":true`, `"same":true`, `"text_sha256":"`, `"name_sha256":"`))
		if strings.Contains(verdict, `"text":`) {
			t.Errorf("the text fits all the same: %s", verdict)
		}
	})
}

// printed is the text of a PDF.
func printed(t *testing.T, reader, pdf string) string {
	t.Helper()
	command := exec.Command(reader, "-layout", "-", "-")
	command.Stdin = strings.NewReader(pdf)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// scanPage reads the QR code of a page as a phone would, from a picture of the
// whole page.
func scanPage(t *testing.T, pdf string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page")
	command := exec.Command(storetest.Program(t, "pdftoppm"), "-r", "150", "-gray", "-png", "-singlefile", "-", file)
	command.Stdin = strings.NewReader(pdf)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	data, err := os.ReadFile(file + ".png")
	if err != nil {
		t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("the QR code can't be read: %v", err)
	}
	return read.GetText()
}

func TestRefusedCertificates(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		path := "/v1/addresses/" + code + "/certificate.pdf"
		s.run(t, []scenario{
			{name: "of no code", path: "/v1/addresses/nothing/certificate.pdf", status: 400, want: []string{`"parameter":"code"`}},
			{name: "of nobody's code", path: "/v1/addresses/H72VH2FVP6/certificate.pdf", status: 404, want: []string{"/problems/code-not-found"}},
			{name: "as SVG", path: path, headers: []string{"Accept: image/svg+xml"}, status: 406, want: []string{"application/pdf"}},
			{name: "with a parameter", path: path + "?text=no", status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "posted", method: http.MethodPost, path: path, status: 405},
			{name: "keys as HTML", path: "/.well-known/jwks.json", headers: []string{"Accept: text/html"}, status: 406},
			{name: "keys with a parameter", path: "/.well-known/jwks.json?v=1", status: 200, header: []string{"Content-Type: application/jwk-set+json", "Cache-Control: public, max-age=300", "ETag: *"}},
			{name: "keys as JSON", path: "/.well-known/jwks.json", headers: []string{"Accept: application/json"}, status: 200, header: []string{"Content-Type: application/json"}},
			{name: "keys for a page", path: "/.well-known/jwks.json", headers: []string{"Origin: https://example.org"}, status: 200, header: []string{"Access-Control-Allow-Origin: *"}},
			{name: "in Vietnamese", path: "/v1/addresses/H72VH2FVP6/certificate.pdf", headers: []string{"Accept-Language: vi"}, status: 404, want: []string{"chưa có địa chỉ"}},
		})
		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+code+"/retire", `{"reason":"gone"}`, 200))
		s.play(t, scenario{path: path, status: 409, want: []string{"/problems/nothing-to-print"}})
		s.url = s.unlimited(t) // without a key
		s.play(t, scenario{path: path, status: 404, want: []string{"/problems/no-certificate-key", "DIACHISO_CERTIFICATE_KEY_FILE"}})
		s.play(t, scenario{path: "/.well-known/jwks.json", status: 200, want: []string{`"kid":"`}})
	})
}

func TestVerifiedCertificates(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		house, farm := storetest.Register(t, s.store, storetest.House(1)), storetest.Register(t, s.store, storetest.Farm("Vườn Mẫu"))
		text := s.certify(t, house)
		parts, others := strings.Split(text, "."), strings.Split(s.certify(t, farm), ".")
		refused := func(name, body string, status int, want ...string) scenario {
			return scenario{name: name, method: http.MethodPost, path: "/v1/certificates/verify", body: body, status: status, want: want, headers: []string{"Authorization:"}}
		}
		preflight := scenario{name: "from another page", method: http.MethodOptions, path: "/v1/certificates/verify", status: 204,
			headers: []string{"Origin: https://example.org", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"},
			header:  []string{"Access-Control-Allow-Origin: *"}}
		s.run(t, []scenario{
			verifies("whole", text, `"valid":true`, `"code":"`+house.Code.String()+`"`, `"current":{"status":"current","same":true,"version":1,"changed":[]}`),
			verifies("in lines", " "+text[:40]+"\r\n"+text[40:]+"\n", `"valid":true`),
			verifies("with the claims of another address", parts[0]+"."+others[1]+"."+parts[2], `{"valid":false,"reason":"signature","kid":"`),
			verifies("with another signature", parts[0]+"."+parts[1]+"."+others[2], `"reason":"signature"`),
			refused("cut off", `{"certificate":"`+parts[0]+"."+parts[1]+`"}`, 400, "/problems/not-a-certificate", `"pointer":"/certificate"`),
			refused("empty", `{"certificate":""}`, 400, "/problems/not-a-certificate"),
			refused("nothing", `{}`, 400, "/problems/required", `"pointer":"/certificate"`),
			refused("a number", `{"certificate":5}`, 400, "/problems/wrong-type"),
			refused("null", `{"certificate":null}`, 400, `"pointer":"/certificate"`),
			refused("unknown member", `{"certificat":"x"}`, 400, "did you mean certificate?"),
			refused("the text alone", text, 400, "/problems/malformed-json"),
			refused("too large", `{"certificate":"`+strings.Repeat("x", DefaultMaxBody)+`"}`, 413, "/problems/body-too-large"),
			{name: "get", path: "/v1/certificates/verify", status: 405, header: []string{"Allow: POST, OPTIONS"}},
			preflight,
		})
		key := certificateKey(t, s.store)
		if _, err := s.store.RevokeCertificateKey(t.Context(), key.ID(), "a test"); err != nil {
			t.Fatal(err)
		}
		s.run(t, []scenario{
			verifies("of a revoked key", text, `{"valid":false,"reason":"key-revoked","kid":"`+key.ID()+`"}`),
			{name: "no revoked key is published", path: "/.well-known/jwks.json", status: 200, want: []string{`{"keys":[]}`}},
			{name: "no revoked key signs", path: "/v1/addresses/" + house.Code.String() + "/certificate.pdf", status: 503, want: []string{"/problems/certificate-key-revoked"}},
		})
	})
}

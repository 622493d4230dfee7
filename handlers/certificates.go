package handlers

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/handlers/paper"
	"diachiso/models"
	"diachiso/models/certificate"
)

// verifyPattern is where certificates are verified.
const verifyPattern = "/v1/certificates/verify"

func (a *API) certificateRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/addresses/:code/certificate.pdf", anyone, a.certificate, nil},
		{http.MethodPost, verifyPattern, anyone, a.verifyCertificate, nil},
		{http.MethodGet, "/.well-known/jwks.json", anyone, a.publicKeys, nil},
	}
}

var formatJWKSet = format{"jwks", "application/jwk-set+json"} // RFC 7517, 8.5.2

// keysMaxAge is how many seconds the public keys may be kept: so long a
// revoked one may still be believed.
const keysMaxAge = "300"

// publicKeys answers the keys that verify certificates.
func (a *API) publicKeys(c *gin.Context) error {
	f, err := negotiate(c, formatJWKSet, formatJSON)
	if err != nil {
		return err
	}
	keys, err := a.store.CertificateKeys(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age="+keysMaxAge)
	return answerByContent(c, f.mediaType, certificate.PublicSet(keys))
}

// verifyCertificate says whether a certificate holds, and how the registry sees
// its address now. It is a POST, so that what it says stays out of URLs.
func (a *API) verifyCertificate(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, []string{"certificate"})
	if err != nil {
		return err
	}
	text := o.text("certificate")
	if !o.has("certificate") && !o.failed("certificate") {
		o.add(invalid("certificate", "required", "It is missing: write here what the QR code holds.", "Thiếu giá trị: hãy ghi nội dung mã QR vào đây."))
	}
	if len(o.errs) > 0 {
		return o.errs
	}
	verdict, err := certificate.Check(c.Request.Context(), a.store, text)
	if err != nil {
		return err
	}
	return answerJSON(c, "", verdict)
}

// certificate prints what the registry states about an address on this day,
// with a QR code that anybody can verify.
func (a *API) certificate(c *gin.Context) error {
	if a.certificateKey == nil {
		return notFound("no-certificate-key", "This server gives no certificates: its operator has set no key to sign them with (DIACHISO_CERTIFICATE_KEY_FILE).",
			"Máy chủ này không cấp giấy xác nhận: người vận hành chưa đặt khóa ký (DIACHISO_CERTIFICATE_KEY_FILE).")
	}
	address, _, err := a.toPrint(c, formatPDF)
	if err != nil {
		return err
	}
	issued, err := certificate.Issue(c.Request.Context(), a.store, a.certificateKey, a.publicURL, address)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store") // it says when it was made
	c.Header("Content-Disposition", `inline; filename="`+address.Code.String()+`-certificate.pdf"`)
	return a.sendDrawn(c, formatPDF, func(w *bytes.Buffer) error {
		page, err := certificateOf(issued).Page()
		if err != nil {
			return err
		}
		document := paper.Document{Title: certificateTitle + " " + issued.Address.Formatted, At: a.store.Now(), Pages: []*paper.Page{page}}
		return document.WritePDF(c.Request.Context(), w)
	})
}

const certificateTitle = "Giấy xác nhận địa chỉ số"

// verificationNames are the levels of verification on paper.
var verificationNames = map[string]string{
	models.VerificationDeclared:  "Tự khai, chưa được xác minh",
	models.VerificationImported:  "Nhập từ danh sách của cơ quan, chưa xác minh tại thực địa",
	models.VerificationField:     "Đã xác minh tại thực địa",
	models.VerificationCertified: "Đã được chứng nhận",
}

// certificateOf words a certificate for paper.
func certificateOf(issued *certificate.Issued) paper.Certificate {
	a, c := issued.Address, issued.Claims
	position := geo.FormatE7(int32(a.Position.Lat)) + ", " + geo.FormatE7(int32(a.Position.Lng))
	return paper.Certificate{
		Title: certificateTitle, Code: a.Formatted, Name: a.Name, Text: a.Text, Kind: kindNames[a.Kind],
		Commune: fmt.Sprintf("%s (%s)", a.Commune.Name, a.Commune.Code), Position: position,
		Verification: fmt.Sprintf("%s (%s)", verificationNames[a.Verification.Level], writtenDay(c.VerifiedOn)),
		Since:        fmt.Sprintf("%s (phiên bản %d)", writtenDay(a.ValidFrom), a.Version),
		Issued:       writtenDay(c.IssuedOn()), LastDay: writtenDay(c.LastDay()),
		Issuer: c.Issuer, KeyID: issued.KeyID, QR: issued.Text, Digested: c.TextSHA256 != "",
	}
}

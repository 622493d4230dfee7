package paper

import (
	"math"
	"strings"
)

// Certificate is a sheet that states what the registry holds about an address.
type Certificate struct {
	Title        string
	Code         string // in its groups
	Name         string // empty: none
	Text         string // the written address
	Kind         string // this and what follows in words
	Commune      string
	Position     string
	Verification string
	Since        string
	Issued       string // a day
	LastDay      string // on which it is good
	Issuer       string // the URL of the registry; empty: it has none
	KeyID        string
	QR           string // what the QR code holds
	Digested     bool   // in it the name and the text are digests
}

// Places on a certificate, in millimetres.
const (
	certificateMargin   = 22.0
	certificateWidth    = A4Short - 2*certificateMargin
	certificateLabel    = 42.0 // from the margin to what stands behind a label
	certificateCapitals = 9.5  // height of the code's letters: a unit's code fills the width nearly
	certificateQRTop    = 150.0
	certificateQRSide   = 90.0 // with the quiet zone: 0.6 mm a module in the finest code
	certificateLeading  = 1.3  // distance of lines, of the size
)

// Page draws a certificate on A4, upright. All of a long name and text is
// there, in smaller letters.
func (c Certificate) Page() (*Page, error) {
	code, err := NewQR(c.QR, Medium)
	if err != nil {
		return nil, err
	}
	page := &Page{Width: A4Short, Height: A4Long}
	middle := A4Short / 2
	page.Rect(certificateMargin, 16, certificateWidth, 0.6, Black)
	page.TextCentred(middle, 29, Style{8.6, true, Black}, c.Title)
	page.TextCentred(middle, 36, Style{4, false, Grey}, "Ngày cấp "+c.Issued+" · Có giá trị đến hết ngày "+c.LastDay)
	groups := strings.Fields(c.Code)
	page.Code(middle-codeWidth(certificateCapitals, groups)/2, 52, certificateCapitals, groups...)
	c.drawFacts(page, 60, certificateQRTop-4)
	page.QR(certificateMargin-1, certificateQRTop, certificateQRSide, code)
	c.drawHowToVerify(page)
	c.drawFoot(page)
	return page, nil
}

// fact is a line of a certificate, or several.
type fact struct {
	label, text string
	bold        bool
}

// drawFacts writes what is certified between two heights, in letters as small
// as all of it needs.
func (c Certificate) drawFacts(page *Page, top, bottom float64) {
	facts := []fact{
		{"Tên", c.Name, true}, {"Địa chỉ", c.Text, true}, {"Loại", c.Kind, false}, {"Xã, phường", c.Commune, false},
		{"Vĩ độ, kinh độ", c.Position + " (WGS 84)", false}, {"Xác minh", c.Verification, false}, {"Có hiệu lực từ", c.Since, false},
	}
	for size := 5.0; ; {
		height := 0.0
		for _, f := range facts {
			height += f.height(size)
		}
		if height > bottom-top {
			size *= min(0.98, 1.03*math.Sqrt((bottom-top)/height))
			continue
		}
		for _, f := range facts {
			f.draw(page, top, size)
			top += f.height(size)
		}
		return
	}
}

func (f fact) lines(size float64) []string {
	return Style{size, f.bold, Black}.Lines(f.text, certificateWidth-certificateLabel)
}

// height is what a fact takes, with the space behind it.
func (f fact) height(size float64) float64 {
	if f.text == "" {
		return 0
	}
	return (float64(len(f.lines(size)))*certificateLeading + 0.5) * size
}

func (f fact) draw(page *Page, top, size float64) {
	if f.text == "" {
		return
	}
	page.Text(certificateMargin, top+size, Style{min(size, 4.2), false, Grey}, f.label)
	for i, line := range f.lines(size) {
		page.Text(certificateMargin+certificateLabel, top+size+float64(i)*certificateLeading*size, Style{size, f.bold, Black}, line)
	}
}

// drawHowToVerify stands beside the QR code.
func (c Certificate) drawHowToVerify(page *Page) {
	left := certificateMargin + certificateQRSide + 4
	width, top := A4Short-certificateMargin-left, certificateQRTop+5
	paragraph := func(style Style, text string) {
		for _, line := range style.Lines(text, width) {
			page.Text(left, top+style.Size, style, line)
			top += certificateLeading * style.Size
		}
		top += 2.4
	}
	small := Style{3.7, false, Black}
	paragraph(Style{3.7, true, Black}, "Cách kiểm tra")
	paragraph(small, "Mã QR chứa nội dung giấy này cùng chữ ký số Ed25519 (JWS). Ai cũng kiểm tra được, không cần mạng, bằng khóa công khai của nơi cấp.")
	paragraph(small, "Quét mã QR, lưu nội dung vào tệp, rồi chạy: diachiso certificate verify --keys jwks.json - < tệp. Nội dung mà lệnh in ra phải trùng với giấy này.")
	if c.Issuer != "" {
		paragraph(small, "Địa chỉ hiện nay: "+c.Issuer+"/a/"+strings.ReplaceAll(c.Code, " ", ""))
	}
	if c.Digested {
		paragraph(small, "Trong mã QR, tên và địa chỉ được thay bằng mã băm SHA-256 vì quá dài.")
	}
}

// drawFoot says who states this, and what it is not.
func (c Certificate) drawFoot(page *Page) {
	style, top := Style{3.3, false, Grey}, certificateQRTop+certificateQRSide+7
	page.Rect(certificateMargin, top-3, certificateWidth, 0.2, Grey)
	issuer, keys := "Nơi cấp: hệ thống địa chỉ số Diachiso", "Khóa công khai (jwks.json): hỏi nơi cấp"
	if c.Issuer != "" {
		issuer, keys = issuer+", "+c.Issuer, "Khóa công khai: "+c.Issuer+"/.well-known/jwks.json"
	}
	for _, text := range []string{issuer, keys, "Mã khóa: " + c.KeyID,
		"Giấy này ghi lại thông tin địa chỉ mà hệ thống đang lưu vào ngày cấp, sau đó có thể đã thay đổi. " +
			"Giấy này không phải là giấy chứng nhận quyền sử dụng đất hay quyền sở hữu nhà ở."} {
		for _, line := range style.Lines(text, certificateWidth) {
			page.Text(certificateMargin, top+style.Size, style, line)
			top += certificateLeading * style.Size
		}
	}
}

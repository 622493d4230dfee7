package paper

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// sign is a plate like many.
var sign = Plate{Code: "28XM J25 Q66", Kind: "Hộ gia đình", Colour: color.RGBA{0x1f, 0x4e, 0x9e, 0xff}, Plus: "7P28XMJ2+5Q6",
	Text: "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh", Link: "https://diachi.example.vn/a/28XMJ25Q66"}

// alphabet is what codes are made of.
const alphabet = "23456789CFGHJMPQRVWX"

func drawn(t interface{ Fatal(...any) }, p Plate) *Page {
	page, err := p.Page()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestFontLacksALetterOfVietnamese(t *testing.T) {
	letters := " 0123456789.,:;-–/()+&'\"·²₫đĐ□"
	for _, vowel := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
			letters += norm.NFC.String(string(vowel) + tone)
		}
	}
	for letter := 'A'; letter <= 'Z'; letter++ {
		letters += string(letter) + strings.ToLower(string(letter))
	}
	for _, f := range []*face{regular(), bold()} {
		for _, letter := range letters {
			if f.advances[letter] == 0 {
				t.Errorf("%s has no %c", f.family, letter)
			}
		}
	}
	if got := monospaced().drawable(alphabet + "01K"); got != alphabet+"01K" {
		t.Errorf("the letters of codes become %s", got)
	}
}

// Capitals are as high as the font says they are.
func TestCapitalsAreLower(t *testing.T) {
	f := monospaced()
	for _, letter := range alphabet {
		var buffer sfnt.Buffer
		glyph, err := f.font.GlyphIndex(&buffer, letter)
		if err != nil {
			t.Fatal(err)
		}
		bounds, _, err := f.font.GlyphBounds(&buffer, glyph, fixed.I(emUnits), font.HintingNone)
		if height := float64(-bounds.Min.Y.Floor()) / emUnits; err != nil || height < f.capitals-0.01 {
			t.Errorf("%c is %.3f high, not %.3f: %v", letter, height, f.capitals, err)
		}
	}
	if plateCapitals < 12 {
		t.Error("the code can't be read from two metres")
	}
}

func TestLinesLoseText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[A-ZĐa-zạ0-9/,.WW]{1,60}`), 0, 30).Draw(t, "words"), " ")
		style := Style{rapid.Float64Range(1, 8).Draw(t, "size"), rapid.Bool().Draw(t, "bold"), Black}
		width := rapid.Float64Range(10, 120).Draw(t, "width")
		joined := ""
		for _, line := range style.Lines(text, width) {
			if got := style.Width(line); got > width+1e-9 {
				t.Fatalf("%q is %.2f wide, more than %.2f", line, got, width)
			}
			joined += line
		}
		if strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Fatalf("%q became %q", text, joined)
		}
	})
}

// However long a name and an address are, however wide the letters of the code,
// everything is within the margins, and the text ends before the QR code.
func TestPlateOverflows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := func(label string, most int) string {
			return strings.Join(rapid.SliceOfN(rapid.StringMatching(`[A-ZĐa-zạ0-9/,.W]{1,100}`), 0, most).Draw(t, label), " ")
		}
		p := sign
		p.Code = rapid.StringOfN(rapid.SampledFrom([]rune(alphabet)), 10, 10, -1).Draw(t, "door")
		p.Code = p.Code[:4] + " " + p.Code[4:7] + " " + p.Code[7:]
		if rapid.Bool().Draw(t, "unit") {
			p.Code += " WWWW"
		}
		p.Name, p.Text = words("name", 4), words("text", 12)
		p.Link = "https://" + strings.Repeat("d", rapid.IntRange(1, 60).Draw(t, "host")) + ".vn/a/28XMJ25Q66223R"
		isWithin(t, drawn(t, p))
	})
}

// isWithin fails where a page draws outside of its margins or a text into the
// quiet zone of its QR code.
func isWithin(t *rapid.T, page *Page) {
	var code image.Rectangle
	area := func(m mark) image.Rectangle { // in thousandths of a millimetre
		at := func(mm float64) int { return int(math.Round(mm * 1000)) }
		if m.text != "" {
			return image.Rect(at(m.x), at(m.y-0.92*m.height), at(m.x+m.width), at(m.y+0.22*m.height))
		}
		return image.Rect(at(m.x), at(m.y), at(m.x+m.width), at(m.y+m.height))
	}
	for _, m := range page.marks {
		if m.code != nil {
			code = area(m)
			if dark := m.width * float64(m.code.Side-2*QuietZone) / float64(m.code.Side); dark < 30 {
				t.Fatalf("the QR code is only %.1f mm wide", dark)
			}
		}
	}
	const rounding, edge = 2, 4500 // home printers leave this white
	sheet := image.Rect(0, 0, int(page.Width*1000), int(page.Height*1000)).Inset(edge)
	for _, m := range page.marks {
		if got := area(m); m.code == nil && !got.In(sheet) {
			t.Fatalf("%q at %v is outside of %v", m.text, got, sheet)
		} else if m.text != "" && got.Inset(rounding).Overlaps(code) {
			t.Fatalf("%q at %v is in the QR code at %v", m.text, got, code)
		}
	}
}

// However long all of it is, a certificate keeps to its margins and its facts
// off the QR code.
func TestCertificateOverflows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := func(label string, most int) string {
			return strings.Join(rapid.SliceOfN(rapid.StringMatching(`[A-ZĐa-zạ0-9/,.W]{1,100}`), 1, most).Draw(t, label), " ")
		}
		code := rapid.SampledFrom([]string{"28XM J25 Q66", "WWWW WWW WWW WWWW", "QQQQ QQQ QQQ"}).Draw(t, "code")
		host := "https://" + strings.Repeat("d", rapid.IntRange(1, 120).Draw(t, "host")) + ".vn"
		page, err := Certificate{Title: "Giấy xác nhận địa chỉ số", Code: code, Name: words("name", 3), Text: words("text", 10), Kind: "Hộ gia đình",
			Commune: words("commune", 2), Position: "10.9804, 106.6519", Verification: "Đã được chứng nhận (15/01/2026)", Since: "15/01/2026 (phiên bản 12)",
			Issued: "15/01/2026", LastDay: "15/01/2027", Issuer: host, KeyID: strings.Repeat("W", 43), QR: strings.Repeat("x", 700), Digested: true}.Page()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.marks {
			if m.text == "" {
				continue
			}
			if m.x < certificateMargin-0.01 || m.x+m.width > A4Short-certificateMargin+0.01 || m.y > A4Long-5 {
				t.Fatalf("%q from %.1f to %.1f at %.1f mm", m.text, m.x, m.x+m.width, m.y)
			}
			if inQR := m.x < certificateMargin+certificateQRSide-2 && m.y > certificateQRTop+1 && m.y-0.7*m.height < certificateQRTop+certificateQRSide-1; inQR {
				t.Fatalf("%q at %.1f, %.1f mm is on the QR code", m.text, m.x, m.y)
			}
		}
	})
}

// No letter of a door reaches into the unit below it, not even a Q.
func TestDoorTouchesItsUnit(t *testing.T) {
	f := monospaced()
	lowest, highest := 0.0, 0.0 // of all letters, as a part of the size, below and above the baseline
	for _, letter := range alphabet + "01K" {
		var buffer sfnt.Buffer
		glyph, err := f.font.GlyphIndex(&buffer, letter)
		if err != nil {
			t.Fatal(err)
		}
		bounds, _, err := f.font.GlyphBounds(&buffer, glyph, fixed.I(emUnits), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		lowest, highest = max(lowest, float64(bounds.Max.Y)/64/emUnits), max(highest, -float64(bounds.Min.Y)/64/emUnits)
	}
	size := plateCapitals / f.capitals
	if gap := plateLine - (lowest+highest)*size; gap < 1 {
		t.Errorf("%.1f mm between the lines of a code", gap)
	}
}

// Sheets hold every plate once, within its quarter.
func TestSheetsLoseAPlate(t *testing.T) {
	for n := range 10 {
		plates := make([]*Page, n)
		for i := range plates {
			plates[i] = drawn(t, sign)
		}
		sheets, codes := Sheets(plates), 0
		for _, sheet := range sheets {
			for _, m := range sheet.marks {
				if m.code != nil {
					codes++
				}
				if m.x < 0 || m.y < 0 || m.x+m.width > A4Long+0.001 || m.y > A4Short {
					t.Errorf("a mark at %.1f, %.1f", m.x, m.y)
				}
			}
		}
		if codes != n || len(sheets) != (n+3)/4 {
			t.Errorf("%d plates on %d sheets, want %d", codes, len(sheets), n)
		}
	}
}

// written is a page in a format.
func written(t *testing.T, page *Page, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "svg":
		err = page.WriteSVG(&b, "title", "words")
	case "png":
		err = page.WritePNG(&b, 1000)
	case "pdf":
		err = Document{Title: "title", At: time.Unix(1e9, 0), Pages: []*Page{page}}.WritePDF(context.Background(), &b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Pages are drawn beside each other, and equal ones give equal bytes.
func TestEqualPagesDiffer(t *testing.T) {
	for _, format := range []string{"svg", "png", "pdf"} {
		want := written(t, drawn(t, sign), format)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if got := written(t, drawn(t, sign), format); !bytes.Equal(got, want) {
					t.Errorf("two equal plates differ as %s", format)
				}
			})
		}
		group.Wait()
	}
}

// A letter that the font has not is an empty box, not nothing and no panic.
func TestMissingLetterIsDropped(t *testing.T) {
	box, other := sign, sign
	box.Text, other.Text = "Quán □ □ 5", "Quán 🍜 中 5"
	for _, format := range []string{"svg", "png", "pdf"} {
		if !bytes.Equal(written(t, drawn(t, other), format), written(t, drawn(t, box), format)) {
			t.Errorf("the letters are no boxes as %s", format)
		}
	}
}

// The QR code is read at every width, and the picture says how large it is.
func TestPictureBlursTheCode(t *testing.T) {
	page := drawn(t, sign)
	for _, width := range []int{400, 413, 555, 800, 1000, 1748, 3496} {
		var b bytes.Buffer
		if err := page.WritePNG(&b, width); err != nil {
			t.Fatal(err)
		}
		metre := uint32(math.Round(float64(width) / 0.148))
		if chunk := []byte{'p', 'H', 'Y', 's', byte(metre >> 24), byte(metre >> 16), byte(metre >> 8), byte(metre)}; !bytes.Contains(b.Bytes(), chunk) {
			t.Errorf("the picture of %d pixels has another resolution", width)
		}
		picture, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != width || size.Y != int(math.Round(float64(width)*105/148)) {
			t.Errorf("%d pixels wide: %v", width, size)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err != nil || read.GetText() != sign.Link {
			t.Errorf("%d pixels wide: %v, %v", width, read, err)
		}
	}
}

// A page may have more colours than a palette: then the nearest has to do.
func TestPaletteOverflows(t *testing.T) {
	page := &Page{Width: 100, Height: 100}
	for i := range 400 {
		page.Rect(float64(i)/4, 0, 1, 100, color.RGBA{byte(i), byte(i / 2), byte(255 - i), 0xff})
	}
	page.Text(5, 50, Style{20, true, White}, "Sặc sỡ")
	picture, err := png.Decode(bytes.NewReader(written(t, page, "png")))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := picture.At(5, 5).RGBA(); b>>8 < 200 || r>>8 > 50 || g>>8 > 50 {
		t.Errorf("the first colours are wrong: %d %d %d", r>>8, g>>8, b>>8)
	}
}

// Who does not wait any more is not printed for.
func TestPDFOutlivesItsDeadline(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := (Document{Pages: []*Page{drawn(t, sign)}}).WritePDF(ctx, &bytes.Buffer{}); err == nil {
		t.Error("it was written")
	}
}

func BenchmarkPlate(b *testing.B) {
	for _, format := range []string{"svg", "png", "pdf"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				page, err := sign.Page()
				if err != nil {
					b.Fatal(err)
				}
				var out bytes.Buffer
				switch format {
				case "svg":
					err = page.WriteSVG(&out, "", "")
				case "png":
					err = page.WritePNG(&out, 1748)
				case "pdf":
					err = Document{Pages: []*Page{page}}.WritePDF(b.Context(), &out)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSheetsOfThousand(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		plates := make([]*Page, 1000)
		for i := range plates {
			var err error
			if plates[i], err = sign.Page(); err != nil {
				b.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := (Document{Pages: Sheets(plates)}).WritePDF(b.Context(), &out); err != nil {
			b.Fatal(err)
		}
	}
}

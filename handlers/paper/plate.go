package paper

import (
	"image/color"
	"math"
	"slices"
	"strings"
)

// Plate is the sign at a house that shows its code.
type Plate struct {
	Code   string // in its groups; a unit's groups behind the third have a line of their own
	Kind   string // in words
	Colour color.RGBA
	Name   string // empty: none
	Text   string // the written address; empty: not on the plate
	Plus   string // the Plus Code
	Link   string // where the QR code leads
}

// Places on a plate, in millimetres. Home printers leave about 4 mm at the edge
// of a sheet white.
const (
	plateMargin   = 7.0
	plateBand     = 11.0 // height of the strip with the kind
	plateCapitals = 13.0 // height of the code's letters
	plateLine     = 18.5 // from one line of the code to the next: a Q reaches far below its line
	plateFoot     = 98.0 // where everything ends
	plateQR       = 37.0 // side of the QR code beside a text, without its quiet zone
	plateQRAlone  = 48.0 // without one, where there is so much room
	plateGap      = 5.0  // between the code and what is below
)

// Page draws a plate of A6, with the longer side at the bottom.
func (p Plate) Page() (*Page, error) {
	page := &Page{Width: A6Long, Height: A6Short}
	page.Rect(plateMargin, plateMargin, A6Long-2*plateMargin, plateBand, p.Colour)
	base := plateMargin + plateBand/2 + 1.8
	page.Text(plateMargin+4, base, Style{5.4, true, White}, p.Kind)
	page.TextRight(A6Long-plateMargin-4, base, Style{4.2, true, White}, "ĐỊA CHỈ SỐ")
	top := p.drawCode(page)
	return page, p.drawBelow(page, top)
}

// Words are what a plate says besides the code, for those who can't see it.
func (p Plate) Words() string {
	words := []string{p.Kind, p.Name, p.Text}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), ", ")
}

// drawCode writes the code, the unit on a line below the door, and answers where
// it ends.
func (p Plate) drawCode(page *Page) (bottom float64) {
	groups := strings.Fields(p.Code)
	bottom = plateMargin + plateBand + 4 + plateCapitals
	page.Code(plateMargin, bottom, plateCapitals, groups[:min(len(groups), 3)]...)
	if len(groups) > 3 {
		bottom += plateLine
		page.Code(plateMargin, bottom, plateCapitals, groups[3:]...)
	}
	return bottom
}

// drawBelow fills what is left under the code: the QR code on the right, the
// name and the written address beside it.
func (p Plate) drawBelow(page *Page, top float64) error {
	code, err := NewQR(p.Link, Quartile)
	if err != nil {
		return err
	}
	dark, modules := plateQR, float64(code.Side-2*QuietZone)
	if p.Text == "" {
		dark = min(plateQRAlone, (plateFoot-top-plateGap)*modules/(modules+QuietZone))
	}
	quiet := QuietZone * dark / modules
	left := A6Long - plateMargin - dark - quiet
	page.QR(left, plateFoot-dark-quiet, dark+2*quiet, code)
	page.Text(plateMargin, plateFoot, Style{3.2, false, Grey}, "Plus Code: "+p.Plus)
	top += plateGap
	p.drawText(page, box{plateMargin, top, left - plateMargin - 1, plateFoot - 5 - top})
	return nil
}

// box is a part of a page, in millimetres from its top left corner.
type box struct{ left, top, width, height float64 }

// drawText writes the name and the address so that all of both has room: in
// smaller letters where they are long. Where they are not to be read it says
// what the QR code is for.
func (p Plate) drawText(page *Page, in box) {
	const leading = 1.25 // distance of lines, of the size
	name, text, words := Style{6.8, true, Black}, Style{6.4, false, Black}, p.Text
	if words == "" {
		text.Colour, words = Grey, "Quét mã QR để xem địa chỉ này."
	}
	for {
		names, lines := name.Lines(p.Name, in.width), text.Lines(words, in.width)
		taken := leading * (float64(len(names))*name.Size + float64(len(lines))*text.Size)
		if taken > in.height {
			// Half as large letters take a quarter of the room, but for the ends of lines.
			smaller := min(0.98, 1.03*math.Sqrt(in.height/taken))
			name.Size, text.Size = name.Size*smaller, text.Size*smaller
			continue
		}
		y := drawLines(page, in.left, in.top, name, names, leading)
		drawLines(page, in.left, y, text, lines, leading)
		return
	}
}

// drawLines writes lines below each other and answers where they end.
func drawLines(page *Page, left, top float64, style Style, lines []string, leading float64) (bottom float64) {
	for _, line := range lines {
		page.Text(left, top+style.Size, style, line)
		top += leading * style.Size
	}
	return top
}

// platesOnSheet is how many plates a sheet has.
const platesOnSheet = 4

// Sheets lay pages of plates out on A4, the longer side at the bottom, four a
// sheet, with marks where to cut: once across and once down.
func Sheets(plates []*Page) []*Page {
	var sheets []*Page
	for i, plate := range plates {
		if i%platesOnSheet == 0 {
			sheets = append(sheets, newSheet())
		}
		x, y := float64(i%2)*A4Long/2, float64(i%platesOnSheet/2)*A4Short/2
		sheets[len(sheets)-1].Place(x+(A4Long/2-plate.Width)/2, y, plate)
	}
	return sheets
}

// newSheet is an empty sheet with its marks: at the edges, as far inwards as
// printers leave white and a bit, and in the middle.
func newSheet() *Page {
	const edge, middle, thin = 9.0, 4.0, 0.15
	sheet := &Page{Width: A4Long, Height: A4Short}
	for _, m := range [][2]float64{{0, edge}, {A4Long/2 - middle, 2 * middle}, {A4Long - edge, edge}} {
		sheet.Rect(m[0], A4Short/2-thin/2, m[1], thin, Grey)
	}
	for _, m := range [][2]float64{{0, edge}, {A4Short/2 - middle, 2 * middle}, {A4Short - edge, edge}} {
		sheet.Rect(A4Long/2-thin/2, m[0], thin, m[1], Grey)
	}
	return sheet
}

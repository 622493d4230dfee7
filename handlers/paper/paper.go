// Package paper is what is printed: pages of text, rectangles and QR codes,
// measured in millimetres from the top left corner, and three writers that put
// the same page into PDF (with its text as text), SVG and PNG (with its text as
// outlines, so that no reader needs the font). Equal pages give equal bytes.
package paper

import (
	"image/color"
	"strings"
)

// Sides of sheets in millimetres (ISO 216); A6 is an A4 folded twice.
const (
	A4Long, A4Short = 297.0, 210.0
	A6Long, A6Short = 148.0, 105.0
)

// Colours that every page has.
var (
	Black = color.RGBA{A: 0xff}
	White = color.RGBA{0xff, 0xff, 0xff, 0xff}
	Grey  = color.RGBA{0x55, 0x55, 0x55, 0xff}
)

// Page is a white sheet and what is drawn on it, in that order.
type Page struct {
	Width, Height float64 // millimetres

	marks []mark
}

// mark is a run of text, a QR code or else a filled rectangle.
type mark struct {
	x, y, width, height float64 // of a text: where its baseline begins, its width and its size
	colour              color.RGBA
	text                string
	face                *face // of a text
	code                *QR
}

// Style is how a text looks. Size is the height of its lines set solid, in
// millimetres.
type Style struct {
	Size   float64
	Bold   bool
	Colour color.RGBA // zero: nothing is seen
}

// Text writes one line that begins at x on the baseline y. What the font has no
// letter for becomes an empty box: something is missing there, and it shows.
func (p *Page) Text(x, y float64, style Style, text string) {
	p.write(x, y, style.Size, style.face(), style.Colour, text)
}

func (p *Page) write(x, y, size float64, f *face, colour color.RGBA, text string) {
	if text = f.drawable(text); text != "" {
		p.marks = append(p.marks, mark{x: x, y: y, width: f.width(text) * size, height: size, colour: colour, text: text, face: f})
	}
}

// codeGap is the space between the groups of a code, as a part of the size: less
// than a letter.
const codeGap = 0.38

// Code writes the groups of a code from x on the baseline y, in black letters
// that are so high and all of the same width: no code is longer than another.
func (p *Page) Code(x, y, height float64, groups ...string) {
	f := monospaced()
	size := height / f.capitals
	for _, group := range groups {
		p.write(x, y, size, f, Black, group)
		x += (f.width(group) + codeGap) * size
	}
}

// codeWidth is how wide the groups of a code are in letters that are so high.
func codeWidth(height float64, groups []string) float64 {
	f, ems := monospaced(), codeGap*float64(len(groups)-1)
	for _, group := range groups {
		ems += f.width(group)
	}
	return ems * height / f.capitals
}

// TextRight writes one line that ends at x.
func (p *Page) TextRight(x, y float64, style Style, text string) {
	p.Text(x-style.Width(text), y, style, text)
}

// TextCentred writes one line around x.
func (p *Page) TextCentred(x, y float64, style Style, text string) {
	p.Text(x-style.Width(text)/2, y, style, text)
}

// Rect fills a rectangle of which x and y are the top left corner.
func (p *Page) Rect(x, y, width, height float64, colour color.RGBA) {
	p.marks = append(p.marks, mark{x: x, y: y, width: width, height: height, colour: colour})
}

// QR draws a QR code, black, in a square whose side includes the quiet zone.
func (p *Page) QR(x, y, side float64, code *QR) {
	p.marks = append(p.marks, mark{x: x, y: y, width: side, height: side, colour: Black, code: code})
}

// Place draws all that is on another page, its corner at x and y.
func (p *Page) Place(x, y float64, other *Page) {
	for _, m := range other.marks {
		m.x, m.y = m.x+x, m.y+y
		p.marks = append(p.marks, m)
	}
}

// Lines breaks a text between words into lines of at most a width, and within
// a word that is wider. Nothing is left out but white space.
func (s Style) Lines(text string, width float64) []string {
	var lines []string
	var line strings.Builder
	taken, space := 0.0, s.Width(" ")
	flush := func() {
		if line.Len() > 0 {
			lines = append(lines, line.String())
		}
		line.Reset()
		taken = 0
	}
	for _, word := range strings.Fields(text) {
		wide := s.Width(word)
		if taken > 0 && taken+space+wide > width {
			flush()
		}
		if taken > 0 {
			line.WriteByte(' ')
			taken += space
		}
		if wide <= width {
			line.WriteString(word)
			taken += wide
			continue
		}
		for _, letter := range word {
			wide := s.Width(string(letter))
			if taken > 0 && taken+wide > width {
				flush()
			}
			line.WriteRune(letter)
			taken += wide
		}
	}
	flush()
	return lines
}

package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
)

// WriteSVG writes the page in its size, with its text as outlines; title and
// words are what programs read out to those who can't see it.
func (p *Page) WriteSVG(w io.Writer, title, words string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]smm" height="%[2]smm" viewBox="0 0 %[1]s %[2]s" lang="vi" role="img">`,
		decimal(p.Width), decimal(p.Height))
	describe(&b, "title", title)
	describe(&b, "desc", words)
	fmt.Fprintf(&b, `<path fill="#ffffff" d="M0 0h%sv%sH0z"/>`, decimal(p.Width), decimal(p.Height))
	for _, m := range p.marks {
		if err := m.writeSVG(&b); err != nil {
			return fmt.Errorf("draw an SVG: %w", err)
		}
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func describe(b *bytes.Buffer, element, text string) {
	if text == "" {
		return
	}
	b.WriteString("<" + element + ">")
	_ = xml.EscapeText(b, []byte(text)) // a buffer takes everything
	b.WriteString("</" + element + ">")
}

func (m mark) writeSVG(b *bytes.Buffer) error {
	switch {
	case m.code != nil:
		fmt.Fprintf(b, `<svg x="%s" y="%s" width="%[3]s" height="%[3]s" viewBox="0 0 %[4]d %[4]d" shape-rendering="crispEdges"><path d="%[5]s"/></svg>`,
			decimal(m.x), decimal(m.y), decimal(m.width), m.code.Side, m.code.Path())
	case m.text != "":
		fmt.Fprintf(b, `<path fill="%s" transform="translate(%s %s) scale(%s)" d="`, hex(m.colour), decimal(m.x), decimal(m.y),
			strconv.FormatFloat(m.height/emUnits, 'g', 6, 64))
		err := m.face.outline(m.text, func(right int, segments sfnt.Segments) { writePath(b, right, segments) })
		b.WriteString(`"/>`)
		return err
	default:
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`,
			decimal(m.x), decimal(m.y), decimal(m.width), decimal(m.height), hex(m.colour))
	}
	return nil
}

// writePath writes a letter in units of the font, which are whole numbers.
func writePath(b *bytes.Buffer, right int, segments sfnt.Segments) {
	for i, s := range segments {
		operation, points := "L", 1
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if operation = "M"; i > 0 {
				operation = "ZM"
			}
		case sfnt.SegmentOpQuadTo:
			operation, points = "Q", 2
		case sfnt.SegmentOpCubeTo:
			operation, points = "C", 3
		}
		b.WriteString(operation)
		for j, at := range s.Args[:points] {
			if j > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(b, "%d %d", right+at.X.Round(), at.Y.Round())
		}
	}
	if len(segments) > 0 {
		b.WriteByte('Z')
	}
}

// decimal is a length in millimetres to the micrometre.
func decimal(mm float64) string {
	return strconv.FormatFloat(math.Round(mm*1000)/1000, 'f', -1, 64)
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

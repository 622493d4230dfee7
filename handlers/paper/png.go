package paper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// WritePNG writes the page as a picture so many pixels wide, which says how
// large it is on paper.
func (p *Page) WritePNG(w io.Writer, width int) error {
	c := newCanvas(p, width)
	for _, m := range p.marks {
		if err := c.draw(m); err != nil {
			return fmt.Errorf("draw a PNG: %w", err)
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, c.picture); err != nil {
		return fmt.Errorf("write a PNG: %w", err)
	}
	const header = 8 + 25 // the signature and the first chunk; the resolution comes next
	_, err := w.Write(slices.Insert(b.Bytes(), header, resolution(c.scale)...))
	return err
}

// resolution is the chunk pHYs of a PNG (ISO/IEC 15948, 11.3.4.3).
func resolution(perMillimetre float64) []byte {
	perMetre := uint32(math.Round(perMillimetre * 1000))
	body := append([]byte("pHYs"), 0, 0, 0, 0, 0, 0, 0, 0, 1) // 1: the unit is the metre
	binary.BigEndian.PutUint32(body[4:], perMetre)
	binary.BigEndian.PutUint32(body[8:], perMetre)
	chunk := append([]byte{0, 0, 0, 9}, body...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
}

// canvas is a picture of a page. A page has few colours, so a pixel is one byte.
type canvas struct {
	picture *image.Paletted
	scale   float64 // pixels a millimetre
	pen     vector.Rasterizer
	mixed   map[mixture]uint8
}

// shades is how finely the edges of letters fade into what is behind them.
const shades = 16

// mixture is a colour that covers another one, by its index, to so many shades.
type mixture struct {
	colour color.RGBA
	shade  uint8
	over   uint8
}

func newCanvas(p *Page, width int) *canvas {
	area := image.Rect(0, 0, width, int(math.Round(p.Height/p.Width*float64(width))))
	return &canvas{picture: image.NewPaletted(area, color.Palette{White}), scale: float64(width) / p.Width, mixed: map[mixture]uint8{}}
}

func (c *canvas) draw(m mark) error {
	switch {
	case m.code != nil:
		module := m.width / float64(m.code.Side)
		for _, r := range m.code.runs {
			x, y := m.x+float64(r.x)*module, m.y+float64(r.y)*module
			c.fill(x, y, x+float64(r.length)*module, y+module, m.colour)
		}
	case m.text != "":
		return c.write(m)
	default:
		c.fill(m.x, m.y, m.x+m.width, m.y+m.height, m.colour)
	}
	return nil
}

// fill fills a rectangle whose edges are moved to the nearest pixels, where
// they are sharp; one that is thinner than a pixel is one all the same.
func (c *canvas) fill(left, top, right, bottom float64, colour color.RGBA) {
	pixel := func(mm float64) int { return int(math.Round(mm * c.scale)) }
	area := image.Rect(pixel(left), pixel(top), max(pixel(right), pixel(left)+1), max(pixel(bottom), pixel(top)+1)).Intersect(c.picture.Rect)
	full := c.mix(mixture{colour, shades, 0})
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := c.picture.Pix[c.picture.PixOffset(area.Min.X, y):][:area.Dx()]
		for x := range row {
			row[x] = full
		}
	}
}

// write fills the outlines of a line of text.
func (c *canvas) write(m mark) error {
	size := m.height * c.scale
	left, top := int(m.x*c.scale)-1, int(m.y*c.scale-size)-1
	area := image.Rect(left, top, int((m.x+m.width)*c.scale)+2, int(m.y*c.scale+size/2)+2)
	c.pen.Reset(area.Dx(), area.Dy())
	dx, dy, unit := m.x*c.scale-float64(left), m.y*c.scale-float64(top), size/emUnits
	err := m.face.outline(m.text, func(right int, segments sfnt.Segments) {
		c.trace(segments, func(p fixed.Point26_6) (x, y float32) {
			return float32(dx + (float64(right)+float64(p.X)/64)*unit), float32(dy + float64(p.Y)/64*unit)
		})
	})
	covered := image.NewAlpha(image.Rect(0, 0, area.Dx(), area.Dy()))
	c.pen.DrawOp = draw.Src
	c.pen.Draw(covered, covered.Rect, image.Opaque, image.Point{})
	c.cover(covered, area, m.colour)
	return err
}

// trace gives the outlines of a letter to the pen.
func (c *canvas) trace(segments sfnt.Segments, at func(fixed.Point26_6) (x, y float32)) {
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.pen.ClosePath()
			c.pen.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			c.pen.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			c.pen.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			c.pen.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	c.pen.ClosePath()
}

// cover lays a colour over an area as far as it is covered.
func (c *canvas) cover(covered *image.Alpha, area image.Rectangle, colour color.RGBA) {
	inside := area.Intersect(c.picture.Rect)
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		for x := inside.Min.X; x < inside.Max.X; x++ {
			alpha := covered.Pix[covered.PixOffset(x-area.Min.X, y-area.Min.Y)]
			if shade := uint8((int(alpha)*shades + 127) / 255); shade > 0 {
				at := c.picture.PixOffset(x, y)
				c.picture.Pix[at] = c.mix(mixture{colour, shade, c.picture.Pix[at]})
			}
		}
	}
}

// mix is the index of a mixture. Where the palette is full, the nearest colour
// there is has to do.
func (c *canvas) mix(m mixture) uint8 {
	if m.shade == shades {
		m.over = 0 // nothing of it is seen
	}
	if index, known := c.mixed[m]; known {
		return index
	}
	under := c.picture.Palette[m.over].(color.RGBA)
	blend := func(over, under uint8) uint8 {
		return uint8((int(over)*int(m.shade) + int(under)*int(shades-m.shade)) / shades)
	}
	colour := color.RGBA{blend(m.colour.R, under.R), blend(m.colour.G, under.G), blend(m.colour.B, under.B), 0xff}
	index := c.picture.Palette.Index(colour)
	if c.picture.Palette[index] != colour && len(c.picture.Palette) < 256 {
		index = len(c.picture.Palette)
		c.picture.Palette = append(c.picture.Palette, colour)
	}
	c.mixed[m] = uint8(index)
	return uint8(index)
}

package paper

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// WritePNG writes the page as a picture so many pixels wide.
func (p *Page) WritePNG(w io.Writer, width int) error {
	picture := canvas{image.NewRGBA(image.Rect(0, 0, width, int(math.Round(p.Height/p.Width*float64(width))))), float64(width) / p.Width}
	draw.Draw(picture.image, picture.image.Rect, image.White, image.Point{}, draw.Src)
	for _, m := range p.marks {
		if err := picture.draw(m); err != nil {
			return fmt.Errorf("draw a PNG: %w", err)
		}
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encoder.Encode(w, picture.image)
}

// canvas is a picture of a page, with so many pixels a millimetre.
type canvas struct {
	image *image.RGBA
	scale float64
}

func (c canvas) draw(m mark) error {
	switch {
	case m.code != nil:
		module := m.width / float64(m.code.Side)
		for _, r := range m.code.runs {
			x, y := m.x+float64(r.x)*module, m.y+float64(r.y)*module
			c.fill(x, y, x+float64(r.length)*module, y+module, m)
		}
	case m.text != "":
		return c.write(m)
	default:
		c.fill(m.x, m.y, m.x+m.width, m.y+m.height, m)
	}
	return nil
}

// fill fills a rectangle whose edges are moved to the nearest pixels, where
// they are sharp; one that is thinner than a pixel is one all the same.
func (c canvas) fill(left, top, right, bottom float64, m mark) {
	pixel := func(mm float64) int { return int(math.Round(mm * c.scale)) }
	area := image.Rect(pixel(left), pixel(top), max(pixel(right), pixel(left)+1), max(pixel(bottom), pixel(top)+1))
	draw.Draw(c.image, area, image.NewUniform(m.style.Colour), image.Point{}, draw.Src)
}

// write fills the outlines of a line of text.
func (c canvas) write(m mark) error {
	size := m.style.Size * c.scale
	left, top := int(m.x*c.scale)-1, int(m.y*c.scale-size)-1
	area := image.Rect(left, top, int((m.x+m.width)*c.scale)+2, int(m.y*c.scale+size/2)+2)
	z := vector.NewRasterizer(area.Dx(), area.Dy())
	dx, dy, unit := m.x*c.scale-float64(left), m.y*c.scale-float64(top), size/emUnits
	err := m.style.outline(m.text, func(right int, segments sfnt.Segments) {
		at := func(p fixed.Point26_6) (x, y float32) {
			return float32(dx + (float64(right)+float64(p.X)/64)*unit), float32(dy + float64(p.Y)/64*unit)
		}
		trace(z, segments, at)
	})
	z.Draw(c.image, area, image.NewUniform(m.style.Colour), image.Point{})
	return err
}

// trace gives the outlines of a letter to a rasterizer.
func trace(z *vector.Rasterizer, segments sfnt.Segments, at func(fixed.Point26_6) (x, y float32)) {
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
}

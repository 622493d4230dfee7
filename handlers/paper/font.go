package paper

import (
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// CapHeight is how high a capital is, as a part of the size; Above and Below are
// how far the tallest letters reach from the baseline (Ặ and Ệ).
const (
	CapHeight = 1409.0 / 2048
	Above     = 0.91
	Below     = 0.22
)

// emUnits is the size in which the font is drawn.
const emUnits = 2048

// missing stands for what the font has no letter for.
const missing = '□'

// face is a font whose letters were measured; it never changes.
type face struct {
	font     *sfnt.Font
	advances map[rune]int // in units of the font, of all letters that it has
}

var (
	regular = sync.OnceValue(func() *face { return newFace(liberationsansregular.TTF) })
	bold    = sync.OnceValue(func() *face { return newFace(liberationsansbold.TTF) })
)

// newFace reads a font and measures all its letters; those beyond the Basic
// Multilingual Plane a PDF could not name.
func newFace(ttf []byte) *face {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err) // the fonts are part of the program: only a broken build gets here
	}
	measured := &face{f, map[rune]int{}}
	var buffer sfnt.Buffer
	for letter := ' '; letter <= 0xffff; letter++ {
		glyph, err := f.GlyphIndex(&buffer, letter)
		if err != nil || glyph == 0 {
			continue
		}
		if advance, err := f.GlyphAdvance(&buffer, glyph, fixed.I(emUnits), font.HintingNone); err == nil {
			measured.advances[letter] = advance.Round()
		}
	}
	return measured
}

func (s Style) face() *face {
	if s.Bold {
		return bold()
	}
	return regular()
}

// Width is how wide a line of text is, in millimetres.
func (s Style) Width(text string) float64 {
	units, f := 0, s.face()
	for _, letter := range text {
		advance, there := f.advances[letter]
		if !there {
			advance = f.advances[missing]
		}
		units += advance
	}
	return float64(units) / emUnits * s.Size
}

// drawable is a text of letters that both faces have.
func drawable(text string) string {
	return strings.Map(func(letter rune) rune {
		if _, there := regular().advances[letter]; there {
			return letter
		}
		return missing
	}, text)
}

// outline gives the segments of each letter of a text, in units of the font
// with y downwards, and how far to the right the letter stands.
func (s Style) outline(text string, each func(right int, segments sfnt.Segments)) error {
	var buffer sfnt.Buffer
	right, f := 0, s.face()
	for _, letter := range text {
		glyph, err := f.font.GlyphIndex(&buffer, letter)
		if err != nil {
			return err
		}
		segments, err := f.font.LoadGlyph(&buffer, glyph, fixed.I(emUnits), nil)
		if err != nil {
			return err
		}
		each(right, segments)
		right += f.advances[letter]
	}
	return nil
}

package paper

import (
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// emUnits is the size in which the fonts are drawn: lengths are whole numbers
// then.
const emUnits = 2048

// missing stands for what the font has no letter for.
const missing = '□'

// face is a font whose letters were measured; it never changes.
type face struct {
	family   string
	ttf      []byte
	font     *sfnt.Font
	advances map[rune]int // in units of the font, of all letters that it has
	capitals float64      // how high they are, as a part of the size
}

var (
	regular    = sync.OnceValue(func() *face { return newFace("LiberationSans", liberationsansregular.TTF) })
	bold       = sync.OnceValue(func() *face { return newFace("LiberationSansBold", liberationsansbold.TTF) })
	monospaced = sync.OnceValue(func() *face { return newFace("LiberationMonoBold", liberationmonobold.TTF) })
)

// newFace reads a font and measures all its letters; those beyond the Basic
// Multilingual Plane a PDF could not name.
func newFace(family string, ttf []byte) *face {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err) // the fonts are part of the program: only a broken build gets here
	}
	f := &face{family: family, ttf: ttf, font: parsed, advances: map[rune]int{}}
	var buffer sfnt.Buffer
	for letter := ' '; letter <= 0xffff; letter++ {
		glyph, err := parsed.GlyphIndex(&buffer, letter)
		if err != nil || glyph == 0 {
			continue
		}
		if advance, err := parsed.GlyphAdvance(&buffer, glyph, fixed.I(emUnits), font.HintingNone); err == nil {
			f.advances[letter] = advance.Round()
		}
	}
	if metrics, err := parsed.Metrics(&buffer, fixed.I(emUnits), font.HintingNone); err == nil {
		f.capitals = float64(metrics.CapHeight) / 64 / emUnits
	}
	return f
}

func (s Style) face() *face {
	if s.Bold {
		return bold()
	}
	return regular()
}

// Width is how wide a line of text is, in millimetres.
func (s Style) Width(text string) float64 { return s.face().width(text) * s.Size }

// width is how wide a line of text is, as a part of the size.
func (f *face) width(text string) float64 {
	units := 0
	for _, letter := range text {
		advance, there := f.advances[letter]
		if !there {
			advance = f.advances[missing]
		}
		units += advance
	}
	return float64(units) / emUnits
}

// drawable is a text of letters that the face has.
func (f *face) drawable(text string) string {
	return strings.Map(func(letter rune) rune {
		if _, there := f.advances[letter]; there {
			return letter
		}
		return missing
	}, text)
}

// outline gives the segments of each letter of a text, in units of the font
// with y downwards, and how far to the right the letter stands.
func (f *face) outline(text string, each func(right int, segments sfnt.Segments)) error {
	var buffer sfnt.Buffer
	right := 0
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

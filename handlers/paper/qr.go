package paper

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Level is how much of a QR code may be lost.
type Level = qr.ErrorCorrectionLevel

// Levels of error correction: 15, 25 and 30 of a hundred (ISO/IEC 18004).
const (
	Medium   = qr.M
	Quartile = qr.Q
	High     = qr.H
)

// QuietZone is the empty margin that a QR code needs to be found, in modules
// (ISO/IEC 18004).
const QuietZone = 4

// QR is a drawn QR code. Side is its length in modules, quiet zone included.
type QR struct {
	Side int
	runs []run
}

// run is a row of dark modules beside each other; no code has more than 185 in
// a row.
type run struct{ x, y, length uint8 }

// NewQR draws a text as a QR code; an error where it has no room in one.
func NewQR(text string, level Level) (*QR, error) {
	code, err := qr.Encode(text, level, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	size := code.Bounds().Dx()
	isDark := func(x, y int) bool { return code.At(x, y) == color.Black }
	q := &QR{Side: size + 2*QuietZone}
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && isDark(x, y) {
				x++
			}
			if x > from {
				q.runs = append(q.runs, run{uint8(from + QuietZone), uint8(y + QuietZone), uint8(x - from)})
			}
		}
	}
	return q, nil
}

// Path is the dark modules as the path of an SVG in which a module is one unit.
func (q *QR) Path() string {
	var b strings.Builder
	for _, r := range q.runs {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.x, r.y, r.length, r.length)
	}
	return b.String()
}

// SVG is the code in a picture of its own, black on white.
func (q *QR) SVG() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, q.Side, q.Path())
}

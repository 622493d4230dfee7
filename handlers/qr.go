package handlers

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quietZone is the empty margin that a QR code needs to be found, in modules
// (ISO/IEC 18004).
const quietZone = 4

// qrPath draws a text as a QR code (error correction M) of one path, and
// answers the length of a side in modules, quiet zone included.
func qrPath(text string) (path string, side int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, fmt.Errorf("draw a QR code: %w", err)
	}
	var b strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size && isDark(code, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
				x += run
			}
		}
	}
	return b.String(), size + 2*quietZone, nil
}

func isDark(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := color.GrayModel.Convert(code.At(x, y)).RGBA()
	return r < 0x8000
}

// qrSVG is a text as a QR code in a picture of its own, black on white.
func qrSVG(text string) (string, error) {
	path, side, err := qrPath(text)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, side, path), nil
}

package paper

import (
	"context"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Document is what becomes one PDF.
type Document struct {
	Title string
	At    time.Time // when what it says was so, the only time in the file; zero: now
	Pages []*Page
}

// WritePDF writes the pages in their sizes. Text is text, in a font that is
// part of the file as far as it is used. It ends early when ctx does.
func (d Document) WritePDF(ctx context.Context, w io.Writer) error {
	file := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm"})
	file.SetCatalogSort(true)
	file.SetCreationDate(d.At)
	file.SetModificationDate(d.At)
	file.SetProducer("Diachiso", true)
	file.SetTitle(d.Title, true)
	file.SetLang("vi")
	file.SetAutoPageBreak(false, 0)
	for _, p := range d.Pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		file.AddPageFormat("P", fpdf.SizeType{Wd: p.Width, Ht: p.Height})
		for _, m := range p.marks {
			m.writePDF(file)
		}
	}
	if err := file.Output(w); err != nil {
		return fmt.Errorf("write a PDF: %w", err)
	}
	return nil
}

func (m mark) writePDF(file *fpdf.Fpdf) {
	switch {
	case m.code != nil:
		fill(file, m.colour)
		m.code.writePDF(file, m.x, m.y, m.width/float64(m.code.Side))
	case m.text != "":
		file.AddUTF8FontFromBytes(m.face.family, "", m.face.ttf) // the second time it is known
		file.SetFont(m.face.family, "", 0)
		file.SetFontUnitSize(m.height)
		file.SetTextColor(int(m.colour.R), int(m.colour.G), int(m.colour.B))
		file.Text(m.x, m.y, m.text)
	default:
		fill(file, m.colour)
		file.Rect(m.x, m.y, m.width, m.height, "F")
	}
}

func fill(file *fpdf.Fpdf, c color.RGBA) { file.SetFillColor(int(c.R), int(c.G), int(c.B)) }

// writePDF draws all modules as one path: between several, some viewers show
// hair lines.
func (q *QR) writePDF(file *fpdf.Fpdf, x, y, module float64) {
	_, height := file.GetPageSize()
	var path []byte
	for _, r := range q.runs {
		left, bottom := x+float64(r.x)*module, height-y-float64(r.y+1)*module
		for _, mm := range [...]float64{left, bottom, float64(r.length) * module, module} {
			path = append(strconv.AppendFloat(path, file.UnitToPointConvert(1)*mm, 'f', 3, 64), ' ')
		}
		path = append(path, "re\n"...)
	}
	file.RawWriteStr(string(append(path, 'f')))
}

package handlers

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/handlers/paper"
	"diachiso/models"
)

//go:embed pages/slip.svg
var slipText string

var slipTemplate = template.Must(template.New("slip").Parse(slipText))

var formatSVG = format{"svg", "image/svg+xml"}

// Where the written address stands on the slip, in millimetres.
const (
	slipTextTop    = 57.0
	slipTextHeight = 28.0
	slipTextWidth  = 93.0
)

// slipContent is what a slip says.
type slipContent struct {
	Formatted, Code, Expected, Kind, Position, Sent, Expires string
	Lines                                                    []slipLine // the name and the written address
	Below                                                    string     // where they end, in millimetres
	QR                                                       string
	Side                                                     int
}

// slipLine is a line of text, sized and placed in millimetres.
type slipLine struct {
	Y, Size, Text string
	Bold          bool
}

// kindNames are the kinds of addresses in Vietnamese.
var kindNames = map[string]string{
	"household": "Hộ gia đình", "business": "Doanh nghiệp, hộ kinh doanh", "farm": "Trang trại, vườn",
	"shop": "Cửa hàng", "public": "Cơ quan, công trình công cộng", "landmark": "Địa danh",
}

// slip prints a proposal for its owner, with a link that holds the owner's
// token: the one of this request, since nobody else knows it.
func (a *API) slip(c *gin.Context) error {
	if _, err := negotiate(c, formatSVG); err != nil {
		return err
	}
	p, err := a.store.Proposal(c.Request.Context(), callerOf(c), c.Param("number"))
	if err != nil {
		return err
	}
	if callerOf(c).Role != models.RoleOwner {
		return models.NewError(models.Forbidden, "", "owners-only", "Only the owner can print the slip: it holds the owner token.",
			"Chỉ chủ sở hữu in được phiếu: phiếu chứa mã chủ sở hữu.")
	}
	content, err := a.slipContent(c, p)
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := slipTemplate.Execute(&picture, content); err != nil {
		return fmt.Errorf("draw a slip: %w", err)
	}
	c.Header("Cache-Control", "no-store")
	write(c, http.StatusOK, formatSVG.mediaType, picture.Bytes())
	return nil
}

func (a *API) slipContent(c *gin.Context, p *models.Proposal) (s slipContent, err error) {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return s, err
	}
	shown := units.Proposal(p, a.store.Today())
	if shown.Links.Slip == "" {
		return s, models.NewError(models.Conflict, "", "nothing-to-print", "The proposal is %[1]s: there is nothing to print.",
			"Đề nghị đã kết thúc, %[2]s: không còn gì để in.", p.Status, models.InVietnamese(p.Status))
	}
	if p.Address != nil {
		if err := a.refuseRetiredSlip(c, *p.Address); err != nil {
			return s, err
		}
	}
	page, err := a.ownerPageURL(c)
	if err != nil {
		return s, err
	}
	token, err := presentedSecret(c.Request.Header)
	if err != nil {
		return s, err
	}
	code, err := paper.NewQR(ownerLink(page, token), paper.Medium)
	if err != nil {
		return s, err
	}
	s.QR, s.Side = code.Path(), code.Side
	position := p.Position()
	s.Formatted, s.Kind = shown.Formatted, kindNames[p.Asked.Kind]
	s.Position = geo.FormatE7(int32(position.Lat)) + ", " + geo.FormatE7(int32(position.Lng))
	s.Sent, s.Expires = vietnameseDay(p.CreatedAt), vietnameseDay(p.ExpiresAt)
	if s.Expected = p.Expected.Grouped(); p.Address != nil {
		s.Code = p.Address.Grouped()
	}
	s.Lines, s.Below = slipLines(p.Asked.Name, shown.Text)
	return s, nil
}

// refuseRetiredSlip refuses to print a code as issued that is in use no more.
func (a *API) refuseRetiredSlip(c *gin.Context, code geo.Code) error {
	address, err := a.store.Address(c.Request.Context(), code)
	if err != nil {
		return err
	}
	return refuseRetired(address)
}

// refuseRetired refuses to print an address that is in use no more.
func refuseRetired(address *models.Address) error {
	if address.Status == models.StatusCurrent {
		return nil
	}
	return models.NewError(models.Conflict, "", "nothing-to-print", "The address %s is retired: there is nothing to print.",
		"Địa chỉ %s đã ngừng dùng: không còn gì để in.", address.Code.Grouped())
}

// vietnameseDay is the day of an instant as it is written: 15/01/2026.
func vietnameseDay(at time.Time) string {
	day, err := time.Parse(time.DateOnly, string(models.DateOf(at)))
	if err != nil {
		return ""
	}
	return day.Format("02/01/2006")
}

// slipLines breaks a name and an address so that all of both has room, each on
// lines of its own: in smaller letters where they are long. Below is where the
// last line ends.
func slipLines(name, address string) (placed []slipLine, below string) {
	for size := 5.4; ; size -= 0.2 {
		const letterWidth, lineHeight = 0.56, 1.35 // of the size, a little more than most letters take
		most := int(slipTextWidth / (size * letterWidth))
		bold := wrapped(name, most*9/10)
		lines := append(bold, wrapped(address, most)...)
		height := float64(len(lines)) * size * lineHeight
		if height > slipTextHeight && size > 1.2 {
			continue
		}
		for i, line := range lines {
			y := slipTextTop + float64(i+1)*size*lineHeight
			placed = append(placed, slipLine{fmt.Sprintf("%.2f", y), fmt.Sprintf("%.1f", size), line, i < len(bold)})
		}
		return placed, fmt.Sprintf("%.2f", slipTextTop+height+1)
	}
}

// wrapped breaks a text between words into lines of at most most characters;
// a longer word is broken too.
func wrapped(text string, most int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > most {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			runes := []rune(word)
			lines, word = append(lines, string(runes[:most])), string(runes[most:])
		}
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

package handlers

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/handlers/paper"
	"diachiso/models"
)

const platesPattern = "/v1/plates"

// mostPlates bounds the plates of one request: 250 sheets, some two seconds of
// work.
const mostPlates = 1000

// Sheets under way: each takes a processor while it is drawn.
const (
	printsAtOnce         = 2
	printsOfClientAtOnce = 1
)

func newPrintSeats() *seats {
	return &seats{all: printsAtOnce, ofClient: printsOfClientAtOnce,
		full: models.NewError(models.Unavailable, "", "prints-busy",
			"As many sheets as this server draws at a time are under way: try again in a few seconds.",
			"Máy chủ đang in biển cho số người tối đa: hãy thử lại sau vài giây."),
		greedy: models.NewError(models.TooMany, "", "too-many-prints",
			"Sheets of yours are being drawn already: wait until they have arrived.",
			"Bạn đang có một lượt in biển chưa xong: hãy chờ nhận xong.")}
}

// plates answers sheets of plates for a list of codes or a part of a commune.
func (a *API) plates(c *gin.Context) error {
	o, err := a.readObject(c, []string{"codes", "commune", "hamlet", "street", "kind", "text"})
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatPDF); err != nil {
		return err
	}
	p, err := a.printer(c)
	if err != nil {
		return err
	}
	order, err := readPlateOrder(o, p)
	if err != nil {
		return err
	}
	sheets, err := a.print(c, p, order)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `inline; filename="plates.pdf"`)
	write(c, http.StatusOK, formatPDF.mediaType, sheets)
	return nil
}

// print draws the plates of an order as one of the few that are drawn at a time.
func (a *API) print(c *gin.Context, p printer, order plateOrder) ([]byte, error) {
	leave, err := a.prints.take(a.clientNetwork(c))
	if err != nil {
		c.Header("Retry-After", strconv.Itoa(retryAfter))
		return nil, err
	}
	defer leave()
	addresses, err := a.ordered(c.Request.Context(), order)
	if err != nil {
		return nil, err
	}
	a.chargeRows(c, len(addresses))
	return p.sheets(c.Request.Context(), addresses, order.withText)
}

// plateOrder says which plates are wanted: those of codes, or of a stretch.
type plateOrder struct {
	codes    []geo.Code
	stretch  models.Stretch
	withText bool
}

// readPlateOrder reads the body of a request for plates.
func readPlateOrder(o *object, p printer) (order plateOrder, err error) {
	order.withText = true
	if flag := o.flag("text"); flag != nil {
		order.withText = *flag
	}
	filter := slices.DeleteFunc([]string{"commune", "hamlet", "street", "kind"}, func(name string) bool { return !o.has(name) })
	switch {
	case o.has("codes") && len(filter) > 0:
		o.add(invalid(filter[0], "codes-and-filter", "Plates are for codes or for a part of a commune: leave out codes or the others.",
			"Biển được in theo danh sách mã hoặc theo một phần xã/phường: hãy bỏ codes hoặc các thành phần kia."))
	case o.has("codes"):
		order.codes, err = readPlateCodes(o)
	default:
		order.stretch = readStretch(o, p)
	}
	if err == nil && len(o.errs) > 0 {
		err = o.errs
	}
	return order, err
}

// readPlateCodes reads a list of codes, each there once.
func readPlateCodes(o *object) ([]geo.Code, error) {
	texts := o.texts("codes")
	switch {
	case o.failed("codes"):
		return nil, nil
	case len(texts) > mostPlates:
		return nil, tooManyPlates(len(texts))
	case len(texts) == 0:
		o.add(invalid("codes", "empty", "There is no code in it: there is nothing to print.", "Danh sách không có mã nào: không có gì để in."))
	}
	codes, seen := make([]geo.Code, len(texts)), make(map[geo.Code]bool, len(texts))
	for i, text := range texts {
		symbols, _ := geo.Normalize(text)
		code, err := geo.Parse(symbols)
		if wrong := fromGeo(err, strconv.Itoa(i)); wrong != nil {
			wrong.In = "codes"
			o.add(wrong)
			continue
		}
		if seen[code] {
			twice := invalid(strconv.Itoa(i), "repeated-code", "The code %s is in the list before; write it once.",
				"Mã %s bị lặp trong danh sách; chỉ ghi một lần.", code.Grouped())
			twice.In = "codes"
			o.add(twice)
		}
		codes[i], seen[code] = code, true
	}
	return codes, nil
}

// readStretch reads which part of a commune is meant.
func readStretch(o *object, p printer) models.Stretch {
	s := models.Stretch{Hamlet: readName(o, "hamlet"), Street: readName(o, "street"), Kind: o.text("kind"), Most: mostPlates}
	if !o.has("commune") {
		o.add(invalid("commune", "required", "Say which plates: a list of codes, or a commune.", "Cho biết cần in biển nào: danh sách mã (codes) hoặc một xã/phường (commune)."))
		return s
	}
	if o.has("kind") && !o.failed("kind") && !slices.Contains(models.Kinds[:], s.Kind) {
		o.add(unknownValue("kind", s.Kind, models.Kinds[:]))
	}
	code := o.text("commune")
	if o.failed("commune") {
		return s
	}
	commune, unknown := communeOf("commune", code, p.units, p.today)
	if unknown != nil {
		o.add(unknown)
	}
	s.Commune = commune
	return s
}

// readName reads the name of a part, which an empty one is not: it would mean
// any.
func readName(o *object, member string) string {
	name := o.text(member)
	if o.has(member) && !o.failed(member) && strings.TrimSpace(name) == "" {
		o.add(invalid(member, "empty", "It is empty; leave it out for any.", "Giá trị để trống; hãy bỏ thành phần này nếu không lọc theo nó."))
	}
	return name
}

func tooManyPlates(n int) error {
	return status(http.StatusUnprocessableEntity, "too-many-plates",
		"These are %d plates; at most %d are printed at a time: ask by hamlet, street or kind, or for fewer codes.",
		"Yêu cầu này có %d biển; mỗi lần chỉ in tối đa %d biển: hãy chia theo khu phố/ấp, đường, loại hoặc gửi ít mã hơn.", n, mostPlates)
}

// ordered are the addresses of an order, all current: as the codes were given,
// or as one walks along the stretch.
func (a *API) ordered(ctx context.Context, order plateOrder) ([]*models.Address, error) {
	if order.stretch.Commune != nil {
		return a.alongStretch(ctx, order.stretch)
	}
	list, err := a.store.Addresses(ctx, order.codes)
	if err != nil {
		return nil, err
	}
	for _, address := range list {
		if err := refuseRetired(address); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (a *API) alongStretch(ctx context.Context, stretch models.Stretch) ([]*models.Address, error) {
	list, all, err := a.store.Along(ctx, stretch)
	switch {
	case err != nil:
		return nil, err
	case all > mostPlates:
		return nil, tooManyPlates(all)
	case all == 0:
		return nil, notFound("nothing-matches", "No current address is like that: write hamlet and street as they are in the addresses.",
			"Không có địa chỉ nào đang dùng như vậy: hãy ghi khu phố/ấp và đường đúng như trong địa chỉ.")
	}
	return list, nil
}

// sheets are the plates of addresses as a PDF.
func (p printer) sheets(ctx context.Context, addresses []*models.Address, withText bool) ([]byte, error) {
	document := paper.Document{Title: "Biển địa chỉ số"}
	plates := make([]*paper.Page, len(addresses))
	for i, address := range addresses {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if plates[i], err = p.plate(address, withText).Page(); err != nil {
			return nil, err
		}
		if address.UpdatedAt.After(document.At) {
			document.At = address.UpdatedAt
		}
	}
	document.Pages = paper.Sheets(plates)
	var b bytes.Buffer
	err := document.WritePDF(ctx, &b)
	return b.Bytes(), err
}

package batch

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/importfile"
)

// Status is what became of a row.
type Status string

// The statuses; a row has exactly one.
const (
	Found     Status = "found"     // one address, and no doubt about it
	Uncertain Status = "uncertain" // several fit, or it may have been meant
	NotFound  Status = "not-found" // nothing registered fits
	Invalid   Status = "invalid"   // the row itself can't be asked for
)

// Counts are how many rows have which status; together they are Rows.
type Counts struct{ Rows, Found, Uncertain, NotFound, Invalid int }

func (n *Counts) count(s Status) {
	n.Rows++
	switch s {
	case Found:
		n.Found++
	case Uncertain:
		n.Uncertain++
	case NotFound:
		n.NotFound++
	default:
		n.Invalid++
	}
}

// answer is what goes behind a row.
type answer struct {
	status   Status
	class    string  // of a search
	score    float64 // of a search; 0: none
	address  *models.Address
	text     string  // the address as it is written today
	distance float64 // metres; negative: none
	matches  int
	message  string
}

// result is an answer in JSON; absent members are empty.
type result struct {
	Status    Status     `json:"status"`
	Class     string     `json:"class,omitempty"`
	Score     float64    `json:"score,omitempty"`
	Code      *geo.Code  `json:"code,omitempty"`
	Text      string     `json:"text,omitempty"`
	Lat       *models.E7 `json:"lat,omitempty"`
	Lng       *models.E7 `json:"lng,omitempty"`
	DistanceM *float64   `json:"distance_m,omitempty"`
	Matches   int        `json:"matches,omitempty"`
	Message   string     `json:"message,omitempty"`
}

func (a answer) json() []byte {
	r := result{Status: a.status, Class: a.class, Score: thousandths(a.score), Text: a.text, Matches: a.matches, Message: a.message}
	if a.address != nil {
		lat, lng := models.E7(a.address.Point.Lat), models.E7(a.address.Point.Lng)
		r.Code, r.Lat, r.Lng = &a.address.Code, &lat, &lng
	}
	if a.distance >= 0 {
		tenths := tenths(a.distance)
		r.DistanceM = &tenths
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		panic(err) // a result is made of texts and of finite numbers
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

// cells are the answer in the order of resultColumns, harmless to spreadsheets.
func (a answer) cells() [len(resultColumns)]string {
	cells := [len(resultColumns)]string{0: string(a.status), 1: a.class, 4: importfile.Harmless(a.text), 9: importfile.Harmless(a.message)}
	if a.score > 0 {
		cells[2] = strconv.FormatFloat(thousandths(a.score), 'f', -1, 64)
	}
	if a.address != nil {
		cells[3] = a.address.Code.String()
		cells[5], cells[6] = geo.FormatE7(a.address.Point.Lat), geo.FormatE7(a.address.Point.Lng)
	}
	if a.distance >= 0 {
		cells[7] = strconv.FormatFloat(tenths(a.distance), 'f', -1, 64)
	}
	if a.matches > 0 {
		cells[8] = strconv.Itoa(a.matches)
	}
	return cells
}

func thousandths(score float64) float64 { return math.Round(score*1000) / 1000 }

// tenths rounds metres to what a position can mean.
func tenths(metres float64) float64 { return math.Round(metres*10) / 10 }

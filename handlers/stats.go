package handlers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"diachiso/models"
	"diachiso/models/importfile"
)

func (a *API) statsRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/stats", anyone, a.stats, []string{"by", "commune", "kind", "status", "verification", "from", "to", "f"}},
	}
}

// statsAnswer is how many addresses there are, by dimensions.
type statsAnswer struct {
	By    []string     `json:"by"`
	Total int64        `json:"total"`
	Rows  []statsShape `json:"rows"`
}

type statsShape struct {
	Commune       *models.UnitRef `json:"commune,omitempty"`
	FormerCommune *models.UnitRef `json:"former_commune,omitempty"` // absent where it is not known
	Kind          string          `json:"kind,omitempty"`
	Status        string          `json:"status,omitempty"`
	Verification  string          `json:"verification,omitempty"`
	Day           models.Date     `json:"day,omitempty"`
	Addresses     int64           `json:"addresses"`
}

func (a *API) stats(c *gin.Context) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	q := queryOf(c)
	asked := models.StatsQuery{
		By:           q.list("by", models.Dimensions[:]),
		Commune:      q.commune("commune", units, a.store.Today()),
		Kind:         q.oneOf("kind", models.Kinds[:]),
		Status:       q.oneOf("status", models.Statuses[:]),
		Verification: q.oneOf("verification", models.Verifications[:]),
		From:         q.day("from", ""),
		To:           q.day("to", ""),
	}
	q.oneOf("f", []string{formatJSON.name, formatCSV.name})
	if asked.From != "" && asked.To != "" && asked.From > asked.To {
		q.add(invalid("from", "inverted", "%s lies after %s.", "%s nằm sau %s.", asked.From, asked.To))
	}
	if err := q.err(); err != nil {
		return err
	}
	f, err := negotiate(c, formatJSON, formatCSV)
	if err != nil {
		return err
	}
	rows, err := a.store.Stats(c.Request.Context(), asked)
	if err != nil {
		return err
	}
	a.chargeRows(c, max(len(rows), 1))
	answer := statsAnswer{By: asked.By, Rows: make([]statsShape, len(rows))}
	for i, r := range rows {
		answer.Rows[i] = statsShape{refOf(r.Commune), refOf(r.FormerCommune), r.Kind, r.Status, r.Verification, r.Day, r.Addresses}
		answer.Total += r.Addresses
	}
	if f == formatCSV {
		return answer.writeCSV(c)
	}
	return answerByContent(c, f.mediaType, answer)
}

// list are words of a closed list with commas between them, each once; empty
// where it is absent.
func (q *query) list(name string, words []string) []string {
	list := []string{}
	if !q.has(name) {
		return list
	}
	for word := range strings.SplitSeq(q.text(name), ",") {
		switch {
		case !slices.Contains(words, word):
			q.add(invalid(name, "unknown-value", "%q is none of: %s.", "%q không thuộc: %s.", shown(word), strings.Join(words, ", ")))
		case slices.Contains(list, word):
			q.add(invalid(name, "repeated-value", "%s is there twice.", "%s được ghi hai lần.", word))
		}
		list = append(list, word)
		if len(list) > len(words) {
			break // what is wrong is said already
		}
	}
	return list
}

func refOf(u *models.AdminUnit) *models.UnitRef {
	if u == nil {
		return nil
	}
	return &models.UnitRef{Code: u.Code, Name: u.FullName, ValidFrom: u.ValidFrom}
}

// writeCSV writes a table with the columns that it is by; units have two, of
// their code and their name.
func (s statsAnswer) writeCSV(c *gin.Context) error {
	var b bytes.Buffer
	table := csv.NewWriter(&b)
	var header []string
	for _, dimension := range s.By {
		header = append(header, dimension)
		if dimension == models.ByCommune || dimension == models.ByFormerCommune {
			header = append(header, dimension+"_name")
		}
	}
	lines := [][]string{append(header, "addresses")}
	for _, r := range s.Rows {
		cells := r.cells(s.By)
		for i, cell := range cells {
			cells[i] = importfile.Harmless(cell)
		}
		lines = append(lines, cells)
	}
	if err := table.WriteAll(lines); err != nil {
		return fmt.Errorf("write statistics: %w", err)
	}
	sendByContent(c, formatCSV.contentType(), b.Bytes())
	return nil
}

func (r statsShape) cells(by []string) []string {
	var cells []string
	for _, dimension := range by {
		switch dimension {
		case models.ByCommune:
			cells = append(cells, r.Commune.Code, r.Commune.Name)
		case models.ByFormerCommune:
			former := models.UnitRef{}
			if r.FormerCommune != nil {
				former = *r.FormerCommune
			}
			cells = append(cells, former.Code, former.Name)
		case models.ByKind:
			cells = append(cells, r.Kind)
		case models.ByStatus:
			cells = append(cells, r.Status)
		case models.ByVerification:
			cells = append(cells, r.Verification)
		case models.ByDay:
			cells = append(cells, string(r.Day))
		}
	}
	return append(cells, strconv.FormatInt(r.Addresses, 10))
}

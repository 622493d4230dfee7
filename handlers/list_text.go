package handlers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/importfile"
)

// ndjson is one address a line.
func ndjson(addresses []models.PublicAddress) ([]byte, error) {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	for i := range addresses {
		if err := lines.Encode(&addresses[i]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// csvHeader names the columns of a page; a column that import knows too has
// its name there.
var csvHeader = [...]string{
	"code", "kind", "status", "verification", "name", "text", "formerly",
	"unit_label", "building", "house_number", "alley", "street", "group", "hamlet",
	"commune", "commune_name", "province", "province_name",
	"lat", "lng", "accuracy_m", "plus_code", "vpostcode", "valid_from", "valid_to", "version", "updated_at",
}

func csvCells(p *models.PublicAddress) []string {
	return []string{
		p.Code.String(), p.Kind, p.Status, p.Verification.Level, p.Name, p.Text, p.Formerly,
		p.Parts.UnitLabel, p.Parts.Building, p.Parts.HouseNumber, p.Parts.Alley, p.Parts.Street, p.Parts.Group, p.Parts.Hamlet,
		p.Commune.Code, p.Commune.Name, p.Province.Code, p.Province.Name,
		geo.FormatE7(int32(p.Position.Lat)), geo.FormatE7(int32(p.Position.Lng)), accuracyCell(p.Position.AccuracyM),
		identifierCell(p, geo.SchemePlusCode), identifierCell(p, geo.SchemeVpostcode),
		string(p.ValidFrom), string(p.ValidTo), strconv.FormatInt(p.Version, 10), p.UpdatedAt.Format(time.RFC3339Nano),
	}
}

func accuracyCell(metres float64) string {
	if metres == 0 {
		return ""
	}
	return strconv.FormatFloat(metres, 'f', -1, 64)
}

func identifierCell(p *models.PublicAddress, scheme geo.Scheme) string {
	for _, i := range p.Identifiers {
		if i.Scheme == string(scheme) {
			return i.Value
		}
	}
	return ""
}

// writeCSV writes a page as a table (RFC 4180) without cells that a
// spreadsheet would run.
func (p page) writeCSV(c *gin.Context) error {
	var b bytes.Buffer
	table := csv.NewWriter(&b)
	err := table.Write(csvHeader[:])
	for i := range p.addresses {
		cells := csvCells(&p.addresses[i])
		for j, cell := range cells {
			cells[j] = importfile.Harmless(cell)
		}
		if err == nil {
			err = table.Write(cells)
		}
	}
	table.Flush()
	if err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	write(c, http.StatusOK, formatCSV.contentType(), b.Bytes())
	return nil
}

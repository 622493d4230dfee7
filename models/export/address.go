package export

import (
	"io"
	"strconv"
	"time"

	"diachiso/geo"
	"diachiso/models"
)

// NewAddressWriter writes addresses to out. Of the options only those of the
// form count.
func NewAddressWriter(out io.Writer, o Options) *Writer[models.PublicAddress] {
	return newWriter(out, o, form[models.PublicAddress]{
		header:  addressHeader,
		cells:   addressCells,
		object:  func(b []byte, p *models.PublicAddress) []byte { return p.AppendJSON(b) },
		feature: func(b []byte, p *models.PublicAddress) []byte { return p.AppendFeature(b) },
	})
}

// addressHeader names the columns of a table of addresses; a column that import
// knows too has its name there.
var addressHeader = []string{
	"code", "kind", "status", "verification", "name", "text", "formerly",
	"unit_label", "building", "house_number", "alley", "street", "group", "hamlet",
	"commune", "commune_name", "province", "province_name",
	"lat", "lng", "accuracy_m", "plus_code", "vpostcode", "valid_from", "valid_to", "version", "updated_at",
}

func addressCells(p *models.PublicAddress) []string {
	return []string{
		p.Code.String(), p.Kind, p.Status, p.Verification.Level, p.Name, p.Text, p.Formerly,
		p.Parts.UnitLabel, p.Parts.Building, p.Parts.HouseNumber, p.Parts.Alley, p.Parts.Street, p.Parts.Group, p.Parts.Hamlet,
		p.Commune.Code, p.Commune.Name, p.Province.Code, p.Province.Name,
		geo.FormatE7(int32(p.Position.Lat)), geo.FormatE7(int32(p.Position.Lng)), accuracyCell(p.Position.AccuracyM),
		p.Identifier(geo.SchemePlusCode), p.Identifier(geo.SchemeVpostcode),
		string(p.ValidFrom), string(p.ValidTo), strconv.FormatInt(p.Version, 10), p.UpdatedAt.Format(time.RFC3339Nano),
	}
}

func accuracyCell(metres float64) string {
	if metres == 0 {
		return ""
	}
	return strconv.FormatFloat(metres, 'f', -1, 64)
}

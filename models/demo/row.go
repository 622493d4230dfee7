package demo

// Row is one address as an import file has it: a cell of text for each column,
// empty where the address has no such part.
type Row struct {
	Ref          string // BD-000001 …, stable for a seed and a size
	Kind         string // household, business, farm, shop, public or landmark
	Name         string // empty for a household
	NamePublic   string // true, false or, without a name, empty
	HouseNumber  string
	Street       string
	Alley        string
	Group        string
	Hamlet       string
	Building     string
	UnitLabel    string
	Commune      string // of 2022: full name or code
	District     string // of 2022: full name
	Lat          string // degrees, at most 7 decimals
	Lng          string
	AccuracyM    string // metres
	PositionKind string // entrance, building, gate, parcel or stall
	ValidFrom    string // ISO date in July to October 2022
	AsOf         string // set where a name of 2022 was no longer in force in June 2025
}

// Columns names the columns of an import file in the order of Row.AppendCells.
func Columns() []string {
	return []string{"ref", "kind", "name", "name_public", "house_number", "street", "alley", "group", "hamlet",
		"building", "unit_label", "commune", "district", "lat", "lng", "accuracy_m", "position_kind", "valid_from", "as_of"}
}

// AppendCells appends the cells of the row to cells, in the order of Columns.
func (r *Row) AppendCells(cells []string) []string {
	return append(cells, r.Ref, r.Kind, r.Name, r.NamePublic, r.HouseNumber, r.Street, r.Alley, r.Group, r.Hamlet,
		r.Building, r.UnitLabel, r.Commune, r.District, r.Lat, r.Lng, r.AccuracyM, r.PositionKind, r.ValidFrom, r.AsOf)
}

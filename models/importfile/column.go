package importfile

import (
	"strings"
	"unicode"

	"diachiso/geo/text"
)

// Column is one of the columns an import file may have. Its String is the
// canonical name, the one used in messages and in the HTTP interface.
type Column uint8

// The columns, in the order in which documents list them.
const (
	Ref          Column = iota // the importer's own key, unique within a source
	Kind                       // household, business, farm, shop, public, landmark
	Name                       // name of the object
	NamePublic                 // whether the name may be shown to everybody
	HouseNumber                // number on the street or in the alley
	Street                     // street
	Alley                      // hẻm, ngõ, ngách, kiệt
	Group                      // tổ
	Hamlet                     // khu phố, ấp, thôn
	Building                   // building or tower
	UnitLabel                  // flat: block, floor, room
	Commune                    // name or code of the commune
	District                   // name or code of the district abolished in 2025
	Lat                        // latitude, degrees WGS 84
	Lng                        // longitude, degrees WGS 84
	AccuracyM                  // accuracy of the position, metres
	PositionKind               // entrance, building, gate, parcel, stall
	OwnerName                  // personal data: the owner's name
	Phone                      // personal data: the owner's telephone number
	DiaChiSo                   // 10 digits allotted by Vietnam Post
	ValidFrom                  // day from which the address exists
	AsOf                       // day at which commune and district are to be read
	Parent                     // code of the door that the row is a unit of
	numColumns   = iota
)

// columnNames holds what a column may be called; the first is canonical.
// Case, accents and everything but letters and digits don't count.
var columnNames = [numColumns][]string{
	Ref:          {"ref", "reference", "mã hồ sơ", "số hồ sơ", "mã số hồ sơ"},
	Kind:         {"kind", "type", "loại", "loại hình", "loại đối tượng", "loại địa chỉ"},
	Name:         {"name", "tên", "tên gọi", "tên đối tượng", "tên địa điểm", "tên cơ sở"},
	NamePublic:   {"name_public", "công khai tên", "công bố tên"},
	HouseNumber:  {"house_number", "house no", "số nhà"},
	Street:       {"street", "street name", "road", "đường", "tên đường", "đường phố", "phố"},
	Alley:        {"alley", "lane", "hẻm", "ngõ", "ngách", "kiệt", "ngõ hẻm", "hẻm ngõ"},
	Group:        {"group", "tổ", "tổ dân phố"},
	Hamlet:       {"hamlet", "neighbourhood", "neighborhood", "khu phố", "ấp", "thôn", "xóm"},
	Building:     {"building", "tòa nhà", "tên tòa nhà", "chung cư"},
	UnitLabel:    {"unit_label", "flat", "apartment", "căn hộ", "số căn hộ"},
	Commune:      {"commune", "commune code", "ward", "phường", "xã", "thị trấn", "phường xã", "xã phường", "mã phường xã", "mã xã"},
	District:     {"district", "district code", "quận", "huyện", "thị xã", "quận huyện", "huyện quận", "mã quận huyện"},
	Lat:          {"lat", "latitude", "vĩ độ"},
	Lng:          {"lng", "lon", "long", "longitude", "kinh độ"},
	AccuracyM:    {"accuracy_m", "accuracy", "sai số", "sai số (m)", "độ chính xác", "độ chính xác (m)"},
	PositionKind: {"position_kind", "loại vị trí", "kiểu vị trí"},
	OwnerName:    {"owner_name", "owner", "chủ hộ", "tên chủ hộ", "họ tên chủ hộ", "họ và tên chủ hộ"},
	Phone:        {"phone", "phone number", "telephone", "điện thoại", "số điện thoại", "sđt"},
	DiaChiSo:     {"dia_chi_so", "địa chỉ số", "mã địa chỉ số"},
	ValidFrom:    {"valid_from", "ngày cấp", "ngày hiệu lực"},
	AsOf:         {"as_of", "tính đến ngày", "theo ngày"},
	Parent:       {"parent", "parent code", "mã cha"},
}

// columnByKey finds a column by the key of any of its names.
var columnByKey = indexColumnNames()

func indexColumnNames() map[string]Column {
	index := map[string]Column{}
	for c, names := range columnNames {
		for _, name := range names {
			index[nameKey(name)] = Column(c)
		}
	}
	return index
}

// String returns the canonical name, such as house_number.
func (c Column) String() string {
	if int(c) >= numColumns {
		return "unknown"
	}
	return columnNames[c][0]
}

// AllColumns returns every column in the documented order.
func AllColumns() []Column {
	all := make([]Column, numColumns)
	for i := range all {
		all[i] = Column(i)
	}
	return all
}

// ParseColumn recognises a heading in English or Vietnamese, whatever its
// case, accents and separators. A heading of several names (phường/xã,
// "vĩ độ (lat)") counts when all of them mean the same column.
func ParseColumn(heading string) (Column, bool) {
	if c, ok := columnByKey[nameKey(heading)]; ok {
		return c, true
	}
	parts := strings.FieldsFunc(heading, func(r rune) bool { return strings.ContainsRune("/,;|()[]", r) })
	var column Column
	found := 0
	for _, part := range parts {
		if strings.TrimSpace(part) == "" {
			continue
		}
		c, ok := columnByKey[nameKey(part)]
		if !ok || found > 0 && c != column {
			return 0, false
		}
		column = c
		found++
	}
	return column, found > 0
}

// nameKey reduces a heading to its folded letters and digits.
func nameKey(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(heading))
}

// nearestName returns the known name with the fewest letters to change, and
// its column; among equally near ones the first in the documented order.
func nearestName(heading string) (string, Column) {
	key := clip(nameKey(heading), 40)
	best, column, least := "", Column(0), -1
	for c, names := range columnNames {
		for _, name := range names {
			if d := editDistance(key, nameKey(name)); least < 0 || d < least {
				best, column, least = name, Column(c), d
			}
		}
	}
	return best, column
}

// editDistance is the Levenshtein distance of two short texts, in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

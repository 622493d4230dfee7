package written

import "diachiso/geo/text"

// kind tells names of one part apart where the word before the name does: Quốc
// lộ 13 is not ĐT 13, Ấp 3 is not Khu phố 3. Generic: the word says nothing, as
// in Đường Yersin.
type kind uint8

const (
	generic kind = iota
	nationalRoad
	provincialRoad
	countyRoad
	districtRoad
	communeRoad
	quarter
	village
	settlement
	neighbourhood
	ward
	estate
	industrialPark
	apartments
	tower
	market
	hall
	lot
	parcel
	numbered // số nhà
	urbanWard
	ruralCommune
	township
	urbanDistrict
	ruralDistrict
	town
	city
	province
)

// What may follow a marker: a name or a number, or only a number.
const (
	anyName    = false
	numberOnly = true
)

// marker is a word that says what the name behind it is.
type marker struct {
	part       Part
	kind       kind
	text       string // as the registry writes it; empty: left out
	numberOnly bool
	weak       bool // one letter that may be much else
	words      []atom
	key        string // the words without spaces
}

// markerSpelling is a line of the table of markers; forms are separated by "|".
type markerSpelling struct {
	part       Part
	kind       kind
	text       string
	numberOnly bool
	forms      string
}

// markerSpellings is the words that people write before names. Of two forms of
// one spelling the one with the right accents is preferred.
func markerSpellings() []markerSpelling {
	return []markerSpelling{
		{Street, generic, "Đường", anyName, "đường|đ|đg|đường phố|đường nội bộ"},
		{Street, generic, "Đường số", numberOnly, "đường số|đ số"},
		{Street, generic, "Phố", anyName, "phố"},
		{Street, generic, "Đại lộ", anyName, "đại lộ|đl"},
		{Street, nationalRoad, "Quốc lộ", numberOnly, "quốc lộ|ql|qlộ"},
		{Street, provincialRoad, "ĐT", numberOnly, "đt|dt|tỉnh lộ|tl|đường tỉnh"},
		{Street, countyRoad, "Hương lộ", numberOnly, "hương lộ|hl"},
		{Street, districtRoad, "ĐH", numberOnly, "đh|dh|đường huyện|huyện lộ"},
		{Street, communeRoad, "Đường ĐX", numberOnly, "đx|dx|đường xã"},
		{Alley, generic, "Hẻm", anyName, "hẻm|hẽm|hẻm số"},
		{Alley, generic, "Hẻm", numberOnly, "h"},
		{Alley, generic, "Ngõ", anyName, "ngõ|ngõ số"},
		{Alley, generic, "Ngách", anyName, "ngách|ngách số"},
		{Alley, generic, "Kiệt", numberOnly, "kiệt|kiệt số"},
		{Group, generic, "Tổ", numberOnly, "tổ|tổ số|tổ dân phố|tdp|tổ nhân dân"},
		{Hamlet, quarter, "Khu phố", anyName, "khu phố|kp|khu phố số|kphố|k phố|kp số"},
		{Hamlet, village, "Ấp", anyName, "ấp|ấp số"},
		{Hamlet, settlement, "Thôn", anyName, "thôn"},
		{Hamlet, neighbourhood, "Xóm", anyName, "xóm"},
		{Hamlet, ward, "Khu", anyName, "khu"},
		{Hamlet, estate, "KDC", anyName, "khu dân cư|kdc|khu đô thị|kđt|khu tái định cư|tđc|khu tđc"},
		{Hamlet, industrialPark, "KCN", anyName, "khu công nghiệp|kcn|cụm công nghiệp|ccn"},
		{Building, apartments, "Chung cư", anyName, "chung cư|cc|chung cư cao cấp|căn hộ chung cư|nhà chung cư|ccư"},
		{Building, tower, "Tòa nhà", anyName, "tòa nhà|tòa|cao ốc"},
		{Building, market, "Chợ", anyName, "chợ"},
		{Building, hall, "Trung tâm thương mại", anyName, "trung tâm thương mại|tttm"},
		{UnitLabel, generic, "Căn", anyName, "căn|căn số"},
		{UnitLabel, generic, "Căn hộ", anyName, "căn hộ|ch|căn hộ số"},
		{UnitLabel, generic, "Phòng", anyName, "phòng|phòng số|ph"},
		{UnitLabel, generic, "Phòng", numberOnly, "p"},
		{UnitLabel, generic, "Lầu", anyName, "lầu"},
		{UnitLabel, generic, "Tầng", anyName, "tầng|tầng số"},
		{UnitLabel, generic, "Block", anyName, "block|blk|blok"},
		{UnitLabel, generic, "Tháp", anyName, "tháp"},
		{UnitLabel, generic, "Tòa", anyName, "tòa|tòa nhà"},
		{UnitLabel, generic, "Sạp", anyName, "sạp|sạp số"},
		{UnitLabel, generic, "Ki-ốt", anyName, "ki ốt|kios|kiosk"},
		{UnitLabel, generic, "Quầy", anyName, "quầy|gian hàng"},
		{HouseNumber, numbered, "", numberOnly, "số|số nhà|sn|nhà số|nhà|căn nhà số|đ c số"},
		{HouseNumber, lot, "Lô", anyName, "lô|lô số|lô đất|lô đất số"},
		{HouseNumber, lot, "Ô", anyName, "ô|ô số"},
		{HouseNumber, parcel, "Thửa", numberOnly, "thửa|thửa đất|thửa đất số|thửa số"},
		{HouseNumber, parcel, "Tờ", numberOnly, "tờ|tờ bản đồ|tờ bản đồ số|tờ số"},
		{Commune, urbanWard, "Phường", anyName, "phường|p|f|ph"},
		{Commune, ruralCommune, "Xã", anyName, "xã|x"},
		{Commune, township, "Thị trấn", anyName, "thị trấn|tt|ttr"},
		{District, urbanDistrict, "Quận", anyName, "quận|q"},
		{District, ruralDistrict, "Huyện", anyName, "huyện|h"},
		{District, town, "Thị xã", anyName, "thị xã|tx"},
		{District, city, "Thành phố", anyName, "thành phố|tp|t p"},
		{Province, city, "Thành phố", anyName, "thành phố|tp|t p"},
		{Province, province, "Tỉnh", anyName, "tỉnh|t"},
	}
}

// markerTable finds markers by their first word.
type markerTable struct {
	byWord   map[string][]*marker
	byLetter [256][]*marker // by the first letter, to be found inside a word
	long     []*marker      // of five letters and more, which may hold a typing error
}

// markers is never written after the program has started.
var markers = newMarkerTable()

func newMarkerTable() *markerTable {
	t := &markerTable{byWord: map[string][]*marker{}}
	for _, s := range markerSpellings() {
		for _, form := range split(s.forms) {
			t.add(s, form)
			if glued := unspaced(form); glued != form {
				t.add(s, glued)
			}
		}
	}
	return t
}

func (t *markerTable) add(s markerSpelling, form string) {
	words, _ := cut(form, nil)
	m := &marker{part: s.part, kind: s.kind, text: s.text, numberOnly: s.numberOnly, words: words,
		weak: len(words) == 1 && len(words[0].fold) == 1, key: unspaced(text.Fold(form))}
	t.byWord[words[0].fold] = append(t.byWord[words[0].fold], m)
	t.byLetter[m.key[0]] = append(t.byLetter[m.key[0]], m)
	if len(m.key) >= 5 {
		t.long = append(t.long, m)
	}
}

func split(forms string) []string {
	var list []string
	for begin := 0; begin <= len(forms); {
		end := begin
		for end < len(forms) && forms[end] != '|' {
			end++
		}
		list = append(list, forms[begin:end])
		begin = end + 1
	}
	return list
}

// matches reports whether the words of a marker stand at the start of atoms,
// and whether accents were typed that are not its own.
func (m *marker) matches(atoms []atom) (fits, foreign bool) {
	if len(m.words) > len(atoms) {
		return false, false
	}
	for i := range m.words {
		word, typed := &m.words[i], &atoms[i]
		if word.fold != typed.fold || i > 0 && typed.before > dashed {
			return false, false
		}
		foreign = foreign || typed.hasAccents() && typed.accented != word.accented
	}
	return true, foreign
}

// leading finds the marker that a name of a part begins with, the longest, and
// the atoms it takes.
func (t *markerTable) leading(part Part, atoms []atom) (*marker, int) {
	var best *marker
	for _, m := range t.byWord[atoms[0].fold] {
		if m.part != part || len(m.words) >= len(atoms) || best != nil && len(m.words) <= len(best.words) {
			continue
		}
		if fits, foreign := m.matches(atoms); fits && !foreign && m.mayLead(atoms) {
			best = m
		}
	}
	if best == nil {
		return nil, 0
	}
	return best, len(best.words)
}

// mayLead keeps Đường D1 apart from "Đ. 1", and Đường Hương Lộ from Hương lộ 2.
func (m *marker) mayLead(atoms []atom) bool {
	last, name := &atoms[len(m.words)-1], &atoms[len(m.words)]
	if m.numberOnly && !name.digits {
		return false
	}
	return !m.weak || name.before > glued && (!name.digits || name.before >= dotted || last.hasAccents())
}

package written

import "strings"

// StreetKey is equal for names of streets that a reader takes for one: "Đường
// Yersin", "đ. yersin" and "Yersin"; "ĐT 743A" and "Tỉnh lộ 743a"; "Đường ĐX
// 001" and "ĐX1"; "30 tháng 4" and "30/4". A key is for comparing only; it is
// empty when there is no letter or digit.
func StreetKey(s string) string { return keyOf(Street, s) }

// HamletKey does the same for names of hamlets: "Khu phố 3" and "kp. 03".
func HamletKey(s string) string { return keyOf(Hamlet, s) }

// BuildingKey does the same for names of buildings.
func BuildingKey(s string) string { return keyOf(Building, s) }

// AlleyKey does the same for alleys: hẻm, ngõ, ngách and kiệt are one kind, as
// "Hẻm 41", "ngõ số 41" and "H.41".
func AlleyKey(s string) string { return keyOf(Alley, s) }

func keyOf(part Part, s string) string {
	n, ok := readName(part, s)
	if !ok {
		return ""
	}
	return n.key()
}

// name is a name of a vocabulary, taken apart.
type name struct {
	kind     kind
	bare     string  // key of the name without the word before it
	spelled  string  // the same with numbers as they are spelled; empty: there are none
	accented string  // the same with accents
	initials string  // of three words and more
	marker   string  // the word before it, as the registry writes it
	ends     []uint8 // of its words in bare
}

// key begins with a letter that tells the kind, where the kind matters.
func (n *name) key() string { return kindPrefix(n.kind) + n.bare }

func kindPrefix(k kind) string {
	switch k {
	case nationalRoad:
		return "ql"
	case provincialRoad:
		return "dt"
	case countyRoad:
		return "hl"
	case districtRoad:
		return "dh"
	case communeRoad:
		return "dx"
	case quarter:
		return "kp"
	case village:
		return "ap"
	case settlement:
		return "thon"
	case neighbourhood:
		return "xom"
	case ward:
		return "khu"
	case estate:
		return "kdc"
	case industrialPark:
		return "kcn"
	case apartments:
		return "chungcu"
	case tower:
		return "toanha"
	case market:
		return "cho"
	case hall:
		return "tttm"
	}
	return ""
}

// readName is false when there is no letter or digit.
func readName(part Part, s string) (name, bool) {
	atoms, _ := cut(clean(s), nil)
	if len(atoms) == 0 {
		return name{}, false
	}
	var n name
	if m, size := markers.leading(part, atoms); m != nil {
		n.kind, n.marker = m.kind, m.text
		atoms = atoms[size:]
		if m.kind == generic && part == Street {
			if second, size := markers.leading(part, atoms); second != nil && second.kind != generic {
				n.kind, n.marker = second.kind, second.text
				atoms = atoms[size:]
			}
		}
	}
	n.bare = string(compact(atoms, nil))
	n.spelled = spelledOut(atoms)
	n.accented = accentedOf(atoms)
	n.initials = initialsOf(atoms)
	n.ends = endsOf(atoms)
	return n, true
}

// endsOf is where each word ends in the key of all.
func endsOf(atoms []atom) []uint8 {
	var buffer []byte
	ends := make([]uint8, len(atoms))
	for i := range atoms {
		if i > 0 {
			if c := numberJoint(&atoms[i-1], &atoms[i]); c != 0 {
				buffer = append(buffer, c)
			}
		}
		buffer = append(buffer, atoms[i].canon...)
		ends[i] = uint8(min(len(buffer), 255))
	}
	return ends
}

// spelledOut is the key of a name with a number in words as it is spelled, for
// a month in which there is a typing error; empty where no number is.
func spelledOut(atoms []atom) string {
	var b strings.Builder
	differs := false
	for i := range atoms {
		differs = differs || !atoms[i].digits && atoms[i].canon != atoms[i].fold
		b.WriteString(atoms[i].fold)
	}
	if !differs {
		return ""
	}
	return b.String()
}

// accentedOf joins the words among atoms with their accents; numbers, and what
// is spelled as one, have none, nor have abbreviations.
func accentedOf(atoms []atom) string {
	var b strings.Builder
	for i := range atoms {
		switch a := &atoms[i]; {
		case a.digits:
		case a.canon == a.fold:
			b.WriteString(a.accented)
		case a.initial:
			b.WriteString(a.canon)
		}
	}
	return b.String()
}

// initialsOf is "ntmk" of Nguyễn Thị Minh Khai and "cmt8" of Cách Mạng Tháng
// Tám; empty for fewer than three words.
func initialsOf(atoms []atom) string {
	if len(atoms) < 3 {
		return ""
	}
	var b strings.Builder
	for i := range atoms {
		if c := atoms[i].canon; isDigit(c[0]) {
			b.WriteString(c)
		} else {
			b.WriteByte(c[0])
		}
	}
	return b.String()
}

// NumberKey is equal for house numbers that a reader takes for one: "12A", "12
// a" and "12-A"; "Số 5" and "5". "83" and "83A", "12/3" and "123" differ.
func NumberKey(s string) string {
	atoms, _ := cut(clean(s), nil)
	if len(atoms) == 0 {
		return ""
	}
	if m, size := markers.leading(HouseNumber, atoms); m != nil && m.kind == numbered {
		atoms = atoms[size:]
	}
	var b strings.Builder
	for i := range atoms {
		if i > 0 && atoms[i].digits && atoms[i-1].digits {
			b.WriteByte(" . -/,"[min(atoms[i].before, comma)])
		} else if i > 0 && atoms[i].before == slashed {
			b.WriteByte('/')
		}
		b.WriteString(atoms[i].canon)
	}
	return b.String()
}

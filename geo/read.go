package geo

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Scheme names a line of codes.
type Scheme string

// The schemes Read recognises.
const (
	SchemeCode      Scheme = "code"       // the registry's own
	SchemePlusCode  Scheme = "plus_code"  // Open Location Code
	SchemeVpostcode Scheme = "vpostcode"  // 2020: postcode and seven symbols
	SchemeDiaChiSo  Scheme = "dia_chi_so" // 2022: ten digits
	SchemeDinhDanh  Scheme = "dinh_danh"  // draft of 2026: twelve digits
	SchemePosition  Scheme = "position"   // lat,lng
)

// Reading is one thing that a text may mean. Value is its canonical form: a
// code without separators, a full Plus Code, digits, "lat,lng".
//
// Lo and Hi are the inclusive range of codes it covers, for SchemeCode (a
// door with its units, or one unit), SchemePlusCode (the part of its area
// inside the window) and SchemePosition (the cell with its units); Code is
// the code, or the door of the cell. A Plus Code of fewer than 11 digits
// covers many cells and Code is the door of the first.
type Reading struct {
	Scheme   Scheme
	Value    string
	Code     Code
	Lo, Hi   Code
	Point    Point  // SchemePosition only
	Postcode string // SchemeVpostcode: the five digits
	Seven    string // SchemeVpostcode: the last seven symbols
}

// Readings is everything a text may mean. Read never guesses between them.
type Readings struct {
	All []Reading
	// Normalized is true when a letter was replaced or a width form folded.
	Normalized bool
	// Symbols is the text without separators and with look-alikes replaced,
	// for Repairs. It is empty for a position and for a Plus Code with its '+'.
	Symbols string
}

const (
	maxInputSymbols = 64
	maxInputBytes   = 1024
)

// Read recognises a text as people type it: a position, a Plus Code (short
// ones need near), an address code, a Vpostcode, digits of the national lines.
// When it returns an error no reading fits. The error's code is
// "check-failed" for what may be a damaged address code (Readings.Symbols is
// set, see Repairs), or "empty-input", "too-long" (over 64 characters, a
// position apart), "invalid-utf8", "near-needed", "bad-plus-code",
// "unreadable", or one of ParsePoint.
func Read(input string, near *Point) (Readings, error) {
	switch {
	case len(input) > maxInputBytes:
		return Readings{}, tooLong()
	case !utf8.ValidString(input):
		return Readings{}, errorf("invalid-utf8", "the text is not valid UTF-8", "văn bản không phải là UTF-8 hợp lệ")
	}
	r := Readings{Normalized: hasWidthForm(input)}
	if lat, lng, ok := splitPosition(input); ok {
		return r.position(lat, lng)
	}
	raw := strip(input)
	switch {
	case raw == "":
		return Readings{}, errorf("empty-input", "there is nothing to read: type a code", "chưa có nội dung: hãy nhập mã")
	case utf8.RuneCountInString(raw) > maxInputSymbols:
		return Readings{}, tooLong()
	case hasDecimalCommas(raw):
		return Readings{}, notANumber("", input)
	case strings.Count(raw, "+") == 1:
		return r.plus(raw, near)
	}
	return r.symbols(raw)
}

// splitPosition recognises two decimals. White space alone between them is
// not enough where digits are written in groups, so then both need a point.
func splitPosition(input string) (lat, lng string, ok bool) {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == '\u2212':
			return '-'
		case isInvisible(r):
			return -1
		}
		return r
	}, norm.NFKC.String(input))
	if uri := strings.ToLower(strings.TrimSpace(s)); strings.HasPrefix(uri, "geo:") { // RFC 5870
		s, _, _ = strings.Cut(uri[len("geo:"):], ";")
		s, _, _ = strings.Cut(s, "?")
	}
	lat, lng, ok = splitPair(s)
	points := strings.Contains(lat, ".") && strings.Contains(lng, ".")
	return lat, lng, ok && (points || strings.ContainsAny(s, ",;"))
}

// hasDecimalCommas recognises a position written with decimal commas, to name
// the mistake.
func hasDecimalCommas(raw string) bool {
	return strings.Count(raw, ",") >= 2 && strings.Trim(raw, "0123456789,;+") == ""
}

func (r Readings) position(lat, lng string) (Readings, error) {
	p, err := ParsePoint(lat, lng)
	if err != nil {
		return Readings{}, err
	}
	door := cellOf(p).code()
	r.All = []Reading{{
		Scheme: SchemePosition,
		Value:  FormatE7(p.Lat) + "," + FormatE7(p.Lng),
		Code:   door, Lo: door, Hi: door | MaxUnit,
		Point: p,
	}}
	return r, nil
}

// plus reads a text with exactly one '+'.
func (r Readings) plus(raw string, near *Point) (Readings, error) {
	full := raw
	if PlusShort(raw) {
		if near == nil {
			return Readings{}, errorf("near-needed",
				"%s is a short Plus Code: say near which place, or give the full code",
				"%s là Plus Code rút gọn: hãy cho biết gần địa điểm nào, hoặc nhập mã đầy đủ", raw)
		}
		lat, lng := near.Deg()
		recovered, err := PlusRecover(raw, lat, lng)
		if err != nil {
			return Readings{}, err
		}
		full = recovered
	}
	if !PlusFull(full) {
		return Readings{}, badPlusCode(raw)
	}
	reading, ok := plusReading(full)
	if !ok {
		return Readings{}, errorf("outside-window",
			"the Plus Code %s lies outside the registry: 4 to 24 degrees north, 100 to 120 degrees east",
			"Plus Code %s nằm ngoài phạm vi của hệ thống: 4 đến 24 độ vĩ bắc, 100 đến 120 độ kinh đông", full)
	}
	r.All = []Reading{reading}
	return r, nil
}

// plusReading is the range of codes in the area of a full Plus Code. ok is
// false when no part of it lies inside the window.
func plusReading(full string) (Reading, bool) {
	digits := significant(full)
	digits = digits[:min(len(digits), 2+doorSymbols)]
	lo, hi := Code(0), Code((firstSouthern-1)<<unitBits|MaxUnit)
	if digits[:2] == "6P" {
		lo, hi = Code(firstSouthern<<unitBits), Code((cellCount-1)<<unitBits|MaxUnit)
	} else if digits[:2] != "7P" {
		return Reading{}, false
	}
	if len(digits) > 2 {
		first, last, err := AreaRange(digits[2:])
		if err != nil || first < lo || last > hi {
			return Reading{}, false
		}
		lo, hi = first, last
	}
	return Reading{Scheme: SchemePlusCode, Value: full, Code: lo.Door(), Lo: lo, Hi: hi}, true
}

// symbols reads a text without '+'.
func (r Readings) symbols(raw string) (Readings, error) {
	symbols, replaced := replaceLookAlikes(raw)
	r.Symbols, r.Normalized = symbols, r.Normalized || replaced
	for _, read := range []func(string) (Reading, bool){codeReading, digitsReading, vpostcodeReading} {
		if reading, ok := read(symbols); ok {
			r.All = append(r.All, reading)
		}
	}
	// Plus Codes never pass through the look-alike table.
	if reading, ok := barePlusReading(raw); ok {
		r.All = append(r.All, reading)
	}
	if len(r.All) > 0 {
		return r, nil
	}
	if v, ok := damaged(symbols); ok {
		return r, damageError(symbols, v)
	}
	return Readings{}, errorf("unreadable",
		"%q is no code that is known here; an address code has 10 symbols such as 28XM J25 Q66",
		"%q không phải là loại mã nào được biết; mã địa chỉ có 10 ký tự, ví dụ 28XM J25 Q66", shown(raw))
}

func codeReading(symbols string) (Reading, bool) {
	c, err := Parse(symbols)
	if err != nil {
		return Reading{}, false
	}
	hi := c
	if c.IsDoor() {
		hi |= MaxUnit
	}
	return Reading{Scheme: SchemeCode, Value: symbols, Code: c, Lo: c, Hi: hi}, true
}

func digitsReading(symbols string) (Reading, bool) {
	if digits, rest := cutDigits(symbols); digits == "" || rest != "" {
		return Reading{}, false
	}
	switch len(symbols) {
	case 10:
		return Reading{Scheme: SchemeDiaChiSo, Value: symbols}, true
	case 12:
		return Reading{Scheme: SchemeDinhDanh, Value: symbols}, true
	default:
		return Reading{}, false
	}
}

func vpostcodeReading(symbols string) (Reading, bool) {
	if len(symbols) != 12 {
		return Reading{}, false
	}
	postcode, seven := symbols[:5], symbols[5:]
	if _, rest := cutDigits(postcode); rest != "" || !inAlphabet(seven) {
		return Reading{}, false
	}
	return Reading{Scheme: SchemeVpostcode, Value: symbols, Postcode: postcode, Seven: seven}, true
}

// barePlusReading reads a Plus Code of 10 or 11 digits that lost its '+', as
// it does in the query of a web address.
func barePlusReading(raw string) (Reading, bool) {
	if len(raw) != 10 && len(raw) != 11 || !inAlphabet(raw) {
		return Reading{}, false
	}
	return plusReading(formatPlus(raw))
}

func tooLong() *Error {
	return errorf("too-long",
		"the text is longer than %d characters; no code is that long",
		"văn bản dài hơn %d ký tự; không có mã nào dài như vậy", maxInputSymbols)
}

// damageError says what is wrong with symbols that one slip may have spoilt.
func damageError(symbols string, v []uint8) *Error {
	_, f := codeOf(v)
	err := parseError(symbols, v, f)
	err.Code = "check-failed"
	return err
}

package variant

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviation is a word that people shorten, and how. A form that ends in a
// letter stands before digits only; one that ends in a space or a dot before
// anything.
type abbreviation struct {
	long  string
	forms []string
}

// kindWords begin a street, a hamlet, a building or a unit; longer ones stand
// before those they begin with.
var kindWords = []abbreviation{
	{"Đường ", []string{"Đ. ", "Đ.", "đ "}},
	{"Đại lộ ", []string{"ĐL ", "ĐL. ", "ĐL."}},
	{"Quốc lộ ", []string{"QL", "QL ", "QL."}},
	{"Tỉnh lộ ", []string{"TL", "TL ", "TL."}},
	{"Hương lộ ", []string{"HL", "HL ", "HL."}},
	{"ĐT ", []string{"ĐT", "DT", "DT ", "ĐT."}},
	{"Khu phố ", []string{"KP", "KP ", "kp", "KP. ", "KP."}},
	{"Khu dân cư ", []string{"KDC "}},
	{"Khu công nghiệp ", []string{"KCN "}},
	{"Tổ dân phố ", []string{"TDP ", "TDP"}},
	{"Chung cư ", []string{"CC ", "CC. ", "CC."}},
	{"Căn hộ ", []string{"CH ", "CH. ", "CH."}},
	{"Phường ", []string{"P. ", "P.", "P ", "P", "F. ", "F."}},
	{"Xã ", []string{"X. ", "X."}},
	{"Thị trấn ", []string{"TT. ", "TT.", "TT "}},
	{"Thị xã ", []string{"TX. ", "TX.", "TX "}},
	{"Thành phố ", []string{"TP. ", "TP.", "TP "}},
	{"Quận ", []string{"Q. ", "Q.", "Q"}},
	{"Huyện ", []string{"H. ", "H."}},
	{"Tỉnh ", []string{"T. ", "T."}},
}

// unshortened begin a name without having a short form of their own.
var unshortened = []string{"Phố ", "Hẻm ", "Ngõ ", "Ngách ", "Kiệt ", "Ấp ", "Thôn ", "Xóm ", "Tổ ", "Tòa nhà ", "Toà nhà ", "Chợ "}

// wellKnown are names that everybody in the province shortens.
var wellKnown = []abbreviation{
	{"Thành phố Hồ Chí Minh", []string{"TP.HCM", "TP. HCM", "TPHCM", "TP HCM", "HCM", "TP.Hồ Chí Minh"}},
	{"Thành phố Thủ Dầu Một", []string{"TP.TDM", "TP. TDM", "TP TDM", "TDM"}},
	{"Tỉnh Bình Dương", []string{"BD", "T. Bình Dương", "T.Bình Dương", "Bình Dương"}},
	{"Cách Mạng Tháng Tám", []string{"CMT8"}},
	{"Nguyễn Thị Minh Khai", []string{"NTMK"}},
}

// bareName is a name without its kind: "Yersin" of "Đường Yersin".
func bareName(s string) string {
	for _, k := range kindWords {
		if rest, ok := strings.CutPrefix(s, k.long); ok {
			return rest
		}
	}
	for _, kind := range unshortened {
		if rest, ok := strings.CutPrefix(s, kind); ok {
			return rest
		}
	}
	return s
}

// anyForm allows every form.
func anyForm(string) bool { return true }

// dotted allows those with a dot and no space behind it.
func dotted(form string) bool { return strings.Contains(form, ".") && !strings.Contains(form, ". ") }

// shorten abbreviates the kind of a component and the well-known names in it.
func shorten(s string, allowed func(form string) bool, rng *rand.Rand) string {
	for _, name := range wellKnown {
		if !strings.Contains(s, name.long) {
			continue
		}
		if form := choose(name.forms, allowed, rng); form != "" {
			s = strings.Replace(s, name.long, form, 1)
		}
	}
	for _, kind := range kindWords {
		rest, ok := strings.CutPrefix(s, kind.long)
		if !ok {
			continue
		}
		form := choose(kind.forms, func(f string) bool { return allowed(f) && mayPrecede(f, rest) }, rng)
		if form != "" {
			return form + rest
		}
	}
	return s
}

// mayPrecede tells whether a form can be read before a name: "KP3", but never
// "KPBình Phú".
func mayPrecede(form, name string) bool {
	last, _ := utf8.DecodeLastRuneInString(form)
	first, _ := utf8.DecodeRuneInString(name)
	return !unicode.IsLetter(last) || unicode.IsDigit(first)
}

// choose is one of the allowed forms; empty: there is none.
func choose(forms []string, allowed func(string) bool, rng *rand.Rand) string {
	var fit []string
	for _, form := range forms {
		if allowed(form) {
			fit = append(fit, form)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return fit[rng.IntN(len(fit))]
}

// shortened abbreviates everything that has a short form.
func shortened(front []component, units []string, allowed func(string) bool, rng *rand.Rand) string {
	shortFront := make([]component, len(front))
	for i, c := range front {
		shortFront[i] = component{c.part, c.number, shorten(c.text, allowed, rng)}
	}
	shortUnits := make([]string, len(units))
	for i, unit := range units {
		shortUnits[i] = shorten(unit, allowed, rng)
	}
	return join(shortFront, shortUnits)
}

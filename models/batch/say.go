package batch

import (
	"fmt"
	"slices"
	"strings"

	"diachiso/geo"
	"diachiso/models"
)

// language words the messages of answers; true is Vietnamese.
type language bool

func (l language) of(en, vi string, args ...any) string {
	if l {
		en = vi
	}
	return fmt.Sprintf(en, args...)
}

func (l language) sentence(e *models.Error) string {
	if l {
		return e.Vi
	}
	return e.En
}

// retired says that an address is no longer in use, and what followed it.
func (l language) retired(a *models.Address) string {
	if a.Status != models.StatusRetired {
		return ""
	}
	why := ""
	if a.Reason != "" {
		why = " (" + l.reason(a.Reason) + ")"
	}
	if len(a.Successors) == 0 {
		return l.of("The address is retired%s.", "Địa chỉ đã ngừng sử dụng%s.", why)
	}
	return l.of("The address is retired%s; in its place: %s.", "Địa chỉ đã ngừng sử dụng%s; thay bằng: %s.", why, codes(a.Successors))
}

// reason words why an address was retired.
func (l language) reason(code string) string {
	words := map[string]string{
		models.ReasonGone: "không còn tồn tại", models.ReasonDuplicate: "trùng lặp", models.ReasonMerged: "đã sáp nhập",
		models.ReasonDivided: "đã chia tách", models.ReasonMistake: "đăng ký nhầm", models.ReasonMoved: "đã chuyển chỗ",
	}
	if known := words[code]; l && known != "" {
		return known
	}
	return code
}

// several names addresses that one text names alike.
func (l language) several(list []*models.Address, more bool) string {
	found := make([]geo.Code, len(list))
	for i, a := range list {
		found[i] = a.Code
	}
	if more {
		return l.of("More than %d addresses are meant, the first: %s.", "Có hơn %d địa chỉ cùng khớp, đầu tiên là: %s.", len(list), codes(found))
	}
	return l.of("%d addresses are meant: %s.", "Có %d địa chỉ cùng khớp: %s.", len(list), codes(found))
}

// meant says what was wrong and which address may have been meant.
func (l language) meant(r *models.Resolution) string {
	why := ""
	if problem, ok := r.Problem.(*models.Error); ok {
		why = l.sentence(problem)
	}
	best := r.Candidates[0]
	if best.Repair.Op == "" {
		return sentences(why, l.of("The nearest is %s, %g m away.", "Gần nhất là %s, cách %g m.", best.Address.Code.Grouped(), tenths(best.DistanceM)))
	}
	return sentences(why, l.meantCode(best.Address.Code))
}

// others names what else fits no worse than the best.
func (l language) others(found []models.Found) string {
	if len(found) == 0 {
		return ""
	}
	list := make([]geo.Code, len(found))
	for i, f := range found {
		list[i] = f.Address.Code
	}
	if len(found) == searchLimit-1 {
		return l.of("May be meant too: %s, and perhaps more.", "Cũng có thể là: %s và có thể còn nữa.", codes(list))
	}
	return l.of("May be meant too: %s.", "Cũng có thể là: %s.", codes(list))
}

// nobody says that nothing registered fits a text, which is of a line of codes
// or of none.
func (l language) nobody(scheme geo.Scheme) string {
	switch scheme {
	case geo.SchemePosition:
		return l.of("Nobody is registered at this point or within 50 m of it.", "Không có địa chỉ nào đăng ký tại điểm này hoặc trong vòng 50 m.")
	case geo.SchemePlusCode:
		return l.of("Nobody is registered in the area of this Plus Code.", "Không có địa chỉ nào đăng ký trong ô của Plus Code này.")
	case "":
		return l.of("Nothing registered fits this text.", "Không có địa chỉ nào đã đăng ký khớp với nội dung này.")
	}
	return l.of("Nothing is registered under this code.", "Chưa có địa chỉ nào mang mã này.")
}

// Explain says in English how an address differs from the text that it was
// found by, and whether it is retired; empty where there is nothing to say.
func Explain(f models.Found) string {
	return sentences(language(false).retired(f.Address), language(false).fit(f))
}

// Differences in what is no part of a written address.
const (
	partCode     = "code"
	partPosition = "position"
)

// fit says how an address differs from the text; empty where it does not.
func (l language) fit(f models.Found) string {
	var said []string
	for _, d := range f.Match.Differences {
		said = append(said, l.difference(d, f.Address.Code))
	}
	if len(f.Match.Ignored) > 0 {
		said = append(said, l.of("Ignored: %s.", "Bỏ qua: %s.", list(f.Match.Ignored)))
	}
	return sentences(said...)
}

func (l language) difference(d models.Difference, code geo.Code) string {
	part := strings.ReplaceAll(d.Part, "_", " ")
	if l {
		part = vietnamesePart(d.Part)
	}
	switch {
	case d.Part == partCode:
		return l.meantCode(code)
	case d.Part == partPosition:
		return l.of("Nothing is registered at this point; this is the nearest address.", "Chưa có địa chỉ nào đăng ký tại điểm này; đây là địa chỉ gần nhất.")
	case d.Given == "":
		return l.of("Not given: %s %s.", "Không ghi: %s %s.", part, d.Found)
	case d.Found == "":
		return l.of("Not registered: %s %s.", "Không có trong dữ liệu: %s %s.", part, shown(d.Given))
	}
	return l.of("Given %s %s, registered %s.", "Ghi %s %s, đã đăng ký %s.", part, shown(d.Given), d.Found)
}

func (l language) meantCode(code geo.Code) string {
	return l.of("Did you mean %s?", "Có phải là %s?", code.Grouped())
}

func vietnamesePart(part string) string {
	switch part {
	case "unit_label":
		return "căn hộ"
	case "building":
		return "tòa nhà"
	case "house_number":
		return "số nhà"
	case "alley":
		return "hẻm"
	case "street":
		return "đường"
	case "group":
		return "tổ"
	case "hamlet":
		return "khu phố/ấp"
	case "commune":
		return "phường/xã"
	case "district":
		return "quận/huyện"
	case "province":
		return "tỉnh/thành phố"
	case "name":
		return "tên"
	}
	return part
}

// codes lists codes for a sentence; of many only the first.
func codes(all []geo.Code) string {
	const most = 6
	var written []string
	for i, c := range all {
		if i == most {
			written = append(written, "…")
			break
		}
		written = append(written, c.Grouped())
	}
	return strings.Join(written, ", ")
}

// sentences puts those that are not empty one after the other.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

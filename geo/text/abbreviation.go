package text

// Unabbreviated returns the folded words that a folded word stands for in names
// of public bodies and businesses: "ubnd" is uy, ban, nhan, dan. A word that is
// no such abbreviation is itself.
func Unabbreviated(word string) []string {
	switch word {
	case "ubnd":
		return []string{"uy", "ban", "nhan", "dan"}
	case "hdnd":
		return []string{"hoi", "dong", "nhan", "dan"}
	case "thcs":
		return []string{"trung", "hoc", "co", "so"}
	case "thpt":
		return []string{"trung", "hoc", "pho", "thong"}
	case "cty":
		return []string{"cong", "ty"}
	case "ctcp":
		return []string{"cong", "ty", "co", "phan"}
	case "dntn":
		return []string{"doanh", "nghiep", "tu", "nhan"}
	case "htx":
		return []string{"hop", "tac", "xa"}
	case "bvdk":
		return []string{"benh", "vien", "da", "khoa"}
	case "pkdk":
		return []string{"phong", "kham", "da", "khoa"}
	case "tyt":
		return []string{"tram", "y", "te"}
	case "mn":
		return []string{"mam", "non"}
	case "vlxd":
		return []string{"vat", "lieu", "xay", "dung"}
	case "ttyt":
		return []string{"trung", "tam", "y", "te"}
	}
	return []string{word}
}

package models

import "cmp"

// vietnameseWords are words of the interface in Vietnamese.
var vietnameseWords = map[string]string{
	RoleOwner: "chủ sở hữu", RoleCourier: "bưu tá", RoleOfficer: "cán bộ", RoleAdmin: "quản trị",
	VerificationDeclared: "tự khai", VerificationImported: "nhập từ danh sách", VerificationField: "tại thực địa", VerificationCertified: "chứng nhận",
	ProposalProposed: "đang chờ xác minh", ProposalVerified: "đã xác minh", ProposalRejected: "bị từ chối", ProposalWithdrawn: "đã rút", ProposalExpired: "đã hết hạn",
	ReasonGone: "không còn", ReasonDuplicate: "trùng", ReasonMerged: "gộp", ReasonDivided: "tách", ReasonMistake: "đăng ký nhầm", ReasonMoved: "đã chuyển chỗ",
	ReportOpen: "đang chờ", ReportAccepted: "đã chấp nhận", ReportDismissed: "không chấp nhận",
}

// Vietnamese is a word of the interface for people: "cán bộ" for "officer". One
// that has no other is itself.
func Vietnamese(word string) string { return cmp.Or(vietnameseWords[word], word) }

// InVietnamese is a word of the interface in a Vietnamese sentence, with the
// word itself behind it: "cán bộ (officer)". One that has no other is itself.
func InVietnamese(word string) string {
	if vietnamese := Vietnamese(word); vietnamese != word {
		return vietnamese + " (" + word + ")"
	}
	return word
}

// inVietnamese are several of them.
func inVietnamese(words []string) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = InVietnamese(word)
	}
	return list
}

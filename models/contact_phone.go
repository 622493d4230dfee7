package models

import "strings"

// normalPhone brings a telephone number into the form of E.164, such as
// +84900000000; Vietnamese service numbers (1800…, 1900…), which nobody can
// reach from abroad, keep their digits. A mobile number whose leading zero a
// spreadsheet ate is recognised. False: it is no number; empty stays empty.
func normalPhone(number string) (string, bool) {
	if number == "" {
		return "", true
	}
	digits, abroad := strings.CutPrefix(strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "", "\u2013", "", "(", "", ")", "").Replace(number), "+")
	if strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !abroad {
		digits, abroad = rest, true
	}
	own, isOwn := strings.CutPrefix(digits, "84")
	switch {
	case abroad && !isOwn:
		return "+" + digits, len(digits) >= 8 && len(digits) <= 15 && digits[0] != '0'
	case isOwn && (abroad || len(digits) > 10):
		return vietnamesePhone(strings.TrimPrefix(own, "0"))
	case strings.HasPrefix(digits, "1800"), strings.HasPrefix(digits, "1900"):
		return digits, len(digits) >= 8 && len(digits) <= 10
	case strings.HasPrefix(digits, "0"):
		return vietnamesePhone(digits[1:])
	}
	return vietnamesePhone(digits)
}

// vietnamesePhone takes the digits behind the trunk zero: nine of a mobile
// number, ten of a fixed line (numbering plan of 2018).
func vietnamesePhone(digits string) (string, bool) {
	if digits == "" {
		return "", false
	}
	mobile := len(digits) == 9 && strings.Contains("35789", digits[:1])
	fixed := len(digits) == 10 && digits[0] == '2'
	return "+84" + digits, mobile || fixed
}

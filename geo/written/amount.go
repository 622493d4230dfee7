package written

import "strconv"

// Costs of numbers that are no house numbers.
const (
	costPhone     = 4
	costOddPhone  = 12
	costTime      = 12
	costMoney     = 8
	costFewOfThem = 25 // 12k may be a house number
	costWeight    = 6
	costDay       = 8
)

// proposeAmounts proposes times of day, prices, weights, dates and telephone
// numbers: they say nothing about a place.
func (r *reading) proposeAmounts(at int) {
	r.proposePhone(at)
	if r.atoms[at].fold == "ngay" {
		if end := r.dayEnd(at+1, false); end > 0 {
			r.addSilent(at, end, costDay)
		}
	}
	if !r.atoms[at].digits {
		return
	}
	if end := r.timeEnd(at); end > 0 {
		r.addSilent(at, end, costTime)
	}
	if end, cost := r.moneyEnd(at); end > 0 {
		r.addSilent(at, end, cost)
	}
	if end := r.weightEnd(at); end > 0 {
		r.addSilent(at, end, costWeight)
	}
	if end := r.dayEnd(at, true); end > 0 {
		r.addSilent(at, end, costDay)
	}
}

// isNumber reports whether an atom is a number from one value to another.
func (r *reading) isNumber(at, least, most int) bool {
	if at >= len(r.atoms) || !r.atoms[at].digits || len(r.atoms[at].canon) > 4 {
		return false
	}
	n, err := strconv.Atoi(r.atoms[at].canon)
	return err == nil && n >= least && n <= most
}

// timeEnd is behind 5h, 17h30, 5 giờ chiều, 8h-17h, 30 phút; 0 where no time stands.
func (r *reading) timeEnd(at int) int {
	if r.isNumber(at, 1, 59) && r.close(at+1, spaced) && r.atoms[at+1].fold == "phut" {
		return at + 2
	}
	to := r.hourEnd(at)
	if to == 0 {
		return 0
	}
	next := to
	if r.close(next, spaced) && (r.atoms[next].fold == "den" || r.atoms[next].fold == "toi") {
		next++
	}
	if r.close(next, dashed) {
		if end := r.hourEnd(next); end > 0 {
			return end
		}
	}
	return to
}

func (r *reading) hourEnd(at int) int {
	if !r.isNumber(at, 0, 24) || !r.close(at+1, spaced) {
		return 0
	}
	to := at + 2
	switch word := r.atoms[at+1].fold; {
	case (word == "h" || word == "g") && r.atoms[at+1].before == glued:
		if r.close(to, glued) && r.isNumber(to, 0, 59) && len(r.atoms[to].fold) == 2 {
			to++
		}
	case r.atoms[at+1].accented == "giờ", word == "gio" && r.border(to):
	default:
		return 0
	}
	if r.close(to, spaced) {
		switch r.atoms[to].accented {
		case "sáng", "trưa", "chiều", "tối", "đêm", "sang", "trua", "chieu", "toi", "dem":
			to++
		}
	}
	return to
}

// moneyEnd is behind 250k, 300.000đ, 1,5 triệu; 0 where no price stands.
func (r *reading) moneyEnd(at int) (end int, cost int32) {
	to := at + 1
	for to < len(r.atoms) && r.atoms[to].digits && len(r.atoms[to].fold) == 3 && r.gap(to) == 1 && r.atoms[to].before >= dotted &&
		r.atoms[to].before != slashed && r.atoms[to].before != dashed {
		to++
	}
	grouped := to > at+1
	if !r.close(to, spaced) || r.atoms[to].digits {
		return 0, 0
	}
	many := grouped || len(r.atoms[at].fold) > 2
	glued := r.atoms[to].before == glued
	switch r.atoms[to].accented {
	case "k", "d", "đ", "tr":
		if !glued {
			return 0, 0
		}
	case "dong", "nghin", "ngan", "trieu": // Triệu Quang Phục is a street
		if !grouped {
			return 0, 0
		}
	case "vnd", "vnđ", "đồng", "nghìn", "ngàn", "triệu":
		if !glued && !grouped && !r.border(to+1) {
			return 0, 0
		}
		many = true
	default:
		return 0, 0
	}
	if many {
		return to + 1, costMoney
	}
	return to + 1, costFewOfThem
}

// weightEnd is behind 2kg, 1,5 kg, 3 thùng; 0 where no weight stands.
func (r *reading) weightEnd(at int) int {
	to := at + 1
	if to < len(r.atoms) && r.atoms[to].digits && r.gap(to) == 1 && (r.atoms[to].before == dotted || r.atoms[to].before == comma) {
		to++
	}
	if !r.close(to, spaced) {
		return 0
	}
	switch r.atoms[to].accented {
	case "kg", "gram", "gr", "ml", "lít", "thùng", "kiện":
		return to + 1
	}
	return 0
}

// dayEnd is behind 12/3/2024 and, where the year may be left out, 12/3; 0
// where no date stands.
func (r *reading) dayEnd(at int, withYear bool) int {
	if !r.isNumber(at, 1, 31) || !r.isNumber(at+1, 1, 12) || !r.sameJoint(at+1, r.atoms[at+1].before) {
		return 0
	}
	if r.isNumber(at+2, 1990, 2100) && r.sameJoint(at+2, r.atoms[at+1].before) {
		return at + 3
	}
	if withYear {
		return 0
	}
	return at + 2
}

func (r *reading) sameJoint(at int, j joint) bool {
	return r.atoms[at].before == j && (j == slashed || j == dotted || j == dashed) && r.gap(at) == 1
}

// proposePhone proposes a number of nine to eleven digits, with the word before it.
func (r *reading) proposePhone(at int) {
	i := at
	if r.atoms[at].fold == "dt" { // other words for it are phrases
		i++
	}
	for end, digits := r.phoneEnd(i); end > 0; end, digits = r.shorterPhone(i, end) {
		cost := int32(costPhone)
		if digits != 10 && r.atoms[i].fold[0] == '0' {
			cost = costOddPhone
		}
		r.addSilent(at, end, cost)
	}
}

func (r *reading) isPhone(at int) bool {
	end, _ := r.phoneEnd(at)
	return end > 0
}

// phoneEnd is behind the longest telephone number that begins at an atom, with
// its digits; 0: none does.
func (r *reading) phoneEnd(at int) (end, digits int) {
	if at >= len(r.atoms) || !r.atoms[at].digits || r.atoms[at].fold[0] != '0' && !r.isCountryCode(at) {
		return 0, 0
	}
	i := at
	for sum := 0; i < len(r.atoms) && r.atoms[i].digits && (i == at || r.atoms[i].before <= dashed); i++ {
		if sum += len(r.atoms[i].fold); sum > 12 || sum > 11 && r.atoms[at].fold[0] == '0' {
			break
		}
		if sum >= 9 {
			end, digits = i+1, sum
		}
	}
	return end, digits
}

// isCountryCode: 84 or 849….
func (r *reading) isCountryCode(at int) bool {
	f := r.atoms[at].fold
	return f == "84" || len(f) > 9 && f[:2] == "84"
}

// shorterPhone leaves the last group of a number out, which may be a house
// number behind it.
func (r *reading) shorterPhone(at, end int) (shorter, digits int) {
	for i := at; i < end-1; i++ {
		digits += len(r.atoms[i].fold)
	}
	if digits < 9 {
		return 0, 0
	}
	return end - 1, digits
}

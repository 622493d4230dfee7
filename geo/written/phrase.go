package written

import "slices"

// phrase is words that people write around an address.
type phrase uint8

const (
	introduction phrase = iota // what stands before it is not of the address
	caller                     // a telephone number may follow
	courtesy                   // says nothing about where
	receiver                   // the name of a person follows
	beside                     // the place is only near the one named behind
	moment                     // a time of day may follow
)

// phraseSpellings is the words of each, separated by "|".
func phraseSpellings() map[phrase]string {
	return map[phrase]string{
		introduction: "địa chỉ|địa chỉ nhận|địa chỉ nhận hàng|địa chỉ giao|địa chỉ giao hàng|địa chỉ nhà|địa chỉ người nhận|đc|address|addr",
		caller: "sđt|sđt người nhận|số đt|điện thoại|số điện thoại|đtdđ|dđ|di động|tel|phone|hotline|mobile|lh|liên hệ|liên hệ số|zalo|" +
			"gọi|gọi số|call|alo",
		courtesy: "giao|giao hàng|giao gấp|giao nhanh|giao tới|giao đến|giao hàng tới|giao hàng đến|giao cho|nhận hàng|gửi|gửi cho|gửi đến|gửi tới|" +
			"ship|ship cod|ship tới|ship đến|ship cho|cod|thu hộ|thu cod|buổi sáng|buổi trưa|buổi chiều|buổi tối|trong ngày|gấp|hỏa tốc|giờ hành chính|trong giờ hành chính|gọi trước|gọi trước khi giao|" +
			"gọi trước khi tới|gọi trước khi đến|trước khi giao|hàng dễ vỡ|nhé|cảm ơn|xin cảm ơn",
		receiver: "người nhận|người nhận hàng|tên người nhận|người gửi|tên người gửi|người mua|họ tên|họ và tên|khách hàng|tên khách hàng",
		beside: "cạnh|bên cạnh|cạnh bên|kế|kế bên|kề|kề bên|gần|ở gần|đối diện|sau lưng|phía sau|đằng sau|trước mặt|sát|sát bên|sát vách|" +
			"ngang|bên hông|gần ngã ba|gần ngã tư|ngã ba|ngã tư",
		moment: "trước|sau|lúc|khoảng|từ|tới|đến|vào|vào lúc|trước lúc|sau lúc|hẹn|giao trước|giao sau|giao lúc|giao từ|gọi trước",
	}
}

// spelledPhrase is one way to write a phrase.
type spelledPhrase struct {
	phrase phrase
	marker
}

// phrases finds phrases by their first word. It is never written after the
// program has started.
var phrases = newPhrases()

func newPhrases() map[string][]spelledPhrase {
	table := map[string][]spelledPhrase{}
	for p := introduction; p <= moment; p++ {
		for _, form := range split(phraseSpellings()[p]) {
			words, _ := cut(form, nil)
			table[words[0].fold] = append(table[words[0].fold], spelledPhrase{p, marker{words: words}})
		}
	}
	return table
}

// Costs of phrases and of what belongs to them.
const (
	costPhrase       = 4
	costIntroduced   = 3  // all before "địa chỉ"
	costIntroducedBy = 45 // where the only number of a house is before it
	costBeside       = 20
	costBesideStreet = 50 // "gần đường Lê Lợi"
	costPerson       = 90
	costCalled       = 10 // a person with a title and a telephone
)

// proposePhrases proposes the phrases that stand at an atom, and what belongs
// to them.
func (r *reading) proposePhrases(at int) {
	for i := range phrases[r.atoms[at].fold] {
		p := &phrases[r.atoms[at].fold][i]
		fits, foreign := p.matches(r.atoms[at:])
		to := at + len(p.words)
		if !fits || foreign || r.options.Unfinished && to == len(r.atoms) {
			continue
		}
		r.proposePhrase(p.phrase, at, to)
	}
	if at == 0 {
		r.proposeIntroduced()
	}
	r.proposePerson(at)
}

func (r *reading) proposePhrase(p phrase, at, to int) {
	switch p {
	case caller, courtesy:
		r.addSilent(at, to, costPhrase)
	case introduction:
		if r.introduces(at, to) {
			r.addSilent(at, to, costPhrase)
		}
	case receiver:
		r.addSilent(at, to, costPhrase)
		if end := r.personEnd(to); end > to {
			r.addSilent(at, end, costPhrase)
		}
	case beside:
		r.addAside(at, to, costBeside)
		for i := range r.found[min(to+1, len(r.atoms)-1)] {
			f := &r.found[min(to+1, len(r.atoms)-1)][i]
			if f.list == streets && f.edits == 0 && f.rest == 0 && r.isMarker(Street, to) {
				r.addAside(at, int(f.to), costBesideStreet)
			}
		}
	case moment:
		if end := r.timeEnd(to); end > 0 {
			r.addSilent(at, end, costPhrase)
		}
	}
}

func (r *reading) isMarker(part Part, at int) bool {
	return at < len(r.atoms) && slices.ContainsFunc(markers.byWord[r.atoms[at].fold], func(m *marker) bool {
		return m.part == part && len(m.words) == 1
	})
}

func (r *reading) addSilent(at, to int, cost int32) {
	r.addCandidate(candidate{from: int16(at), name: int16(at), to: int16(to), slot: slotSilent, cost: cost})
}

// addAside adds words that say something, but not what a part is.
func (r *reading) addAside(at, to int, cost int32) {
	r.addCandidate(candidate{from: int16(at), name: int16(at), to: int16(to), slot: slotIgnored, known: true, cost: cost})
}

// introduces reports whether words are "địa chỉ" and not the DC of a lot.
func (r *reading) introduces(at, to int) bool {
	a := &r.atoms[at]
	return to < len(r.atoms) && (a.fold != "dc" || at == 0 || a.hasAccents() || r.atoms[to].before >= comma && !r.atoms[to].digits)
}

// introductionEnd is behind the "địa chỉ" or "đ/c" that stands at an atom; 0:
// none does.
func (r *reading) introductionEnd(at int) int {
	end := 0
	for i := range phrases[r.atoms[at].fold] {
		p := &phrases[r.atoms[at].fold][i]
		if fits, foreign := p.matches(r.atoms[at:]); fits && !foreign && p.phrase == introduction && r.introduces(at, at+len(p.words)) {
			end = max(end, at+len(p.words))
		}
	}
	if r.atoms[at].fold == "dc" && at+1 < len(r.atoms) && r.atoms[at+1].before >= comma {
		end = at + 1
	}
	if r.atoms[at].fold == "d" && r.close(at+1, slashed) && r.atoms[at+1].before == slashed && r.atoms[at+1].fold == "c" && at+2 < len(r.atoms) {
		end = at + 2
	}
	return end
}

// proposeIntroduced takes all before "địa chỉ" for no address.
func (r *reading) proposeIntroduced() {
	for at := range r.atoms {
		end := r.introductionEnd(at)
		if end == 0 {
			continue
		}
		cost := int32(costIntroduced)
		if r.hasNumber(0, at) && !r.hasNumber(end, len(r.atoms)) {
			cost = costIntroducedBy
		}
		c := candidate{to: int16(end), slot: slotSilent, cost: cost}
		r.candidates = append(r.candidates, c) // commas inside are no oddity
	}
}

// hasNumber reports whether a number is among atoms that is not of a telephone.
func (r *reading) hasNumber(from, to int) bool {
	for i := from; i < to; i++ {
		if end, _ := r.phoneEnd(i); end > 0 {
			i = end - 1
		} else if r.atoms[i].digits {
			return true
		}
	}
	return false
}

// surnames begin most names of persons.
var surnames = map[string]bool{"nguyen": true, "tran": true, "le": true, "pham": true, "hoang": true, "huynh": true, "phan": true,
	"vu": true, "vo": true, "dang": true, "bui": true, "do": true, "ho": true, "ngo": true, "duong": true, "ly": true,
	"dinh": true, "doan": true, "lam": true, "mai": true, "trinh": true, "dao": true, "luong": true, "ha": true, "cao": true, "ta": true,
	"chau": true, "thai": true, "luu": true, "vuong": true, "quach": true, "kieu": true, "mac": true, "tang": true}

// isTitle: anh Bình, chị Lan.
func isTitle(a *atom) bool {
	switch a.accented {
	case "anh", "chị", "em", "cô", "chú", "bác", "dì", "ông", "bà", "chi", "chu", "ong":
		return true
	}
	return false
}

// proposePerson takes words for the name of a person: a surname or title and up
// to four words between borders. It is ignored at a lower price than other words.
func (r *reading) proposePerson(at int) {
	a := &r.atoms[at]
	titled := isTitle(a)
	if !titled && !surnames[a.fold] && a.accented != "trương" || !r.border(at) && !r.leadsToPerson(at-1) {
		return
	}
	end := r.personEnd(at)
	if end < at+2 || end > at+5 || r.options.Unfinished && end == len(r.atoms) {
		return
	}
	cost := int32(costPerson)
	if titled && r.isPhone(end) {
		cost = costCalled
	}
	r.addCandidate(candidate{from: int16(at), name: int16(at), to: int16(end), slot: slotIgnored, cost: cost})
}

// leadsToPerson: giao cho chị Hoa, người nhận Nguyễn Văn Bình.
func (r *reading) leadsToPerson(at int) bool {
	switch r.atoms[at].fold {
	case "nhan", "cho", "gap":
		return true
	}
	return false
}

const mostPersonWords = 6

// personEnd is behind the words up to the next border or number; 0 where
// there are too many.
func (r *reading) personEnd(at int) int {
	to := at
	for to < len(r.atoms) && !r.atoms[to].digits && (to == at || !r.border(to)) {
		to++
	}
	if to-at > mostPersonWords || to < len(r.atoms) && !r.border(to) && !r.isPhone(to) {
		return 0
	}
	return to
}

// border reports whether a sign stands before an atom that keeps parts apart: a
// comma, or a dash with a space beside it.
func (r *reading) border(at int) bool {
	return at <= 0 || at >= len(r.atoms) || r.atoms[at].before >= comma || r.atoms[at].before == dashed && r.gap(at) > 1
}

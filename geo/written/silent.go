package written

// proposeSilent proposes what says nothing about an address: the country, a
// postcode, "cũ" behind a unit, what people write around it.
func (r *reading) proposeSilent(at int) {
	c := candidate{from: int16(at), name: int16(at), slot: slotSilent}
	a := &r.atoms[at]
	switch a.fold {
	case "vn", "vietnam":
		c.to = c.from + 1
		r.addCandidate(c)
	case "viet":
		if r.close(at+1, dashed) && r.atoms[at+1].fold == "nam" {
			c.to = c.from + 2
			r.addCandidate(c)
		}
	case "cu", "moi":
		if at > 0 && (a.accented == a.fold || a.accented == "cũ" || a.accented == "mới") {
			c.to, c.cost, c.behindUnit = c.from+1, 6, true
			r.addCandidate(c)
		}
	}
	if a.digits && (len(a.fold) == 5 || len(a.fold) == 6) && a.fold == r.span(at, at+1) {
		c.to, c.cost, c.behindUnit = c.from+1, 4, true
		r.addCandidate(c)
	}
	r.proposeAmounts(at)
	r.proposePhrases(at)
}

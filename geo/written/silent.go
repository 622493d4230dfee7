package written

// proposeSilent proposes what says nothing about an address: the country, a
// postcode, "cũ" behind a unit, a telephone number.
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
	case "dc", "diachi":
		if at == 0 {
			c.to, c.cost = c.from+1, 2
			r.addCandidate(c)
		}
	case "d":
		if at == 0 && r.close(1, slashed) && r.atoms[1].before == slashed && r.atoms[1].fold == "c" {
			c.to, c.cost = c.from+2, 2
			r.addCandidate(c)
		}
	case "dia":
		if at == 0 && r.close(1, spaced) && r.atoms[1].fold == "chi" {
			c.to, c.cost = c.from+2, 2
			r.addCandidate(c)
		}
	}
	if a.digits && (len(a.fold) == 5 || len(a.fold) == 6) && a.fold == r.span(at, at+1) {
		c.to, c.cost, c.behindUnit = c.from+1, 4, true
		r.addCandidate(c)
	}
	r.proposePhone(at)
}

// proposePhone proposes a number of nine digits and more, with the word before it.
func (r *reading) proposePhone(at int) {
	i := at
	switch r.atoms[at].fold {
	case "dt", "sdt", "tel", "phone", "hotline", "lh", "mobile", "dtdd":
		i++
	}
	if i >= len(r.atoms) || !r.atoms[i].digits || r.atoms[i].fold[0] != '0' && r.atoms[i].fold != "84" {
		return
	}
	digits := 0
	for begin := i; i < len(r.atoms) && r.atoms[i].digits && (i == begin || r.atoms[i].before <= dashed); i++ {
		if digits += len(r.atoms[i].fold); digits > 11 {
			return
		}
		if digits >= 9 {
			r.addCandidate(candidate{from: int16(at), name: int16(at), to: int16(i + 1), slot: slotIgnored, known: true, cost: costIgnoredPhone})
		}
	}
}

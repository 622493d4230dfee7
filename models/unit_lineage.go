package models

// lineage is what stands above a unit from a first day to before a last one.
// That of its own last day is held of every unit: texts of addresses are made
// of it by the hundred thousand.
type lineage struct {
	above       string // ", Thành phố Thủ Dầu Một, Tỉnh Bình Dương"
	province    *AdminUnit
	first, last Date // half-open; an empty last never comes
}

// lineageOf is the lineage of a unit on a day.
func (u *Units) lineageOf(unit *AdminUnit, day Date) lineage {
	if l, held := u.lineages[unit.ID]; held && day.within(l.first, l.last) {
		return l
	}
	return u.lineageAt(unit, day)
}

// lineageAt finds the lineage of a unit on a day, and how long it is the same:
// between two days on which a unit above, or one of the same code, begins or
// ends.
func (u *Units) lineageAt(unit *AdminUnit, day Date) lineage {
	var l lineage
	bound := func(d Date) {
		switch {
		case d == "":
		case d <= day:
			l.first = max(l.first, d)
		case l.last == "" || d < l.last:
			l.last = d
		}
	}
	bearers := func(code string) {
		for _, period := range u.byCode[code] {
			bound(period.ValidFrom)
			bound(period.ValidTo)
		}
	}
	bearers(unit.ParentCode)
	for _, above := range u.Above(unit, day) {
		bearers(above.ParentCode)
		l.above += ", " + above.FullName
		l.province = nil
		if above.Level == LevelProvince {
			l.province = above
		}
	}
	return l
}

package models

import "diachiso/geo/written"

// Shares of a commune's weight for communes that are not the one named.
const (
	shareUnknownFormer = 0.9 // it went into today's commune, and the former one is unknown
	shareSibling       = 0.5 // it went into today's commune, but the address was in another then
)

// fitUnits compares the units that the text names with those that the address
// is and was in.
func (k *asked) fitUnits(t *tally, a *Address, names *unitNames) {
	for _, mention := range k.text.Units {
		if len(mention.Units) == 0 {
			fitUnknownUnit(t, a, mention)
			continue
		}
		best, share := written.UnitMatch{}, -1.
		for _, m := range mention.Units {
			if s := names.share(m.ID, a) - costOfEdit*float64(m.Edits); s > share {
				best, share = m, s
			}
		}
		k.fitMention(t, a, names, mention, best, max(share, 0))
	}
}

// fitUnknownUnit counts a unit that the registry does not know: words of a name
// that look like one ("quan com"), or a place elsewhere.
func fitUnknownUnit(t *tally, a *Address, mention written.Mention) {
	if isInName(a, mention.Given) {
		t.total += weightIgnored
		t.reached += weightIgnored
		return
	}
	t.miss(mention.Level, weightDistrict, 0, true, mention.Given, "")
}

func (k *asked) fitMention(t *tally, a *Address, names *unitNames, mention written.Mention, m written.UnitMatch, share float64) {
	weight := map[written.Part]float64{written.Commune: weightCommune, written.District: weightDistrict, written.Province: weightProvince}[mention.Level]
	if mention.Level == written.District && !k.namesCommune {
		weight = weightCommune // nothing else says where it is
	}
	if share == 1 {
		unit := names.of.byID[m.ID].FullName
		t.agree(mention.Level, weight, 0, mention.Given, unit)
		return
	}
	t.total += weight
	t.reached += weight * share
	t.differ(mention.Level, mention.Given, names.unitOf(a, m.ID, mention.Level))
	if weight == weightCommune && share < shareUnknownFormer-costOfEdit {
		t.hard++
	}
}

// share is how far an address is in a unit of either era: 1 where it is or
// was, 0 where it never was.
func (n *unitNames) share(unitID int64, a *Address) float64 {
	unit := n.of.byID[unitID]
	if unit == nil {
		return 0
	}
	if unit.Level != LevelCommune {
		in := a.FormerCommuneID
		if in == 0 {
			in = a.CommuneID
		}
		if n.within[in][unitID] {
			return 1
		}
		return 0
	}
	after := n.becomes[unitID]
	switch {
	case unitID == a.CommuneID || after[a.FormerCommuneID]:
		return 1
	case !after[a.CommuneID]:
		return 0
	case a.FormerCommuneID == 0:
		return shareUnknownFormer
	}
	return shareSibling
}

// unitOf names the unit of a level that an address is in today or, where the
// unit that was meant is no more, was in last.
func (n *unitNames) unitOf(a *Address, meant int64, level written.Part) string {
	commune, former := n.of.byID[a.CommuneID], n.of.byID[a.FormerCommuneID]
	if commune == nil {
		return ""
	}
	if unit := n.of.byID[meant]; level == written.Commune && former != nil && unit != nil && !unit.InForce(n.day) {
		return former.FullName
	}
	if level == written.Commune {
		return commune.FullName
	}
	above := n.of.Above(commune, n.day)
	if former != nil {
		above = append(above, n.of.Above(former, former.ValidTo.before())...)
	}
	for _, unit := range above {
		if unit.Level == string(level) {
			return unit.FullName
		}
	}
	return ""
}

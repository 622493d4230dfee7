package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"diachiso/geo/written"
)

// numbered is an address on a street, before it is read whole.
type numbered struct {
	id     int64
	number string
	gap    int     // to the number given; 0 without one
	meters float64 // to the point asked for; 0 without one
}

// lookUpStreets compares, for a number that no door has or a text without one,
// the doors of the streets that the readings name: those with the nearest
// numbers, or nearest to the point asked for.
func (run *search) lookUpStreets() error {
	if err := run.probeAll((*asked).streetProbes, run.lookUpStreet); err != nil {
		return err
	}
	for _, k := range run.asked {
		if k.number != "" {
			continue
		}
		if err := run.lookUpNumberless(k); err != nil {
			return err
		}
	}
	return nil
}

// streetProbes ask for whole streets, in the communes named where they have
// such a street.
func (k *asked) streetProbes() []probe {
	var named, all []probe
	for _, t := range k.streetTerms {
		prefix := streetPrefix(t.name)
		all = addProbe(all, prefix, t.communeID)
		if k.within == nil || k.within[t.communeID] {
			named = addProbe(named, prefix, t.communeID)
		}
	}
	if len(named) > 0 {
		return named
	}
	return all
}

func (run *search) lookUpStreet(k *asked, p probe) error {
	return run.lookUpNumbered(k, run.s.dialect.list("d", "bigint")+` CROSS JOIN addresses a
		WHERE a.commune_id = d.value AND a.door_key >= ? AND a.door_key < ? AND a.door_key <> '' AND a.status = 'current'`, "",
		run.s.dialect.bind(p.communes), p.prefix, afterPrefix(p.prefix))
}

// lookUpNumbered compares, of the addresses that a condition leaves, those
// nearest to the number given or the point asked for; limit is SQL behind the
// condition.
func (run *search) lookUpNumbered(k *asked, from, limit string, args ...any) error {
	filter, filterArgs := run.filter()
	rows, err := run.db.Raw("SELECT a.id, a.house_number, a.alley, a.lng, a.lat FROM "+from+filter+limit, append(args, filterArgs...)...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		var n numbered
		var a Address
		if err := rows.Scan(&n.id, &a.Parts.HouseNumber, &a.Parts.Alley, &a.Point.Lng, &a.Point.Lat); err != nil {
			return err
		}
		n.number, n.gap, n.meters = a.Parts.HouseNumber, k.gapTo(a.Parts), run.metersTo(a.Point)
		list = append(list, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return run.compareNearest(list)
}

// compareNearest reads the doors whose numbers are nearest to the one given,
// or that are nearest to the point asked for, and compares them.
func (run *search) compareNearest(list []numbered) error {
	slices.SortFunc(list, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.gap, b.gap), cmp.Compare(a.meters, b.meters), compareNumbers(a.number, b.number), cmp.Compare(a.id, b.id))
	})
	ids := make([]int64, 0, mostOfAStreet)
	for _, n := range list[:min(len(list), mostOfAStreet)] {
		ids = append(ids, n.id)
	}
	return run.considerIDs(ids)
}

// gapTo is how far the number of an address is from the one given, or 0.
func (k *asked) gapTo(p Parts) int {
	if k.number == "" || k.isNumber(p) {
		return 0
	}
	return numberGap(k.number, written.NumberKey(p.HouseNumber))
}

// compareNumbers orders house numbers as they stand along a street.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(leadingNumber(a), leadingNumber(b)), strings.Compare(a, b))
}

// lookUpNumberless compares the addresses without a number of the streets that
// a reading names or, without a street, some of its hamlets.
func (run *search) lookUpNumberless(k *asked) error {
	if k.text.Street.Given != "" {
		return run.lookUpPlaces(k, k.streetTerms, "a.street = ? AND a.street <> '' AND a.door_key = ''")
	}
	return run.lookUpHamlet(k)
}

// lookUpHamlet compares some addresses of the hamlets that a reading names.
func (run *search) lookUpHamlet(k *asked) error {
	return run.lookUpPlaces(k, k.hamletTerms, "a.hamlet = ? AND a.hamlet <> ''")
}

// mostPlaces bounds the hamlets that are looked up.
const mostPlaces = 4

// lookUpPlaces compares some addresses of terms, in the communes that a reading
// names, the nearest first; a condition binds the name of the term.
func (run *search) lookUpPlaces(k *asked, terms []term, condition string) error {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(run.metersTo(a.at), run.metersTo(b.at)) })
	limit := ""
	if run.q.Near == nil { // any will do, in the order of an index
		limit = fmt.Sprintf(" ORDER BY a.id LIMIT %d", mostOfAStreet)
	}
	done := map[string]bool{}
	for _, t := range terms {
		place := fmt.Sprint(t.communeID, t.name)
		if k.within != nil && !k.within[t.communeID] || done[place] || len(done) == mostPlaces {
			continue
		}
		done[place] = true
		err := run.lookUpNumbered(k, "addresses a WHERE a.commune_id = ? AND "+condition+" AND a.status = 'current'", limit, t.communeID, t.name)
		if err != nil {
			return err
		}
	}
	return nil
}

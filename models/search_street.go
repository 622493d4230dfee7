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
	if err := run.lookUpNumbers((*asked).streetRanges); err != nil {
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

// streetRanges are whole streets, in the communes named where they have such a
// street.
func (k *asked) streetRanges() []textRange {
	var named, all []textRange
	for _, t := range k.streetTerms {
		r := withPrefix(t.communeID, streetPrefix(t.name))
		all = append(all, r)
		if k.within == nil || k.within[t.communeID] {
			named = append(named, r)
		}
	}
	if len(named) > 0 {
		return named
	}
	return all
}

// lookUpNumbers compares, of the doors in ranges, those nearest to the number
// given or the point asked for.
func (run *search) lookUpNumbers(of func(*asked) []textRange) error {
	ranges := run.ranges(of)
	if len(ranges) == 0 {
		return nil
	}
	return run.lookUpNumbered(run.s.dialect.doorsInRanges, "", run.s.dialect.bindRanges(ranges)...)
}

// lookUpNumbered compares, of the addresses that a condition leaves, those
// nearest to the number given or the point asked for; limit is SQL behind the
// condition.
func (run *search) lookUpNumbered(from, limit string, args ...any) error {
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
		n.number, n.gap, n.meters = a.Parts.HouseNumber, run.gapTo(a.Parts), run.metersTo(a.Point)
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

// gapTo is how far the number of an address is from the nearest one that the
// readings give, or 0.
func (run *search) gapTo(p Parts) int {
	gap := 0
	for i, k := range run.asked {
		if g := k.gapTo(p); i == 0 || g < gap {
			gap = g
		}
	}
	return gap
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
		err := run.lookUpNumbered("addresses a WHERE a.commune_id = ? AND "+condition+" AND a.status = 'current'", limit, t.communeID, t.name)
		if err != nil {
			return err
		}
	}
	return nil
}

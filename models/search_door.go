package models

import (
	"slices"
	"strings"

	"diachiso/geo/text"
	"diachiso/geo/written"
)

// Bounds of what one search asks the database for.
const (
	mostRanges    = 200 // of doors
	mostDoors     = 400 // addresses that are compared at once
	mostBuildings = 12
	mostOfAStreet = 40 // addresses of a street that are compared
)

// withPrefix are the doors of a commune whose keys begin so; a prefix ends in an
// ASCII character.
func withPrefix(communeID int64, prefix string) textRange {
	last := len(prefix) - 1
	return textRange{communeID, prefix, prefix[:last] + string(prefix[last]+1)}
}

// ranges are those of all readings, the likeliest first, each once.
func (run *search) ranges(of func(*asked) []textRange) []textRange {
	var list []textRange
	seen := map[textRange]bool{}
	for _, k := range run.asked {
		for _, r := range of(k) {
			if !seen[r] && len(list) < mostRanges {
				seen[r] = true
				list = append(list, r)
			}
		}
	}
	return list
}

// lookUpDoors asks for the doors that the readings name: first in the communes
// they name, then, where nothing there fits, in all that have such a street.
func (run *search) lookUpDoors() error {
	for _, look := range []func() error{run.lookUpDoorsNamed, run.lookUpDoorsElsewhere, run.lookUpBuildings} {
		if err := look(); err != nil || run.settled() {
			return err
		}
	}
	return nil
}

func (run *search) lookUpDoorsNamed() error { return run.lookUpRanges((*asked).doorRanges) }

func (run *search) lookUpDoorsElsewhere() error {
	return run.lookUpRanges((*asked).doorRangesElsewhere)
}

// doorRanges are the doors of the number of a reading in the communes it names,
// the likeliest street first.
func (k *asked) doorRanges() []textRange {
	if k.text.Street.Given == "" {
		return k.hamletRanges()
	}
	return k.doorRangesIn(func(commune int64) bool { return k.within == nil || k.within[commune] })
}

// doorRangesElsewhere are those in the other communes.
func (k *asked) doorRangesElsewhere() []textRange {
	return k.doorRangesIn(func(commune int64) bool { return k.within != nil && !k.within[commune] })
}

func (k *asked) doorRangesIn(wanted func(commune int64) bool) (ranges []textRange) {
	numbers := k.numbers()
	for _, t := range k.streetTerms {
		for _, number := range numbers {
			if wanted(t.communeID) {
				ranges = append(ranges, withPrefix(t.communeID, doorPrefix(t.name, number)))
			}
		}
	}
	return ranges
}

// numbers are the ways in which the house number may be registered: 15A also
// as 15 A and 15-A, number 5 in alley 12 also as 12/5.
func (k *asked) numbers() []string {
	if k.number == "" {
		return nil
	}
	list := []string{text.Fold(k.text.HouseNumber.Text)}
	if number := strings.TrimRight(k.number, "abcdefghijklmnopqrstuvwxyz"); number != k.number && number != "" {
		letters := k.number[len(number):]
		list = append(list, number+letters, number+" "+letters, number+"-"+letters)
	}
	if k.alley != "" && !strings.Contains(k.number, "/") {
		list = append(list, k.alley+"/"+k.number)
	}
	slices.Sort(list[1:])
	return slices.Compact(list)
}

// hamletRanges are for a number that counts within a hamlet or a group.
func (k *asked) hamletRanges() (ranges []textRange) {
	communes := map[int64]bool{}
	for _, t := range k.hamletTerms {
		if k.within == nil || k.within[t.communeID] {
			communes[t.communeID] = true
		}
	}
	if len(communes) == 0 {
		communes = k.within
	}
	for _, id := range sortedIDs(communes) {
		for _, number := range k.numbers() {
			ranges = append(ranges, withPrefix(id, doorPrefix("", number)))
		}
	}
	return ranges
}

func sortedIDs(set map[int64]bool) []int64 {
	ids := make([]int64, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// lookUpRanges reads the addresses of ranges of doors and compares them. Of a
// tower's flats only the one asked for is read.
func (run *search) lookUpRanges(of func(*asked) []textRange) error {
	ranges := run.ranges(of)
	if len(ranges) == 0 {
		return nil
	}
	filter, filterArgs := run.filter()
	args := append(run.s.dialect.bindRanges(ranges), filterArgs...)
	for _, k := range run.asked {
		if k.unit != "" {
			return run.lookUpUnit(k, run.s.dialect.doorsInRanges+filter, args)
		}
	}
	list, err := scanAddresses(run.db.Raw(selectAddress+"WHERE a.id IN (SELECT a.id FROM "+run.s.dialect.doorsInRanges+filter+` ORDER BY a.id LIMIT ?) ORDER BY a.id`,
		append(args, mostDoors)...).Rows())
	if err != nil {
		return err
	}
	run.consider(run.asked, list)
	return nil
}

// lookUpUnit compares, of the addresses that a condition leaves, those behind
// the unit that a reading names, or else those with the nearest labels.
func (run *search) lookUpUnit(k *asked, from string, args []any) error {
	rows, err := run.db.Raw("SELECT a.id, a.unit_label FROM "+from+" ORDER BY a.id", args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var same []int64
	var others []numbered
	for rows.Next() {
		var n numbered
		if err := rows.Scan(&n.id, &n.number); err != nil {
			return err
		}
		if k.unit != "" && written.UnitKey(n.number) == k.unit {
			same = append(same, n.id)
		}
		if k.unit != "" {
			n.gap = numberGap(digitsOf(k.unit), digitsOf(n.number))
		}
		others = append(others, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(same) == 0 {
		return run.compareNearest(others)
	}
	return run.considerIDs(same)
}

func (run *search) considerIDs(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := run.s.byIDs(run.db, ids)
	run.consider(run.asked, list)
	return err
}

// lookUpBuildings asks for the flats and rooms of the buildings that the
// readings name.
func (run *search) lookUpBuildings() error {
	done := map[string]bool{}
	for _, k := range run.asked {
		for _, t := range k.buildingTerms {
			if done[t.name] || len(done) == mostBuildings {
				continue
			}
			done[t.name] = true
			filter, args := run.filter()
			err := run.lookUpUnit(k, "addresses a WHERE a.building = ? AND a.building <> '' AND a.status = 'current'"+filter, append([]any{t.name}, args...))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

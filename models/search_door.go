package models

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"diachiso/geo/written"
)

// Bounds of what one search asks the database for.
const (
	mostProbes    = 12  // questions for doors
	mostOfAProbe  = 200 // addresses of one answer
	mostOfAStreet = 40  // addresses of a street that are compared
)

// probe asks for the doors of some communes whose keys begin alike.
type probe struct {
	prefix   string // of door_key
	unitKey  string // empty: any
	communes []int64
}

// lookUpDoors asks for the doors that the readings name: first in the communes
// they name, then, where nothing there fits, in all that have such a street.
func (run *search) lookUpDoors() error {
	for _, everywhere := range []bool{false, true} {
		done := map[string]bool{}
		for _, k := range run.asked {
			for _, p := range k.doorProbes(everywhere) {
				if done[p.prefix] || len(done) == mostProbes {
					continue
				}
				done[p.prefix] = true
				if err := run.probe(k, p); err != nil {
					return err
				}
			}
		}
		if run.settled() {
			return nil
		}
	}
	return run.lookUpBuildings()
}

// doorProbes are the questions for the number of a reading, the likeliest
// street first.
func (k *asked) doorProbes(everywhere bool) []probe {
	number := k.text.HouseNumber.Text
	if number == "" {
		return nil
	}
	if k.text.Street.Given == "" {
		return k.hamletProbes(number, everywhere)
	}
	var probes []probe
	for _, t := range k.streetTerms {
		if everywhere != (k.within != nil && !k.within[t.communeID]) {
			continue
		}
		prefix := doorPrefix(t.name, number)
		i := slices.IndexFunc(probes, func(p probe) bool { return p.prefix == prefix })
		if i < 0 {
			i, probes = len(probes), append(probes, probe{prefix: prefix})
		}
		if !slices.Contains(probes[i].communes, t.communeID) {
			probes[i].communes = append(probes[i].communes, t.communeID)
		}
	}
	return probes
}

// hamletProbes are for a number that counts within a hamlet or a group.
func (k *asked) hamletProbes(number string, everywhere bool) []probe {
	if everywhere {
		return nil
	}
	communes := map[int64]bool{}
	for _, t := range k.hamletTerms {
		if k.within == nil || k.within[t.communeID] {
			communes[t.communeID] = true
		}
	}
	if len(communes) == 0 {
		communes = k.within
	}
	if len(communes) == 0 {
		return nil
	}
	return []probe{{prefix: doorPrefix("", number), communes: sortedIDs(communes)}}
}

func sortedIDs(set map[int64]bool) []int64 {
	ids := make([]int64, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// probe reads the addresses of a probe and compares them. Of a tower's flats
// only the one asked for is read.
func (run *search) probe(k *asked, p probe) error {
	where := `a.commune_id = d.value AND a.door_key >= ? AND a.door_key < ? AND a.door_key <> '' AND a.status = 'current'`
	args := []any{run.s.dialect.bind(p.communes), p.prefix, afterPrefix(p.prefix)}
	if k.unit != "" {
		return run.lookUpUnit(k, run.s.dialect.list("d", "bigint")+" CROSS JOIN addresses a WHERE "+where, args)
	}
	list, err := scanAddresses(run.db.Raw(selectAddress+`WHERE a.id IN (SELECT a.id FROM `+run.s.dialect.list("d", "bigint")+`
		CROSS JOIN addresses a WHERE `+where+` ORDER BY a.id LIMIT ?) ORDER BY a.id`, append(args, mostOfAProbe)...).Rows())
	if err != nil {
		return err
	}
	run.consider(run.asked, list)
	return nil
}

// lookUpUnit compares, of the addresses that a condition leaves, those behind
// the unit that a reading names, or else some of them.
func (run *search) lookUpUnit(k *asked, from string, args []any) error {
	rows, err := run.db.Raw("SELECT a.id, a.unit_label FROM "+from+" ORDER BY a.id", args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var same, others []int64
	for rows.Next() {
		var id int64
		var label string
		if err := rows.Scan(&id, &label); err != nil {
			return err
		}
		if k.unit != "" && unitKey(label) == k.unit {
			same = append(same, id)
		} else if len(others) < mostOfAStreet {
			others = append(others, id)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(same) == 0 {
		same = others
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

// afterPrefix is the first text after all that begin with a prefix, which ends
// in an ASCII character.
func afterPrefix(prefix string) string {
	last := len(prefix) - 1
	return prefix[:last] + string(prefix[last]+1)
}

// lookUpBuildings asks for the flats and rooms of the buildings that the
// readings name.
func (run *search) lookUpBuildings() error {
	done := map[string]bool{}
	for _, k := range run.asked {
		for _, t := range k.buildingTerms {
			if done[t.name] || len(done) == mostProbes {
				continue
			}
			done[t.name] = true
			err := run.lookUpUnit(k, "addresses a WHERE a.building = ? AND a.building <> '' AND a.status = 'current'", []any{t.name})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// numbered is an address on a street, before it is read whole.
type numbered struct {
	id     int64
	number string
	meters float64
}

// lookUpStreets compares, for a number that no door has or a text without one,
// the doors of the streets that the readings name: those with the nearest
// numbers, or nearest to the point asked for.
func (run *search) lookUpStreets() error {
	done := map[string]bool{}
	for _, k := range run.asked {
		for _, p := range k.streetProbes() {
			if done[p.prefix] || len(done) == mostProbes {
				continue
			}
			done[p.prefix] = true
			if err := run.lookUpStreet(k, p); err != nil {
				return err
			}
		}
		if k.number == "" {
			if err := run.lookUpNumberless(k); err != nil {
				return err
			}
		}
		if k.text.Street.Given == "" && k.number == "" && k.text.Hamlet.Given != "" {
			if err := run.lookUpHamlet(k); err != nil {
				return err
			}
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

func addProbe(probes []probe, prefix string, commune int64) []probe {
	i := slices.IndexFunc(probes, func(p probe) bool { return p.prefix == prefix })
	if i < 0 {
		i, probes = len(probes), append(probes, probe{prefix: prefix})
	}
	if !slices.Contains(probes[i].communes, commune) {
		probes[i].communes = append(probes[i].communes, commune)
	}
	return probes
}

func (run *search) lookUpStreet(k *asked, p probe) error {
	rows, err := run.db.Raw(`SELECT a.id, a.house_number, a.lng, a.lat FROM `+run.s.dialect.list("d", "bigint")+` CROSS JOIN addresses a
		WHERE a.commune_id = d.value AND a.door_key >= ? AND a.door_key < ? AND a.door_key <> '' AND a.status = 'current'`,
		run.s.dialect.bind(p.communes), p.prefix, afterPrefix(p.prefix)).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		var n numbered
		var a Address
		if err := rows.Scan(&n.id, &n.number, &a.Point.Lng, &a.Point.Lat); err != nil {
			return err
		}
		n.meters = run.metersTo(a.Point)
		list = append(list, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return run.compareNearest(k, list)
}

// compareNearest reads the doors whose numbers are nearest to the one given
// and compares them.
func (run *search) compareNearest(k *asked, list []numbered) error {
	slices.SortFunc(list, func(a, b numbered) int {
		gaps := 0
		if k.number != "" {
			gaps = cmp.Compare(k.gapTo(a.number), k.gapTo(b.number))
		}
		return cmp.Or(gaps, cmp.Compare(a.meters, b.meters), compareNumbers(a.number, b.number), cmp.Compare(a.id, b.id))
	})
	ids := make([]int64, 0, mostOfAStreet)
	for _, n := range list[:min(len(list), mostOfAStreet)] {
		ids = append(ids, n.id)
	}
	return run.considerIDs(ids)
}

func (k *asked) gapTo(number string) int {
	if key := written.NumberKey(number); key != k.number {
		return numberGap(k.number, key)
	}
	return 0
}

// compareNumbers orders house numbers as they stand along a street.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(leadingNumber(a), leadingNumber(b)), strings.Compare(a, b))
}

// lookUpNumberless compares the addresses without a number of the streets that
// a reading names.
func (run *search) lookUpNumberless(k *asked) error {
	done := map[string]bool{}
	for _, t := range k.streetTerms {
		place := t.name + "|" + strconv.FormatInt(t.communeID, 10)
		if k.within != nil && !k.within[t.communeID] || done[place] || len(done) == mostProbes {
			continue
		}
		done[place] = true
		list, err := scanAddresses(run.db.Raw(selectAddress+`WHERE a.id IN (SELECT c.id FROM addresses c
			WHERE c.commune_id = ? AND c.street = ? AND c.street <> '' AND c.door_key = '' AND c.status = 'current' ORDER BY c.id LIMIT ?) ORDER BY a.id`,
			t.communeID, t.name, mostOfAStreet).Rows())
		if err != nil {
			return err
		}
		run.consider(run.asked, list)
	}
	return nil
}

// lookUpHamlet compares some addresses of a hamlet in the communes named.
func (run *search) lookUpHamlet(k *asked) error {
	done := map[string]bool{}
	for _, t := range k.hamletTerms {
		place := t.name + "|" + strconv.FormatInt(t.communeID, 10)
		if k.within != nil && !k.within[t.communeID] || done[place] || len(done) == mostProbes {
			continue
		}
		done[place] = true
		list, err := scanAddresses(run.db.Raw(selectAddress+`WHERE a.id IN (SELECT c.id FROM addresses c
			WHERE c.commune_id = ? AND c.hamlet = ? AND c.status = 'current' ORDER BY c.id LIMIT ?) ORDER BY a.id`,
			t.communeID, t.name, mostOfAStreet).Rows())
		if err != nil {
			return err
		}
		run.consider(run.asked, list)
	}
	return nil
}

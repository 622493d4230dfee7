package models

import (
	"fmt"
	"slices"
	"strings"

	"diachiso/geo/text"
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
	communes []int64
}

func (p probe) key() string { return fmt.Sprint(p.prefix, p.communes) }

// addProbe adds a commune to the probe of a prefix, or a probe.
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

// probeAll looks the probes of all readings up, the likeliest first, each once.
func (run *search) probeAll(of func(*asked) []probe, lookUp func(*asked, probe) error) error {
	done := map[string]bool{}
	for _, k := range run.asked {
		for _, p := range of(k) {
			if done[p.key()] || len(done) == mostProbes {
				continue
			}
			done[p.key()] = true
			if err := lookUp(k, p); err != nil {
				return err
			}
		}
	}
	return nil
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

func (run *search) lookUpDoorsNamed() error { return run.probeAll((*asked).doorProbes, run.probe) }

func (run *search) lookUpDoorsElsewhere() error {
	return run.probeAll((*asked).doorProbesElsewhere, run.probe)
}

// doorProbes are the questions for the number of a reading in the communes it
// names, the likeliest street first.
func (k *asked) doorProbes() []probe {
	if k.text.Street.Given == "" {
		return k.hamletProbes()
	}
	return k.doorProbesIn(func(commune int64) bool { return k.within == nil || k.within[commune] })
}

// doorProbesElsewhere are those in the other communes.
func (k *asked) doorProbesElsewhere() []probe {
	return k.doorProbesIn(func(commune int64) bool { return k.within != nil && !k.within[commune] })
}

func (k *asked) doorProbesIn(wanted func(commune int64) bool) (probes []probe) {
	numbers := k.numbers()
	for _, t := range k.streetTerms {
		for _, number := range numbers {
			if wanted(t.communeID) {
				probes = addProbe(probes, doorPrefix(t.name, number), t.communeID)
			}
		}
	}
	return probes
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

// hamletProbes are for a number that counts within a hamlet or a group.
func (k *asked) hamletProbes() []probe {
	communes := map[int64]bool{}
	for _, t := range k.hamletTerms {
		if k.within == nil || k.within[t.communeID] {
			communes[t.communeID] = true
		}
	}
	if len(communes) == 0 {
		communes = k.within
	}
	if len(communes) == 0 || k.number == "" {
		return nil
	}
	var probes []probe
	for _, number := range k.numbers() {
		probes = append(probes, probe{prefix: doorPrefix("", number), communes: sortedIDs(communes)})
	}
	return probes
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
	filter, filterArgs := run.filter()
	where, args = where+filter, append(args, filterArgs...)
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
			filter, args := run.filter()
			err := run.lookUpUnit(k, "addresses a WHERE a.building = ? AND a.building <> '' AND a.status = 'current'"+filter, append([]any{t.name}, args...))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

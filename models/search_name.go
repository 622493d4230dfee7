package models

import (
	"fmt"
	"strings"

	"diachiso/geo/lexicon"
	"diachiso/geo/text"
	"diachiso/geo/written"
)

// Bounds of the look-up of public names.
const (
	mostNames    = 24  // names that are looked up
	mostNamed    = 500 // addresses that have one of them
	leastCovered = 0.6 // share of the letters of a name that the text must have
)

// lookUpNames asks for the addresses whose public names the text may hold, and
// compares them with what the rest of the text says: first in the communes
// named there, since names such as "Tạp hóa Hoa Sen" are in hundreds of places.
// Where the text is unfinished its last word may be the beginning of one.
func (run *search) lookUpNames(unfinished bool) error {
	named := run.readNames(unfinished)
	if len(named) == 0 {
		return nil
	}
	run.asked = append(run.asked, named...)
	var keys []string
	within := map[int64]bool{}
	for _, k := range named {
		keys = append(keys, k.name.key)
		for id := range k.within {
			within[id] = true
		}
	}
	if run.q.Commune != nil {
		within = run.names.communes[run.q.Commune.ID]
	}
	if len(within) > 0 {
		list, err := run.readNamed(keys, " AND a.commune_id IN (SELECT w.value FROM "+run.s.dialect.list("w", "bigint")+")",
			run.s.dialect.bind(sortedIDs(within)))
		if run.consider(list); err != nil || len(list) > 0 || run.q.Commune != nil {
			return err
		}
	}
	list, err := run.readNamed(keys, "")
	run.consider(list)
	return err
}

// readNamed reads the addresses that have one of the folded public names.
func (run *search) readNamed(keys []string, where string, args ...any) ([]*Address, error) {
	list, err := scanAddresses(run.db.Raw(selectAddress+`WHERE a.id IN (SELECT a.id FROM `+run.s.dialect.list("d", "text")+`
		CROSS JOIN addresses a WHERE a.name_key = d.value AND a.name_key <> '' AND a.name_public AND a.status = 'current'`+where+`
		ORDER BY a.id LIMIT ?) ORDER BY a.id`, append(append([]any{run.s.dialect.bind(keys)}, args...), mostNamed)...).Rows())
	if err != nil {
		return nil, fmt.Errorf("look for names: %w", err)
	}
	return list, nil
}

// readNames are the readings of the text in which some words are a public name.
func (run *search) readNames(unfinished bool) []*asked {
	v := run.s.vocabulary
	v.mu.RLock()
	defer v.mu.RUnlock()
	fields, words, fieldOf := wordsOf(run.q.Text)
	var named []*asked
	rests := map[string]*written.Address{}
	for _, hit := range v.names.Find(words, unfinished, mostNames) {
		if hit.Covered < leastCovered && !unfinished {
			continue
		}
		given, rest := cutFields(fields, fieldOf, hit)
		reading, known := rests[rest]
		if !known {
			reading = &written.Address{}
			if all := written.Parse(rest, v.units.gazetteer, v.named, written.Options{}); len(all) > 0 {
				reading = &all[0]
			}
			rests[rest] = reading
		}
		k := v.asked(reading)
		k.name = &askedName{hit, v.names.Key(hit.ID), given}
		named = append(named, k)
	}
	return named
}

// wordsOf cuts a text into fields at white space and commas, and these into
// folded words, those in Telex as they were meant; fieldOf tells which field a
// word is of.
func wordsOf(s string) (fields, words []string, fieldOf []int) {
	fields = strings.Fields(strings.ReplaceAll(s, ",", " , "))
	for i, f := range fields {
		if meant, telex := text.Telex(f); telex {
			f = meant
		}
		for word := range strings.FieldsSeq(text.Fold(f)) {
			words, fieldOf = append(words, word), append(fieldOf, i)
		}
	}
	return fields, words, fieldOf
}

// cutFields parts the fields that a hit explains from the rest.
func cutFields(fields []string, fieldOf []int, hit lexicon.Hit) (given, rest string) {
	inName := map[int]bool{}
	for _, span := range hit.Spans {
		for w := span[0]; w < span[1]; w++ {
			inName[fieldOf[w]] = true
		}
	}
	var name, others []string
	for i, f := range fields {
		if inName[i] {
			name = append(name, f)
		} else {
			others = append(others, f)
		}
	}
	return strings.Join(name, " "), strings.Join(others, " ")
}

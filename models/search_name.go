package models

import (
	"fmt"
	"strings"

	"diachiso/geo/lexicon"
	"diachiso/geo/text"
	"diachiso/geo/written"
)

// nameBounds bound the look-up of public names.
type nameBounds struct {
	names   int     // that are looked up
	rows    int     // addresses that have one of them
	covered float64 // share of the letters of a name that the text must have
}

// lookUpNames asks for the addresses whose public names the text may hold, and
// compares them with what the rest of the text says: first in the communes
// named there, since names such as "Tạp hóa Hoa Sen" are in hundreds of places.
func (run *search) lookUpNames() error {
	return run.lookUpNamesOf(false, nameBounds{names: 12, rows: 200, covered: 0.6})
}

// lookUpWords asks, where nothing else was found, for names that have the words
// among others.
func (run *search) lookUpWords() error {
	if len(run.found) > 0 {
		return nil
	}
	return run.lookUpNamesOf(false, nameBounds{names: 12, rows: 60})
}

// lookUpNamesOf does so within bounds; where the text is unfinished its last
// word may be the beginning of one.
func (run *search) lookUpNamesOf(unfinished bool, most nameBounds) error {
	rows := 0
	for _, k := range run.readNames(unfinished, most) {
		if rows >= most.rows {
			break
		}
		list, err := run.readNamed(k, most.rows-rows)
		if err != nil {
			return fmt.Errorf("look for a name: %w", err)
		}
		rows += len(list)
		run.consider([]*asked{k}, list)
	}
	return nil
}

// readNamed reads the addresses that have the public name of a reading, those
// in the communes of the text where there are any.
func (run *search) readNamed(k *asked, most int) ([]*Address, error) {
	if k.within != nil {
		list, err := run.readNamedIn(k.name.key, most, " AND a.commune_id IN (SELECT w.value FROM "+run.s.dialect.list("w", "bigint")+")",
			run.s.dialect.bind(sortedIDs(k.within)))
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return run.readNamedIn(k.name.key, most, "")
}

func (run *search) readNamedIn(key string, most int, where string, args ...any) ([]*Address, error) {
	filter, filterArgs := run.filter()
	args = append(append([]any{key}, args...), filterArgs...)
	order := "a.lat, a.id" // as the index has them
	if run.q.Near != nil {
		order = "abs(a.lat - ?) + abs(a.lng - ?), a.id"
		args = append(args, run.q.Near.Lat, run.q.Near.Lng)
	}
	return scanAddresses(run.db.Raw(selectAddress+`WHERE a.id IN (SELECT a.id FROM addresses a WHERE a.name_key = ? AND a.name_key <> ''
		AND a.name_public AND a.status = 'current'`+where+filter+` ORDER BY `+order+` LIMIT ?) ORDER BY a.id`, append(args, most)...).Rows())
}

// editsAllowed is how many typing errors so many typed letters may hold.
func editsAllowed(letters int) int {
	switch {
	case letters < 5:
		return 0
	case letters < 9:
		return 1
	}
	return 2
}

// readNames are the readings of the text in which some words are a public name.
func (run *search) readNames(unfinished bool, most nameBounds) []*asked {
	v := run.s.vocabulary
	v.mu.RLock()
	defer v.mu.RUnlock()
	fields, words, fieldOf := wordsOf(run.q.Text)
	var named []*asked
	rests := map[string]*written.Address{}
	for _, hit := range v.names.Find(words, unfinished, most.names) {
		if hit.Covered < most.covered || hit.Edits > editsAllowed(hit.Letters) {
			continue
		}
		given, rest := cutFields(fields, fieldOf, hit)
		if run.saysUnit(given) {
			continue
		}
		reading, known := rests[rest]
		if !known {
			reading = &written.Address{}
			if all := written.Parse(rest, v.units.gazetteer, v.named, written.Options{}); len(all) > 0 {
				reading = &all[0]
			}
			rests[rest] = reading
		}
		k := v.asked(reading, run.allowed)
		k.folded = " " + text.Fold(rest)
		k.name = &askedName{hit, v.names.Key(hit.ID), given}
		named = append(named, k)
	}
	return named
}

// saysUnit reports whether words are all of the names of units in the text:
// these prove no public name.
func (run *search) saysUnit(given string) bool {
	if len(run.asked) == 0 {
		return false
	}
	for _, mention := range run.asked[0].text.Units {
		if len(mention.Units) > 0 && strings.Contains(" "+text.Fold(mention.Given)+" ", " "+text.Fold(given)+" ") {
			return true
		}
	}
	return false
}

// wordsOf cuts a text into fields at white space and commas, and these into
// folded words, abbreviations and those in Telex as they were meant; fieldOf
// tells which field a word is of.
func wordsOf(s string) (fields, words []string, fieldOf []int) {
	fields = strings.Fields(strings.ReplaceAll(s, ",", " , "))
	for i, f := range fields {
		if meant, telex := text.Telex(f); telex {
			f = meant
		}
		for folded := range strings.FieldsSeq(text.Fold(f)) {
			for _, word := range text.Unabbreviated(folded) {
				words, fieldOf = append(words, word), append(fieldOf, i)
			}
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

package models

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"diachiso/geo/lexicon"
	"diachiso/geo/written"
)

// vocabulary is what searching knows by name, held in memory: the terms of the
// database and the units. It only grows; a term may have no address any more.
// Its zero value knows nothing.
type vocabulary struct {
	refresh  chan struct{} // full while somebody asks the database
	checked  time.Time     // when it was last known to be complete; under refresh
	outdated atomic.Bool

	mu     sync.RWMutex // guards all below
	last   int64        // the number of the newest term
	named  *written.Lexicon
	places map[written.Part][][]term // by part and by the number of the name in named
	names  lexicon.Words             // public names of addresses
	units  *unitNames
}

func newVocabulary() *vocabulary {
	return &vocabulary{refresh: make(chan struct{}, 1), named: written.NewLexicon(), places: map[written.Part][][]term{}}
}

// vocabularyMaxAge is how long the vocabulary may be used before the database
// is asked whether another process registered something.
const vocabularyMaxAge = time.Second

// outdate makes the next search ask the database for new terms.
func (v *vocabulary) outdate() { v.outdated.Store(true) }

// refreshVocabulary brings the vocabulary up to date: at once with what this
// process wrote, within a second with what others did.
func (s *Store) refreshVocabulary(ctx context.Context, units *Units) error {
	v := s.vocabulary
	select {
	case v.refresh <- struct{}{}:
		defer func() { <-v.refresh }()
	case <-ctx.Done():
		return ctx.Err()
	}
	today := s.Today()
	if v.units == nil || v.units.of != units || v.units.day != today {
		names := newUnitNames(units, today)
		v.mu.Lock()
		v.units = names
		v.mu.Unlock()
	}
	if !v.outdated.Load() && time.Since(v.checked) < vocabularyMaxAge {
		return nil
	}
	v.outdated.Store(false)
	checked := time.Now()
	if err := v.follow(s.read.WithContext(ctx)); err != nil {
		v.outdate()
		return fmt.Errorf("read the names for searching: %w", s.translate(err))
	}
	v.checked = checked
	return nil
}

// follow adds the terms after the last one known.
func (v *vocabulary) follow(db *gorm.DB) error {
	rows, err := db.Raw("SELECT id, part, commune_id, former_commune_id, name, lng, lat FROM terms WHERE id > ? ORDER BY id", v.last).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	last := v.last
	var fresh []term
	for rows.Next() {
		var t term
		if err := rows.Scan(&last, &t.part, &t.communeID, &t.formerCommuneID, &t.name, &t.at.Lng, &t.at.Lat); err != nil {
			return err
		}
		fresh = append(fresh, t)
	}
	if err := rows.Err(); err != nil || len(fresh) == 0 {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, t := range fresh {
		v.add(t)
	}
	v.last = last
	return nil
}

func (v *vocabulary) add(t term) {
	if t.part == termName {
		v.names.Add(t.name)
		return
	}
	part := written.Part(t.part)
	id := int(v.named.Add(part, t.name))
	if id < 0 {
		return // no letter and no digit
	}
	places := v.places[part]
	for len(places) <= id {
		places = append(places, nil)
	}
	places[id] = append(places[id], t)
	v.places[part] = places
}

// streetsIn lists the streets of communes. It goes through all streets.
func (v *vocabulary) streetsIn(communes map[int64]bool) []term {
	v.mu.RLock()
	defer v.mu.RUnlock()
	var list []term
	for _, places := range v.places[written.Street] {
		for _, t := range places {
			if communes[t.communeID] {
				list = append(list, t)
			}
		}
	}
	return list
}

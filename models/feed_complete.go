package models

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// changesOf makes lines of the change log public.
func (s *Store) changesOf(tx *gorm.DB, lines []changeRow) ([]Change, error) {
	states, err := s.statesAfter(tx, lines)
	if err != nil {
		return nil, err
	}
	changes := make([]Change, len(lines))
	for i, line := range lines {
		after := states[line.seq]
		if after == nil {
			return nil, fmt.Errorf("change %d is of %s, which nobody has: diachiso check says more", line.seq, line.code)
		}
		changes[i] = Change{Seq: line.seq, At: line.at, Op: line.op, Code: line.code, Version: line.version, Reason: line.reason, After: after}
	}
	if err := s.renewSuccessions(tx, changes); err != nil {
		return nil, err
	}
	return changes, s.addRelated(tx, changes)
}

// renewSuccessions gives addresses whose newest change is among changes their
// successions of now. Those of the time of the change could be older than what
// the change of another address, read before, has told of them already: clocks
// do not follow the order of commits.
func (s *Store) renewSuccessions(tx *gorm.DB, changes []Change) error {
	var codes []geo.Code
	for _, c := range changes {
		if c.After.related {
			codes = append(codes, c.Code)
		}
	}
	present, err := s.presentByCode(tx, codes)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if now := present[c.Code]; now != nil && now.Version == c.Version {
			c.After.Supersedes, c.After.Successors = now.Supersedes, now.Successors
		}
	}
	return nil
}

// addRelated adds the addresses whose successions changes may have altered.
func (s *Store) addRelated(tx *gorm.DB, changes []Change) error {
	var seeds []geo.Code
	for _, c := range changes {
		if c.altersSuccessions() {
			seeds = append(seeds, c.Code)
		}
	}
	pairs, err := s.relatedCodes(tx, seeds)
	if err != nil {
		return err
	}
	codes := make([]geo.Code, len(pairs))
	for i, pair := range pairs {
		codes[i] = pair.related
	}
	present, err := s.presentByCode(tx, codes)
	if err != nil {
		return err
	}
	of := map[geo.Code][]*Address{}
	for _, pair := range pairs {
		of[pair.seed] = append(of[pair.seed], present[pair.related])
	}
	for i, c := range changes {
		if c.altersSuccessions() {
			changes[i].Related = of[c.Code]
		}
	}
	return nil
}

// altersSuccessions reports whether the change may have given other addresses
// something else to supersede or other successors: chains are followed to the
// current ones, so that retiring the last of one alters all before it.
func (c Change) altersSuccessions() bool {
	return c.Op == "retire" || c.Op == "restore" || c.Op == "move"
}

// relatedPair names an address whose successions depend on another one, the seed.
type relatedPair struct{ seed, related geo.Code }

// relatedCodes finds all addresses whose chains lead to one of the seeds, and
// the seeds' direct successors, today or before.
func (s *Store) relatedCodes(tx *gorm.DB, seeds []geo.Code) ([]relatedPair, error) {
	if len(seeds) == 0 {
		return nil, nil
	}
	rows, err := tx.Raw(`WITH RECURSIVE seeds(id) AS (SELECT d.value FROM `+s.dialect.list("d", "bigint")+`),
		above(seed, id) AS (SELECT seeds.id, s.address_id FROM seeds JOIN address_successions s ON s.successor_id = seeds.id
			UNION SELECT above.seed, s.address_id FROM above JOIN address_successions s ON s.successor_id = above.id)
		SELECT seed, id FROM above WHERE id <> seed
		UNION SELECT seeds.id, s.successor_id FROM seeds JOIN address_successions s ON s.address_id = seeds.id
		ORDER BY 1, 2`, s.dialect.bind(distinctIDs(seeds))).Rows()
	if err != nil {
		return nil, fmt.Errorf("read successions: %w", err)
	}
	defer rows.Close()
	var pairs []relatedPair
	for rows.Next() {
		var seed, id int64
		if err := rows.Scan(&seed, &id); err != nil {
			return nil, err
		}
		pairs = append(pairs, relatedPair{geo.Code(seed), geo.Code(id)})
	}
	return pairs, rows.Err()
}

// presentByCode reads addresses as they are, with their successions.
func (s *Store) presentByCode(tx *gorm.DB, codes []geo.Code) (map[geo.Code]*Address, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	list, err := s.byIDs(tx, distinctIDs(codes))
	if err != nil {
		return nil, fmt.Errorf("read related addresses: %w", err)
	}
	found := make(map[geo.Code]*Address, len(list))
	for _, a := range list {
		found[a.Code] = a
	}
	return found, nil
}

// distinctIDs are the ids of codes, each once, in ascending order.
func distinctIDs(codes []geo.Code) []int64 {
	ids := make([]int64, len(codes))
	for i, code := range codes {
		ids[i] = code.ID()
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

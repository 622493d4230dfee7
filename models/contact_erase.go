package models

import (
	"context"
	"encoding/json"
	"fmt"

	"diachiso/geo"
)

// EraseContact withdraws consent, by the owner of an address or an admin: the
// contact is deleted, and with it, at every code that the object ever had, the
// name that is not public, names that were public once, and what was written
// in the owner's requests. The code stays.
func (s *Store) EraseContact(ctx context.Context, code geo.Code, by Caller) error {
	if err := by.mustBe(RoleOwner, RoleAdmin); err != nil {
		return err
	}
	err := s.withContactOf(ctx, code, by, func(r *revision, a *Address) error {
		there, err := eraseContact(r.tx, ofAddress(code))
		if err != nil {
			return err
		}
		if !there {
			if err := r.refuseMoved(a); err != nil {
				return err
			}
		}
		erased, err := r.erasePerson(a)
		if err == nil && !there && !erased {
			err = noContact()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("erase the personal data of an address: %w", err)
	}
	return nil
}

// erasePerson erases what is of the owner beside the contact and reports
// whether there was anything.
func (r *revision) erasePerson(a *Address) (bool, error) {
	notes := r.tx.Exec(`UPDATE reports SET note = '', reason = '', version = version + 1
		WHERE address_id = ? AND claim = 'retirement' AND note || reason <> ''`, a.Code.ID())
	if notes.Error != nil {
		return false, notes.Error
	}
	places, err := r.places(a)
	if err != nil {
		return false, err
	}
	named := 0
	for _, place := range places {
		if place.Name != "" && !place.NamePublic {
			if err := r.eraseName(place); err != nil {
				return false, err
			}
			named++
		}
		logged, err := r.eraseLoggedNames(place)
		if err != nil {
			return false, err
		}
		named += logged
	}
	return notes.RowsAffected > 0 || named > 0, nil
}

// places holds the addresses that an object has had: the one that it has, and
// the retired ones that it moved from or came back from. A place that was
// restored by itself after that is another object's.
func (r *revision) places(a *Address) ([]*Address, error) {
	codes, err := scanCodes(r.tx, `WITH RECURSIVE place(id) AS (SELECT id FROM addresses WHERE id = ?
			UNION SELECT CASE place.id WHEN s.address_id THEN s.successor_id ELSE s.address_id END
			FROM place JOIN address_successions s ON s.address_id = place.id OR s.successor_id = place.id
			JOIN changes c ON c.address_id = s.address_id AND c.version = s.version AND c.op = 'move'
			WHERE s.until IS NULL OR NOT EXISTS (SELECT 1 FROM changes own
				WHERE own.address_id = s.successor_id AND own.op = 'restore' AND own.at >= s.until))
		SELECT place.id FROM place ORDER BY 1`, a.Code.ID())
	if err != nil {
		return nil, fmt.Errorf("find where %s was: %w", a.Code, err)
	}
	held, err := r.hold(codes)
	places := make([]*Address, 0, len(codes))
	for _, code := range codes {
		if place := held[code]; place != nil && (code == a.Code || place.Status == StatusRetired) {
			places = append(places, place)
		}
	}
	return places, err
}

// eraseName empties a name that is not public; the log never held it.
func (r *revision) eraseName(a *Address) error {
	nameless := *a
	nameless.Name = ""
	if r.now.Before(a.UpdatedAt) {
		r.now = a.UpdatedAt
	}
	return r.write(a, &nameless, "update")
}

// eraseLoggedNames takes the names that an address once showed, and shows no
// more, out of its lines of the change log, and answers out of how many. No
// other line of the log is ever changed. Nobody misses these: the history of a
// code shows no name but that of today.
func (r *revision) eraseLoggedNames(a *Address) (int, error) {
	lines, err := scanChanges(r.tx, selectChanges+"changes c WHERE c.address_id = ? ORDER BY c.seq", a.Code.ID())
	if err != nil {
		return 0, err
	}
	erased := 0
	for _, line := range lines {
		without, found, err := withoutName(line.before, a.publicName())
		if err != nil {
			return 0, fmt.Errorf("read what change %d changed: %w", line.seq, err)
		}
		if !found {
			continue
		}
		if err := r.tx.Exec("UPDATE changes SET before = ? WHERE seq = ?", without, line.seq).Error; err != nil {
			return 0, fmt.Errorf("take a name out of the change log: %w", err)
		}
		erased++
	}
	return erased, nil
}

// withoutName is what a line of the log keeps of old values when a name other
// than the shown one is taken out of them; false: it has none.
func withoutName(before, shown string) (string, bool, error) {
	if before == "" {
		return "", false, nil
	}
	var was map[string]json.RawMessage
	if err := json.Unmarshal([]byte(before), &was); err != nil {
		return "", false, err
	}
	var name string
	if err := json.Unmarshal(was["name"], &name); was["name"] == nil || err != nil || name == "" || name == shown {
		return "", false, nil
	}
	delete(was, "name")
	delete(was, "name_public")
	text, err := json.Marshal(was)
	return string(text), true, err
}

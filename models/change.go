package models

import (
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// change is one line of the change log. An update holds the old values of the
// public fields it changed; nothing more is needed to know every older state.
type change struct {
	at      time.Time
	op      string
	code    geo.Code
	version int64
	actor   string
	reason  string
	before  string // JSON object of the old values; empty: none

	was     *Address // as it was before the change; nil: there was none
	address *Address // as it is after the change
	hides   string   // a public name that it had before; empty: none, or it has it still
}

var changeColumns = []bulkColumn{
	{"at", "timestamptz"}, {"op", "text"}, {"address_id", "bigint"}, {"version", "bigint"},
	{"actor", "text"}, {"reason", "text"}, {"before", "jsonb"},
}

func (c change) values() []any {
	var before any
	if c.before != "" {
		before = c.before
	}
	return []any{c.at, c.op, c.code.ID(), c.version, c.actor, c.reason, before}
}

// appendChanges writes the change log; it must be the last thing a
// transaction does, because from here on no other writer may commit before it:
// so seq is commit order and a reader that polls never misses a change. The
// names that searching knows and the counts follow in the same order.
func (s *Store) appendChanges(tx *gorm.DB, changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	if err := s.holdChanges(tx); err != nil {
		return err
	}
	if err := s.keepNames(tx, changes); err != nil {
		return err
	}
	if err := s.keepCounts(tx, changes); err != nil {
		return err
	}
	_, err := s.dialect.bulkInsert(tx.Statement.Context, tx, bulk{
		table: "changes", columns: changeColumns, rows: valuesOf(changes),
	})
	if err != nil {
		return fmt.Errorf("append to the change log: %w", err)
	}
	return nil
}

// holdChanges makes this transaction the only one that may append to the
// change log until it ends.
func (s *Store) holdChanges(tx *gorm.DB) error {
	if s.dialect.lockChanges == "" {
		return nil
	}
	if err := tx.Exec(s.dialect.lockChanges).Error; err != nil {
		return fmt.Errorf("wait for the change log: %w", err)
	}
	return nil
}

// keepNames brings the terms up to date with changes.
func (s *Store) keepNames(tx *gorm.DB, changes []change) error {
	addresses := make([]*Address, 0, len(changes))
	for _, c := range changes {
		if c.address.Status == StatusCurrent {
			addresses = append(addresses, c.address)
		}
	}
	if err := s.keepTerms(tx, addresses); err != nil {
		return err
	}
	for _, c := range changes {
		if c.hides != "" {
			if err := s.forgetName(tx, c.hides); err != nil {
				return err
			}
		}
	}
	return nil
}

// state is what an update may change and the public may know of an address;
// a change remembers the old values of its fields by these names.
type state struct {
	Kind            string  `json:"kind"`
	Name            string  `json:"name"` // only while public
	NamePublic      bool    `json:"name_public"`
	UnitLabel       string  `json:"unit_label"`
	Building        string  `json:"building"`
	HouseNumber     string  `json:"house_number"`
	Alley           string  `json:"alley"`
	Street          string  `json:"street"`
	Group           string  `json:"group"`
	Hamlet          string  `json:"hamlet"`
	CommuneID       int64   `json:"commune_id"`
	FormerCommuneID int64   `json:"former_commune_id"`
	Lng             int32   `json:"lng"` // 1e-7 degree
	Lat             int32   `json:"lat"` // 1e-7 degree
	AccuracyM       float64 `json:"accuracy_m"`
	PositionKind    string  `json:"position_kind"`
	PositionMethod  string  `json:"position_method"`
	ValidFrom       Date    `json:"valid_from"`
	ValidTo         Date    `json:"valid_to"`

	Status       string         `json:"status"`
	Reason       string         `json:"reason"` // of a retired address
	Verification string         `json:"verification"`
	VerifiedAt   time.Time      `json:"verified_at"`
	Identifiers  identifierList `json:"identifiers"`
}

func (a *Address) state() state {
	p := a.Parts
	s := state{a.Kind, "", a.NamePublic, p.UnitLabel, p.Building, p.HouseNumber, p.Alley, p.Street, p.Group, p.Hamlet,
		a.CommuneID, a.FormerCommuneID, a.Point.Lng, a.Point.Lat, a.AccuracyM, a.PositionKind, a.PositionMethod, a.ValidFrom, a.ValidTo,
		a.Status, a.Reason, a.Verification, a.VerifiedAt, identifierListOf(a.Identifiers)}
	if a.NamePublic {
		s.Name = a.Name
	}
	return s
}

// restore puts a remembered state back.
func (a *Address) restore(s state) {
	a.Kind, a.Name, a.NamePublic = s.Kind, s.Name, s.NamePublic
	a.Parts = Parts{s.UnitLabel, s.Building, s.HouseNumber, s.Alley, s.Street, s.Group, s.Hamlet}
	a.CommuneID, a.FormerCommuneID = s.CommuneID, s.FormerCommuneID
	a.Point = geo.Point{Lat: s.Lat, Lng: s.Lng}
	a.AccuracyM, a.PositionKind, a.PositionMethod = s.AccuracyM, s.PositionKind, s.PositionMethod
	a.ValidFrom, a.ValidTo = s.ValidFrom, s.ValidTo
	a.Status, a.Reason, a.Verification, a.VerifiedAt = s.Status, s.Reason, s.Verification, s.VerifiedAt.UTC()
	if s.Identifiers != identifierListOf(a.Identifiers) {
		a.Identifiers = s.Identifiers.list()
	}
}

// changedFields is the JSON object of the fields of old that differ in new.
func changedFields(old, new state) (string, error) {
	var was, is map[string]json.RawMessage
	for _, side := range []struct {
		state state
		into  *map[string]json.RawMessage
	}{{old, &was}, {new, &is}} {
		text, err := json.Marshal(side.state)
		if err != nil {
			return "", err
		}
		if err := json.Unmarshal(text, side.into); err != nil {
			return "", err
		}
	}
	for name, value := range was {
		if string(value) == string(is[name]) {
			delete(was, name)
		}
	}
	text, err := json.Marshal(was)
	return string(text), err
}

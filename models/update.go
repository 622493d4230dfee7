package models

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"diachiso/geo"
)

// update changes the address that a draft's ref names to what the draft says,
// and answers the change to append.
func (s *Store) update(tx *gorm.DB, d *draft, actor Actor) (change, error) {
	old, new := d.known, d.merged(d.known)
	new.Version, new.UpdatedAt = old.Version+1, s.now()
	new.Identifiers = d.identifiersAfter(old, s.Today())
	before, err := changedFields(old.state(), new.state())
	if err != nil {
		return change{}, err
	}
	if err := s.updateRow(tx, new); err != nil {
		return change{}, err
	}
	if err := s.updateDiaChiSo(tx, d, old); err != nil {
		return change{}, err
	}
	c := change{at: new.UpdatedAt, op: "update", code: new.Code, version: new.Version, actor: actor.Name, before: before, was: old, address: new}
	if was := old.publicName(); was != new.publicName() {
		c.hides = was
	}
	return c, nil
}

// updateRow writes every column of a new version over the one before it; when
// that is no longer there, somebody else was faster.
func (s *Store) updateRow(tx *gorm.DB, a *Address) error {
	sets := make([]string, 0, len(addressColumns))
	for _, c := range addressColumns[1:] {
		sets = append(sets, c.name+" = ?")
	}
	args := append(a.values()[1:], a.Code.ID(), a.Version-1)
	done := tx.Exec("UPDATE addresses SET "+strings.Join(sets, ", ")+" WHERE id = ? AND version = ?", args...)
	if done.Error != nil {
		return fmt.Errorf("update an address: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return stale(a.Code)
	}
	return nil
}

func stale(code geo.Code) *Error {
	return NewError(Stale, "", "stale", "The address %s was changed by somebody else meanwhile: read it again.",
		"Địa chỉ %s vừa được người khác thay đổi: hãy đọc lại.", code)
}

// updateDiaChiSo ends the old number and adds the new one where they differ.
func (s *Store) updateDiaChiSo(tx *gorm.DB, d *draft, old *Address) error {
	was, is := old.identifier("dia_chi_so"), d.diaChiSo(old)
	if was == is {
		return nil
	}
	if was != "" {
		err := tx.Exec("UPDATE identifiers SET valid_to = ? WHERE address_id = ? AND scheme = 'dia_chi_so' AND valid_to IS NULL",
			s.Today(), old.Code.ID()).Error
		if err != nil {
			return fmt.Errorf("end an identifier: %w", err)
		}
	}
	if is == "" {
		return nil
	}
	return s.insertIdentifiers(tx, []identifierRow{{old.Code, Identifier{Scheme: "dia_chi_so", Source: d.Source, Value: is, ValidFrom: s.Today()}}})
}

// identifiersAfter are the identifiers of a known address after a draft.
func (d *draft) identifiersAfter(old *Address, today Date) []Identifier {
	was, is := old.identifier("dia_chi_so"), d.diaChiSo(old)
	if was == is {
		return old.Identifiers
	}
	list := slices.Clone(old.Identifiers)
	for i := range list {
		if list[i].Scheme == "dia_chi_so" && list[i].ValidTo == "" {
			list[i].ValidTo = today
		}
	}
	if is != "" {
		list = append(list, Identifier{Scheme: "dia_chi_so", Source: d.Source, Value: is, ValidFrom: today})
	}
	return list
}

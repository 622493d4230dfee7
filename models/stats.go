package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Dimensions of statistics. A day is the first one of an address's validity.
const (
	ByCommune       = "commune"        // today's
	ByFormerCommune = "former_commune" // before the last reform
	ByKind          = "kind"
	ByStatus        = "status"
	ByVerification  = "verification"
	ByDay           = "day"
)

// Dimensions lists what statistics may be by.
var Dimensions = [...]string{ByCommune, ByFormerCommune, ByKind, ByStatus, ByVerification, ByDay}

// StatsQuery asks how many addresses there are, by some dimensions; nil and
// empty mean any.
type StatsQuery struct {
	By           []string
	Commune      *AdminUnit // today's commune, or a former one
	Kind         string
	Status       string
	Verification string
	From, To     Date // of the first day of validity, both included
}

// StatsRow is one number. Only what it is by is set; a former commune that is
// not known is nil.
type StatsRow struct {
	Commune, FormerCommune     *AdminUnit
	Kind, Status, Verification string
	Day                        Date
	Addresses                  int64
}

// Stats counts the addresses by the dimensions asked for, in their order; units
// are ordered by code. It reads the tables of counts, never the addresses. Days
// are not known by former commune.
func (s *Store) Stats(ctx context.Context, q StatsQuery) (list []StatsRow, err error) {
	byDay := slices.Contains(q.By, ByDay) || q.From != "" || q.To != ""
	former := q.Commune != nil && q.Commune.ValidTo != ""
	if byDay && (former || slices.Contains(q.By, ByFormerCommune)) {
		return nil, invalid("by", "not-together", "Days are counted by today's communes only: leave out the day or the former commune.",
			"Số liệu theo ngày chỉ có theo xã/phường hiện nay: hãy bỏ ngày hoặc bỏ xã/phường cũ.")
	}
	err = s.atOneMoment(ctx, func(tx *gorm.DB) error {
		units, err := s.unitsIn(tx)
		if err == nil {
			list, err = q.read(tx, units, byDay)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the counts: %w", err)
	}
	slices.SortFunc(list, func(a, b StatsRow) int { return compareStats(q.By, a, b) })
	return list, nil
}

// read reads the rows in any order.
func (q StatsQuery) read(tx *gorm.DB, units *Units, byDay bool) (list []StatsRow, err error) {
	sql, args := q.counted()
	if byDay {
		sql, args = q.countedDays()
	}
	rows, err := tx.Raw(sql, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r StatsRow
		var commune, former int64
		targets := make([]any, 0, len(q.By)+1)
		for _, dimension := range q.By {
			targets = append(targets, r.target(dimension, &commune, &former))
		}
		if err := rows.Scan(append(targets, &r.Addresses)...); err != nil {
			return nil, err
		}
		r.Commune, r.FormerCommune = units.byID[commune], units.byID[former]
		list = append(list, r)
	}
	return list, rows.Err()
}

// target is where the column of a dimension is read to.
func (r *StatsRow) target(dimension string, commune, former *int64) any {
	switch dimension {
	case ByCommune:
		return commune
	case ByFormerCommune:
		return former
	case ByKind:
		return &r.Kind
	case ByStatus:
		return &r.Status
	case ByVerification:
		return &r.Verification
	}
	return &r.Day
}

func compareStats(by []string, a, b StatsRow) int {
	for _, dimension := range by {
		order := 0
		switch dimension {
		case ByCommune:
			order = compareUnits(a.Commune, b.Commune)
		case ByFormerCommune:
			order = compareUnits(a.FormerCommune, b.FormerCommune)
		case ByKind:
			order = cmp.Compare(a.Kind, b.Kind)
		case ByStatus:
			order = cmp.Compare(a.Status, b.Status)
		case ByVerification:
			order = cmp.Compare(a.Verification, b.Verification)
		case ByDay:
			order = cmp.Compare(a.Day, b.Day)
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// compareUnits orders units by code and period; none comes last.
func compareUnits(a, b *AdminUnit) int {
	switch {
	case a == b:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ValidFrom, b.ValidFrom))
}

// counted asks the counts without days.
func (q StatsQuery) counted() (sql string, args []any) {
	where := conditionList{}
	if q.Commune != nil && q.Commune.ValidTo == "" {
		where.add("commune_id = ?", q.Commune.ID)
	} else if q.Commune != nil {
		where.add("former_commune_id = ?", q.Commune.ID)
	}
	return q.grouped("address_counts", where)
}

// countedDays asks the counts by day: those of all communes together are rows
// of their own.
func (q StatsQuery) countedDays() (sql string, args []any) {
	where := conditionList{}
	switch {
	case q.Commune != nil:
		where.add("commune_id = ?", q.Commune.ID)
	case slices.Contains(q.By, ByCommune):
		where.add("commune_id <> 0")
	default:
		where.add("commune_id = 0")
	}
	if q.From != "" {
		where.add("day >= ?", q.From)
	}
	if q.To != "" {
		where.add("day <= ?", q.To)
	}
	return q.grouped("address_days", where)
}

// grouped sums up a table of counts. The dimensions are names of columns, of a
// closed list.
func (q StatsQuery) grouped(table string, where conditionList) (sql string, args []any) {
	for _, c := range []struct{ column, value string }{{"kind", q.Kind}, {"status", q.Status}, {"verification", q.Verification}} {
		if c.value != "" {
			where.add(c.column+" = ?", c.value)
		}
	}
	columns, group := "", ""
	if len(q.By) > 0 {
		names := make([]string, len(q.By))
		for i, dimension := range q.By {
			names[i] = statsColumns[dimension]
		}
		columns = strings.Join(names, ", ")
		columns, group = columns+", ", " GROUP BY "+columns+" HAVING sum(addresses) > 0"
	}
	return "SELECT " + columns + "CAST(COALESCE(sum(addresses), 0) AS bigint) FROM " + table + " WHERE " + where.all() + group, where.args
}

// statsColumns are the columns of dimensions.
var statsColumns = map[string]string{ByCommune: "commune_id", ByFormerCommune: "former_commune_id",
	ByKind: "kind", ByStatus: "status", ByVerification: "verification", ByDay: "day"}

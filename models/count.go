package models

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"diachiso/geo"
)

// tileZooms are the zoom levels whose tiles are counted, each deep enough for
// the clusters of the maps from the next coarser one on.
var tileZooms = [...]uint32{9, 13, 17}

// Rows of the tables of counts without their numbers; see the migration.
type (
	countKey struct {
		communeID, formerCommuneID int64
		kind, status, verification string
	}
	dayKey struct {
		communeID                  int64 // 0: all
		day                        Date
		kind, status, verification string
	}
	tileKey struct {
		zoom uint32
		tile int64
	}
)

// tileSum is how many addresses, and the sums of their coordinates.
type tileSum struct{ addresses, lngSum, latSum int64 }

// counts are what some changes add to the tables of counts.
type counts struct {
	all   map[countKey]int64
	days  map[dayKey]int64
	tiles map[tileKey]tileSum
}

func newCounts() counts {
	return counts{map[countKey]int64{}, map[dayKey]int64{}, map[tileKey]tileSum{}}
}

// keepCounts brings the tables of counts up to date with changes. It needs the
// lock of the change log: without it writers of the same rows would block each
// other in any order.
func (s *Store) keepCounts(tx *gorm.DB, changes []change) error {
	c := newCounts()
	for _, change := range changes {
		if change.was != nil {
			c.add(change.was, -1)
		}
		c.add(change.address, 1)
	}
	return s.addCounts(tx, c)
}

// addCounts adds to the tables of counts.
func (s *Store) addCounts(tx *gorm.DB, c counts) error {
	for _, table := range []bulk{c.allRows(), c.dayRows(), c.tileRows()} {
		if len(table.rows) == 0 {
			continue
		}
		if _, err := s.dialect.bulkInsert(tx.Statement.Context, tx, table); err != nil {
			return fmt.Errorf("keep the counts of %s: %w", table.table, err)
		}
	}
	return nil
}

// add counts an address so many times, which may be negative.
func (c counts) add(a *Address, n int64) {
	c.all[countKey{a.CommuneID, a.FormerCommuneID, a.Kind, a.Status, a.Verification}] += n
	for _, commune := range [...]int64{0, a.CommuneID} {
		c.days[dayKey{commune, a.ValidFrom, a.Kind, a.Status, a.Verification}] += n
	}
	if a.Status == StatusCurrent {
		c.addPoint(a.Point, n)
	}
}

// addPoint counts a current address in the tiles that hold it.
func (c counts) addPoint(p geo.Point, n int64) {
	world := p.World()
	for _, zoom := range tileZooms {
		key := tileKey{zoom, world.Tile(zoom).Number()}
		t := c.tiles[key]
		c.tiles[key] = tileSum{t.addresses + n, t.lngSum + n*int64(p.Lng), t.latSum + n*int64(p.Lat)}
	}
}

// upsert adds sums to the rows of a table by their keys.
func upsert(table string, keys []bulkColumn, sums ...string) bulk {
	b := bulk{table: table, columns: slices.Clone(keys)}
	names, sets := make([]string, len(keys)), make([]string, len(sums))
	for i, key := range keys {
		names[i] = key.name
	}
	for i, sum := range sums {
		b.columns = append(b.columns, bulkColumn{sum, "bigint"})
		sets[i] = fmt.Sprintf("%[2]s = %[1]s.%[2]s + excluded.%[2]s", table, sum)
	}
	b.conflict = "ON CONFLICT (" + strings.Join(names, ", ") + ") DO UPDATE SET " + strings.Join(sets, ", ")
	return b
}

func (c counts) allRows() bulk {
	b := upsert("address_counts", []bulkColumn{{"commune_id", "bigint"}, {"former_commune_id", "bigint"},
		{"kind", "text"}, {"status", "text"}, {"verification", "text"}}, "addresses")
	for k, n := range c.all {
		if n != 0 {
			b.rows = append(b.rows, []any{k.communeID, k.formerCommuneID, k.kind, k.status, k.verification, n})
		}
	}
	return b
}

func (c counts) dayRows() bulk {
	b := upsert("address_days", []bulkColumn{{"commune_id", "bigint"}, {"day", "date"},
		{"kind", "text"}, {"status", "text"}, {"verification", "text"}}, "addresses")
	for k, n := range c.days {
		if n != 0 {
			b.rows = append(b.rows, []any{k.communeID, k.day, k.kind, k.status, k.verification, n})
		}
	}
	return b
}

func (c counts) tileRows() bulk {
	b := upsert("address_tiles", []bulkColumn{{"zoom", "smallint"}, {"tile", "bigint"}}, "addresses", "lng_sum", "lat_sum")
	byTile := func(a, b tileKey) int { return cmp.Or(cmp.Compare(a.zoom, b.zoom), cmp.Compare(a.tile, b.tile)) }
	for _, k := range slices.SortedFunc(maps.Keys(c.tiles), byTile) { // neighbours are on one page
		if t := c.tiles[k]; t != (tileSum{}) {
			b.rows = append(b.rows, []any{k.zoom, k.tile, t.addresses, t.lngSum, t.latSum})
		}
	}
	return b
}

// countAnew counts all addresses of a registry that has them but no counts:
// it is older than they are, or they were emptied to be counted anew.
func (s *Store) countAnew(ctx context.Context) error {
	missing, err := uncounted(s.read.WithContext(ctx))
	if err != nil || !missing {
		return s.translate(err)
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.holdChanges(tx); err != nil {
			return err
		}
		if missing, err := uncounted(tx); err != nil || !missing {
			return err // another process was faster
		}
		return s.countAddresses(tx)
	})
}

// Recount empties the tables of counts and counts all addresses, while nobody
// writes; it answers how many there are. Only where somebody wrote past the
// program it is needed.
func (s *Store) Recount(ctx context.Context) (addresses int64, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.recount(tx); err != nil {
			return err
		}
		return first(tx.Raw("SELECT CAST(COALESCE(sum(addresses), 0) AS bigint) FROM address_counts")).Scan(&addresses)
	})
	return addresses, err
}

func (s *Store) recount(tx *gorm.DB) error {
	if err := s.holdChanges(tx); err != nil {
		return err
	}
	for _, table := range []string{"address_counts", "address_days", "address_tiles"} {
		if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return s.countAddresses(tx)
}

func uncounted(db *gorm.DB) (missing bool, err error) {
	err = first(db.Raw("SELECT EXISTS (SELECT 1 FROM addresses) AND NOT EXISTS (SELECT 1 FROM address_counts)")).Scan(&missing)
	return missing, err
}

// countAddresses fills the empty tables of counts. It goes through all
// addresses.
func (s *Store) countAddresses(tx *gorm.DB) error {
	rows, err := tx.Raw("SELECT kind, status, verification, commune_id, COALESCE(former_commune_id, 0), lng, lat, valid_from FROM addresses").Rows()
	if err != nil {
		return fmt.Errorf("count the addresses: %w", err)
	}
	defer rows.Close()
	c := newCounts()
	for rows.Next() {
		var a Address
		err := rows.Scan(&a.Kind, &a.Status, &a.Verification, &a.CommuneID, &a.FormerCommuneID, &a.Point.Lng, &a.Point.Lat, &a.ValidFrom)
		if err != nil {
			return fmt.Errorf("count the addresses: %w", err)
		}
		c.add(&a, 1)
	}
	if err := cmp.Or(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("count the addresses: %w", err)
	}
	return s.addCounts(tx, c)
}

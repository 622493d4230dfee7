package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

// breakage is SQL that breaks an invariant, and the rules that must name it.
type breakage struct {
	name     string
	sqlite   string // empty: as postgres
	postgres string
	rules    []string
}

// retiredHouse takes the house out of use as the program does.
const retiredHouse = `UPDATE addresses SET status = 'retired', valid_to = valid_from, version = 2 WHERE id = $H;
	INSERT INTO changes (at, op, address_id, version, actor, reason) SELECT at, 'retire', address_id, 2, '', 'gone' FROM changes WHERE address_id = $H; `

// The SQL has $H for the id of a house, $F of a flat, $M of a farm.
var breakages = []breakage{
	{name: "nothing", postgres: "SELECT 1"},
	{
		name:     "a unit over 8,000",
		postgres: "ALTER TABLE addresses DROP CONSTRAINT addresses_id_check; UPDATE addresses SET id = id + 8001 WHERE id = $H",
		sqlite:   "UPDATE addresses SET id = id + 8001 WHERE id = $H; UPDATE addresses_box SET id = id + 8001 WHERE id = $H",
		rules:    []string{"change-of-nobody", "invalid-code", "no-insert"},
	},
	{
		name: "no epoch of the feed", sqlite: "UPDATE registry SET epoch = ''", rules: []string{"epoch"},
		postgres: "ALTER TABLE registry DROP CONSTRAINT registry_epoch_check; UPDATE registry SET epoch = ''",
	},
	{name: "another text of the code", postgres: "UPDATE addresses SET code = '28XMJ25Q66' WHERE id = $H", rules: []string{"code-text"}},
	{name: "a position 60 m off", postgres: "UPDATE addresses SET lat = lat + 6000 WHERE id = $H", rules: []string{"too-far-from-anchor"}},
	{
		name:     "a retired position 60 m off is none",
		postgres: retiredHouse + "UPDATE addresses SET lat = lat + 6000 WHERE id = $H",
	},
	{name: "a commune that is not there", postgres: "UPDATE addresses SET commune_id = 9999 WHERE id = $H", rules: []string{"commune", "not-searchable"}},
	{
		name:     "a district for a commune",
		postgres: "UPDATE addresses SET commune_id = (SELECT min(id) FROM admin_units WHERE level = 'district') WHERE id = $H",
		rules:    []string{"commune", "not-searchable"},
	},
	{
		name:     "a commune of before the reform",
		postgres: "UPDATE addresses SET commune_id = (SELECT id FROM admin_units WHERE code = '25741') WHERE id = $H",
		rules:    []string{"commune", "not-searchable"},
	},
	{
		name: "a retired address in a commune of before the reform is none",
		postgres: retiredHouse + `UPDATE addresses SET commune_id = (SELECT id FROM admin_units WHERE code = '25741')
			WHERE id = $H`,
	},
	{
		name:     "a commune that its position is far from",
		postgres: "UPDATE addresses SET commune_id = (SELECT id FROM admin_units WHERE code = '25777' AND valid_to IS NULL) WHERE id = $H",
		rules:    []string{"not-searchable", "outside-commune"},
	},
	{
		name: "a retired address far from its commune is none",
		postgres: retiredHouse + `UPDATE addresses SET commune_id = (SELECT id FROM admin_units WHERE code = '25777' AND valid_to IS NULL)
			WHERE id = $H`,
	},
	{name: "a former commune that is not there", postgres: "UPDATE addresses SET former_commune_id = 9999 WHERE id = $H", rules: []string{"former-commune", "not-searchable"}},
	{name: "a stale door_key", postgres: "UPDATE addresses SET door_key = 'x' WHERE id = $H", rules: []string{"folded-keys"}},
	{name: "a stale unit_key", postgres: "UPDATE addresses SET unit_key = '' WHERE id = $F", rules: []string{"folded-keys"}},
	{name: "a stale name_key", postgres: "UPDATE addresses SET name = 'Vườn khác' WHERE id = $M", rules: []string{"folded-keys"}},
	{name: "a street that searching does not know", postgres: "DELETE FROM terms WHERE part = 'street'", rules: []string{"not-searchable"}},
	{name: "a public name that searching does not know", postgres: "UPDATE addresses SET name_public = true WHERE id = $M", rules: []string{"not-searchable"}},
	{
		name: "a name that is public no more",
		postgres: `INSERT INTO terms (part, commune_id, former_commune_id, name, lng, lat)
			VALUES ('name', 0, 0, 'Vườn của bà Lựu', 1066519000, 109804000)`,
		rules: []string{"name-not-public"},
	},
	{
		name:     "a point the index lacks",
		sqlite:   "DELETE FROM addresses_box WHERE id = $H",
		postgres: "ALTER TABLE addresses ALTER COLUMN geom DROP EXPRESSION; UPDATE addresses SET geom = NULL WHERE id = $H",
		rules:    []string{"index"},
	},
	{
		name:     "a point the index has elsewhere",
		sqlite:   "UPDATE addresses_box SET max_lat = max_lat + 1 WHERE id = $H",
		postgres: "ALTER TABLE addresses ALTER COLUMN geom DROP EXPRESSION; UPDATE addresses SET geom = ST_SetSRID(ST_MakePoint(106, 11), 4326) WHERE id = $H",
		rules:    []string{"index"},
	},
	{
		name:     "a point of nobody in the index",
		sqlite:   "INSERT INTO addresses_box VALUES (7, 1, 1, 1, 1)",
		postgres: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'addresses_geom'::regclass",
		rules:    []string{"index"},
	},
	{name: "an identifier of nobody", postgres: "UPDATE identifiers SET address_id = 8192", rules: []string{"identifier-of-nobody"}},
	{name: "a successor of nobody", postgres: "INSERT INTO address_successions (address_id, successor_id) VALUES (8192, $H)", rules: []string{"successor-of-nobody"}},
	{
		name:     "a retired address without its successor",
		postgres: retiredHouse + "INSERT INTO address_successions (address_id, successor_id) VALUES ($H, 8192)",
		rules:    []string{"successor-unknown"},
	},
	{name: "a current address with a successor", postgres: "INSERT INTO address_successions (address_id, successor_id) VALUES ($H, $F)", rules: []string{"current-succeeded"}},
	{
		name:     "a succession that has ended is none",
		postgres: "INSERT INTO address_successions (address_id, successor_id, until) SELECT id, $F, updated_at FROM addresses WHERE id = $H",
	},
	{name: "a current address that has ended", postgres: "UPDATE addresses SET valid_to = valid_from WHERE id = $H", rules: []string{"validity"}},
	{name: "a retired address that has not ended", postgres: retiredHouse + "UPDATE addresses SET valid_to = NULL WHERE id = $H", rules: []string{"validity"}},
	{name: "a retirement without a change", postgres: "UPDATE addresses SET status = 'retired', valid_to = valid_from WHERE id = $H", rules: []string{"status-differs"}},
	{name: "a retirement without a reason", postgres: retiredHouse + "UPDATE changes SET reason = '' WHERE op = 'retire'", rules: []string{"status-differs"}},
	{name: "a restoration that did not happen", postgres: retiredHouse + "UPDATE changes SET op = 'restore' WHERE op = 'retire'", rules: []string{"status-differs"}},
	{
		name:     "a retirement that did not happen",
		postgres: retiredHouse + "UPDATE addresses SET status = 'current', valid_to = NULL WHERE id = $H", rules: []string{"status-differs"},
	},
	{name: "no change of an address", postgres: "DELETE FROM changes WHERE address_id = $H", rules: []string{"no-insert"}},
	{name: "another first change", postgres: "UPDATE changes SET op = 'update' WHERE address_id = $H", rules: []string{"no-insert"}},
	{name: "a lost version", postgres: "DELETE FROM changes WHERE address_id = $M AND version = 2", rules: []string{"version-gap"}},
	{name: "a version twice", postgres: "UPDATE changes SET version = 1 WHERE address_id = $M AND version = 2", rules: []string{"version-gap"}},
	{name: "a version without its change", postgres: "UPDATE addresses SET version = 2 WHERE id = $H", rules: []string{"version-differs"}},
	{name: "a change of nobody", postgres: "UPDATE changes SET address_id = 8192 WHERE address_id = $H", rules: []string{"change-of-nobody", "no-insert"}},
	{
		name: "a contact of a proposal that has ended",
		postgres: `INSERT INTO proposals (number, status, registration, commune_id, expected_id, version, created_at, expires_at, decided_at, decided_by, reason)
				SELECT 'P2', 'rejected', '{}', commune_id, id, 2, created_at, created_at, created_at, '', '' FROM addresses WHERE id = $H;
			INSERT INTO contacts (proposal_id, name, phone, email, delivery_notes, legal_basis, version, updated_at)
				SELECT id, '', '', '', '', 'x', 1, created_at FROM proposals`,
		rules: []string{"contact-of-ended"},
	},
	{
		name: "two periods of one unit", postgres: "UPDATE admin_units SET valid_to = '2025-07-02' WHERE code = '25747' AND valid_to IS NOT NULL",
		rules: []string{"unit-periods-overlap"},
	},
	{name: "a parent that is not there", postgres: "UPDATE admin_units SET parent_code = '98' WHERE code = '25747' AND valid_to IS NULL", rules: []string{"unit-parent"}},
	{
		name:     "a succession to nobody",
		postgres: "UPDATE unit_successions SET successor_id = 9999 WHERE unit_id = (SELECT id FROM admin_units WHERE code = '25744')",
		rules:    []string{"unit-succession"},
	},
	{
		name:     "a successor that ended before",
		postgres: "UPDATE unit_successions SET successor_id = unit_id WHERE unit_id = (SELECT id FROM admin_units WHERE code = '25744')",
		rules:    []string{"unit-successor"},
	},
	{
		name:     "no default successor",
		postgres: "UPDATE unit_successions SET is_default = false WHERE unit_id = (SELECT id FROM admin_units WHERE code = '25744')",
		rules:    []string{"unit-default"},
	},
	{
		name:     "two postcodes at once",
		postgres: "INSERT INTO postcodes VALUES ((SELECT id FROM admin_units WHERE code = '25744'), '75999', '2019-01-01', NULL)",
		rules:    []string{"postcode-periods-overlap"},
	},
	{name: "a kind that is not counted", postgres: "UPDATE addresses SET kind = 'business' WHERE id = $H", rules: []string{"counts"}},
	{name: "a day that is not counted", postgres: "UPDATE addresses SET valid_from = '2020-01-01' WHERE id = $H", rules: []string{"counts"}},
	{name: "a place that is not counted", postgres: "UPDATE addresses SET lat = lat + 1 WHERE id = $H", rules: []string{"counts"}},
	{name: "counts that are lost", postgres: "DELETE FROM address_days", rules: []string{"counts"}},
	{name: "counts of nobody", postgres: "INSERT INTO address_tiles VALUES (9, 1, 1, 1, 1)", rules: []string{"counts"}},
	{name: "counts that came down to 0 are none", postgres: "INSERT INTO address_tiles VALUES (9, 1, 0, 0, 0)"},
	{name: "a postcode of nobody", postgres: "INSERT INTO postcodes VALUES (9999, '75999', '2019-01-01', NULL)", rules: []string{"postcode-of-nobody"}},
}

// statements are the SQL for a kind of database.
func (b breakage) statements(kind string) string {
	if kind == "sqlite" && b.sqlite != "" {
		return b.sqlite
	}
	return b.postgres
}

// checkedRegistry has a house, a flat, and a farm that was changed twice.
func checkedRegistry(t *testing.T, db storetest.Database) (*models.Store, *strings.Replacer) {
	t.Helper()
	s := db.Open(t, storetest.Options{Boundaries: true})
	house := storetest.Register(t, s, storetest.House(1)).Code
	flat := storetest.Register(t, s, storetest.Flat("A.01")).Code
	const header = "ref,kind,name,lat,lng,dia_chi_so"
	for _, name := range []string{"Vườn bưởi", "Vườn cam", "Vườn quýt"} {
		importText(t, s, list(header, "F1,farm,"+name+",11.06,106.75,7540000001"), clerkImport())
	}
	farm := doorAt(t, storetest.Point("11.06", "106.75"))
	return s, strings.NewReplacer("$H", fmt.Sprint(house.ID()), "$F", fmt.Sprint(flat.ID()), "$M", fmt.Sprint(farm.ID()))
}

func TestBrokenInvariantIsNotNamed(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s, ids := checkedRegistry(t, db)
		for _, b := range breakages {
			t.Run(b.name, func(t *testing.T) {
				found := s.CheckAfter(t, ids.Replace(b.statements(db.Kind)), !slices.Contains(b.rules, "counts"))
				var rules []string
				for _, v := range found {
					rules = append(rules, v.Rule)
				}
				slices.Sort(rules)
				if diff := cmp.Diff(b.rules, slices.Compact(rules)); diff != "" {
					t.Errorf("rules (-want +got):\n%s%v", diff, found)
				}
			})
		}
		if found, err := s.Check(t.Context(), nil); err != nil || len(found) > 0 {
			t.Errorf("the whole registry: %v, %v", found, err)
		}
	})
}

func TestCheckHidesHowManyAreBroken(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		importText(t, s, list(houseHeader, houseLines(0, 12_345)...), clerkImport())
		var told [][2]int
		progress := func(done, total int) { told = append(told, [2]int{done, total}) }
		found, err := s.Check(t.Context(), progress)
		if err != nil || len(found) > 0 {
			t.Fatalf("%v, %v", found, err)
		}
		if diff := cmp.Diff([][2]int{{10_000, 24_690}, {20_000, 24_690}, {24_690, 24_690}}, told); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
		db.Exec(t, "UPDATE addresses SET code = 'x', name_key = 'x'")
		if found, err = s.Check(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if len(found) != 202 || !strings.Contains(found[200].String(), "12245 more") || found[201].Rule != "folded-keys" {
			t.Errorf("%d listed, the end is %v", len(found), found[max(0, len(found)-2):])
		}
		if want := doorAt(t, storetest.ThuDauMot).String(); !slices.ContainsFunc(found, func(v models.Violation) bool {
			return v.String() == want+`: code-text: The column code says "x".`
		}) {
			t.Errorf("%s is not named: %v", want, found[0])
		}
	})
}

func TestCheckOfADatabaseThatIsDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		s.Close()
		if _, err := s.Check(t.Context(), nil); err == nil {
			t.Error("no error")
		}
	})
}

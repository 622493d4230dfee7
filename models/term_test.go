package models_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/models"
	"diachiso/models/storetest"
)

// termNames are the terms of a part, by name.
func termNames(t *testing.T, db storetest.Database, part string) []string {
	t.Helper()
	rows, err := db.SQL(t).QueryContext(t.Context(), "SELECT name FROM terms WHERE part = '"+part+"'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestNamesThatAreNotPublicAreKeptForSearching(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		hidden := false
		secret := storetest.Farm("Trại gà của bà Lựu")
		secret.NamePublic = &hidden
		storetest.Register(t, s, secret)
		shown := storetest.Farm("Vườn bưởi Cây Gáo")
		shown.Point = storetest.Metres(shown.Point, 100, 0)
		storetest.Register(t, s, shown)
		if diff := cmp.Diff([]string{"Vườn bưởi Cây Gáo"}, termNames(t, db, "name")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestANameStaysKnownAfterItIsNoLongerPublic(t *testing.T) {
	const header = "ref,kind,name,name_public,hamlet,commune,lat,lng"
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		importAll := func(lines ...string) {
			t.Helper()
			if _, rejected := importText(t, s, list(header, lines...), clerkImport()); len(rejected) > 0 {
				t.Fatal(rejected)
			}
		}
		importAll("F1,farm,Vườn xoài Bảy Tấn,yes,Ấp 1,25747,10.9804,106.6519", "F2,farm,Vườn xoài Bảy Tấn,yes,Ấp 2,25747,10.9824,106.6519",
			"F3,farm,Vườn mít Tám Lúa,yes,Ấp 2,25747,10.9844,106.6519")
		importAll("F1,farm,Vườn xoài Bảy Tấn,no,Ấp 1,25747,10.9804,106.6519", "F3,farm,Vườn mít,yes,Ấp 2,25747,10.9844,106.6519")
		if diff := cmp.Diff([]string{"Vườn mít", "Vườn xoài Bảy Tấn"}, termNames(t, db, "name")); diff != "" {
			t.Errorf("the second farm still shows its name: %s", diff)
		}
		importAll("F2,farm,Vườn xoài Bảy Tấn,no,Ấp 2,25747,10.9824,106.6519")
		if diff := cmp.Diff([]string{"Vườn mít"}, termNames(t, db, "name")); diff != "" {
			t.Error(diff)
		}
		expectSound(t, s)
	})
}

func expectSound(t *testing.T, s *models.Store) {
	t.Helper()
	found, err := s.Check(t.Context(), nil)
	if err != nil || len(found) > 0 {
		t.Errorf("the registry is unsound: %v, %v", found, err)
	}
}

// A registry of the version before must come out of the migration as if it
// had been filled by this one.
func TestMigrationToSearchLosesAName(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		alley := storetest.House(7)
		alley.Parts.Alley, alley.Parts.Building = "Hẻm 5", "Nhà sách Mai"
		bare := storetest.House(9)
		bare.Parts.Street, bare.Parts.Group = "", "Tổ 5"
		for _, r := range []models.Registration{storetest.House(1), alley, bare, storetest.Flat("3.05"), storetest.Farm("Vườn bưởi Cây Gáo")} {
			storetest.Register(t, s, r)
		}
		want := map[string][]string{}
		for _, part := range []string{"street", "hamlet", "building", "name"} {
			want[part] = termNames(t, db, part)
		}
		migrateDown(t, db, 1)
		again := db.Open(t, storetest.Options{Boundaries: true})
		for part, names := range want {
			if diff := cmp.Diff(names, termNames(t, db, part)); diff != "" {
				t.Errorf("%s: %s", part, diff)
			}
		}
		expectSound(t, again)
	})
}

// migrateDown takes the migrations after a version back, the newest first.
func migrateDown(t *testing.T, db storetest.Database, version int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("migrations", db.Kind, "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Backward(files) {
		number, err := strconv.Atoi(filepath.Base(file)[:5])
		if err != nil {
			t.Fatal(err)
		}
		if number <= version {
			break
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, down, found := strings.Cut(string(text), "-- +goose Down")
		if !found {
			t.Fatalf("%s can't be taken back", file)
		}
		for _, statement := range []string{down, fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id = %d", number)} {
			if _, err := db.SQL(t).ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("take %s back: %v", file, err)
			}
		}
	}
}

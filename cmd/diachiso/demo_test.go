package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestDemoTwiceAndByFile(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "demo", "--size", "2000").expect(t, exitDone, "2000 rows read: 2000 inserted, 0 updated, 0 unchanged, 0 rejected\n", "")
		commandOn(t, db, "demo", "--size", "2000").expect(t, exitDone, "2000 rows read: 0 inserted, 0 updated, 2000 unchanged, 0 rejected\n", "")
		path := filepath.Join(t.TempDir(), "demo.csv")
		commandOn(t, db, "demo", "--size", "2001").expect(t, exitFailed, "", "the registry holds addresses that are not of this demo (seed 1, size 2001)")
		command(t, "demo", "--size", "2000", "--csv", path).expect(t, exitDone, "", "")
		commandOn(t, db, "import", path, "--source", "demo-1-2000").expect(t, exitDone, "2000 rows read: 0 inserted, 0 updated, 2000 unchanged, 0 rejected\n", "")
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.\n", "")
		if n := strings.Count(commandOn(t, db, "units", "list", "--level", "commune").out, "yes\n"); n != 36 {
			t.Errorf("%d communes have a boundary, want 36", n)
		}
	})
}

func TestDemoIsReproducible(t *testing.T) {
	dir := t.TempDir()
	texts := map[string]string{}
	for _, c := range []struct{ name, seed string }{{"first", "7"}, {"again", "7"}, {"other", "8"}} {
		path := filepath.Join(dir, c.name)
		command(t, "demo", "--size", "500", "--seed", c.seed, "--csv", path).expect(t, exitDone, "", "")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[c.name] = string(text)
	}
	if texts["first"] != texts["again"] {
		t.Error("the same seed made another province")
	}
	if texts["first"] == texts["other"] {
		t.Error("another seed made the same province")
	}
}

func TestDemoNeedsADatabaseOfItsOwn(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		foreign := strings.ReplaceAll(boundaries("25747", square), "109.", "106.")
		foreign = strings.ReplaceAll(foreign, "13.", "11.")
		commandOn(t, db, "units", "import", "--boundaries", write(t, "b.geojson", foreign)).expect(t, exitDone, "1 loaded", "")
		commandOn(t, db, "demo", "--size", "100").expect(t, exitFailed, "", "unit 25747 has a boundary that is not the demo's")
		if n := db.Count(t, "SELECT count(*) FROM addresses"); n != 0 {
			t.Errorf("%d addresses went in", n)
		}
	})
}

func TestDemoWhereNothingCanBeWritten(t *testing.T) {
	command(t, "demo", "--size", "10", "--csv", filepath.Join(t.TempDir(), "gone", "demo.csv")).expect(t, exitFailed, "", "no such file")
}

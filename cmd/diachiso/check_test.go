package main

import (
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestCheckListsEveryViolation(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "demo", "--size", "200").expect(t, exitDone, "200 inserted", "")
		commandOn(t, db, "check").expect(t, exitDone, "Every invariant holds.\n", "")
		db.Exec(t, "UPDATE addresses SET code = ? WHERE id = (SELECT min(id) FROM addresses)", "28XMJ25Q66")
		o := commandOn(t, db, "check")
		o.expect(t, exitFailed, "28XMJ25Q66", "Violations of invariants: ")
		if strings.Contains(o.out, "Every invariant holds") {
			t.Errorf("check praises a broken database:\n%s", o.out)
		}
	})
}

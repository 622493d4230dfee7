package main

import (
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestNewEpoch(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		db.Open(t, storetest.Options{})
		before := db.Texts(t, "SELECT epoch FROM registry")[0][0]
		o := commandOn(t, db, "changes", "new-epoch")
		o.expect(t, exitDone, "\n", "")
		if after := db.Texts(t, "SELECT epoch FROM registry")[0][0]; after == before || strings.TrimSpace(o.out) != after {
			t.Errorf("the epoch was %s, is %s, printed is %q", before, after, o.out)
		}
	})
	command(t, "changes", "new-epoch", "--help").expect(t, exitDone, "after a backup was restored", "")
}

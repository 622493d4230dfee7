package main

import (
	"regexp"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

func TestKeyCreatePrintsTheKeyAlone(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		first := commandOn(t, db, "key", "create", "--role", "admin", "--name", "Phường Phú Lợi", "--expires", "2999-12-31")
		if first.code != exitDone || !regexp.MustCompile(`^dcs_[0-9A-Za-z_-]{43}\n$`).MatchString(first.out) {
			t.Errorf("exit code %d, standard output is not a key alone: %q", first.code, first.out)
		}
		second := commandOn(t, db, "key", "create", "--role", "admin", "--name", "Phường Phú Lợi")
		if second.out == first.out {
			t.Error("the second key is the first")
		}
		const made = "A new registry was made: "
		if strings.Contains(first.err, made) != (db.Kind == "sqlite") || strings.Contains(second.err, made) {
			t.Errorf("of a key in a new file, then in an old one, is said: %q, %q", first.err, second.err)
		}
		key, err := db.Open(t, storetest.Options{}).Authenticate(t.Context(), first.out[:len(first.out)-1])
		if err != nil || key.Role != "admin" || key.Name != "Phường Phú Lợi" {
			t.Errorf("the key is %+v, %v", key, err)
		}
		if n := db.Count(t, "SELECT count(*) FROM api_keys WHERE name = ?", "Phường Phú Lợi"); n != 2 {
			t.Errorf("%d keys", n)
		}
	})
}

func TestKeyWithoutAName(t *testing.T) {
	commandOn(t, storetest.SQLite(t), "key", "create", "--role", "admin", "--name", " ").expect(t, exitFailed, "", "A key needs a name")
}

func TestKeyThatIsOver(t *testing.T) {
	commandOn(t, storetest.SQLite(t), "key", "create", "--role", "admin", "--name", "x", "--expires", "2020-01-01").
		expect(t, exitFailed, "", "expires: 2020-01-01 is over")
}

func TestKeyOfAnOfficer(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		commandOn(t, db, "key", "create", "--role", "officer", "--name", "Phường Phú Lợi").
			expect(t, exitFailed, "", "communes: An officer's key names the communes")
		commandOn(t, db, "key", "create", "--role", "officer", "--name", "Phường Phú Lợi", "--commune", "25747,Phường Tân Uyên").
			expect(t, exitDone, "dcs_", "")
		commandOn(t, db, "key", "list").expect(t, exitDone, "25747 Phường Thủ Dầu Một, ", "")
	})
}

func TestKeysAreListedRevokedAndRotated(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		text := strings.TrimSpace(commandOn(t, db, "key", "create", "--role", "admin", "--name", "Phường Phú Lợi", "--expires", "2999-12-31").out)
		list := commandOn(t, db, "key", "list")
		list.expect(t, exitDone, "1       admin  until 2999-12-31", "")
		if strings.Contains(list.out, text[4:12]) {
			t.Error("the list shows the key")
		}
		rotated := commandOn(t, db, "key", "rotate", "1")
		rotated.expect(t, exitDone, "dcs_", "The old text of the key number 1 (Phường Phú Lợi)")
		commandOn(t, db, "key", "revoke", "1").expect(t, exitDone, "", "opens nothing any more")
		commandOn(t, db, "key", "list").expect(t, exitDone, "revoked ", "")
		commandOn(t, db, "key", "rotate", "1").expect(t, exitFailed, "", "is revoked or has expired already")
		commandOn(t, db, "key", "revoke", "7").expect(t, exitFailed, "", "There is no key number 7")
		commandOn(t, db, "key", "revoke", "first").expect(t, exitUsage, "", "first")
	})
}

func TestKeyThatIsNone(t *testing.T) {
	db := storetest.SQLite(t)
	commandOn(t, db, "key", "create", "--role", "admin", "--name", "x")
	commandOn(t, db, "key", "revoke", "x").expect(t, exitUsage, "", `"x" is no number of a key: diachiso key list shows them`)
	commandOn(t, db, "key", "rotate", "99").expect(t, exitFailed, "", "diachiso: There is no key number 99")
}

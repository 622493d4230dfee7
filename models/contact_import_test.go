package models_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

const ownersHeader = "kind,house_number,street,commune,lat,lng,ref,owner_name,phone"

func TestImportedContactsAreLostOrComeBack(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		o := clerkImport()
		o.LegalBasis = " Quyết định 1/QĐ-UBND "
		load := func(want models.ImportCounts, lines ...string) {
			t.Helper()
			counts, _ := importText(t, s, list(ownersHeader, lines...), o)
			wantCounts(t, counts, want)
		}
		kept := func(want ...[]string) {
			t.Helper()
			got := db.Texts(t, "SELECT a.house_number, c.name, c.phone, c.legal_basis, c.version FROM contacts c JOIN addresses a ON a.id = c.address_id ORDER BY 1")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		const basis = "Quyết định 1/QĐ-UBND"
		load(models.ImportCounts{Read: 4, Inserted: 3, Rejected: 1},
			"household,1,A,25747,10.9801,106.65,R1,Trần Thị Ví Dụ,0900 000 001", "household,2,A,25747,10.9802,106.65,R2,,",
			"household,3,A,25747,10.9803,106.65,R3,,900000003", "household,4,A,25747,10.9804,106.65,R4,Ai Đó,17")
		kept([]string{"1", "Trần Thị Ví Dụ", "+84900000001", basis, "1"}, []string{"3", "", "+84900000003", basis, "1"})

		load(models.ImportCounts{Read: 3, Updated: 1, Unchanged: 2},
			"household,1,A,25747,10.9801,106.65,R1,Trần Thị Ví Dụ,0900 000 001", "household,2,A,25747,10.9802,106.65,R2,Lê Văn Thử,0900000002",
			"household,3,B,25747,10.9803,106.65,R3,Ngô Văn Ba,900000003")
		kept([]string{"1", "Trần Thị Ví Dụ", "+84900000001", basis, "1"}, []string{"3", "Ngô Văn Ba", "+84900000003", basis, "2"})

		phone := "0900 000 009"
		if _, err := s.ChangeContact(t.Context(), addressNumbered(t, db, "1"), anAdmin, nil, models.ContactChange{Phone: &phone, Consent: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.EraseContact(t.Context(), addressNumbered(t, db, "3"), anAdmin); err != nil {
			t.Fatal(err)
		}
		load(models.ImportCounts{Read: 2, Unchanged: 2},
			"household,1,A,25747,10.9801,106.65,R1,Trần Thị Ví Dụ,0900 000 001", "household,3,B,25747,10.9803,106.65,R3,Ngô Văn Ba,900000003")
		kept([]string{"1", "Trần Thị Ví Dụ", "+84900000009", basis, "2"})

		o.WithoutContacts = true
		load(models.ImportCounts{Read: 1, Inserted: 1}, "household,5,A,25747,10.9805,106.65,R5,Bí Mật,0900 000 005")
		kept([]string{"1", "Trần Thị Ví Dụ", "+84900000009", basis, "2"})
	})
}

// addressNumbered is the code of the house of a number.
func addressNumbered(t *testing.T, db storetest.Database, number string) geo.Code {
	t.Helper()
	return geo.Code(db.Count(t, "SELECT id FROM addresses WHERE house_number = ?", number))
}

package batch_test

import (
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/batch"
	"diachiso/models/storetest"
)

// A courier's manifest holds in one column whatever people write.
func TestAManifestGoesThroughSearch(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		house := storetest.Register(t, s, storetest.House(1))
		other := storetest.Register(t, s, storetest.House(12))
		farm := storetest.Register(t, s, storetest.Farm("Vườn bưởi Ông Năm"))
		for _, c := range []struct {
			name, input   string
			status, class string
			is            *models.Address
			says          string
			distance      bool
		}{
			{name: "code", input: house.Code.Grouped(), status: "found", class: "A", is: house},
			{name: "Plus Code", input: house.Code.Plus(), status: "found", class: "A", is: house},
			{name: "short Plus Code with its place", input: house.Code.Plus()[4:] + " Thủ Dầu Một", status: "found", class: "A", is: house},
			{name: "position", input: "10.9804,106.6520099", status: "found", class: "A", is: house},
			{name: "position beside", input: "10.9804, 106.6519", status: "uncertain", class: "C", is: house, says: "this is the nearest address", distance: true},
			{name: "mistyped code", input: wrongCheck(house.Code), status: "uncertain", class: "C", is: house, says: "Did you mean " + house.Code.Grouped() + "?"},
			{name: "as it is written", input: "12 " + hoaMai, status: "found", class: "A", is: other},
			{name: "as people write it", input: "12 duong hoa mai kp2 p thu dau mot", status: "found", is: other},
			{name: "former commune", input: "12 Hoa Mai, P. Phú Cường, TX. Thủ Dầu Một, Bình Dương", status: "found", is: other},
			{name: "typing error", input: "12 Đường Hoa Mại, Phường Thủ Dầu Một", status: "found", class: "B", is: other, says: "Hoa Mai"},
			{name: "name", input: "vuon buoi ong nam", is: farm},
			{name: "number that is not there", input: "11 Đường Hoa Mai, Phường Thủ Dầu Một", status: "uncertain", class: "C", is: other, says: "registered 12"},
			{name: "unregistered code", input: "H72VH2FVP6", status: "not-found", says: "Nothing is registered under this code."},
			{name: "point where nobody is", input: "21.0287,105.8522", status: "not-found", says: "Nobody is registered at this point or within 50 m of it."},
			{name: "Plus Code of nobody", input: "7P28XMJ2+5Q7", status: "not-found", says: "Nobody is registered in the area of this Plus Code."},
			{name: "short Plus Code without its place", input: house.Code.Plus()[4:], status: "invalid", says: "is a short Plus Code: say near which place"},
			{name: "unregistered street", input: "99 Đường Không Có, Phường Dầu Tiếng", status: "not-found", says: "Nothing registered fits"},
			{name: "swapped position", input: "106.6519,10.9804", status: "invalid", says: "look exchanged"},
			{name: "empty", input: "", status: "invalid", says: "The cell is empty."},
			{name: "one letter", input: "a", status: "invalid", says: "at least 2"},
			{name: "500 letters", input: strings.Repeat("a", 500), status: "invalid", says: "500 characters"},
			{name: "only punctuation", input: "...?!", status: "invalid", says: "no letter and no digit"},
			{name: "FTS", input: `" OR *`, status: "not-found", says: "Nothing registered fits"},
			{name: "SQL", input: "'; DROP TABLE addresses;--", status: "not-found", says: "Nothing registered fits"},
			{name: "emoji", input: "🏠🏠🏠", status: "invalid", says: "no letter and no digit"},
			{name: "right-to-left marks", input: "\u202E\u200F" + house.Code.String(), status: "found", class: "A", is: house},
		} {
			t.Run(c.name, func(t *testing.T) {
				got := ask(t, s, batch.Options{Call: batch.CallSearch}, c.input)[0]
				if c.status != "" && got["status"] != c.status || c.class != "" && got["class"] != c.class || !strings.Contains(got["message"], c.says) {
					t.Errorf("%v", got)
				}
				if got["status"] == "uncertain" && got["message"] == "" {
					t.Errorf("nothing says why %v is uncertain", got)
				}
				code, text := "", ""
				if c.is != nil {
					code, text = c.is.Code.String(), geo.FormatE7(c.is.Point.Lat)
				}
				if got["code"] != code || got["lat"] != text || (got["text"] != "") != (c.is != nil) || (got["score"] != "") != (c.is != nil) {
					t.Errorf("%v, want %s", got, code)
				}
				if (got["distance_m"] != "") != c.distance {
					t.Errorf("%s metres away", got["distance_m"])
				}
			})
		}
	})
}

func TestSearchHints(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		here := storetest.House(1)
		there := storetest.House(1)
		there.Point = storetest.DauTieng
		near, far := storetest.Register(t, s, here), storetest.Register(t, s, there)
		units, err := s.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		plain := ask(t, s, batch.Options{Call: batch.CallSearch}, "1 Đường Hoa Mai")[0]
		if plain["status"] != "uncertain" || plain["matches"] != "2" || !strings.Contains(plain["message"], "May be meant too: ") {
			t.Errorf("%v", plain)
		}
		for _, a := range []*models.Address{near, far} {
			if got := ask(t, s, batch.Options{Call: batch.CallSearch, Near: &a.Point}, "1 Đường Hoa Mai")[0]; got["code"] != a.Code.String() {
				t.Errorf("near %s: %v", a.Code, got)
			}
			commune := units.CommuneAt(a.Point, s.Today())
			got := ask(t, s, batch.Options{Call: batch.CallSearch, Commune: commune}, "1 Đường Hoa Mai")[0]
			if got["code"] != a.Code.String() || got["status"] != "found" || got["matches"] != "1" {
				t.Errorf("in %s: %v", commune.FullName, got)
			}
		}
	})
}

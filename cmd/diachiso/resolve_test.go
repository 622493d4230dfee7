package main

import (
	"encoding/json"
	"strings"
	"testing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// TestResolveEveryLineOfCodes registers one office and asks for it in every
// way it may be written.
func TestResolveEveryLineOfCodes(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		a := storetest.Register(t, s, models.Registration{
			Kind: "public", Name: "Bưu cục Hoa Mai", DiaChiSo: "7500100017", Commune: "Phường Phú Cường", District: "718",
			Parts: models.Parts{HouseNumber: "12", Street: "Đường Hoa Mai"}, Point: storetest.ThuDauMot,
		})
		if a.Code.String() != "28XMJ25Q66" {
			t.Fatalf("the code is %s", a.Code)
		}
		const text = "28XM J25 Q66  12 Đường Hoa Mai, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh\n"
		for _, c := range []struct {
			name, scheme string
			args         []string
		}{
			{"code", "code", []string{"28XMJ25Q66"}},
			{"lower case with dashes", "code", []string{"28xm-j25-q66"}},
			{"look-alikes", "code", []string{"Z8XMJZ5Q66"}},
			{"full width", "code", []string{"２８ＸＭＪ２５Ｑ６６"}},
			{"Plus Code", "plus_code", []string{"7P28XMJ2+5Q6"}},
			{"short Plus Code near a point", "plus_code", []string{"XMJ2+5Q6", "--near", "10.98,106.65"}},
			{"short Plus Code in a commune", "plus_code", []string{"XMJ2+5Q6", "--commune", "Thủ Dầu Một"}},
			{"position", "position", []string{"10.9804, 106.6519"}},
			{"Vpostcode of today", "vpostcode", []string{"75123XMJ25Q6"}},
			{"Vpostcode of 2022", "vpostcode", []string{"75106XMJ25Q6"}},
			{"địa chỉ số", "dia_chi_so", []string{"7500100017"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				o := commandOn(t, db, append([]string{"resolve"}, c.args...)...)
				o.expect(t, exitDone, text, "")
				o.expect(t, exitDone, "public, current, read as "+c.scheme+"\n  geo:10.9804,106.6519\n"+
					"  formerly 12 Đường Hoa Mai, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương\n", "")
			})
		}
		t.Run("JSON", func(t *testing.T) { resolveJSON(t, db, a.Code) })
	})
}

func resolveJSON(t *testing.T, db storetest.Database, code geo.Code) {
	o := commandOn(t, db, "resolve", "--json", code.String())
	o.expect(t, exitDone, "{", "")
	var got struct {
		Code geo.Code
		Name string
	}
	if err := json.Unmarshal([]byte(o.out), &got); err != nil || got.Code != code || got.Name != "Bưu cục Hoa Mai" {
		t.Errorf("%s: %v", o.out, err)
	}
	if strings.Count(o.out, "\n") != 1 {
		t.Errorf("want one line an address:\n%s", o.out)
	}
}

func TestResolveSaysWhatWasMeant(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		a := storetest.Register(t, s, storetest.House(1))
		code := a.Code.String()
		another := byte('2')
		if code[4] == another {
			another = '3'
		}
		damaged := code[:4] + string(another) + code[5:]
		o := commandOn(t, db, "resolve", damaged)
		o.expect(t, exitFailed, "", "check symbol does not fit")
		o.expect(t, exitFailed, "", "Did you mean "+a.Code.Grouped()+", 1 Đường Hoa Mai")
		commandOn(t, db, "resolve", code[:3]+code[4:]).expect(t, exitFailed, "", "Did you mean "+a.Code.Grouped())
		unit, err := a.Code.WithUnit(7)
		if err != nil {
			t.Fatal(err)
		}
		commandOn(t, db, "resolve", unit.String()).expect(t, exitFailed, "", "Did you mean "+a.Code.Grouped())
		commandOn(t, db, "resolve", "H72VH2FVP6").expect(t, exitFailed, "", "nothing is registered")
		commandOn(t, db, "resolve", "Đường Không Có").expect(t, exitFailed, "", `nothing registered fits "Đường Không Có"`)
		commandOn(t, db, "resolve", "đường a + b").expect(t, exitFailed, "", `nothing registered fits "đường a + b"`)
		commandOn(t, db, "resolve", "GWH+RX").expect(t, exitFailed, "", "is not a valid Plus Code")
		commandOn(t, db, "resolve", "").expect(t, exitFailed, "", "write an address, a name or a code")
		commandOn(t, db, "resolve", strings.Repeat("a", 500)).expect(t, exitFailed, "", "500 characters")
		commandOn(t, db, "resolve", "XMJ2+5Q6").expect(t, exitFailed, "", "near")
	})
}

// A text that is no code is read as a written address, as the rows of a table are.
func TestResolveAWrittenAddress(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		a := storetest.Register(t, s, storetest.House(12))
		far := storetest.House(12)
		far.Point = storetest.DauTieng
		b := storetest.Register(t, s, far)
		const is = "  household, current, read as written address, class "
		commandOn(t, db, "resolve", "12", "hoa", "mai,", "p", "thu", "dau", "mot").expect(t, exitDone, a.Code.Grouped()+"  12 Đường Hoa Mai, Khu phố 2, Phường Thủ Dầu Một, ", "")
		commandOn(t, db, "resolve", "12 duong hoa mia p thu dau mot").expect(t, exitDone, is+"B\n", "Given street duong hoa mia, registered Đường Hoa Mai.\n")
		commandOn(t, db, "resolve", "12 Đường Hoa Mai, Phường Thủ Dầu Một", "--json").expect(t, exitDone, `{"code":"`+a.Code.String(), "")
		commandOn(t, db, "resolve", "14 Đường Hoa Mai, Phường Thủ Dầu Một").expect(t, exitFailed, "", "Did you mean "+a.Code.Grouped()+", 12 Đường Hoa Mai")
		commandOn(t, db, "resolve", "14 Đường Hoa Mai, Phường Thủ Dầu Một").expect(t, exitFailed, "", "? Given house number 14, registered 12.\n")
		both := commandOn(t, db, "resolve", "12 Đường Hoa Mai")
		both.expect(t, exitFailed, "", "Did you mean "+a.Code.Grouped())
		both.expect(t, exitFailed, "", "Did you mean "+b.Code.Grouped())
		commandOn(t, db, "resolve", "12 Đường Hoa Mai", "--commune", "Dầu Tiếng").expect(t, exitDone, b.Code.Grouped(), "")
		commandOn(t, db, "resolve", "12 Đường Hoa Mai", "--commune", "Tân Cương").expect(t, exitUsage, "", `diachiso: --commune: no commune is called "Tân Cương"`)
	})
}

// A door without a row of its own stands for its flats; more than are listed is said.
func TestResolveATower(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Boundaries: true})
		a := storetest.Register(t, s, storetest.Flat("A1.01"))
		storetest.Register(t, s, storetest.Flat("A1.02"))
		o := commandOn(t, db, "resolve", a.Code.Door().String())
		o.expect(t, exitDone, "A1.01, Chung cư Bằng Lăng", "")
		o.expect(t, exitDone, "A1.02, Chung cư Bằng Lăng", "")
		if n := strings.Count(o.out, "Chung cư"); n != 2 {
			t.Errorf("%d flats", n)
		}
	})
}

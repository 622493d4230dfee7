package written

import "testing"

func TestParseTheCouriersParcel(t *testing.T) {
	f := loadFixture(t)
	all := Parse("15 duong 30/4 kp3 p phu hoa tdm BD", f.gazetteer, f.lexicon, Options{})
	if len(all) == 0 {
		t.Fatal("nothing was read")
	}
	a := all[0]
	if a.HouseNumber.Text != "15" || a.Street.Text != "Đường 30/4" || a.Hamlet.Text != "Khu phố 3" || len(a.Units) != 3 || len(a.Ignored) > 0 {
		t.Errorf("read as %+v", a)
	}
}

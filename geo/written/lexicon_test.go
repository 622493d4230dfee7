package written

import "testing"

func TestLexiconNumbersNames(t *testing.T) {
	l := NewLexicon()
	for i, tt := range []struct {
		part Part
		name string
		want int32
	}{
		{Street, "Đường Yersin", 0}, {Street, "ĐT 743A", 1}, {Street, "yersin", 0}, {Street, "Tỉnh lộ 743a", 1}, {Street, "Quốc lộ 13", 2},
		{Street, "Đường Thanh An", 3}, {Street, "Đường Thạnh An", 3}, {Hamlet, "Khu phố 3", 0}, {Hamlet, "KP 03", 0}, {Hamlet, "Ấp 3", 1},
		{Building, "Chung cư Hoa Sen", 0}, {Building, "Chợ Hoa Sen", 1}, {Street, "…", -1}, {Street, "", -1}, {Group, "Tổ 5", -1}, {Commune, "Phú Lợi", -1},
		{Street, "Đường 30/4", 4}, {Street, "30 tháng 4", 4},
	} {
		if got := l.Add(tt.part, tt.name); got != tt.want {
			t.Errorf("%d: Add(%s, %q) = %d, want %d", i, tt.part, tt.name, got, tt.want)
		}
	}
	for part, want := range map[Part]int{Street: 5, Hamlet: 2, Building: 2, Group: 0} {
		if got := l.Len(part); got != want {
			t.Errorf("Len(%s) = %d, want %d", part, got, want)
		}
	}
}

func TestANewNameIsFoundAtOnce(t *testing.T) {
	f := loadFixture(t)
	read := func() Component {
		return Parse("12 Rạch Bắp, Phú Cường", f.gazetteer, f.lexicon, Options{})[0].Street
	}
	if before := read(); len(before.Names) > 0 {
		t.Fatalf("found before it was added: %+v", before)
	}
	id := f.lexicon.Add(Street, "Đường Rạch Bắp")
	if after := read(); len(after.Names) != 1 || after.Names[0] != (Match{ID: id, Accents: true}) || after.Text != "Đường Rạch Bắp" {
		t.Errorf("after it was added: %+v", after)
	}
}

// A street that the vocabulary of a moment lacks, and an empty one.
func TestEmptyVocabularies(t *testing.T) {
	got := Parse("12/3 Đường Yersin, KP 2, Phường Phú Cường, Quận 1", NewGazetteer(nil), NewLexicon(), Options{})
	if len(got) == 0 {
		t.Fatal("nothing was read")
	}
	a := got[0]
	if a.HouseNumber.Text != "12/3" || a.Street.Text != "Đường Yersin" || a.Hamlet.Text != "Khu phố 2" ||
		len(a.Units) != 2 || a.Unit(Commune).Given != "Phường Phú Cường" || a.Unit(District).Given != "Quận 1" || a.Unit(Province) != nil {
		t.Errorf("read as %+v", a)
	}
}

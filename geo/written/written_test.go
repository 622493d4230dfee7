package written

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamesTellErrorsAndAccents(t *testing.T) {
	f := loadFixture(t)
	name := func(street string) int32 { return int32(slices.Index(f.names[Street], street)) }
	for _, tt := range []struct {
		text string
		want []Match
	}{
		{"15 Đường Thanh An", []Match{{ID: name("Đường Thanh An"), Accents: true}}},
		{"15 Đường Thánh An", []Match{{ID: name("Đường Thanh An")}}},
		{"15 duong thanh an", []Match{{ID: name("Đường Thanh An"), Accents: true}}},
		{"15 đường Nguyễn Văn Tết", []Match{{ID: name("Đường Nguyễn Văn Tiết"), Edits: 1, Accents: true}}},
		{"15 Phan Đình Phúng", []Match{{ID: name("Đường Phan Đình Phùng")}}},
		{"5 Lê Lợi", []Match{{ID: name("Đường Lê Lợi"), Accents: true}}},
		{"5 đường Lê Lơij", []Match{{ID: name("Đường Lê Lợi"), Accents: true}}}, // Telex
		{"5 đường Lê Lụi", []Match{{ID: name("Đường Lê Lợi"), Edits: 1, Accents: true}, {ID: name("Đường Lê Lai"), Edits: 1, Accents: true}}},
		{"5 đường 12", []Match{{ID: name("Đường số 12"), Accents: true}, {ID: name("Đường ĐX 012"), Accents: true}}},
		{"5 đường 13", []Match{{ID: name("Quốc lộ 13"), Accents: true}}},
		{"5 ĐT 745", nil},
	} {
		all := Parse(tt.text, f.gazetteer, f.lexicon, Options{})
		got := all[0].Street.Names
		if len(tt.want) == 0 && len(got) == 0 {
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %+v\n%s", tt.text, all[0].Street, diff)
		}
	}
}

// What may be two things is answered both ways.
func TestOtherReadingsFollow(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string][]string{
		"Phú Lợi":               {"commune=25744+25750*", "street=Đường Phú Lợi"},
		"15 Phú Lợi":            {"house_number=15; street=Đường Phú Lợi", "house_number=15; commune=25744+25750*"},
		"Thuận An, Bình Dương":  {"district=725; province=74", "commune=25978*; province=74"},
		"12 Yersin, Dĩ An":      {"house_number=12; street=Đường Yersin; district=724", "house_number=12; street=Đường Yersin; commune=25942+25942*"},
		"xã Tân Hiệp":           {"commune=25873", "commune=25920+25920*"},
		"P. Tân Định, Phú Giáo": {"commune=25852; district=722; contradiction=commune/district"},
	} {
		all := Parse(text, f.gazetteer, f.lexicon, Options{})
		var got []string
		for i := range all {
			got = append(got, f.say(&all[i]))
		}
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Errorf("%s:\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// The number of a street's name is not used again as that of a house.
func TestNumberIsUsedOnce(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string]string{
		"hem 27 tan binh 32": "alley=Hẻm 27; street=Đường Tân Bình 32",
		"37-2 trần hưng đạo": "house_number=37-2; street=Đường Trần Hưng Đạo",
	} {
		all := Parse(text, f.gazetteer, f.lexicon, Options{})
		if len(all) != 1 || f.say(&all[0]) != want {
			t.Errorf("%s has %d readings, the first %s", text, len(all), f.say(&all[0]))
		}
	}
}

// A unit that agrees with the others named comes alone; where none does, all.
func TestUnitsAgree(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string]string{
		"Tân Định":                   "commune=25852+25894",
		"Tân Định, Bến Cát":          "commune=25852; district=721",
		"Tân Định, Bình Dương":       "commune=25852+25894; province=74",
		"Tân Định, TP.HCM":           "commune=25852+25894; province=79",
		"Minh Hoà, Dầu Tiếng":        "commune=25780; district=720",
		"P. An Phú, Q.1":             "commune=25975+25975*; district=760; contradiction=commune/district",
		"P. Bến Nghé, T. Bình Dương": "commune=26740; province=74; contradiction=commune/province",
		"Q.1, T. Bình Dương":         "district=760; province=74; contradiction=district/province",
	} {
		if got := f.say(&Parse(text, f.gazetteer, f.lexicon, Options{})[0]); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestGivenIsQuoted(t *testing.T) {
	f := loadFixture(t)
	a := Parse(" P. Phú Cường — số 12/3,  đường  Yersin ( gần sông )", f.gazetteer, f.lexicon, Options{})[0]
	for got, want := range map[string]string{
		a.HouseNumber.Given: "số 12/3", a.Street.Given: "đường  Yersin", a.Units[0].Given: "P. Phú Cường", strings.Join(a.Ignored, "|"): "gần sông",
	} {
		if got != want {
			t.Errorf("given %q, want %q", got, want)
		}
	}
}

func TestLongTextsAreCutShort(t *testing.T) {
	f := loadFixture(t)
	text := "12 Yersin, Phú Cường" + strings.Repeat(", giao giờ hành chính", 40)
	a := Parse(text, f.gazetteer, f.lexicon, Options{})[0]
	if a.Street.Text != "Đường Yersin" || !strings.HasSuffix(a.Ignored[len(a.Ignored)-1], "giờ hành chính") {
		t.Errorf("read as %+v", a)
	}
}

// Completed names of the end of a text that is still typed.
func TestUnfinished(t *testing.T) {
	f := loadFixture(t)
	for _, tt := range []struct{ text, want, names string }{
		{"nguyen v", "street~=Nguyen V", "Đường Nguyễn Văn Tiết|Đường Nguyễn Văn Trỗi"},
		{"12 phu l", "house_number=12; street~=Phu L", "Đường Phú Lợi|Đường Phú Lợi 01|Đường Phú Lợi 05|Đường Phú Lợi 12"},
		{"12 duong phu loi", "house_number=12; street=Đường Phú Lợi", "Đường Phú Lợi|Đường Phú Lợi 01|Đường Phú Lợi 05|Đường Phú Lợi 12"},
		{"45 ngyen thi minh k", "house_number=45; street~=Ngyen Thi Minh K", "Đường Nguyễn Thị Minh Khai"},
		{"đường y", "street~=Đường Y", "Đường Yersin"},
		{"15 30/", "house_number=15; street~=30", "Đường 30/4"},
		{"15 30/4", "house_number=15; street=Đường 30/4", "Đường 30/4"},
		{"dt74", "street~=ĐT 74", "ĐT 741|ĐT 744|ĐT 747|ĐT 748|ĐT 743A|ĐT 743B"},
		{"12", "house_number=12", ""},
		{"12 yersin", "house_number=12; street=Đường Yersin", "Đường Yersin"},
		{"12 Yersin, khu pho", "house_number=12; street=Đường Yersin; hamlet~=Khu phố", "Đường Yersin"},
		{"cmt", "street~=Cmt", "Đường Cách Mạng Tháng Tám"},
		{"12 cmt", "house_number=12; street~=Cmt", "Đường Cách Mạng Tháng Tám"},
		{"tdm", "district=718", ""},
		{"bd", "province=74", ""},
		{"ql", "street~=Quốc lộ", "Quốc lộ 13|Quốc lộ 1K"},
		{"quốc l", "street~=Quốc lộ", "Quốc lộ 13|Quốc lộ 1K"},
		{"125 ql", "house_number=125; street~=Quốc lộ", "Quốc lộ 13|Quốc lộ 1K"},
		{"dt", "street~=ĐT", "ĐT 741|ĐT 744|ĐT 747|ĐT 748|ĐT 743A|ĐT 743B"},
		{"60 hung vuong phu l", "house_number=60; street=Đường Hùng Vương; commune=25744+25750*", "Đường Hùng Vương"},
		{"yersin phường c", "street=Đường Yersin; commune=25774+25771*+25756+25837+25837*", "Đường Yersin"},
		{"kp3 phu l", "hamlet=Khu phố 3; commune=25744+25750*", ""},
		{"d. 30/4", "street=Đường 30/4", "Đường 30/4"},
		{"cho", "building~=Chợ", ""},
		{"cho phu", "building~=Chợ Phu", ""},
		{"chung c", "building~=Chung cư", ""},
		{"chung cu", "building~=Chung cư", ""},
		{"chung cư hoa", "building~=Chung cư Hoa", ""},
		{"khu ph", "hamlet~=Khu phố", ""},
		{"giao", "ignored=giao", ""}, // it may become a name
		{"58 duong", "house_number=58; street~=Duong", "Đường Dương Đình Nghệ"},
		{"58 đường t", "house_number=58; street~=Đường T", "Đường Tố Hữu|Đường Thanh An|Đường Tân Hiệp 07|Đường Trần Văn Ơn|Đường Thống Nhất|Đường Tân Bình 32|Đường Trần Hưng Đạo|Đường Thích Quảng Đức|Đường Truông Bồng Bông"},
		{"12 Yersin, đườ", "house_number=12; street=Đường Yersin; ignored=đườ", "Đường Yersin"},
		{"12 Yersin, phu cu", "house_number=12; street=Đường Yersin; commune=25747", "Đường Yersin"},
		{"12 Yersin, P. Phú C", "house_number=12; street=Đường Yersin; commune=25747+25924", "Đường Yersin"},
		{"12 Yersin, Phú Cường, thu dau", "house_number=12; street=Đường Yersin; commune=25747; district=718", "Đường Yersin"},
		{"12 Yersin, Phú Cường, tdm, bi", "house_number=12; street=Đường Yersin; commune=25747; district=718; province=74", "Đường Yersin"},
	} {
		a := Parse(tt.text, f.gazetteer, f.lexicon, Options{Unfinished: true})[0]
		var names []string
		for _, m := range a.Street.Names {
			if f.names[Street][m.ID] != "" {
				names = append(names, f.names[Street][m.ID])
			}
		}
		if got := f.say(&a); got != tt.want || strings.Join(names, "|") != tt.names {
			t.Errorf("%s: %s with %s\nwant %s with %s", tt.text, got, strings.Join(names, "|"), tt.want, tt.names)
		}
	}
}

func TestUnfinishedOnlyWhereAsked(t *testing.T) {
	f := loadFixture(t)
	if got := Parse("12 nguyen v", f.gazetteer, f.lexicon, Options{})[0]; len(got.Street.Names) > 0 {
		t.Errorf("read as %s", f.say(&got))
	}
}

func TestComponentOfEveryPart(t *testing.T) {
	var a Address
	seen := map[*Component]bool{}
	for _, p := range [...]Part{UnitLabel, Building, HouseNumber, Alley, Street, Group, Hamlet} {
		c := a.Component(p)
		if c == nil || seen[c] {
			t.Errorf("%s has no component of its own", p)
		}
		seen[c] = true
	}
	if a.Component(Commune) != nil {
		t.Error("a commune is no component")
	}
}

// What a text may become is listed, whatever part it is.
func TestUnfinishedListsEveryPart(t *testing.T) {
	f := loadFixture(t)
	for text, want := range map[string][]string{
		"chu": {"Đường Chu Văn An", "Chung cư Bình Minh"},
		"ch":  {"Đường Chu Văn An", "Chung cư Bình Minh", "Chợ Phú Cường"},
		"cho": {"Chợ Phú Cường", "Chợ Lái Thiêu"},
	} {
		seen := map[string]bool{}
		for _, a := range Parse(text, f.gazetteer, f.lexicon, Options{Unfinished: true}) {
			for _, p := range [...]Part{Street, Hamlet, Building} {
				for _, m := range a.Component(p).Names {
					seen[f.names[p][m.ID]] = seen[f.names[p][m.ID]] || m.Rest > 0
				}
			}
		}
		for _, name := range want {
			if !seen[name] {
				t.Errorf("%q does not become %s", text, name)
			}
		}
	}
}

// Many texts are read at once; none sees another's words.
func TestParseTogether(t *testing.T) {
	f := loadFixture(t)
	texts := []string{"15 duong 30/4 kp3 p phu hoa tdm BD", "45 ngyen thi minh khai, phu cuong", "Lô A12 KDC Phú Hòa 3", "dduwowngf Yersin"}
	want := make([][]Address, len(texts))
	for i, s := range texts {
		want[i] = Parse(s, f.gazetteer, f.lexicon, Options{})
	}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 50 {
				if i := n % len(texts); !cmp.Equal(Parse(texts[i], f.gazetteer, f.lexicon, Options{}), want[i]) {
					t.Errorf("%q is read otherwise beside others", texts[i])
				}
			}
		})
	}
	group.Wait()
}

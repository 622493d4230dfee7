package lexicon

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo/text"
)

var publicNames = []string{
	"Vườn bưởi Bạch Đằng", "Trường Tiểu học Phú Lợi", "Trường Tiểu học Phú Lợi 2", "Trường Mầm non Phú Lợi 3",
	"Trường Mầm non Phú Lợi", "Công ty TNHH Gỗ Minh Phát", "Công ty TNHH Gốm Minh Phát", "Tạp hóa Hoa Mai", "Tạp hóa Mai Hoa",
	"Quán cơm Hoa Lan", "Bưu cục Phú Lợi", "Chợ 30/4", "Nhà thuốc Nhân Hòa",
}

func wordsOfNames(names []string) *Words {
	w := new(Words)
	for _, name := range names {
		w.Add(name)
	}
	return w
}

// query splits a text as callers do.
func query(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool { return strings.ContainsRune(" -/", r) })
}

func TestFind(t *testing.T) {
	w := wordsOfNames(publicNames)
	tests := []struct {
		name, query string
		partial     bool
		want        string // the first hit
		hit         Hit    // without ID
	}{
		{"whole name", "Vườn bưởi Bạch Đằng", false, "Vườn bưởi Bạch Đằng",
			Hit{Spans: [][2]int{{0, 4}}, Letters: 16, Covered: 1, Exact: true}},
		{"longest of two whole names", "truong tieu hoc phu loi 2", false, "Trường Tiểu học Phú Lợi 2",
			Hit{Spans: [][2]int{{0, 6}}, Letters: 20, Covered: 1, Exact: true}},
		{"address behind the name", "tap hoa hoa mai 12 duong yersin phuong phu loi", false, "Tạp hóa Hoa Mai",
			Hit{Spans: [][2]int{{0, 4}}, Letters: 12, Covered: 1, Exact: true}},
		{"address before the name", "12 duong yersin tap hoa mai hoa", false, "Tạp hóa Mai Hoa",
			Hit{Spans: [][2]int{{3, 7}}, Letters: 12, Covered: 1, Exact: true}},
		{"two mistyped words", "vuon buoi bahc dagn", false, "Vườn bưởi Bạch Đằng",
			Hit{Spans: [][2]int{{0, 4}}, Letters: 16, Edits: 2, Covered: 1}},
		{"mistyped short word between others", "tap hoa hao mai", false, "Tạp hóa Hoa Mai",
			Hit{Spans: [][2]int{{0, 4}}, Letters: 12, Edits: 1, Covered: 1}},
		{"mistyped first word", "tpa hoa hoa mai", false, "Tạp hóa Hoa Mai",
			Hit{Spans: [][2]int{{0, 4}}, Letters: 12, Edits: 1, Covered: 1}},
		{"glued words", "truongtieuhoc phu loi", false, "Trường Tiểu học Phú Lợi",
			Hit{Spans: [][2]int{{0, 3}}, Letters: 19, Covered: 1, Exact: true}},
		{"word of another between", "truong tieu hoc cong lap phu loi", false, "Trường Tiểu học Phú Lợi",
			Hit{Spans: [][2]int{{0, 3}, {5, 7}}, Letters: 19, Covered: 1}},
		{"words left out", "truong phu loi", false, "Trường Mầm non Phú Lợi",
			Hit{Spans: [][2]int{{0, 3}}, Letters: 12, Covered: 12.0 / 18}},
		{"unfinished last word", "vuon buoi ba", true, "Vườn bưởi Bạch Đằng",
			Hit{Spans: [][2]int{{0, 3}}, Letters: 10, Covered: 0.625}},
		{"unfinished only word", "buu", true, "Bưu cục Phú Lợi",
			Hit{Spans: [][2]int{{0, 1}}, Letters: 3, Covered: 0.25}},
		{"unfinished mistyped word", "truong tieuh", true, "Trường Tiểu học Phú Lợi", Hit{}},
		{"unfinished letter behind others", "nha thuoc n", true, "Nhà thuốc Nhân Hòa",
			Hit{Spans: [][2]int{{0, 3}}, Letters: 9, Covered: 9.0 / 15}},
		{"number with a slash", "cho 30/4", false, "Chợ 30/4",
			Hit{Spans: [][2]int{{0, 3}}, Letters: 6, Covered: 1, Exact: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hits := w.Find(query(tt.query), tt.partial, 3)
			if len(hits) == 0 {
				t.Fatal("nothing found")
			}
			if got := publicNames[hits[0].ID]; got != tt.want {
				t.Fatalf("found %q %+v", got, hits)
			}
			if tt.hit.ID = hits[0].ID; tt.hit.Letters > 0 {
				if diff := cmp.Diff(tt.hit, hits[0]); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	w := wordsOfNames(publicNames)
	for _, words := range [][]string{nil, {}, {""}, {"zzzzz"}, {"30", "5"}, {"9"}, {"", "ư", "\xff"}} {
		for _, partial := range []bool{false, true} {
			for _, h := range w.Find(words, partial, 5) {
				if h.Covered <= 0 {
					t.Errorf("Find(%q) = %+v", words, h)
				}
			}
		}
	}
	if hits := w.Find([]string{"zzzzz"}, false, 5); len(hits) != 0 {
		t.Errorf("a strange word finds %v", hits)
	}
	if hits := w.Find([]string{"tap"}, false, 0); hits != nil {
		t.Errorf("limit 0 answers %v", hits)
	}
	if hits := new(Words).Find([]string{"tap"}, false, 5); hits != nil {
		t.Errorf("no names, yet %v", hits)
	}
}

// found are the names that a text finds.
func found(w *Words, s string, partial bool, limit int) []string {
	var keys []string
	for _, h := range w.Find(query(s), partial, limit) {
		keys = append(keys, w.Key(h.ID))
	}
	return keys
}

func TestAnotherNumberIsAnotherName(t *testing.T) {
	w := wordsOfNames([]string{"Trường Mầm non 2", "Trường Mầm non 3", "Trường Mầm non", "Trường Mầm non 12", "Trường Mầm non 3 Tân Định"})
	tests := []struct {
		query   string
		partial bool
		want    []string
	}{
		{"truong mam non 3", false, []string{"truong mam non 3", "truong mam non", "truong mam non 3 tan dinh"}},
		{"truong mam non 3a", false, []string{"truong mam non"}},
		{"truong mam non 2 tan dinh", false, []string{"truong mam non 2", "truong mam non"}},
		{"truong mam non 1", true, []string{"truong mam non", "truong mam non 12"}},
		{"truong mam non", false, []string{"truong mam non", "truong mam non 2", "truong mam non 3", "truong mam non 12", "truong mam non 3 tan dinh"}},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, found(w, tt.query, tt.partial, 9)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestOrderOfWordsCounts(t *testing.T) {
	w := wordsOfNames([]string{"An Phú", "Phú An"})
	if got := found(w, "phu an", false, 1); got[0] != "phu an" {
		t.Errorf("Phú An finds %q first", got)
	}
	if got := found(w, "an phu", false, 1); got[0] != "an phu" {
		t.Errorf("An Phú finds %q first", got)
	}
}

func TestErrorsAreBounded(t *testing.T) {
	w := wordsOfNames([]string{"Nguyễn Thường Xuyên Trường", "Hoa"})
	if got := found(w, "nguyn thuogn xuyn trung", false, 9); got != nil {
		t.Errorf("four errors find %q", got)
	}
	if got := found(w, "hao", false, 9); got != nil {
		t.Errorf("an error in three letters finds %q", got)
	}
	if got := found(w, "nguyn thuogn xuyen truong", false, 9); len(got) != 1 {
		t.Errorf("two errors find %q", got)
	}
}

func TestAddName(t *testing.T) {
	w := new(Words)
	steps := []struct {
		name  string
		id    int32
		added bool
	}{
		{"Quán cơm Hòa", 0, true}, {"QUÁN CƠM HOÀ", 0, false}, {"Chợ", 1, true}, {"", -1, false}, {"!?", -1, false}, {"quan com", 2, true},
	}
	for _, s := range steps {
		if id, added := w.Add(s.name); id != s.id || added != s.added {
			t.Errorf("Add(%q) = %d, %v, want %d, %v", s.name, id, added, s.id, s.added)
		}
	}
	if w.Len() != 3 || w.Key(0) != "quan com hoa" || w.Key(1) != "cho" || w.Key(2) != "quan com" {
		t.Errorf("%d names: %q %q %q", w.Len(), w.Key(0), w.Key(1), w.Key(2))
	}
}

// Many names have the words "cong ty tnhh"; they confirm the rare ones.
func TestFrequentWordsConfirm(t *testing.T) {
	w := new(Words)
	for i := range 20_000 {
		w.Add(fmt.Sprintf("Công ty TNHH Gỗ Minh Phát %d", i))
	}
	w.Add("Công ty TNHH Bạch Đằng")
	w.Add("Xưởng Bạch Đằng")
	want := []string{"cong ty tnhh bach dang", "xuong bach dang"}
	if diff := cmp.Diff(want, found(w, "cong ty tnhh bach dang", false, 2)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := found(w, "cong ty tnhh", false, 3); len(got) != 3 {
		t.Errorf("frequent words alone find %q", got)
	}
}

func drawName(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.SampledFrom(syllables), 1, 5).Draw(t, "words")
	if rapid.Bool().Draw(t, "numbered") {
		words = append(words, rapid.StringMatching(`[1-9][0-9]?`).Draw(t, "number"))
	}
	return strings.Join(words, " ")
}

func TestFindProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := wordsOfNames(rapid.SliceOfN(rapid.Custom(drawName), 1, 40).Draw(t, "names"))
		id := rapid.Int32Range(0, int32(w.Len()-1)).Draw(t, "id")
		asked := rapid.SliceOfN(rapid.SampledFrom([]string{"nha", "quan", "xom", "ben"}), 0, 3).Draw(t, "before")
		first := len(asked)
		asked = append(asked, strings.Fields(w.Key(id))...)
		end := len(asked)
		asked = append(asked, rapid.SliceOfN(rapid.SampledFrom([]string{"tai", "gan", "sau"}), 0, 3).Draw(t, "after")...)
		hits := w.Find(asked, false, w.Len())
		for i, h := range hits {
			if i > 0 && hits[i-1].Covered < h.Covered {
				t.Fatalf("hits out of order: %+v", hits)
			}
			if h.ID != id {
				continue
			}
			if want := (Hit{ID: id, Spans: [][2]int{{first, end}}, Letters: h.Letters, Covered: 1, Exact: true}); cmp.Equal(want, h) {
				return
			}
			t.Fatalf("%q in %q: %+v", w.Key(id), asked, h)
		}
		t.Fatalf("%q is not found in %q: %+v", w.Key(id), asked, hits)
	})
}

func TestFindMistypedProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := wordsOfNames(rapid.SliceOfN(rapid.Custom(drawName), 1, 40).Draw(t, "names"))
		id := rapid.Int32Range(0, int32(w.Len()-1)).Draw(t, "id")
		asked := strings.Fields(w.Key(id))
		at := rapid.IntRange(0, len(asked)-1).Draw(t, "at")
		if len(asked[at]) < 5 {
			t.Skip("too short to be mistyped")
		}
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		asked[at] = spoil(asked[at], 1, rnd)
		if len(asked) == 1 && known(w, asked[at]) {
			t.Skip("it is another name")
		}
		for _, h := range w.Find(asked, false, w.Len()) {
			if h.ID == id {
				if h.Covered != 1 && !known(w, asked[at]) {
					t.Fatalf("%q in %q: %+v", w.Key(id), asked, h)
				}
				return
			}
		}
		t.Fatalf("%q is not found in %q", w.Key(id), asked)
	})
}

func known(w *Words, word string) bool {
	_, known := w.exact(word)
	return known
}

// What one search or an Add leaves behind must not change the next search, and
// nothing that is asked can break it.
func TestFindAgainProperty(t *testing.T) {
	known := append(query(strings.Join(publicNames, " ")), "9", "hao", "phuloi", "30/4", "ư", "", "a-b")
	rapid.Check(t, func(t *rapid.T) {
		w := wordsOfNames(publicNames)
		word := rapid.OneOf(rapid.SampledFrom(known), rapid.String())
		for range rapid.IntRange(1, 4).Draw(t, "searches") {
			w.Find(rapid.SliceOfN(word, 0, 50).Draw(t, "before"), rapid.Bool().Draw(t, "unfinished"), 9)
		}
		asked, partial := rapid.SliceOfN(word, 0, 50).Draw(t, "asked"), rapid.Bool().Draw(t, "partial")
		if diff := cmp.Diff(wordsOfNames(publicNames).Find(asked, partial, 9), w.Find(asked, partial, 9)); diff != "" {
			t.Fatalf("after other searches (-new +used)\n%s", diff)
		}
		w.Add("Trường mới 77")
		more := append(slices.Clone(publicNames), "Trường mới 77")
		if diff := cmp.Diff(wordsOfNames(more).Find(asked, partial, 9), w.Find(asked, partial, 9)); diff != "" {
			t.Fatalf("after Add (-new +used)\n%s", diff)
		}
	})
}

// nameWords invents n distinct names as shops, companies and schools have them.
func nameWords(n int) []string {
	kinds := strings.Split("tap hoa,quan com,quan ca phe,nha thuoc,tiem banh mi,cua hang dien thoai,cong ty tnhh go,"+
		"cong ty tnhh may mac,cong ty tnhh bao bi,cong ty co phan gom su,xuong moc,nha tro,truong tieu hoc,truong mam non,vuon buoi", ",")
	rnd := rand.New(rand.NewPCG(7, 8))
	seen := map[string]bool{}
	var all []string
	for len(all) < n {
		words := []string{kinds[rnd.IntN(len(kinds))]}
		for range 2 + rnd.IntN(2) {
			words = append(words, syllables[rnd.IntN(len(syllables))])
		}
		if rnd.IntN(4) == 0 {
			words = append(words, fmt.Sprint(1+rnd.IntN(30)))
		}
		if name := strings.Join(words, " "); !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// Of many names that differ by one word, the one asked for is among the first
// five, alone or inside an address, also with an error in any of its words.
func TestFindAmongMany(t *testing.T) {
	names := nameWords(60_000)
	w := wordsOfNames(names)
	rnd := rand.New(rand.NewPCG(11, 12))
	address := " 12 duong nguyen van hoa phuong phu cuong thu dau mot binh duong"
	tests := []struct {
		name    string
		make    func(name string) string
		partial bool
		least   int // of 300
	}{
		{"whole", func(s string) string { return s }, false, 300},
		{"before an address", func(s string) string { return s + address }, false, 299},
		{"behind a street", func(s string) string { return "12 duong nguyen van tam " + s }, false, 299},
		{"one error", func(s string) string { return spoil(s, 1, rnd) }, false, 295},
		{"one error before an address", func(s string) string { return spoil(s, 1, rnd) + address }, false, 290},
		{"unfinished", func(s string) string { return s[:len(s)-2] }, true, 290},
		{"glued words", func(s string) string { return strings.Replace(s, " ", "", 1) }, false, 299},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hit := 0
			for i := range 300 {
				name := names[i*199]
				for _, h := range w.Find(strings.Fields(tt.make(name)), tt.partial, 5) {
					if w.Key(h.ID) == name {
						hit++
					}
				}
			}
			if hit < tt.least {
				t.Errorf("%d of 300 are found, want %d", hit, tt.least)
			}
		})
	}
}

func TestWordsMemory(t *testing.T) {
	names := nameWords(60_000)
	used := heapOf(func() any { return wordsOfNames(names) })
	if used > 10<<20 {
		t.Errorf("60,000 names take %d bytes", used)
	}
	t.Logf("%.1f MB", float64(used)/1e6)
}

func BenchmarkFind(b *testing.B) {
	names := nameWords(60_000)
	w := wordsOfNames(names)
	rnd := rand.New(rand.NewPCG(9, 10))
	for _, kind := range []struct {
		name string
		make func(name string) string
	}{
		{"name", func(s string) string { return s }},
		{"mistyped", func(s string) string { return spoil(s, 1, rnd) }},
		{"with an address", func(s string) string { return s + " 12 duong yersin phuong phu cuong binh duong" }},
		{"unfinished", func(s string) string { return s[:len(s)*2/3] }},
		{"glued", func(s string) string { return strings.Replace(s, " ", "", 1) }},
		{"two letters", func(s string) string { return s[:2] }},
		{"strange", func(string) string { return strings.Repeat("za hao lna bihn ", 20) }},
		{"one word again", func(string) string { return strings.Repeat("hoa ", 80) }},
	} {
		queries := make([][]string, 2000)
		for i := range queries {
			queries[i] = strings.Fields(kind.make(names[i*17]))
		}
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				w.Find(queries[i%len(queries)], kind.name == "unfinished" || kind.name == "two letters", 10)
				i++
			}
		})
	}
}

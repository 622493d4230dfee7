package lexicon

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plainDistance is the optimal string alignment as the textbook has it, over
// the whole table; -1 when no alignment leaves digits alone.
func plainDistance(a, b string) int {
	const never = 1 << 20
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			d[i][j] = never
			if i == 0 && j == 0 {
				d[i][j] = 0
			}
			if i > 0 && isLetter(a[i-1]) {
				d[i][j] = min(d[i][j], d[i-1][j]+1)
			}
			if j > 0 && isLetter(b[j-1]) {
				d[i][j] = min(d[i][j], d[i][j-1]+1)
			}
			if i > 0 && j > 0 && a[i-1] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-1][j-1])
			}
			if i > 0 && j > 0 && isLetter(a[i-1]) && isLetter(b[j-1]) {
				d[i][j] = min(d[i][j], d[i-1][j-1]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && isLetter(a[i-1]) && isLetter(a[i-2]) {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	if d[len(a)][len(b)] >= never {
		return -1
	}
	return d[len(a)][len(b)]
}

// pair is one thing that may be put into a trie.
type pair struct {
	Key   string
	Value int32
}

func trieOf(pairs []pair) *Trie {
	t := new(Trie)
	for _, p := range pairs {
		t.Add(p.Key, p.Value)
	}
	return t
}

// ordered puts matches into the order of visits, one for each value and end.
func ordered(matches []Match) []Match {
	best := map[[2]int]Match{}
	for _, m := range matches {
		id := [2]int{int(m.Value), m.End}
		old, seen := best[id]
		if !seen || m.Edits < old.Edits || m.Edits == old.Edits && m.Rest < old.Rest {
			best[id] = m
		}
	}
	var all []Match
	for _, m := range best {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Match) int {
		return slices.Compare([]int{a.Edits, -a.End, a.Rest, int(a.Value)}, []int{b.Edits, -b.End, b.Rest, int(b.Value)})
	})
	return all
}

func plainPrefixes(pairs []pair, query string, ends []int, limit func(int) int) []Match {
	var all []Match
	for _, p := range pairs {
		for _, end := range ends {
			edits := plainDistance(p.Key, query[:end])
			if p.Key != "" && end > 0 && edits >= 0 && edits <= limit(countLetters(p.Key)) {
				all = append(all, Match{Value: p.Value, End: end, Edits: edits})
			}
		}
	}
	return ordered(all)
}

func plainCompletions(pairs []pair, query string, edits int) []Match {
	var all []Match
	for _, p := range pairs {
		best := Match{Edits: edits + 1}
		for i := range len(p.Key) + 1 {
			if e := plainDistance(p.Key[:i], query); e >= 0 && e <= min(best.Edits, edits) {
				best = Match{Value: p.Value, End: len(query), Edits: e, Rest: len(p.Key) - i}
			}
		}
		if p.Key != "" && best.Edits <= edits {
			all = append(all, best)
		}
	}
	return ordered(all)
}

func prefixes(t *Trie, query string, ends []int, limit func(int) int) []Match {
	var all []Match
	t.Prefixes(query, ends, limit, func(m Match) bool {
		all = append(all, m)
		return true
	})
	return all
}

func completions(t *Trie, query string, edits int) []Match {
	var all []Match
	t.Completions(query, edits, func(m Match) bool {
		all = append(all, m)
		return true
	})
	return all
}

// byLetters is the limit of the search: one edit from five letters, two from
// nine.
func byLetters(n int) int {
	switch {
	case n < 5:
		return 0
	case n < 9:
		return 1
	}
	return 2
}

var names = []pair{
	{"phuloi", 0}, {"phucuong", 1}, {"30/4", 2}, {"3/2", 3}, {"dx001", 4}, {"dx012", 5}, {"phuloi05", 6},
	{"nguyenthiminhkhai", 7}, {"cachmangthangtam", 8}, {"cmt8", 8}, {"yersin", 9}, {"phu", 10}, {"binhduong", 11},
}

func TestPrefixes(t *testing.T) {
	trie := trieOf(names)
	tests := []struct {
		name, query string // words are parted by spaces
		want        []Match
	}{
		{"exact name, and a longer query", "phu loi tdm", []Match{{Value: 0, End: 6}, {Value: 10, End: 3}}},
		{"an end inside a word is none", "phuloi", []Match{{Value: 0, End: 6}}},
		{"wrong letter", "yirsin", []Match{{Value: 9, End: 6, Edits: 1}}},
		{"first letter missing", "ersin 12", []Match{{Value: 9, End: 5, Edits: 1}}},
		{"first letters swapped", "eyrsin", []Match{{Value: 9, End: 6, Edits: 1}}},
		{"letter too many at the end", "yersinn", []Match{{Value: 9, End: 7, Edits: 1}}},
		{"two errors in six letters", "yirson", nil},
		{"two errors in a long name", "nguyn thi mihn khai", []Match{{Value: 7, End: 16, Edits: 2}}},
		{"swap over a border of words", "cac hmang thang tam", []Match{{Value: 8, End: 16}}},
		{"three errors", "ngyn thi mihn khai", nil},
		{"error in a short name", "pha", nil},
		{"another digit", "dx 002", nil},
		{"another date", "30/5", nil},
		{"letter beside digits", "phu loii 05", []Match{{Value: 6, End: 9, Edits: 1}, {Value: 0, End: 7, Edits: 1}, {Value: 10, End: 3}}},
		{"digit too many", "phu loi 055", []Match{{Value: 0, End: 6}, {Value: 10, End: 3}}},
		{"slash is no letter", "304", nil},
		{"value under two keys", "cmt8", []Match{{Value: 8, End: 4}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			query, ends := compact(tt.query)
			if diff := cmp.Diff(ordered(tt.want), prefixes(trie, query, ends, byLetters)); diff != "" {
				t.Errorf("%q (-want +got)\n%s", tt.query, diff)
			}
		})
	}
}

// compact takes the spaces out of a text and says where its words end.
func compact(s string) (query string, ends []int) {
	for _, word := range strings.Fields(s) {
		query += word
		ends = append(ends, len(query))
	}
	return query, ends
}

func TestCompletions(t *testing.T) {
	trie := trieOf(names)
	tests := []struct {
		name, query string
		edits       int
		want        []Match
	}{
		{"exact beginnings, shortest rest first", "phu", 0, []Match{
			{Value: 10, End: 3}, {Value: 0, End: 3, Rest: 3}, {Value: 1, End: 3, Rest: 5}, {Value: 6, End: 3, Rest: 5}}},
		{"whole name with a letter missing", "yersn", 1, []Match{{Value: 9, End: 5, Edits: 1}}},
		{"beginning with a swap", "nugyen", 1, []Match{{Value: 7, End: 6, Edits: 1, Rest: 11}}},
		{"digits bear no error", "dx00", 2, []Match{{Value: 4, End: 4, Rest: 1}}},
		{"longer than every key", "yersinyersin", 2, nil},
		{"nobody", "zzzz", 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, completions(trie, tt.query, tt.edits)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestVisitEndsEarly(t *testing.T) {
	visits := 0
	trieOf(names).Completions("phu", 0, func(Match) bool { visits++; return visits < 2 })
	if visits != 2 {
		t.Errorf("%d visits after the second returned false", visits)
	}
}

func TestEmptyTrie(t *testing.T) {
	trie := trieOf([]pair{{"", 1}})
	if trie.Len() != 0 || prefixes(trie, "a", []int{1}, byLetters) != nil || completions(trie, "", 2) != nil {
		t.Errorf("an empty trie has keys")
	}
	trie.Add("phuloi", 1)
	if got := prefixes(trie, "phuloi", nil, byLetters); got != nil {
		t.Errorf("a query without ends finds %v", got)
	}
}

func TestLenCountsKeys(t *testing.T) {
	if got := trieOf([]pair{{"a", 1}, {"a", 1}, {"a", 2}, {"ab", 1}}).Len(); got != 2 {
		t.Errorf("Len() = %d, want 2", got)
	}
}

func TestLongKeyIsKept(t *testing.T) {
	long := strings.Repeat("abc", 50_000)
	trie := trieOf([]pair{{long, 1}, {long + "d", 2}, {long[:70_000], 3}})
	want := []Match{{Value: 1, End: len(long)}, {Value: 3, End: 70_000}}
	if diff := cmp.Diff(want, prefixes(trie, long, []int{70_000, len(long)}, func(int) int { return 0 })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// drawPairs draws keys of few letters, so that many lie close to each other.
func drawPairs(t *rapid.T) []pair {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pair {
		return pair{rapid.StringMatching(`[abc1/]{0,9}`).Draw(t, "key"), rapid.Int32Range(0, 9).Draw(t, "value")}
	}), 0, 30).Draw(t, "pairs")
}

func TestPrefixesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		query := rapid.StringMatching(`[abc1/]{1,12}`).Draw(t, "query")
		ends := rapid.SliceOfDistinct(rapid.IntRange(0, len(query)), rapid.ID[int]).Draw(t, "ends")
		slices.Sort(ends)
		one, two := rapid.IntRange(0, 10).Draw(t, "one"), rapid.IntRange(0, 10).Draw(t, "two")
		limit := func(n int) int {
			edits := 0
			if n >= one {
				edits++
			}
			if n >= two {
				edits++
			}
			return edits
		}
		want := plainPrefixes(pairs, query, ends, limit)
		if diff := cmp.Diff(want, prefixes(trieOf(pairs), query, ends, limit)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

func TestCompletionsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		query := rapid.StringMatching(`[abc1/]{0,8}`).Draw(t, "query")
		edits := rapid.IntRange(0, MaxEdits).Draw(t, "edits")
		if diff := cmp.Diff(plainCompletions(pairs, query, edits), completions(trieOf(pairs), query, edits)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// The order of adding is of no account.
func TestOrderOfAddingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		shuffled := rapid.Permutation(pairs).Draw(t, "shuffled")
		if diff := cmp.Diff(completions(trieOf(pairs), "a", 1), completions(trieOf(shuffled), "a", 1)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

func ExampleTrie_Prefixes() {
	var streets Trie
	streets.Add("nguyenthiminhkhai", 1)
	query, ends := "nguyenthimihnkhaiphuhoa", []int{6, 9, 13, 17, 20, 23}
	allowed := func(letters int) int { return letters / 5 }
	streets.Prefixes(query, ends, allowed, func(m Match) bool {
		fmt.Println(m.Value, query[:m.End], m.Edits)
		return true
	})
	// Output: 1 nguyenthimihnkhai 1
}

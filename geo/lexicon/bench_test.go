package lexicon

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// syllables are folded ones of everyday Vietnamese names, invented together.
var syllables = strings.Fields(`nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly van thi minh
	khai phu loi cuong hoa tan dinh binh an thuan long thanh trung nam bac dong tay son ha hai quang huu duc hung
	dao anh tuan tien phuoc my xuan thu mai lan cuc truc bach yen nhi bao khanh kiet trong chi cach mang thang tam
	hiep loc tho vinh lac hong chanh nghia lai uyen dau mot hiep cong truong hoc tieu kim ngoc chau thach giao`)

// streetNames invents distinct names of two to five syllables, and numbered
// ones as new housing estates have them.
func streetNames(n int) []string {
	rnd := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	var all []string
	for len(all) < n {
		var words []string
		for range 2 + rnd.IntN(2) + rnd.IntN(3)*rnd.IntN(2) {
			words = append(words, syllables[rnd.IntN(len(syllables))])
		}
		switch rnd.IntN(5) {
		case 0:
			words = append(words, fmt.Sprintf("%02d", rnd.IntN(100)))
		case 1:
			words = []string{[]string{"dx", "dt", "n", "d", "xtt"}[rnd.IntN(5)], fmt.Sprintf("%03d", rnd.IntN(1000))}
		}
		if name := strings.Join(words, " "); !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

func streetTrie(names []string) *Trie {
	t := new(Trie)
	for i, name := range names {
		t.Add(strings.ReplaceAll(name, " ", ""), int32(i))
	}
	return t
}

// spoil makes so many edits to letters of a name.
func spoil(name string, edits int, rnd *rand.Rand) string {
	b := []byte(name)
	for range edits {
		at := rnd.IntN(len(b) - 1)
		for !isLetter(b[at]) || !isLetter(b[at+1]) {
			at = rnd.IntN(len(b) - 1)
		}
		switch rnd.IntN(4) {
		case 0:
			b[at] = 'a' + byte(rnd.IntN(26))
		case 1:
			b = append(b[:at], b[at+1:]...)
		case 2:
			b = append(b[:at], append([]byte{'x'}, b[at:]...)...)
		case 3:
			b[at], b[at+1] = b[at+1], b[at]
		}
	}
	return string(b)
}

type typed struct {
	query string
	ends  []int
}

func typedQueries(names []string, edits int) []typed {
	rnd := rand.New(rand.NewPCG(3, 4))
	var all []typed
	for _, name := range names[:min(len(names), 2000)] {
		if countLetters(name) < 9 {
			continue
		}
		query, ends := compact(spoil(name, edits, rnd) + " khu pho 3 phuong phu hoa thu dau mot binh duong")
		all = append(all, typed{query, ends})
	}
	return all
}

func BenchmarkPrefixes(b *testing.B) {
	for _, size := range []int{10_000, 100_000} {
		names := streetNames(size)
		trie := streetTrie(names)
		for edits := range 3 {
			queries := typedQueries(names, edits)
			for _, tolerated := range []int{0, 1, 2} {
				if tolerated < edits {
					continue
				}
				limit := func(n int) int { return min(byLetters(n), tolerated) }
				b.Run(fmt.Sprintf("%dk/made %d/tolerated %d", size/1000, edits, tolerated), func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						q := queries[i%len(queries)]
						trie.Prefixes(q.query, q.ends, limit, func(m Match) bool { return true })
						i++
					}
				})
			}
		}
	}
}

func BenchmarkCompletions(b *testing.B) {
	names := streetNames(10_000)
	trie := streetTrie(names)
	for _, size := range []int{2, 4, 8, 12} {
		for edits := range 3 {
			b.Run(fmt.Sprintf("%d letters/%d edits", size, edits), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					query, _ := compact(names[i%2000])
					left := 50
					trie.Completions(query[:min(size, len(query))], edits, func(m Match) bool { left--; return left > 0 })
					i++
				}
			})
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	names := streetNames(100_000)
	b.ReportAllocs()
	trie := new(Trie)
	i := 0
	for b.Loop() {
		trie.Add(names[i%len(names)], int32(i))
		i++
	}
}

func heapOf(build func() any) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := build()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return after.HeapAlloc - before.HeapAlloc
}

func TestTrieMemory(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	keys := make([]string, 300_000)
	for i := range keys {
		key := make([]byte, 12)
		for j := range key {
			key[j] = 'a' + byte(rnd.IntN(26))
		}
		keys[i] = string(key)
	}
	used := heapOf(func() any {
		trie := new(Trie)
		for i, key := range keys {
			trie.Add(key, int32(i))
		}
		return trie
	})
	if used > 26<<20 {
		t.Errorf("300,000 random keys of 12 letters take %d bytes", used)
	}
	t.Logf("%.1f MB", float64(used)/1e6)
	runtime.KeepAlive(keys)
}

package lexicon

import (
	"hash/maphash"
	"sync"

	"diachiso/geo/text"
)

// Words finds public names ("Vườn bưởi Bạch Đằng", "Trường Tiểu học Phú Lợi") by
// the words they share with a query. The zero value is empty and ready. Adding
// must not run beside anything else; readers may run together.
type Words struct {
	keys    []byte           // the folded names one behind the other
	keyEnds []uint32         // by name: where its key ends
	byHash  map[uint64]int32 // a name by its key's hash, or the first free number after it
	seed    maphash.Seed

	vocabulary Trie      // the words
	words      []string  // by word
	numbers    []bool    // by word: has a digit
	postings   [][]int32 // by word
	pairs      pairs
	spelled    []uint32 // the words of all names one behind the other
	ends       []uint32 // by name: where its words end
	letters    []uint16 // by name: bytes of its words
	scratch    sync.Pool
}

// Len is the number of names.
func (w *Words) Len() int { return len(w.keyEnds) }

// Key is the folded name.
func (w *Words) Key(id int32) string { return string(w.key(id)) }

func (w *Words) key(id int32) []byte { return w.keys[before(w.keyEnds, id):w.keyEnds[id]] }

// before is where the part of a name begins in a list of ends.
func before(ends []uint32, id int32) uint32 {
	if id == 0 {
		return 0
	}
	return ends[id-1]
}

// Add takes a name in and answers its number: 0, 1, 2 and so on in order of
// adding. Names that fold alike are one. A name without letters and digits is
// not taken: its number is -1.
func (w *Words) Add(name string) (id int32, added bool) {
	key := text.Fold(name)
	if key == "" {
		return -1, false
	}
	if w.byHash == nil {
		w.byHash, w.seed = map[uint64]int32{}, maphash.MakeSeed()
	}
	hash := maphash.String(w.seed, key)
	for {
		id, taken := w.byHash[hash]
		if !taken {
			break
		}
		if string(w.key(id)) == key {
			return id, false
		}
		hash++
	}
	id = int32(len(w.keyEnds))
	w.byHash[hash] = id
	w.keys = append(w.keys, key...)
	w.keyEnds = append(w.keyEnds, uint32(len(w.keys)))
	w.index(id, key)
	return id, true
}

func (w *Words) index(id int32, key string) {
	size, first := 0, len(w.spelled)
	for word := range wordsOf(key) {
		size += len(word)
		at := w.take(word)
		if last := len(w.spelled); last > first {
			w.pairs.add([2]uint32{w.spelled[last-1], at}, id)
		}
		w.spelled = append(w.spelled, at)
		if list := w.postings[at]; len(list) == 0 || list[len(list)-1] != id {
			w.postings[at] = append(list, id)
		}
	}
	w.ends = append(w.ends, uint32(len(w.spelled)))
	w.letters = append(w.letters, uint16(min(size, 1<<16-1)))
}

// wordsOf visits the words of a folded text; every separator parts words.
func wordsOf(key string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for key != "" {
			end := 0
			for end < len(key) && !isSeparator(key[end]) {
				end++
			}
			if end > 0 && !yield(key[:end]) {
				return
			}
			key = key[min(end+1, len(key)):]
		}
	}
}

func isSeparator(b byte) bool { return b == ' ' || b == '-' || b == '/' }

// take is the number of a word, a new one when it is not known yet.
func (w *Words) take(word string) uint32 {
	if at, known := w.exact(word); known {
		return at
	}
	at := uint32(len(w.words))
	w.words = append(w.words, word)
	w.numbers = append(w.numbers, hasDigit(word))
	w.postings = append(w.postings, nil)
	w.vocabulary.Add(word, int32(at))
	return at
}

func (w *Words) exact(word string) (at uint32, known bool) {
	w.vocabulary.Prefixes(word, []int{len(word)}, func(int) int { return 0 }, func(m Match) bool {
		at, known = uint32(m.Value), true
		return false
	})
	return at, known
}

// spelling is the words of a name.
func (w *Words) spelling(id int32) []uint32 { return w.spelled[before(w.ends, id):w.ends[id]] }

// Hit is a name that shares words with a query.
type Hit struct {
	ID      int32
	Spans   [][2]int // words of the query [from, to) that are the name's, in order
	Edits   int      // typing errors in them
	Letters int      // letters and digits of the name found in the query, in order
	Covered float64  // the share of the name that they are, 0 to 1
	Exact   bool     // the whole name, in one piece, without an error or an unfinished word
}

// Find answers at most limit names (and never more than some hundred) that share
// words with a query, best first: those of which the greatest share is found,
// then those with more letters found, less some for errors and for words of the
// query in between, then with fewer errors, then in order of adding. Words of
// the query are folded, and those after the first 40 left out; partial: the last
// one may be unfinished.
//
// A word is found exactly, with a typing error or two where it is long enough or
// stands where the name has a similar one, or glued to others. The name's words
// stand in their order, with at most two other words between; where the query
// has another number than the name, it is another name. Words that very many
// names have can confirm a name but not find one, unless the query has no
// others.
func (w *Words) Find(words []string, partial bool, limit int) []Hit {
	if w.Len() == 0 || limit <= 0 {
		return nil
	}
	f := w.borrow()
	defer w.scratch.Put(f)
	f.read(words, partial)
	f.search(limit)
	hits := f.results()
	f.clear()
	return hits
}

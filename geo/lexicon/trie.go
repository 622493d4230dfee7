package lexicon

import (
	"slices"
	"sync"
)

// Trie maps keys to numbers and finds keys with typing errors. A key is a
// folded name without spaces: letters a to z, digits and "/"; other bytes are
// allowed and, like digits, only match themselves. The zero value is empty and
// ready. Adding must not run beside anything else; readers may run together.
//
// The distance is optimal string alignment: a letter too many, one missing, a
// wrong one, or two neighbours swapped, are one edit. At most MaxEdits are
// tolerated.
type Trie struct {
	forward  radix
	backward radix // the keys from their last byte to the first
	entries  []entry
	keys     int
	longest  int       // bytes of a key
	scratch  sync.Pool // of *search
}

// entry is one value of a key. Those of one key are a list; the nodes of both
// tries refer to its first one.
type entry struct {
	value int32
	next  uint32 // 0: the last
}

// Match is a key found.
type Match struct {
	Value int32
	End   int // bytes of the query used
	Edits int // fewest that make the key out of those bytes
	Rest  int // bytes of the key beyond the query: completions only
}

// Len is the number of keys.
func (t *Trie) Len() int { return t.keys }

// Add gives a key one more value. Adding the same again changes nothing, nor
// does an empty key.
func (t *Trie) Add(key string, value int32) {
	if key == "" {
		return
	}
	if t.keys == 0 {
		t.entries = make([]entry, 1) // number 0 means none
	}
	letters := uint8(min(countLetters(key), 255))
	at := t.forward.insert(key, letters)
	if head := t.forward.nodes[at].entry; head != 0 {
		t.addTo(head, value)
		return
	}
	t.keys++
	t.longest = max(t.longest, len(key))
	head := uint32(len(t.entries))
	t.entries = append(t.entries, entry{value: value})
	t.forward.nodes[at].entry = head
	backward := []byte(key)
	slices.Reverse(backward)
	at = t.backward.insert(string(backward), letters)
	t.backward.nodes[at].entry = head
}

func (t *Trie) addTo(head uint32, value int32) {
	for at := head; at != 0; at = t.entries[at].next {
		if t.entries[at].value == value {
			return
		}
	}
	next := t.entries[head].next
	t.entries[head].next = uint32(len(t.entries))
	t.entries = append(t.entries, entry{value: value, next: next})
}

func countLetters(key string) int {
	n := 0
	for i := range len(key) {
		if isLetter(key[i]) {
			n++
		}
	}
	return n
}

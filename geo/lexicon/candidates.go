package lexicon

import (
	"cmp"
	"math/bits"
	"slices"
)

// Names are narrowed down in three steps, each dearer a name than the one
// before. First, names are counted that have two neighbouring words which stand
// close together in the query, or one of its rarest words: the rarer, the more
// weight. Then, of the heaviest, those stay of which most may be covered,
// wherever the words are. What is left is compared word by word, in order.

// pairs lists the names that have two words one behind the other. A street,
// hamlet or commune around a name has its words too, but seldom its pairs.
type pairs struct {
	lists  map[[2]uint32]pairList
	linked []pairEntry // linked[0] means none
}

type pairList struct{ first, size uint32 }

type pairEntry struct {
	name int32
	next uint32
}

func (p *pairs) add(words [2]uint32, name int32) {
	if p.lists == nil {
		p.lists = map[[2]uint32]pairList{}
		p.linked = make([]pairEntry, 1)
	}
	list := p.lists[words]
	p.linked = append(p.linked, pairEntry{name, list.first})
	p.lists[words] = pairList{uint32(len(p.linked) - 1), list.size + 1}
}

// candidates are the likeliest names by what was counted so far, in no order.
func (f *finder) candidates(most int) []uint64 {
	near := f.heaviest()
	f.best = f.best[:0]
	for _, id := range near {
		f.best.offer(f.potential(id), most)
	}
	return f.best
}

// weighPairs counts the pairs of words with no more between them than a name
// allows, neighbours first.
func (f *finder) weighPairs() {
	left := mostPairs
	for gap := range widestGap + 1 {
		for at := 0; at+gap+1 < len(f.slots); at++ {
			for _, first := range f.usesOf(at) {
				for _, second := range f.usesOf(at + gap + 1) {
					if left--; left < 0 {
						return
					}
					f.weighPair([2]uint32{first.word, second.word})
				}
			}
		}
	}
}

func (f *finder) weighPair(words [2]uint32) {
	list := f.pairs.lists[words]
	if list.size > mostOfPair {
		return
	}
	for at := list.first; at != 0; at = f.pairs.linked[at].next {
		f.weigh(f.pairs.linked[at].name, int(list.size))
	}
}

// weighWords counts words, the rarest first, until so many postings are read;
// at least one word, and none twice.
func (f *finder) weighWords(most int) {
	if f.weighed == 0 {
		f.sortSlots()
	}
	for f.weighed < len(f.order) {
		at := f.order[f.weighed]
		if most -= f.slots[at].postings; most < 0 && f.weighed > 0 {
			return
		}
		f.weighed++
		for _, u := range f.usesOf(at) {
			for _, id := range f.postings[u.word] {
				f.weigh(id, len(f.postings[u.word]))
			}
		}
	}
}

// sortSlots puts the slots into order, the rarest words first.
func (f *finder) sortSlots() {
	f.order = f.order[:0]
	for i := range f.slots {
		if f.slots[i].known {
			f.order = append(f.order, i)
		}
	}
	slices.SortFunc(f.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(f.slots[a].postings, f.slots[b].postings), cmp.Compare(a, b))
	})
}

// weigh adds to the weight of a name for something that so many names have.
func (f *finder) weigh(id int32, names int) {
	if f.weights[id] == 0 {
		f.seen = append(f.seen, id)
	}
	f.weights[id] = min(f.weights[id]+uint16(bits.Len(uint(f.Len()/names))), maxWeight)
}

// maxWeight is the weight from which on names are equally likely.
const maxWeight = 255

// heaviest are the names with the most weight, of those just at the threshold
// the shortest.
func (f *finder) heaviest() []int32 {
	var names [maxWeight + 1]int
	for _, id := range f.seen {
		names[f.weights[id]]++
	}
	threshold, above := uint16(maxWeight), 0
	for ; threshold > 0 && above+names[threshold] <= mostNear; threshold-- {
		above += names[threshold]
	}
	f.near, f.best = f.near[:0], f.best[:0]
	for _, id := range f.seen {
		switch weight := f.weights[id]; {
		case weight > threshold:
			f.near = append(f.near, id)
		case weight == threshold:
			f.best.offer(uint64(^f.letters[id])<<32|uint64(^uint32(id)), mostNear-above)
		}
	}
	for _, rank := range f.best {
		f.near = append(f.near, ranked(rank))
	}
	return f.near
}

// potential ranks a name by the share of its letters that are in words of the
// query, then by how many they are, then by age.
func (f *finder) potential(id int32) uint64 {
	letters := 0
	for _, word := range f.spelling(id) {
		if f.heads[word] != 0 {
			letters += len(f.words[word])
		}
	}
	share := letters * 0xFFFF / int(f.letters[id])
	return uint64(share)<<48 | uint64(min(letters, 0xFFFF))<<32 | uint64(^uint32(id))
}

func ranked(rank uint64) (id int32) { return int32(^uint32(rank)) }

// greatest is a heap of the greatest ranks offered, the least of them first.
type greatest []uint64

func (g *greatest) offer(rank uint64, most int) {
	heap := *g
	switch {
	case len(heap) < most:
		heap = append(heap, rank)
		for i := len(heap) - 1; i > 0 && heap[(i-1)/2] > heap[i]; i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
		*g = heap
	case most > 0 && rank > heap[0]:
		heap[0] = rank
		heap.sink()
	}
}

func (g greatest) sink() {
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(g); child++ {
			if g[child] < g[least] {
				least = child
			}
		}
		if least == i {
			return
		}
		g[i], g[least] = g[least], g[i]
		i = least
	}
}

package geo

// slabs cuts a range of latitudes into equal bands and lists, band by band, the
// items that reach into each. A point or a narrow band then meets few items.
type slabs struct {
	low   int64   // latitude of the lowest band, 1e-7 degree
	shift uint    // a band is 1<<shift units high
	start []int32 // items of band k are items[start[k]:start[k+1]]
	items []int32
}

// span is a closed range of latitudes in 1e-7 degree.
type span struct{ low, high int32 }

// newSlabs lists items by their spans. It aims at four items a band and widens
// the bands while tall items would fill more than four places each.
func newSlabs(spans []span) slabs {
	if len(spans) == 0 {
		return slabs{}
	}
	low, high := int64(spans[0].low), int64(spans[0].high)
	for _, s := range spans {
		low, high = min(low, int64(s.low)), max(high, int64(s.high))
	}
	b := slabs{low: low}
	for (high-low)>>b.shift >= int64(max(1, len(spans)/4)) || b.places(spans) > 4*len(spans) {
		b.shift++
	}
	b.fill(spans, b.band(high)+1)
	return b
}

func (b *slabs) band(lat int64) int64 { return (lat - b.low) >> b.shift }

func (b *slabs) places(spans []span) int {
	n := int64(0)
	for _, s := range spans {
		n += b.band(int64(s.high)) - b.band(int64(s.low)) + 1
	}
	return int(n)
}

// fill sorts the items into their bands by counting.
func (b *slabs) fill(spans []span, bands int64) {
	b.start = make([]int32, bands+1)
	for _, s := range spans {
		for k := b.band(int64(s.low)); k <= b.band(int64(s.high)); k++ {
			b.start[k+1]++
		}
	}
	for k := range bands {
		b.start[k+1] += b.start[k]
	}
	b.items = make([]int32, b.start[bands])
	next := append([]int32(nil), b.start...)
	for i, s := range spans {
		for k := b.band(int64(s.low)); k <= b.band(int64(s.high)); k++ {
			b.items[next[k]] = int32(i)
			next[k]++
		}
	}
}

// between lists the items of all bands from latitude low to high, at least
// those that reach into that range; an item may be listed several times.
func (b *slabs) between(low, high int64) []int32 {
	last := int64(len(b.start)) - 2
	from, to := max(b.band(low), 0), min(b.band(high), last)
	if from > to {
		return nil
	}
	return b.items[b.start[from]:b.start[to+1]]
}

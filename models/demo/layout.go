package demo

import (
	"iter"
	"math"
	"math/rand/v2"
)

// A hamlet is laid out along an axis through its middle, in its own
// coordinates: x metres across the axis, y along it. Side streets leave the
// axis at both sides, one a block; alleys leave the side streets.
const (
	frontage = 6.5  // width of a lot along a street
	setback  = 8.0  // from the middle of a street to the houses
	sideFrom = 20.0 // where the lots of a side street begin
	block    = 60.0 // from one side street to the next
	axisLots = 9    // of the axis in one block
	// longestAxis in blocks, to each side: 1.6 km, so that its numbers stay
	// below axisNumbers.
	longestAxis = 27
	axisNumbers = 500

	alleyWidth = 4.0 // from the middle of an alley to its houses
	alleyFrom  = 15.0
	alleyLots  = 5 // on each side of an alley

	square = 40.0 // half the width of the free square in the middle
	jitter = 1.0  // houses stand off their place by at most this
	inset  = 3.0  // what stays free inside the border of the hamlet
)

// lotArea is the land in square metres that one lot takes, with its share of
// the streets, where an alley leaves every 6th or, in crowded hamlets, every
// 2nd lot.
const (
	airy, airyLotArea       = 6, 112.0
	crowded, crowdedLotArea = 2, 60.0
)

// hamlet is one khu phố or ấp of a part, with one settlement.
type hamlet struct {
	middle vec
	along  vec // unit vector of x
	across vec // unit vector of y
	land   fence
	area   float64 // square metres
	reach  float64 // metres from the middle to the farthest corner
	rows   int     // addresses without those of its square

	alleyEvery int     // lots
	bandLots   int     // lots of a side street before the next street is begun
	extent     float64 // metres around the middle kept for the settlement
}

func newHamlet(middle vec, land polygon, rng *rand.Rand) hamlet {
	along := direction(rng.Float64() * math.Pi)
	return hamlet{
		middle: middle, along: along, across: vec{-along.y, along.x},
		land: land.fence(), area: land.area(), reach: land.reach(middle),
	}
}

// size fits the settlement to the number of addresses.
func (h *hamlet) size(rows int) {
	h.rows = rows
	h.alleyEvery = airy
	lotArea := airyLotArea
	if float64(rows)*airyLotArea*1.3 > h.area {
		h.alleyEvery, lotArea = crowded, crowdedLotArea
	}
	width := math.Sqrt(float64(rows) * lotArea * 1.15)
	h.bandLots = max(int(width/2/frontage), 2*airy)
	h.extent = 0.75*width + block
}

// place is on the plane what (x, y) is in the hamlet.
func (h *hamlet) place(x, y float64) vec {
	return h.middle.add(h.along.scale(x)).add(h.across.scale(y))
}

// lot is a place to build on: number on its street, and in an alley its
// number there.
type lot struct {
	x, y   float64
	street int // northAxis, southAxis or, from firstSide, a side street
	number int // on the street from 1; of an alley, the number at its mouth
	alley  int // number in the alley from 1; 0: on the street
}

// Streets of a hamlet, by number.
const (
	northAxis = iota
	southAxis
	firstSide
)

// lots yields the places of the settlement from the middle outwards until the
// land of the hamlet is used up.
func (h *hamlet) lots() iter.Seq[lot] {
	return func(yield func(lot) bool) {
		blocks := int(h.reach/block) + 1
		more := func(l lot) bool { return !h.buildable(l) || yield(l) }
		for band := 0; float64(band*h.bandLots)*frontage < h.reach; band++ {
			for i := range 2*blocks + 1 {
				if band == 0 && i < 2*longestAxis-1 && !axisBlock(i, more) {
					return
				}
				if !h.sideStreet(i, 0, band, more) || !h.sideStreet(i, 1, band, more) {
					return
				}
			}
		}
	}
}

// zigzag maps 0, 1, 2, 3, 4 … to 0, 1, -1, 2, -2 …
func zigzag(i int) float64 {
	if i%2 == 1 {
		return float64(i/2 + 1)
	}
	return float64(-i / 2)
}

// axisBlock yields the lots on both sides of the axis along one block; the
// axis is one street to the north and another to the south of the middle.
func axisBlock(i int, yield func(lot) bool) bool {
	street, sign, blocks := northAxis, 1.0, zigzag(i)
	if blocks < 0 {
		street, sign, blocks = southAxis, -1, -blocks-1
	}
	for n := range axisLots - 1 {
		y := sign * (blocks*block + setback + float64(n)*frontage)
		number := 2 * (int(blocks)*axisLots + n)
		if !yield(lot{x: -setback, y: y, street: street, number: number + 1}) ||
			!yield(lot{x: setback, y: y, street: street, number: number + 2}) {
			return false
		}
	}
	return true
}

// sideStreet yields one band of the i-th street on one side of the axis.
func (h *hamlet) sideStreet(i, side, band int, yield func(lot) bool) bool {
	sign := float64(1 - 2*side)
	y := zigzag(i) * block
	street := firstSide + 2*i + side
	for n := band * h.bandLots; n < (band+1)*h.bandLots; n++ {
		x := sideFrom + float64(n)*frontage
		if x > h.reach {
			return true
		}
		if !yield(lot{x: sign * x, y: y - setback, street: street, number: 2*n + 2}) {
			return false
		}
		north := lot{x: sign * x, y: y + setback, street: street, number: 2*n + 1}
		if n%h.alleyEvery != h.alleyEvery-1 {
			if !yield(north) {
				return false
			}
		} else if !alley(north, yield) {
			return false
		}
	}
	return true
}

// alley yields the lots of the alley that leaves the street at the mouth.
func alley(mouth lot, yield func(lot) bool) bool {
	for n := range alleyLots {
		for side := range 2 {
			l := mouth
			l.x += alleyWidth * float64(1-2*side)
			l.y += alleyFrom - setback + float64(n)*frontage
			l.alley = 2*n + side + 1
			if !yield(l) {
				return false
			}
		}
	}
	return true
}

// buildable tells whether the lot is off the square, on the hamlet's land and
// away from the places of the fields.
func (h *hamlet) buildable(l lot) bool {
	if math.Abs(l.x) < square && math.Abs(l.y) < square {
		return false
	}
	if l.x*l.x+l.y*l.y > h.extent*h.extent && nearField(l.x) && nearField(l.y) {
		return false
	}
	return h.land.holds(h.place(l.x, l.y), inset+jitter)
}

// Fields lie on a grid of their own, in the middle between side streets.
const (
	fieldPitch  = 60.0
	fieldJitter = 8.0  // so two fields are at least 37 m apart
	fieldFree   = 15.0 // nothing else is nearer than this along x or along y
	fieldInset  = 27.0 // from the border, so that neighbours' fields keep 30 m
)

func nearField(x float64) bool {
	return math.Abs(x-fieldAt(math.Floor(x/fieldPitch))) < fieldFree
}

func fieldAt(i float64) float64 { return (i + 0.5) * fieldPitch }

// fields returns up to n places outside the settlement, in no order.
func (h *hamlet) fields(n int, rng *rand.Rand) []vec {
	if n == 0 {
		return nil
	}
	var places []vec
	side := int(h.reach/fieldPitch) + 1
	for i := -side; i < side; i++ {
		for j := -side; j < side; j++ {
			x, y := fieldAt(float64(i)), fieldAt(float64(j))
			if place := h.place(x, y); math.Hypot(x, y) > h.extent+fieldFree && h.land.holds(place, fieldInset) {
				places = append(places, place)
			}
		}
	}
	n = min(n, len(places))
	for i := range n {
		j := i + rng.IntN(len(places)-i)
		places[i], places[j] = places[j], places[i]
		places[i] = places[i].add(wobble(fieldJitter, rng))
	}
	return places[:n]
}

// wobble is a random step of at most most metres along x and along y.
func wobble(most float64, rng *rand.Rand) vec {
	return vec{(2*rng.Float64() - 1) * most, (2*rng.Float64() - 1) * most}
}

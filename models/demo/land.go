package demo

import (
	"math"
	"math/rand/v2"
)

// wedges cuts the polygon into n pieces around its middle.
func (p polygon) wedges(n int) []polygon {
	if n == 1 {
		return []polygon{p}
	}
	middle := p.middle()
	sites := make([]vec, n)
	for i := range sites {
		sites[i] = middle.add(direction(2 * math.Pi * float64(i) / float64(n)).scale(100))
	}
	return cells(p, sites)
}

func direction(angle float64) vec { return vec{math.Cos(angle), math.Sin(angle)} }

// middle is the centroid.
func (p polygon) middle() vec {
	var sum vec
	for i, a := range p {
		b := p[(i+1)%len(p)]
		sum = sum.add(a.add(b).scale(a.cross(b)))
	}
	return sum.scale(1 / (6 * p.area()))
}

// edgeOfTown is the least distance in metres from the middle of a hamlet to
// the border of its part: room for a tower or a market.
const edgeOfTown = 60

// scatter picks n places in the polygon, apart from each other: of some
// random ones always that farthest from those already picked.
func (p polygon) scatter(n int, rng *rand.Rand) []vec {
	const tries = 8
	inside := p.fence()
	places := make([]vec, 0, n)
	for range n {
		best, bestGap := vec{}, -1.0
		for range tries {
			v := p.randomPlace(inside, rng)
			if gap := nearest(v, places); gap > bestGap {
				best, bestGap = v, gap
			}
		}
		places = append(places, best)
	}
	return places
}

func (p polygon) randomPlace(inside fence, rng *rand.Rand) vec {
	low, high := p.box()
	for {
		v := vec{low.x + rng.Float64()*(high.x-low.x), low.y + rng.Float64()*(high.y-low.y)}
		if inside.holds(v, edgeOfTown) {
			return v
		}
	}
}

// nearest is the distance in metres from v to the nearest of the places.
func nearest(v vec, places []vec) float64 {
	gap := math.MaxFloat64
	for _, place := range places {
		gap = min(gap, v.distanceTo(place))
	}
	return gap
}

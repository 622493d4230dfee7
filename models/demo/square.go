package demo

import (
	"math/rand/v2"
	"strconv"
)

// squareUse is what stands on the free square in the middle of a hamlet.
type squareUse struct{ flats, stalls int }

// squareOf gives the first hamlet of a part the tower and the second the market.
func squareOf(hamlet, flats, stalls int) squareUse {
	switch hamlet {
	case 0:
		return squareUse{flats: flats}
	case 1:
		return squareUse{stalls: stalls}
	default:
		return squareUse{}
	}
}

// A market takes one address of its part in stallShare.
const (
	stallShare   = 40
	fewestStalls = 4
	stallsInRow  = 10
	mostStalls   = stallsInRow * stallsInRow
	stallPitch   = 3.2 // metres
)

func marketStalls(rest int) int {
	n := min(rest/stallShare, mostStalls)
	if n < fewestStalls {
		return 0
	}
	return n
}

// market yields the stalls, each on its own place.
func (g *generator) market(p *place, stalls int) bool {
	if stalls == 0 {
		return true
	}
	r := Row{
		Kind: "shop", NamePublic: "true", Building: "Chợ " + p.name, PositionKind: "stall", AccuracyM: "3",
	}
	r.Street, r.HouseNumber = p.streets.square()
	goods := stallGoods()
	for i := range stalls {
		row, column := i/stallsInRow, i%stallsInRow
		r.Name = pick(goods, g.rng) + " " + strconv.Itoa(i+1)
		r.UnitLabel = "Sạp " + string(rune('A'+row)) + "-" + twoDigits(column+1)
		at := p.hamlet.place((float64(column)-4.5)*stallPitch, (float64(row)-4.5)*stallPitch)
		if !g.emit(p, r, at) {
			return false
		}
	}
	return true
}

// Blocks of a tower, by flats.
const (
	flatsPerFloor = 12
	flatsPerBlock = flatsPerFloor * 20
	firstFloor    = 2 // shops are below
)

// tower yields the flats of one building, all on one point.
func (g *generator) tower(p *place, flats int) bool {
	if flats == 0 {
		return true
	}
	r := Row{
		Kind: "household", Building: "Chung cư " + pick(towerNames(), g.rng) + " " + p.name, PositionKind: "building", AccuracyM: "2",
	}
	r.Street, r.HouseNumber = p.streets.square()
	for i := range flats {
		r.UnitLabel = flatLabel(i)
		if !g.emit(p, r, p.middle) {
			return false
		}
	}
	return true
}

// flatLabel is block, floor and door, such as.
func flatLabel(i int) string {
	in := i % flatsPerBlock
	return string(rune('A'+i/flatsPerBlock)) + "-" +
		twoDigits(firstFloor+in/flatsPerFloor) + "." + twoDigits(in%flatsPerFloor+1)
}

func twoDigits(n int) string {
	return string([]byte{byte('0' + n/10), byte('0' + n%10)})
}

func pick(list []string, rng *rand.Rand) string { return list[rng.IntN(len(list))] }

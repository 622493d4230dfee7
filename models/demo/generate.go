package demo

import (
	"math/rand/v2"
	"strconv"

	"diachiso/geo"
)

// generator turns parts into rows. It lives for one run.
type generator struct {
	seed  uint64
	yield func(Row) bool
	rng   *rand.Rand

	serial int
	owed   int // houses that found no room in the hamlets so far

	inside  string        // code of the successor that is being settled
	streets *streetSupply // its streets
	ward    int           // streets of the part that bear its name
}

// place is what all rows of a hamlet have in common.
type place struct {
	*part
	hamlet
	frame   Row // commune, district, hamlet, as_of
	number  int // of the hamlet in its part, from 1
	streets *hamletStreets
	publics *publicNames
}

// settle yields the rows of a part; false: the reader wants no more.
func (g *generator) settle(p *part, stream uint64) bool {
	g.rng = rand.New(rand.NewPCG(g.seed, stream))
	if g.inside != p.successor {
		g.inside, g.streets = p.successor, newStreetSupply(g.rng)
	}
	g.ward = 0
	if p.second {
		g.ward = secondPartStreets
	}
	places, stalls := g.hamlets(p)
	for i := range places {
		places[i].streets = g.hamletStreets(&places[i])
		if !g.hamlet(&places[i], squareOf(i, p.flats, stalls)) {
			return false
		}
	}
	return true
}

// Hamlets of a part: one for every householdsPerHamlet, within bounds.
const (
	householdsPerHamlet = 900
	fewestHamlets       = 3
	mostHamlets         = 12
)

// hamlets divides the land and the addresses of a part. stalls is how many of
// the addresses are stalls of the part's market.
func (g *generator) hamlets(p *part) (places []place, stalls int) {
	n := min(max(p.weight/3/householdsPerHamlet, fewestHamlets), mostHamlets)
	middles := p.land.scatter(n, g.rng)
	lands := cells(p.land, middles)
	areas := make([]int, n)
	for i, land := range lands {
		areas[i] = int(land.area())
	}
	stalls = marketStalls(p.rest)
	publics := &publicNames{part: p}
	for i, rows := range proportional(p.rest-stalls, areas, g.rng.Float64()) {
		pl := place{part: p, hamlet: newHamlet(middles[i], lands[i], g.rng), number: i + 1, publics: publics}
		pl.size(rows)
		pl.frame = g.frame(p, i+1)
		places = append(places, pl)
	}
	return places, stalls
}

// frame is what all rows of a hamlet have in common. Some lists give the code
// of the commune in place of its name.
func (g *generator) frame(p *part, number int) Row {
	r := Row{Commune: p.fullName, District: p.district, AsOf: p.asOf, Hamlet: hamletName(p, number, g.rng)}
	if g.rng.IntN(8) == 0 {
		r.Commune = p.code
	}
	return r
}

// hamlet yields what is on the square, then the settlement, then the fields.
func (g *generator) hamlet(p *place, sq squareUse) bool {
	if !g.tower(p, sq.flats) || !g.market(p, sq.stalls) {
		return false
	}
	fields := p.fields(g.fieldCount(p), g.rng)
	if !g.settlement(p, p.rows-len(fields)+g.owed) {
		return false
	}
	for _, at := range fields {
		if !g.emit(p, g.field(p), at) {
			return false
		}
	}
	return true
}

// fieldCount is how many addresses of the hamlet lie outside its settlement.
func (g *generator) fieldCount(p *place) int {
	share := 0.02
	if !p.urban {
		share = 0.24
	}
	return int(share*float64(p.rows) + g.rng.Float64())
}

// housesPerGroup is the size of a tổ.
const housesPerGroup = 40

// settlement yields n addresses with numbers, house by house. What finds no
// room is owed to the next hamlet.
func (g *generator) settlement(p *place, n int) bool {
	g.owed = n
	if n == 0 {
		return true
	}
	group, grouped := "", g.rng.IntN(3) > 0
	alleyNamed := g.rng.IntN(3) == 0
	for l := range p.lots() {
		if built := n - g.owed; grouped && built%housesPerGroup == 0 {
			group = "Tổ " + strconv.Itoa(built/housesPerGroup+1)
		}
		r := g.house(p)
		r.Group = group
		r.Street, r.HouseNumber = p.streets.address(l.street, l.number)
		if l.alley > 0 {
			if alleyNamed {
				r.Alley = "Hẻm " + r.HouseNumber
			}
			r.HouseNumber += "/" + strconv.Itoa(l.alley)
		}
		if !g.emit(p, r, p.hamlet.place(l.x, l.y).add(wobble(jitter, g.rng))) {
			return false
		}
		if g.owed--; g.owed == 0 {
			return true
		}
	}
	return true
}

// emit completes the row and hands it out.
func (g *generator) emit(p *place, r Row, at vec) bool {
	g.serial++
	point := at.point()
	r.Ref = refOf(g.serial)
	r.Lat, r.Lng = geo.FormatE7(point.Lat), geo.FormatE7(point.Lng)
	r.Commune, r.District, r.Hamlet, r.AsOf = p.frame.Commune, p.frame.District, p.frame.Hamlet, p.frame.AsOf
	r.ValidFrom = dayOf(g.rng.IntN(daysOfIssue))
	return g.yield(r)
}

func refOf(serial int) string {
	const width = 6
	digits := strconv.Itoa(serial)
	return "BD-" + "000000"[min(len(digits), width):] + digits
}

// daysOfIssue from 1 July to 31 October 2022.
const daysOfIssue = 31 + 31 + 30 + 31

// dayOf is the ISO date of a day counted from 1 July 2022.
func dayOf(n int) string {
	month := 7
	for _, days := range [...]int{31, 31, 30} {
		if n < days {
			break
		}
		n, month = n-days, month+1
	}
	b := [...]byte{'2', '0', '2', '2', '-', byte('0' + month/10), byte('0' + month%10), '-', byte('0' + (n+1)/10), byte('0' + (n+1)%10)}
	return string(b[:])
}

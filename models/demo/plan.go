package demo

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"diachiso/models/facts"
)

// The texts are those of this day, and so are the units they name. A row of
// an import file that names a district is read as of legacyDay.
const (
	textDay   = "2022-10-01"
	legacyDay = "2025-06-30"
)

// part is the share of one commune of 2022 in one of its successors, the
// piece of land that the demo settles at a time.
type part struct {
	code, name, fullName   string // of the commune of 2022
	urban                  bool   // a phường or thị trấn: it has khu phố, the others ấp
	district, districtCode string
	asOf                   string // textDay where a name changed before legacyDay

	successor string
	main      bool // the default successor: here are the commune's offices
	second    bool // another part of the same commune comes before this one
	weight    int  // thirds of a household
	land      polygon

	flats int // on one point, in the one tower of the part; 0: no tower
	rest  int // all other addresses
}

// plan divides size addresses among the parts, ordered by successor.
func plan(size int) ([]part, error) {
	communes, err := communes2022()
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, c := range communes {
		parts = append(parts, c.parts()...)
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.successor, b.successor) })
	markSecondParts(parts)
	if err := divideLand(parts); err != nil {
		return nil, err
	}
	left := size - assignTowers(parts, size)
	for i, n := range shares(left, parts) {
		parts[i].rest = n
	}
	return parts, nil
}

// commune is a commune of 2022 with today's successors, the default first.
type commune struct {
	part
	successors []string
}

// parts gives the default successor two thirds of a divided commune.
func (c commune) parts() []part {
	thirds := [][]int{{3}, {2, 1}}[len(c.successors)-1]
	households := households()[c.code]
	var list []part
	for i, successor := range c.successors {
		p := c.part
		p.successor, p.main, p.weight = successor, i == 0, households*thirds[i]
		list = append(list, p)
	}
	return list
}

func markSecondParts(parts []part) {
	seen := map[string]bool{}
	for i := range parts {
		parts[i].second = seen[parts[i].code]
		seen[parts[i].code] = true
	}
}

// communes2022 reads the shipped facts as of textDay.
func communes2022() ([]commune, error) {
	now, err := unitsOn(textDay)
	if err != nil {
		return nil, err
	}
	later, err := unitsOn(legacyDay)
	if err != nil {
		return nil, err
	}
	var list []commune
	for _, u := range now.list {
		if u.level != "commune" {
			continue
		}
		c, err := now.commune(u, later)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// unit is a row of the facts.
type unit struct{ level, code, parent, fullName, kind, successors string }

type units struct {
	list   []unit
	byCode map[string]unit
}

// unitsOn reads the units of Bình Dương before the reform that were in force
// on a day.
func unitsOn(day string) (units, error) {
	us := units{byCode: map[string]unit{}}
	for _, file := range facts.Files() {
		if file.Name != "binhduong_2022.csv" {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(file.Text)).ReadAll()
		if err != nil {
			return us, fmt.Errorf("%s: %w", file.Name, err)
		}
		for _, r := range rows[1:] {
			if from, to := r[5], r[6]; from <= day && day < to {
				u := unit{r[0], r[1], r[2], r[3], r[4], r[8]}
				us.list = append(us.list, u)
				us.byCode[u.code] = u
			}
		}
	}
	return us, nil
}

func (us units) commune(u unit, later units) (commune, error) {
	district := us.byCode[u.parent]
	after := later.byCode[u.code]
	c := commune{successors: strings.Fields(after.successors)}
	if n := len(c.successors); n < 1 || n > 2 {
		return c, fmt.Errorf("commune %s has %d successors; the demo knows how to divide it in one or two", u.code, n)
	}
	c.code, c.fullName = u.code, u.fullName
	c.name = strings.TrimPrefix(u.fullName, u.kind+" ")
	c.urban = u.kind != "Xã"
	c.districtCode, c.district = district.code, district.fullName
	if after.fullName != u.fullName || later.byCode[u.parent].fullName != district.fullName {
		c.asOf = textDay
	}
	return c, nil
}

// divideLand gives the parts of each successor their piece of its land: the
// wedges around its middle.
func divideLand(parts []part) error {
	lands := map[string]polygon{}
	for _, b := range Boundaries() {
		lands[b.Code] = b.land()
	}
	for first := 0; first < len(parts); {
		successor := parts[first].successor
		next := first
		for next < len(parts) && parts[next].successor == successor {
			next++
		}
		land, ok := lands[successor]
		if !ok {
			return fmt.Errorf("the demo has no boundary of %s", successor)
		}
		for i, piece := range land.wedges(next - first) {
			parts[first+i].land = piece
		}
		first = next
	}
	return nil
}

// land is the ring on the plane, without its closing corner.
func (b Boundary) land() polygon {
	var p polygon
	for _, corner := range b.Ring[1:] {
		p = append(p, project(corner))
	}
	return p
}

// Towers hold one address in towerShare, about towerFlats in each.
const (
	towerShare = 50
	towerFlats = 320
	mostTowers = 40
	fewestSize = 4 // a demo smaller than this has no tower
)

// assignTowers gives the largest urban parts a tower each and returns how many
// flats these have together.
func assignTowers(parts []part, size int) int {
	if size < fewestSize {
		return 0
	}
	flats := max(size/towerShare, 2)
	towers := min(max(flats/towerFlats, 1), mostTowers)
	largest := make([]*part, 0, len(parts))
	for i := range parts {
		if parts[i].urban {
			largest = append(largest, &parts[i])
		}
	}
	slices.SortStableFunc(largest, func(a, b *part) int { return b.weight - a.weight })
	weights := make([]int, towers)
	for i := range weights {
		weights[i] = 3 + i%3 // so that towers differ in height
	}
	for i, n := range proportional(flats, weights, 0) {
		largest[i].flats = n
	}
	return flats
}

// shares divides n among the parts by their weights; each gets at least one
// where there is one for each.
func shares(n int, parts []part) []int {
	weights := make([]int, len(parts))
	for i, p := range parts {
		weights[i] = p.weight
	}
	if n < len(parts) {
		return proportional(n, weights, 0.5)
	}
	list := proportional(n-len(parts), weights, 0)
	for i := range list {
		list[i]++
	}
	return list
}

// proportional divides n exactly: each gets within one of its due. Which of
// those with less than one due get one, start decides: at least 0, under 1.
func proportional(n int, weights []int, start float64) []int {
	total := 0
	for _, w := range weights {
		total += w
	}
	list := make([]int, len(weights))
	sum, given := int(start*float64(total)), 0
	for i, w := range weights {
		sum += w * n // stays below 1e16: weights are households or square metres
		list[i], given = sum/total-given, sum/total
	}
	return list
}

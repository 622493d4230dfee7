package geo

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Code is the registry's number of an address: the index of the nine symbols
// in base 20, times 8192, plus the unit (0 for the door, 1 for "222", 2 for
// "223" …). It is below 2^53, sorts like the cells it names, and 0 is a real
// cell that never means none. Check symbols are computed when it is written.
type Code uint64

// MaxUnit is the number of units behind one door.
const MaxUnit = 8000

const (
	unitBits  = 13
	unitMask  = 1<<unitBits - 1
	cellCount = 20 * 20 * 20 * 20 * 20 * 20 * 20 * 20 * 20

	// DoorLength and UnitLength are the number of symbols of a written code.
	DoorLength = 10
	UnitLength = 14
)

// cell is a row of 1/40,000 degree of latitude and a column of 1/32,000 degree
// of longitude, both counted from 0 N 0 E.
type cell struct{ row, col uint32 }

const (
	rowsPerDegree = 40_000
	colsPerDegree = 32_000
)

// Encode is the code of the door at p. An error's code is "outside-window".
func Encode(p Point) (Code, error) {
	if !p.InWindow() {
		return 0, outsideWindow(p)
	}
	return cellOf(p).code(), nil
}

// cellOf is the cell of a point inside the window.
func cellOf(p Point) cell {
	return cell{row: uint32(p.Lat) / 250, col: uint32(uint64(p.Lng) * 2 / 625)}
}

// code interleaves the base-20 digits of row and column; the last digit holds
// five rows of four columns.
func (c cell) code() Code {
	lat := (c.row/rowsPerDegree + 90) % 20
	lng := (c.col/colsPerDegree + 180) % 20
	r, k := c.row%rowsPerDegree, c.col%colsPerDegree
	high := ((lat*20+lng)*20+r/2000)*20 + k/1600
	low := (((r/100%20)*20+k/80%20)*20+r/5%20)*20 + k/4%20
	last := r%5*4 + k%4
	return Code((uint64(high)*160_000+uint64(low))*20+uint64(last)) << unitBits
}

// cell undoes cell.code.
func (c Code) cell() cell {
	v := c.values()
	for i := range v {
		v[i] -= firstValue
	}
	lat := uint32(v[0])
	// Symbol 14 and up is a latitude of 4 to 9 degrees, below 14 one of 10 to 23.
	if lat < 14 {
		lat += 20
	}
	row := (lat-10)*8000 + uint32(v[2])*400 + uint32(v[4])*20 + uint32(v[6])
	col := (uint32(v[1])+100)*8000 + uint32(v[3])*400 + uint32(v[5])*20 + uint32(v[7])
	return cell{row: row*5 + uint32(v[8])/4, col: col*4 + uint32(v[8])%4}
}

// values are the nine symbols as values of checkAlphabet.
func (c Code) values() (v [9]uint8) {
	n := uint64(c) >> unitBits
	high, low := uint32(n/3_200_000), uint32(n%3_200_000)
	v[0] = uint8(high/8000) + firstValue
	v[1] = uint8(high/400%20) + firstValue
	v[2] = uint8(high/20%20) + firstValue
	v[3] = uint8(high%20) + firstValue
	v[4] = uint8(low/160_000) + firstValue
	v[5] = uint8(low/8000%20) + firstValue
	v[6] = uint8(low/400%20) + firstValue
	v[7] = uint8(low/20%20) + firstValue
	v[8] = uint8(low%20) + firstValue
	return v
}

// unitValues are the three symbols of a unit as values of checkAlphabet.
func (c Code) unitValues() (v [3]uint8) {
	n := uint32(c&unitMask) - 1
	return [3]uint8{uint8(n/400) + firstValue, uint8(n/20%20) + firstValue, uint8(n%20) + firstValue}
}

// FromID is the code with the given number. An error's code is "invalid-id".
func FromID(id int64) (Code, error) {
	c := Code(id)
	if id < 0 || !c.Valid() {
		return 0, errorf("invalid-id",
			"%d is not the number of a code", "%d không phải là số của một mã địa chỉ", id)
	}
	return c, nil
}

// ID is the code as the primary key of the databases; below 2^53.
func (c Code) ID() int64 { return int64(c) }

// Valid tells whether the number names a cell and a unit of at most MaxUnit.
func (c Code) Valid() bool { return c>>unitBits < cellCount && c&unitMask <= MaxUnit }

// Door is the code of the door in front of the unit; a door's is itself.
func (c Code) Door() Code { return c &^ unitMask }

// Unit is the serial of the unit, 1 to 8000, or 0 for the door.
func (c Code) Unit() int { return int(c & unitMask) }

// IsDoor tells whether the code names a door.
func (c Code) IsDoor() bool { return c&unitMask == 0 }

// WithUnit is the code of a unit behind the same door; serial 0 is the door.
// An error's code is "invalid-unit".
func (c Code) WithUnit(serial int) (Code, error) {
	if serial < 0 || serial > MaxUnit {
		return 0, errorf("invalid-unit",
			"unit serial %d is not between 0 and %d",
			"số thứ tự căn %d không nằm trong khoảng từ 0 đến %d", serial, MaxUnit)
	}
	return c.Door() | Code(serial), nil
}

// Centre is the middle of the cell, floored to 1e-7 degree. It always encodes
// back to the same door.
func (c Code) Centre() Point {
	k := c.cell()
	return Point{Lat: int32(k.row*250 + 125), Lng: int32((uint64(k.col)*625 + 312) / 2)}
}

// Nine are the nine symbols without any check: digits 3 to 11 of the Plus Code.
func (c Code) Nine() string {
	v := c.values()
	var b [9]byte
	for i := range v {
		b[i] = checkAlphabet[v[i]]
	}
	return string(b[:])
}

// Plus is the 11-digit Plus Code of the cell.
func (c Code) Plus() string {
	nine := c.Nine()
	return c.plusPrefix() + nine[:6] + "+" + nine[6:]
}

// plusPrefix is the first pair of digits of the Plus Code: 10 N to 30 N starts
// with 7P, 10 S to 10 N with 6P.
func (c Code) plusPrefix() string {
	if c>>unitBits < firstSouthern {
		return "7P"
	}
	return "6P"
}

// firstSouthern is the index of the first cell south of 10 N.
const firstSouthern = cellCount / 20 * 14

// Vpostcode is the code in the scheme of 2020: a commune's five-digit postcode
// and the last seven of the nine symbols.
func (c Code) Vpostcode(postcode string) string { return postcode + c.Nine()[2:] }

// AppendTo appends the written code: 10 symbols for a door, 14 for a unit. A
// number that is not Valid is written as "Code(n)".
func (c Code) AppendTo(b []byte) []byte {
	if !c.Valid() {
		return fmt.Appendf(b, "Code(%d)", uint64(c))
	}
	v := c.values()
	for i := range v {
		b = append(b, checkAlphabet[v[i]])
	}
	b = append(b, checkSymbol(doorSum(&v)))
	if c.IsDoor() {
		return b
	}
	u := c.unitValues()
	return append(b, checkAlphabet[u[0]], checkAlphabet[u[1]], checkAlphabet[u[2]], checkSymbol(unitSum(&v, &u)))
}

// String is the written code, without separators.
func (c Code) String() string { return string(c.AppendTo(make([]byte, 0, UnitLength))) }

// Grouped is the code as it stands on a plate: "28XM J25 Q66", with its unit
// "28XM J25 Q66 223R".
func (c Code) Grouped() string {
	s := c.String()
	switch {
	case !c.Valid():
		return s
	case c.IsDoor():
		return s[:4] + " " + s[4:7] + " " + s[7:]
	default:
		return s[:4] + " " + s[4:7] + " " + s[7:10] + " " + s[10:]
	}
}

// Bounds are the edges of the cell in degrees, as exact decimals of at most
// eight places. South and west edge belong to the cell.
func (c Code) Bounds() (south, west, north, east string) {
	k := c.cell()
	lat := func(row uint32) string { return string(appendFixed(nil, int64(row)*250, 7)) }
	lng := func(col uint32) string { return string(appendFixed(nil, int64(col)*3125, 8)) }
	return lat(k.row), lng(k.col), lat(k.row + 1), lng(k.col + 1)
}

// Ring is the outline of the cell in degrees, longitude first, closed,
// counter-clockwise from its south-west corner.
func (c Code) Ring() orb.Ring {
	k := c.cell()
	south, north := float64(k.row)/rowsPerDegree, float64(k.row+1)/rowsPerDegree
	west, east := float64(k.col)/colsPerDegree, float64(k.col+1)/colsPerDegree
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

// MarshalText writes the code as String does, so that JSON shows the code and
// not the number. The error's code is "invalid-id".
func (c Code) MarshalText() ([]byte, error) {
	if _, err := FromID(int64(c)); err != nil {
		return nil, err
	}
	return c.AppendTo(make([]byte, 0, UnitLength)), nil
}

// UnmarshalText reads a code as Parse does.
func (c *Code) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

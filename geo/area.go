package geo

import (
	"cmp"
	"slices"
)

// AreaRange is the inclusive range of codes, doors and units, inside the area
// that a truncated code names: 2 symbols are 1 degree, 4 about 5.5 km, 6 about
// 276 m, 8 about 14 m, 9 one cell of about 3 m. A complete door code of 10
// symbols, whose check must hold, names the door with its units. An error's
// code is "bad-area" or, for 10 symbols, one of Parse.
func AreaRange(prefix string) (lo, hi Code, err error) {
	switch len(prefix) {
	case 2, 4, 6, 8, 9:
		n, ok := index(prefix)
		if !ok {
			return 0, 0, badArea(prefix)
		}
		size := uint64(1)
		for range doorSymbols - len(prefix) {
			size *= 20
		}
		return cellRange(n*size, size)
	case DoorLength:
		door, err := Parse(prefix)
		if err != nil {
			return 0, 0, err
		}
		return door, door | MaxUnit, nil
	default:
		return 0, 0, badArea(prefix)
	}
}

// cellRange is the range of the codes in n cells from the first.
func cellRange(first, n uint64) (lo, hi Code, err error) {
	return Code(first << unitBits), Code((first+n-1)<<unitBits | MaxUnit), nil
}

// index reads symbols of Alphabet, in either case, as a number in base 20.
func index(symbols string) (n uint64, ok bool) {
	for i := range len(symbols) {
		digit := symbolValues[symbols[i]] - firstValue
		if digit >= 20 {
			return 0, false
		}
		n = n*20 + uint64(digit)
	}
	return n, true
}

func badArea(prefix string) *Error {
	return errorf("bad-area",
		"%q names no area; give the first 2, 4, 6, 8 or 9 symbols of a code, or a whole door code of 10",
		"%q không phải là tên của một vùng; hãy cho 2, 4, 6, 8 hoặc 9 ký tự đầu của mã, hoặc đủ 10 ký tự", shown(prefix))
}

// Neighbours are the doors of the cells around the cell of p, at most eight,
// those outside the window left out; nearest first by the metres from p to a
// cell's centre, equal ones by code. A point outside the window has none.
func Neighbours(p Point) []Code {
	if !p.InWindow() {
		return nil
	}
	type neighbour struct {
		code   Code
		metres float64
	}
	around := make([]neighbour, 0, 8)
	for _, k := range cellOf(p).around() {
		code := k.code()
		around = append(around, neighbour{code, Distance(p, code.Centre())})
	}
	slices.SortFunc(around, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.code, b.code))
	})
	codes := make([]Code, len(around))
	for i := range around {
		codes[i] = around[i].code
	}
	return codes
}

// around lists the neighbouring cells inside the window.
func (c cell) around() []cell {
	cells := make([]cell, 0, 8)
	for row := c.row - 1; row <= c.row+1; row++ {
		for col := c.col - 1; col <= c.col+1; col++ {
			k := cell{row, col}
			if k != c && k.inWindow() {
				cells = append(cells, k)
			}
		}
	}
	return cells
}

func (c cell) inWindow() bool {
	return 4*rowsPerDegree <= c.row && c.row < 24*rowsPerDegree &&
		100*colsPerDegree <= c.col && c.col < 120*colsPerDegree
}

// CodesEndingIn lists the doors whose last seven of the nine symbols are the
// given ones, as a Vpostcode has them: one in each of the 400 squares of one
// degree, in ascending order. An error's code is "bad-vpostcode".
func CodesEndingIn(seven string) ([]Code, error) {
	n, ok := index(seven)
	if len(seven) != 7 || !ok {
		return nil, errorf("bad-vpostcode",
			"%q are not the last seven symbols of a Vpostcode",
			"%q không phải là bảy ký tự cuối của một mã Vpostcode", shown(seven))
	}
	const square = cellCount / 400
	codes := make([]Code, 400)
	for i := range codes {
		codes[i] = Code((uint64(i)*square + n) << unitBits)
	}
	return codes, nil
}

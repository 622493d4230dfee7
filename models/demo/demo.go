// Package demo makes up a province to try the program on: synthetic borders
// of the 36 communes that Bình Dương became, and as many addresses as wanted
// in them, written as in 2022: clustered settlements with streets, alleys and
// hamlets, towers with hundreds of flats on one point, markets, farms outside
// the settlements, public bodies and landmarks.
//
// The same seed and size always give the same rows. Names of units and the
// numbers of households are facts, street names are in use somewhere in
// Vietnam; every address is invented, and no person is named.
package demo

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
)

// DefaultSize is how many objects of Bình Dương received a digital address in
// 2022. MaxSize is as many as the layout has room for.
const (
	DefaultSize = 286_949
	MaxSize     = 3_000_000
)

// Rows yields exactly size addresses, ordered by today's commune and, within
// it, by hamlet. Every row stands for itself: no two of one commune have the
// same house number, street, building and unit, and no two without a number
// that lie within 30 m of each other have the same kind and name. The error
// says that size is not between 1 and MaxSize.
func Rows(seed uint64, size int) (iter.Seq[Row], error) {
	if size < 1 || size > MaxSize {
		return nil, fmt.Errorf("a demo of %d addresses can't be made: ask for 1 to %d", size, MaxSize)
	}
	parts, err := plan(size)
	if err != nil {
		return nil, fmt.Errorf("plan the demo: %w", err)
	}
	return func(yield func(Row) bool) {
		g := generator{seed: seed, yield: yield}
		for i := range parts {
			if !g.settle(&parts[i], uint64(i)) {
				return
			}
		}
	}, nil
}

// WriteCSV writes the rows as an import file: UTF-8, a header, commas.
func WriteCSV(w io.Writer, seed uint64, size int) error {
	rows, err := Rows(seed, size)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(Columns()); err != nil {
		return err
	}
	var cells []string
	for row := range rows {
		cells = row.AppendCells(cells[:0])
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

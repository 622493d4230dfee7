// Package facts ships what the program knows of administrative units without
// asking anybody: codes, names, kinds, postcodes, periods and successions of
// Bình Dương in 2022 and of its successors since the reform of 1 July 2025.
// The files are of the same form as those that units import reads; README.md
// beside them says what each column means and where the facts are from.
package facts

import _ "embed"

//go:embed binhduong_2022.csv
var binhDuong2022 string

//go:embed binhduong_2025.csv
var binhDuong2025 string

// File is one shipped table of units: UTF-8, comma separated, with a header.
type File struct {
	Name string
	Text string
}

// Files returns the shipped tables in the order in which to import them: a
// file comes after those that hold the successors of its units, and within a
// file a parent comes before its children.
func Files() []File {
	return []File{
		{Name: "binhduong_2025.csv", Text: binhDuong2025},
		{Name: "binhduong_2022.csv", Text: binhDuong2022},
	}
}

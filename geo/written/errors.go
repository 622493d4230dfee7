package written

// Letters of a word that may hold two typing errors, or the second of a name.
const longWord = 5

// Costs of one typing error, and the most that a name may have: two in long
// words or one in a short and one in a long word.
const (
	errorInLong  = 2
	errorInShort = 3
	mostErrors   = errorInLong + errorInShort
)

// mayHoldBoth reports whether two typing errors that make a name of a text may
// lie where they do: at most one in words of fewer than five letters. Nguyễn
// Thị Hoa is not Nguyễn Thái Học. ends are where the words of the name end;
// part: the text may lack the end of the name.
func mayHoldBoth(name, typed string, ends []uint8, part bool) bool {
	if len(ends) < 2 || len(name) > mostLetters+2 || len(typed) > mostLetters+2 {
		return true
	}
	var prices [mostLetters + 2]uint8
	pricesOf(prices[:len(name)], ends)
	var rows [3][mostLetters + 3]uint8
	for j := range name {
		rows[0][j+1] = rows[0][j] + prices[j]
	}
	for i := range typed {
		row, above, earlier := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		row[0] = above[0] + prices[0]
		for j := range name {
			here := prices[j]
			cost := above[j]
			if name[j] != typed[i] {
				cost += here
			}
			if i > 0 && j > 0 && name[j] == typed[i-1] && name[j-1] == typed[i] {
				cost = min(cost, earlier[j-1]+min(here, prices[j-1]))
			}
			extra := here // a letter too many belongs to either word beside it
			if j+1 < len(name) {
				extra = min(extra, prices[j+1])
			}
			row[j+1] = min(cost, row[j]+here, above[j+1]+extra)
		}
	}
	last := &rows[len(typed)%3]
	least := last[len(name)]
	for j := 0; part && j < len(name); j++ {
		least = min(least, last[j])
	}
	return least <= mostErrors
}

// pricesOf writes what an error costs at each letter of a name.
func pricesOf(prices []uint8, ends []uint8) {
	from := 0
	for _, end := range ends {
		price := uint8(errorInShort)
		if int(end)-from >= longWord {
			price = errorInLong
		}
		for ; from < int(end) && from < len(prices); from++ {
			prices[from] = price
		}
	}
}

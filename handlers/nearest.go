package handlers

// nearestName is the known name that a slip or two turn a given one into, one
// slip where it is as short as lat; empty where none is that near.
func nearestName(given string, known []string) string {
	best, fewest := "", 3
	for _, name := range known {
		if len(given) > len(name)+6 { // more bytes than two slips can add
			continue
		}
		if d := edits([]rune(given), []rune(name)); d < fewest && 2*d <= len(name) {
			best, fewest = name, d
		}
	}
	return best
}

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

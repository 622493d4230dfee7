package handlers

// exportMatrix are the exports' rows of the matrix.
func exportMatrix() map[string]matrixRow {
	rows := map[string]matrixRow{}
	for _, file := range []string{"addresses.ndjson", "addresses.geojson", "addresses.csv", "units.ndjson", "units.geojson", "units.csv"} {
		rows["GET "+exportPrefix+file] = open(exportPrefix + file)
	}
	return rows
}

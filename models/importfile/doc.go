// Package importfile reads the lists of addresses that officers and operators
// hand in: CSV as spreadsheets write it, and GeoJSON. It turns each row into
// a Record of text cells under canonical column names and knows nothing of
// what the cells mean; a wrong coordinate or an unknown kind is found later.
//
// Rows that can't be read are answered one by one as *RowError and reading
// goes on with the next row; what makes the whole file unusable (an unknown
// column, a wrong encoding, a truncated document) is a *FileError and ends it.
// Every row handed out, as a Record or as a RowError, is one row read.
//
// Nothing is dropped silently, with these exceptions: lines without any
// content (also those of separators alone, as spreadsheets leave them) are no
// rows; in GeoJSON a null property is absent, and what stands outside a
// feature's properties and its point's two coordinates (id, bbox, altitude,
// foreign members) is not imported.
package importfile

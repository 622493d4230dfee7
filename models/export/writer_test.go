package export

import (
	"testing"

	"diachiso/models"
)

func TestHeaderAndCellsDiffer(t *testing.T) {
	if cells := addressCells(&models.PublicAddress{}); len(cells) != len(addressHeader) {
		t.Errorf("%d cells of an address under %d names", len(cells), len(addressHeader))
	}
	if cells := newUnitWriter(nil, Options{Format: CSV}, "").form.cells(&unitRow{}); len(cells) != len(unitHeader) {
		t.Errorf("%d cells of a unit under %d names", len(cells), len(unitHeader))
	}
}

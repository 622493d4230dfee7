package batch_test

import (
	"strings"
	"testing"

	"diachiso/models"
	"diachiso/models/batch"
	"diachiso/models/storetest"
)

// answer runs a table through a store.
func answer(t *testing.T, s *models.Store, o batch.Options, in string) (string, batch.Counts) {
	t.Helper()
	b, err := batch.Open(strings.NewReader(in), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	var out strings.Builder
	n, err := b.Write(t.Context(), s, &out, nil)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	if n.Rows != b.Rows() || n.Found+n.Uncertain+n.NotFound+n.Invalid != n.Rows {
		t.Errorf("%d rows, counted %+v", b.Rows(), n)
	}
	return out.String(), n
}

func TestSmoke(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		storetest.Register(t, s, storetest.House(1))
		for _, o := range []batch.Options{
			{Call: batch.CallResolve, Format: batch.FormatCSV},
			{Call: batch.CallReverse, Format: batch.FormatCSV, Column: "q"},
			{Call: batch.CallSearch, Format: batch.FormatCSV},
		} {
			out, n := answer(t, s, o, "n,q,x\n1,28XMJ25Q66,\"a,b\"\n2,\"10.9804,106.6519\",\n3,,=1\n4,xyz,\n5,28XMJ25Q67,\n")
			t.Logf("%+v\n%s", n, out)
		}
		out, n := answer(t, s, batch.Options{Call: batch.CallReverse, Format: batch.FormatJSON}, `[{"a":1.50,"lat":10.9804, "lng":"106.652"},{}]`)
		t.Logf("%+v\n%s", n, out)
	})
}

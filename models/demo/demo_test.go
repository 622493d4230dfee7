package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"diachiso/geo"
	"diachiso/geo/text"
)

const testSeed = 2022

func rowsOf(t testing.TB, seed uint64, size int) iter.Seq[Row] {
	t.Helper()
	rows, err := Rows(seed, size)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// province is the demo at its default size, made once for all tests.
var province = sync.OnceValue(func() []Row {
	rows, err := Rows(testSeed, DefaultSize)
	if err != nil {
		panic(err)
	}
	return slices.Collect(rows)
})

func (r *Row) point(t testing.TB) geo.Point {
	t.Helper()
	p, err := geo.ParsePoint(r.Lat, r.Lng)
	if err != nil {
		t.Fatalf("%s: %v", r.Ref, err)
	}
	return p
}

// homes maps full names with their district, and codes, of 2022 to the
// communes of 2022.
func homes(t testing.TB) map[string]commune {
	t.Helper()
	communes, err := communes2022()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]commune{}
	for _, c := range communes {
		m[c.fullName+", "+c.district] = c
		m[c.code+", "+c.district] = c
	}
	return m
}

// today finds the commune of today that each row lies in, among the
// successors of the one it names.
func today(t testing.TB, rows []Row) []string {
	t.Helper()
	rings := map[string]orb.Ring{}
	for _, b := range Boundaries() {
		rings[b.Code] = orbRing(b.Ring)
	}
	known := homes(t)
	list := make([]string, len(rows))
	for i := range rows {
		r := &rows[i]
		c, ok := known[r.Commune+", "+r.District]
		if !ok {
			t.Fatalf("%s: no commune %s, %s in 2022", r.Ref, r.Commune, r.District)
		}
		at := r.point(t).Orb()
		found := slices.IndexFunc(c.successors, func(code string) bool { return planar.RingContains(rings[code], at) })
		if found < 0 {
			t.Fatalf("%s: %v is in no successor of %s", r.Ref, at, r.Commune)
		}
		list[i] = c.successors[found]
	}
	return list
}

func TestSizeIsMissed(t *testing.T) {
	for _, size := range []int{1, 2, 3, 4, 5, 10, 50, 106, 107, 108, 109, 110, 200, 1_000, 12_345} {
		for _, seed := range []uint64{0, 1, 99} {
			n := 0
			for range rowsOf(t, seed, size) {
				n++
			}
			if n != size {
				t.Errorf("seed %d: %d rows, want %d", seed, n, size)
			}
		}
	}
	if n := len(province()); n != DefaultSize {
		t.Errorf("%d rows, want %d", n, DefaultSize)
	}
}

func TestLargestSizeHasNoRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("makes three million rows")
	}
	n := 0
	for range rowsOf(t, testSeed, MaxSize) {
		n++
	}
	if n != MaxSize {
		t.Errorf("%d rows, want %d", n, MaxSize)
	}
}

func TestImpossibleSizeIsAccepted(t *testing.T) {
	for _, size := range []int{-1, 0, MaxSize + 1} {
		if _, err := Rows(1, size); err == nil || !strings.Contains(err.Error(), strconv.Itoa(size)) {
			t.Errorf("size %d: error %v", size, err)
		}
		if err := WriteCSV(&bytes.Buffer{}, 1, size); err == nil {
			t.Errorf("size %d is written", size)
		}
	}
}

func TestRunsDiffer(t *testing.T) {
	rows := rowsOf(t, testSeed, 3_000)
	first, second := slices.Collect(rows), slices.Collect(rows)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same rows read again (-first +second):\n%s", diff)
	}
	if slices.Equal(first, slices.Collect(rowsOf(t, testSeed+1, 3_000))) {
		t.Error("another seed gives the same rows")
	}
}

// TestRowsChanged holds the demo still: a change of these rows breaks every
// database that was filled before, so it wants a line in the change log.
func TestRowsChanged(t *testing.T) {
	hash := sha256.New()
	out := csv.NewWriter(hash)
	for _, r := range province()[:1000] {
		if err := out.Write(r.AppendCells(nil)); err != nil {
			t.Fatal(err)
		}
	}
	out.Flush()
	const want = "9f262640ad77b32ec221a28ed2611a55ee084db173eb901a985e0369491e1f55"
	if got := hex.EncodeToString(hash.Sum(nil)); got != want {
		t.Errorf("the first 1000 rows have the SHA-256 %s, want %s", got, want)
	}
}

func TestReaderCantStop(t *testing.T) {
	for _, stop := range []int{1, 2, 100, 2_999} {
		n := 0
		for range rowsOf(t, testSeed, 3_000) {
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("stopped after %d rows, want %d", n, stop)
		}
	}
}

func TestAddressLiesInAnotherCommune(t *testing.T) {
	rows := province()
	now, before := map[string]bool{}, map[string]bool{}
	known, last := homes(t), ""
	for i, code := range today(t, rows) {
		if code < last {
			t.Fatalf("%s: %s comes after %s", rows[i].Ref, code, last)
		}
		last = code
		now[code] = true
		before[known[rows[i].Commune+", "+rows[i].District].code] = true
	}
	if len(now) != 36 || len(before) != 91 {
		t.Errorf("addresses in %d communes of today and %d of 2022, want 36 and 91", len(now), len(before))
	}
}

func TestTwoAddressesAreDuplicates(t *testing.T) {
	for name, rows := range map[string][]Row{
		"default size": province(),
		"small":        slices.Collect(rowsOf(t, 5, 400)),
	} {
		communes := today(t, rows)
		doors, refs := map[string]string{}, map[string]bool{}
		for i, r := range rows {
			if refs[r.Ref] {
				t.Fatalf("%s: reference %s twice", name, r.Ref)
			}
			refs[r.Ref] = true
			if r.HouseNumber == "" {
				continue
			}
			door := strings.Join([]string{communes[i], text.Fold(r.HouseNumber), text.Fold(r.Street),
				text.Fold(r.Building), text.Fold(r.UnitLabel)}, "|")
			if other, taken := doors[door]; taken {
				t.Fatalf("%s: %s and %s are both %s", name, other, r.Ref, door)
			}
			doors[door] = r.Ref
		}
	}
}

// tiles finds near addresses: those within meters of a point are in its tile
// or the eight around it.
type tiles struct {
	meters float64
	placed map[[2]int][]placed
}

type placed struct {
	*Row
	at geo.Point
}

func newTiles(meters float64) tiles { return tiles{meters, map[[2]int][]placed{}} }

func (ts tiles) tile(p geo.Point) [2]int {
	v := project(p)
	return [2]int{int((v.x + 1e6) / ts.meters), int((v.y + 1e6) / ts.meters)}
}

func (ts tiles) add(p placed) { ts.placed[ts.tile(p.at)] = append(ts.placed[ts.tile(p.at)], p) }

func (ts tiles) near(p placed) (near []*Row) {
	at := ts.tile(p.at)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, other := range ts.placed[[2]int{at[0] + dx, at[1] + dy}] {
				if geo.Distance(p.at, other.at) < ts.meters {
					near = append(near, other.Row)
				}
			}
		}
	}
	return near
}

func TestSameNameWithoutNumberNearby(t *testing.T) {
	found := newTiles(30)
	rows := province()
	for i := range rows {
		r := &rows[i]
		if r.HouseNumber != "" {
			continue
		}
		p := placed{r, r.point(t)}
		for _, other := range found.near(p) {
			if other.Kind == r.Kind && text.Fold(other.Name) == text.Fold(r.Name) {
				t.Fatalf("%s and %s are both %s %q within 30 m", other.Ref, r.Ref, r.Kind, r.Name)
			}
		}
		found.add(p)
	}
}

func TestHousesStandOnEachOther(t *testing.T) {
	found := newTiles(3)
	rows := province()
	for i := range rows {
		r := &rows[i]
		if r.AccuracyM == "2" {
			continue // a flat
		}
		p := placed{r, r.point(t)}
		if near := found.near(p); len(near) > 0 {
			t.Fatalf("%s and %s are within 3 m", near[0].Ref, r.Ref)
		}
		found.add(p)
	}
}

func TestTowerIsTooSmall(t *testing.T) {
	flats := map[geo.Point]int{}
	rows := province()
	for i := range rows {
		r := &rows[i]
		if !strings.HasPrefix(r.Building, "Chung cư ") {
			continue
		}
		flats[r.point(t)]++
		if r.UnitLabel == "" || r.HouseNumber == "" || r.Street == "" || r.AccuracyM != "2" {
			t.Fatalf("flat %+v", *r)
		}
	}
	if len(flats) < 10 {
		t.Errorf("only %d towers", len(flats))
	}
	for at, n := range flats {
		if n < 200 {
			t.Errorf("the tower at %v has %d flats", at, n)
		}
	}
}

func TestSmallDemoIsPoor(t *testing.T) {
	rows := slices.Collect(rowsOf(t, 1, 30))
	communes, flats := map[string]bool{}, map[string]int{}
	for i, code := range today(t, rows) {
		communes[code] = true
		flats[rows[i].Building]++
	}
	delete(flats, "")
	if len(communes) < 10 {
		t.Errorf("30 rows are in %d communes", len(communes))
	}
	for building, n := range flats {
		if n < 2 {
			t.Errorf("%s has %d flats", building, n)
		}
	}
	if len(flats) == 0 {
		t.Error("30 rows have no tower")
	}
}

func TestKindsAreOutOfProportion(t *testing.T) {
	counts, rows := map[string]int{}, province()
	for _, r := range rows {
		counts[r.Kind]++
		switch {
		case strings.HasPrefix(r.UnitLabel, "Sạp "):
			counts["stall"]++
		case strings.Contains(r.HouseNumber, "/"):
			counts["alley"]++
		case r.UnitLabel != "":
			counts["flat"]++
		}
	}
	for kind, bounds := range map[string][2]float64{ // percent
		"household": {65, 75}, "business": {8, 15}, "shop": {8, 15}, "farm": {2, 8}, "public": {0.5, 2},
		"landmark": {0.2, 1}, "stall": {0.5, 3}, "alley": {20, 50}, "flat": {1.5, 2.5},
	} {
		share := 100 * float64(counts[kind]) / float64(len(rows))
		if share < bounds[0] || share > bounds[1] {
			t.Errorf("%.2f %% are %s, want %v", share, kind, bounds)
		}
		delete(counts, kind)
	}
	if len(counts) > 0 {
		t.Errorf("unknown kinds %v", counts)
	}
}

func TestACellCantBeStored(t *testing.T) {
	rows := province()
	for i := range rows {
		r := &rows[i]
		for column, cell := range r.AppendCells(nil) {
			if clean, err := text.Clean(cell, 100); err != nil || clean != cell {
				t.Fatalf("%s: %s %q is stored as %q, error %v", r.Ref, Columns()[column], cell, clean, err)
			}
		}
		if (r.Name == "") != (r.Kind == "household") || (r.Name == "") != (r.NamePublic == "") {
			t.Fatalf("%s: a %s with the name %q, public %q", r.Ref, r.Kind, r.Name, r.NamePublic)
		}
		if _, err := geo.Encode(r.point(t)); err != nil {
			t.Fatalf("%s: %v", r.Ref, err)
		}
		if r.ValidFrom < "2022-07-01" || r.ValidFrom > "2022-10-31" {
			t.Fatalf("%s: valid from %s", r.Ref, r.ValidFrom)
		}
		if r.AccuracyM == "" || r.PositionKind == "" || r.Hamlet == "" {
			t.Fatalf("%s lacks a cell: %+v", r.Ref, *r)
		}
	}
}

func TestFarmHasANumberOrAPrecisePoint(t *testing.T) {
	for _, r := range province() {
		if r.Kind != "farm" {
			continue
		}
		accuracy, err := strconv.Atoi(r.AccuracyM)
		if err != nil || accuracy < 5 || accuracy > 20 || r.HouseNumber != "" || r.PositionKind != "parcel" {
			t.Fatalf("farm %+v", r)
		}
	}
}

func TestHamletsAreOfTheOtherKind(t *testing.T) {
	known := homes(t)
	for _, r := range province() {
		urban := known[r.Commune+", "+r.District].urban
		if strings.HasPrefix(r.Hamlet, "Khu phố ") != urban || strings.HasPrefix(r.Hamlet, "Ấp ") == urban {
			t.Fatalf("%s: %s in %s", r.Ref, r.Hamlet, r.Commune)
		}
	}
}

func TestCSVDiffersFromTheRows(t *testing.T) {
	var file bytes.Buffer
	if err := WriteCSV(&file, testSeed, 2_000); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{Columns()}
	for r := range rowsOf(t, testSeed, 2_000) {
		want = append(want, r.AppendCells(nil))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-rows +file):\n%s", diff)
	}
}

func TestCellIsInTheWrongColumn(t *testing.T) {
	r := Row{"ref", "kind", "name", "name_public", "house_number", "street", "alley", "group", "hamlet", "building",
		"unit_label", "commune", "district", "lat", "lng", "accuracy_m", "position_kind", "valid_from", "as_of"}
	if diff := cmp.Diff(Columns(), r.AppendCells(nil)); diff != "" {
		t.Errorf("(-columns +cells):\n%s", diff)
	}
}

type fullDisk struct{ free int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.free -= len(b); d.free < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestFullDiskGoesUnnoticed(t *testing.T) {
	for _, free := range []int{0, 100_000} {
		if err := WriteCSV(&fullDisk{free: free}, 1, 5_000); err == nil {
			t.Errorf("with room for %d bytes: no error", free)
		}
	}
}

package models_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"diachiso/models/storetest"
)

// poll reads the change log as a consumer does, from the last number it saw,
// until done and nothing new; it answers how often each number came.
func poll(t *testing.T, db storetest.Database, done *atomic.Bool) map[int64]int {
	t.Helper()
	conn := db.SQL(t)
	seen, last := map[int64]int{}, int64(0)
	for {
		finished := done.Load() // before the question, so that the last question sees all
		rows, err := conn.QueryContext(t.Context(), fmt.Sprintf("SELECT seq FROM changes WHERE seq > %d ORDER BY seq", last))
		if err != nil {
			t.Errorf("poll: %v", err)
			return seen
		}
		before := len(seen)
		for rows.Next() {
			if err := rows.Scan(&last); err != nil {
				t.Errorf("poll: %v", err)
			}
			seen[last]++
		}
		if err := rows.Err(); err != nil {
			t.Errorf("poll: %v", err)
		}
		rows.Close()
		if finished && len(seen) == before {
			return seen
		}
	}
}

// That this can fail was shown by hand: with lockChanges emptied in the
// postgres dialect the reader missed changes in every one of five runs.
func TestPollingReaderMissesAChange(t *testing.T) {
	const files, fileRows, singles = 8, 150, 40
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{Connections: 16})
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				for f := range files {
					csv := list(houseHeader, houseLines((w*files+f)*fileRows, fileRows)...)
					if _, _, err := tryImport(t.Context(), s, strings.NewReader(csv), clerkImport()); err != nil {
						t.Errorf("import: %v", err)
					}
				}
			})
			writers.Go(func() {
				for n := range singles {
					r := houseAt(storetest.Metres(storetest.TanUyen, float64(12*w), float64(12*n)), n)
					r.Commune = "25920"
					if _, err := s.Register(t.Context(), r, storetest.Clerk); err != nil {
						t.Errorf("register: %v", err)
					}
				}
			})
		}
		var done atomic.Bool
		go func() { writers.Wait(); done.Store(true) }()
		seen := poll(t, db, &done)
		const all = 4 * (files*fileRows + singles)
		if n := db.Count(t, "SELECT count(*) FROM changes"); n != all || len(seen) != all {
			t.Errorf("%d changes, the reader saw %d, want %d", n, len(seen), all)
		}
		for seq, times := range seen {
			if times != 1 {
				t.Errorf("change %d came %d times", seq, times)
			}
		}
	})
}

// Lists of the same points in different orders want the same cells at once.
func TestImportsOfOneNeighbourhoodBlockEachOther(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		const rows = 2_000
		var lists [3][]string
		for i, line := range houseLines(0, rows) {
			for l, place := range []int{i, rows - 1 - i, i * 777 % rows} {
				cells := strings.Split(line, ",")
				cells[1] += "/" + strconv.Itoa(l)
				cells[6] += "/" + strconv.Itoa(l)
				if lists[l] == nil {
					lists[l] = make([]string, rows)
				}
				lists[l][place] = strings.Join(cells, ",")
			}
		}
		var writers sync.WaitGroup
		for _, lines := range lists {
			writers.Go(func() {
				counts, rejected, err := tryImport(t.Context(), s, strings.NewReader(list(houseHeader, lines...)), clerkImport())
				if err != nil || counts.Inserted != len(lines) {
					t.Errorf("%+v %v: %v", counts, reasons(rejected), err)
				}
			})
		}
		writers.Wait()
		if n := db.Count(t, "SELECT count(*) FROM addresses"); n != 3*rows {
			t.Errorf("%d addresses, want %d", n, 3*rows)
		}
	})
}

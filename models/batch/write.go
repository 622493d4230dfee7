package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"diachiso/models"
)

// Rows are read, answered and written a window at a time.
const (
	windowRows  = 256
	windowBytes = 1 << 20 // of text, or one row
)

// Write answers every row to out, in order, and counts the statuses; progress
// (nil: none) is told how many rows are written. It ends at the first error:
// of ctx, of out, of the input, or of a store that can't answer (then what was
// written is not the whole). Nothing of it runs on after it returns. It may be
// called again.
func (b *Batch) Write(ctx context.Context, store *models.Store, out io.Writer, progress func(done int)) (Counts, error) {
	var n Counts
	t, err := b.again()
	if err != nil {
		return n, err
	}
	k := &asker{store: store, options: b.options, say: language(b.options.Vietnamese)}
	text := t.head(nil)
	for last := false; !last; {
		var rows []row
		if rows, last, err = window(t); err != nil {
			return n, err
		}
		answers, err := k.askAll(ctx, rows)
		if err != nil {
			return n, err
		}
		for i, r := range rows {
			text = t.add(text, r, answers[i])
			n.count(answers[i].status)
		}
		if err := write(out, text); err != nil {
			return n, err
		}
		text = text[:0]
		if progress != nil && len(rows) > 0 {
			progress(n.Rows)
		}
	}
	if n.Rows != b.rows {
		return n, errChanged
	}
	return n, write(out, t.foot(text))
}

var errChanged = errors.New("the table was changed while it was read")

// again begins the second pass.
func (b *Batch) again() (table, error) {
	if _, err := b.in.Seek(b.start, io.SeekStart); err != nil {
		return nil, readError(err)
	}
	return openTable(b.in, b.options, b.ranks)
}

func write(out io.Writer, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if _, err := out.Write(text); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	return nil
}

// window reads the next rows; last says that no more follow.
func window(t table) (rows []row, last bool, err error) {
	rows = make([]row, 0, windowRows)
	for size := 0; len(rows) < windowRows && size < windowBytes; {
		r, err := t.next()
		if err == io.EOF {
			return rows, true, nil
		}
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, r)
		size += len(r.text)
	}
	return rows, false, nil
}

// askAll answers the rows of a window side by side.
func (k *asker) askAll(ctx context.Context, rows []row) ([]answer, error) {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	answers := make([]answer, len(rows))
	var taken atomic.Int64
	var crew sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		crew.Go(func() {
			defer func() {
				if fault := recover(); fault != nil {
					stop(&crash{fault, debug.Stack()})
				}
			}()
			for i := taken.Add(1) - 1; i < int64(len(rows)) && working.Err() == nil; i = taken.Add(1) - 1 {
				var err error
				if answers[i], err = k.askInTurn(working, rows[i]); err != nil {
					stop(fmt.Errorf("answer row %d: %w", rows[i].place, err))
				}
			}
		})
	}
	crew.Wait()
	if fault, ok := context.Cause(working).(*crash); ok {
		panic(fault) // where the caller can see it
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return answers, context.Cause(working)
}

// askInTurn answers a row when there is a place for it.
func (k *asker) askInTurn(ctx context.Context, r row) (answer, error) {
	if k.options.Places == nil {
		return k.ask(ctx, r)
	}
	select {
	case k.options.Places <- struct{}{}:
		defer func() { <-k.options.Places }()
	case <-ctx.Done():
		return answer{}, context.Cause(ctx)
	}
	return k.ask(ctx, r)
}

// crash is a panic of one worker.
type crash struct {
	fault any
	stack []byte
}

// Error is what a panic says, with where it was.
func (c *crash) Error() string { return fmt.Sprintf("%v\n%s", c.fault, c.stack) }

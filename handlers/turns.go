package handlers

import "context"

// turns lets a few do what is costly at a time; the others wait for as long as
// their requests may take. Each turn holds no more than one processor.
type turns chan struct{}

func newTurns(atOnce int) turns { return make(turns, atOnce) }

// take waits for a turn; leave ends it.
func (t turns) take(ctx context.Context) (leave func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

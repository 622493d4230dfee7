package models

import (
	"context"
	"sync"
	"time"
)

// feedInterval is how often the database is asked for changes of other
// processes while somebody listens.
const feedInterval = time.Second

// feedWatch asks for the end of the change feed, once for all who listen, and
// tells them when it has moved. Its zero value listens to nothing.
type feedWatch struct {
	mu        sync.Mutex
	end       FeedPosition  // as last asked for
	moved     chan struct{} // closed when end moves; another one follows
	written   chan struct{} // holds one when this process wrote something
	listeners int
	stop      context.CancelFunc
	stopped   chan struct{}
}

// FeedListener hears of new changes until it is closed.
type FeedListener struct{ watch *feedWatch }

// ListenToChanges begins to watch for changes: those of this process are heard
// of at once, those of others within about a second.
func (s *Store) ListenToChanges() FeedListener {
	w := &s.feed
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listeners++; w.listeners == 1 {
		ctx, cancel := context.WithCancel(context.Background())
		w.stop, w.stopped = cancel, make(chan struct{})
		w.moved, w.written = make(chan struct{}), make(chan struct{}, 1)
		go s.watchFeed(ctx, w.written, w.stopped)
	}
	return FeedListener{w}
}

// Close ends the listening; the last one to leave waits for the watch to end.
func (l FeedListener) Close() {
	w := l.watch
	w.mu.Lock()
	if w.listeners--; w.listeners > 0 {
		w.mu.Unlock()
		return
	}
	w.stop()
	stopped := w.stopped
	w.end, w.written = FeedPosition{}, nil
	w.mu.Unlock()
	<-stopped
}

// Beyond is closed when the feed may hold something that a reader at a
// position has not seen.
func (l FeedListener) Beyond(p FeedPosition) <-chan struct{} {
	w := l.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end.Seq > p.Seq || w.end.Epoch != p.Epoch && w.end.Epoch != "" {
		seen := make(chan struct{})
		close(seen)
		return seen
	}
	return w.moved
}

// wake makes the watch ask now, when there is one.
func (w *feedWatch) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.written <- struct{}{}:
	default: // nobody listens, or it is told already
	}
}

// watchFeed asks the database until ctx ends. An error is not told: whoever
// listens reads the feed by itself and meets it there.
func (s *Store) watchFeed(ctx context.Context, written <-chan struct{}, stopped chan<- struct{}) {
	defer close(stopped)
	interval := time.NewTicker(feedInterval)
	defer interval.Stop()
	for {
		if end, err := feedEnd(s.read.WithContext(ctx)); err == nil {
			s.feed.move(ctx, end)
		}
		select {
		case <-ctx.Done():
			return
		case <-written:
		case <-interval.C:
		}
	}
}

// move remembers the end of the feed and tells those who listen.
func (w *feedWatch) move(ctx context.Context, end FeedPosition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil || w.end == end {
		return
	}
	w.end = end
	close(w.moved)
	w.moved = make(chan struct{})
}

package handlers

import (
	"net/http"
	"net/netip"
	"runtime"
	"sync"

	"diachiso/models"
)

// Places for batches. A body is kept in memory, so few arrive at a time, and of
// one client fewer: whoever sends slowly holds no place of those answered. Rows
// are answered beside each other on all processors but one, which is left to
// single questions.
const (
	bodiesAtOnce         = 16
	bodiesOfClientAtOnce = 4
	batchesAtOnce        = 4
)

// places counts the batches under way.
type places struct {
	arriving, answering, rows chan struct{}

	mu sync.Mutex
	of map[netip.Addr]int // bodies that arrive, by network of the client
}

func newPlaces() *places {
	return &places{
		arriving: make(chan struct{}, bodiesAtOnce), answering: make(chan struct{}, batchesAtOnce),
		rows: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)), of: map[netip.Addr]int{},
	}
}

// arrive takes a place for a body of a client; leave gives it back.
func (p *places) arrive(client netip.Addr) (leave func(), err error) {
	if len(p.answering) == cap(p.answering) {
		return nil, batchesBusy()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[client] >= bodiesOfClientAtOnce {
		return nil, &statusError{status: http.StatusTooManyRequests, sentences: models.NewError(models.TooMany, "", "too-many-batches",
			"%d batches of yours are arriving already: wait until one has arrived.",
			"Đang có %d lô của bạn được gửi lên: hãy chờ một lô gửi xong.", bodiesOfClientAtOnce)}
	}
	select {
	case p.arriving <- struct{}{}:
	default:
		return nil, batchesBusy()
	}
	p.of[client]++
	return func() { p.arrived(client) }, nil
}

func (p *places) arrived(client netip.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[client]--; p.of[client] == 0 {
		delete(p.of, client)
	}
	<-p.arriving
}

// answer takes a place for a batch that has arrived; leave gives it back.
func (p *places) answer() (leave func(), err error) {
	select {
	case p.answering <- struct{}{}:
		return func() { <-p.answering }, nil
	default:
		return nil, batchesBusy()
	}
}

func batchesBusy() error {
	return models.NewError(models.Unavailable, "", "batches-busy",
		"As many batches as this server answers at a time are under way: try again in a few seconds.",
		"Máy chủ đang xử lý số lô tối đa cùng lúc: hãy thử lại sau vài giây.")
}

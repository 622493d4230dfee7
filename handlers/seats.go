package handlers

import (
	"net/netip"
	"sync"

	"diachiso/models"
)

// seats are the places for answers that last, of which one client may hold
// only some.
type seats struct {
	all, ofClient int
	full, greedy  *models.Error // when all are taken; when the client has its share

	mu    sync.Mutex
	taken map[netip.Addr]int // by client
	count int
}

// take takes a seat for a client; leave gives it back.
func (s *seats) take(client netip.Addr) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.taken[client] >= s.ofClient:
		return nil, s.greedy
	case s.count >= s.all:
		return nil, s.full
	}
	if s.taken == nil {
		s.taken = map[netip.Addr]int{}
	}
	s.taken[client]++
	s.count++
	return func() { s.leave(client) }, nil
}

func (s *seats) leave(client netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	if s.taken[client]--; s.taken[client] == 0 {
		delete(s.taken, client)
	}
}

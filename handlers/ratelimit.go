package handlers

import (
	"fmt"
	"hash/maphash"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostClients bounds the memory of one policy: an entry takes about 250 bytes
// with its place in the map, all of them 25 MB.
const mostClients = 100_000

const quotaShards = 64

// counted is who has a quota: a key or, where there is none, a network.
type counted struct {
	key     int64
	network netip.Addr
}

// policy is a quota of requests in a window for each client. A client may use
// the whole quota at once and gets it back evenly. It is safe for concurrent
// use and counts in this process only.
type policy struct {
	name   string
	quota  int
	window time.Duration
	words  string // RateLimit-Policy
	clock  func() time.Time
	seed   maphash.Seed
	shards [quotaShards]quotaShard
}

// quotaShard has some of the clients. One that has its whole quota is as one
// that never came, and is forgotten.
type quotaShard struct {
	mu      sync.Mutex
	buckets map[counted]*rate.Limiter
	swept   time.Time
}

// newPolicy makes a policy; nil, which refuses nobody, where the quota is 0.
func newPolicy(name string, quota int, window time.Duration) *policy {
	if quota <= 0 {
		return nil
	}
	p := &policy{name: name, quota: quota, window: window, clock: time.Now, seed: maphash.MakeSeed()}
	p.words = fmt.Sprintf("%q;q=%d;w=%d", name, quota, int(window.Seconds()))
	for i := range p.shards {
		p.shards[i].buckets = map[counted]*rate.Limiter{}
	}
	return p
}

// left is what a client has left of a quota.
type left struct {
	requests int // 0 or more
	more     int // seconds until there is one more
}

// take counts a request; false where there is nothing left to take.
func (p *policy) take(who counted) (left, bool) {
	now := p.clock()
	bucket := p.bucket(who, now)
	taken := bucket.AllowN(now, 1)
	return p.left(bucket, now), taken
}

// look is what a client has left, taking nothing.
func (p *policy) look(who counted) left {
	now := p.clock()
	return p.left(p.bucket(who, now), now)
}

// owe counts requests that are done already, into debt if need be: as long as
// it lasts the client has nothing left. A negative number gives back.
func (p *policy) owe(who counted, requests int) {
	now := p.clock()
	bucket := p.bucket(who, now)
	for requests != 0 { // the bucket takes at most a quota at a time
		part := min(requests, p.quota)
		bucket.ReserveN(now, part)
		requests -= part
	}
}

func (p *policy) left(bucket *rate.Limiter, now time.Time) left {
	tokens := bucket.TokensAt(now)
	whole := math.Max(0, math.Floor(tokens))
	seconds := (whole + 1 - tokens) * p.window.Seconds() / float64(p.quota)
	return left{int(whole), int(math.Ceil(seconds))}
}

// bucket is what a client has of the quota.
func (p *policy) bucket(who counted, now time.Time) *rate.Limiter {
	s := &p.shards[maphash.Comparable(p.seed, who)%quotaShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if bucket := s.buckets[who]; bucket != nil {
		return bucket
	}
	if now.Sub(s.swept) > p.window {
		s.sweep(now)
	}
	for stranger := range s.buckets { // any: whoever floods us with networks fills most places
		if len(s.buckets) < mostClients/quotaShards {
			break
		}
		delete(s.buckets, stranger)
	}
	bucket := rate.NewLimiter(rate.Limit(float64(p.quota)/p.window.Seconds()), p.quota)
	s.buckets[who] = bucket
	return bucket
}

// sweep forgets the clients that have their whole quota.
func (s *quotaShard) sweep(now time.Time) {
	for who, bucket := range s.buckets {
		if bucket.TokensAt(now) >= float64(bucket.Burst()) {
			delete(s.buckets, who)
		}
	}
	s.swept = now
}

// tell writes what is left (draft-ietf-httpapi-ratelimit-headers). A policy
// that is nil says nothing.
func (p *policy) tell(h http.Header, l left) {
	var space [64]byte
	b := append(strconv.AppendQuote(space[:0], p.name), ";r="...)
	b = strconv.AppendInt(b, int64(l.requests), 10)
	b = strconv.AppendInt(append(b, ";t="...), int64(l.more), 10)
	join(h, "Ratelimit", string(b))
	join(h, "Ratelimit-Policy", p.words)
}

// join adds a member to a list that stands in one header; name is in
// canonical form.
func join(h http.Header, name, member string) {
	if before := h[name]; len(before) == 1 {
		member = before[0] + ", " + member
	}
	h[name] = []string{member}
}

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

// networksOfSite is how much more than one IPv6 network (/64) a site (/48) may
// send: whoever has a site chooses among 65,536 networks.
const (
	siteBits       = 48
	networksOfSite = 16
)

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
	wide   *policy // of the IPv6 sites that networks lie in; nil: this is one
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
	p := newQuota(name, quota, window)
	p.wide = newQuota(name, networksOfSite*quota, window)
	p.wide.clock = func() time.Time { return p.clock() }
	return p
}

func newQuota(name string, quota int, window time.Duration) *policy {
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

// take counts a request; false where there is nothing left to take, of the
// client's own or of its site's.
func (p *policy) take(who counted) (left, bool) {
	now := p.clock()
	bucket := p.bucket(who, now)
	taken := bucket.AllowN(now, 1)
	own := p.left(bucket, now)
	site, has := p.siteOf(who)
	if !has || !taken {
		return own, taken
	}
	shared, taken := p.wide.take(site)
	return fewer(own, shared), taken
}

// look is what a client has left, taking nothing.
func (p *policy) look(who counted) left {
	now := p.clock()
	own := p.left(p.bucket(who, now), now)
	if site, has := p.siteOf(who); has {
		return fewer(own, p.wide.look(site))
	}
	return own
}

// siteOf is the site that an IPv6 network lies in.
func (p *policy) siteOf(who counted) (site counted, has bool) {
	if p.wide == nil || !who.network.Is6() {
		return site, false
	}
	network, err := who.network.Prefix(siteBits)
	if err != nil {
		panic(err) // an IPv6 address has 48 bits to keep
	}
	return counted{network: network.Addr()}, true
}

func fewer(a, b left) left {
	if b.requests < a.requests {
		return b
	}
	return a
}

// owe counts requests that are done already, into debt if need be: as long as
// it lasts the client has nothing left. A negative number gives back.
func (p *policy) owe(who counted, requests int) {
	if site, has := p.siteOf(who); has {
		p.wide.owe(site, requests)
	}
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
	if len(s.buckets) >= mostClients/quotaShards {
		delete(s.buckets, s.fullest(now))
	}
	bucket := rate.NewLimiter(rate.Limit(float64(p.quota)/p.window.Seconds()), p.quota)
	s.buckets[who] = bucket
	return bucket
}

// fullest is, of some clients, the one that has most of its quota: to forget it
// forgives least. Debts stay, and whoever floods us with networks fills most
// places.
func (s *quotaShard) fullest(now time.Time) (fullest counted) {
	const some = 16
	most, seen := math.Inf(-1), 0
	for who, bucket := range s.buckets { // in any order
		if tokens := bucket.TokensAt(now); tokens > most {
			fullest, most = who, tokens
		}
		if seen++; seen == some {
			break
		}
	}
	return fullest
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

package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
	"diachiso/models/storetest"
)

// watch is a clock that stands until it is moved.
type watch struct{ at time.Time }

func (w *watch) now() time.Time { return w.at }

// standing makes a policy's clock stand.
func standing(p *policy) *watch {
	w := &watch{time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)}
	p.clock = w.now
	return w
}

func key(id int64) counted { return counted{key: id} }

func TestQuotaGivesMoreThanItHas(t *testing.T) {
	p := newPolicy("default", 60, time.Minute)
	w := standing(p)
	takes := func(who counted, want int) {
		t.Helper()
		taken := 0
		for range want + 1 {
			if _, ok := p.take(who); ok {
				taken++
			}
		}
		if taken != want {
			t.Errorf("%d were taken, want %d", taken, want)
		}
	}
	if l := p.look(key(1)); l != (left{60, 1}) {
		t.Errorf("a newcomer has %+v", l)
	}
	takes(key(1), 60)
	takes(key(2), 60)
	if l := p.look(key(1)); l != (left{0, 1}) {
		t.Errorf("at the end there is %+v", l)
	}
	w.at = w.at.Add(10 * time.Second)
	takes(key(1), 10)
	w.at = w.at.Add(time.Hour)
	takes(key(1), 60)
	p.owe(key(1), 150) // more than twice the quota
	if l := p.look(key(1)); l != (left{0, 151}) {
		t.Errorf("a debtor has %+v", l)
	}
	w.at = w.at.Add(150 * time.Second)
	takes(key(1), 0)
	w.at = w.at.Add(time.Second)
	takes(key(1), 1)
	p.owe(key(1), -1)
	takes(key(1), 1)
	w.at = w.at.Add(time.Hour)
	p.owe(key(1), -1)
	takes(key(1), 60)
}

// Whoever has a whole IPv6 site gets no quota for each of its networks.
func TestSiteHasAQuotaForEachNetwork(t *testing.T) {
	p := newPolicy("proposals", 3, time.Hour)
	w := standing(p)
	network := func(site, n int) counted {
		return counted{network: netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::", site, n))}
	}
	takes := func(site int) (taken int) {
		for n := range 100 {
			for range 5 { // also more than one network has
				if _, ok := p.take(network(site, n)); ok {
					taken++
				}
			}
		}
		return taken
	}
	if taken := takes(1); taken != 3*networksOfSite {
		t.Errorf("a site took %d", taken)
	}
	if l := p.look(network(1, 200)); l.requests != 0 || l.more != 75 {
		t.Errorf("a network that sent nothing has %+v of the site's quota", l)
	}
	if taken := takes(2); taken != 3*networksOfSite {
		t.Errorf("another site took %d", taken)
	}
	p.owe(network(3, 1), 3*networksOfSite)
	if l := p.look(network(3, 2)); l.requests != 0 {
		t.Errorf("the debt of one network leaves the site %+v", l)
	}
	w.at = w.at.Add(time.Hour)
	if taken := takes(1); taken != 3*networksOfSite {
		t.Errorf("after its window a site took %d", taken)
	}
}

// Debts are forgotten last.
func TestFloodForgivesDebts(t *testing.T) {
	p := newPolicy("authentication", 60, time.Minute)
	standing(p)
	debtor := counted{network: netip.MustParseAddr("192.0.2.1")}
	p.owe(debtor, 60)
	for n := range 3 * mostClients {
		p.look(counted{network: netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})})
	}
	if l := p.look(debtor); l.requests != 0 {
		t.Errorf("the debtor has %+v again", l)
	}
}

func TestQuotaIsTakenTwiceAtOnce(t *testing.T) {
	p := newPolicy("default", 100, time.Minute)
	standing(p)
	var taken atomic.Int64
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			for range 10 {
				if _, ok := p.take(key(7)); ok {
					taken.Add(1)
				}
			}
		})
	}
	group.Wait()
	if taken.Load() != 100 {
		t.Errorf("%d of a quota of 100 were taken", taken.Load())
	}
}

func (p *policy) known() int {
	n := 0
	for i := range p.shards {
		n += len(p.shards[i].buckets)
	}
	return n
}

func TestClientsFillTheMemory(t *testing.T) {
	p := newPolicy("default", 60, time.Minute)
	w := standing(p)
	network := func(n int) counted {
		return counted{network: netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})}
	}
	for n := range 2 * mostClients {
		p.take(network(n))
	}
	if n := p.known(); n > mostClients || n < mostClients*9/10 {
		t.Errorf("%d clients are known, of at most %d", n, mostClients)
	}
	debtor := network(1 << 20)
	p.owe(debtor, 600)
	w.at = w.at.Add(2 * time.Minute)
	for n := range 10_000 { // every part has newcomers
		p.look(network(1<<21 + n))
	}
	if n := p.known(); n > 11_000 {
		t.Errorf("%d are known after those with a whole quota can be forgotten", n)
	}
	if l := p.look(debtor); l.requests != 0 {
		t.Errorf("a debt is forgotten: %+v", l)
	}
}

// limited is a server with a standing clock.
func limited(t *testing.T, s *server, o Options) *watch {
	t.Helper()
	a := newAPI(s.store, o)
	w := standing(a.limits.requests)
	a.limits.guesses.clock = w.now
	listening := httptest.NewServer(a.router())
	t.Cleanup(listening.Close)
	s.url = listening.URL
	return w
}

func TestTooManyRequestsAreAnswered(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		other := s.keyOf(t, models.RoleCourier)
		w := limited(t, s, Options{RateLimit: 30})
		ask := scenario{path: "/v1/units", status: 200}
		for n := 29; n >= 0; n-- {
			ask.header = []string{fmt.Sprintf(`RateLimit: "default";r=%d;t=2`, n), `RateLimit-Policy: "default";q=30;w=60`, "Retry-After:"}
			s.play(t, ask)
		}
		refused := scenario{status: 429, header: []string{"Retry-After: 2", `RateLimit: "default";r=0;t=2`, "Content-Type: application/problem+json"},
			want: []string{"/problems/rate-limited", "go on in 2 s"}}
		for _, path := range []string{"/v1/units", "/v1/units?nonsense=1", "/nothing", "/v1/resolve/28XMJ25Q66", "/docs", "/openapi.json"} {
			refused.path = path
			s.play(t, refused)
		}
		for _, headers := range [][]string{{"X-Forwarded-For: 203.0.113.9"}, {"Forwarded: for=203.0.113.9"}, {"X-Real-Ip: 203.0.113.9"}, {"Cookie: a=b"}, {"X-Request-Id: another"}} {
			refused.headers = headers
			s.play(t, refused)
		}
		refused.headers, refused.want = []string{"Accept-Language: vi"}, []string{"hãy tiếp tục sau 2 giây"}
		s.play(t, refused)
		for _, path := range []string{"/healthz", "/readyz"} {
			s.play(t, scenario{path: path, status: 200, header: []string{"RateLimit:", "RateLimit-Policy:"}})
		}
		for _, secret := range []string{s.key, other} {
			s.play(t, scenario{path: "/v1/units", headers: []string{"X-API-Key: " + secret}, status: 200, header: []string{"RateLimit: r=29"}})
		}
		w.at = w.at.Add(2 * time.Second)
		s.play(t, scenario{path: "/v1/units", status: 200, header: []string{"RateLimit: r=0"}})
		s.play(t, scenario{path: "/v1/units", status: 429})
	})
}

func TestKeysAreGuessed(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		w := limited(t, s, Options{RateLimit: 100})
		wrong := scenario{path: "/v1/units", headers: []string{"Authorization: Bearer dcs_guess"}, status: 401}
		owner := scenario{path: "/v1/units", headers: []string{"X-API-Key: dco_guess"}, status: 401}
		for range 5 {
			s.play(t, wrong)
			s.play(t, owner)
		}
		wrong.status, wrong.want = 429, []string{"/problems/rate-limited", "none is looked at for 6 s"}
		wrong.header = []string{`RateLimit: "authentication";r=0;t=6`, `RateLimit-Policy: "authentication";q=10;w=60`, "Retry-After: 6"}
		s.play(t, wrong)
		right := scenario{path: "/v1/units", headers: []string{"X-API-Key: " + s.key}, status: 429}
		s.play(t, right) // it would say which guess was right
		s.play(t, scenario{path: "/v1/units", status: 200})
		w.at = w.at.Add(7 * time.Second)
		right.status = 200
		s.play(t, right)
	})
}

// Rows count, so that batches are no way around the limit.
func TestBatchesCountAsOne(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		w := limited(t, s, Options{RateLimit: 60})
		rows := func(n int, header string) scenario {
			c := table("", "resolve", "text/csv", "code\n"+strings.Repeat("28XMJ25Q66\n", n))
			c.header = []string{"RateLimit: " + header}
			return c
		}
		s.play(t, rows(1, "r=59"))
		s.play(t, rows(100, "r=58"))
		s.play(t, rows(101, "r=56"))
		s.play(t, rows(8_000, "r=0;t=25"))
		refused := rows(1, "r=0;t=25")
		refused.status, refused.header = 429, []string{"Retry-After: 25"}
		s.play(t, refused)
		w.at = w.at.Add(25 * time.Second)
		s.play(t, rows(1, "r=0"))
	})
}

// Behind a trusted proxy each client has its own quota, by its network.
func TestClientsShareAQuota(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		limited(t, s, Options{RateLimit: 2, TrustedProxies: proxies(t, "127.0.0.1,::1")})
		from := func(address string, status int) {
			t.Helper()
			s.play(t, scenario{path: "/v1/units", headers: []string{"X-Forwarded-For: " + address}, status: status})
		}
		for _, address := range []string{"203.0.113.9", "203.0.113.10", "2001:db8:0:1::1"} {
			from(address, 200)
			from(address, 200)
			from(address, 429)
		}
		from("198.51.100.1, 203.0.113.9", 429)
		from("2001:db8:0:1::2", 429)
		from("2001:db8:0:2::1", 200)
	})
}

// Strangers write seldom; who has a key does not count, nor what is refused.
func TestStrangersFlood(t *testing.T) {
	a := newAPI(nil, Options{ProposalLimit: 3})
	w := standing(a.limits.proposals)
	handle := func(c *gin.Context) error {
		if c.Request.URL.Path == "/v1/addresses/bad/reports" {
			return invalid("", "bad", "Bad.", "Sai.")
		}
		c.Status(http.StatusCreated)
		return nil
	}
	e := gin.New()
	a.mount(e, []route{
		{http.MethodPost, "/v1/proposals", anyone, handle, nil},
		{http.MethodPost, "/v1/addresses/:code/reports", anyone, handle, nil},
	})
	post := func(path string, status int) *httptest.ResponseRecorder {
		t.Helper()
		r, answer := httptest.NewRequest(http.MethodPost, path, nil), httptest.NewRecorder()
		e.ServeHTTP(answer, r)
		if answer.Code != status {
			t.Errorf("%s: %d, want %d: %s", path, answer.Code, status, answer.Body)
		}
		return answer
	}
	for range 10 {
		post("/v1/addresses/bad/reports", 400)
	}
	for range 2 {
		post("/v1/proposals", 201)
	}
	post("/v1/addresses/28XMJ25Q66/reports", 201)
	for _, path := range []string{"/v1/proposals", "/v1/addresses/bad/reports"} {
		refused := post(path, 429)
		if h := refused.Header(); h.Get("Retry-After") != "1200" || h.Get("RateLimit-Policy") != `"proposals";q=3;w=3600` {
			t.Errorf("%s is refused with %v", path, h)
		}
	}
	w.at = w.at.Add(20 * time.Minute)
	post("/v1/proposals", 201)
	post("/v1/proposals", 429)

	owner := contextOf("192.0.2.1:1234")
	owner.Set(callerName, models.Caller{Role: models.RoleOwner, TokenID: 7})
	if err := a.scarcely(handle)(owner); err == nil {
		t.Error("an owner, whom anybody becomes by proposing, is not limited")
	}
	officer := contextOf("192.0.2.1:1234")
	officer.Set(callerName, models.Caller{Role: models.RoleOfficer})
	if err := a.scarcely(handle)(officer); err != nil {
		t.Errorf("an officer is refused: %v", err)
	}
}

// The limit must cost next to nothing: on/off is the time of a request with it
// by that without.
func BenchmarkResolveUnderLimit(b *testing.B) {
	store, err := models.Open(b.Context(), models.Options{URL: b.TempDir() + "/registry.db"})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	r := storetest.House(5)
	r.Commune = "25747"
	address, err := store.Register(b.Context(), r, storetest.Clerk)
	if err != nil {
		b.Fatal(err)
	}
	path := "/v1/resolve/" + address.Code.String()
	ask := func(h http.Handler) time.Duration {
		answer, r, start := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil), time.Now()
		h.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Body)
		}
		return time.Since(start)
	}
	var off, on time.Duration
	without, with := New(store, Options{}), New(store, Options{RateLimit: 1 << 40})
	for b.Loop() { // in turns: this machine does not run evenly
		off += ask(without)
		on += ask(with)
	}
	b.ReportMetric(float64(on)/float64(off), "on/off")
}

// The page about limits names those of the code.
func TestPageOfLimitsIsOld(t *testing.T) {
	page, err := os.ReadFile("../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		fmt.Sprintf("(path and query) | %d KiB", maxURI>>10),
		fmt.Sprintf("body in JSON | %d MiB", DefaultMaxBody>>20),
		fmt.Sprintf("body of a batch | %d MiB, %d,000 rows", batchMaxBody>>20, batchMaxRows/1000),
		fmt.Sprintf("one answer lists | %d ", maxErrors),
		fmt.Sprintf("for one request | %.0f s", DefaultTimeout.Seconds()),
		fmt.Sprintf("batches that arrive | %d, of one client %d ", bodiesAtOnce, bodiesOfClientAtOnce),
		fmt.Sprintf("batches that are answered | %d ", batchesAtOnce),
		fmt.Sprintf("exports | %d, of one client %d ", exportsAtOnce, exportsOfClientAtOnce),
		fmt.Sprintf("streams of changes | %d, of one client %d ", streamsAtOnce, streamsOfClientAtOnce),
		fmt.Sprintf("the body of a batch | %.0f min without a byte, %.0f min whole; the batch %.0f min", defaultPace.still.Minutes(), defaultPace.body.Minutes(), defaultPace.whole.Minutes()),
		fmt.Sprintf("the key | 1 to %d printable", maxIdempotencyKey),
		fmt.Sprintf("larger than %d KiB", maxKeptAnswer>>10),
		fmt.Sprintf("one request for each %d rows", rowsPerCost),
	} {
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/limits.md does not say: %s", row)
		}
	}
}

// A map asks for more than a program may; neither takes from the other's quota.
func TestMapUsesUpTheQuota(t *testing.T) {
	eachServerWith(t, Options{RateLimit: 2}, func(t *testing.T, s *server) {
		tile := scenario{path: "/tiles/addresses/0/0/0.mvt", status: 200, header: []string{`RateLimit-Policy: "tiles";q=20;w=60`}}
		for range 20 {
			s.play(t, tile)
		}
		tile.status, tile.want, tile.header = 429, []string{"/problems/rate-limited"}, []string{"Retry-After: 3"}
		s.play(t, tile)
		s.play(t, scenario{path: "/v1/units", status: 200, header: []string{`RateLimit: "default";r=1;`}})
	})
}

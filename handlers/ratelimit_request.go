package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// How much more than one request some things count.
const (
	guessCost   = 10  // a key or token that does not hold
	rowsPerCost = 100 // rows of a batch
)

// tilesPerRequest is how many tiles may be asked for instead of one request: a
// map that is moved asks for dozens at once.
const tilesPerRequest = 10

// limits are the policies of the interface; one that is nil refuses nobody.
type limits struct {
	requests  *policy // of a key, or of a network without one
	tiles     *policy // of the same, for tiles of maps
	guesses   *policy // of keys and tokens that don't hold, by network
	proposals *policy // of what strangers write, by network
}

func newLimits(o Options) limits {
	l := limits{
		requests:  newPolicy("default", o.RateLimit, time.Minute),
		tiles:     newPolicy("tiles", o.RateLimit*tilesPerRequest, time.Minute),
		proposals: newPolicy("proposals", o.ProposalLimit, time.Hour),
	}
	if o.RateLimit > 0 {
		l.guesses = newPolicy("authentication", max(1, o.RateLimit/guessCost), time.Minute)
	}
	return l
}

// clientOf is who is counted. An owner counts with the network: whoever
// proposes much has many tokens.
func (a *API) clientOf(c *gin.Context, caller models.Caller) counted {
	if caller.KeyID != 0 {
		return counted{key: caller.KeyID}
	}
	return counted{network: a.clientNetwork(c)}
}

// isFree tells the paths by which machines watch the server.
func isFree(pattern string) bool { return pattern == "/healthz" || pattern == "/readyz" }

func isTile(pattern string) bool {
	return pattern == addressTilePattern || pattern == unitTilePattern
}

// charge counts a request, and refuses it where its client has nothing left.
func (a *API) charge(c *gin.Context, caller models.Caller) error {
	p := a.limits.requests
	if isTile(c.FullPath()) {
		p = a.limits.tiles
	}
	if p == nil || isFree(c.FullPath()) {
		return nil
	}
	l, taken := p.take(a.clientOf(c, caller))
	p.tell(c.Writer.Header(), l)
	if taken {
		return nil
	}
	return rateLimited(c, l, "These are more requests than one key or address may send: go on in %s.",
		"Khóa hoặc địa chỉ mạng này gửi quá nhiều yêu cầu: hãy tiếp tục sau %s.")
}

// chargeRows counts the rows of a batch, which are known only when it has
// arrived: it is answered, and the next request waits.
func (a *API) chargeRows(c *gin.Context, rows int) {
	p := a.limits.requests
	if p == nil {
		return
	}
	who, h := a.clientOf(c, callerOf(c)), c.Writer.Header()
	p.owe(who, (rows-1)/rowsPerCost) // one is counted already
	h.Del("RateLimit")
	h.Del("RateLimit-Policy")
	p.tell(h, p.look(who))
}

// mayGuess refuses a key or token from a network that sent many that don't
// hold, before it is looked up.
func (a *API) mayGuess(c *gin.Context) error {
	p := a.limits.guesses
	if p == nil {
		return nil
	}
	l := p.look(counted{network: a.clientNetwork(c)})
	if l.requests > 0 {
		return nil
	}
	p.tell(c.Writer.Header(), l)
	return rateLimited(c, l, "Too many keys or tokens that do not hold came from this address: none is looked at for %s.",
		"Địa chỉ mạng này đã gửi quá nhiều khóa hoặc mã không đúng: sẽ không xem xét khóa nào trong %s.")
}

// guessed counts a key or token that does not hold.
func (a *API) guessed(c *gin.Context) {
	if p := a.limits.guesses; p != nil {
		p.owe(counted{network: a.clientNetwork(c)}, 1)
	}
}

// isScarce tells the calls by which strangers write.
func isScarce(method, pattern string) bool {
	return method == http.MethodPost && (pattern == "/v1/proposals" || pattern == "/v1/addresses/:code/reports")
}

// scarcely lets strangers write only so often, and owners: anybody gets an owner
// token by proposing. What is refused anyway does not
// count: a farmer who mistypes is no flood.
func (a *API) scarcely(handle func(*gin.Context) error) func(*gin.Context) error {
	p := a.limits.proposals
	if p == nil {
		return handle
	}
	return func(c *gin.Context) error {
		if slices.Contains(carriers, callerOf(c).Role) {
			return handle(c)
		}
		who := counted{network: a.clientNetwork(c)}
		l, taken := p.take(who)
		p.tell(c.Writer.Header(), l)
		if !taken {
			return rateLimited(c, l, "These are more proposals and reports than may come from one address in an hour: send the next in %s.",
				"Địa chỉ mạng này đã gửi quá nhiều đề nghị và phản ánh trong một giờ: hãy gửi tiếp sau %s.")
		}
		err := handle(c)
		if err != nil {
			p.owe(who, -1)
		}
		return err
	}
}

// rateLimited refuses a request until there is quota again; the sentences take
// the time.
func rateLimited(c *gin.Context, l left, en, vi string) error {
	c.Header("Retry-After", strconv.Itoa(l.more))
	e := models.NewError(models.TooMany, "", "rate-limited", en, vi, wait(l.more, "s", "minutes"))
	e.Vi = fmt.Sprintf(vi, wait(l.more, "giây", "phút"))
	return e
}

// wait words a number of seconds, above two minutes as minutes, rounded up.
func wait(seconds int, second, minute string) string {
	if seconds <= 120 {
		return fmt.Sprintf("%d %s", seconds, second)
	}
	return fmt.Sprintf("%d %s", (seconds+59)/60, minute)
}

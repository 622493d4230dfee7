package handlers

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// pace is how slow a long exchange may be. It stands in the place of the
// server's deadlines, which are for short ones.
type pace struct {
	still time.Duration // until more of the body arrives, or of the answer is taken
	body  time.Duration // until all of the body has arrived; 0: as whole
	whole time.Duration
	beat  time.Duration // between two signs of life of a silent stream
}

var defaultPace = pace{still: time.Minute, body: 3 * time.Minute, whole: 15 * time.Minute, beat: 15 * time.Second}

// bodyUntil is when a body must have arrived whose exchange ends then.
func (p pace) bodyUntil(end time.Time) time.Time {
	if p.body == 0 {
		return end
	}
	return time.Now().Add(p.body)
}

// maxDiscarded is how many bytes of a refused body are taken in.
const maxDiscarded = 64 << 20

// arrival is a body that may take long as long as it moves.
type arrival struct {
	body    io.Reader
	control *http.ResponseController
	still   time.Duration
	until   time.Time
	waits   bool // the client sends nothing before the first Read
	ended   bool
}

func (a *API) arrivalOf(c *gin.Context, until time.Time) *arrival {
	return &arrival{
		body: c.Request.Body, control: http.NewResponseController(c.Writer),
		still: a.pace.still, until: until, waits: c.Request.Header.Get("Expect") != "",
	}
}

// Read gives the client time for the next part.
func (a *arrival) Read(p []byte) (int, error) {
	deadline := time.Now().Add(a.still)
	if deadline.After(a.until) {
		deadline = a.until
	}
	_ = a.control.SetReadDeadline(deadline) // a recorder has no deadlines
	n, err := a.body.Read(p)
	a.waits, a.ended = false, err != nil
	if a.ended { // what is read from now on only tells whether the client is still there
		_ = a.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// close takes in what is left of a body that is refused, because a client that
// is still sending would not see why, and gives the end of the answer time.
func (a *arrival) close() {
	if !a.waits && !a.ended {
		_, _ = io.CopyN(io.Discard, a, maxDiscarded)
	}
	_ = a.control.SetWriteDeadline(time.Now().Add(a.still))
}

// departure is an answer that may take long as long as it is read.
type departure struct {
	w       io.Writer
	control *http.ResponseController
	still   time.Duration
	err     error // why the client can't be reached any more
}

// Write gives the client time for the next part.
func (d *departure) Write(p []byte) (int, error) {
	_ = d.control.SetWriteDeadline(time.Now().Add(d.still)) // a recorder has no deadlines
	n, err := d.w.Write(p)
	if err != nil {
		d.err = err
	}
	return n, err
}

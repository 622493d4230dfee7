package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// formatEvents is server-sent events (WHATWG HTML, 9.2).
var formatEvents = format{"", "text/event-stream"}

// Streams of changes.
const (
	streamsAtOnce         = 64
	streamsOfClientAtOnce = 4
	streamPage            = 100             // changes read at a time
	streamRetry           = 3 * time.Second // after which a client that lost its stream comes again
)

func newStreamSeats() *seats {
	return &seats{all: streamsAtOnce, ofClient: streamsOfClientAtOnce,
		full: models.NewError(models.Unavailable, "", "streams-busy",
			"As many streams as this server keeps open are open: try again later, or poll.",
			"Máy chủ đã mở đủ số luồng cho phép: hãy thử lại sau, hoặc hỏi định kỳ."),
		greedy: models.NewError(models.TooMany, "", "too-many-streams",
			"%d streams of yours are open already: close one first.",
			"Bạn đang mở sẵn %d luồng: hãy đóng bớt một luồng trước.", streamsOfClientAtOnce)}
}

// wantsStream tells a request that is answered as long as the client listens.
func wantsStream(c *gin.Context) bool {
	if c.FullPath() != changesPattern {
		return false
	}
	f, err := negotiate(c, formatJSON, formatEvents)
	return err == nil && f == formatEvents
}

// lastEvent is where a client that lost its stream goes on: its word in the
// header is newer than the URL, which it does not change.
func (q *query) lastEvent(h http.Header, since models.FeedPosition) models.FeedPosition {
	const name = "Last-Event-Id"
	if id := h.Get(name); id != "" {
		return q.readPosition("Last-Event-ID", id)
	}
	return since
}

// streamChanges sends changes as they come until the client leaves, does not
// read any more, or the server stops.
func (a *API) streamChanges(c *gin.Context, since models.FeedPosition) error {
	leave, err := a.streams.take(a.clientNetwork(c))
	if err != nil {
		c.Header("Retry-After", strconv.Itoa(retryAfter))
		return err
	}
	defer leave()
	listener := a.store.ListenToChanges()
	defer listener.Close()
	page, err := a.changesFor(c, since)
	if err != nil {
		return resync(c, err)
	}
	c.Header("Content-Type", formatEvents.mediaType)
	c.Header("X-Accel-Buffering", "no") // a forwarder must not wait for more
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	return a.goOn(c, listener, page)
}

// goOn sends a page and all that comes after it. A stream that can't go on
// ends: its client comes again and is told why.
func (a *API) goOn(c *gin.Context, listener models.FeedListener, page models.ChangePage) (err error) {
	s := newStream(c, a.pace)
	fmt.Fprintf(&s.out, "retry: %d\n\n", streamRetry.Milliseconds())
	for err == nil {
		if err = a.sendChanges(c, s, page); err != nil {
			break
		}
		if !page.More && !s.wait(listener.Beyond(page.Next), a.stopping) || s.over(a.stopping) {
			return nil
		}
		page, err = a.changesFor(c, page.Next)
	}
	if s.over(a.stopping) || isForClient(err) {
		return nil
	}
	return fmt.Errorf("go on with a stream: %w", err)
}

// changesFor reads some changes for a stream, in the time of any other request.
func (a *API) changesFor(c *gin.Context, since models.FeedPosition) (models.ChangePage, error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.timeout)
	defer cancel()
	return a.store.Changes(ctx, since, streamPage)
}

// sendChanges writes one event a change.
func (a *API) sendChanges(c *gin.Context, s *stream, page models.ChangePage) error {
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	for _, change := range publicChanges(units, page.Changes, a.store.Today()) {
		data, err := json.Marshal(change) // on one line
		if err != nil {
			return fmt.Errorf("write a change: %w", err)
		}
		id := models.FeedPosition{Epoch: page.Next.Epoch, Seq: change.Seq}
		fmt.Fprintf(&s.out, "id: %s\nevent: change\ndata: %s\n\n", id, data)
	}
	s.send()
	return nil
}

// stream is an answer of events. What is not sent yet is at most a page.
type stream struct {
	ctx       context.Context // ends when the client is gone, or does not read in time
	out       bytes.Buffer
	departure *departure
	beat      time.Duration
}

// newStream frees the connection from the deadlines that the server gives to
// short exchanges.
func newStream(c *gin.Context, p pace) *stream {
	control := http.NewResponseController(c.Writer)
	_ = control.SetReadDeadline(time.Time{}) // a recorder has no deadlines
	return &stream{
		ctx: c.Request.Context(), beat: p.beat,
		departure: &departure{w: c.Writer, control: control, still: p.still},
	}
}

// send sends what was written. That the client is gone ends its context.
func (s *stream) send() {
	if s.out.Len() > 0 {
		_, _ = s.out.WriteTo(s.departure)
		_ = s.departure.control.Flush()
	}
}

// wait sends a comment from time to time until there is news; false: the
// stream is over.
func (s *stream) wait(news, stopping <-chan struct{}) bool {
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	for {
		select {
		case <-news:
			return true
		case <-s.ctx.Done():
			return false
		case <-stopping:
			return false
		case <-beat.C:
			s.out.WriteString(":\n\n")
			s.send()
		}
	}
}

// over reports whether nobody listens any more or the server stops.
func (s *stream) over(stopping <-chan struct{}) bool {
	select {
	case <-s.ctx.Done():
		return true
	case <-stopping:
		return true
	default:
		return s.departure.err != nil
	}
}

package handlers

import (
	"encoding/json"
	"net/netip"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// feedPage is a page of the feed as a reader knows it.
type feedPage struct {
	Epoch   string
	Changes []feedLine
	Next    string
	More    bool
}

// feedLine is one change as a reader knows it.
type feedLine struct {
	Seq     int64
	Op      string
	Code    string
	Version int64
	After   json.RawMessage
	Related []struct {
		Code                   string
		Supersedes, Successors json.RawMessage
	}
}

// changes reads a page.
func (s *server) changes(t *testing.T, path string) (page feedPage) {
	t.Helper()
	_, body := s.play(t, scenario{path: path, status: 200})
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return page
}

// registerHouses registers houses number first to before last.
func (s *server) registerHouses(t *testing.T, first, last int) {
	t.Helper()
	for n := first; n < last; n++ {
		storetest.Register(t, s.store, storetest.House(n))
	}
}

func TestChanges(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		empty := s.changes(t, "/v1/changes")
		if empty.Changes == nil || len(empty.Changes) != 0 || empty.More || empty.Next != "/v1/changes?since="+empty.Epoch+".0" {
			t.Errorf("an empty registry: %+v", empty)
		}
		s.registerHouses(t, 0, 3)
		page := s.changes(t, "/v1/changes?limit=2")
		rest := s.changes(t, page.Next)
		end := s.changes(t, rest.Next)
		if len(page.Changes) != 2 || !page.More || len(rest.Changes) != 1 || rest.More || len(end.Changes) != 0 || end.Next != rest.Next {
			t.Errorf("pages %+v, %+v, %+v", page, rest, end)
		}
		past := page.Epoch + ".0"
		s.run(t, []scenario{
			{name: "the link to the next page", path: "/v1/changes?limit=2", status: 200, header: []string{"Link: <" + page.Next + `>; rel="next"`, "Cache-Control: no-cache", "Content-Type: application/json"}},
			{name: "whose change it was", path: "/v1/changes", status: 200, want: []string{`"op":"insert"`}, never: []string{storetest.Clerk.Name, "actor", `"reason"`, `"related"`}},
			{name: "from an epoch on", path: "/v1/changes?since=" + past, status: 200, want: []string{`"seq":1,`}},
			{name: "from a bare number on", path: "/v1/changes?since=1", status: 200, want: []string{`"seq":2,`}, never: []string{`"seq":1,`}},
			{name: "head", method: "HEAD", path: "/v1/changes", status: 200, header: []string{"ETag: *", "Link: *"}},
			{name: "another epoch", path: "/v1/changes?since=zzzzzzzz.1", status: 410, want: []string{"/problems/resync", `"snapshot":"/v1/exports/addresses.ndjson"`}, header: []string{"Link: </v1/exports/addresses.ndjson>"}},
			{name: "beyond the newest", path: "/v1/changes?since=" + page.Epoch + ".4", status: 410, want: []string{"/problems/resync"}},
			{name: "a bare number beyond the newest", path: "/v1/changes?since=4", status: 410, headers: []string{"Accept-Language: vi"}, want: []string{`"title":"Không còn nữa"`, "hãy tải lại"}},
			{name: "no position", path: "/v1/changes?since=yesterday", status: 400, want: []string{"/problems/bad-position", `"parameter":"since"`}},
			{name: "below zero", path: "/v1/changes?since=-1", status: 400},
			{name: "an empty position", path: "/v1/changes?since=", status: 400, want: []string{"/problems/empty"}},
			{name: "two positions", path: "/v1/changes?since=1&since=2", status: 400, want: []string{"/problems/repeated-parameter"}},
			{name: "no limit", path: "/v1/changes?limit=0", status: 400},
			{name: "too many", path: "/v1/changes?limit=1001", status: 400},
			{name: "a misspelt parameter", path: "/v1/changes?sinse=1", status: 400, want: []string{"did you mean since?"}},
			{name: "another format", path: "/v1/changes", headers: []string{"Accept: text/csv"}, status: 406},
			{name: "the last event of no stream", path: "/v1/changes", headers: []string{"Last-Event-ID: zzzzzzzz.1"}, status: 200},
			{name: "write", method: "POST", path: "/v1/changes", body: "{}", status: 405},
		})
	})
}

func TestUnchangedPageIsSentAgain(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.registerHouses(t, 0, 1)
		w, _ := s.play(t, scenario{path: "/v1/changes", status: 200})
		again := scenario{path: "/v1/changes", headers: []string{"If-None-Match: " + w.Header.Get("ETag")}, status: 304}
		s.play(t, again)
		s.registerHouses(t, 1, 2)
		again.status = 200
		s.play(t, again)
	})
}

func TestPagesOfOtherOriginsReadNoPosition(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		s.play(t, scenario{path: "/v1/exports/addresses.ndjson", headers: []string{"Origin: https://maps.example"}, status: 200,
			header: []string{"Access-Control-Expose-Headers: Snapshot"}})
		s.play(t, scenario{method: "OPTIONS", path: "/v1/changes", headers: []string{"Origin: https://maps.example", "Access-Control-Request-Method: GET",
			"Access-Control-Request-Headers: last-event-id"}, status: 204, header: []string{"Access-Control-Allow-Headers: Last-Event-Id"}})
	})
}

func TestSeats(t *testing.T) {
	full, greedy := &models.Error{Code: "full"}, &models.Error{Code: "greedy"}
	s := &seats{all: 3, ofClient: 2, full: full, greedy: greedy}
	one, other, third := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("192.0.2.3")
	take := func(client netip.Addr, want error) func() {
		t.Helper()
		leave, err := s.take(client)
		if err != want && (want != nil || err != nil) {
			t.Errorf("%s: %v, want %v", client, err, want)
		}
		return leave
	}
	first := take(one, nil)
	take(one, nil)
	take(one, greedy)
	take(other, nil)
	take(third, full)
	first()
	take(third, nil)()
	take(one, nil)
}

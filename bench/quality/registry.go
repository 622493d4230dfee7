package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"diachiso/bench/variant"
)

// The two calls that can be measured.
const (
	callSearch  = "search"
	callSuggest = "suggest"
)

// most answers are asked for: hit@5 needs no more.
const most = 5

// registry is a running server.
type registry struct {
	url    string
	client *http.Client
}

func open(url string) registry {
	return registry{url, &http.Client{Timeout: time.Minute}}
}

// errRefused is a question that the server calls wrong (400): a miss, not a
// failure of the server.
var errRefused = errors.New("refused")

// ask sends one GET and reads the whole answer.
func (r registry) ask(ctx context.Context, path string) (body []byte, header http.Header, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, nil)
	if err != nil {
		return nil, nil, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	case response.StatusCode == http.StatusBadRequest:
		return nil, nil, fmt.Errorf("%s: %w: %s", path, errRefused, body)
	case response.StatusCode == http.StatusTooManyRequests:
		return nil, nil, fmt.Errorf("%s: the server limits its rate: start it with DIACHISO_RATE_LIMIT=0", path)
	case response.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("%s: %s: %s", path, response.Status, body)
	}
	return body, response.Header, nil
}

// each visits every current address, in the order of the codes.
func (r registry) each(ctx context.Context, visit func(variant.Record)) error {
	path := "/v1/addresses?status=current&limit=1000&f=ndjson"
	for path != "" {
		body, header, err := r.ask(ctx, path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(body)) {
			var record variant.Record
			if err := json.Unmarshal([]byte(line), &record); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			visit(record)
		}
		path = next(header)
	}
	return nil
}

// next is the path of the next page (RFC 8288); empty: there is none.
func next(header http.Header) string {
	path, ok := strings.CutSuffix(header.Get("Link"), `>; rel="next"`)
	if !ok {
		return ""
	}
	return strings.TrimPrefix(path, "<")
}

// answer is one thing that the server found.
type answer struct {
	Code     string
	Name     string
	Text     string
	Formerly string
	label    string // class of the match, or type of the suggestion
}

// found is what one question brought, the likeliest answer first.
type found struct {
	answers []answer
	refused bool
	took    time.Duration
}

// find asks one question by one of the calls. A question that the server
// refuses is no error.
func (r registry) find(ctx context.Context, call, text string) (found, error) {
	path := findPath(call, text, most, "")
	start := time.Now()
	body, _, err := r.ask(ctx, path)
	f := found{took: time.Since(start)}
	if errors.Is(err, errRefused) {
		f.refused = true
		return f, nil
	}
	if err != nil {
		return f, err
	}
	read := readFeatures
	if call == callSuggest {
		read = readSuggestions
	}
	if f.answers, err = read(body); err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// findPath is the request for at most limit answers; near is the position
// "lat,lng" to prefer, or empty.
func findPath(call, text string, limit int, near string) string {
	query := url.Values{"q": {text}, "limit": {strconv.Itoa(limit)}}
	if near != "" {
		query.Set("near", near)
	}
	return "/v1/" + call + "?" + query.Encode()
}

func readFeatures(body []byte) ([]answer, error) {
	var collection struct {
		Features []struct {
			Properties struct {
				answer
				Match struct {
					Class string `json:"class"`
				} `json:"match"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(body, &collection); err != nil {
		return nil, err
	}
	answers := make([]answer, len(collection.Features))
	for i, f := range collection.Features {
		answers[i] = f.Properties.answer
		answers[i].label = f.Properties.Match.Class
	}
	return answers, nil
}

func readSuggestions(body []byte) ([]answer, error) {
	var list struct {
		Suggestions []struct {
			answer
			Type string `json:"type"`
		} `json:"suggestions"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	answers := make([]answer, len(list.Suggestions))
	for i, s := range list.Suggestions {
		answers[i] = s.answer
		answers[i].label = s.Type
	}
	return answers, nil
}

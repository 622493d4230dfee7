package handlers

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"diachiso"
)

// contract is openapi.yaml, by which every request and answer of the tests is
// validated.
type contract struct {
	document *openapi3.T
	router   routers.Router
}

var theContract = sync.OnceValues(func() (*contract, error) {
	openapi3filter.RegisterBodyDecoder("application/geo+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.oai.openapi+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/event-stream", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	for _, drawn := range []string{"image/svg+xml", "image/png", "application/pdf", "application/vnd.mapbox-vector-tile", "application/x-protobuf"} {
		openapi3filter.RegisterBodyDecoder(drawn, openapi3filter.PlainBodyDecoder)
	}
	openapi3filter.RegisterBodyDecoder("application/jwk-set+json", openapi3filter.JSONBodyDecoder)
	document, err := openapi3.NewLoader().LoadFromData(diachiso.OpenAPI)
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(document)
	return &contract{document, router}, err
})

func openContract(t *testing.T) *contract {
	t.Helper()
	c, err := theContract()
	if err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	return c
}

// check validates an exchange: a request that was served must be one that the
// document allows, and every answer one that it promises.
func (k *contract) check(t *testing.T, r *http.Request, requestBody []byte, w *http.Response, answer []byte) {
	t.Helper()
	if r.Method == http.MethodOptions {
		return
	}
	lookedUp := r.Clone(t.Context())
	if r.Method == http.MethodHead {
		lookedUp.Method = http.MethodGet
	}
	lookedUp.URL.Host, lookedUp.URL.Scheme = "", ""
	lookedUp.Body = io.NopCloser(bytes.NewReader(requestBody))
	found, parameters, err := k.router.FindRoute(lookedUp)
	if err != nil {
		k.checkStray(t, w, answer)
		return
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, SkipSettingDefaults: true,
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	in := &openapi3filter.RequestValidationInput{Request: lookedUp, PathParams: parameters, Route: found, Options: options}
	if w.StatusCode < 400 {
		if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
			t.Errorf("the document does not allow %s %s, which was answered %d: %v", r.Method, r.URL, w.StatusCode, err)
		}
	}
	if r.Method == http.MethodHead {
		return
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.StatusCode, Header: w.Header, Options: options}
	out.SetBodyBytes(answer)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("the document does not promise the answer of %s %s: %v\n%s", r.Method, r.URL, err, answer)
	}
}

// checkStray validates an answer outside the document, which is a problem.
func (k *contract) checkStray(t *testing.T, w *http.Response, answer []byte) {
	t.Helper()
	if !slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests}, w.StatusCode) {
		t.Errorf("%d for a call that the document does not know", w.StatusCode)
	}
	k.checkSchema(t, "Problem", answer)
}

func (k *contract) checkSchema(t *testing.T, name string, text []byte) {
	t.Helper()
	var value any
	if len(text) == 0 {
		return // HEAD
	}
	if err := json.Unmarshal(text, &value); err != nil {
		t.Errorf("%v: %s", err, text)
		return
	}
	if err := k.document.Components.Schemas[name].Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
		t.Errorf("it is no %s: %v\n%s", name, err, text)
	}
}

func TestDocumentIsInvalid(t *testing.T) {
	document := openContract(t).document
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == "" || operation.Summary == "" || operation.Responses.Default() == nil {
				t.Errorf("%s %s: needs an operationId, a summary and a default response", method, path)
			}
		}
	}
}

// Routes and document are compared in both directions, and so are parameters.
func TestDocumentAndRouterDiffer(t *testing.T) {
	routed, documented := map[string][]string{}, map[string][]string{}
	for _, r := range newAPI(nil, Options{}).routes() {
		path := ""
		for part := range strings.SplitSeq(r.pattern, "/") {
			if name, is := strings.CutPrefix(part, ":"); is {
				name, ending, _ := strings.Cut(name, ".")
				part = strings.TrimSuffix("{"+name+"}."+ending, ".")
			}
			path += "/" + part
		}
		routed[r.method+" "+path[1:]] = r.parameters
	}
	for path, item := range openContract(t).document.Paths.Map() {
		for method, operation := range item.Operations() {
			names := []string{}
			for _, p := range operation.Parameters {
				if p.Value.In == "query" {
					names = append(names, p.Value.Name)
				}
			}
			documented[method+" "+path] = names
		}
	}
	for call, names := range routed {
		described, known := documented[call]
		if !known {
			t.Errorf("%s is not in openapi.yaml", call)
			continue
		}
		if slices.Sort(described); !slices.Equal(slices.Sorted(slices.Values(names)), described) {
			t.Errorf("%s takes %v, openapi.yaml says %v", call, names, described)
		}
	}
	for call := range documented {
		if _, known := routed[call]; !known {
			t.Errorf("openapi.yaml has %s, the router does not", call)
		}
	}
}

// Every POST that writes says that it takes an Idempotency-Key.
func TestDocumentHidesIdempotencyKeys(t *testing.T) {
	for path, item := range openContract(t).document.Paths.Map() {
		if item.Post == nil {
			continue
		}
		named := item.Post.Parameters.GetByInAndName("header", idempotencyHeader) != nil
		if writes := writesByPost(http.MethodPost, path); named != writes {
			t.Errorf("POST %s: it takes an Idempotency-Key: %t, the document says %t", path, writes, named)
		}
	}
}

func TestExamplesAreInvalid(t *testing.T) {
	k := openContract(t)
	seen := 0
	validate := func(where string, media *openapi3.MediaType) {
		for name, example := range media.Examples {
			seen++
			if err := media.Schema.Value.VisitJSON(plain(t, example.Value.Value), openapi3.EnableJSONSchema2020()); err != nil {
				t.Errorf("example %s of %s: %v", name, where, err)
			}
		}
	}
	for path, item := range k.document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.RequestBody != nil {
				for _, media := range operation.RequestBody.Value.Content {
					validate(method+" "+path, media)
				}
			}
			for _, response := range operation.Responses.Map() {
				for _, media := range response.Value.Content {
					validate(method+" "+path, media)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d examples were validated", seen)
	}
}

// plain turns a value of YAML into one of JSON.
func plain(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

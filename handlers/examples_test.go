package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The examples of the document are what a registry with one address answers.
// That address is one of the demo's, so that they work in its console too.
func TestExamplesLie(t *testing.T) {
	const ofTheDemo = `{"kind":"household","lat":10.8764942,"lng":106.6971106,"accuracy_m":5,"position_kind":"gate","house_number":"58",
		"street":"Đường An Dương Vương","group":"Tổ 3","hamlet":"Khu phố 3","commune":"25990","as_of":"2025-06-30"}`
	get := func(path string) scenario { return scenario{path: path, status: 200} }
	eachServer(t, func(t *testing.T, s *server) {
		examples := openContract(t).document.Components.Examples
		value := func(name string) any { return plain(t, examples[name].Value.Value) }
		post := func(path, example string) scenario {
			body, err := json.Marshal(value(example))
			if err != nil {
				t.Fatal(err)
			}
			return scenario{method: http.MethodPost, path: path, body: string(body), status: 200}
		}
		answers := func(name string, c scenario) {
			t.Helper()
			_, body := s.play(t, c)
			var got any
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(untuned(value(name)), untuned(got)); diff != "" {
				t.Errorf("the example %s is not what is answered:\n%s\n%s", name, diff, body)
			}
		}
		s.register(t, ofTheDemo)
		answers("address", get("/v1/addresses/"+parameterExample(t, "code")))
		answers("resolution", get("/v1/resolve?q="+parameterExample(t, "q")))
		answers("reverse", get("/v1/reverse?lat="+parameterExample(t, "lat")+"&lng="+parameterExample(t, "lng")))
		answers("place", get("/v1/units/at?lat="+parameterExample(t, "lat")+"&lng="+parameterExample(t, "lng")))
		answers("unit", get("/v1/units/"+parameterExample(t, "unitCode")))
		answers("code", get("/v1/codes/"+parameterExample(t, "code")))
		answers("found", get("/v1/search?q="+parameterExample(t, "searchText")))
		answers("suggestions", get("/v1/suggest?q="+parameterExample(t, "suggestText")))
		answers("publicKeys", get("/.well-known/jwks.json"))
		answers("certificateVerdict", post("/v1/certificates/verify", "certificateToVerify"))
		answers("washed", post("/v1/wash", "writtenAddress"))
		answers("batchResolveAnswered", post("/v1/batch/resolve", "batchResolveRows"))
		answers("batchSearchAnswered", post("/v1/batch/search", "batchSearchRows"))
		answers("batchReverseAnswered", post("/v1/batch/reverse", "batchReverseRows"))
		for _, call := range []string{"Resolve", "Search", "Reverse"} {
			table, ok := value("batch" + call + "Table").(string)
			if !ok {
				t.Fatalf("the table of %s is no text", call)
			}
			s.play(t, scenario{method: http.MethodPost, path: "/v1/batch/" + strings.ToLower(call),
				headers: []string{"Content-Type: text/csv"}, body: table, status: 200, want: []string{",result_status,", ",found,"}})
		}

		s.database.Exec(t, "UPDATE registry SET epoch = 'k3v9x0qa'")
		answers("changes", get("/v1/changes?limit=1"))
		answers("resync", scenario{path: "/v1/changes?since=k3v9x0qb.1", status: 410})
		answers("checkFailed", scenario{path: "/v1/resolve/28VMGWHRXH", status: 404})
		answers("notInForce", scenario{path: "/v1/units/718", status: 404})
		answers("unknownPath", scenario{path: "/v1/nothing", status: 404})
		answers("notAcceptable", scenario{path: "/v1/suggest?q=an", headers: []string{"Accept: image/png"}, status: 406})
		compressed := post("/v1/wash", "writtenAddress")
		compressed.headers, compressed.status = []string{"Content-Encoding: gzip"}, 415
		answers("contentEncoding", compressed)
		house := post("/v1/addresses", "house")
		house.status = 201
		answers("registered", house)
		answers("addresses", get("/v1/addresses?limit=1"))
		house.status = 409
		answers("duplicate", house)
	})
}

// parameterExample is the text with which the console fills a parameter in, as
// a URL has it.
func parameterExample(t *testing.T, name string) string {
	t.Helper()
	example, err := json.Marshal(openContract(t).document.Components.Parameters[name].Value.Example)
	if err != nil || string(example) == "null" {
		t.Fatalf("the parameter %s has no example: %v", name, err)
	}
	return strings.ReplaceAll(strings.Trim(string(example), `"`), " ", "+")
}

// untuned leaves out what is tuned, and the names of requests.
func untuned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "score")
		delete(v, "instance")
		for _, member := range v {
			untuned(member)
		}
	case []any:
		for _, element := range v {
			untuned(element)
		}
	}
	return v
}

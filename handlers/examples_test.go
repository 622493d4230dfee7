package handlers

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The examples of the document about texts are what a registry with the one
// address of the examples answers.
func TestExamplesLie(t *testing.T) {
	const farm = `{"kind":"farm","name":"Vườn bưởi Ông Năm","name_public":true,"lat":10.9804,"lng":106.6519,"accuracy_m":5,"position_kind":"entrance",
		"house_number":"12/3","street":"Đường Hoa Mai","hamlet":"Khu phố 2"}`
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
		s.register(t, farm)
		for name, c := range map[string]scenario{
			"found":                get("/v1/search?q=12/3+duong+hoa+mia+p+thu+dau+mot"),
			"suggestions":          get("/v1/suggest?q=hoa+m"),
			"washed":               post("/v1/wash", "writtenAddress"),
			"batchResolveAnswered": post("/v1/batch/resolve", "batchResolveRows"),
			"batchSearchAnswered":  post("/v1/batch/search", "batchSearchRows"),
			"batchReverseAnswered": post("/v1/batch/reverse", "batchReverseRows"),
		} {
			_, body := s.play(t, c)
			var got any
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(withoutScores(value(name)), withoutScores(got)); diff != "" {
				t.Errorf("the example %s is not what is answered:\n%s\n%s", name, diff, body)
			}
		}
		for _, call := range []string{"Resolve", "Search", "Reverse"} {
			table, ok := value("batch" + call + "Table").(string)
			if !ok {
				t.Fatalf("the table of %s is no text", call)
			}
			s.play(t, scenario{method: http.MethodPost, path: "/v1/batch/" + map[string]string{"Resolve": "resolve", "Search": "search", "Reverse": "reverse"}[call],
				headers: []string{"Content-Type: text/csv"}, body: table, status: 200, want: []string{",result_status,", ",found,"}})
		}
	})
}

// withoutScores leaves out what is tuned.
func withoutScores(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "score")
		for _, member := range v {
			withoutScores(member)
		}
	case []any:
		for _, element := range v {
			withoutScores(element)
		}
	}
	return v
}

package handlers

import (
	"net/http"
	"testing"
)

func TestRefusedWash(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		wash := func(name, body string, status int, want ...string) scenario {
			return scenario{name: name, method: http.MethodPost, path: "/v1/wash", body: body, status: status, want: want, headers: []string{"Authorization:"}}
		}
		form := wash("a form", "text=x", 415, "/problems/unsupported-media-type")
		form.headers = append(form.headers, "Content-Type: application/x-www-form-urlencoded")
		html := wash("wants HTML", `{"text":"5 Hoa Mai"}`, 406)
		html.headers = append(html.headers, "Accept: text/html")
		parameter := wash("in the query", `{"text":"5 Hoa Mai"}`, 400, "/problems/unknown-parameter", `"parameter":"text"`)
		parameter.path += "?text=5"
		s.run(t, []scenario{
			form, html, parameter,
			wash("nothing", ``, 400, "/problems/malformed-json"),
			wash("no text", `{}`, 400, "/problems/required", `"pointer":"/text"`),
			wash("null", `{"text":null}`, 400, `"pointer":"/text"`),
			wash("a number", `{"text":5}`, 400, "/problems/wrong-type", `"pointer":"/text"`),
			wash("unknown member", `{"txt":"5 Hoa Mai"}`, 400, "did you mean text?", `"pointer":"/txt"`),
			wash("invalid UTF-8", "{\"text\":\"\xff\"}", 400, "/problems/invalid-utf8"),
			{name: "get", path: "/v1/wash", status: 405, header: []string{"Allow: POST, OPTIONS"}},
			{name: "options", method: http.MethodOptions, path: "/v1/wash", status: 204, header: []string{"Allow: POST, OPTIONS"}},
		})
	})
}

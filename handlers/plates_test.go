package handlers

import (
	"fmt"
	"image"
	"image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/storetest"
)

// plateMatrix are the rows of the access matrix for what is printed.
func plateMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET /v1/addresses/:code/plate.svg": open("/v1/addresses/{code}/plate.svg"),
		"GET /v1/addresses/:code/plate.png": open("/v1/addresses/{code}/plate.png"),
		"GET /v1/addresses/:code/plate.pdf": open("/v1/addresses/{code}/plate.pdf"),
		"GET /v1/addresses/:code/qr.svg":    open("/v1/addresses/{code}/qr.svg"),
		"POST /v1/plates":                   {outcomes: "1333yyy", path: "/v1/plates", body: `{"codes":["{code}"]}`},
		"GET /a/:code":                      open("/a/{code}"),
	}
}

const shareSite = "https://diachi.example.vn"

// poppler runs a program of poppler-utils on a PDF; what it writes to standard
// output is answered.
func poppler(t *testing.T, pdf, program string, arguments ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range arguments {
		arguments[i] = strings.ReplaceAll(a, "{pdf}", file)
	}
	out, err := exec.Command(storetest.Program(t, program), arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// textOf is the text of a PDF on one line, with pages apart.
func textOf(t *testing.T, pdf string) string {
	t.Helper()
	return strings.Join(strings.Fields(strings.ReplaceAll(poppler(t, pdf, "pdftotext", "{pdf}", "-"), "\f", " ¶ ")), " ")
}

// firstPage is the first page of a PDF as a picture.
func firstPage(t *testing.T, pdf string) image.Image {
	t.Helper()
	return pictureOf(t, poppler(t, pdf, "pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", "{pdf}"))
}

func pictureOf(t *testing.T, body string) image.Image {
	t.Helper()
	picture, err := png.Decode(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// leadsTo reads the QR code of a plate in a format.
func leadsTo(t *testing.T, f format, body string) string {
	t.Helper()
	switch f {
	case formatSVG:
		return scan(t, body)
	case formatPDF:
		return readQR(t, firstPage(t, body), gozxing.DecodeHintType_TRY_HARDER)
	}
	return readQR(t, pictureOf(t, body), gozxing.DecodeHintType_TRY_HARDER)
}

// kindsAt registers one address of each kind, and a flat.
func kindsAt(t *testing.T, s *server) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for i, kind := range models.Kinds {
		r := storetest.House(10 + i)
		r.Kind, r.Parts.Hamlet = kind, "Ấp Bàu Bàng Ngữ Ỡ"
		if public := true; kind != "household" {
			r.Name, r.NamePublic = "Nơi tên "+kind, &public
		}
		codes[kind] = storetest.Register(t, s.store, r).Code.String()
	}
	codes["unit"] = storetest.Register(t, s.store, storetest.Flat("A-02.01")).Code.String()
	return codes
}

// Every kind in every format: the QR code leads to the page, a PDF holds the
// text as text, and without the text there is none of it.
func TestPlate(t *testing.T) {
	eachServerWith(t, Options{PublicURL: shareSite}, func(t *testing.T, s *server) {
		for kind, code := range kindsAt(t, s) {
			parsed, err := geo.Parse(code)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []format{formatSVG, formatPNG, formatPDF} {
				for _, withText := range []bool{true, false} {
					_, body := s.play(t, scenario{path: fmt.Sprintf("/v1/addresses/%s/plate.%s?text=%t", code, f.name, withText), status: 200, header: []string{
						"Content-Type: " + f.mediaType, "Content-Disposition: inline; filename=\"" + code + "." + f.name + `"`, "ETag: *", "Cache-Control: no-cache"}})
					if got := leadsTo(t, f, body); got != shareSite+"/a/"+code {
						t.Errorf("the plate of the %s as %s leads to %s", kind, f.name, got)
					}
					says := map[string]bool{parsed.Grouped(): true, "Hoa Mai": withText, "Nơi tên " + kind: withText && kind != "household" && kind != "unit"}
					text := body
					switch f {
					case formatPNG:
						continue
					case formatPDF:
						text = textOf(t, body)
						says[kindNames[kind]], says["Ấp Bàu Bàng Ngữ Ỡ"] = true, withText && kind != "unit"
					}
					for words, want := range says {
						if got := strings.Contains(text, words); got != want {
							t.Errorf("the plate of the %s as %s with text=%t says %q: %t", kind, f.name, withText, words, got)
						}
					}
				}
			}
		}
	})
}

// The written address is drawn in no format where it is not to be read: a plate
// without it is the same for two houses but for the code.
func TestPlateShowsTheTextAllTheSame(t *testing.T) {
	eachServerWith(t, Options{PublicURL: shareSite}, func(t *testing.T, s *server) {
		code := s.register(t, house)
		paths := []string{"/v1/addresses/" + code + "/plate.svg", "/v1/addresses/" + code + "/plate.png"}
		drawn := map[string][]string{}
		for _, street := range []string{"Đường Hoa Mai", "Đường Khác Hẳn"} {
			s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+code, `{"street":"`+street+`"}`, 200))
			for _, path := range paths {
				for _, query := range []string{"?text=false", "?text=true"} {
					_, body := s.play(t, scenario{path: path + query, status: 200})
					drawn[path+query] = append(drawn[path+query], body)
				}
			}
		}
		for call, bodies := range drawn {
			if same := bodies[0] == bodies[1]; same != strings.HasSuffix(call, "false") {
				t.Errorf("%s: the plates of two streets are the same: %t", call, same)
			}
		}
	})
}

func TestPlateIsRefused(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		plate := "/v1/addresses/" + code + "/plate"
		bad := func(name, path string, status int, problem string) scenario {
			return scenario{name: name, path: path, status: status, want: []string{"/problems/" + problem}}
		}
		s.run(t, []scenario{
			bad("width 0", plate+".png?width=0", 400, "out-of-range"),
			bad("width 399", plate+".png?width=399", 400, "out-of-range"),
			bad("width 3497", plate+".png?width=3497", 400, "out-of-range"),
			bad("width 100000", plate+".png?width=100000", 400, "out-of-range"),
			bad("width x", plate+".png?width=x", 400, "out-of-range"),
			bad("width of an SVG", plate+".svg?width=500", 400, "unknown-parameter"),
			bad("text maybe", plate+".svg?text=maybe", 400, "unknown-value"),
			bad("text TRUE", plate+".pdf?text=TRUE", 400, "unknown-value"),
			bad("text of a QR code", "/v1/addresses/"+code+"/qr.svg?text=true", 400, "unknown-parameter"),
			bad("another format", plate+".gif", 404, "no-such-path"),
			bad("bad check", "/v1/addresses/28XMJ25Q67/plate.svg", 400, "check-failed"),
			bad("no code", "/v1/addresses/nothing/plate.pdf", 400, ""),
			{name: "nobody's code", path: "/v1/addresses/H72VH2FVP6/plate.pdf", status: 404, want: []string{"/problems/code-not-found", `"cell":`}},
			{name: "nobody's QR", path: "/v1/addresses/H72VH2FVP6/qr.svg", status: 404, want: []string{"/problems/code-not-found", `"cell":`}},
			{name: "no SVG wanted", path: plate + ".svg", headers: []string{"Accept: application/json"}, status: 406},
			{name: "widths that are allowed", path: plate + ".png?width=400", status: 200},
			{name: "as people write the code", path: "/v1/addresses/28xm%20j25%20q66/plate.svg", status: 200, header: []string{`Content-Disposition: "28XMJ25Q66.svg"`}},
			{name: "head", method: "HEAD", path: plate + ".pdf", status: 200, header: []string{"Content-Type: application/pdf", "ETag: *", "Content-Length:"}},
			{name: "not compressed again", path: plate + ".pdf", headers: []string{"Accept-Encoding: gzip"}, status: 200, header: []string{"Content-Encoding:"}},
		})
		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+code+"/retire", `{"reason":"gone"}`, 200))
		for _, name := range []string{"plate.svg", "plate.png", "plate.pdf", "qr.svg"} {
			s.play(t, scenario{path: "/v1/addresses/" + code + "/" + name, status: 409, want: []string{"/problems/nothing-to-print", "28XM J25 Q66"}})
		}
		s.play(t, scenario{method: http.MethodPost, path: platesPattern, body: `{"codes":["` + code + `"]}`, status: 409, want: []string{"/problems/nothing-to-print", "28XM J25 Q66"}})
		s.play(t, scenario{method: http.MethodPost, path: platesPattern, body: `{"commune":"25747"}`, status: 404, want: []string{"/problems/nothing-matches"}})
	})
}

// A plate is asked for again only when it has changed.
func TestPlateIsDrawnAgain(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		tags := map[string]string{}
		variants := []string{"plate.svg", "plate.svg?text=false", "plate.png", "plate.png?width=500", "plate.png?width=501", "plate.pdf", "qr.svg"}
		for _, variant := range variants {
			path := "/v1/addresses/" + code + "/" + variant
			w, body := s.play(t, scenario{path: path, status: 200})
			tag := w.Header.Get("ETag")
			if other, taken := tags[tag]; taken {
				t.Errorf("%s and %s have the same tag %s", variant, other, tag)
			}
			tags[tag] = variant
			s.play(t, scenario{path: path, headers: []string{"If-None-Match: " + tag}, status: 304})
			if _, again := s.play(t, scenario{path: path, status: 200}); again != body {
				t.Errorf("%s is drawn otherwise the second time", variant)
			}
		}
		s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+code, `{"alley":"Hẻm 5"}`, 200))
		for tag, variant := range tags {
			s.play(t, scenario{path: "/v1/addresses/" + code + "/" + variant, headers: []string{"If-None-Match: " + tag}, status: 200})
		}
		a := newAPI(s.store, Options{PublicURL: "https://elsewhere.example.vn"})
		elsewhere := httptest.NewRecorder()
		a.router().ServeHTTP(elsewhere, httptest.NewRequest(http.MethodGet, "/v1/addresses/"+code+"/qr.svg", nil))
		here, _ := s.play(t, scenario{path: "/v1/addresses/" + code + "/qr.svg", status: 200})
		if elsewhere.Header().Get("ETag") == here.Header.Get("ETag") {
			t.Error("another link in the QR code has the same tag")
		}
		if got := scan(t, elsewhere.Body.String()); got != "https://elsewhere.example.vn/a/"+code {
			t.Errorf("it leads to %s", got)
		}
	})
}

// A name that is not public is on no plate, in no page and no sheet.
func TestPlateShowsAHiddenName(t *testing.T) {
	eachServerWith(t, Options{PublicURL: shareSite}, func(t *testing.T, s *server) {
		r := storetest.Farm("Trại Gà Riêng Tư")
		hidden := false
		r.NamePublic, r.Contact = &hidden, plantedContact("Nguyễn Bí Mật")
		code := storetest.Register(t, s.store, r).Code.String()
		_, pdf := s.play(t, scenario{path: "/v1/addresses/" + code + "/plate.pdf", status: 200})
		_, sheet := s.play(t, scenario{method: http.MethodPost, path: platesPattern, body: `{"codes":["` + code + `"]}`, status: 200})
		_, svg := s.play(t, scenario{path: "/v1/addresses/" + code + "/plate.svg", status: 200})
		_, page := s.play(t, scenario{path: "/a/" + code, status: 200})
		for _, text := range []string{textOf(t, pdf), textOf(t, sheet), svg, page} {
			if !strings.Contains(text, "Ấp 3") || strings.Contains(text, "Riêng") || strings.Contains(text, "Mật") {
				t.Errorf("it says %s", text)
			}
		}
	})
}

// White letters can be read on the colour of every kind, and there is a word
// and another colour for each.
func TestKindsLookAlike(t *testing.T) {
	channel := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	seen := map[string]string{}
	for _, kind := range models.Kinds {
		c, there := kindColours[kind]
		contrast := 1.05 / (0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B) + 0.05) // WCAG 2.2
		if !there || kindNames[kind] == "" || contrast < 6 {
			t.Errorf("%s: %v, contrast %.1f", kind, c, contrast)
		}
		for _, key := range []string{fmt.Sprint(c), kindNames[kind]} {
			if other, taken := seen[key]; taken {
				t.Errorf("%s looks like %s", kind, other)
			}
			seen[key] = kind
		}
	}
}

// groupedCode finds the codes in the text of a PDF.
var groupedCode = regexp.MustCompile(`[2-9CFGHJMPQRVWX]{4} [2-9CFGHJMPQRVWX]{3} [2-9CFGHJMPQRVWX]{2}[0-9CFGHJMPQRVWXK]( [2-9CFGHJMPQRVWX]{3}[0-9CFGHJMPQRVWXK]\b)?`)

func TestPlates(t *testing.T) {
	eachServerWith(t, Options{PublicURL: shareSite}, func(t *testing.T, s *server) {
		var codes []string
		for _, n := range []int{7, 100, 12, 9, 30} {
			codes = append(codes, storetest.Register(t, s.store, storetest.House(n)).Code.String())
		}
		quoted := func(codes ...string) string { return `{"codes":["` + strings.Join(codes, `","`) + `"]}` }
		sheets := func(body string) string {
			t.Helper()
			_, pdf := s.play(t, scenario{method: http.MethodPost, path: platesPattern, body: body, status: 200,
				header: []string{"Content-Type: application/pdf", `Content-Disposition: inline; filename="plates.pdf"`, "Cache-Control: no-cache"}})
			return pdf
		}
		pdf := sheets(quoted(codes...))
		info := poppler(t, pdf, "pdfinfo", "-box", "-l", "9", "{pdf}")
		for _, want := range []string{`Pages: +2\n`, `Page +1 size: +841\.89 x 595\.28 pts \(A4\)`, `Page +2 MediaBox: +0\.00 +0\.00 +841\.89 +595\.28`} {
			if !regexp.MustCompile(want).MatchString(info) {
				t.Errorf("the sheets lack %s:\n%s", want, info)
			}
		}
		if got := onSheets(t, pdf); !slices.Equal(got, codes) {
			t.Errorf("the sheets show %v, want %v", got, codes)
		}
		if got := readQR(t, firstPage(t, sheets(quoted(codes[0]))), gozxing.DecodeHintType_TRY_HARDER); got != shareSite+"/a/"+codes[0] {
			t.Errorf("a plate of a sheet leads to %s", got)
		}
		along := []string{codes[0], codes[3], codes[2], codes[4], codes[1]} // 7, 9, 12, 30, 100
		street := sheets(`{"commune":"25747","street":"ĐƯỜNG hoa mai","hamlet":"Khu phố 2","kind":"household","text":true}`)
		if got := onSheets(t, street); !slices.Equal(got, along) {
			t.Errorf("along the street: %v, want %v", got, along)
		}
		bare := sheets(`{"commune":"25747","text":false}`)
		if text := textOf(t, bare); strings.Contains(text, "Hoa Mai") || !slices.Equal(onSheets(t, bare), along) {
			t.Errorf("without the text: %s", text)
		}
		flat := storetest.Register(t, s.store, storetest.Flat("A-02.01")).Code
		if text := textOf(t, sheets(quoted(flat.String()))); !strings.Contains(text, flat.Grouped()) {
			t.Errorf("the flat %s: %s", flat.Grouped(), text)
		}
		s.play(t, scenario{method: http.MethodPost, path: platesPattern, body: quoted(codes[0]), status: 200,
			headers: []string{"Authorization: Bearer " + s.keyOf(t, models.RoleOfficer, "25920"), "Idempotency-Key: 1"}, header: []string{"Idempotent-Replayed:"}})
		_, single := s.play(t, scenario{path: "/v1/addresses/" + codes[0] + "/plate.pdf", status: 200})
		if info := poppler(t, single, "pdfinfo", "{pdf}"); !strings.Contains(info, "419.53 x 297.64 pts") {
			t.Errorf("a plate is no A6:\n%s", info)
		}
	})
}

// onSheets are the codes on sheets in the order of the plates: from the left to
// the right, then below.
func onSheets(t *testing.T, pdf string) []string {
	t.Helper()
	var codes []string
	pages := strings.Count(poppler(t, pdf, "pdftotext", "{pdf}", "-"), "\f")
	for page := range pages {
		n := strconv.Itoa(page + 1)
		for _, corner := range [][2]string{{"0", "0"}, {"421", "0"}, {"0", "298"}, {"421", "298"}} { // points
			text := poppler(t, pdf, "pdftotext", "-f", n, "-l", n, "-x", corner[0], "-y", corner[1], "-W", "421", "-H", "297", "{pdf}", "-")
			for _, code := range groupedCode.FindAllString(strings.Join(strings.Fields(text), " "), -1) {
				codes = append(codes, strings.ReplaceAll(code, " ", ""))
			}
		}
	}
	return codes
}

func TestPlatesAreRefused(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		many := func(n int) string { return `{"codes":[` + strings.Repeat(`"`+code+`",`, n-1) + `"` + code + `"]}` }
		bad := func(name, body string, status int, want ...string) scenario {
			return scenario{name: name, method: http.MethodPost, path: platesPattern, body: body, status: status, want: want}
		}
		s.run(t, []scenario{
			bad("no body", ``, 400, "malformed-json"),
			bad("neither", `{}`, 400, "/problems/required", `"pointer":"/commune"`),
			bad("both", `{"codes":["`+code+`"],"commune":"25747"}`, 400, "/problems/codes-and-filter"),
			bad("codes and a hamlet", `{"codes":["`+code+`"],"hamlet":"Khu phố 2"}`, 400, "/problems/codes-and-filter"),
			bad("a street without its commune", `{"street":"Đường Hoa Mai"}`, 400, "/problems/required", `"pointer":"/commune"`),
			bad("no codes", `{"codes":[]}`, 400, "/problems/empty", `"pointer":"/codes"`),
			bad("codes that are numbers", `{"codes":[1]}`, 400, "/problems/wrong-type"),
			bad("codes that are a text", `{"codes":"`+code+`"}`, 400, "/problems/wrong-type"),
			bad("a code twice", `{"codes":["`+code+`","28xm-j25-q66"]}`, 400, "/problems/repeated-code", `"pointer":"/codes/1"`, "28XM J25 Q66"),
			bad("a bad check", `{"codes":["`+code+`","28XMJ25Q67"]}`, 400, "/problems/check-failed", `"pointer":"/codes/1"`),
			bad("an empty code", `{"codes":[""]}`, 400, `"pointer":"/codes/0"`),
			bad("nobody's code", `{"codes":["`+code+`","H72VH2FVP6"]}`, 404, "/problems/code-not-found", "H72V H2F VP6"),
			bad("1001 codes", many(1001), 422, "/problems/too-many-plates", "1001"),
			bad("5000 codes", many(5000), 422, "/problems/too-many-plates", "5000"),
			bad("an unknown commune", `{"commune":"99999"}`, 400, "/problems/unknown-commune", `"pointer":"/commune"`),
			bad("a province", `{"commune":"79"}`, 400, "/problems/unknown-commune"),
			bad("a commune that is a number", `{"commune":25747}`, 400, "/problems/wrong-type"),
			bad("an empty hamlet", `{"commune":"25747","hamlet":" "}`, 400, "/problems/empty", `"pointer":"/hamlet"`),
			bad("an empty street", `{"commune":"25747","street":""}`, 400, "/problems/empty", `"pointer":"/street"`),
			bad("an unknown kind", `{"commune":"25747","kind":"castle"}`, 400, "/problems/unknown-value", `"pointer":"/kind"`),
			bad("an unknown street", `{"commune":"25747","street":"Đường Hòa Mai"}`, 404, "/problems/nothing-matches"),
			bad("an unknown member", `{"commune":"25747","stret":"Đường Hoa Mai"}`, 400, "/problems/unknown-member", "did you mean street?"),
			bad("text maybe", `{"commune":"25747","text":"maybe"}`, 400, "/problems/wrong-type", `"pointer":"/text"`),
			{name: "a parameter", method: http.MethodPost, path: platesPattern + "?f=pdf", body: `{"commune":"25747"}`, status: 400, want: []string{"/problems/unknown-parameter"}},
			{name: "JSON wanted", method: http.MethodPost, path: platesPattern, body: `{"commune":"25747"}`, headers: []string{"Accept: application/json"}, status: 406},
			{name: "no JSON", method: http.MethodPost, path: platesPattern, body: `commune=25747`, headers: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415},
			{name: "no key", method: http.MethodPost, path: platesPattern, body: `{"commune":"25747"}`, headers: []string{"Authorization:"}, status: 401},
			{name: "read", path: platesPattern, status: 405, header: []string{"Allow: POST, OPTIONS"}},
		})
	})
}

// A thousand plates are printed, one more is refused with the number there are;
// what takes too long is given up.
func TestPlatesOfATown(t *testing.T) {
	if testing.Short() {
		t.Skip("it draws a thousand plates")
	}
	eachServer(t, func(t *testing.T, s *server) {
		s.importHouses(t, 0, 1000)
		ask := scenario{method: http.MethodPost, path: platesPattern, body: `{"commune":"25747"}`, status: 200}
		_, pdf := s.play(t, ask)
		if info := poppler(t, pdf, "pdfinfo", "{pdf}"); !regexp.MustCompile(`Pages: +250\n`).MatchString(info) {
			t.Errorf("1000 plates:\n%s", info)
		}
		hasty := httptest.NewServer(New(s.store, Options{Timeout: 300 * time.Millisecond}))
		defer hasty.Close()
		here := s.url
		s.url = hasty.URL
		s.play(t, scenario{method: ask.method, path: ask.path, body: ask.body, status: 503, want: []string{"/problems/timeout"}})
		s.url = here
		s.importHouses(t, 1000, 1001)
		ask.status, ask.want = 422, []string{"/problems/too-many-plates", "1001"}
		s.play(t, ask)
		s.play(t, scenario{method: ask.method, path: ask.path, body: `{"commune":"25747","street":"Đường số 11"}`, status: 200})
	})
}

// Sheets are drawn for few at a time, and seats are given back.
func TestPrintsForEverybody(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		a := newAPI(s.store, Options{})
		listening := httptest.NewServer(a.router())
		defer listening.Close()
		s.url = listening.URL
		ask := scenario{method: http.MethodPost, path: platesPattern, body: `{"codes":["` + code + `"]}`, status: 200}
		s.play(t, ask)
		s.play(t, scenario{method: ask.method, path: ask.path, body: `{"codes":["H72VH2FVP6"]}`, status: 404})
		s.play(t, ask)
		leave, err := a.prints.take(netip.MustParseAddr("127.0.0.1"))
		if err != nil {
			t.Fatal(err)
		}
		ask.status, ask.want, ask.header = 429, []string{"/problems/too-many-prints"}, []string{"Retry-After: 5"}
		s.play(t, ask)
		leave()
		for _, other := range []string{"192.0.2.1", "192.0.2.2"} {
			if _, err := a.prints.take(netip.MustParseAddr(other)); err != nil {
				t.Fatal(err)
			}
		}
		ask.status, ask.want = 503, []string{"/problems/prints-busy"}
		s.play(t, ask)
	})
}

func TestQRCodeOfAnAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		_, svg := s.play(t, scenario{path: "/v1/addresses/" + code + "/qr.svg", status: 200, header: []string{"Content-Type: image/svg+xml"}})
		if got := scan(t, svg); got != s.url+"/a/"+code {
			t.Errorf("it leads to %s", got)
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/v1/addresses/"+code+"/qr.svg", nil)
		r.Host = "evil.example.vn/x"
		New(s.store, Options{}).ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "/problems/bad-host") {
			t.Errorf("a bad host: %d %s", w.Code, w.Body)
		}
	})
}

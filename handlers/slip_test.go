package handlers

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"

	"diachiso/handlers/paper"
	"diachiso/models"
)

// contextFor is a request to a host.
func contextFor(host string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
	c.Request.Host = host
	return c
}

var (
	qrRun  = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	qrSide = regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)" shape-rendering`)
	qrDraw = regexp.MustCompile(` d="(M\d+ \d+h\d+v1h-[^"]*)"`)
)

// scan draws the QR code of an SVG as pixels and reads it.
func scan(t *testing.T, svg string) string {
	t.Helper()
	const scale = 3
	side, path := qrSide.FindStringSubmatch(svg), qrDraw.FindStringSubmatch(svg)
	if side == nil || path == nil {
		t.Fatalf("there is no QR code in %s", svg)
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n * scale }
	picture := image.NewGray(image.Rect(0, 0, number(side[1]), number(side[2])))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	quiet := picture.Rect.Inset(paper.QuietZone * scale)
	for _, m := range qrRun.FindAllStringSubmatch(path[1], -1) {
		run := image.Rect(number(m[1]), number(m[2]), number(m[1])+number(m[3]), number(m[2])+scale)
		if !run.In(quiet) {
			t.Errorf("%v is drawn in the quiet zone", run)
		}
		draw.Draw(picture, run, &image.Uniform{C: color.Black}, image.Point{}, draw.Src)
	}
	return readQR(t, picture, gozxing.DecodeHintType_PURE_BARCODE)
}

// readQR reads the QR code in a picture.
func readQR(t *testing.T, picture image.Image, hint gozxing.DecodeHintType) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{hint: true})
	if err != nil {
		t.Fatalf("the QR code can't be read: %v", err)
	}
	return read.GetText()
}

func TestQRCodeReadsAsSomethingElse(t *testing.T) {
	for _, text := range []string{"a", "https://diachi.example.vn/o#dco_" + strings.Repeat("x", 43), strings.Repeat("Đ", 200)} {
		for _, level := range []paper.Level{paper.Medium, paper.Quartile, paper.High} {
			code, err := paper.NewQR(text, level)
			if err != nil {
				t.Fatal(err)
			}
			if got := scan(t, code.SVG()); got != text {
				t.Errorf("it reads %q, want %q", got, text)
			}
		}
	}
	if _, err := paper.NewQR(strings.Repeat("x", 5000), paper.Medium); err == nil {
		t.Error("5000 letters fit in a QR code")
	}
}

func TestSlip(t *testing.T) {
	eachServerWith(t, Options{PublicURL: "https://diachi.example.vn"}, func(t *testing.T, s *server) {
		p := s.propose(t, strings.Replace(proposedHouse, "Khu phố 2", `Khu phố <2> & \"3\"`, 1))
		link := "https://diachi.example.vn/o#" + p.token
		if p.link != link || scan(t, p.qr) != link {
			t.Errorf("the owner gets the link %s and the QR code of %s, want %s", p.link, scan(t, p.qr), link)
		}
		path := "/v1/proposals/" + p.number + "/slip.svg"
		c := scenario{path: path, headers: []string{bearer(p.token)}, status: 200,
			header: []string{"Content-Type: image/svg+xml", "Cache-Control: no-store"},
			want: []string{`width="105mm"`, "28XM J25 Q66", "CHƯA CÓ HIỆU LỰC", "15/01/2026", "15/04/2026", "P-" + p.number[1:6] + "-" + p.number[6:],
				"Hộ gia đình", "5 Đường Hoa Mai", "&lt;2&gt; &amp;", "10.9804, 106.6519"},
			never: []string{"Bưởi", "0900", "<2>"}}
		_, svg := s.play(t, c)
		if got := scan(t, svg); got != link {
			t.Errorf("the slip leads to %s, want %s", got, link)
		}
		s.play(t, scenario{method: http.MethodPost, path: "/v1/proposals/" + p.number + "/verify", headers: []string{"If-Match: *"}, body: `{}`, status: 201})
		c.want, c.never = []string{"ĐÃ ĐƯỢC CẤP", "28XM J25 Q66"}, []string{"CHƯA CÓ HIỆU LỰC"}
		if _, svg = s.play(t, c); scan(t, svg) != link {
			t.Errorf("the slip of the address leads to %s", scan(t, svg))
		}
		s.play(t, s.write(http.MethodPatch, "/v1/addresses/28XMJ25Q66", `{"lat":10.9813,"lng":106.6519}`, 201))
		c.want, c.never = []string{"ĐÃ ĐƯỢC CẤP"}, []string{"CHƯA CÓ HIỆU LỰC", "28XM J25 Q66"} // of the code that it moved to
		s.play(t, c)
		_, moved := s.play(t, scenario{path: "/v1/owner", headers: []string{bearer(p.token)}, status: 200})
		code := regexp.MustCompile(`"address":\{"code":"(\w+)"`).FindStringSubmatch(moved)[1]
		s.play(t, scenario{path: path, headers: []string{bearer(p.token), "Accept: application/json"}, status: 406})
		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+code+"/retire", `{"reason":"gone"}`, 200))
		s.play(t, scenario{path: path, headers: []string{bearer(p.token)}, status: 409, want: []string{"/problems/nothing-to-print"}})
		s.play(t, scenario{path: path, headers: []string{bearer(s.keyOf(t, models.RoleOfficer, "25747"))}, status: 403})
		if strings.Contains(s.log.String(), p.token) {
			t.Error("the log holds the token")
		}
	})
}

// Without a public URL the link goes where the request went.
func TestOwnerLinkGoesElsewhere(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		if p := s.propose(t, house); p.link != s.url+"/o#"+p.token {
			t.Errorf("the link is %s, want one below %s", p.link, s.url)
		}
	})
	for _, host := range []string{"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "diachi.example.vn", "a"} {
		if url, err := (&API{}).ownerPageURL(contextFor(host)); err != nil || url != "http://"+host+"/o" {
			t.Errorf("the host %s gives %s, %v", host, url, err)
		}
	}
}

// However long the address is, all of it is on the slip.
func TestSlipCutsTheAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-ZĐa-zạ0-9/,.]{1,120}`), 1, 60).Draw(t, "words")
		text := strings.Join(words, " ")
		name := rapid.SampledFrom([]string{"", "Vườn ổi", strings.Repeat("Trang trại ", 20)}).Draw(t, "name")
		lines, _ := slipLines(name, text)
		var joined string
		for _, line := range lines {
			joined += line.Text
			var y float64
			if _, err := fmt.Sscan(line.Y, &y); err != nil || len([]rune(name+text)) < 900 && y > slipTextTop+slipTextHeight {
				t.Fatalf("a line at %s of %d: %v", line.Y, len(lines), err)
			}
		}
		if diff := cmp.Diff(strings.ReplaceAll(name+text, " ", ""), strings.ReplaceAll(joined, " ", "")); diff != "" {
			t.Fatalf("the slip says something else:\n%s", diff)
		}
	})
}

package handlers

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestAddressPage(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, strings.Replace(house, "Khu phố 2", `<script>alert(1)</script> & 2`, 1))
		_, address := s.play(t, scenario{path: "/v1/addresses/" + code, status: 200, want: []string{`"map":"/a/` + code + `"`}})
		w, page := s.play(t, scenario{path: "/a/" + code + "?utm_source=zalo", status: 200,
			header: []string{"Content-Type: text/html; charset=utf-8", "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer"},
			want: []string{"<title>28XM J25 Q66", "5 Đường Hoa Mai", "Hộ gia đình", "Đang dùng", `href="geo:10.9804,106.6519"`, "10.9804, 106.6519",
				`href="/v1/addresses/28XMJ25Q66/plate.pdf"`, "&lt;script&gt;", "Phường Thủ Dầu Một"},
			never: []string{"<script", "ZgotmplZ", "Địa chỉ cũ", "ngừng dùng"}})
		if policy := w.Header.Get("Content-Security-Policy"); strings.Contains(policy, "script-src") || !strings.Contains(policy, "style-src 'sha256-") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy is %s", policy)
		}
		for _, pattern := range []string{` style=`, ` on[a-z]+=`, `https?://`, `<script`, `<form`} {
			if found := regexp.MustCompile(pattern).FindString(page); found != "" {
				t.Errorf("the page has %s", found)
			}
		}
		if formerly := member(t, address, "formerly"); formerly != "" {
			t.Fatalf("it was %s", formerly)
		}
		s.run(t, []scenario{
			{name: "small letters", path: "/a/28xmj25q66", status: 308, header: []string{"Location: /a/28XMJ25Q66"}},
			{name: "groups", path: "/a/28XM%20J25%20Q66", status: 308, header: []string{"Location: /a/28XMJ25Q66"}},
			{name: "a dash and a look-alike", path: "/a/Z8XM-J25-Q66", status: 308, header: []string{"Location: /a/28XMJ25Q66"}},
			{name: "an escaped letter", path: "/a/28XMJ25Q6%36", status: 308, header: []string{"Location: /a/28XMJ25Q66"}},
			{name: "nobody's code", path: "/a/H72VH2FVP6", status: 404, want: []string{"Không có địa chỉ này", "H72V H2F VP6"}, header: []string{"Content-Type: text/html"}},
			{name: "a wrong letter", path: "/a/28XMJ25Q67", status: 404, want: []string{"Không có địa chỉ này"}, header: []string{"Content-Type: text/html"}},
			{name: "no code", path: "/a/%3Cb%3Ex", status: 404, want: []string{"Không có địa chỉ này"}, never: []string{"<b>"}},
			{name: "no UTF-8", path: "/a/%ff%fe", status: 404, want: []string{"Không có địa chỉ này"}},
			{name: "no page", path: "/a/", status: 404, want: []string{"/problems/no-such-path"}},
			{name: "head", method: "HEAD", path: "/a/" + code, status: 200, header: []string{"Content-Type: text/html"}},
			{name: "written", method: "PUT", path: "/a/" + code, status: 405, header: []string{"Allow: GET, HEAD, OPTIONS"}},
		})
	})
}

// A retired code leads on to what is there now.
func TestAddressPageOfARetiredAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, house)
		_, moved := s.play(t, s.write(http.MethodPatch, "/v1/addresses/"+code, `{"lat":10.9813,"lng":106.6519}`, 201))
		next := member(t, moved, "code")
		s.play(t, scenario{path: "/a/" + code, status: 200, want: []string{"Mã này đã ngừng dùng", "đã chuyển chỗ", `href="/a/` + next + `"`}, never: []string{"plate.pdf", "Đang dùng", "(moved)"}})
		s.play(t, s.write(http.MethodPost, "/v1/addresses/"+next+"/retire", `{"reason":"gone"}`, 200))
		s.play(t, scenario{path: "/a/" + next, status: 200, want: []string{"Lý do: không còn", "Không có mã thay thế"}, never: []string{"Hãy dùng mã mới"}})
	})
}

// An address from before the reform says how it was written then.
func TestAddressPageForgetsTheOldAddress(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		code := s.register(t, `{"kind":"farm","name":"Vườn Ổi & Bưởi","name_public":true,"lat":10.8764942,"lng":106.6971106,"accuracy_m":5,"hamlet":"Khu phố 3","commune":"25990","as_of":"2025-06-30"}`)
		s.play(t, scenario{path: "/a/" + code, status: 200, want: []string{"Địa chỉ cũ", "Tỉnh Bình Dương", "Vườn Ổi &amp; Bưởi", "Trang trại"}})
	})
}

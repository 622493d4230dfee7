package handlers

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

func TestSignInPageRunsAnythingElse(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		w, html := s.play(t, scenario{path: "/sign-in?utm_source=x", status: 200,
			want:   []string{`<html lang="vi">`, `type="password"`, `autocomplete="off"`, `method="post"`, `name="viewport"`},
			never:  []string{"http://", "https://", "style=", "onclick", "javascript:"},
			header: []string{"Content-Type: text/html; charset=utf-8", "X-Content-Type-Options: nosniff", "Cache-Control: no-cache"}})
		policy := w.Header.Get("Content-Security-Policy")
		for _, kind := range []string{"script", "style"} {
			parts := regexp.MustCompile(`(?s)<`+kind+`>(.*)</`+kind+`>`).FindAllStringSubmatch(html, -1)
			if len(parts) != 1 {
				t.Fatalf("%d of %s", len(parts), kind)
			}
			sum := sha256.Sum256([]byte(parts[0][1]))
			if want := "; " + kind + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; strings.Count(policy, want) != 1 {
				t.Errorf("the policy lacks%s: %s", want, policy)
			}
		}
		for _, want := range []string{"default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("the policy lacks %s: %s", want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Count(policy, "'self'") != 1 {
			t.Errorf("the policy allows too much: %s", policy)
		}
		if vi, en := strings.Count(html, `<span lang="vi">`), strings.Count(html, `<span lang="en">`); vi != en || vi == 0 {
			t.Errorf("%d texts in Vietnamese, %d in English", vi, en)
		}
	})
}

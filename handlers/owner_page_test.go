package handlers

import (
	"regexp"
	"strings"
	"testing"

	"diachiso/models"
)

// The page runs under its policy: nothing in it needs what the policy forbids.
func TestOwnerPageBreaksItsPolicy(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		w, page := s.play(t, scenario{path: "/o?utm_source=zalo", status: 200, header: []string{
			"Content-Type: text/html; charset=utf-8", "Content-Security-Policy: default-src 'none'; connect-src 'self'", "Referrer-Policy: no-referrer"}})
		policy := w.Header.Get("Content-Security-Policy")
		if strings.Count(policy, "-src 'sha256-") != 2 {
			t.Errorf("the policy does not name one script and one style: %s", policy)
		}
		for _, forbidden := range []string{"unsafe", "*", "http:", "https:"} {
			if strings.Contains(policy, forbidden) {
				t.Errorf("the policy allows %s: %s", forbidden, policy)
			}
		}
		for _, pattern := range []string{` style=`, ` on[a-z]+=`, `(src|href)="`, `https?://`, `innerHTML`, `eval\(`, `<script [^>]`, `<link`} {
			if found := regexp.MustCompile(pattern).FindString(page); found != "" {
				t.Errorf("the page has %s", found)
			}
		}
		for _, purpose := range []string{models.PurposeDelivery, models.PurposeReview, models.PurposeCorrection, "export", "handover"} {
			if !strings.Contains(page, " "+purpose+": \"") {
				t.Errorf("the page has no word for a reading with the purpose %s", purpose)
			}
		}
		if lines := strings.Count(page, "\n"); lines > 400 {
			t.Errorf("the page has %d lines", lines)
		}
	})
}

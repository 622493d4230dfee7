package main

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	d := newDouble(t, 30)
	code, out, errOut := run(t, d.URL, "-size", "10")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	contains(t, "30 of 30 current addresses can be asked for, 30 drawn", out)
	contains(t, "goals: hit@1 >= 95 %, hit@5 >= 99 %; * is below", out)
	equalColumns(t, row(t, out, "as-written"), "as-written", "10", "100.0%", "100.0%")
	equalColumns(t, row(t, out, "no-accents"), "no-accents", "10", "100.0%", "100.0%")
	equalColumns(t, row(t, out, "old-units"), "old-units", "10", "100.0%", "100.0%")
	equalColumns(t, row(t, out, "telex"), "telex", "10", "0.0%*", "0.0%*")
	equalColumns(t, row(t, out, "swap-short"), "swap-short", "(i)", "10", "0.0%", "0.0%") // no goal, no star
	if last := row(t, out, "telex"); !slices.Equal(last[len(last)-2:], []string{"none", "10"}) {
		t.Errorf("first answers of telex: %v", last)
	}
	if last := row(t, out, "as-written"); !slices.Equal(last[len(last)-2:], []string{"A", "10"}) {
		t.Errorf("first answers of as-written: %v", last)
	}
	if strings.Index(out, "\ntotal") > strings.Index(out, "(i)") {
		t.Error("the total does not stand before the lines for information")
	}
}

func TestTotalIsThatOfTheKindsThatCount(t *testing.T) {
	d := newDouble(t, 30)
	_, out, _ := run(t, d.URL, "-size", "10", "-kinds", "as-written,telex,swap-short,no-accents")
	equalColumns(t, row(t, out, "total"), "total", "30", "66.7%*", "66.7%*")
	if _, out, _ := run(t, d.URL, "-kinds", "to-the-street"); strings.Contains(out, "total") {
		t.Error("a total of nothing")
	}
}

func TestSuggest(t *testing.T) {
	d := newDouble(t, 10)
	code, out, errOut := run(t, d.URL, "-size", "5", "-call", "suggest", "-kinds", "lower-case")
	if code != 0 {
		t.Fatal(errOut)
	}
	equalColumns(t, row(t, out, "lower-case"), "lower-case", "5", "100.0%", "100.0%")
	contains(t, "address 5", out)
	contains(t, "suggest of "+d.URL, out)
}

func TestSameSeedAsksTheSame(t *testing.T) {
	asked := func(args ...string) []string {
		d := newDouble(t, 40)
		if code, _, errOut := run(t, d.URL, args...); code != 0 {
			t.Fatal(errOut)
		}
		return d.asked
	}
	first := asked("-size", "5")
	if d := cmp.Diff(first, asked("-size", "5")); d != "" {
		t.Errorf("asked again: %s", d)
	}
	if slices.Equal(first, asked("-size", "5", "-seed", "2")) {
		t.Error("another seed asks the same")
	}
	alone := asked("-size", "5", "-kinds", "as-written")
	if d := cmp.Diff(first[:5], alone); d != "" {
		t.Errorf("a kind alone asks something else: %s", d)
	}
	if slices.Sort(alone); len(slices.Compact(alone)) != 5 {
		t.Errorf("an address is asked for twice: %q", alone)
	}
}

func TestEveryMissIsPrinted(t *testing.T) {
	d := newDouble(t, 3)
	_, out, _ := run(t, d.URL, "-kinds", "telex", "-v")
	if n := strings.Count(out, "    asked     "); n != 3 {
		t.Errorf("%d misses printed:\n%s", n, out)
	}
	contains(t, "Dduwowngf Nguyeenx Traix", out)
	contains(t, "28XMJ25001 2 Đường Nguyễn Trãi, Khu phố 3, Phường Phú Lợi, Thành phố Hồ Chí Minh (not found)", out)
	contains(t, "    first     none", out)
	if _, out, _ := run(t, d.URL, "-kinds", "telex"); strings.Contains(out, "asked     ") {
		t.Error("misses printed without -v")
	}
}

func TestRefusedIsAMiss(t *testing.T) {
	d := newDouble(t, 3)
	d.fail = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/v1/search" {
			http.Error(w, "too long", http.StatusBadRequest)
		}
		return r.URL.Path == "/v1/search"
	}
	code, out, _ := run(t, d.URL, "-kinds", "as-written")
	equalColumns(t, row(t, out, "as-written"), "as-written", "3", "0.0%*", "0.0%*")
	if contains(t, "refused 3", out); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		path, want string
		status     int
		body       string
	}{
		"the list fails":        {"/v1/addresses", "500 Internal Server Error: sorry", 500, "sorry"},
		"the search fails":      {"/v1/search", "500 Internal Server Error", 500, "sorry"},
		"too many requests":     {"/v1/search", "DIACHISO_RATE_LIMIT=0", 429, ""},
		"no JSON":               {"/v1/search", "/v1/search?limit=5&q=", 200, "<html>"},
		"no addresses as JSON":  {"/v1/addresses", "invalid character", 200, "<html>"},
		"an empty registry":     {"/v1/addresses", "diachiso demo", 200, ""},
		"a server that is none": {"/v1/addresses", "404", 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDouble(t, 3)
			d.fail = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != c.path {
					return false
				}
				w.WriteHeader(c.status)
				w.Write([]byte(c.body))
				return true
			}
			code, _, errOut := run(t, d.URL)
			if contains(t, c.want, errOut); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	d := newDouble(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errOut strings.Builder
	if code := command(ctx, []string{"-url", d.URL}, &out, &errOut); code != 1 {
		t.Errorf("exit code %d", code)
	}
	contains(t, "context canceled", errOut.String())
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"help":            {[]string{"-h"}, 0, "-seed"},
		"unknown flag":    {[]string{"-sed", "1"}, 2, "-sed"},
		"a word":          {[]string{"search"}, 2, `"search"`},
		"another call":    {[]string{"-call", "resolve"}, 2, "search or suggest"},
		"no question":     {[]string{"-size", "0"}, 2, "at least one"},
		"an unknown kind": {[]string{"-kinds", "nfd,typo"}, 2, "-kinds typo: there are as-written, no-accents"},
		"no file":         {[]string{"-cases", "nowhere.csv"}, 1, "nowhere.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := run(t, "http://127.0.0.1:0", c.args...)
			if contains(t, c.want, errOut); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
		})
	}
}

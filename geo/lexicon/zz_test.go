package lexicon

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	names := nameWords(60_000)
	w := wordsOfNames(names)
	rnd := rand.New(rand.NewPCG(9, 10))
	for _, k := range []struct {
		n string
		f func(string) string
		p bool
	}{
		{"exact", func(s string) string { return s }, false},
		{"one edit", func(s string) string { return spoil(s, 1, rnd) }, false},
		{"addr", func(s string) string { return s + " 12 duong yersin phuong phu cuong thu dau mot binh duong" }, false},
		{"addr before", func(s string) string { return "12 duong nguyen van tam " + s }, false},
		{"one edit addr", func(s string) string {
			return spoil(s, 1, rnd) + " 12 duong nguyen van hoa phuong phu cuong thu dau mot binh duong"
		}, false},
		{"unfinished", func(s string) string { return s[:len(s)-2] }, true},
		{"glue", func(s string) string { return strings.Replace(s, " ", "", 1) }, false},
	} {
		r1, r5, r24, n := 0, 0, 0, 0
		miss := 0
		for i := 0; i < 3000; i++ {
			name := names[i*19]
			n++
			q := k.f(name)
			hits := w.Find(strings.Fields(q), k.p, 24)
			at := -1
			for j, h := range hits {
				if w.Key(h.ID) == name {
					at = j
				}
			}
			if at == 0 {
				r1++
			}
			if at >= 0 && at < 5 {
				r5++
			}
			if at >= 0 {
				r24++
			} else if miss < 6 {
				miss++
				first := ""
				if len(hits) > 0 {
					first = w.Key(hits[0].ID)
				}
				fmt.Println(k.n, "|", name, "|", q, "|", first)
			}
		}
		fmt.Println(k.n, n, r1*100/n, r5*100/n, float64(r24)*100/float64(n))
	}
}

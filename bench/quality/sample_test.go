package main

import (
	"testing"

	"diachiso/bench/variant"
)

func TestDrawTakesEachAlike(t *testing.T) {
	d := newDouble(t, 30)
	drawn := map[string]int{}
	for seed := range uint64(200) {
		p, err := draw(t.Context(), open(d.URL), 6, seed)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.addresses) != 6 || p.registry != 30 || p.usable != 30 {
			t.Fatalf("%d drawn of %d usable of %d", len(p.addresses), p.usable, p.registry)
		}
		for _, a := range p.addresses {
			drawn[a.Code]++
		}
	}
	for i := range 30 { // 40 each on average
		if n := drawn[house(i).Code]; n < 15 || n > 75 {
			t.Errorf("address %d is drawn %d times in 200", i, n)
		}
	}
}

func TestDrawLeavesOutWhatATextCannotName(t *testing.T) {
	d := newDouble(t, 3)
	d.records[1].Parts.HouseNumber = "" // the text says otherwise, too
	p, err := draw(t.Context(), open(d.URL), 10, 1)
	if err != nil || len(p.addresses) != 2 || p.registry != 3 {
		t.Fatalf("%d drawn of %d, %v", len(p.addresses), p.registry, err)
	}
}

func TestQuestionsAreOfDifferentAddresses(t *testing.T) {
	d := newDouble(t, 30)
	p, err := draw(t.Context(), open(d.URL), 30, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	questions := p.questions(variant.Kinds()[0], 20, 1)
	for _, q := range questions {
		seen[q.address.Code] = true
		if q.text != q.address.Now() {
			t.Errorf("%q asked for %q", q.text, q.address.Now())
		}
	}
	if len(questions) != 20 || len(seen) != 20 {
		t.Errorf("%d questions of %d addresses", len(questions), len(seen))
	}
}

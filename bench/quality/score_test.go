package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/bench/variant"
)

func taken(t *testing.T, r variant.Record) *variant.Written {
	t.Helper()
	w, ok := variant.TakeApart(r)
	if !ok {
		t.Fatalf("%q can't be taken apart", r.Text)
	}
	return &w
}

// farm has no number: its public name stands in front.
func farm() variant.Record {
	r := variant.Record{Code: "28XMJ25Q66", Name: "Vườn bưởi Bạch Đằng", Text: "Ấp 3, Phường Phú Lợi, Thành phố Hồ Chí Minh",
		Formerly: "Ấp 3, Phường Phú Hòa, Thành phố Thủ Dầu Một, Tỉnh Bình Dương", Parts: variant.Parts{Hamlet: "Ấp 3"}}
	r.Commune.Name = "Phường Phú Lợi"
	return r
}

func TestMeans(t *testing.T) {
	h, f := house(4), farm()
	for name, c := range map[string]struct {
		of     variant.Record
		a      answer
		former bool
		want   bool
	}{
		"the code":                             {h, answer{Code: h.Code}, false, true},
		"another with the same text":           {h, answer{Code: "28XMJ25999", Text: h.Text}, false, true},
		"a suggestion without a code":          {h, answer{Text: h.Text}, false, true},
		"another number":                       {h, answer{Code: "28XMJ25999", Text: house(5).Text}, false, false},
		"the text of before, asked today":      {h, answer{Code: "28XMJ25999", Text: "x", Formerly: h.Formerly}, false, false},
		"the text of before, asked as before":  {h, answer{Code: "28XMJ25999", Text: "x", Formerly: h.Formerly}, true, true},
		"nothing of before":                    {h, answer{Code: "28XMJ25999", Text: "x"}, true, false},
		"a farm of another name":               {f, answer{Code: "28XMJ25999", Name: "Vườn bưởi Gò Chai", Text: f.Text}, false, false},
		"a farm of another name before":        {f, answer{Code: "28XMJ25999", Name: "Vườn bưởi Gò Chai", Formerly: f.Formerly}, true, false},
		"a farm of the same name and text":     {f, answer{Code: "28XMJ25999", Name: f.Name, Text: f.Text}, false, true},
		"a suggestion with the name in front":  {f, answer{Text: f.Name + ", " + f.Text}, false, true},
		"a street":                             {h, answer{Text: "Đường Nguyễn Trãi"}, false, false},
		"the shop in a house asked without it": {h, answer{Name: "Tạp hóa Phú Quý", Text: h.Text}, false, true},
		"an empty answer":                      {h, answer{}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := means(c.a, taken(t, c.of), c.former); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestRank(t *testing.T) {
	w := taken(t, house(0))
	wrong, right := answer{Code: "28XMJ25999", Text: "x"}, answer{Code: w.Code}
	for want, answers := range map[int][]answer{0: {wrong}, 1: {right, wrong, right}, 3: {wrong, wrong, right}} {
		if got := rank(answers, w, false); got != want {
			t.Errorf("rank %d, want %d", got, want)
		}
	}
}

func TestTally(t *testing.T) {
	var a, b tally
	for place, label := range []string{"none", "A", "B", "C", "A", "A", "A"} { // places 0 to 6
		f := found{took: time.Duration(place) * time.Millisecond}
		if label != "none" {
			f.answers = []answer{{label: label}}
		}
		a.add(f, place)
	}
	b.add(found{refused: true, took: time.Second}, 0)
	b.add(found{answers: []answer{{}}}, 1)
	a.merge(b)
	if a.asked != 9 || a.first != 2 || a.five != 6 {
		t.Errorf("asked %d, first %d, five %d", a.asked, a.first, a.five)
	}
	want := map[string]int{"none": 1, "A": 4, "B": 1, "C": 1, "refused": 1, "unlabelled": 1}
	if d := cmp.Diff(want, a.labels); d != "" {
		t.Error(d)
	}
	if got := a.percent(a.first); got < 22.2 || got > 22.3 {
		t.Errorf("%v percent", got)
	}
	var total tally
	total.merge(a)
	if total.asked != 9 || total.labels["A"] != 4 || len(total.took) != 9 {
		t.Errorf("an empty tally and this one: %+v", total)
	}
}

func TestQuantile(t *testing.T) {
	var some tally
	for i := range 200 {
		some.took = append(some.took, time.Duration(200-i))
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 100, 0.99: 198, 1: 200} {
		if got := some.quantile(q); got != want {
			t.Errorf("%v: %d, want %d", q, got, want)
		}
	}
	if got := new(tally).quantile(0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	if new(tally).percent(0) != 0 {
		t.Error("percent of nothing")
	}
}

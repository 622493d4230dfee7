package main

import (
	"math"
	"slices"
	"time"

	"diachiso/bench/variant"
)

// rank is the place of the first right answer, from 1; 0: there is none.
func rank(answers []answer, w *variant.Written, former bool) int {
	for i, a := range answers {
		if means(a, w, former) {
			return i + 1
		}
	}
	return 0
}

// means tells whether an answer is what a variant was made of: the address, or
// another that is written the same, by its text or, where that was asked for,
// by the former one. Where the question had a public name, so must the answer.
func means(a answer, w *variant.Written, former bool) bool {
	if a.Code != "" && a.Code == w.Code || a.Text == w.Now() {
		return true
	}
	if w.Named() && a.Name != w.Name {
		return false
	}
	return a.Text == w.Text || former && a.Formerly != "" && a.Formerly == w.Formerly
}

// tally counts the answers to the questions of one kind.
type tally struct {
	asked, first, five int
	labels             map[string]int // of the first answers, "none" and "refused" among them
	took               []time.Duration
}

func (t *tally) add(f found, place int) {
	t.asked++
	if place == 1 {
		t.first++
	}
	if place >= 1 && place <= most {
		t.five++
	}
	if t.labels == nil {
		t.labels = map[string]int{}
	}
	t.labels[f.label()]++
	t.took = append(t.took, f.took)
}

// merge adds another kind's counts.
func (t *tally) merge(other tally) {
	t.asked += other.asked
	t.first += other.first
	t.five += other.five
	if t.labels == nil {
		t.labels = map[string]int{}
	}
	for label, n := range other.labels {
		t.labels[label] += n
	}
	t.took = append(t.took, other.took...)
}

// label is what the first answer is called.
func (f found) label() string {
	switch {
	case f.refused:
		return "refused"
	case len(f.answers) == 0:
		return "none"
	case f.answers[0].label == "":
		return "unlabelled"
	}
	return f.answers[0].label
}

// quantile is the time that a share q, from 0 to 1, of the questions took at
// most (nearest rank).
func (t *tally) quantile(q float64) time.Duration {
	if len(t.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.took))
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}

// percent is n of the questions asked, in percent.
func (t *tally) percent(n int) float64 { return 100 * float64(n) / float64(max(t.asked, 1)) }
